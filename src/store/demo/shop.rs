//! The shop: who buys what, and what happens to it then.
//!
//! Owns the rules of the business: the life cycle of carts and orders. How a fact is written down is `facts`' to say.
//! Several customers are under way at the same time, more as the shop grows, so that life cycles interleave.

use super::Fact;
use super::facts;
use super::random::Random;
use super::words::{ARTICLES, CITIES, FIRST, LAST};

/// Orders above this are sent for free, in cents.
const FREE_SHIPPING: u64 = 5_000;
const SHIPPING: u64 = 490;

/// The shop at one moment.
#[derive(Clone, Debug)]
pub struct Shop {
    random: Random,
    /// The prices of the articles that are on sale, in cents; the articles stand in this order in the catalogue.
    prices: Vec<u64>,
    customers: Vec<Customer>,
    journeys: Vec<Journey>,
    orders: u32,
    steps: usize,
}

/// Someone who has registered.
#[derive(Clone, Debug)]
pub struct Customer {
    pub id: String,
    pub first: &'static str,
    pub last: &'static str,
    pub city: (&'static str, &'static str, &'static str),
    /// How many carts they have had.
    pub carts: u32,
}

/// An article in a cart.
#[derive(Clone, Debug)]
pub struct Item {
    pub article: usize,
    pub quantity: u64,
    /// In cents, as it was when the article was put into the cart.
    pub price: u64,
}

/// A cart on its way to becoming an order, or an order on its way to the customer.
#[derive(Clone, Debug)]
pub struct Journey {
    pub customer: usize,
    pub cart: u32,
    pub items: Vec<Item>,
    pub order: u32,
    /// How many payments have failed.
    pub failures: u32,
    stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Moving,
    Shopping { wanted: usize },
    CheckedOut,
    Placed,
    Paid,
    Dispatched,
    Delivered,
    Cancelled,
}

impl Journey {
    /// What the items cost, in cents.
    pub fn subtotal(&self) -> u64 {
        self.items.iter().map(|item| item.quantity * item.price).sum()
    }

    /// What sending them costs, in cents.
    pub fn shipping(&self) -> u64 {
        if self.subtotal() >= FREE_SHIPPING { 0 } else { SHIPPING }
    }

    /// What is to be paid, in cents.
    pub fn total(&self) -> u64 {
        self.subtotal() + self.shipping()
    }
}

impl Shop {
    /// The shop before its first event.
    pub fn new() -> Self {
        Self {
            random: Random::new(0x6765_6e65),
            prices: Vec::new(),
            customers: Vec::new(),
            journeys: Vec::new(),
            orders: 0,
            steps: 0,
        }
    }

    /// What happens next.
    pub fn next_fact(&mut self) -> Fact {
        self.steps += 1;
        let listed = self.prices.len();
        let few = listed < 6 || (listed < ARTICLES.len() && self.random.chance(12));
        if few {
            self.prices.push(ARTICLES[listed].3);
            return facts::article_listed(listed, ARTICLES[listed].3);
        }
        match self.random.below(100) {
            0 => self.change_price(),
            1 | 2 => self.restock(),
            _ if self.journeys.len() < self.busy() && self.random.chance(35) => self.begin(),
            _ if self.journeys.is_empty() => self.begin(),
            _ => self.advance(),
        }
    }

    /// How many customers are under way; more as the shop grows.
    fn busy(&self) -> usize {
        12 + self.steps / 250
    }

    fn change_price(&mut self) -> Fact {
        let article = self.random.place(self.prices.len());
        let before = self.prices[article];
        let percent = 85 + self.random.below(36);
        // Prices end with 0 or 5, as on a shelf.
        self.prices[article] = (ARTICLES[article].3 * percent / 100 / 5 * 5).max(95);
        facts::price_changed(article, before, self.prices[article])
    }

    fn restock(&mut self) -> Fact {
        let article = self.random.place(self.prices.len());
        facts::restocked(article, 10 * (1 + self.random.below(20)))
    }

