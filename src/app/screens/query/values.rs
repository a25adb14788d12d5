//! The values of parameters: asked for in a form before a query is run, and remembered by their tab.

use super::tab::Tab;
use super::{Query, is_elsewhere};
use crate::app::command::Command;
use crate::app::effect::Outbox;
use crate::app::key::Key;
use crate::app::line::TypedLine;
use crate::app::list::step_of;
use crate::app::message::Now;
use crate::app::screens::Handled;
use crate::app::world::World;
use crate::gdbql::parameters::{Parameter, fill, literal, parameters, string};
use crate::gdbql::{TokenKind, tokens};
use std::collections::BTreeMap;
use std::ops::Range;

/// No query has more parameters than this; those beyond are sent as they stand.
const MOST: usize = 50;

/// How the parameters of a query were filled in when it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// Where the values stand in what was sent, and where the parameters stand in what was typed.
    pub moved: Vec<(Range<usize>, Range<usize>)>,
    /// The values, as they were typed.
    pub values: BTreeMap<String, String>,
}

/// The form.
#[derive(Clone, Debug)]
pub struct Form {
    /// The parameters and their values.
    pub fields: Vec<(String, TypedLine)>,
    /// The field with the cursor.
    pub at: usize,
    /// What is done once they are known.
    then: Command,
}

impl Form {
    fn new(
        names: Vec<String>,
        values: &BTreeMap<String, String>,
        offered: &BTreeMap<String, String>,
        then: Command,
    ) -> Self {
        let field = |name: String| {
            let value = values.get(&name).or(offered.get(&name)).map_or("", String::as_str);
            (name, TypedLine::offering(value))
        };
        Self { fields: names.into_iter().map(field).collect(), at: 0, then }
    }

    /// The field with the cursor.
    fn input(&mut self) -> Option<&mut TypedLine> {
        self.fields.get_mut(self.at).map(|(_, input)| input)
    }

    fn go(&mut self, by: isize) {
        let last = self.fields.len().saturating_sub(1);
        self.at = self.at.saturating_add_signed(by).min(last);
    }
}

impl Tab {
    /// What is sent for the query under the cursor, with its parameters filled in, and where it begins in the text.
    pub(super) fn fill_in(&mut self, now: Now) -> Option<(usize, String)> {
        let (at, text) = self.script.to_send()?;
        let mut values = BTreeMap::new();
        let filled = fill(&text, |parameter| {
            let value = self.parameters.get(&parameter.name)?;
            values.insert(parameter.name.clone(), value.clone());
            Some(said(value, now))
        });
        self.given = Given { moved: filled.moved, values };
        Some((at, filled.text))
    }

    /// The parameters of the query under the cursor or of all queries, each once.
    fn asks_for(&self, all: bool) -> Vec<String> {
        let text = if all { Some(self.script.editor().text()) } else { self.script.to_send().map(|(_, text)| text) };
        let Some(text) = text else { return Vec::new() };
        let mut names: Vec<String> = Vec::new();
        for Parameter { name, .. } in parameters(&text) {
            if !names.contains(&name) && names.len() < MOST {
                names.push(name);
            }
        }
        names
    }
}

/// A value as it was typed, as a literal. `now`, `today` and `2h ago` are times.
fn said(typed: &str, now: Now) -> String {
    match instant(typed.trim(), now) {
        Some(time) => string(&time),
        None => literal(typed),
    }
}

fn instant(typed: &str, now: Now) -> Option<String> {
    let now = jiff::Timestamp::from_nanosecond(i128::from(now.wall)).ok()?;
    if typed.eq_ignore_ascii_case("now") {
        return Some(now.to_string());
    }
    if typed.eq_ignore_ascii_case("today") {
        return Some(now.to_zoned(jiff::tz::TimeZone::UTC).date().to_string());
    }
    let ago: jiff::SignedDuration = typed.strip_suffix("ago")?.trim().parse().ok()?;
    Some(now.checked_sub(ago).ok()?.to_string())
}

/// The values that the comments of a query offer: `-- :name = value`.
pub(super) fn offered(text: &str) -> BTreeMap<String, String> {
    let comments = tokens(text).into_iter().filter(|token| token.kind == TokenKind::Comment);
    let lines = comments.filter_map(|token| text.get(token.span).map(|line| line.trim_start_matches(['-', '/', ' '])));
    lines
        .filter_map(|line| {
            let (name, value) = line.strip_prefix(':')?.split_once('=')?;
            Some((name.trim().to_owned(), value.trim().to_owned()))
        })
        .collect()
}

impl Query {
    /// The form that is open.
    pub fn form(&self) -> Option<&Form> {
        self.form.as_ref()
    }

    /// Ask for the values that a query needs before something is done with it. Gives `false` when it needs none.
    pub(super) fn ask_for_values(&mut self, then: Command) -> bool {
        let tab = self.tabs.current_mut();
        let names = tab.asks_for(then == Command::RunAll);
        if names.is_empty() {
            return false;
        }
        tab.completion = None;
        let offered = offered(&tab.script.editor().text());
        self.form = Some(Form::new(names, &tab.parameters, &offered, then));
        true
    }

    /// A command while the form is open.
    pub(super) fn run_in_form(&mut self, command: Command, world: &World, out: &mut Outbox) -> Option<Handled> {
        let form = self.form.as_mut()?;
        let is_last = form.at + 1 >= form.fields.len();
        match (command, step_of(command)) {
            (Command::Accept, _) if !is_last => form.go(1),
            (Command::Accept | Command::Run, _) => return Some(self.take_form(world, out)),
            (Command::Back, _) => self.form = None,
            (Command::NextPane, _) if is_last => form.at = 0,
            (Command::NextPane, _) => form.go(1),
            (Command::PreviousPane, _) => form.go(-1),
            (Command::Up, _) => form.go(-1),
            (Command::Down, _) => form.go(1),
            (other, _) if is_elsewhere(other) => return None,
            _ => {}
        }
        Some(Handled::Yes)
    }

    fn take_form(&mut self, world: &World, out: &mut Outbox) -> Handled {
        let Some(form) = self.form.take() else { return Handled::No };
        let tab = self.tabs.current_mut();
        tab.parameters.extend(form.fields.into_iter().map(|(name, input)| (name, input.text().to_owned())));
        self.run_in_tab(form.then, world, out)
    }

    /// A key for the form.
    pub(super) fn type_into_form(&mut self, key: Key) {
        if let Some(input) = self.form.as_mut().and_then(Form::input) {
            input.key(key);
        }
    }

    /// Text that is pasted into the form.
    pub(super) fn paste_into_form(&mut self, text: &str) {
        if let Some(input) = self.form.as_mut().and_then(Form::input) {
            input.insert(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_from_now_and_the_rest_is_what_it_is() {
        let now = Now { wall: 1_772_373_520_000_000_000, ..Now::default() };
        for (typed, meant) in [
            ("now", "'2026-03-01T13:58:40Z'"),
            ("1h ago", "'2026-03-01T12:58:40Z'"),
            ("2h 30m ago", "'2026-03-01T11:28:40Z'"),
            ("Today", "'2026-03-01'"),
            ("long ago", "'long ago'"),
            ("5", "5"),
        ] {
            assert_eq!(said(typed, now), meant, "{typed}");
        }
        let text = "-- What came\n-- :since = 1h ago\nSTREAM e FROM events WHERE e.time > :since // :n=5";
        assert_eq!(
            offered(text).into_iter().collect::<Vec<_>>(),
            [("n".to_owned(), "5".to_owned()), ("since".to_owned(), "1h ago".to_owned())]
        );
    }
}
