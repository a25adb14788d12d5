use super::*;
use proptest::prelude::*;
use serde_json::Value;

/// Any JSON value, with the signs in its texts that scanners stumble over.
pub fn any_json() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<f32>().prop_map(Value::from),
        "[a-z{}\\[\\]\"\\\\,:\né ]{0,30}".prop_map(Value::from),
    ];
    scalar.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec(("[a-z\"{}\\\\]{0,6}", inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

#[test]
fn a_key_with_escapes_is_what_they_say() {
    let json = Json::parse(r#"{"\"":1,"\\\"":2,"\u0061":3}"#).unwrap();
    let texts = ["\"", "\\\"", "a", "\\u0061"].map(|key| json.get(key).map(Json::text));
    assert_eq!(texts, [Some("1"), Some("2"), Some("3"), None]);
}

#[test]
fn finds_values_in_the_text_as_it_stands() {
    let json = Json::parse(
        r#" {"n": 12345678901234567890.10, "a":[1, {"b":"x"}],"s":"Caf\u00e9 \ud83d\ude00","n":null, "": true} "#,
    )
    .unwrap();
    assert_eq!(json.kind(), Kind::Object);
    assert_eq!(json.len(), 5);
    assert_eq!(json.members().next().unwrap().1.text(), "12345678901234567890.10");
    assert_eq!(json.get("n").unwrap().text(), "null");
    assert_eq!(json.get("a").unwrap().item(1).unwrap().get("b").unwrap().as_str().unwrap(), "x");
    assert_eq!(json.get("s").unwrap().as_str().unwrap(), "Café 😀");
    assert_eq!(json.get("").unwrap().as_bool(), Some(true));
    assert_eq!(json.get("missing"), None);
    assert_eq!(json.item(0), None);
}

#[test]
fn a_key_that_stands_there_twice_counts_once() {
    let fields = Json::trusted(r#"{"a":1,"b":2,"\u0061":3}"#).fields();
    let shown: Vec<_> = fields.iter().map(|(name, value)| (&**name, value.text())).collect();
    assert_eq!(shown, [("a", "3"), ("b", "2")]);
}

#[test]
fn says_where_a_text_stops_being_json() {
    for (text, what, at) in [
        ("", "the text ends where a value was expected", 0),
        ("{\"a\":1", "the text ends inside a value", 6),
        ("{a:1}", "expected a key in double quotes", 1),
        ("{\"a\" 1}", "expected `:` after the key", 5),
        ("[1,]", "expected a value", 3),
        ("[1 2]", "expected `,` or `]`", 3),
        ("01", "a number must not start with 0", 0),
        ("1.", "expected a digit", 2),
        ("\"\\x\"", "unknown escape", 1),
        ("\"a\nb\"", "a control character must be escaped", 2),
        ("{} {}", "unexpected text after the value", 3),
        ("tru", "expected `true`", 0),
    ] {
        assert_eq!(Json::parse(text), Err(JsonError { what, at }), "{text}");
    }
}

#[test]
fn refuses_deep_nesting_without_using_the_stack() {
    let deep = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
    assert!(Json::parse(&deep(MAX_DEPTH)).is_ok());
    assert_eq!(Json::parse(&deep(1_000_000)).unwrap_err().what, "nested too deeply");
}

#[test]
fn quotes_what_json_forbids() {
    assert_eq!(quote("a\"\\\n\u{1b}é"), "\"a\\\"\\\\\\n\\u001bé\"");
}

proptest! {
    #[test]
    fn agrees_with_serde_json_on_what_is_json(text in r#"[\[\]{}:,"\\ a0-9.eE+\-tfnrulsx\n]{0,24}"#) {
        let theirs = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
        prop_assert_eq!(Json::parse(&text).is_ok(), theirs, "{}", text);
    }

    #[test]
    fn reads_strings_as_serde_json_does(text in ".*") {
        let written = serde_json::to_string(&text).unwrap();
        prop_assert_eq!(Json::parse(&written).unwrap().as_str().unwrap(), text.clone());
        let ours = quote(&text);
        prop_assert_eq!(serde_json::from_str::<String>(&ours).unwrap(), text);
    }
}