    /// Someone registers, or comes back and fills another cart.
    fn begin(&mut self) -> Fact {
        let new = self.customers.len() < 4 || self.random.chance(45);
        let customer = if new { self.customers.len() } else { self.random.place(self.customers.len()) };
        if new {
            self.customers.push(Customer {
                id: self.random.uuid().hyphenated().to_string(),
                first: self.random.pick(&FIRST),
                last: self.random.pick(&LAST),
                city: self.random.pick(&CITIES),
                carts: 0,
            });
        }
        let wanted = 1 + self.random.place(4);
        let stage = if !new && self.random.chance(8) { Stage::Moving } else { Stage::Shopping { wanted } };
        self.customers[customer].carts += u32::from(stage != Stage::Moving);
        let cart = self.customers[customer].carts;
        self.journeys.push(Journey { customer, cart, items: Vec::new(), order: 0, failures: 0, stage });
        if new {
            return facts::registered(&self.customers[customer], &mut self.random);
        }
        let last = self.journeys.len() - 1;
        self.step(last)
    }

    fn advance(&mut self) -> Fact {
        let journey = self.random.place(self.journeys.len());
        self.step(journey)
    }

    /// One step of one journey; it is forgotten when it has come to its end.
    fn step(&mut self, place: usize) -> Fact {
        let mut journey = self.journeys.swap_remove(place);
        let (fact, stage) = match journey.stage {
            Stage::Moving => (self.moved(journey.customer), None),
            Stage::Shopping { wanted } => self.shop(&mut journey, wanted),
            Stage::CheckedOut => (facts::placed(&journey, &self.customers[journey.customer]), Some(Stage::Placed)),
            Stage::Placed => self.pay(&mut journey),
            // Paid, but cancelled before it is sent: the money goes back.
            Stage::Paid if self.random.chance(3) => (facts::cancelled(&journey, true), Some(Stage::Cancelled)),
            Stage::Paid => (facts::dispatched(&journey, &mut self.random), Some(Stage::Dispatched)),
            Stage::Dispatched => {
                let reviews = self.random.chance(30).then_some(Stage::Delivered);
                (facts::delivered(&journey, &mut self.random), reviews)
            }
            Stage::Delivered => (facts::reviewed(&journey, &self.customers[journey.customer], &mut self.random), None),
            Stage::Cancelled => (facts::refunded(&journey), None),
        };
        if let Some(stage) = stage {
            self.journeys.push(Journey { stage, ..journey });
        }
        fact
    }

    fn moved(&mut self, customer: usize) -> Fact {
        self.customers[customer].city = self.random.pick(&CITIES);
        facts::address_changed(&self.customers[customer], &mut self.random)
    }

    fn shop(&mut self, journey: &mut Journey, wanted: usize) -> (Fact, Option<Stage>) {
        let customer = &self.customers[journey.customer];
        if journey.items.len() >= wanted {
            if self.random.chance(14) {
                return (facts::abandoned(journey, customer), None);
            }
            self.orders += 1;
            journey.order = self.orders;
            return (facts::checked_out(journey, customer), Some(Stage::CheckedOut));
        }
        if journey.items.len() > 1 && self.random.chance(10) {
            let removed = journey.items.remove(self.random.place(journey.items.len()));
            return (facts::item_removed(journey, customer, &removed), Some(Stage::Shopping { wanted: wanted - 1 }));
        }
        // An article is put into a cart once; a second time would be a change of quantity.
        let inside = |article: usize| journey.items.iter().any(|item| item.article == article);
        let start = self.random.place(self.prices.len());
        let articles = (start..self.prices.len()).chain(0..start);
        let article = articles.into_iter().find(|article| !inside(*article)).unwrap_or(start);
        let item = Item { article, quantity: 1 + self.random.below(3), price: self.prices[article] };
        journey.items.push(item);
        (facts::item_added(journey, customer), Some(Stage::Shopping { wanted }))
    }

    fn pay(&mut self, journey: &mut Journey) -> (Fact, Option<Stage>) {
        match self.random.below(100) {
            0..8 if journey.failures < 2 => {
                journey.failures += 1;
                (facts::payment_failed(journey, &mut self.random), Some(Stage::Placed))
            }
            8..12 => (facts::cancelled(journey, false), None),
            _ => (facts::paid(journey, &mut self.random), Some(Stage::Paid)),
        }
    }
}
