//! Which event types of the tail are shown: all but some, or only some. By their numbers in the log.

use crate::app::probe::Inside;
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// Which event types are shown.
#[derive(Clone, Debug, Default)]
pub struct KindFilter {
    hidden: FxHashSet<u32>,
    only: FxHashSet<u32>,
}

impl KindFilter {
    /// Whether all of them are shown.
    pub fn is_open(&self) -> bool {
        self.hidden.is_empty() && self.only.is_empty()
    }

    /// Whether a type is shown.
    pub fn shows(&self, kind: u32) -> bool {
        if self.only.is_empty() { !self.hidden.contains(&kind) } else { self.only.contains(&kind) }
    }

    /// Show a type that is not shown, or hide it.
    pub fn toggle(&mut self, kind: u32) {
        let set = if self.only.is_empty() { &mut self.hidden } else { &mut self.only };
        if !set.remove(&kind) {
            set.insert(kind);
        }
    }

    /// Show only this type; all of them when it was the only one.
    pub fn only(&mut self, kind: u32) {
        let was_only = self.only.len() == 1 && self.only.contains(&kind);
        *self = Self::default();
        if !was_only {
            self.only.insert(kind);
        }
    }

    /// In a word or two.
    pub fn words(&self) -> Option<String> {
        match (self.only.len(), self.hidden.len()) {
            (0, 0) => None,
            (0, hidden) => Some(format!("{hidden} type{} hidden", if hidden == 1 { "" } else { "s" })),
            (only, _) => Some(format!("only {only} type{}", if only == 1 { "" } else { "s" })),
        }
    }

    /// The rows that are shown. Lines that are no events are, unless only some types are.
    pub fn inside(&self) -> Inside {
        let others = self.only.is_empty();
        let set = if others { &self.hidden } else { &self.only };
        let Some(most) = set.iter().max() else { return Inside::All };
        let marked = (0..=*most).map(|kind| set.contains(&kind) != others).collect();
        Inside::Kinds { marked: Arc::new(marked), others }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::log::{Decoded, EventLog};
    use proptest::prelude::*;

    proptest! {
        /// A row is in question exactly when its type is shown.
        #[test]
        fn rows_are_those_of_the_types_that_are_shown(steps in prop::collection::vec((any::<bool>(), 0u32..6), 0..8)) {
            let mut log = EventLog::default();
            for kind in 0..6 {
                let line = format!(r#"{{"source":"s","subject":"/a","type":"t{kind}","id":"{kind}"}}"#);
                log.append(Decoded::from_lines([line.as_bytes()]));
            }
            log.append(Decoded::from_lines([&b"broken"[..]]));
            let mut filter = KindFilter::default();
            for (only, kind) in steps {
                if only { filter.only(kind) } else { filter.toggle(kind) }
                let inside = filter.inside();
                for row in log.rows().take(6) {
                    prop_assert_eq!(inside.covers(row), filter.shows(row.kind));
                }
                prop_assert_eq!(filter.is_open(), filter.words().is_none());
                prop_assert_eq!(inside.covers(log.row(6).unwrap()), filter.only.is_empty());
            }
        }
    }
}
