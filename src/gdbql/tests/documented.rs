//! Every query of the official documentation, over a store for which the right answer is plain.

use super::{rows, store};
use crate::gdbql::{Limits, holds, parse};
use crate::model::event::Envelope;

fn holds_over(text: &str, lines: &[String]) -> bool {
    let events = lines.iter().map(|line| Envelope::from_line(line.as_bytes()).unwrap());
    holds(&parse(text).unwrap(), events, &Limits::default()).unwrap()
}

#[test]
fn an_address_that_is_new() {
    let text = "STREAM e FROM events WHERE e.data.email == 'john.doe@example.com' MAP COUNT() == 0";
    let others = store(&[("/user/1", "user-added", r#"{"email":"jane@example.com"}"#), ("/x", "other", "null")]);
    assert_eq!(rows(text, &others), ["true"]);
    assert!(holds_over(text, &others));
    assert!(holds_over(text, &[]));
    let taken = store(&[("/user/1", "user-added", r#"{"email":"john.doe@example.com"}"#)]);
    assert_eq!(rows(text, &taken), ["false"]);
    assert!(!holds_over(text, &taken));
}

#[test]
fn a_limit_on_a_sum() {
    let text = "STREAM e FROM events WHERE e.subject UNDER '/user/123' AND e.type == 'transaction-processed' \
                AND e.time >= '2024-01-01T00:00:00Z' MAP SUM(e.data.amount) + 500 <= 10000";
    let mut events = vec![
        ("/user/123", "transaction-processed", r#"{"amount":9000}"#),
        ("/user/123/card", "transaction-processed", r#"{"amount":500}"#),
        ("/user/1234", "transaction-processed", r#"{"amount":5000}"#),
        ("/user/123", "transaction-refused", r#"{"amount":5000}"#),
    ];
    assert!(holds_over(text, &store(&events)));
    events.push(("/user/123", "transaction-processed", r#"{"amount":0.5}"#));
    assert!(!holds_over(text, &store(&events)));
    assert!(holds_over(text, &[]));
}

#[test]
fn places_at_a_conference() {
    let text = "STREAM e FROM events WHERE e.subject UNDER '/conference/2024/registrations' AND \
                e.type == 'registration-created' GROUP BY e.data.ticketType \
                HAVING e.data.ticketType == 'premium' MAP COUNT() < 50";
    let one = |kind: &'static str| ("/conference/2024/registrations/1", "registration-created", kind);
    let mut events = vec![one(r#"{"ticketType":"premium"}"#); 49];
    events.extend(vec![one(r#"{"ticketType":"basic"}"#); 60]);
    let days: Vec<_> = store(&events).into_iter().map(|line| line.replace(r#""time":"#, r#""at":"#)).collect();
    assert_eq!(rows(text, &days), ["true"]);
    events.push(one(r#"{"ticketType":"premium"}"#));
    let days: Vec<_> = store(&events).into_iter().map(|line| line.replace(r#""time":"#, r#""at":"#)).collect();
    assert_eq!(rows(text, &days), ["false"]);
    // Nothing is registered yet: there is no group, so no row, and an empty result does not hold.
    assert!(!holds_over(text, &[]));
}

#[test]
fn the_newest_customers() {
    let text = "STREAM e FROM events WHERE e.type == \"io.genesisdb.app.customer-added\" ORDER BY e.time DESC \
                LIMIT 20 MAP { subject: e.subject, firstName: e.data.firstName }";
    let names: Vec<_> = (0..25).map(|n| (format!("/customer/{n}"), format!(r#"{{"firstName":"N{n}"}}"#))).collect();
    let events: Vec<_> =
        names.iter().map(|(s, d)| (s.as_str(), "io.genesisdb.app.customer-added", d.as_str())).collect();
    let found = rows(text, &store(&events));
    assert_eq!(found.len(), 20);
    assert_eq!(found[0], r#"{"subject":"/customer/24","firstName":"N24"}"#);
    assert_eq!(found[19], r#"{"subject":"/customer/5","firstName":"N5"}"#);
}

#[test]
fn everything_below_a_subject() {
    let text = "STREAM e FROM events WHERE e.subject UNDER '/user' ORDER BY e.time \
                MAP { id: e.id, firstName: e.data.firstName }";
    let events = store(&[("/user/1", "a", r#"{"firstName":"A"}"#), ("/users", "a", "{}"), ("/user", "a", "{}")]);
    assert_eq!(rows(text, &events), [r#"{"id":"id-0","firstName":"A"}"#, r#"{"id":"id-2","firstName":null}"#]);
    let below = text.replace("UNDER", "DESCENDANTS");
    assert_eq!(rows(&below, &events), [r#"{"id":"id-0","firstName":"A"}"#]);
}

#[test]
fn revenue_by_category() {
    let text = "STREAM e FROM events WHERE e.type == 'io.example.shop.item-added' GROUP BY e.data.category \
                MAP { category: e.data.category, items: COUNT(), revenue: SUM(e.data.total) }";
    let kind = "io.example.shop.item-added";
    let events = store(&[
        ("/a", kind, r#"{"category":"tea","total":1.5}"#),
        ("/b", kind, r#"{"category":"cups","total":20}"#),
        ("/c", kind, r#"{"category":"tea","total":2.5}"#),
        ("/d", "other", r#"{"category":"tea","total":100}"#),
    ]);
    let expected = [r#"{"category":"tea","items":2,"revenue":4}"#, r#"{"category":"cups","items":1,"revenue":20}"#];
    assert_eq!(rows(text, &events), expected);
}

#[test]
fn the_data_as_it_was_sent() {
    let sent = r#"{"z":1.50,"a":123456789012345678901234567890, "m":"\u00e9"}"#;
    assert_eq!(rows("STREAM e FROM events MAP e.data", &store(&[("/a", "t", sent)])), [sent]);
}

#[test]
fn the_older_dialect() {
    let text = "FROM e IN events WHERE e.data.eventId == 'conf-2024' PROJECT INTO COUNT() < 500";
    let events = store(&[("/a", "user-created", r#"{"eventId":"conf-2024"}"#), ("/b", "x", "1")]);
    assert_eq!(rows(text, &events), ["true"]);
    let text = "FROM e IN events WHERE e.type == 'user-created' TOP 10";
    assert_eq!(rows(text, &events), [events[0].clone()]);
}
