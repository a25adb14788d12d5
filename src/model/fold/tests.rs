use super::*;
use proptest::prelude::*;
use serde_json::Value as Naive;

fn folded(payloads: &[&str]) -> State {
    let mut state = State::default();
    for (number, data) in (0u32..).zip(payloads) {
        state.merge(Json::parse(data).unwrap(), number);
    }
    state
}

fn data(path: &str) -> Path {
    path.split('.').fold(Path::default(), |path, key| path.key(key))
}

#[test]
fn texts_and_the_order_of_keys_stay_and_null_removes() {
    let state = folded(&[
        r#"{"total":12345678901234567890.10,"address":{"street":"Crime Alley 8","city":"Gotham"},"tags":[1,null]}"#,
        r#"{"address":{"street":"Mountain Drive 1007","geo":{"lat":1.50,"gone":null}},"none":null}"#,
        r#"{"tags":null,"total":12345678901234567890.10}"#,
    ]);
    assert_eq!(
        state.root().value.to_json().unwrap(),
        r#"{"total":12345678901234567890.10,"address":{"street":"Mountain Drive 1007","city":"Gotham","geo":{"lat":1.50}}}"#
    );
    assert_eq!(state.value(&data("address").key("geo")).unwrap(), r#"{"lat":1.50}"#);
    let items = folded(&[r#"{"items":[{"n":1},{"n":2.0}]}"#]);
    assert_eq!(items.value(&data("items").index(1).key("n")).unwrap(), "2.0");
    assert_eq!((state.value(&data("tags")), items.value(&data("items").index(2))), (None, None));
    let set_by = |path: &str| state.field(&data(path)).map(|field| field.set_by);
    assert_eq!(set_by("total"), Some(0), "saying it again is no change");
    assert_eq!((set_by("address"), set_by("address.city"), set_by("address.street")), (Some(1), Some(0), Some(1)));
    assert_eq!(set_by("none"), None);
    let tags = state.field(&data("tags")).unwrap();
    assert_eq!((&tags.value, tags.set_by), (&Value::Removed, 2), "what was removed is remembered");
    assert_eq!((state.root().set_by, State::default().root().value.to_json()), (2, None));
}

#[test]
fn a_payload_that_is_no_object_replaces_everything() {
    assert_eq!(folded(&[r#"{"a":1}"#, "[1,{\"b\":null}]"]).root().value.to_json().unwrap(), "[1,{\"b\":null}]");
    assert_eq!(folded(&["[1]", r#"{"a":{"b":null}}"#]).root().value.to_json().unwrap(), r#"{"a":{}}"#);
}

#[test]
fn erased_payloads_are_told_apart() {
    for (text, blank) in [
        ("{}", Some(Blank::Empty)),
        (r#"{"name":"","address":{"city":""}}"#, Some(Blank::Keys)),
        (r#"{"name":"","age":0}"#, None),
        ("[]", None),
        ("\"\"", None),
    ] {
        assert_eq!(Blank::of(Json::trusted(text)), blank, "{text}");
    }
    let state = folded(&[r#"{"name":"Zoë","city":"Kraków"}"#, r#"{"name":""}"#, "{}"]);
    assert!(state.field(&data("name")).unwrap().erased && !state.field(&data("city")).unwrap().erased);
}

#[test]
fn depth_is_bounded() {
    let deep = |value: &str| format!("{}{value}{}", r#"{"a":"#.repeat(500), "}".repeat(500));
    let state = folded(&[&deep("1"), &deep("2")]);
    assert_eq!(state.root().value.to_json().unwrap(), deep("2"));
}

/// RFC 7396, section 2, word for word.
fn merge_patch(target: &Naive, patch: &Naive) -> Naive {
    let Some(members) = patch.as_object() else { return patch.clone() };
    let mut target = target.as_object().cloned().unwrap_or_default();
    for (name, value) in members {
        if value.is_null() {
            target.shift_remove(name);
        } else {
            let merged = merge_patch(target.get(name).unwrap_or(&Naive::Null), value);
            target.insert(name.clone(), merged);
        }
    }
    Naive::Object(target)
}

fn payload() -> impl Strategy<Value = Naive> {
    let scalar = prop_oneof![3 => Just(Naive::Null), 3 => (0i64..3).prop_map(Naive::from), 1 => Just(Naive::from(""))];
    scalar.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..3).prop_map(Naive::from),
            4 => prop::collection::hash_map("[a-c]", inner, 0..4).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

/// The value at a path of a naive state.
fn at<'a>(state: &'a Option<Naive>, path: &Path) -> Option<&'a Naive> {
    path.steps().iter().try_fold(state.as_ref()?, |value, step| match step {
        Step::Key(key) => value.get(&**key),
        Step::Index(index) => value.get(*index),
    })
}

fn check_set_by(field: &Field, path: &Path, states: &[Option<Naive>]) -> Result<(), TestCaseError> {
    let now = states.len() - 1;
    let last = (0..now).rev().find(|event| at(&states[*event], path) != at(&states[*event + 1], path));
    prop_assert_eq!(last, Some(field.set_by as usize), "{}", path);
    prop_assert_eq!(at(&states[now], path).is_some(), field.value != Value::Removed);
    if let Value::Object(fields) = &field.value {
        for field in fields.iter() {
            check_set_by(field, &path.key(&field.name), states)?;
        }
    }
    Ok(())
}

proptest! {
    /// Wherever one goes in a history, the state is the naive one, and each field names the event that changed it.
    #[test]
    fn agrees_with_the_rfc_at_every_point(
        payloads in prop::collection::vec(prop::option::weighted(0.9, payload()), 1..12),
        ways in prop::collection::vec((any::<prop::sample::Index>(), 1usize..1000), 1..8),
    ) {
        let mut states: Vec<Option<Naive>> = vec![None];
        for data in &payloads {
            let last = states.last().cloned().flatten();
            states.push(match data {
                Some(data) => Some(merge_patch(last.as_ref().unwrap_or(&Naive::Null), data)),
                None => last,
            });
        }
        let mut history = History::default();
        for (to, budget) in ways {
            let to = to.index(payloads.len() + 1);
            while !history.seek(to, budget, |at| payloads[at].as_ref().map(Naive::to_string)) {}
            prop_assert_eq!(history.merged(), to);
            for (state, events) in [(history.state(), to), (history.before(), to.saturating_sub(1))] {
                let json = state.root().value.to_json().map(|text| serde_json::from_str::<Naive>(&text).unwrap());
                prop_assert_eq!(&json, &states[events]);
            }
            if history.state().root().value != Value::Removed {
                check_set_by(history.state().root(), &Path::default(), &states[..=to])?;
            }
        }
    }
}

/// A step back merges no more events than lie between two checkpoints.
#[test]
fn a_long_history_is_stepped_through_with_little_work() {
    let mut history = History::default();
    let number = 10_000;
    let read = std::cell::Cell::new(0usize);
    let payload = |at: usize| {
        read.set(read.get() + 1);
        Some(format!(r#"{{"n":{at},"field-{}":{{"by":{at}}}}}"#, at % 97))
    };
    assert!(history.seek(number, usize::MAX, payload));
    assert_eq!(read.replace(0), number);
    for to in (number - 500..number).rev() {
        assert!(history.seek(to, usize::MAX, payload));
        assert!(read.replace(0) <= 512, "a step back to {to}");
        assert_eq!(history.state().field(&data("n")).map(|field| field.set_by as usize), Some(to - 1));
    }
    assert!(history.seek(number - 499, usize::MAX, payload) && read.replace(0) == 1, "a step forwards is one event");
}
