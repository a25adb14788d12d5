use super::*;
use crate::model::path::Step;
use proptest::prelude::*;
use serde_json::Value;

fn told(before: &str, after: &str) -> Vec<String> {
    let (a, b) = (Json::parse(before).unwrap(), Json::parse(after).unwrap());
    diff(&Path::of("data"), Some(a), Some(b))
        .changes
        .iter()
        .map(|change| {
            let text = |json: Option<Json<'_>>| json.map_or("", Json::text).to_owned();
            let sign = match change.kind() {
                ChangeKind::Added => '+',
                ChangeKind::Removed => '-',
                ChangeKind::Changed => '~',
            };
            format!("{sign} {} {} {}", change.path, text(change.before), text(change.after))
        })
        .collect()
}

#[test]
fn tells_fields_by_their_paths() {
    let before = r#"{"city":"Gotham","geo":{"lat":1.10,"lon":2},"tags":["a","b"],"old":null}"#;
    let after = r#"{"tags":["b","c","d"],"geo":{"lon":2,"lat":1.1},"city":"\u0047otham","a-b":{}}"#;
    assert_eq!(
        told(before, after),
        [
            "~ data.geo.lat 1.10 1.1",
            "- data.tags[0] \"a\" ",
            "+ data.tags[1]  \"c\"",
            "+ data.tags[2]  \"d\"",
            "- data.old null ",
            "+ data['a-b']  {}"
        ]
    );
    assert_eq!(told("1", "[1]"), ["~ data 1 [1]"]);
}

#[test]
fn an_item_that_was_put_in_is_one_change() {
    let items = |range: Range<usize>| range.map(|n| format!("{{\"n\":{n}}}")).collect::<Vec<_>>();
    let mut after = items(0..40);
    after.insert(7, r#"{"n":"new"}"#.into());
    after[20] = r#"{"n":"other"}"#.into();
    let (before, after) = (format!("[{}]", items(0..40).join(",")), format!("[ {} ]", after.join(" ,")));
    assert_eq!(told(&before, &after), ["+ data[7]  {\"n\":\"new\"}", "~ data[20].n 19 \"other\""]);
}

#[test]
fn is_bounded_in_number_and_depth() {
    let many = |value: &str| format!("[{}]", vec![value; MAX_CHANGES + 1].join(","));
    let (a, b) = (many("1"), many("2"));
    let found = diff(&Path::default(), Json::parse(&a).ok(), Json::parse(&b).ok());
    assert_eq!((found.changes.len(), found.more), (MAX_CHANGES, true));
    let deep = |value: &str| format!("{}{value}{}", "[".repeat(300), "]".repeat(300));
    let (a, b) = (deep("1"), deep("2"));
    let found = diff(&Path::default(), Json::parse(&a).ok(), Json::parse(&b).ok());
    assert_eq!(found.changes.iter().map(|change| change.path.steps().len()).collect::<Vec<_>>(), [MAX_LEVELS]);
}

#[test]
fn a_value_that_is_not_there_came_or_went_as_a_whole() {
    let json = Json::trusted("{}");
    assert_eq!(diff(&Path::default(), None, Some(json)).changes[0].kind(), ChangeKind::Added);
    assert_eq!(diff(&Path::default(), Some(json), None).changes[0].kind(), ChangeKind::Removed);
    assert!(diff(&Path::default(), None, None).changes.is_empty());
}

fn value() -> impl Strategy<Value = Value> {
    value_with(6)
}

fn value_without_arrays() -> impl Strategy<Value = Value> {
    value_with(0)
}

/// Any value; its arrays have fewer items than this, and with 0 there are no arrays.
fn value_with(items: usize) -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-9i64..9).prop_map(Value::from),
        "[aé\"\\\\]{0,2}".prop_map(Value::from)
    ];
    scalar.prop_recursive(4, 40, 6, move |inner| {
        let object = prop::collection::hash_map("[a-d]{1,2}", inner.clone(), 0..5)
            .prop_map(|map| map.into_iter().collect::<Value>());
        match items {
            0 => object.boxed(),
            _ => prop_oneof![prop::collection::vec(inner, 0..items).prop_map(Value::from), object].boxed(),
        }
    })
}

