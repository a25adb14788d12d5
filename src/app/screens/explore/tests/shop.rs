//! A server of a large store, as the app sees it.

use super::*;
use crate::app::effect::Extent;
use crate::app::message::{CensusNews, Failure, FailureKind};
use crate::app::screens::{Visit, Wish};
use crate::model::event::Envelope;
use crate::model::request::StreamRequest;
use crate::model::subject::is_under;
use crate::model::tree::Counted;
use std::collections::BTreeMap;

/// A server with these events, as the app sees it: it answers the calls that the app makes.
pub struct Shop {
    pub lines: Vec<String>,
    /// Whether it knows GDBQL and has catalogues.
    pub counts: bool,
    /// Whether it tells how many events it has.
    pub tells: bool,
    /// So many lines come at once.
    pub portion: usize,
    /// After so many lines of a stream it is cut, once.
    pub cut: Option<usize>,
    /// What the cut looks like.
    pub cut_by: FailureKind,
    /// The streams that were asked for.
    pub asked: Vec<(StreamRequest, Extent)>,
}

impl Shop {
    /// Events of `subjects` in turn.
    pub fn new(events: usize, subjects: &[&str]) -> Self {
        let subject = |number: usize| subjects[number % subjects.len()];
        let kind = |number: usize| ["added", "changed", "removed"][number % 3];
        let data = |number: usize| format!(r#"{{"n":{number},"name":"{}"}}"#, ["Zoë", "Ines"][number % 2]);
        let lines = (0..events).map(|number| line(number, subject(number), kind(number), &data(number)));
        Self {
            lines: lines.collect(),
            counts: true,
            tells: true,
            portion: 7,
            cut: None,
            cut_by: FailureKind::Cut,
            asked: Vec::new(),
        }
    }

    /// The app on this server, its first page loaded.
    pub fn open(&mut self, page: usize) -> App {
        let mut app = unopened();
        app.world.load_in_pages(Some(page));
        let effects = app.begin(Now::default());
        self.serve(&mut app, effects);
        app
    }

    pub fn press(&mut self, app: &mut App, keys: &str) {
        for name in keys.split(' ') {
            let effects = app.update(Msg::Key(Key::named(name).unwrap().event()), Now::default());
            self.serve(app, effects);
        }
    }

    /// Go to an event, as other screens ask for it.
    pub fn show_event(&mut self, app: &mut App, id: &str) {
        self.grant(app, Wish::Visit(Visit::of(id.to_owned())));
    }

    /// Do what another screen wants.
    pub fn grant(&mut self, app: &mut App, wish: Wish) {
        app.grant(wish);
        let effects = app.finish();
        self.serve(app, effects);
    }

    /// Answer everything that is asked for, and what is asked for then.
    pub fn serve(&mut self, app: &mut App, effects: Vec<Effect>) {
        let mut waiting: std::collections::VecDeque<Effect> = search(app, effects).into();
        while let Some(effect) = waiting.pop_front() {
            let Effect::Start { slot, generation, call } = effect else { continue };
            for reply in self.answer(&call) {
                let effects = app.update(Msg::Reply { slot, generation, reply }, Now::default());
                waiting.extend(search(app, effects));
            }
        }
    }

    fn answer(&mut self, call: &Call) -> Vec<Reply> {
        let unsupported = || Failure { kind: FailureKind::Unsupported, message: "no".into(), hint: None, span: None };
        match call {
            Call::Stream(request) => self.stream(request, Extent::default()),
            Call::Page(request, extent) => self.stream(request, extent.clone()),
            Call::Status if self.tells => {
                let text = format!(r#"{{"events":{{"count":{}}}}}"#, self.lines.len());
                vec![Reply::Status(Ok(Box::new(serde_json::from_str(&text).unwrap())))]
            }
            Call::Census if self.counts => self.census(),
            Call::Census => vec![Reply::Counted(Err(unsupported()))],
            Call::Newest(..) if !self.counts => vec![Reply::Newest(Err(unsupported()))],
            Call::Newest(subject, events) => {
                let events = self.events(subject).rev().take(*events).last().map(|event| event.id.into_owned());
                vec![Reply::Newest(Ok(events))]
            }
            Call::Locate(_) if !self.counts => vec![Reply::Located(Err(unsupported()))],
            Call::Locate(id) => {
                let subject =
                    self.events("/").find(|event| event.id == id.as_str()).map(|event| event.subject.into_owned());
                vec![Reply::Located(Ok(subject))]
            }
            _ => Vec::new(),
        }
    }

    /// The events at and below a subject.
    pub fn events(&self, root: &str) -> impl DoubleEndedIterator<Item = Envelope<'_>> {
        let events = self.lines.iter().filter_map(|line| Envelope::from_line(line.as_bytes()).ok());
        events.filter(move |event| is_under(&event.subject, root)).collect::<Vec<_>>().into_iter()
    }

    fn stream(&mut self, request: &StreamRequest, extent: Extent) -> Vec<Reply> {
        self.asked.push((request.clone(), extent.clone()));
        let read =
            |line: &str| Envelope::from_line(line.as_bytes()).ok().map(|e| (e.subject.into_owned(), e.id.into_owned()));
        let mut wanted: Vec<(bool, &str, bool)> = Vec::new();
        let options = &request.options;
        let mut open = options.lower_bound.is_none();
        for text in &self.lines {
            let event = read(text);
            let is_bound = event.as_ref().is_some_and(|(_, id)| options.lower_bound.as_ref() == Some(id));
            let inside =
                event.as_ref().map_or(request.subject == "/", |(subject, _)| is_under(subject, &request.subject));
            if inside && (open || (is_bound && options.include_lower_bound_event == Some(true))) {
                wanted.push((event.is_some(), text, is_bound));
            }
            open |= is_bound;
        }
        let known = wanted.iter().take(extent.known).take_while(|(is_event, ..)| !is_event).count();
        let wanted = &wanted[known..];
        let ends = |events: usize| (events..=wanted.len()).find(|end| wanted[end - 1].0).unwrap_or(wanted.len());
        let end = extent.events.map_or(wanted.len(), ends);
        let (end, last) = match self.cut.take_if(|cut| *cut < end) {
            Some(cut) => {
                let kind = self.cut_by;
                (cut, Reply::Streamed(Err(Failure { kind, message: "cut".into(), hint: None, span: None })))
            }
            None if end < wanted.len() => (end, Reply::Paged),
            None => (end, Reply::Streamed(Ok(()))),
        };
        let portions = wanted[..end].chunks(self.portion);
        let batch =
            |lines: &[(bool, &str, bool)]| Decoded::from_lines(lines.iter().map(|(_, text, _)| text.as_bytes()));
        portions.map(|lines| Reply::Events(batch(lines))).chain([last]).collect()
    }

    fn census(&self) -> Vec<Reply> {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
        for event in self.events("/") {
            *counts.entry(event.subject.into_owned()).or_default() += 1;
            *kinds.entry(event.kind.into_owned()).or_default() += 1;
        }
        let rows: Vec<Counted> =
            counts.into_iter().map(|(subject, events)| Counted { subject: subject.into(), events, last: 0 }).collect();
        let tops = rows.iter().map(|row| crate::model::subject::top_level(&row.subject).to_owned()).collect();
        let mut news = vec![CensusNews::Subjects(tops)];
        news.extend(rows.chunks(2).map(|rows| CensusNews::Counted(rows.to_vec())));
        news.push(CensusNews::Types(kinds.into_iter().collect()));
        news.into_iter().map(Reply::Census).chain([Reply::Counted(Ok(()))]).collect()
    }
}
