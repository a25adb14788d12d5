//! A page of a stream: so many events, and the knowledge that there are more.

use crate::api::Batch;
use crate::app::effect::Extent;
use crate::model::event::Envelope;

/// A page that is being filled.
#[derive(Debug)]
pub struct Page {
    /// How many lines may still come; `None`: all that there are.
    left: Option<usize>,
    /// How many broken lines at the start of the stream are known already.
    known: usize,
    is_full: bool,
}

impl Page {
    /// A page of this extent.
    pub fn new(extent: Extent) -> Self {
        Self { left: extent.events.map(|events| events.max(1)), known: extent.known, is_full: false }
    }

    /// Whether the stream has more than what is on the page.
    pub fn is_full(&self) -> bool {
        self.is_full
    }

    /// Take lines onto the page, and those that are beyond it out of the batches. Gives whether some were.
    ///
    /// A page ends behind an event: the next one begins behind the ID of the last, and would bring a broken line that
    /// stands there a second time. A line beyond the page must have come before it is full: only that tells that there
    /// is more.
    pub fn fill(&mut self, batches: &mut Vec<Batch>) -> bool {
        for at in 0..batches.len() {
            let Some(batch) = batches.get_mut(at) else { break };
            self.leave_known(batch);
            if let Some(end) = self.end_in(batch) {
                self.is_full = true;
                batch.lines.truncate(end);
                batches.truncate(at + 1);
                return true;
            }
        }
        false
    }

    fn leave_known(&mut self, batch: &mut Batch) {
        let is_broken = |line: &&[u8]| Envelope::from_line(line).is_err();
        let known = batch.iter().take(self.known).take_while(is_broken).count();
        // Behind the first event nothing is known.
        self.known = if known == batch.len() { self.known - known } else { 0 };
        batch.lines.drain(..known);
    }

    /// Which line of a batch is the first one beyond the page, if it has one.
    fn end_in(&mut self, batch: &Batch) -> Option<usize> {
        let left = self.left.as_mut()?;
        let mut at = 0;
        if *left > 0 {
            // Only the last line of the page is looked at.
            at = batch.len().min(*left - 1);
            *left -= at;
            for line in batch.iter().skip(at) {
                at += 1;
                if Envelope::from_line(line).is_ok() {
                    *left = 0;
                    break;
                }
            }
        }
        (*left == 0 && at < batch.len()).then_some(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn batches(lines: &[bool], cuts: &[usize]) -> Vec<Batch> {
        let line = |(number, is_event): (usize, &bool)| match is_event {
            true => format!("{{\"source\":\"s\",\"subject\":\"/a\",\"type\":\"t\",\"id\":\"{number}\"}}"),
            false => format!("broken {number}"),
        };
        let lines: Vec<String> = lines.iter().enumerate().map(line).collect();
        let mut rest = &lines[..];
        let mut batches = Vec::new();
        for cut in cuts.iter().chain([&usize::MAX]) {
            let (part, more) = rest.split_at((*cut).min(rest.len()));
            batches.push(Batch::of_lines(part.join("\n").into()));
            rest = more;
        }
        batches.retain(|batch| !batch.is_empty());
        batches
    }

    fn kept(batches: &[Batch]) -> usize {
        batches.iter().map(Batch::len).sum()
    }

    proptest! {
        /// However the lines come, a page has so many of them, and more only up to the next event.
        #[test]
        fn a_page_ends_behind_an_event_and_knows_of_more(
            lines in prop::collection::vec(any::<bool>(), 0..30),
            cuts in prop::collection::vec(1usize..7, 0..8),
            events in 1usize..20,
        ) {
            let end = (events..=lines.len()).find(|end| lines[end - 1]);
            let expected = end.filter(|end| *end < lines.len());
            let (mut page, mut took) = (Page::new(Extent { events: Some(events), known: 0 }), 0);
            for batch in batches(&lines, &cuts) {
                let mut portion = vec![batch];
                let full = page.fill(&mut portion);
                took += kept(&portion);
                if full {
                    break;
                }
            }
            prop_assert_eq!((took, page.is_full()), (expected.unwrap_or(lines.len()), expected.is_some()));
            let mut all = batches(&lines, &cuts);
            let mut page = Page::new(Extent { events: Some(events), known: 0 });
            page.fill(&mut all);
            prop_assert_eq!((kept(&all), page.is_full()), (took, expected.is_some()));
        }

        /// What a stream sends again is left out, and nothing else.
        #[test]
        fn known_broken_lines_do_not_come_twice(
            lines in prop::collection::vec(any::<bool>(), 0..12),
            cuts in prop::collection::vec(1usize..5, 0..6),
            known in 0usize..6,
        ) {
            let sent_again = lines.iter().take(known).take_while(|is_event| !**is_event).count();
            let (mut page, mut took) = (Page::new(Extent { events: None, known }), 0);
            for batch in batches(&lines, &cuts) {
                let mut portion = vec![batch];
                prop_assert!(!page.fill(&mut portion));
                took += kept(&portion);
            }
            prop_assert_eq!(took, lines.len() - sent_again);
        }
    }
}
