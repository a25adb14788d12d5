//! Lists of subjects, types and schemas.
//!
//! v2 sends NDJSON of objects. What v1 sends is not published: NDJSON of objects, NDJSON of strings and one JSON array
//! of either are all accepted. Owns the shapes only.

use super::batch::json;
use crate::model::event::EventError;
use crate::model::json::{Json, Kind};
use crate::model::request::RegisteredSchema;
use serde_json::value::RawValue;

/// The names in a catalogue; `member` holds them when its items are objects: `subject` or `type`.
pub(super) fn names(body: &[u8], member: &str) -> Result<Vec<String>, String> {
    let mut out = Vec::new();
    each(body, &mut |item| {
        let name = item.as_str().or_else(|| item.get(member)?.as_str());
        out.push(name.ok_or_else(|| format!("an item holds no `{member}`"))?.into_owned());
        Ok(())
    })?;
    Ok(out)
}

/// The schemas in a catalogue; one object whose members are types and their schemas is accepted too.
pub(super) fn schemas(body: &[u8]) -> Result<Vec<RegisteredSchema>, String> {
    let mut out = Vec::new();
    let mut push = |kind: String, schema: Json<'_>| {
        let schema = RawValue::from_string(schema.text().to_owned()).map_err(|e| e.to_string())?;
        out.push(RegisteredSchema { kind, schema });
        Ok::<_, String>(())
    };
    each(body, &mut |item| {
        let kind = item.get("type").and_then(Json::as_str);
        match (kind, item.get("schema")) {
            (Some(kind), Some(schema)) => push(kind.into_owned(), schema),
            (None, None) if item.kind() == Kind::Object => {
                item.members().try_for_each(|(kind, schema)| push(kind.name().into_owned(), schema))
            }
            _ => Err("an item holds no `type` and `schema`".to_owned()),
        }
    })?;
    Ok(out)
}

/// Every item: the lines, or those of one array.
fn each(body: &[u8], item: &mut dyn FnMut(Json<'_>) -> Result<(), String>) -> Result<(), String> {
    // A whole body that is one value may be an array that stands on many lines.
    if let Ok(whole) = json(body) {
        return one(whole, item);
    }
    for (number, line) in (1..).zip(body.split(|b| *b == b'\n')) {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let value = json(line).map_err(|e: EventError| format!("line {number}: {e}"))?;
        one(value, item)?;
    }
    Ok(())
}

fn one(value: Json<'_>, item: &mut dyn FnMut(Json<'_>) -> Result<(), String>) -> Result<(), String> {
    match value.kind() {
        Kind::Array => value.items().try_for_each(item),
        Kind::Null => Ok(()),
        _ => item(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_every_shape() {
        for body in [
            "{\"subject\":\"/a\"}\n{\"subject\":\"/b\"}\n",
            "\"/a\"\r\n\"/b\"",
            "[\"/a\", \"/b\"]",
            "[\n {\"subject\":\"/a\"},\n {\"subject\":\"/b\"}\n]\n",
        ] {
            assert_eq!(names(body.as_bytes(), "subject").unwrap(), ["/a", "/b"], "{body}");
        }
        assert!(names(b"", "subject").unwrap().is_empty());
        assert!(names(b"null", "subject").unwrap().is_empty());
        assert!(names(b"<html>", "subject").is_err());
        assert!(names(b"{\"type\":\"x\"}", "subject").is_err());
    }

    #[test]
    fn schemas_keep_their_text() {
        let both = [("t", "{ \"a\":1.0 }"), ("u", "true")];
        for body in [
            "{\"type\":\"t\",\"schema\":{ \"a\":1.0 }}\n{\"type\":\"u\",\"schema\":true}",
            "[{\"type\":\"t\",\"schema\":{ \"a\":1.0 }},{\"type\":\"u\",\"schema\":true}]",
            "{\"t\":{ \"a\":1.0 },\"u\":true}",
        ] {
            let found = schemas(body.as_bytes()).unwrap();
            let found: Vec<_> = found.iter().map(|s| (s.kind.as_str(), s.schema.get())).collect();
            assert_eq!(found, both, "{body}");
        }
        assert!(schemas(b"{\"type\":\"t\"}").is_err());
    }
}
