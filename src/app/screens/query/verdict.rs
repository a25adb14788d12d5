//! Whether a query would hold as a precondition, told from its rows while they come.
//!
//! `isQueryResultTrue` holds when there is at least one row and every row is `true`. An empty result does not hold.

use crate::app::rows::Rows;
use crate::model::json::Json;

/// What the rows tell so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    rows: usize,
    /// The first row that is not true.
    other: Option<usize>,
}

impl Verdict {
    /// Look at the rows that have come since.
    pub fn look(&mut self, rows: &Rows) {
        while self.rows < rows.len() {
            let row = rows.get(self.rows).map(Json::trusted);
            if self.other.is_none() && row.and_then(Json::as_bool) != Some(true) {
                self.other = Some(self.rows);
            }
            self.rows += 1;
        }
    }

    /// Whether it holds; `None` while that may still change. `complete` when all rows have come.
    pub fn holds(self, complete: bool) -> Option<bool> {
        match (self.other, complete) {
            (Some(_), _) => Some(false),
            (None, true) => Some(self.rows > 0),
            (None, false) => None,
        }
    }

    /// Why, in words.
    pub fn reason(self, complete: bool) -> String {
        match (self.other, self.rows, complete) {
            (Some(row), ..) => format!("row {} is not true; every row must be", row + 1),
            (None, 0, true) => "no rows, and an empty result does not hold".to_owned(),
            (None, 1, true) => "its only row is true".to_owned(),
            (None, rows, true) => format!("each of its {rows} rows is true"),
            (None, rows, false) => format!("{rows} so far, all true"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(texts: &[&str], complete: bool) -> (Option<bool>, String) {
        let (mut rows, mut verdict) = (Rows::default(), Verdict::default());
        for text in texts {
            rows.append([text].iter().collect());
            verdict.look(&rows);
        }
        (verdict.holds(complete), verdict.reason(complete))
    }

    #[test]
    fn every_row_must_be_true_and_there_must_be_one() {
        assert_eq!(verdict(&["true"], true), (Some(true), "its only row is true".into()));
        assert_eq!(verdict(&["true", "true"], true).0, Some(true));
        assert_eq!(verdict(&["true"], false).0, None);
        let (holds, why) = verdict(&[], true);
        assert!(holds == Some(false) && why.contains("an empty result does not hold"));
        for other in ["false", "1", "\"true\"", "null", "[true]", "{}"] {
            let (holds, why) = verdict(&["true", other], false);
            assert!(holds == Some(false) && why.contains("row 2 is not true"), "{other}: {why}");
        }
    }
}
