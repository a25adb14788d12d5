//! JSON laid out for people: line breaks and indentation only. Numbers, strings, the order of keys and keys that stand
//! there twice are taken over as they are written.

use super::Json;
use super::scan::{self, NoJson};

/// The value on several lines, two spaces a level. One pass over the text, whatever its depth.
pub fn pretty(json: Json<'_>) -> String {
    let (text, mut out) = (json.text(), String::with_capacity(json.text().len() * 2));
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (0, 0usize);
    while let Some(byte) = bytes.get(at) {
        let start = at;
        at += 1;
        match byte {
            b' ' | b'\n' | b'\r' | b'\t' => {}
            b'{' | b'[' => {
                out.push(char::from(*byte));
                let inside = scan::white(bytes, at);
                if matches!(bytes.get(inside), Some(b'}' | b']')) {
                    out.push(if *byte == b'{' { '}' } else { ']' });
                    at = inside + 1;
                } else {
                    depth += 1;
                    new_line(&mut out, depth);
                }
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut out, depth);
                out.push(char::from(*byte));
            }
            b',' => {
                out.push(',');
                new_line(&mut out, depth);
            }
            b':' => out.push_str(": "),
            b'"' => {
                at = scan::string::<NoJson>(bytes, start).unwrap_or(bytes.len());
                out.push_str(text.get(start..at).unwrap_or_default());
            }
            _ => {
                while bytes.get(at).is_some_and(|byte| !b" \n\r\t,:{}[]\"".contains(byte)) {
                    at += 1;
                }
                out.push_str(text.get(start..at).unwrap_or_default());
            }
        }
    }
    out
}

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn laid_out(text: &str) -> String {
        pretty(Json::parse(text).unwrap())
    }

    #[test]
    fn lays_out_and_changes_nothing_else() {
        assert_eq!(
            laid_out(r#"{"b":1.10,"a":[12345678901234567890,{ },[ ]],"b":"x,{\"}"}"#),
            "{\n  \"b\": 1.10,\n  \"a\": [\n    12345678901234567890,\n    {},\n    []\n  ],\n  \"b\": \"x,{\\\"}\"\n}"
        );
        assert_eq!(laid_out(" -1e5 "), "-1e5");
        let deep = format!("{}{}", "[".repeat(super::super::MAX_DEPTH), "]".repeat(super::super::MAX_DEPTH));
        assert!(Json::parse(&laid_out(&deep)).is_ok());
    }

    fn value() -> impl Strategy<Value = String> {
        let scalar = prop_oneof![
            "[-]?[1-9][0-9]{0,24}(\\.[0-9]{1,4})?",
            Just("null".to_owned()),
            Just("true".to_owned()),
            "[ -~é😀]{0,8}".prop_map(|text| super::super::quote(&text)),
        ];
        scalar.prop_recursive(4, 30, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{} ]", items.join(" ,"))),
                prop::collection::vec(("[a-c\"]{0,2}", inner), 0..4).prop_map(|members| {
                    let text: Vec<_> =
                        members.iter().map(|(k, v)| format!("{}:\t{v}", super::super::quote(k))).collect();
                    format!("{{\n{}}}", text.join(","))
                }),
            ]
        })
    }

    /// The text without white space outside of strings.
    fn squeezed(text: &str) -> String {
        let (mut out, mut inside, mut escaped) = (String::new(), false, false);
        for c in text.chars() {
            if inside || !c.is_ascii_whitespace() {
                out.push(c);
            }
            if c == '"' && !escaped {
                inside = !inside;
            }
            escaped = inside && c == '\\' && !escaped;
        }
        out
    }

    proptest! {
        #[test]
        fn only_white_space_differs_and_once_is_enough(text in value()) {
            let once = laid_out(&text);
            prop_assert_eq!(squeezed(&once), squeezed(&text));
            prop_assert_eq!(laid_out(&once), once);
        }
    }
}
