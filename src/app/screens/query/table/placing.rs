//! Where the columns stand on the screen: which of them fit, and how wide they are there.

use super::super::columns::{DATE_TIME, Role};
use super::Table;
use unicode_width::UnicodeWidthStr;

/// The widest that a column gets while another one needs the room.
const WIDEST: usize = 40;
/// Columns stand so far apart.
pub const GAP: usize = 2;
/// A column that is cut at the right edge is shown from this width on.
const NARROWEST: usize = 6;

/// A column on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its number.
    pub number: usize,
    /// How many display columns it has.
    pub width: usize,
    /// Whether it is the last of those that stay at the left.
    pub edge: bool,
}

impl Table {
    /// The columns to draw where there is room for `room` display columns. The one under the cursor is among them.
    pub fn show(&self, room: usize) -> Vec<Shown> {
        let shown = self.layout.shown();
        let widths: Vec<usize> = shown.iter().map(|number| self.width(*number)).collect();
        let frozen = frozen(&widths, self.layout.frozen(), room);
        let used: usize = widths.iter().take(frozen).map(|width| width + GAP).sum();
        let mut free = room.saturating_sub(used);
        let left = self.scroll(&widths, frozen, free);
        let mut columns: Vec<Shown> = Vec::new();
        for place in (0..frozen).chain(left..widths.len()) {
            let (Some(wanted), Some(number)) = (widths.get(place), shown.get(place)) else { break };
            let edge = place + 1 == frozen;
            if place < frozen {
                columns.push(Shown { number: *number, width: *wanted, edge });
                continue;
            }
            let gap = if place == left { 0 } else { GAP };
            let width = (*wanted).min(free.saturating_sub(gap));
            if width < (*wanted).min(NARROWEST) && place != left || width == 0 {
                break;
            }
            free = free.saturating_sub(gap + width);
            columns.push(Shown { number: *number, width, edge });
        }
        self.widen(&mut columns, free);
        columns
    }

    /// The first of the columns behind those that stay at the left, such that the one under the cursor fits.
    fn scroll(&self, widths: &[usize], frozen: usize, room: usize) -> usize {
        let fits = |left: usize, right: usize| {
            let gaps = GAP * right.saturating_sub(left);
            widths.get(left..=right).is_some_and(|between| between.iter().sum::<usize>() + gaps <= room)
        };
        let Some(last) = widths.len().checked_sub(1) else { return 0 };
        let cursor = self.place();
        let mut left = self.left.get().clamp(frozen, frozen.max(last));
        if cursor >= frozen {
            left = left.min(cursor);
            while left < cursor && !fits(left, cursor) {
                left += 1;
            }
        }
        // No empty room on the right while there are columns on the left.
        while left > frozen && fits(left - 1, last) {
            left -= 1;
        }
        self.left.set(left);
        left
    }

    /// Give what is left of the room to the columns that want more than the usual width.
    fn widen(&self, shown: &mut [Shown], mut free: usize) {
        for column in shown.iter_mut().filter(|column| self.layout.width(column.number).is_none()) {
            let more = self.wants(column.number).saturating_sub(column.width).min(free);
            column.width += more;
            free -= more;
        }
    }

    /// The width of a column while there is room for it.
    pub(super) fn width(&self, number: usize) -> usize {
        let wants = self.wants(number).clamp(1, WIDEST);
        self.layout.width(number).unwrap_or(wants)
    }

    /// The width of a column's widest cell.
    fn wants(&self, number: usize) -> usize {
        let Some(column) = self.columns.get(number) else { return 0 };
        let of_clock = if column.role != Role::EventTimes && self.by_clock(column) { DATE_TIME } else { 0 };
        // What a column is sorted by is told behind its name.
        let by = self.order.by();
        let mark = if by.len() > 1 { " ↑1" } else { " ↑" };
        let sorted = if by.iter().any(|by| by.column == number) { mark.width() } else { 0 };
        column.width.max(of_clock).max(column.name().width() + sorted)
    }
}

/// How many of the columns that are to stay at the left do so: such that there is room for another one beside them.
fn frozen(widths: &[usize], wanted: usize, room: usize) -> usize {
    let fits = |frozen: &usize| {
        let used: usize = widths.iter().take(*frozen).map(|width| width + GAP).sum();
        let next = widths.get(*frozen).map_or(0, |width| (*width).min(NARROWEST));
        used + next <= room
    };
    (0..=wanted.min(widths.len())).rev().find(fits).unwrap_or(0)
}
