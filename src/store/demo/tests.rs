//! The demo is the same every time, and what happens in it makes sense.

use super::*;
use crate::model::json::Json;
use crate::model::subject;
use std::collections::{HashMap, HashSet};

fn cents(data: &str, name: &str) -> u64 {
    let text = Json::trusted(data).get(name).unwrap().text().to_owned();
    let (euros, cents) = text.split_once('.').unwrap();
    assert_eq!(cents.len(), 2, "{text}");
    euros.parse::<u64>().unwrap() * 100 + cents.parse::<u64>().unwrap()
}

#[test]
fn is_the_same_every_time() {
    let events: Vec<_> = events(300).collect();
    assert!(super::events(300).eq(events.iter().cloned()));
    assert!(super::events(1000).take(300).map(|event| event.fact).eq(events.iter().map(|event| event.fact.clone())));
    let last = events.last().unwrap();
    let seen = (last.id.as_str(), last.fact.subject.as_str(), time::format(last.time));
    let subject = "/customer/b9d6980c-3b58-4791-87cf-2d3f89770541/cart/1";
    let expected = ("7f06b77d-795a-4ae6-856e-01c78bdd1abd", subject, "2025-12-31T09:04:22.100883658Z".to_owned());
    assert_eq!(seen, expected, "every machine sees this");
}

#[test]
fn events_are_valid_and_in_order() {
    let (mut before, mut ids, mut kinds, mut depths) = (0, HashSet::new(), HashSet::new(), HashSet::new());
    let mut erasable = 0;
    for event in events(5000) {
        assert!(event.time > before && event.time < END);
        before = event.time;
        assert!(ids.insert(event.id));
        kinds.insert(event.fact.kind);
        depths.insert(subject::segments(&event.fact.subject).count());
        assert_eq!(subject::problem(&event.fact.subject), None);
        Json::parse(&event.fact.data).unwrap();
        erasable += usize::from(event.fact.reference);
    }
    assert!(kinds.len() >= 12, "{kinds:?}");
    assert_eq!(depths, HashSet::from([2, 3, 4]));
    assert!(erasable > 50 && erasable < 1000, "{erasable}");
}

#[test]
fn amounts_add_up_and_nothing_comes_before_its_time() {
    let mut totals = HashMap::new();
    let mut done: HashSet<(String, &str)> = HashSet::new();
    let mut customers = HashSet::new();
    for DemoEvent { fact, .. } in events(20_000) {
        let top: Vec<_> = subject::segments(&fact.subject).take(2).collect();
        let owner = format!("/{}/{}", top[0], top[1]);
        let kind = fact.kind.strip_prefix("io.genesisdb.shop.").unwrap();
        let is_done = |kind| done.contains(&(owner.clone(), kind));
        match kind {
            "customer-registered" => assert!(customers.insert(owner.clone())),
            "cart-item-added" | "cart-checked-out" | "customer-address-changed" => assert!(customers.contains(&owner)),
            "order-placed" => {
                let items = Json::trusted(&fact.data).get("items").unwrap();
                let sum: u64 = items.items().map(|item| cents(item.text(), "price")).sum();
                assert_eq!(cents(&fact.data, "subtotal"), sum);
                assert_eq!(cents(&fact.data, "total"), sum + cents(&fact.data, "shipping"));
                assert!(totals.insert(owner.clone(), cents(&fact.data, "total")).is_none());
            }
            "payment-received" => assert_eq!(Some(&cents(&fact.data, "amount")), totals.get(&owner)),
            "payment-failed" => assert!(is_done("order-placed")),
            "order-cancelled" => assert!(is_done("order-placed") && !is_done("shipment-dispatched")),
            "payment-refunded" => assert!(is_done("payment-received") && is_done("order-cancelled")),
            "shipment-dispatched" => assert!(is_done("payment-received") && !is_done("order-cancelled")),
            "shipment-delivered" => assert!(is_done("shipment-dispatched")),
            _ => {}
        }
        done.insert((owner, kind));
    }
    assert!(totals.len() > 1000);
}

#[test]
fn fills_a_store_with_a_sound_chain() {
    let store = Store::in_memory();
    store.add_demo(5000).unwrap();
    assert_eq!((store.len(), store.audit().unwrap().passed()), (5000, true));
    assert!(matches!(store.add_demo(1), Err(Error::NotEmpty(5000))));
    assert_eq!(store.subjects().iter().map(|name| &**name).collect::<Vec<_>>(), ["/article", "/customer", "/order"]);
}

#[test]
fn the_trickle_continues_where_the_data_set_ends() {
    let mut trickle = Trickle::after(700);
    let next: Vec<_> = events(720).skip(700).map(|event| event.fact).collect();
    for fact in next {
        let event = trickle.next_event();
        assert_eq!((event.subject, event.data.get()), (fact.subject, fact.data.as_str()));
        assert_eq!(event.options.store_data_as_reference, fact.reference);
    }
}