/// Make the changes on `before`: outer containers first; in each, what went (the last first), what came, what changed.
fn applied(before: &Value, found: &Diff<'_>) -> Value {
    let mut out = before.clone();
    let mut changes: Vec<_> = found.changes.iter().collect();
    let last_index = |change: &Change<'_>| match change.path.steps().last() {
        Some(Step::Index(index)) => *index as isize,
        _ => 0,
    };
    changes.sort_by_key(|change| match change.kind() {
        ChangeKind::Removed => (change.path.steps().len(), 0, -last_index(change)),
        ChangeKind::Added => (change.path.steps().len(), 1, last_index(change)),
        ChangeKind::Changed => (change.path.steps().len(), 2, 0),
    });
    for change in changes {
        let after = change.after.map(|json| serde_json::from_str::<Value>(json.text()).unwrap());
        let Some((last, way)) = change.path.steps().split_last() else { return after.unwrap() };
        let mut at = &mut out;
        for step in way {
            at = match step {
                Step::Key(key) => at.get_mut(&**key).unwrap(),
                Step::Index(index) => at.get_mut(*index).unwrap(),
            };
        }
        match (last, after, change.kind()) {
            (Step::Key(key), None, _) => drop(at.as_object_mut().unwrap().shift_remove(&**key).unwrap()),
            (Step::Key(key), Some(new), _) => drop(at.as_object_mut().unwrap().insert(key.to_string(), new)),
            (Step::Index(index), None, _) => drop(at.as_array_mut().unwrap().remove(*index)),
            (Step::Index(index), Some(new), ChangeKind::Added) => at.as_array_mut().unwrap().insert(*index, new),
            (Step::Index(index), Some(new), _) => at[*index] = new,
        }
    }
    out
}

proptest! {
    /// The changes, made on the one value, give the other; the other way round as many came as went here.
    #[test]
    fn the_changes_lead_from_one_value_to_the_other(a in value(), b in value()) {
        let (before, after) = (serde_json::to_string(&a).unwrap(), serde_json::to_string_pretty(&b).unwrap());
        let (before, after) = (Json::parse(&before).unwrap(), Json::parse(&after).unwrap());
        let found = diff(&Path::default(), Some(before), Some(after));
        prop_assert_eq!(applied(&a, &found), b.clone());
        prop_assert_eq!(same(before, after), a == b);
        prop_assert_eq!(found.changes.is_empty(), a == b);
        let back = diff(&Path::default(), Some(after), Some(before));
        prop_assert_eq!(applied(&b, &back), a);
    }

    /// What came here went on the way back, at the same place. (Arrays can be aligned in several ways.)
    #[test]
    fn the_way_back_has_the_opposite_changes(a in value_without_arrays(), b in value_without_arrays()) {
        let (before, after) = (a.to_string(), b.to_string());
        let (before, after) = (Json::parse(&before).unwrap(), Json::parse(&after).unwrap());
        let mut back = diff(&Path::default(), Some(after), Some(before)).changes;
        back.iter_mut().for_each(|change| std::mem::swap(&mut change.before, &mut change.after));
        let sorted = |mut changes: Vec<Change<'_>>| {
            changes.sort_by_key(|change| change.path.to_string());
            changes.into_iter().map(|change| (change.path.to_string(), change.kind())).collect::<Vec<_>>()
        };
        prop_assert_eq!(sorted(diff(&Path::default(), Some(before), Some(after)).changes), sorted(back));
    }

    #[test]
    fn a_value_does_not_differ_from_itself(a in value()) {
        let (tight, loose) = (serde_json::to_string(&a).unwrap(), serde_json::to_string_pretty(&a).unwrap());
        let (tight, loose) = (Json::parse(&tight).unwrap(), Json::parse(&loose).unwrap());
        prop_assert_eq!(diff(&Path::default(), Some(tight), Some(tight)), Diff::default());
        prop_assert!(same(tight, loose));
    }
}
