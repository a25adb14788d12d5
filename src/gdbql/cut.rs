//! Which events a query can do without, told from its WHERE alone: by type, by subject, by time.
//!
//! Whoever has an index of these reads only the events that are kept. Knows nothing of such an index.

use super::ast::{Comparison, Expr, ExprKind, Query, Reach, Span, Step};
use super::eval::instant;
use crate::model::subject::{is_descendant, is_under};

/// What every event must have to pass the WHERE of a query, as far as it can be told without looking at the rest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cut {
    /// One of these types; `None` for any.
    pub types: Option<Vec<String>>,
    /// All of these.
    pub subjects: Vec<Place>,
    /// Stored at this time or later, in nanoseconds since 1970. Events without a time that is understood are kept.
    pub from: Option<i64>,
    /// Stored at this time or earlier.
    pub to: Option<i64>,
    /// The conditions that were used, in their order, and what they tell.
    pub used: Vec<(Span, By)>,
}

/// What a condition of a cut tells of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// Its type.
    Type,
    /// Its subject.
    Subject,
    /// Its time.
    Time,
}

impl By {
    /// In a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Subject => "subject",
            Self::Time => "time",
        }
    }
}

/// Where the subject of an event must stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// It is one of these.
    Among(Vec<String>),
    /// It stands so below this one.
    Within(Reach, String),
}

impl Place {
    /// Whether a subject stands there.
    pub fn holds(&self, subject: &str) -> bool {
        match self {
            Self::Among(subjects) => subjects.iter().any(|one| one == subject),
            Self::Within(Reach::Under, root) => is_under(subject, root),
            Self::Within(Reach::Descendants, root) => is_descendant(subject, root),
        }
    }
}

impl Query {
    /// What can be told of the events that pass the WHERE.
    pub fn cut(&self) -> Cut {
        let mut cut = Cut::default();
        let conditions = match &self.filter {
            Some(Expr { kind: ExprKind::And(items), .. }) => items.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        for condition in conditions {
            if let Some(by) = cut.take(&condition.kind) {
                cut.used.push((condition.span, by));
            }
            // An error comes before whatever stands behind it: nothing there may leave its event out.
            if !never_fails(condition) {
                break;
            }
        }
        cut
    }
}

impl Cut {
    /// Whether nothing can be left out.
    pub fn is_none(&self) -> bool {
        self.used.is_empty()
    }

    /// Whether events of a type are kept.
    pub fn keeps_type(&self, kind: &str) -> bool {
        self.types.as_ref().is_none_or(|types| types.iter().any(|one| one == kind))
    }

    /// Whether events of a subject are kept.
    pub fn keeps_subject(&self, subject: &str) -> bool {
        self.subjects.iter().all(|place| place.holds(subject))
    }

    /// Whether an event of a time is kept; `None` for one without a time that is understood.
    pub fn keeps_time(&self, time: Option<i64>) -> bool {
        let Some(time) = time else { return true };
        self.from.is_none_or(|from| time >= from) && self.to.is_none_or(|to| time <= to)
    }

