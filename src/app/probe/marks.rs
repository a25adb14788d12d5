//! Where a probe matches inside an event: what is marked on the screen, and what `n` goes to.
//!
//! Texts and regular expressions are tried against the bytes of the event, so places are told in these bytes. A
//! condition has no place of its own; the values that it names are marked.

use super::{Probe, Way};
use crate::gdbql::ast::{Expr, ExprKind, Step};
use crate::model::json::{Json, Kind};
use std::ops::Range;

/// In longer events, the values that a condition names are not looked up to be marked.
const LONGEST: usize = 1 << 20;

/// More places than this are not told apart in one text.
const MOST: usize = 20_000;

impl Probe {
    /// The places in a text that are marked because of the probe, in order and without overlap. Where the text is no
    /// event but a part of one, a condition has no places.
    pub fn marks(&self, text: &str) -> Vec<Range<usize>> {
        self.first_marks(text, MOST)
    }

    /// No more than so many of them.
    pub fn first_marks(&self, text: &str, most: usize) -> Vec<Range<usize>> {
        match &self.way {
            Way::Text(regex) | Way::Regex(regex) => {
                let places = regex.find_iter(text.as_bytes()).map(|found| found.range());
                places.filter(|range| !range.is_empty()).take(most).collect()
            }
            Way::Condition(condition) if text.len() <= LONGEST => {
                let mut marks = Vec::new();
                named(condition.expr(), &mut |steps| marks.extend(value_at(text, steps)));
                in_order(marks)
            }
            Way::Mention(mention, and) => {
                let mut marks: Vec<_> = mention.places(text).take(most).collect();
                marks.extend(and.iter().flat_map(|probe| probe.first_marks(text, most)));
                in_order(marks)
            }
            Way::Any(probes) => in_order(probes.iter().flat_map(|probe| probe.first_marks(text, most)).collect()),
            Way::Condition(_) | Way::Id(_) => Vec::new(),
        }
    }
}

/// Places in their order; of two that overlap, the first.
fn in_order(mut marks: Vec<Range<usize>>) -> Vec<Range<usize>> {
    marks.sort_by_key(|mark| (mark.start, mark.end));
    marks.dedup_by(|later, earlier| later.start < earlier.end);
    marks
}

/// Every path that an expression names.
fn named(expr: &Expr, tell: &mut dyn FnMut(&[Step])) {
    if let ExprKind::Path(steps) = &expr.kind {
        tell(steps);
    }
    expr.children().into_iter().for_each(|child| named(child, tell));
}

/// Where the value of a path stands in an event; a string's place is without its quotes.
fn value_at(text: &str, steps: &[Step]) -> Option<Range<usize>> {
    let event = Json::trusted(text);
    let value = steps.iter().try_fold(event, |value, step| match step {
        Step::Key(key) => value.get(key),
        Step::Index(index) => value.item(*index),
    })?;
    let start = (value.text().as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    let range = start..start + value.text().len();
    let is_string = value.kind() == Kind::String && range.len() > 2;
    let range = if is_string { range.start + 1..range.end - 1 } else { range };
    (!steps.is_empty() && range.end <= text.len()).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::mention::Mention;
    use std::sync::Arc;

    const LINE: &str = r#"{"subject":"/order/42","type":"t","data":{"total":99.5,"mail":"zoe@x","of":[{"id":"42"}]}}"#;

    fn marked(probe: &Probe) -> Vec<&'static str> {
        probe.marks(LINE).into_iter().map(|range| &LINE[range]).collect()
    }

    #[test]
    fn what_matched_is_marked() {
        let of = |line: &str| marked(&Probe::new(line).unwrap().unwrap());
        assert_eq!(of("ZOE@"), [""; 0]);
        assert_eq!(of("zoe@"), ["zoe@"]);
        assert_eq!(of("/o(rder|f)/"), ["order", "of"]);
        assert_eq!(of("/x*/"), ["x"], "an empty match is no place");
        assert_eq!(of("e.data.total > 1 AND NOT (e.subject UNDER '/x') OR e.data.none == 1"), ["/order/42", "99.5"]);
        assert_eq!(of("e.data.of[0].id == '42' OR e.data.of == 1").len(), 1, "one place inside another is one");
    }

    #[test]
    fn a_value_is_marked_where_it_stands_whole() {
        let mention = |token| Probe::mention(Arc::new(Mention::of(Json::trusted(token)).unwrap()), None);
        assert_eq!(mention("\"42\"").marks(LINE), [19..21, 83..85]);
        assert_eq!(marked(&mention("99.5")), ["99.5"]);
        assert_eq!(marked(&mention("9")), [""; 0]);
    }
}
