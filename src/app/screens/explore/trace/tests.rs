//! How a value is traced, told in keys.

use crate::app::App;
use crate::app::message::Reply;
use crate::app::screens::explore::Pane;
use crate::app::screens::explore::tests::{app, give, line, press, reply, screen};

const ID: &str = "7f3a22c4-aa0b-4c21-9e57-0d0c9a1b2c3d";

fn traced() -> App {
    let mut app = app();
    let mut lines = Vec::new();
    for (number, (subject, kind, data)) in [
        (format!("/customer/{ID}"), "customer-added", r#"{"mail":"zoe@example.com"}"#.to_owned()),
        ("/order/1".into(), "order-placed", format!(r#"{{"customer":{{"id":"{ID}"}},"number":4711}}"#)),
        ("/order/2".into(), "order-placed", r#"{"customer":{"id":"other"},"number":47110}"#.into()),
        ("/payment/9".into(), "payment-received", format!(r#"{{"items":[{{"order":4711}},{{"by":"{ID}"}}]}}"#)),
        ("/note/1".into(), "note-added", format!(r#"{{"text":"about {ID}","{ID}":true}}"#)),
    ]
    .into_iter()
    .enumerate()
    {
        lines.push(line(number, &subject, kind, &data));
    }
    give(&mut app, &lines);
    reply(&mut app, Reply::Streamed(Ok(())));
    app
}

fn shown(app: &App) -> Vec<usize> {
    (0..app.explore.events.len()).filter_map(|index| app.explore.events.position(index)).collect()
}

#[test]
fn a_value_leads_to_every_event_that_mentions_it_and_back() {
    let mut app = traced();
    // The cursor on data.customer.id of the first order.
    press(&mut app, "enter down down down enter down down");
    press(&mut app, "T");
    assert_eq!((app.explore.pane, shown(&app)), (Pane::Events, vec![0, 1, 3]), "oldest first, in every subject");
    insta::assert_snapshot!("trace_80x24", screen(&mut app, 80, 24));
    insta::assert_snapshot!("trace_160x50", screen(&mut app, 160, 50));
    press(&mut app, "down enter");
    assert_eq!((app.explore.pane, app.explore.events.selected()), (Pane::Event, Some(1)));
    press(&mut app, "tab tab");
    assert!(app.explore.is_tracing(), "the panes of the trace are two");
    press(&mut app, "esc esc");
    assert_eq!((app.explore.pane, app.explore.events.selected(), shown(&app).len()), (Pane::Event, Some(1), 5));
    let (_, view) = app.explore.event.as_ref().unwrap();
    assert_eq!(view.current().map(|row| row.key.as_str()), Some("id"), "the cursor is where it was");
}

#[test]
fn a_number_is_traced_as_it_is_written_and_traces_nest() {
    let mut app = traced();
    press(&mut app, "enter down down down enter down down down T");
    assert_eq!(shown(&app), [1, 3], "47110 is another number");
    press(&mut app, "down enter G up T");
    assert!(screen(&mut app, 100, 24).contains("trace "));
    press(&mut app, "esc");
    press(&mut app, "esc");
    assert_eq!(shown(&app), [1, 3]);
    press(&mut app, "/ p a y m e n t enter");
    assert_eq!(shown(&app), [3], "a trace is filtered like any list");
    press(&mut app, "esc esc");
    assert!(!app.explore.is_tracing());
}

#[test]
fn what_cannot_be_traced_says_so() {
    let mut app = traced();
    press(&mut app, "enter enter T");
    assert!(!app.explore.is_tracing());
    assert!(app.messages.all().front().is_some_and(|message| message.text.contains("string or a number")));
}

#[test]
fn events_that_come_in_join_the_trace() {
    let mut app = traced();
    press(&mut app, "enter down down down enter down down T");
    let effects = press(&mut app, "r");
    let generation = crate::app::screens::explore::tests::started(&effects);
    let more = line(9, "/order/3", "order-placed", &format!(r#"{{"customer":{{"id":"{ID}"}}}}"#));
    let batch = crate::model::log::Decoded::from_lines([more.as_bytes()]);
    let reply = crate::app::message::Msg::Reply {
        slot: crate::app::effect::Slot::Load,
        generation,
        reply: Reply::Events(batch),
    };
    let effects = app.update(reply, crate::app::message::Now::default());
    crate::app::screens::explore::tests::search(&mut app, effects);
    assert_eq!((shown(&app), app.explore.events.subjects()), (vec![0, 1, 3, 5], 4));
}