    /// Use a condition, if it is of use; tells how.
    fn take(&mut self, condition: &ExprKind) -> Option<By> {
        match condition {
            ExprKind::Compare(comparison, left, right) => match (field(left), field(right)) {
                (Some(name), None) => self.compare(name, *comparison, right),
                (None, Some(name)) => self.compare(name, turned(*comparison), left),
                _ => None,
            },
            ExprKind::In(value, list) => self.among(field(value)?, texts(list)?),
            ExprKind::Between(value, low, high) => {
                // Both sides are of use on their own, and each is needed.
                let low = self.compare(field(value)?, Comparison::GreaterOrEqual, low);
                self.compare(field(value)?, Comparison::LessOrEqual, high).or(low)
            }
            ExprKind::Within(reach, value, root) => match (field(value), &root.kind) {
                (Some("subject"), ExprKind::Text(root)) => {
                    self.subjects.push(Place::Within(*reach, root.clone()));
                    Some(By::Subject)
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn compare(&mut self, name: &str, comparison: Comparison, with: &Expr) -> Option<By> {
        let ExprKind::Text(text) = &with.kind else { return None };
        if name != "time" {
            return (comparison == Comparison::Equal).then(|| self.among(name, vec![text.clone()]))?;
        }
        let time = instant(text)?;
        let later = |from: &mut Option<i64>| *from = Some(from.map_or(time, |from| from.max(time)));
        let earlier = |to: &mut Option<i64>| *to = Some(to.map_or(time, |to| to.min(time)));
        match comparison {
            Comparison::Greater | Comparison::GreaterOrEqual => later(&mut self.from),
            Comparison::Less | Comparison::LessOrEqual => earlier(&mut self.to),
            Comparison::Equal => {
                later(&mut self.from);
                earlier(&mut self.to);
            }
            Comparison::NotEqual => return None,
        }
        Some(By::Time)
    }

    fn among(&mut self, name: &str, texts: Vec<String>) -> Option<By> {
        match name {
            "type" => {
                match &mut self.types {
                    Some(types) => types.retain(|kind| texts.contains(kind)),
                    types => *types = Some(texts),
                }
                Some(By::Type)
            }
            "subject" => {
                self.subjects.push(Place::Among(texts));
                Some(By::Subject)
            }
            _ => None,
        }
    }
}

/// The name of the event's own field that an expression is.
fn field(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Path(steps) => match steps.as_slice() {
            [Step::Key(name)] => Some(name),
            _ => None,
        },
        _ => None,
    }
}

/// The texts of a list of nothing but texts.
fn texts(list: &Expr) -> Option<Vec<String>> {
    let ExprKind::List(items) = &list.kind else { return None };
    items.iter().map(|item| if let ExprKind::Text(text) = &item.kind { Some(text.clone()) } else { None }).collect()
}

fn turned(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        same @ (Comparison::Equal | Comparison::NotEqual) => same,
    }
}

/// Whether a condition is true or false for every event: a comparison of what is simply there.
fn never_fails(condition: &Expr) -> bool {
    match &condition.kind {
        ExprKind::Bool(_) => true,
        ExprKind::Compare(_, left, right) | ExprKind::Within(_, left, right) => is_plain(left) && is_plain(right),
        ExprKind::Between(value, low, high) => is_plain(value) && is_plain(low) && is_plain(high),
        ExprKind::In(value, list) => {
            let plain = |items: &[Expr]| items.iter().all(is_plain);
            is_plain(value) && matches!(&list.kind, ExprKind::List(items) if plain(items))
        }
        _ => false,
    }
}

fn is_plain(expr: &Expr) -> bool {
    use ExprKind::{Bool, Null, Number, Path, Text};
    matches!(expr.kind, Null | Bool(_) | Number(_) | Text(_) | Path(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gdbql::parse;

    fn cut(condition: &str) -> Cut {
        parse(&format!("STREAM e FROM events WHERE {condition}")).unwrap().cut()
    }

    #[test]
    fn types_subjects_and_times_cut() {
        let found = cut("e.type == 'a' AND e.data.x > 1 AND e.subject UNDER '/c' AND '2024-01-01' <= e.time");
        assert_eq!(found.types, Some(vec!["a".to_owned()]));
        assert_eq!(found.subjects, [Place::Within(Reach::Under, "/c".to_owned())]);
        assert_eq!((found.from, found.to, found.used.len()), (Some(1_704_067_200_000_000_000), None, 3));
        let found = cut("e.type IN ('a', 'b') AND e.type IN ('b', 'c') AND e.subject == '/x'");
        assert_eq!(found.types, Some(vec!["b".to_owned()]));
        assert!(found.keeps_subject("/x") && !found.keeps_subject("/x/y"));
        let found = cut("e.time BETWEEN '2024-01-01' AND '2024-01-02'");
        assert!(
            !found.keeps_time(Some(0)) && found.keeps_time(Some(1_704_067_200_000_000_000)) && found.keeps_time(None)
        );
    }

    #[test]
    fn what_may_fail_or_hold_otherwise_does_not() {
        for condition in ["e.type == 'a' OR e.data.x == 1", "NOT e.type == 'a'", "e.type != 'a'", "e.data.type == 'a'"]
        {
            assert!(cut(condition).is_none(), "{condition}");
        }
        // The first condition may fail, which an event must be there for.
        assert!(cut("e.data.flag AND e.type == 'a'").is_none());
        assert_eq!(cut("e.type == 'a' AND e.data.flag AND e.subject == '/x'").used.len(), 1);
    }
}
