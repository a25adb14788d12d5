//! The lines of a data file.
//!
//! Every line is a JSON object whose first member is the SHA-256 of the rest of the line's bytes, from behind the comma
//! to the last brace:
//!
//! ```text
//! {"sum":"…","format":"gdbx store","version":1}                        the first line
//! {"sum":"…","commit":[1,1],"event":{…}}                               an event, the only one of its commit
//! {"sum":"…","commit":[2,3],"salt":"…","event":{…}}                    with a reference payload, second of three
//! {"sum":"…","commit":[1,1],"digest":"…","keys":["email"],"event":{…}} whose payload was erased
//! {"sum":"…","commit":[1,1],"foreign":true,"event":{…}}                that came with a backup
//! {"sum":"…","schema":{"type":"…","schema":{…}}}                       a schema
//! ```
//!
//! The sum tells a line that was changed from one that was not, also where the hash chain cannot: in what the store
//! notes beside an event, and in events whose hashes were computed elsewhere. `commit` makes half a commit visible.

use crate::model::json::{Json, push_quoted};
use crate::model::request::RegisteredSchema;
use crate::store::chain::{self, Payload};
use crate::store::record::Record;

/// The version of this format.
const VERSION: u64 = 1;
const PREFIX: &str = "{\"sum\":\"";
/// Where the part that the sum covers starts.
const BODY: usize = PREFIX.len() + 64 + 2;

/// What a line says.
pub enum Entry {
    /// The first line; which version of the format follows.
    Header(u64),
    /// An event.
    Event(Record),
    /// A schema.
    Schema(RegisteredSchema),
}

/// Append a line whose body `write` appends.
fn push_line(out: &mut String, write: impl FnOnce(&mut String)) {
    let start = out.len();
    out.push_str(PREFIX);
    out.push_str(&"0".repeat(64));
    out.push_str("\",");
    write(out);
    let sum = chain::hex(&chain::sha256(&out.as_bytes()[start + BODY..]));
    out.replace_range(start + PREFIX.len()..start + PREFIX.len() + 64, &sum);
    out.push('\n');
}

/// Append the first line of a file.
pub fn push_header(out: &mut String) {
    push_line(out, |out| out.push_str(&format!("\"format\":\"gdbx store\",\"version\":{VERSION}}}")));
}

/// Append an event.
pub fn push_event(out: &mut String, record: &Record) {
    push_line(out, |out| {
        let (index, of) = record.place;
        out.push_str(&format!("\"commit\":[{index},{of}],"));
        match &record.payload {
            Payload::Inline => {}
            Payload::Reference(salt) => {
                out.push_str("\"salt\":\"");
                chain::push_hex(out, salt);
                out.push_str("\",");
            }
            Payload::Erased(digest) => {
                out.push_str("\"digest\":\"");
                chain::push_hex(out, &**digest);
                out.push_str("\",\"keys\":[");
                for (at, key) in record.keys().iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    push_quoted(out, key);
                }
                out.push_str("],");
            }
        }
        if record.foreign {
            out.push_str("\"foreign\":true,");
        }
        out.push_str("\"event\":");
        out.push_str(record.text());
        out.push('}');
    });
}

/// Append a schema.
pub fn push_schema(out: &mut String, schema: &RegisteredSchema) {
    push_line(out, |out| {
        out.push_str("\"schema\":{\"type\":");
        push_quoted(out, &schema.kind);
        out.push_str(",\"schema\":");
        out.push_str(&schema.schema.get().replace(['\n', '\r'], " "));
        out.push_str("}}");
    });
}

/// A line without its line feed: what it says, and whether its sum holds.
///
/// # Errors
/// Why the line says nothing at all.
pub fn read(line: &[u8]) -> Result<(Entry, bool), &'static str> {
    let text = std::str::from_utf8(line).map_err(|_| "it is no UTF-8")?;
    let sum = text.get(PREFIX.len()..PREFIX.len() + 64).and_then(chain::unhex::<32>);
    let intact = text.starts_with(PREFIX)
        && text.get(BODY - 2..BODY) == Some("\",")
        && sum.is_some_and(|sum| sum == chain::sha256(&line[BODY..]));
    // What carries its own sum was written here and needs no second check of its syntax.
    let json = if intact { Json::trusted(text) } else { Json::parse(text).map_err(|_| "it is no JSON")? };
    Ok((entry(json)?, intact))
}

