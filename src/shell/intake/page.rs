//! A page of a stream: so many events, and the knowledge that there are more.
//!
//! A server may be a file behind a web server: it answers every request with everything. A page takes of that what was
//! asked for, such that reading by stream alone works there as well.

use crate::api::Batch;
use crate::app::effect::Extent;
use crate::model::event::Envelope;
use crate::model::request::StreamRequest;
use crate::model::subject::is_under;
use std::ops::Range;

/// A page that is being filled.
#[derive(Debug)]
pub struct Page {
    /// How many lines may still come; `None`: all that there are.
    left: Option<usize>,
    /// How many broken lines at the start of the stream are known already.
    known: usize,
    start: Start,
    /// The subject, where it is not the whole store.
    subject: Option<String>,
    /// The server sends events of other subjects, too.
    is_mixed: bool,
    is_full: bool,
}

/// Whether the stream begins where it was asked to.
#[derive(Debug)]
enum Start {
    /// It does, or nothing else was asked for.
    Right,
    /// Not known before its first event: the first one that is here, and the last one, by their IDs.
    Open(String, String),
    /// It does not: what comes up to this event is here already.
    Behind(String),
}

impl Page {
    /// A page of this extent of a request's stream.
    pub fn new(request: &StreamRequest, extent: Extent) -> Self {
        Self {
            left: extent.events.map(|events| events.max(1)),
            known: extent.known,
            start: match (extent.first, &request.options.lower_bound) {
                (Some(first), Some(last)) => Start::Open(first, last.clone()),
                _ => Start::Right,
            },
            subject: Some(request.subject.clone()).filter(|subject| subject != "/"),
            is_mixed: false,
            is_full: false,
        }
    }

    /// The subject that was asked for, where it is not the whole store.
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
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
            self.leave_sent_again(batch);
            self.leave_others(batch);
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

    /// A server that has a file and no bounds sends everything again.
    fn leave_sent_again(&mut self, batch: &mut Batch) {
        if let Start::Open(first, last) = &self.start
            && let Some(event) = batch.iter().find_map(|line| Envelope::from_line(line).ok())
        {
            self.start = if event.id == first.as_str() { Start::Behind(last.clone()) } else { Start::Right };
        }
        if let Start::Behind(last) = &self.start {
            let finder = memchr::memmem::Finder::new(last);
            let is_last = |line: &[u8]| {
                finder.find(line).is_some()
                    && matches!(Envelope::from_line(line), Ok(event) if event.id == last.as_str())
            };
            let end = batch.iter().position(is_last);
            batch.lines.drain(..end.map_or(batch.len(), |end| end + 1));
            if end.is_some() {
                self.start = Start::Right;
            }
        }
    }

    /// Such a server knows no subjects either. Few lines are looked at as long as they are all right.
    fn leave_others(&mut self, batch: &mut Batch) {
        let Some(subject) = &self.subject else { return };
        let is_other = |event: Envelope<'_>| !is_under(&event.subject, subject);
        let ends = [batch.iter().next(), batch.iter().next_back()];
        self.is_mixed |= ends.into_iter().flatten().any(|line| Envelope::from_line(line).is_ok_and(is_other));
        if self.is_mixed {
            // A line that is no event belongs to no subject.
            let text = &batch.text;
            let line = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default();
            batch.lines.retain(|range| Envelope::from_line(line(range)).is_ok_and(|event| !is_other(event)));
        }
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
    use crate::model::request::StreamOptions;
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

    fn of_store(extent: Extent) -> Page {
        Page::new(&StreamRequest::new("/"), extent)
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
            let (mut page, mut took) = (of_store(Extent { events: Some(events), ..Extent::default() }), 0);
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
            let mut page = of_store(Extent { events: Some(events), ..Extent::default() });
            page.fill(&mut all);
            prop_assert_eq!((kept(&all), page.is_full()), (took, expected.is_some()));
        }

        /// A server without bounds sends everything again: only what is new is taken.
        #[test]
        fn what_is_here_already_is_left_out(
            lines in prop::collection::vec(any::<bool>(), 1..20),
            cuts in prop::collection::vec(1usize..5, 0..6),
            last in 0usize..20,
            ignores in any::<bool>(),
        ) {
            let first = lines.iter().position(|is_event| *is_event);
            let last = lines.iter().take(last + 1).rposition(|is_event| *is_event);
            let (Some(first), Some(last)) = (first, last) else { return Ok(()) };
            // A batch of nothing but broken lines ahead of all events would be taken for new ones.
            prop_assume!(first == 0);
            let request = StreamRequest::new("/").with(StreamOptions::after(last.to_string()));
            let mut page = Page::new(&request, Extent { first: Some(first.to_string()), ..Extent::default() });
            let mut took = Vec::new();
            let from = if ignores { 0 } else { last + 1 };
            for batch in batches(&lines, &cuts) {
                let mut portion = vec![batch];
                let text = portion[0].text.clone();
                portion[0].lines.retain(|range| {
                    let line = &text[range.clone()];
                    let digits: String = String::from_utf8_lossy(line).chars().filter(char::is_ascii_digit).collect();
                    digits.parse::<usize>().unwrap() >= from
                });
                portion.retain(|batch| !batch.is_empty());
                page.fill(&mut portion);
                took.push(kept(&portion));
            }
            prop_assert_eq!(took.iter().sum::<usize>(), lines.len() - last - 1);
        }

        /// What a stream sends again is left out, and nothing else.
        #[test]
        fn known_broken_lines_do_not_come_twice(
            lines in prop::collection::vec(any::<bool>(), 0..12),
            cuts in prop::collection::vec(1usize..5, 0..6),
            known in 0usize..6,
        ) {
            let sent_again = lines.iter().take(known).take_while(|is_event| !**is_event).count();
            let (mut page, mut took) = (of_store(Extent { known, ..Extent::default() }), 0);
            for batch in batches(&lines, &cuts) {
                let mut portion = vec![batch];
                prop_assert!(!page.fill(&mut portion));
                took += kept(&portion);
            }
            prop_assert_eq!(took, lines.len() - sent_again);
        }
    }
}
