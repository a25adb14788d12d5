//! What must hold for every text that can be typed.

use super::*;
use crate::model::json::quote;
use proptest::prelude::*;

/// A JSON object in any layout, of one or several lines.
fn payload() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        "-?[1-9][0-9]{0,30}(\\.[0-9]{1,9})?([eE][+-]?[0-9]{1,3})?",
        "[ -~é美😀]{0,12}".prop_map(|text| quote(&text)),
        Just("\"\\ud83d\\u0007\"".to_owned()),
        Just("[ null,true,{ } ]".to_owned()),
    ];
    let member =
        ("[a-z\"\\\\]{0,3}", "[ \n]{0,3}", value).prop_map(|(key, gap, value)| format!("{}:{gap}{value}", quote(&key)));
    (prop::collection::vec(member, 0..5), "[ \n]{0,4}")
        .prop_map(|(members, gap)| format!("{{{gap}{}{gap}}}", members.join(&format!("{gap},"))))
}

fn line() -> impl Strategy<Value = String> {
    "[!-~é美😀][ -~é美😀]{0,20}"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_typed_is_sent_byte_for_byte(
        source in line(), segment in "[a-z0-9 \"\\\\é美]{1,9}", kind in line(), data in payload(), erasable: bool,
    ) {
        let subject = format!("/s/{segment}");
        let mut stage = opened();
        let app = &mut stage.app;
        app.commit.events[0].source.replace("");
        app.commit.events[0].data.replace("");
        stage.keys("shift-tab").text(&source).keys("tab").text(&subject).keys("tab").text(&kind).keys("tab");
        // The Enter key indents; what is pasted is taken as it is.
        stage.send(Msg::Paste(data.clone())).keys("tab");
        if erasable {
            stage.keys("space");
        }
        stage.keys("ctrl-s y");
        let body = serde_json::to_string(committed(&stage).expect("it was sent")).unwrap();
        let options = if erasable { ",\"options\":{\"storeDataAsReference\":true}" } else { "" };
        prop_assert_eq!(body, format!(
            "{{\"events\":[{{\"source\":{},\"subject\":{},\"type\":{},\"data\":{data}{options}}}]}}",
            serde_json::to_string(&source).unwrap(),
            serde_json::to_string(&subject).unwrap(),
            serde_json::to_string(&kind).unwrap(),
        ));
    }

    #[test]
    fn nothing_typed_is_lost_and_nothing_panics(
        texts in prop::collection::vec("[ -~é美\n]{0,15}", 6..7), keys in prop::collection::vec(0usize..12, 0..12),
    ) {
        const KEYS: [&str; 12] = [
            "tab", "shift-tab", "up", "down", "alt-a", "alt-p", "alt-left", "alt-f", "ctrl-s", "esc", "right", "ctrl-space",
        ];
        let mut stage = opened();
        let mut texts = texts.into_iter();
        for key in keys {
            stage.keys(KEYS[key]);
            if stage.app.overlays.is_empty() && stage.app.typing() {
                let text = texts.next().unwrap_or_default();
                let before = stage.app.commit.events.len();
                stage.send(Msg::Paste(text));
                prop_assert_eq!(stage.app.commit.events.len(), before);
            } else {
                stage.keys("n");
            }
            for (width, height) in [(1, 1), (9, 5), (40, 12), (80, 24), (130, 30)] {
                stage.screen(width, height);
            }
        }
        let written: Vec<_> = stage.app.commit.events.iter().map(|event| event.texts()).collect();
        stage.keys("alt-1 alt-4 alt-3 alt-4");
        let later: Vec<_> = stage.app.commit.events.iter().map(|event| event.texts()).collect();
        prop_assert_eq!(written, later);
    }
}