fn entry(json: Json<'_>) -> Result<Entry, &'static str> {
    let mut members = Members::default();
    for (key, value) in json.members() {
        match &*key.name() {
            "event" => members.event = Some(value),
            "commit" => members.commit = Some(value),
            "salt" => members.salt = Some(value),
            "digest" => members.digest = Some(value),
            "keys" => members.keys = Some(value),
            "foreign" => members.foreign = Some(value),
            "schema" => members.schema = Some(value),
            "version" => members.version = Some(value),
            _ => {}
        }
    }
    if let Some(event) = members.event {
        return members.event(event).map(Entry::Event);
    }
    if let Some(schema) = members.schema {
        return serde_json::from_str(schema.text()).map(Entry::Schema).map_err(|_| "it is no schema");
    }
    match members.version.and_then(|version| version.text().parse().ok()) {
        Some(version) => Ok(Entry::Header(version)),
        None => Err("it is neither an event nor a schema"),
    }
}

#[derive(Default)]
struct Members<'a> {
    event: Option<Json<'a>>,
    commit: Option<Json<'a>>,
    salt: Option<Json<'a>>,
    digest: Option<Json<'a>>,
    keys: Option<Json<'a>>,
    foreign: Option<Json<'a>>,
    schema: Option<Json<'a>>,
    version: Option<Json<'a>>,
}

impl Members<'_> {
    fn event(&self, event: Json<'_>) -> Result<Record, &'static str> {
        let text = |value: Json<'_>| value.as_str().unwrap_or_default().into_owned();
        let payload = match (self.salt, self.digest) {
            (Some(salt), _) => Payload::Reference(chain::unhex(&text(salt)).ok_or("its salt is no salt")?),
            (None, Some(digest)) => {
                Payload::Erased(Box::new(chain::unhex(&text(digest)).ok_or("its digest is no digest")?))
            }
            (None, None) => Payload::Inline,
        };
        let foreign = self.foreign.and_then(Json::as_bool) == Some(true);
        let mut record = Record::from_line(event.text(), payload, foreign).map_err(|_| "its event lacks a field")?;
        record.place = self.place().ok_or("its place in the commit is missing")?;
        match self.keys {
            Some(keys) => Ok(record.with_keys(&keys.items().map(text).collect::<Vec<_>>())),
            None => Ok(record),
        }
    }

    fn place(&self) -> Option<(u32, u32)> {
        let commit = self.commit?;
        let number = |at: usize| commit.item(at)?.text().parse().ok();
        Some((number(0)?, number(1)?))
    }
}

/// The ID of the event in a line that cannot be read, as far as it still stands there.
pub fn salvage_id(line: &[u8]) -> Option<String> {
    let id = match memchr::memmem::find(line, b"\"id\":\"") {
        Some(key) => line[key + 6..].split(|byte| *byte == b'"').next()?,
        // Perhaps it was the key that was hit. The time stands behind the 36 characters of an ID.
        None => line.get(..memchr::memmem::find(line, b"\",\"time\":\"")?)?.last_chunk::<36>()?,
    };
    let id = std::str::from_utf8(id).ok()?;
    (id.len() <= 64 && !id.chars().any(char::is_control)).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::event::NO_PREDECESSOR;
    use crate::store::record::Draft;

    fn record(payload: Payload) -> Record {
        let draft = Draft {
            source: "s",
            subject: "/a/b",
            kind: "t",
            data: r#"{"email":"x","n":1}"#,
            payload,
            id: "i1",
            time: "2025-06-02T15:40:01.188557875Z",
        };
        draft.seal(NO_PREDECESSOR, (2, 3))
    }

    fn round_trip(record: &Record) -> (String, Record) {
        let mut line = String::new();
        push_event(&mut line, record);
        let (Entry::Event(read), true) = read(line.trim_end().as_bytes()).unwrap() else { panic!("{line}") };
        (line, read)
    }

    #[test]
    fn events_survive_their_lines() {
        for payload in [Payload::Inline, Payload::Reference([9; 16])] {
            let record = record(payload.clone());
            let (_, read) = round_trip(&record);
            assert_eq!((read.text(), read.place, &read.payload), (record.text(), (2, 3), &payload));
        }
        let erased = record(Payload::Reference([9; 16])).erase();
        let (line, read) = round_trip(&erased);
        assert_eq!((read.keys(), read.data()), (vec!["email".to_owned(), "n".to_owned()], "{}"));
        assert!(read.hash_holds() && !line.contains("salt"));
    }

    #[test]
    fn any_changed_byte_shows() {
        let mut line = String::new();
        push_event(&mut line, &record(Payload::Reference([9; 16])));
        for at in 0..line.len() - 1 {
            let mut bytes = line.trim_end().as_bytes().to_vec();
            bytes[at] ^= 1;
            assert!(!matches!(read(&bytes), Ok((_, true))), "byte {at}");
        }
        assert_eq!(salvage_id(line.as_bytes()).as_deref(), Some("i1"));
    }
}
