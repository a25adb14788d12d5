//! What a server is asked of a store that is too large to be read at once: its subjects and types with their counts,
//! where its newest events begin, and where an event is.
//!
//! Owns the queries and the reading of their rows. Servers 1.x document an older form of the language; it is tried where
//! the newer one is not understood.

use super::answer::{Answers, Portions, hand_over};
use crate::api::{Batch, Client, Error, RowStream};
use crate::app::message::{CensusNews, Failure, FailureKind, Reply};
use crate::model::json::{Json, quote};
use crate::model::log::Row;
use crate::model::time;
use crate::model::tree::Counted;

const SUBJECTS: [&str; 2] = [
    "STREAM e FROM events GROUP BY e.subject MAP { subject: e.subject, events: COUNT(), last: MAX(e.time) }",
    "FROM e IN events GROUP BY e.subject PROJECT INTO { subject: e.subject, events: COUNT(), last: MAX(e.time) }",
];
const TYPES: [&str; 2] = [
    "STREAM e FROM events GROUP BY e.type MAP { type: e.type, events: COUNT() }",
    "FROM e IN events GROUP BY e.type PROJECT INTO { type: e.type, events: COUNT() }",
];

/// So many subjects are handed over at once: the app's thread must not be held up by them.
const AT_ONCE: usize = 2_000;

/// More event types than that are not counted: they are a list on the screen.
const MOST_TYPES: usize = 100_000;

/// Ask for the names and counts, and hand them over as they come.
pub async fn census(client: Client, to: Answers) {
    // The catalogue is there at once, and names what the counting takes a while to reach.
    if let Ok(names) = client.subjects().await
        && !to.send(Reply::Census(CensusNews::Subjects(names))).await
    {
        return;
    }
    let result = count(&client, &to).await;
    to.send(Reply::Counted(result)).await;
}

async fn count(client: &Client, to: &Answers) -> Result<(), Failure> {
    let mut subjects = Subjects { to, is_right: true };
    hand_over(ask(client, &SUBJECTS).await?, &mut subjects).await.map_err(failure)?;
    if !subjects.is_right {
        return Err(not_understood());
    }
    let mut types = Types { found: Vec::new(), is_right: true };
    // The types are worth a second question, but the subjects are counted without them.
    if let Ok(rows) = ask(client, &TYPES).await
        && hand_over(rows, &mut types).await.is_ok()
        && types.is_right
    {
        to.send(Reply::Census(CensusNews::Types(types.found))).await;
    }
    Ok(())
}

/// The ID of the first of the newest events at and below a subject, so many; `None` when there are none.
pub async fn newest(client: &Client, subject: &str, events: usize) -> Result<Option<String>, Failure> {
    last_row(client, &newest_forms(subject, events)).await
}

fn newest_forms(subject: &str, events: usize) -> [String; 2] {
    let condition = if subject == "/" { String::new() } else { format!("WHERE e.subject UNDER {} ", quote(subject)) };
    [
        format!("STREAM e FROM events {condition}ORDER BY e.time DESC LIMIT {events} MAP e.id"),
        format!("FROM e IN events {condition}ORDER BY e.time DESC TOP {events} PROJECT INTO e.id"),
    ]
}

/// The subject of the event with an ID; `None` when there is no such event.
pub async fn locate(client: &Client, id: &str) -> Result<Option<String>, Failure> {
    last_row(client, &locate_forms(id)).await
}

fn locate_forms(id: &str) -> [String; 2] {
    let condition = format!("WHERE e.id == {}", quote(id));
    [
        format!("STREAM e FROM events {condition} LIMIT 1 MAP e.subject"),
        format!("FROM e IN events {condition} TOP 1 PROJECT INTO e.subject"),
    ]
}

/// The last row of a query, which is a string.
async fn last_row(client: &Client, queries: &[String; 2]) -> Result<Option<String>, Failure> {
    let mut last = Last::default();
    hand_over(ask(client, queries).await?, &mut last).await.map_err(failure)?;
    if last.is_wrong { Err(not_understood()) } else { Ok(last.text) }
}

