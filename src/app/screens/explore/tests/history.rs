//! Diff, time travel and the links of the chain, told in keys.

use super::*;
use crate::app::screens::ScreenId;
use comparison::Pair;
use links::Link;
use state_rows::{Content, Mark};

/// A customer's history, with others' events in between.
fn customer() -> Vec<String> {
    [
        (
            "/customer/42",
            "customer-added",
            r#"{"name":"Zoë 美咲","address":{"street":"Crime Alley 8","city":"Gotham"},"limit":12345678901234567890}"#,
        ),
        ("/order/1", "order-placed", r#"{"total":99.50}"#),
        (
            "/customer/42",
            "address-changed",
            r#"{"address":{"street":"Mountain Drive 1007","geo":{"lat":50.10,"lon":19.9}}}"#,
        ),
        ("/customer/42/note", "note-added", r#"{"name":"not the customer's"}"#),
        ("/customer/42", "tags-set", r#"{"tags":["gold",{"since":2024}],"limit":null}"#),
        ("/customer/42", "e-mail-set", "{}"),
        ("/customer/42", "tags-set", r#"{"tags":["gold",{"since":2025},"\u001b[31mred"],"address":{"city":""}}"#),
        ("/customer/42", "phone-set", r#"{"phone":""}"#),
    ]
    .into_iter()
    .enumerate()
    .map(|(number, (subject, kind, data))| line(number, subject, kind, data))
    .collect()
}

fn with(lines: &[String]) -> App {
    let mut app = app();
    give(&mut app, lines);
    reply(&mut app, Reply::Streamed(Ok(())));
    app
}

/// In the list of the customer's events, the newest first.
fn on_customer() -> App {
    let mut app = with(&customer());
    let mut out = Outbox::default();
    app.explore.show_event("00000000-0000-4000-8000-000000000007", &mut app.world, &mut out);
    app
}

fn travel(app: &App) -> &travel::Travel {
    app.explore.travel().expect("time travel is open")
}

/// The state as lines: sign, path, value, what it was before.
fn state(app: &App) -> Vec<String> {
    let rows = travel(app).rows().iter().map(|row| {
        let sign = match row.mark {
            Mark::Same => "",
            Mark::Added => "+ ",
            Mark::Changed => "~ ",
            Mark::Removed => "- ",
        };
        let value = match &row.content {
            Content::Scalar(text) => text.to_string(),
            Content::Container(_, members, open) => format!("{members}{}", if *open { " open" } else { "" }),
            Content::Removed => "removed".to_owned(),
        };
        let before = row.before.as_ref().map(|before| format!(" was {before}")).unwrap_or_default();
        format!("{sign}{}={value}{before} by {}", row.path, row.set_by + 1)
    });
    rows.collect()
}

#[test]
fn an_event_is_compared_with_the_one_before_of_its_subject() {
    let mut app = on_customer();
    press(&mut app, "down d");
    let shown = app.explore.comparison().expect("a comparison");
    assert_eq!((shown.pair, app.explore.pane), (Pair::Successive(Some(5), 6), Pane::Event));
    let paths: Vec<&str> = shown.changes.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(paths, ["data.tags", "data.address"], "against `{{}}`");
    assert!(shown.notes(&app.world).iter().any(|note| note.contains("earlier event is empty or erased")));
    press(&mut app, "n n");
    let shown = app.explore.comparison().expect("it follows");
    assert_eq!(shown.pair, Pair::Successive(Some(2), 4), "another subject's event lies between");
    let effects = press(&mut app, "y");
    assert!(
        effects.contains(&Effect::Copy(
            "{\"street\":\"Mountain Drive 1007\",\"geo\":{\"lat\":50.10,\"lon\":19.9}}".into()
        ))
    );
    press(&mut app, "d");
    assert!(app.explore.comparison().is_none());
    assert_eq!(app.explore.pane, Pane::Events, "back to where it was opened");
}

#[test]
fn the_first_event_of_a_subject_is_all_new() {
    let mut app = on_customer();
    press(&mut app, "G d");
    let shown = app.explore.comparison().unwrap();
    assert_eq!((shown.pair, shown.changes.len()), (Pair::Successive(None, 0), 3));
    assert!(shown.notes(&app.world)[0].starts_with("The first event of its subject: "));
    app.world.part.from = Some("later".into());
    assert!(app.explore.comparison().unwrap().notes(&app.world)[0].contains("that is loaded"));
}

#[test]
fn two_marked_events_are_compared_whatever_their_order() {
    let mut app = with(&customer());
    press(&mut app, "enter m down down down m d");
    assert_eq!(app.explore.comparison().unwrap().pair, Pair::Marked(4, 7));
    assert!(screen(&mut app, 160, 50).contains("between the two marked events"));
    press(&mut app, "esc m");
    assert_eq!(app.explore.marks.len(), 1, "the mark is taken away");
    press(&mut app, "esc");
    assert_eq!((app.explore.marks.len(), app.explore.pane), (0, Pane::Events), "Esc takes the marks away first");
    press(&mut app, "m up m up m d");
    assert!(matches!(app.explore.comparison().unwrap().pair, Pair::Successive(..)), "three are no pair");
}

#[test]
fn a_subject_is_seen_at_every_event_of_its_history() {
    let mut app = on_customer();
    press(&mut app, "down t");
    assert_eq!((travel(&app).subject(), travel(&app).at(), travel(&app).len()), ("/customer/42", 4, 6));
    assert_eq!(
        state(&app),
        [
            "name=\"Zoë 美咲\" by 1",
            "~ address=3 open by 5",
            "address.street=\"Mountain Drive 1007\" by 2",
            "~ address.city=\"\" was \"Gotham\" by 5",
            "address.geo=2 open by 2",
            "address.geo.lat=50.10 by 2",
            "address.geo.lon=19.9 by 2",
            "limit=removed by 3",
            "~ tags=3 open was [ 2 ] by 5",
            "tags[0]=\"gold\" by 5",
            "~ tags[1]=1 open by 5",
            "~ tags[1].since=2025 was 2024 by 5",
            "+ tags[2]=\"\\u001b[31mred\" by 5",
        ]
    );
    press(&mut app, "left");
    assert_eq!(travel(&app).blank(), Some(crate::model::fold::Blank::Empty));
    assert!(state(&app).iter().all(|row| !row.starts_with(['+', '-', '~'])));
    press(&mut app, "h");
    assert!(state(&app).contains(&"- limit=removed was 12345678901234567890 by 3".to_owned()));
    press(&mut app, "home");
    assert_eq!(state(&app).last().unwrap(), "+ limit=12345678901234567890 by 1");
    press(&mut app, "end left right l");
    assert_eq!((travel(&app).at(), app.explore.events.selected()), (5, Some(7)), "the list goes along");
}

#[test]
fn who_set_this_leads_to_the_event() {
    let mut app = on_customer();
    press(&mut app, "t down down o");
    assert_eq!(travel(&app).at(), 1);
    assert_eq!(travel(&app).current().unwrap().path.to_string(), "address.street", "the cursor stays on the field");
    assert!(screen(&mut app, 160, 50).contains("← \"Crime Alley 8\""));
    press(&mut app, "enter");
    assert_eq!(travel(&app).at(), 1, "it is here already");
    press(&mut app, "esc");
    assert!(app.explore.travel().is_none());
    assert_eq!((app.explore.pane, app.explore.events.selected()), (Pane::Events, Some(2)));
}

#[test]
fn leaving_finds_the_event_even_behind_a_filter() {
    let mut app = on_customer();
    press(&mut app, "/ p h o n e enter t home esc");
    assert_eq!((app.explore.events.selected(), app.explore.events.filter.is_some()), (Some(0), false));
}

#[test]
fn a_history_plays_two_events_a_second_to_its_end() {
    let mut app = on_customer();
    let wakes = |effects: &[Effect]| effects.contains(&Effect::Wake(Timer::Play, travel::PACE));
    let tick = |app: &mut App| app.update(Msg::Timer(Timer::Play), Now::default());
    assert!(wakes(&press(&mut app, "t space")), "at the end it starts over");
    assert_eq!((travel(&app).at(), travel(&app).playing), (0, true));
    for at in 1..=4 {
        assert!(wakes(&tick(&mut app)));
        assert_eq!(travel(&app).at(), at);
    }
    assert!(!wakes(&tick(&mut app)));
    assert_eq!((travel(&app).at(), travel(&app).playing), (5, false));
    press(&mut app, "home space right");
    assert!(!wakes(&tick(&mut app)), "a step by hand stops it");
    press(&mut app, "space 2");
    assert_eq!(app.screen, ScreenId::Tail);
    assert!(!wakes(&tick(&mut app)), "nobody looks");
    assert_eq!(travel(&app).at(), 1);
}

#[test]
fn goes_to_the_state_at_a_time() {
    let mut app = on_customer();
    press(&mut app, "t @ 1 3 : 0 4");
    assert!(app.typing() && screen(&mut app, 80, 24).contains("go to time: 13:04"));
    press(&mut app, "enter");
    assert_eq!((travel(&app).at(), app.typing()), (2, false), "the last event by the end of that minute");
    press(&mut app, "@ 2 0 2 6 - 0 2 - 0 1 enter");
    assert_eq!(travel(&app).problem, Some("the subject had no event by then"));
    press(&mut app, "backspace x enter");
    assert!(travel(&app).problem.unwrap().starts_with("no such time"), "what was typed stays");
    press(&mut app, "esc");
    assert!(!app.typing() && app.explore.travel().is_some(), "Esc leaves the field first");
    press(&mut app, "@ 2 0 2 6 - 0 3 - 0 1 enter");
    assert_eq!(travel(&app).at(), 5, "the end of the day");
}

#[test]
fn what_is_looked_at_can_be_copied_and_folded() {
    let mut app = on_customer();
    let copied = |effects: Vec<Effect>| {
        effects.into_iter().find_map(|effect| match effect {
            Effect::Copy(text) => Some(text),
            _ => None,
        })
    };
    press(&mut app, "t home right down");
    assert_eq!(
        copied(press(&mut app, "y")).unwrap(),
        r#"{"street":"Mountain Drive 1007","city":"Gotham","geo":{"lat":50.10,"lon":19.9}}"#
    );
    let rows = travel(&app).rows().len();
    press(&mut app, "z");
    assert_eq!(travel(&app).rows().len(), rows - 5);
    press(&mut app, "right left");
    assert_eq!(travel(&app).rows().len(), rows - 5, "what is folded stays folded");
    assert!(copied(press(&mut app, "Y")).unwrap().ends_with(r#""limit":12345678901234567890}"#));
    press(&mut app, "right G up up up up y");
    assert_eq!(travel(&app).current().unwrap().content, Content::Removed);
}

#[test]
fn events_that_come_in_lengthen_the_history_and_move_nothing() {
    let mut app = on_customer();
    press(&mut app, "t left");
    press(&mut app, "esc");
    let generation = started(&press(&mut app, "r"));
    press(&mut app, "t");
    let batch = Decoded::from_lines([line(8, "/customer/42", "phone-set", r#"{"phone":"1"}"#).as_bytes()]);
    app.update(Msg::Reply { slot: Slot::Load, generation, reply: Reply::Events(batch) }, Now::default());
    assert_eq!((travel(&app).at(), travel(&app).len()), (4, 7));
    assert!(screen(&mut app, 80, 24).contains("from the events that are loaded"));
    press(&mut app, "end");
    assert_eq!(state(&app).last().unwrap(), "~ phone=\"1\" was \"\" by 7");
}

#[test]
fn ten_thousand_events_of_one_subject_are_stepped_through() {
    let lines: Vec<String> =
        (0..10_000).map(|n| line(n % 3000, "/counter", "counted", &format!(r#"{{"n":{n}}}"#))).collect();
    let mut app = with(&lines);
    press(&mut app, "enter t");
    while travel(&app).folding().is_some() {
        app.update(Msg::Timer(Timer::Work), Now::default());
    }
    assert_eq!((travel(&app).at(), state(&app)), (9_999, vec!["~ n=9999 was 9998 by 10000".to_owned()]));
    press(&mut app, "left left home right end left");
    assert_eq!(state(&app), ["~ n=9998 was 9997 by 9999"]);
}

/// A history whose payloads are more than one portion of work is folded in portions, and said to be.
#[test]
fn a_heavy_history_is_folded_in_portions() {
    let text = "x".repeat(1 << 20);
    let lines: Vec<String> =
        (0..10).map(|n| line(n, "/heavy", "grown", &format!(r#"{{"n":{n},"text":"{text}"}}"#))).collect();
    let mut app = with(&lines);
    let effects = press(&mut app, "enter t");
    assert!(effects.contains(&Effect::Wake(Timer::Work, Duration::ZERO)));
    assert!(screen(&mut app, 80, 24).contains("Folding 2 of 10 events"));
    let mut portions = 0;
    while travel(&app).folding().is_some() {
        app.update(Msg::Timer(Timer::Work), Now::default());
        portions += 1;
    }
    assert_eq!((portions, travel(&app).rows()[0].set_by), (4, 9));
}

#[test]
fn links_tell_whether_an_event_fits_into_the_chain() {
    let links = |app: &App| app.explore.links.unwrap();
    let mut app = on_customer();
    press(&mut app, "down");
    assert_eq!(links(&app).verdict(), Link::Fits);
    press(&mut app, "G");
    assert_eq!(links(&app).verdict(), Link::Fits, "the first event of the store has no predecessor");
    press(&mut app, "g");
    assert_eq!((links(&app).after, links(&app).verdict()), (None, Link::Fits), "nothing comes after the newest");

    let mut lines = customer();
    lines[4] = line(40, "/customer/42", "tags-set", "{}");
    let mut app = with(&lines);
    press(&mut app, "enter");
    for (position, before, after) in
        [(5, Link::Broken, Link::Fits), (4, Link::Broken, Link::Broken), (3, Link::Fits, Link::Broken)]
    {
        app.explore.events.select_position(position);
        app.explore.follow(&app.world, &mut Outbox::default());
        assert_eq!((links(&app).before, links(&app).after), (before, Some(after)), "{position}");
        assert!(screen(&mut app, 160, 50).contains("links ✕"));
    }

    let mut app = super::app();
    give(&mut app, &customer()[2..5]);
    press(&mut app, "enter");
    assert_eq!(app.explore.links, None, "while the newest event is another one all the time, it is not compared");
    press(&mut app, "G");
    assert_eq!(links(&app).before, Link::Unknown, "the log does not begin at the store's first event");
    assert!(screen(&mut app, 160, 50).contains("links ?"));
    press(&mut app, "g");
    app.explore.events.newest_first = false;
    app.explore.events.select_position(2);
    app.explore.follow(&app.world, &mut Outbox::default());
    assert_eq!(links(&app).after, Some(Link::Unknown));
    give(&mut app, &customer()[5..]);
    assert_eq!(links(&app).after, Some(Link::Fits), "it came, and fits");
}

#[test]
fn history_looks_right_at_every_size() {
    let mut app = on_customer();
    press(&mut app, "down d");
    insta::assert_snapshot!("diff_80x24", screen(&mut app, 80, 24));
    insta::assert_snapshot!("diff_160x50", screen(&mut app, 160, 50));
    press(&mut app, "t left left right right");
    insta::assert_snapshot!("travel_80x24", screen(&mut app, 80, 24));
    insta::assert_snapshot!("travel_160x50", screen(&mut app, 160, 50));
    press(&mut app, "left left");
    insta::assert_snapshot!("travel_removed_80x24", screen(&mut app, 80, 24));
    press(&mut app, "right");
    insta::assert_snapshot!("travel_erased_80x24", screen(&mut app, 80, 24));
    press(&mut app, "@");
    insta::assert_snapshot!("travel_time_80x24", screen(&mut app, 80, 24));
    press(&mut app, "esc");
    insta::assert_snapshot!("travel_40x12", screen(&mut app, 40, 12));
    for (width, height) in [(1, 1), (1, 40), (200, 1), (3, 3), (20, 5), (59, 7)] {
        screen(&mut app, width, height);
    }
    press(&mut app, "esc d");
    for (width, height) in [(1, 1), (1, 40), (200, 1), (3, 3), (20, 5), (59, 7)] {
        screen(&mut app, width, height);
    }
}

#[test]
fn an_event_shows_what_its_fields_were_before() {
    let mut app = with(&[
        line(0, "/customer/1", "moved", r#"{"city":"Gotham","a.b":[{"n":1}],"same":1}"#),
        line(1, "/customer/2", "moved", r#"{"city":"Kraków"}"#),
        line(2, "/customer/1", "moved", r#"{"city":"Osaka","a.b":[{"n":2}],"same":1,"new":true}"#),
    ]);
    press(&mut app, "enter enter");
    let shown = screen(&mut app, 80, 24);
    assert!(shown.contains("city  \"Osaka\"   ← \"Gotham\"") && shown.contains("n  2   ← 1"), "{shown}");
    assert_eq!(shown.matches('←').count(), 2, "{shown}");
    press(&mut app, "n");
    assert!(!screen(&mut app, 80, 24).contains('←'), "the only event of its subject");
}
