//! How the query is run, in lines.

use super::super::explanation::{Explanation, Runs};
use super::super::tab::Tab;
use crate::app::world::World;
use crate::ui::text::{clean, cut};
use crate::ui::{Look, Theme, pane};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};

/// No more of a sentence than this is shown, in columns.
const LONGEST: usize = 400;

/// Draw it.
pub fn draw(frame: &mut Frame, area: Rect, tab: &Tab, world: &World, look: &Look) {
    let area = Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(2), ..area };
    let Some(run) = &tab.run else {
        return pane::empty(frame, area, "Nothing was run yet. F9 runs the query above and says how.", &look.theme);
    };
    let rows = tab.table.rows();
    let first = tab.table.row(0);
    let plan = Explanation::of(run, Runs::of(world), rows.len() as u64, first, run.took(world.now));
    let lines = lines(&plan, &look.theme);
    let height = Paragraph::new(lines.clone()).wrap(Wrap { trim: false });
    // Sentences wrap: how many lines that makes is bounded by their number and length.
    let all = lines.iter().map(|line| line.width().div_ceil(usize::from(area.width.max(1))).max(1)).sum();
    let window = tab.plan_list.show_text(usize::from(area.height), all);
    frame.render_widget(height.scroll((u16::try_from(window.start).unwrap_or(0), 0)), area);
}

fn lines<'a>(plan: &Explanation, theme: &Theme) -> Vec<Line<'a>> {
    let shown = |text: &str| cut(&clean(text), LONGEST);
    let mut lines = vec![Line::styled(shown(&plan.who), theme.title)];
    for step in &plan.steps {
        let (what, does) = step.rsplit_once(": ").unwrap_or(("", step));
        let what = if what.is_empty() { String::new() } else { format!("{}  ", shown(what)) };
        lines.push(Line::from(vec![
            Span::styled("· ", theme.quiet),
            Span::styled(what, theme.string),
            Span::raw(shown(does)),
        ]));
    }
    lines.push(Line::styled(plan.figures.join(", "), theme.number));
    lines
}
