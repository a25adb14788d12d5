//! A shape against what was fed.

use super::*;
use crate::model::json::quote;
use proptest::prelude::*;

fn shape(payloads: &[&str]) -> Shape {
    let mut shape = Shape::default();
    for (at, text) in payloads.iter().enumerate() {
        shape.add(at, Some(at as i64), Some(Json::parse(text).unwrap()));
    }
    shape
}

fn at<'a>(shape: &'a Shape, path: &str) -> (usize, &'a Field) {
    let index = shape.in_order().into_iter().find(|index| shape.path(*index).join(".") == path);
    let index = index.unwrap_or_else(|| panic!("no field {path}"));
    (index, &shape.fields()[index])
}

#[test]
fn tells_fields_types_presence_and_ranges() {
    let shape = shape(&[
        r#"{"total":10,"mail":"a@example.com","items":[{"n":1},{"n":2.5}],"note":null}"#,
        r#"{"total":12345678901234567890,"mail":"b@example.com","items":[]}"#,
        r#"{"total":-1e3,"mail":"a@example.com","items":[{"n":3}],"note":"x"}"#,
    ]);
    let names: Vec<_> = shape.in_order().into_iter().map(|index| shape.path(index).join(".")).collect();
    assert_eq!(names, ["total", "mail", "items", "items.[]", "items.[].n", "note"]);
    let (_, total) = at(&shape, "total");
    assert_eq!(total.types.found(), [(Type::Integer, 2), (Type::Number, 1)]);
    assert_eq!(total.numbers, Some(("-1e3".into(), "12345678901234567890".into())));
    assert_eq!((total.events, total.type_changes), (3, 0));
    let (_, mail) = at(&shape, "mail");
    assert_eq!(mail.format(), Some(Format::Email));
    let examples: Vec<_> = mail.examples().collect();
    assert_eq!(examples, [("\"a@example.com\"", 2), ("\"b@example.com\"", 1)]);
    assert_eq!((mail.distinct(), mail.is_complete(), mail.lengths), ((2, false), true, Some((13, 13))));
    let (_, number) = at(&shape, "items.[].n");
    assert_eq!((number.events, number.types.total()), (2, 3));
    let (index, _) = at(&shape, "note");
    assert!(!shape.is_always_there(index) && shape.is_always_there(at(&shape, "mail").0));
}

#[test]
fn tells_since_when_a_field_is_there_and_when_its_type_changed() {
    let texts: Vec<String> = (0..100)
        .map(|n| {
            let old = if n < 40 { r#","old":1"# } else { "" };
            let new = if n >= 60 { r#","new":{"x":1}"# } else { "" };
            let rare = if n % 10 == 9 { r#","rare":1"# } else { "" };
            let id = if n < 50 { "1".to_owned() } else { r#""1""#.to_owned() };
            format!(r#"{{"id":{id}{old}{new}{rare}}}"#)
        })
        .collect();
    let shape = shape(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    let ordinal = |seen: Option<Seen>| seen.map(|seen| seen.ordinal);
    let told = |path: &str| {
        let (index, _) = at(&shape, path);
        (ordinal(shape.appeared(index)), ordinal(shape.vanished(index)))
    };
    assert_eq!(told("old"), (None, Some(39)));
    assert_eq!(told("new"), (Some(60), None));
    assert_eq!(told("new.x"), (None, None), "it came with the field it stands in");
    assert_eq!(told("rare"), (None, None), "now and then is no news");
    let (_, id) = at(&shape, "id");
    assert_eq!((id.type_changes, id.changes[0].from, id.changes[0].to), (1, Type::Integer, Type::String));
    assert_eq!(id.changes[0].at.position, 50);
}

#[test]
fn is_bounded_whatever_is_fed() {
    let mut shape = Shape::default();
    for n in 0..3_000 {
        let text = format!(r#"{{"k{n}":"{}","deep":{}1{}}}"#, "x".repeat(500 + n), "[".repeat(200), "]".repeat(200));
        shape.add(n, None, Some(Json::parse(&text).unwrap()));
    }
    assert_eq!(shape.fields().len(), MAX_FIELDS + 1);
    assert!(shape.left_out());
    assert!(shape.fields().iter().all(|field| field.examples().all(|(text, _)| text.len() <= 80)));
    let long = format!(r#"{{"{}":1}}"#, "n".repeat(10_000));
    shape.add(0, None, Some(Json::parse(&long).unwrap()));
    assert_eq!(shape.fields().len(), MAX_FIELDS + 1);
    assert!(jsonschema::validator_for(&serde_json::from_str(&shape.to_json_schema("t")).unwrap()).is_ok());
}

#[test]
fn a_key_that_stands_there_twice_is_one_field() {
    let shape = shape(&[r#"{"a":1,"a":"x"}"#, r#"{}"#]);
    assert!(!shape.is_always_there(at(&shape, "a").0));
    assert_eq!(at(&shape, "a").1.events, 1);
}

fn payload() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        "-?[1-9][0-9]{0,20}(\\.[0-9]{1,3})?(e[0-9])?",
        Just("null".to_owned()),
        Just("true".to_owned()),
        "[ -~é]{0,6}".prop_map(|text| quote(&text)),
        Just("\"d8605ee4-9507-4974-8a2a-190baaea2b50\"".to_owned()),
        "[a-z.]{1,4}@[a-z-]{1,3}\\.[a-z]{1,3}".prop_map(|text| quote(&text)),
        "20[0-9]{2}-(0[1-9]|1[0-9])-[0-3][0-9]T[0-2][0-9]:[0-6]0:[0-6]0(\\.[0-9]{1,9})?(Z|z|[+-]0[0-9]:30)"
            .prop_map(|text| quote(&text)),
        "https?://[a-z.-]{1,6}(:[0-9]{0,5})?/[a-z%\\[#?&]{0,3}".prop_map(|text| quote(&text)),
    ];
    scalar.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec(("(\\[\\]|[a-c$\"]{0,2})", inner), 0..4).prop_map(|members| {
                let text: Vec<_> = members.iter().map(|(key, value)| format!("{}:{value}", quote(key))).collect();
                format!("{{{}}}", text.join(","))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn the_schema_accepts_everything_that_was_fed(payloads in prop::collection::vec(payload(), 1..12)) {
        let texts: Vec<_> = payloads.iter().map(String::as_str).collect();
        let shape = shape(&texts);
        let schema: serde_json::Value = serde_json::from_str(&shape.to_json_schema("a \"title\"")).unwrap();
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
        for text in texts {
            let value: serde_json::Value = serde_json::from_str(text).unwrap();
            prop_assert!(validator.is_valid(&value), "{} is refused by {}", text, schema);
        }
    }
}
