//! One precondition as it is being written, and whether it holds now. Knows nothing of the events.

use super::check::{self, Problem};
use super::written::Written;
use crate::app::editor::Editor;
use crate::app::line::TypedLine;
use crate::app::message::Failure;
use crate::model::json::{Kind, quote};
use crate::model::request::{IS_QUERY_RESULT_TRUE, IS_SUBJECT_EXISTING, IS_SUBJECT_NEW, Precondition};
use crate::model::subject;
use serde_json::value::RawValue;

/// What is written: a subject, a query, or the whole precondition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConditionKind {
    /// Neither the subject nor a descendant has events.
    SubjectNew,
    /// The subject or a descendant has events.
    SubjectExisting,
    /// Every row of a query is true.
    QueryTrue,
    /// Any other, as JSON.
    Raw,
}

const KINDS: [ConditionKind; 4] =
    [ConditionKind::SubjectNew, ConditionKind::SubjectExisting, ConditionKind::QueryTrue, ConditionKind::Raw];

impl ConditionKind {
    /// Its name, as it is sent where there is one.
    pub fn name(self) -> &'static str {
        match self {
            Self::SubjectNew => IS_SUBJECT_NEW,
            Self::SubjectExisting => IS_SUBJECT_EXISTING,
            Self::QueryTrue => IS_QUERY_RESULT_TRUE,
            Self::Raw => "raw JSON",
        }
    }

    /// The one so many further, round and round.
    #[must_use]
    pub fn turn(self, by: usize) -> Self {
        let at = KINDS.iter().position(|kind| *kind == self).unwrap_or(0);
        KINDS[(at + by) % KINDS.len()]
    }
}

/// Whether a precondition holds, as far as it was tried.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Verdict {
    /// It was not tried: it is not complete, or it was written just now.
    #[default]
    Untried,
    /// It is being tried.
    Trying,
    /// What came of it. A stale one is of before the last change.
    Known {
        /// Whether it holds, or why that cannot be told.
        result: Result<bool, Failure>,
        /// Whether something has changed since.
        stale: bool,
    },
}

/// A precondition as it is being written. Each kind of text is kept while another kind is shown.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Which text counts.
    pub kind: ConditionKind,
    /// Whether it holds now.
    pub verdict: Verdict,
    subject: TypedLine,
    query: Editor,
    raw: Editor,
    start: (ConditionKind, String, String, String),
}

impl Condition {
    /// A precondition that starts from the subject of an event.
    pub fn new(subject: &str) -> Self {
        let subject = if subject.is_empty() { "/" } else { subject };
        let query = format!("STREAM e FROM events WHERE e.subject UNDER {} MAP COUNT() == 0", quote(subject));
        let raw = format!("{{\"type\":\"{IS_SUBJECT_NEW}\",\"payload\":{{\"subject\":{}}}}}", quote(subject));
        let mut new = Self {
            kind: ConditionKind::SubjectNew,
            verdict: Verdict::Untried,
            subject: TypedLine::new(subject),
            query: Editor::new(&query),
            raw: Editor::new(&raw),
            start: (ConditionKind::SubjectNew, String::new(), String::new(), String::new()),
        };
        new.start = new.texts();
        new
    }

    /// The kind and the texts, to compare what stands here with what stood here.
    pub fn texts(&self) -> (ConditionKind, String, String, String) {
        (self.kind, self.subject.text().to_owned(), self.query.text(), self.raw.text())
    }

    /// Whether it is as it was when it was added.
    pub fn is_untouched(&self) -> bool {
        self.texts() == self.start
    }

    /// The text that counts.
    pub fn text(&self) -> String {
        self.editor().map_or_else(|| self.subject.text().to_owned(), Editor::text)
    }

    /// The text that counts, if it is a line.
    pub fn line(&self) -> Option<&TypedLine> {
        self.is_line().then_some(&self.subject)
    }

    /// The text that counts, if it can have many lines.
    pub fn editor(&self) -> Option<&Editor> {
        match self.kind {
            ConditionKind::SubjectNew | ConditionKind::SubjectExisting => None,
            ConditionKind::QueryTrue => Some(&self.query),
            ConditionKind::Raw => Some(&self.raw),
        }
    }

    /// The text that counts, to change it, if it can have many lines.
    pub(super) fn editor_mut(&mut self) -> Option<&mut Editor> {
        match self.kind {
            ConditionKind::SubjectNew | ConditionKind::SubjectExisting => None,
            ConditionKind::QueryTrue => Some(&mut self.query),
            ConditionKind::Raw => Some(&mut self.raw),
        }
    }

    /// The text that counts, to change it.
    pub(super) fn written(&mut self) -> &mut dyn Written {
        match self.kind {
            ConditionKind::SubjectNew | ConditionKind::SubjectExisting => &mut self.subject,
            ConditionKind::QueryTrue => &mut self.query,
            ConditionKind::Raw => &mut self.raw,
        }
    }

    /// Whether its text has one line only.
    pub fn is_line(&self) -> bool {
        matches!(self.kind, ConditionKind::SubjectNew | ConditionKind::SubjectExisting)
    }

