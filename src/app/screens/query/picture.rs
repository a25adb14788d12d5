//! The rows of a tab as a picture: which one, and how it follows the rows.
//!
//! Owns the choice of kind and columns and the work between two pictures; the one on the screen stays until the next is
//! whole. What a picture is made of is [`chart`](crate::app::chart)'s, how it is drawn `view`'s.

use super::table::Table;
use crate::app::chart::{Cells, Chart, Choice, Gathering, Picks, Signs};
use crate::app::command::Command;
use crate::app::effect::{Effect, Outbox, Timer};
use crate::app::list::ListState;
use crate::model::json::Json;
use jiff::tz::TimeZone;
use std::time::Duration;

/// A picture of a tab's rows.
#[derive(Debug, Default)]
pub struct Picture {
    /// What it is drawn with.
    pub signs: Signs,
    /// The part of many bars that is shown.
    pub list: ListState,
    picks: Picks,
    /// What was chosen; stays when the query is run again.
    choice: Option<Choice>,
    chart: Option<Chart>,
    gathering: Option<Gathering>,
    /// How many rows the picture, or the one on its way, is made of.
    rows: usize,
}

/// The rows of a table as they are shown.
struct Shown<'t>(&'t Table);

impl Cells for Shown<'_> {
    fn rows(&self) -> usize {
        self.0.len()
    }

    fn columns(&self) -> usize {
        self.0.columns().len()
    }

    fn name(&self, column: usize) -> &str {
        self.0.columns().get(column).map_or("", super::columns::Column::name)
    }

    fn cell(&self, row: usize, column: usize) -> Option<Json<'_>> {
        self.0.columns().cell(self.0.row(row)?, column)
    }
}

impl Picture {
    /// What is to be seen, once it is whole.
    pub fn chart(&self) -> Option<&Chart> {
        self.chart.as_ref()
    }

    /// Whether there is a picture, or one on its way.
    pub fn fits(&self) -> bool {
        self.choice.is_some()
    }

    /// Whether rows are being read for it.
    pub fn is_working(&self) -> bool {
        self.gathering.is_some()
    }

    /// The rows are others now: draw them.
    pub fn draw(&mut self, table: &Table, zone: &TimeZone, out: &mut Outbox) {
        let cells = Shown(table);
        self.picks = Picks::of(&cells);
        let choice = self.choice.take().filter(|choice| self.picks.allows(choice));
        self.choice = choice.or_else(|| self.picks.choices().first().cloned());
        self.begin(table, zone, out);
    }

    /// Draw again when more rows have come since.
    pub fn catch_up(&mut self, table: &Table, zone: &TimeZone, out: &mut Outbox) {
        if self.gathering.is_none() && self.rows != table.len() {
            self.draw(table, zone, out);
        }
    }

    fn begin(&mut self, table: &Table, zone: &TimeZone, out: &mut Outbox) {
        self.rows = table.len();
        self.gathering = self.choice.clone().map(|choice| Gathering::new(choice, &self.picks, self.rows, zone));
        match self.gathering {
            Some(_) => self.work(table, out),
            None => self.chart = None,
        }
    }

    /// Read a portion of the rows.
    pub fn work(&mut self, table: &Table, out: &mut Outbox) {
        let Some(gathering) = &mut self.gathering else { return };
        match gathering.advance(&Shown(table)) {
            Some(chart) => {
                self.chart = Some(chart);
                self.gathering = None;
            }
            None => out.push(Effect::Wake(Timer::Work, Duration::ZERO)),
        }
    }

    /// Choose another kind or other columns. Gives `false` when the command means something else.
    pub fn choose(&mut self, command: Command, table: &Table, zone: &TimeZone, out: &mut Outbox) -> bool {
        let Some(choice) = &self.choice else { return false };
        let next = match command {
            Command::ChartKind => self.picks.next_kind(choice),
            Command::ChartAlong => Some(self.picks.next_along(choice)),
            Command::ChartValues => Some(self.picks.next_values(choice)),
            Command::ChartSplit => Some(self.picks.next_split(choice)),
            Command::ChartSigns => {
                self.signs = if self.signs == Signs::Dots { Signs::Ascii } else { Signs::Dots };
                return true;
            }
            _ => return false,
        };
        if let Some(next) = next.filter(|next| Some(next) != self.choice.as_ref()) {
            self.choice = Some(next);
            self.begin(table, zone, out);
        }
        true
    }
}
