//! No text and no event can overflow the stack: nesting ends in an error, long chains are lists.

use super::{rows, rows_of, store};
use crate::gdbql::{Error, format, parse, parse_condition};
use crate::model::json::MAX_DEPTH;

/// Run on the smallest stack that any thread of ours has, cut in half.
fn on_a_small_stack(test: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(1 << 20).spawn(test).unwrap().join().unwrap();
}

fn refused(text: &str) -> Error {
    let error = parse(text).unwrap_err();
    assert!(error.message.contains("nested too deeply"), "{}", error.message);
    error
}

#[test]
fn deep_nesting_is_refused() {
    on_a_small_stack(|| {
        for (open, close) in
            [("(", ")"), ("[", "]"), ("{ a: ", "}"), ("NOT ", ""), ("- ", ""), ("SUM(", ")"), ("1 - (", ")")]
        {
            let text = format!("STREAM e FROM events MAP {}1{}", open.repeat(10_000), close.repeat(10_000));
            let error = refused(&text);
            assert!(error.span.start < open.len() * 300, "{open}: {:?}", error.span);
        }
        refused(&format!("STREAM e FROM events WHERE {}", "e.a IN (".repeat(10_000)));
        refused(&format!("STREAM e FROM events WHERE {}", "(e.a == (1 + 2 * (NOT ".repeat(10_000)));
        assert!(parse_condition(&"(".repeat(100_000)).is_err());
    });
}

#[test]
fn the_deepest_allowed_tree_can_be_used() {
    on_a_small_stack(|| {
        // Each level wraps the inner one in every operator there is.
        let wrap = |inner: String| format!("(1 * {inner} + 1 == 2 AND true OR false)");
        let fits = |levels: usize| parse_condition(&(0..levels).fold("e.a".to_owned(), |text, _| wrap(text))).is_ok();
        let levels = (1..300).take_while(|levels| fits(*levels)).last().unwrap();
        let left = (0..48).fold("e.a".to_owned(), |text, _| format!("(({text}) * 1 + 1 == 2 AND true OR false)"));
        for text in [(0..levels).fold("e.a".to_owned(), |text, _| wrap(text)), left] {
            let query = parse(&format!("STREAM e FROM events WHERE {text} MAP e.data")).unwrap();
            assert_eq!(parse(&format(&query)).as_ref(), Ok(&query));
            drop(query.clone());
            let _ = rows_of(&query, &store(&[("/a", "t", "1")]));
        }
    });
}

#[test]
fn long_chains_are_no_nesting() {
    on_a_small_stack(|| {
        let lines = store(&[("/a", "t", "1")]);
        let sum = vec!["1"; 100_000].join(" + ");
        assert_eq!(rows(&format!("STREAM e FROM events MAP {sum}"), &lines), ["100000"]);
        let all = vec!["e.data == 1"; 100_000].join(" AND ");
        assert_eq!(rows(&format!("STREAM e FROM events WHERE {all} MAP 1"), &lines), ["1"]);
        let any = vec!["e.data == 2"; 100_000].join(" OR ");
        assert_eq!(rows(&format!("STREAM e FROM events WHERE {any} MAP 1"), &lines), [""; 0]);
        let list = vec!["[]"; 100_000].join(",");
        assert_eq!(rows(&format!("STREAM e FROM events MAP [{list}]"), &lines), [format!("[{list}]")]);
        let counts = vec!["COUNT()"; 10_000].join("+");
        assert_eq!(rows(&format!("STREAM e FROM events MAP {counts}"), &lines), ["10000"]);
        let steps = ".a".repeat(100_000);
        assert_eq!(rows(&format!("STREAM e FROM events MAP e{steps}"), &lines), ["null"]);
    });
}

#[test]
fn deep_events_are_compared() {
    on_a_small_stack(|| {
        let deep = |inner: &str| {
            let levels = MAX_DEPTH - 3;
            format!("{}{inner}{}", r#"[{"a":"#.repeat(levels / 2), "}]".repeat(levels / 2))
        };
        let data = format!(r#"{{"x":{},"y":{}}}"#, deep("1"), deep("1.0"));
        let lines = store(&[("/a", "t", &data)]);
        let query = "STREAM e FROM events WHERE e.data.x == e.data.y GROUP BY e.data.x MAP COUNT()";
        assert_eq!(rows(query, &lines), ["1"]);
    });
}