    /// The file extension of its text, for `$EDITOR`.
    pub fn extension(&self) -> &'static str {
        match self.kind {
            ConditionKind::QueryTrue => "gdbql",
            ConditionKind::Raw => "json",
            _ => "txt",
        }
    }

    /// What may be wrong with it, though it can be sent.
    pub fn warning(&self) -> Option<Problem> {
        (self.kind == ConditionKind::QueryTrue).then(|| check::query(&self.query.text()))?
    }

    /// The precondition as it is sent.
    ///
    /// # Errors
    /// Why it cannot be sent as it is.
    pub fn to_precondition(&self) -> Result<Precondition, Problem> {
        match self.kind {
            ConditionKind::SubjectNew | ConditionKind::SubjectExisting => {
                let text = self.subject.text();
                // Unlike an event, a precondition may speak of the whole store.
                match subject::problem(text).filter(|_| text != "/") {
                    Some(problem) => Err(Problem::new(problem)),
                    None if self.kind == ConditionKind::SubjectNew => Ok(Precondition::is_subject_new(text)),
                    None => Ok(Precondition::is_subject_existing(text)),
                }
            }
            ConditionKind::QueryTrue if self.query.text().trim().is_empty() => {
                Err(Problem::new("The query is empty. Every row of its result must be true, like … MAP COUNT() == 0."))
            }
            ConditionKind::QueryTrue => Ok(Precondition::is_query_result_true(&self.query.text())),
            ConditionKind::Raw => raw(&self.raw.text()),
        }
    }

    /// Whether what a server says against a commit is about this one.
    pub fn is_blamed(&self, words: &str) -> (bool, bool) {
        let Ok(condition) = self.to_precondition() else { return (false, false) };
        let named = words.contains(&condition.kind);
        let text = condition.member("subject").or_else(|| condition.member("query"));
        (named, text.is_some_and(|text| !text.is_empty() && words.contains(&text)))
    }

    /// What was found out belongs to an earlier text, or to an earlier state of the store.
    pub fn outdated(&mut self) {
        self.verdict = match std::mem::take(&mut self.verdict) {
            Verdict::Known { result, .. } => Verdict::Known { result, stale: true },
            Verdict::Trying | Verdict::Untried => Verdict::Untried,
        };
    }
}

/// A whole precondition: exactly a `type` and a `payload`, the payload kept as it is written.
fn raw(text: &str) -> Result<Precondition, Problem> {
    let json = check::object(text, "The precondition")?;
    if let Some((key, _)) = json.members().find(|(key, _)| !key.is("type") && !key.is("payload")) {
        let name = key.name();
        return Err(Problem::new(format!("A precondition has a type and a payload; {name} is neither.")));
    }
    let kind = json.get("type").filter(|kind| kind.kind() == Kind::String).and_then(|kind| kind.as_str());
    let (Some(kind), Some(payload)) = (kind, json.get("payload")) else {
        return Err(Problem::new("A precondition has a type and a payload: {\"type\": \"…\", \"payload\": {…}}."));
    };
    let payload = RawValue::from_string(payload.text().to_owned())
        .map_err(|error| Problem::new(format!("The payload cannot be sent: {error}.")))?;
    Ok(Precondition { kind: kind.into_owned(), payload })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: ConditionKind, text: &str) -> Result<Precondition, Problem> {
        let mut condition = Condition::new("/a");
        condition.kind = kind;
        condition.written().put(text);
        condition.to_precondition()
    }

    #[test]
    fn each_kind_is_sent_as_the_server_knows_it() {
        let json = |condition: Precondition| serde_json::to_string(&condition).unwrap();
        assert_eq!(
            json(of(ConditionKind::SubjectExisting, "/a b").unwrap()),
            r#"{"type":"isSubjectExisting","payload":{"subject":"/a b"}}"#
        );
        let raw = r#"{"type":"isMoon","payload":{ "phase":1.50 }}"#;
        assert_eq!(json(of(ConditionKind::Raw, raw).unwrap()), raw);
        assert_eq!(of(ConditionKind::QueryTrue, "x").unwrap().member("query").as_deref(), Some("x"));
        assert!(of(ConditionKind::SubjectNew, "/").is_ok());
    }

    #[test]
    fn what_cannot_be_sent_is_said() {
        for (kind, text, words) in [
            (ConditionKind::SubjectNew, "a", "starts with /"),
            (ConditionKind::QueryTrue, " ", "empty"),
            (ConditionKind::Raw, "{", "Line 1, column 2"),
            (ConditionKind::Raw, r#"{"type":1,"payload":{}}"#, "a type and a payload"),
            (ConditionKind::Raw, r#"{"type":"x","payload":{},"more":1}"#, "more is neither"),
        ] {
            let problem = of(kind, text).unwrap_err();
            assert!(problem.text.contains(words), "{}", problem.text);
        }
    }

    #[test]
    fn the_texts_of_other_kinds_are_kept() {
        let mut condition = Condition::new("/a");
        condition.kind = ConditionKind::QueryTrue;
        condition.written().put("mine");
        condition.kind = condition.kind.turn(3).turn(1);
        assert_eq!(condition.text(), "mine");
        assert!(!condition.is_untouched() && Condition::new("/a").is_untouched());
    }
}
