//! A query as a precondition, and how a query is run.

use super::drawing::screen;
use super::*;
use crate::app::effect::Call;
use crate::app::screens::ScreenId;
use crate::app::screens::commit::condition::ConditionKind;
use face::Face;

const QUERY: &str = "STREAM e FROM events WHERE e.type == 'a' AND e.data.n > 1 MAP COUNT() == 0";

fn tried(texts: &[&str]) -> App {
    let mut app = app_with(QUERY);
    let effects = press(&mut app, "F7");
    assert_eq!(sent(&effects), Some(QUERY));
    rows(&mut app, texts);
    answer(&mut app, Reply::Queried(Ok(())), at(410));
    app
}

#[test]
fn a_query_is_tried_as_a_precondition() {
    insta::assert_snapshot!("query_holds_80x24", screen(&mut tried(&["true"]), 80, 24));
    for (texts, says) in [
        (&["true", "false"][..], "Does not hold as a precondition: row 2 is not true"),
        (&["{\"n\":1}"][..], "Does not hold as a precondition: row 1 is not true"),
        (&[][..], "Does not hold as a precondition: no rows, and an empty result does not hold."),
    ] {
        let text = screen(&mut tried(texts), 80, 24);
        assert!(text.contains(says), "{says}: {text}");
    }
    let mut app = app_with(QUERY);
    press(&mut app, "F7");
    rows(&mut app, &["true"]);
    assert!(screen(&mut app, 80, 24).contains("Tried as a precondition"));
    rows(&mut app, &["null"]);
    assert!(screen(&mut app, 80, 24).contains("Does not hold as a precondition: row 2"), "known before the end");
    press(&mut app, "F5");
    assert!(!screen(&mut app, 80, 24).contains("recondition"));
}

#[test]
fn it_goes_to_the_commit_form_and_back() {
    let mut app = app_with(QUERY);
    press(&mut app, "alt-p");
    assert_eq!(app.screen, ScreenId::Commit);
    let [condition] = app.commit.conditions.as_slice() else { panic!("one") };
    assert_eq!((condition.kind, condition.text()), (ConditionKind::QueryTrue, QUERY.to_owned()));
    let edited = format!("{QUERY} ");
    press(&mut app, "end space");
    press(&mut app, "alt-e");
    assert_eq!((app.screen, text(&app)), (ScreenId::Query, edited));
    let mut app = app_with(&format!("EXPLAIN {QUERY}"));
    press(&mut app, "alt-p");
    assert_eq!(app.commit.conditions[0].text(), QUERY);
    let mut app = app_with(QUERY);
    press(&mut app, "alt-4 alt-e");
    assert_eq!(app.screen, ScreenId::Commit);
}

#[test]
fn the_embedded_store_is_asked_for_its_plan() {
    let mut app = app_with(QUERY);
    app.world.connection.origin = Origin::Demo;
    let effects = press(&mut app, "F9");
    assert_eq!(sent(&effects), Some(format!("EXPLAIN {QUERY}").as_str()));
    let plan = r#"{"plan":[{"condition":"e.type == 'a'","foundBy":"type"}],"events":5000,"read":20,"rows":1,"threads":4,"seconds":0.0015}"#;
    rows(&mut app, &[plan]);
    answer(&mut app, Reply::Queried(Ok(())), at(410));
    insta::assert_snapshot!("query_plan_demo_80x24", screen(&mut app, 80, 24));
    press(&mut app, "tab E");
    assert_eq!(app.query.tab().face, Face::Table);
}

#[test]
fn a_server_of_our_own_elsewhere_is_asked_as_well() {
    let mut app = app_with(QUERY);
    let mut status = crate::model::status::Status::default();
    status.engine.channel = Some("embedded".into());
    app.world.health.status = Some(status);
    assert_eq!(sent(&press(&mut app, "F9")), Some(format!("EXPLAIN {QUERY}").as_str()));
}

#[test]
fn a_server_decides_for_itself() {
    let mut app = app_with(&format!("explain {QUERY}"));
    let effects = press(&mut app, "F5");
    let query = format!("        {QUERY}");
    assert_eq!(sent(&effects), Some(query.as_str()), "a server does not know the word; places stay");
    rows(&mut app, &["true"]);
    answer(&mut app, Reply::Queried(Ok(())), at(410));
    insta::assert_snapshot!("query_plan_server_80x24", screen(&mut app, 80, 24));
    insta::assert_snapshot!("query_plan_server_40x12", screen(&mut app, 40, 12));
    press(&mut app, "F5");
    answer(&mut app, refused("no", Some(8..14)), at(500));
    assert_eq!(app.query.tab().script.editor().offset(), 8);
}

#[test]
fn a_backup_is_explained_with_what_was_read() {
    let mut app = app_with(QUERY);
    app.world.connection.origin = Origin::File("backup.ndjson".into());
    let effects = press(&mut app, "alt-e");
    assert!(matches!(&effects[0], Effect::Start { call: Call::Local(_), .. }));
    rows(&mut app, &["true"]);
    answer(&mut app, Reply::Read(1), at(10));
    answer(&mut app, Reply::Queried(Ok(())), at(20));
    let text = screen(&mut app, 100, 24);
    assert!(text.contains("events are found by type") && text.contains("1 of 2 events were read, 1 row,"), "{text}");
}
