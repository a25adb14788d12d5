//! How a shape is inspected, told in keys.

use crate::app::App;
use crate::app::effect::{Call, Effect, Slot};
use crate::app::inspection::{Findings, Inspection};
use crate::app::key::Key;
use crate::app::message::{Msg, Now, Reply};
use crate::app::screens::ScreenId;
use crate::app::screens::explore::Pane;
use crate::app::screens::explore::tests::{app, give, line, loaded, press, reply, screen};

fn orders() -> App {
    let mut app = app();
    let lines: Vec<String> = (0..120)
        .map(|n| {
            let number = if n < 40 { format!("{}", 1000 + n) } else { format!("\"N-{n}\"") };
            let coupon = if n >= 60 { r#","coupon":null"# } else { r#","legacy":true"# };
            let data = format!(
                r#"{{"number":{number},"status":"{}","total":{n}.50,"customer":{{"id":"7f3a22c4-aa0b-4c21-9e57-0d0c9a1b{n:04}","mail":"c{n}@example.com"}},"items":[{{"name":"Tumbler {n}","price":{n}}}]{coupon}}}"#,
                ["placed", "paid"][n % 2],
            );
            line(n, &format!("/order/{n}"), "order-placed", &data)
        })
        .collect();
    give(&mut app, &lines);
    reply(&mut app, Reply::Streamed(Ok(())));
    app
}

#[test]
fn the_shape_of_a_type_is_shown_folded_queried_and_copied() {
    let mut app = orders();
    press(&mut app, "tab i");
    insta::assert_snapshot!("shape_80x24", screen(&mut app, 80, 24));
    insta::assert_snapshot!("shape_160x50", screen(&mut app, 160, 50));
    insta::assert_snapshot!("shape_20x5", screen(&mut app, 20, 5));
    let rows = |app: &App| app.explore.shape.as_ref().unwrap().rows().len();
    assert_eq!(rows(&app), 12);
    press(&mut app, "z");
    assert_eq!(rows(&app), 7);
    press(&mut app, "z down down down down space");
    assert_eq!(rows(&app), 10, "customer is folded");
    let effects = press(&mut app, "y");
    let Some(Effect::Copy(schema)) = effects.first() else { panic!("{effects:?}") };
    assert!(schema.contains("\"format\": \"uuid\"") && schema.contains("\"required\""), "{schema}");
    press(&mut app, "down down enter");
    assert_eq!(app.screen, ScreenId::Query);
    let asked = app.query.tab().script.editor().text();
    assert!(asked.contains("GROUP BY e.data.items[0]"), "{asked}");
    assert!(crate::gdbql::parse(&asked).is_ok());
    press(&mut app, "alt-1 esc");
    assert!(app.explore.shape.is_none() && app.explore.pane == Pane::Types);
}

#[test]
fn the_first_event_with_a_field_is_one_key_away() {
    let mut app = orders();
    press(&mut app, "enter i G e");
    assert!(app.explore.shape.is_none());
    assert_eq!(app.explore.events.selected(), Some(60));
}

#[test]
fn an_event_leads_to_the_shape_of_its_type() {
    let mut app = loaded();
    press(&mut app, "enter enter i");
    assert_eq!(app.explore.shape.as_ref().map(|shape| shape.kind.as_str()), Some("io.genesisdb.shop.customer-added"));
    press(&mut app, "tab down esc");
    assert_eq!(app.explore.pane, Pane::Event);
}

/// Press a key; what it asks for is left to the test.
fn key(app: &mut App, name: &str) -> Vec<Effect> {
    app.update(Msg::Key(Key::named(name).unwrap().event()), Now::default())
}

fn inspection(effects: &[Effect]) -> Option<(u32, Inspection)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Start { slot: Slot::Shape, generation, call: Call::Shape(inspection) } => {
            Some((*generation, inspection.clone()))
        }
        _ => None,
    })
}

fn told(app: &mut App, generation: u32, findings: Findings, done: bool) -> Vec<Effect> {
    let reply = Reply::Shape { findings: Box::new(findings), done };
    app.update(Msg::Reply { slot: Slot::Shape, generation, reply }, Now::default())
}

#[test]
fn events_are_looked_at_elsewhere_and_the_screen_says_how_far() {
    let mut app = app();
    let big = |n| line(n, "/a", "t", &format!(r#"{{"pad":"{}"}}"#, "x".repeat(400_000)));
    give(&mut app, &(0..9).map(big).collect::<Vec<_>>());
    press(&mut app, "tab");
    let (generation, looked_at) = inspection(&key(&mut app, "i")).expect("it is asked for");
    assert!(screen(&mut app, 80, 24).contains("Looking at the first events"));
    let mut all = Vec::new();
    looked_at.run(&mut |findings| {
        all.push(findings.clone());
        true
    });
    told(&mut app, generation, all[0].clone(), false);
    assert!(screen(&mut app, 80, 24).contains("3 of 9 events"));
    give(&mut app, &[big(9)]);
    assert!(app.is_busy(Slot::Shape), "one look at a time");
    let effects = told(&mut app, generation, all.pop().unwrap(), true);
    let (generation, rest) = inspection(&effects).expect("what came meanwhile is looked at next");
    assert_eq!((rest.from, rest.known.events()), (9, 9));
    assert!(key(&mut app, "esc").contains(&Effect::Cancel(Slot::Shape)), "a shape that is closed is not looked for");
    let late = Findings { shape: (*rest.known).clone(), is_sample: false, scanned: 10 };
    assert_eq!(told(&mut app, generation, late, true), []);
}

#[test]
fn a_sample_is_shown_until_everything_was_looked_at() {
    let mut app = app();
    give(&mut app, &(0..3_000).map(|n| line(n, "/a", "t", &format!(r#"{{"n":{n}}}"#))).collect::<Vec<_>>());
    press(&mut app, "tab");
    let (generation, looked_at) = inspection(&key(&mut app, "i")).unwrap();
    let mut all = Vec::new();
    looked_at.run(&mut |findings| {
        all.push(findings.clone());
        true
    });
    told(&mut app, generation, all[0].clone(), false);
    assert!(screen(&mut app, 100, 24).contains("a sample of 500; 0 of 3,000 events"));
    told(&mut app, generation, all.pop().unwrap(), true);
    assert!(screen(&mut app, 100, 24).contains("3,000 events") && !screen(&mut app, 100, 24).contains("sample"));
}
