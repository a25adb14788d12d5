//! How the shop writes down what happened: subjects, event types and payloads.
//!
//! Owns the shape of the demo's events. Amounts are decimal numbers with two places, counted in cents until then.

use super::Fact;
use super::random::Random;
use super::shop::{Customer, Item, Journey};
use super::words::{ARTICLES, CARRIERS, METHODS, REVIEWS, STREETS};
use crate::model::json::quote;

/// An amount of cents as a number in euros.
fn euros(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

fn fact(subject: String, kind: &'static str, data: String) -> Fact {
    Fact { subject, kind, data, reference: false }
}

fn about_person(subject: String, kind: &'static str, data: String) -> Fact {
    Fact { subject, kind, data, reference: true }
}

fn order(journey: &Journey) -> String {
    format!("/order/{:06}", journey.order)
}

fn cart(journey: &Journey, customer: &Customer) -> String {
    format!("/customer/{}/cart/{}", customer.id, journey.cart)
}

fn item_json(item: &Item) -> String {
    let (number, name, ..) = ARTICLES[item.article];
    format!(
        r#"{{"article":"{number}","name":{},"quantity":{},"unitPrice":{},"price":{}}}"#,
        quote(name),
        item.quantity,
        euros(item.price),
        euros(item.price * item.quantity)
    )
}

fn address_json(customer: &Customer, random: &mut Random) -> String {
    let (country, city, code) = customer.city;
    let street = random.pick(&STREETS);
    let number = 1 + random.below(120);
    format!(r#"{{"street":"{street} {number}","postCode":"{code}","city":"{city}","country":"{country}"}}"#)
}

pub fn article_listed(article: usize, price: u64) -> Fact {
    let (number, name, category, _) = ARTICLES[article];
    let data = format!(
        r#"{{"name":{},"category":"{category}","price":{},"currency":"EUR","tags":["{category}","2025"]}}"#,
        quote(name),
        euros(price)
    );
    fact(format!("/article/{number}"), "io.genesisdb.shop.article-listed", data)
}

pub fn price_changed(article: usize, before: u64, after: u64) -> Fact {
    let data = format!(r#"{{"before":{},"after":{},"currency":"EUR"}}"#, euros(before), euros(after));
    fact(format!("/article/{}", ARTICLES[article].0), "io.genesisdb.shop.article-price-changed", data)
}

pub fn restocked(article: usize, quantity: u64) -> Fact {
    let data = format!(r#"{{"quantity":{quantity},"warehouse":{{"name":"Köln-Niehl","aisle":{}}}}}"#, 1 + article / 6);
    fact(format!("/article/{}/stock", ARTICLES[article].0), "io.genesisdb.shop.article-restocked", data)
}

pub fn registered(customer: &Customer, random: &mut Random) -> Fact {
    let address = address_json(customer, random);
    let data = format!(
        r#"{{"firstName":"{}","lastName":{},"email":"customer-{}@example.com","address":{address},"newsletter":{}}}"#,
        customer.first,
        quote(customer.last),
        customer.id.get(..8).unwrap_or_default(),
        random.chance(40)
    );
    about_person(format!("/customer/{}", customer.id), "io.genesisdb.shop.customer-registered", data)
}

pub fn address_changed(customer: &Customer, random: &mut Random) -> Fact {
    let data = address_json(customer, random);
    about_person(format!("/customer/{}/address", customer.id), "io.genesisdb.shop.customer-address-changed", data)
}

pub fn item_added(journey: &Journey, customer: &Customer) -> Fact {
    let item = journey.items.last().map(item_json).unwrap_or_default();
    let data = format!(r#"{{"item":{item},"cartTotal":{}}}"#, euros(journey.subtotal()));
    fact(cart(journey, customer), "io.genesisdb.shop.cart-item-added", data)
}

pub fn item_removed(journey: &Journey, customer: &Customer, item: &Item) -> Fact {
    let data = format!(r#"{{"item":{},"cartTotal":{}}}"#, item_json(item), euros(journey.subtotal()));
    fact(cart(journey, customer), "io.genesisdb.shop.cart-item-removed", data)
}

pub fn abandoned(journey: &Journey, customer: &Customer) -> Fact {
    let data = format!(r#"{{"items":{},"cartTotal":{}}}"#, journey.items.len(), euros(journey.subtotal()));
    fact(cart(journey, customer), "io.genesisdb.shop.cart-abandoned", data)
}

pub fn checked_out(journey: &Journey, customer: &Customer) -> Fact {
    let data = format!(r#"{{"order":"{:06}","cartTotal":{}}}"#, journey.order, euros(journey.subtotal()));
    fact(cart(journey, customer), "io.genesisdb.shop.cart-checked-out", data)
}

pub fn placed(journey: &Journey, customer: &Customer) -> Fact {
    let items: Vec<_> = journey.items.iter().map(item_json).collect();
    let (country, city, _) = customer.city;
    let data = format!(
        r#"{{"customer":"{}","cart":{},"items":[{}],"subtotal":{},"shipping":{},"total":{},"currency":"EUR","coupon":null,"destination":{{"city":"{city}","country":"{country}"}}}}"#,
        customer.id,
        journey.cart,
        items.join(","),
        euros(journey.subtotal()),
        euros(journey.shipping()),
        euros(journey.total()),
    );
    fact(order(journey), "io.genesisdb.shop.order-placed", data)
}

pub fn paid(journey: &Journey, random: &mut Random) -> Fact {
    let data = format!(
        r#"{{"method":"{}","amount":{},"currency":"EUR","reference":"{:016x}"}}"#,
        random.pick(&METHODS),
        euros(journey.total()),
        random.next()
    );
    fact(format!("{}/payment", order(journey)), "io.genesisdb.shop.payment-received", data)
}

pub fn payment_failed(journey: &Journey, random: &mut Random) -> Fact {
    let reason = random.pick(&["insufficient funds", "card expired", "timeout", "declined"]);
    let data = format!(
        r#"{{"method":"card","amount":{},"currency":"EUR","attempt":{},"reason":"{reason}"}}"#,
        euros(journey.total()),
        journey.failures
    );
    fact(format!("{}/payment", order(journey)), "io.genesisdb.shop.payment-failed", data)
}

pub fn cancelled(journey: &Journey, refund: bool) -> Fact {
    let by = if refund { "shop" } else { "customer" };
    let data = format!(r#"{{"by":"{by}","refund":{refund},"total":{}}}"#, euros(journey.total()));
    fact(order(journey), "io.genesisdb.shop.order-cancelled", data)
}

pub fn refunded(journey: &Journey) -> Fact {
    let data = format!(r#"{{"amount":{},"currency":"EUR"}}"#, euros(journey.total()));
    fact(format!("{}/payment", order(journey)), "io.genesisdb.shop.payment-refunded", data)
}

pub fn dispatched(journey: &Journey, random: &mut Random) -> Fact {
    let pieces: u64 = journey.items.iter().map(|item| item.quantity).sum();
    let data = format!(
        r#"{{"carrier":"{}","tracking":"{:012}","pieces":{pieces},"weight":{{"value":{}.{},"unit":"kg"}}}}"#,
        random.pick(&CARRIERS),
        random.below(1_000_000_000_000),
        pieces / 2,
        random.below(10)
    );
    fact(format!("{}/shipment/1", order(journey)), "io.genesisdb.shop.shipment-dispatched", data)
}

pub fn delivered(journey: &Journey, random: &mut Random) -> Fact {
    let place = random.pick(&["front door", "neighbour", "parcel shop", "reception"]);
    let data = format!(r#"{{"place":"{place}","signed":{}}}"#, random.chance(60));
    fact(format!("{}/shipment/1", order(journey)), "io.genesisdb.shop.shipment-delivered", data)
}

pub fn reviewed(journey: &Journey, customer: &Customer, random: &mut Random) -> Fact {
    let stars = 1 + random.place(REVIEWS.len());
    let item = &journey.items[random.place(journey.items.len())];
    let data = format!(
        r#"{{"customer":"{}","order":"{:06}","stars":{stars},"text":{}}}"#,
        customer.id,
        journey.order,
        quote(REVIEWS[stars - 1])
    );
    fact(format!("/article/{}/review", ARTICLES[item.article].0), "io.genesisdb.shop.review-written", data)
}
