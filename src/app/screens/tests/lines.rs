//! Wherever a line is typed, the same keys do the same.

use super::stage::Stage;
use crate::app::command::Place;
use crate::app::effect::Slot;
use crate::app::message::{Msg, Reply};

/// The ways to every line of the explorer. `V` puts a parameter into the query, `ROWS` answers it.
const WAYS: [(&str, &str); 30] = [
    ("filter of the subjects", "/"),
    ("filter of the events", "tab tab /"),
    ("text in an event", "tab tab enter /"),
    ("go to, of Explore", "@"),
    ("columns", "tab tab C"),
    ("export of events", "tab tab X"),
    ("go to, of time travel", "tab tab t @"),
    ("text in a whole value", "3 F5 ROWS tab enter /"),
    ("filter of the tail", "2 /"),
    ("another subject", "2 s"),
    ("a subject besides", "2 a"),
    ("where to begin", "2 @"),
    ("highlight", "2 h"),
    ("record", "2 R"),
    ("find in the query", "3 ctrl-f"),
    ("name of a tab", "3 alt-r"),
    ("save a query", "3 ctrl-s"),
    ("history", "3 alt-h"),
    ("library", "3 alt-o"),
    ("reference", "3 F1"),
    ("values", "3 V F5"),
    ("seconds", "3 F8"),
    ("filter of the rows", "3 F5 ROWS tab /"),
    ("export of rows", "3 F5 ROWS tab X"),
    ("picture", "3 F5 ROWS tab v X"),
    ("source", "4 tab tab tab tab tab"),
    ("subject", "4"),
    ("type", "4 tab"),
    ("subject of a precondition", "4 alt-p tab"),
    ("palette", ":"),
];

/// A stage on which the line is being typed, and is empty.
fn typing(way: &str) -> Stage {
    let mut stage = Stage::new();
    for key in way.split(' ') {
        match key {
            "3" => drop(stage.keys("3").send(Msg::Paste("STREAM e FROM events MAP 12".into()))),
            "V" => drop(stage.send(Msg::Paste(" == :value".into()))),
            "ROWS" => {
                let slot = Slot::Query(0);
                stage.reply(slot, Reply::Rows([r#"{"text":"a whole value","n":1}"#].into_iter().collect()));
                stage.reply(slot, Reply::Queried(Ok(())));
            }
            key => drop(stage.keys(key)),
        }
    }
    stage.keys("end shift-home delete");
    stage
}

#[test]
fn the_same_keys_do_the_same_in_every_line() {
    for (name, way) in WAYS {
        let mut stage = typing(way);
        assert!(stage.app.typing() && stage.app.places().contains(&Place::Line), "{name}: nothing is typed");
        let shows = |stage: &Stage| {
            let screen = stage.screen(160, 50);
            ["/qx/wx", "/qx/", "qx/wx", "/zx /vx"].map(|text| screen.contains(text))
        };
        stage.text("/qx/wx");
        assert_eq!(shows(&stage), [true, true, true, false], "{name}: typed");
        stage.keys("ctrl-w");
        assert_eq!(shows(&stage), [false, true, false, false], "{name}: a word cleared");
        stage.keys("ctrl-z");
        assert_eq!(shows(&stage), [true, true, true, false], "{name}: taken back");
        stage.keys("ctrl-a delete");
        assert_eq!(shows(&stage), [false, false, true, false], "{name}: without its first sign");
        stage.keys("ctrl-z end ctrl-u");
        assert_eq!(shows(&stage), [false; 4], "{name}: cleared");
        stage.keys("ctrl-y home ctrl-right ctrl-k");
        assert_eq!(shows(&stage), [false; 4], "{name}: put back and cleared behind the first sign");
        stage.keys("ctrl-z end shift-home delete");
        stage.send(Msg::Paste("/zx\r\n/vx\n".into()));
        assert_eq!(shows(&stage), [false, false, false, true], "{name}: pasted");
        stage.keys("ctrl-z alt-z");
        assert_eq!(shows(&stage), [false, false, false, true], "{name}: made again");
    }
}

#[test]
fn the_keys_of_a_line_are_in_the_help_of_every_place_that_has_one() {
    // What lies over the screen has no help of its own.
    let over = ["palette", "text in a whole value"];
    for (name, way) in WAYS.into_iter().filter(|(name, _)| !over.contains(name)) {
        let mut stage = typing(way);
        stage.keys("alt-?");
        let screen = stage.screen(160, 120);
        assert!(screen.contains("In a typed line") && screen.contains("Ctrl-u"), "{name}:\n{screen}");
    }
}

#[test]
fn keys_that_mean_nothing_type_nothing_into_a_filter_that_holds() {
    for way in ["tab tab / o enter", "/ o enter", "2 / o enter", "tab tab enter / n enter"] {
        let mut stage = Stage::new();
        stage.keys(way);
        assert!(!stage.app.typing(), "{way}");
        let before = stage.screen(160, 50);
        stage.keys("% & ctrl-w ctrl-k").send(Msg::Paste("pasted".into()));
        assert_eq!(stage.screen(160, 50), before, "{way}");
    }
}
