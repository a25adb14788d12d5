//! The dialog that asks for a file, over the panes of any screen.

use super::line::LineView;
use super::text::cut;
use super::{Theme, pane};
use crate::app::export::Format;
use crate::app::export::dialog::{ExportDialog, Offer};
use crate::app::export::format::NO_PARQUET;
use crate::model::count::{count, grouped};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// The box has no more columns than this.
const WIDEST: u16 = 84;
/// The rows inside it.
const ROWS: u16 = 6;

/// Draw it. `note` is what else is to be known, unless the last attempt has failed.
pub fn draw(
    frame: &mut Frame,
    area: Rect,
    dialog: &ExportDialog,
    offer: &Offer,
    note: (&str, Style),
    focused: bool,
    theme: &Theme,
) {
    let (wide, high) = (WIDEST.min(area.width), (ROWS + 2).min(area.height));
    let top = (area.height - high).min(2);
    let at = Rect::new(area.x + (area.width - wide) / 2, area.y + top, wide, high);
    let inner = pane::pane(frame, at, Line::raw("Export to a file"), focused, theme);
    let inner = Rect { x: inner.x + 1.min(inner.width), width: inner.width.saturating_sub(2), ..inner };
    let row =
        |y: u16| Rect { y: inner.y + y.min(inner.height), height: 1.min(inner.height.saturating_sub(y)), ..inner };
    LineView::new(&dialog.path, focused).label("file    ").draw(frame, row(0), theme);
    frame.render_widget(formats(dialog, theme), row(1));
    frame.render_widget(Line::styled(format!("        {}", what(dialog, offer)), theme.quiet), row(2));
    frame.render_widget(items(dialog, offer, theme), row(3));
    frame.render_widget(choices(dialog, offer, theme), row(4));
    let (text, style) = match &dialog.problem {
        Some(problem) => (problem.as_str(), theme.bad),
        None if note.0.is_empty() && !Format::Parquet.is_available() => (NO_PARQUET, theme.quiet),
        None => note,
    };
    frame.render_widget(Line::styled(cut(text, usize::from(inner.width)), style), row(5));
}

fn formats<'a>(dialog: &ExportDialog, theme: &Theme) -> Line<'a> {
    let mut spans = vec![Span::styled("format  ", theme.quiet)];
    for format in Format::available() {
        let (mark, style) = if format == dialog.format { ("●", theme.title) } else { ("○", theme.quiet) };
        spans.push(Span::styled(format!("{mark} {}   ", format.name()), style));
    }
    Line::from(spans)
}

/// What a format writes.
fn what(dialog: &ExportDialog, offer: &Offer) -> String {
    let noun = offer.noun;
    match dialog.format {
        Format::Ndjson if dialog.part.column => "the values of the column, one a line".to_owned(),
        Format::Json if dialog.part.column => "an array of the values of the column".to_owned(),
        Format::Ndjson => format!("the exact bytes of each {noun}, one a line"),
        Format::Json => format!("an array with the exact bytes of each {noun}"),
        Format::Csv | Format::Tsv | Format::Markdown | Format::Parquet if noun == "event" => {
            "the columns of the list, and all fields".to_owned()
        }
        _ if dialog.part.column => "the column alone".to_owned(),
        Format::Csv | Format::Tsv | Format::Markdown | Format::Parquet => {
            "the columns that are shown, in their order".to_owned()
        }
    }
}

/// How many of what.
fn items<'a>(dialog: &ExportDialog, offer: &Offer, theme: &Theme) -> Line<'a> {
    let which = if dialog.part.marked {
        format!("{}, those that are marked", count(offer.marked as u64, offer.noun))
    } else {
        format!("{}, as shown", count(offer.all as u64, offer.noun))
    };
    let which = match (&offer.column, dialog.part.column) {
        (Some(column), true) => format!("{which}, only {}", cut(column, 20)),
        _ => which,
    };
    Line::from(vec![Span::styled(format!("{:<8}", format!("{}s", offer.noun)), theme.quiet), Span::raw(which)])
}

/// What else could be chosen.
fn choices<'a>(dialog: &ExportDialog, offer: &Offer, theme: &Theme) -> Line<'a> {
    let mut choices = Vec::new();
    match (dialog.part.marked, offer.marked) {
        (false, 0) => {}
        (false, number) => choices.push(format!("Alt-m: only the {} marked", grouped(number as u64))),
        (true, _) => choices.push("Alt-m: all".to_owned()),
    }
    if offer.column.is_some() {
        choices.push(if dialog.part.column { "Alt-o: all columns".into() } else { "Alt-o: only this column".into() });
    }
    if offer.copies && dialog.format.is_text() {
        choices.push("Alt-y: copy".into());
    }
    Line::styled(format!("        {}", choices.join("   ")), theme.quiet)
}