/// The rows of the first form of a query that the server understands.
async fn ask(client: &Client, forms: &[impl AsRef<str>; 2]) -> Result<RowStream, Failure> {
    match client.query(forms[0].as_ref()).await {
        Err(error) if error.status() == Some(400) => client.query(forms[1].as_ref()).await.map_err(failure),
        other => other.map_err(failure),
    }
}

fn failure(error: Error) -> Failure {
    // A server that says `not implemented` has no such route, like one that does not know it.
    let is_missing = matches!(error.status(), Some(404 | 405 | 501));
    let failure = Failure::from(error);
    if is_missing { Failure { kind: FailureKind::Unsupported, ..failure } } else { failure }
}

fn not_understood() -> Failure {
    Failure {
        kind: FailureKind::Garbled,
        message: "the rows of its answer are not what was asked for".to_owned(),
        hint: None,
        span: None,
    }
}

struct Subjects<'a> {
    to: &'a Answers,
    is_right: bool,
}

impl Portions for Subjects<'_> {
    async fn take(&mut self, batches: Vec<Batch>) -> bool {
        let rows: Option<Vec<Counted>> = batches.iter().flat_map(Batch::rows).map(|row| counted(row.ok()?)).collect();
        self.is_right &= rows.is_some();
        let Some(mut rows) = rows else { return false };
        while !rows.is_empty() {
            let rest = rows.split_off(rows.len().min(AT_ONCE));
            if !self.to.send(Reply::Census(CensusNews::Counted(std::mem::replace(&mut rows, rest)))).await {
                return false;
            }
        }
        true
    }
}

struct Types {
    found: Vec<(String, u64)>,
    is_right: bool,
}

impl Portions for Types {
    async fn take(&mut self, batches: Vec<Batch>) -> bool {
        for row in batches.iter().flat_map(Batch::rows) {
            let read = |row: Json<'_>| Some((row.get("type")?.as_str()?.into_owned(), number(row)?));
            match row.ok().and_then(read).filter(|_| self.found.len() < MOST_TYPES) {
                Some(row) => self.found.push(row),
                None => self.is_right = false,
            }
        }
        self.is_right
    }
}

/// Keeps the last row.
#[derive(Default)]
struct Last {
    text: Option<String>,
    is_wrong: bool,
}

impl Portions for Last {
    async fn take(&mut self, batches: Vec<Batch>) -> bool {
        if let Some(row) = batches.last().and_then(|batch| batch.rows().last()) {
            self.text = row.ok().and_then(Json::as_str).map(|text| text.into_owned());
            self.is_wrong |= self.text.is_none();
        }
        !self.is_wrong
    }
}

/// A row of the count of subjects.
fn counted(row: Json<'_>) -> Option<Counted> {
    // A time that is not understood is one that is not known: the counts are right without it.
    let last = row.get("last").and_then(Json::as_str).and_then(|last| time::parse(&last)).unwrap_or(Row::NO_TIME);
    Some(Counted { subject: row.get("subject")?.as_str()?.into(), events: number(row)?, last })
}

fn number(row: Json<'_>) -> Option<u64> {
    row.get("events")?.text().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_ones_that_the_language_has() {
        let laid_out = |form: &String| crate::gdbql::format(&crate::gdbql::parse(form).unwrap());
        let fixed = [SUBJECTS, TYPES].map(|forms| forms.map(str::to_owned));
        let made = [newest_forms("/", 5), newest_forms("/o'\"\\n/1", 5), locate_forms("a\"b' OR 1 == 1")];
        for forms in fixed.iter().chain(&made) {
            assert_eq!(laid_out(&forms[0]), laid_out(&forms[1]), "both ask for the same");
        }
    }

    #[test]
    fn a_row_tells_subject_count_and_time_or_is_none() {
        let row = |text: &'static str| counted(Json::trusted(text));
        let counted = row(r#"{"subject":"/a","events":12,"last":"1970-01-01T00:00:00.000000005Z"}"#).unwrap();
        assert_eq!((&*counted.subject, counted.events, counted.last), ("/a", 12, 5));
        assert_eq!(row(r#"{"subject":"/a","events":1,"last":null}"#).unwrap().last, Row::NO_TIME);
        for wrong in [r#"{"subject":"/a"}"#, r#"{"events":1}"#, r#"{"subject":"/a","events":-1}"#, "[]"] {
            assert_eq!(row(wrong), None, "{wrong}");
        }
    }
}
