//! How a query was run: which conditions left events out, what was read, on how many threads.
//!
//! Plain data, and the words for it; the same on the screen, on the command line and in the answer of a server.

use super::Report;
use crate::gdbql::{By, Query};
use crate::model::json::{Json, push_quoted};
use std::fmt::Write;
use std::time::Duration;

/// How a query was run, or is run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The conditions of the WHERE, in their order.
    pub conditions: Vec<Planned>,
    /// How many events there were.
    pub events: u64,
    /// How many of them were read.
    pub read: u64,
    /// How many rows came of them.
    pub rows: u64,
    /// On how many threads.
    pub threads: usize,
    /// How long it took.
    pub took: Duration,
}

/// A condition, and what it was good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// As it was written.
    pub text: String,
    /// By what events were left out without being read. Other conditions are looked at in each event that is.
    pub cuts: Option<By>,
}

impl Plan {
    /// By what a loaded log tells events apart.
    pub const LOG: [By; 3] = [By::Type, By::Subject, By::Time];
    /// By what the embedded store tells events apart.
    pub const STORE: [By; 2] = [By::Type, By::Subject];

    /// What is known of a query before it is run, where events can be told apart by these without being read.
    pub fn of(query: &Query, text: &str, index: &[By]) -> Self {
        let used = query.cut().used;
        let planned = |span: crate::gdbql::ast::Span| {
            let by = used.iter().find(|(of, _)| (of.start, of.end) == (span.start, span.end)).map(|(_, by)| *by);
            let text = text.get(span.start..span.end).unwrap_or_default();
            Planned { text: one_line(text), cuts: by.filter(|by| index.contains(by)) }
        };
        let conditions = query.conditions().into_iter().map(planned).collect();
        Self { conditions, threads: super::threads(), ..Self::default() }
    }

    /// The same with what came of it.
    #[must_use]
    pub fn ran(self, events: u64, report: Report, rows: u64, took: Duration) -> Self {
        Self { events, read: report.events, rows, took, ..self }
    }

    /// What each condition does, a sentence each.
    pub fn steps(&self) -> Vec<String> {
        let cuts = self.conditions.iter().filter_map(|condition| Some((condition, condition.cuts?)));
        let mut steps: Vec<String> = cuts
            .map(|(condition, by)| format!("{}: events are found by {}, without being read", condition.text, by.name()))
            .collect();
        let rest = self.conditions.iter().filter(|condition| condition.cuts.is_none());
        steps.extend(rest.map(|condition| format!("{}: looked at in each event that is read", condition.text)));
        if self.conditions.is_empty() {
            steps.push("no WHERE: every event is read".to_owned());
        }
        steps
    }

    /// The plan that a line of JSON tells, as [`Plan::json`] writes it.
    pub fn parse(line: &str) -> Option<Self> {
        let json = Json::parse(line).ok()?;
        let number = |name: &str| json.get(name)?.text().parse::<u64>().ok();
        let condition = |item: Json<'_>| {
            let found_by = item.get("foundBy").and_then(Json::as_str);
            let cuts = Self::LOG.into_iter().find(|by| found_by.as_deref() == Some(by.name()));
            Some(Planned { text: item.get("condition")?.as_str()?.into_owned(), cuts })
        };
        Some(Self {
            conditions: json.get("plan")?.items().map(condition).collect::<Option<_>>()?,
            events: number("events")?,
            read: number("read")?,
            rows: number("rows")?,
            threads: usize::try_from(number("threads")?).ok()?,
            took: Duration::try_from_secs_f64(json.get("seconds")?.as_f64()?).ok()?,
        })
    }

    /// The plan as one line of JSON.
    pub fn json(&self) -> String {
        let mut out = String::from("{\"plan\":[");
        for (nth, condition) in self.conditions.iter().enumerate() {
            out.push_str(if nth > 0 { ",{\"condition\":" } else { "{\"condition\":" });
            push_quoted(&mut out, &condition.text);
            let found_by = condition.cuts.map_or_else(|| "null".to_owned(), |by| format!("\"{}\"", by.name()));
            let _ = write!(out, ",\"foundBy\":{found_by}}}");
        }
        let Self { events, read, rows, threads, took, .. } = self;
        let seconds = took.as_secs_f64();
        let _ = write!(
            out,
            "],\"events\":{events},\"read\":{read},\"rows\":{rows},\"threads\":{threads},\"seconds\":{seconds:.6}}}"
        );
        out
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gdbql::parse;

    #[test]
    fn says_what_each_condition_does() {
        let text = "STREAM e FROM events WHERE e.type == 'a'\n  AND e.data.x\n > 1 AND e.time > '2024-01-01'";
        let plan = Plan::of(&parse(text).unwrap(), text, &[By::Type, By::Subject]);
        let cuts: Vec<_> = plan.conditions.iter().map(|planned| (planned.text.as_str(), planned.cuts)).collect();
        assert_eq!(cuts, [("e.type == 'a'", Some(By::Type)), ("e.data.x > 1", None), ("e.time > '2024-01-01'", None)]);
        assert_eq!(plan.steps()[0], "e.type == 'a': events are found by type, without being read");
        let report = Report { events: 7, broken: 0 };
        let plan = plan.ran(100, report, 3, Duration::from_millis(2));
        let json = plan.json();
        assert_eq!(Plan::parse(&json), Some(plan));
        assert_eq!(Plan::parse("{}"), None);
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(
            (&value["events"], &value["read"], &value["plan"][0]["foundBy"]),
            (&100.into(), &7.into(), &"type".into())
        );
        assert!(value["plan"][1]["foundBy"].is_null());
    }

    #[test]
    fn without_a_condition_everything_is_read() {
        let text = "STREAM e FROM events";
        assert_eq!(Plan::of(&parse(text).unwrap(), text, &[]).steps(), ["no WHERE: every event is read"]);
    }
}
