//! Completion: the list at the cursor.

use super::*;

fn offered(app: &App) -> Vec<&str> {
    let popup = app.query.tab().completion.as_ref();
    popup.map_or_else(Vec::new, |popup| popup.found.candidates.iter().map(|c| c.text.as_str()).collect())
}

fn at_end(text: &str) -> App {
    let mut app = app_with(text);
    app.query.tab_mut().script.go_to(text.len());
    app
}

#[test]
fn what_the_store_has_is_offered() {
    let mut app = at_end("STREAM e FROM events WHERE e.data.");
    press(&mut app, "ctrl-space");
    assert_eq!(offered(&app), ["name", "address"]);
    press(&mut app, "down enter");
    assert_eq!(text(&app), "STREAM e FROM events WHERE e.data.address");
    let mut app = at_end("STREAM e FROM events WHERE e.subject UNDER '");
    press(&mut app, "ctrl-space");
    assert_eq!(text(&app), "STREAM e FROM events WHERE e.subject UNDER '/customer");
    press(&mut app, "ctrl-space");
    assert_eq!(offered(&app), ["/customer/1", "/customer/2"]);
    let mut app = at_end("STREAM e FROM events WHERE e.data.address.city == ");
    press(&mut app, "ctrl-space");
    assert_eq!(offered(&app)[0], "'Kraków'");
}

#[test]
fn the_list_follows_what_is_typed() {
    let mut app = at_end("STREAM e FROM events ");
    press(&mut app, "ctrl-space o");
    assert_eq!(offered(&app), ["ORDER BY", "OR"]);
    press(&mut app, "r d");
    assert_eq!(offered(&app), ["ORDER BY"]);
    press(&mut app, "x");
    assert_eq!((offered(&app).len(), app.query.tab().places()), (0, vec![Place::Editor]));
    assert_eq!(text(&app), "STREAM e FROM events ordx");
}

#[test]
fn tab_completes_what_is_half_typed_and_else_leads_to_the_rows() {
    let pane_after_tab = |text: &str| {
        let mut app = at_end(text);
        press(&mut app, "tab");
        (self::text(&app), offered(&app).len(), app.query.tab().pane)
    };
    for (typed, expected, listed) in [
        ("STREAM e FROM events whe", "STREAM e FROM events WHERE", 0),
        ("STREAM e FROM events WHERE e.ty", "STREAM e FROM events WHERE e.type", 0),
        ("STREAM e FROM events MAP COUN", "STREAM e FROM events MAP COUNT()", 0),
        ("STREAM e FROM events MAP e.data.", "STREAM e FROM events MAP e.data.", 2),
        (
            "STREAM e FROM events WHERE e.type == 'io",
            "STREAM e FROM events WHERE e.type == 'io.genesisdb.shop.customer-added",
            0,
        ),
    ] {
        assert_eq!(pane_after_tab(typed), (expected.to_owned(), listed, Pane::Editor), "{typed}");
    }
    for whole in ["", "STREAM e FROM events MAP e", "STREAM e FROM events MAP e.type", "STREAM e FROM events LIMIT 5"] {
        assert_eq!(pane_after_tab(whole), (whole.to_owned(), 0, Pane::Results), "{whole}");
    }
    for whole in [
        "STREAM e FROM events WHERE ",
        "STREAM e FROM events ORDER BY e.time DESC",
        "-- wh",
        "STREAM e FROM events WHERE e.type == 'a'",
    ] {
        assert_eq!(pane_after_tab(whole), (whole.to_owned(), 0, Pane::Results), "{whole}");
    }
    let mut app = at_end("STREAM e FROM events whe");
    press(&mut app, "left left tab");
    assert_eq!(app.query.tab().pane, Pane::Results, "inside a word");
    let mut app = at_end("STREAM e FROM events MAP e.data.");
    press(&mut app, "tab down tab");
    assert_eq!(text(&app), "STREAM e FROM events MAP e.data.address");
}

#[test]
fn what_alone_can_stand_there_is_put_there() {
    let mut app = at_end("STREAM e FROM events WHERE e.type == 'cust");
    press(&mut app, "ctrl-space");
    assert_eq!(text(&app), "STREAM e FROM events WHERE e.type == 'io.genesisdb.shop.customer-added");
    assert!(app.query.tab().completion.is_none());
}

#[test]
fn esc_closes_the_list_only_and_other_commands_do_what_they_do() {
    let mut app = at_end("STREAM e FROM events ");
    press(&mut app, "F5 ctrl-space esc");
    assert!(app.query.tab().completion.is_none() && app.query.is_running());
    let effects = press(&mut app, "ctrl-space F5");
    assert!(app.query.tab().completion.is_none() && sent(&effects).is_some());
    press(&mut app, "ctrl-space left");
    assert!(app.query.tab().completion.is_none(), "the cursor has left the place");
}

#[test]
fn where_nothing_is_known_it_says_so() {
    let mut app = at_end("STREAM e FROM events LIMIT ");
    press(&mut app, "ctrl-space");
    assert_eq!(said(&app), "Nothing is known that could stand here.");
}
