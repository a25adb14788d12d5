//! How a shape is inspected, told in keys.

use super::{BUDGET, Inspected};
use crate::app::App;
use crate::app::effect::{Effect, Timer};
use crate::app::message::{Msg, Now, Reply};
use crate::app::screens::ScreenId;
use crate::app::screens::explore::Pane;
use crate::app::screens::explore::tests::{app, give, line, loaded, press, reply, screen};
use crate::model::log::{Decoded, EventLog};

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
    let asked = app.query.script.editor().text();
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

#[test]
fn a_large_type_is_sampled_first_and_looked_at_in_portions() {
    let text = |n: usize| {
        let late = if n >= 2_900 { r#","late":1"# } else { "" };
        line(n, "/a", "t", &format!(r#"{{"pad":"{}"{late}}}"#, "x".repeat(2_000)))
    };
    let lines: Vec<String> = (0..3_000).map(text).collect();
    let mut log = EventLog::default();
    log.append(Decoded::from_lines(lines.iter().map(String::as_bytes)));
    let mut state = Inspected::new("io.genesisdb.shop.t");
    let (mut steps, mut most) = (0, 0);
    loop {
        let before = (state.sampled(), state.looked_at());
        let done = state.advance(&log);
        most = most.max(state.sampled() + state.looked_at() - before.0 - before.1);
        if state.is_sampled() {
            assert!(state.shape().events() > 0);
        }
        if steps == 0 {
            assert_eq!((state.looked_at(), state.is_sampled()), (0, true), "the sample comes first");
        }
        steps += 1;
        if done {
            break;
        }
    }
    assert!(most <= BUDGET / 2_000 + 2, "{most}");
    assert_eq!((state.looked_at(), state.is_sampled(), state.rows().len()), (3_000, false, 2));
    let late = state.shape().appeared(state.rows()[1]);
    assert_eq!(late.map(|seen| seen.position), Some(2_900), "what the order tells is told by the whole");
}

#[test]
fn work_goes_on_by_itself_and_ends_when_the_shape_is_closed() {
    let mut app = app();
    let big = |n| line(n, "/a", "t", &format!(r#"{{"pad":"{}"}}"#, "x".repeat(400_000)));
    let lines: Vec<String> = (0..9).map(big).collect();
    give(&mut app, &lines);
    reply(&mut app, Reply::Streamed(Ok(())));
    let effects = press(&mut app, "tab i");
    let wake = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::Wake(Timer::Work, _)));
    assert!(wake(&effects));
    assert!(screen(&mut app, 80, 24).contains("3 of 9 events"));
    assert!(wake(&app.update(Msg::Timer(Timer::Work), Now::default())));
    press(&mut app, "esc");
    assert!(!wake(&app.update(Msg::Timer(Timer::Work), Now::default())));
}
