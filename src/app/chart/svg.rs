//! A picture as the text of an SVG file, readable on light and on dark paper.
//!
//! Knows nothing of files. Every name comes from a server: it is escaped, and what XML has no place for is left out.

use super::ticks::{self, Tick};
use super::{Axis, Bars, Body, Chart, Columns, Lines, number};
use std::fmt::Write;

const WIDTH: f64 = 960.0;
/// The height of a picture with axes.
const HEIGHT: f64 = 540.0;
const MARGIN: f64 = 24.0;
/// The room of the headings, and of what stands below the picture.
const HEAD: f64 = 72.0;
const LINE: f64 = 18.0;
/// A bar with the room to the next one.
const BAR: f64 = 24.0;
/// So many bars are drawn; of more, how many there are is said.
const MOST_BARS: usize = 60;
/// A letter is about so wide.
const LETTER: f64 = 7.0;
/// Names are cut to so many letters.
const NAME: usize = 40;

/// Blue, vermilion, green, pink, orange, sky: told apart also by eyes that see fewer colours, on light and on dark.
const INKS: [&str; super::MOST_SERIES] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

const STYLE: &str = "\
.paper{fill:#fff}.ink{fill:#1f2328}.quiet{fill:#59636e}.rule{stroke:#d1d9e0}\
@media (prefers-color-scheme:dark){.paper{fill:#0d1117}.ink{fill:#f0f6fc}.quiet{fill:#9198a1}.rule{stroke:#3d444d}}\
text{font:12px ui-sans-serif,system-ui,sans-serif}.title{font-size:18px;font-weight:600}";

/// Write a picture. `name` is what it was called: the tab of its query.
pub fn write(chart: &Chart, name: &str) -> String {
    let mut out = Writer { text: String::new() };
    let below = 16.0 + LINE * chart.notes.len() as f64;
    let height = match &chart.body {
        Body::Bars(bars) => HEAD + BAR * (bars.bars.len().min(MOST_BARS) as f64 + 1.0) + below,
        Body::Lines(_) | Body::Columns(_) => HEIGHT + below,
    };
    let _ = write!(
        out.text,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\">\n<title>{}</title>\n<style>{STYLE}</style>\n",
        escaped(&format!("{name}: {}", chart.title))
    );
    let _ = writeln!(out.text, "<rect class=\"paper\" width=\"{WIDTH}\" height=\"{height}\"/>");
    out.text(MARGIN, 34.0, "ink title", "start", name);
    out.text(MARGIN, 56.0, "quiet", "start", &chart.title);
    match &chart.body {
        Body::Bars(bars) => out.bars(bars),
        Body::Lines(lines) => out.lines(lines),
        Body::Columns(columns) => out.columns(columns),
    }
    for (nth, note) in chart.notes.iter().enumerate() {
        out.text(MARGIN, height - below + LINE * (nth as f64 + 1.0), "quiet", "start", note);
    }
    out.text.push_str("</svg>\n");
    out.text
}

struct Writer {
    text: String,
}

/// Where a picture with axes is drawn.
struct Plot {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    low: f64,
    high: f64,
}

impl Plot {
    fn x(&self, share: f64) -> f64 {
        self.left + share * (self.right - self.left)
    }

    fn y(&self, value: f64) -> f64 {
        let share = if self.high > self.low { (value - self.low) / (self.high - self.low) } else { 0.5 };
        self.bottom - share.clamp(0.0, 1.0) * (self.bottom - self.top)
    }
}

impl Writer {
    fn text(&mut self, x: f64, y: f64, class: &str, anchor: &str, text: &str) {
        let text = escaped(text);
        let _ = writeln!(
            self.text,
            "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>"
        );
    }

    fn rule(&mut self, from: (f64, f64), to: (f64, f64)) {
        let ((x1, y1), (x2, y2)) = (from, to);
        let _ =
            writeln!(self.text, "<line class=\"rule\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>");
    }

    /// A rectangle that says its value when it is pointed at.
    fn block(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), says: &str) {
        let (ink, says) = (INKS[0], escaped(says));
        let _ = writeln!(
            self.text,
            "<rect fill=\"{ink}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"><title>{says}</title></rect>"
        );
    }

    fn bars(&mut self, bars: &Bars) {
        let shown = &bars.bars[..bars.bars.len().min(MOST_BARS)];
        let names: Vec<String> = shown.iter().map(|(name, _)| cut(name)).collect();
        let longest = names.iter().map(|name| letters(name)).max().unwrap_or(0);
        let values: Vec<String> = shown.iter().map(|(_, value)| number::value(*value)).collect();
        let widest = values.iter().map(String::len).max().unwrap_or(0);
        let left = MARGIN + longest as f64 * LETTER + 12.0;
        let right = WIDTH - MARGIN - widest as f64 * LETTER - 12.0;
        let low = shown.iter().map(|bar| bar.1).fold(0.0, f64::min);
        let high = shown.iter().map(|bar| bar.1).fold(0.0, f64::max);
        let left = if low < 0.0 { left + widest as f64 * LETTER + 12.0 } else { left };
        let x =
            |value: f64| left + if high > low { (value - low) / (high - low) } else { 0.0 } * (right - left).max(1.0);
        for (nth, (((name, value), short), said)) in shown.iter().zip(&names).zip(&values).enumerate() {
            let y = HEAD + BAR * nth as f64;
            self.text(MARGIN, y + 16.0, "ink", "start", short);
            let (from, to) = (x(value.min(0.0)), x(value.max(0.0)));
            self.block((from, y + 4.0), ((to - from).max(1.0), BAR - 8.0), &format!("{name}: {said}"));
            match *value < 0.0 {
                true => self.text(from - 6.0, y + 16.0, "ink", "end", said),
                false => self.text(to + 6.0, y + 16.0, "ink", "start", said),
            }
        }
        if bars.bars.len() > shown.len() {
            let more = bars.bars.len() - shown.len();
            let y = HEAD + BAR * shown.len() as f64 + 16.0;
            self.text(MARGIN, y, "quiet", "start", &format!("{} more", number::fixed(more as f64, 0)));
        }
    }

    /// The axes with their marks; gives the room between them.
    fn axes(&mut self, x: &Axis, up: &[Tick], unit: &str) -> Plot {
        let widest = up.iter().map(|tick| tick.label.len()).max().unwrap_or(0);
        let (low, high) = (up.first().map_or(0.0, |tick| tick.at), up.last().map_or(1.0, |tick| tick.at));
        let left = MARGIN + widest as f64 * LETTER + 12.0;
        let plot =
            Plot { left, right: WIDTH - MARGIN - 12.0, top: HEAD + 2.0 * LINE, bottom: HEIGHT - 48.0, low, high };
        for tick in up {
            let y = plot.y(tick.at);
            self.rule((plot.left, y), (plot.right, y));
            self.text(plot.left - 8.0, y + 4.0, "quiet", "end", &tick.label);
        }
        for tick in x.ticks(9) {
            let at = plot.x(x.share(tick.at));
            self.rule((at, plot.bottom), (at, plot.bottom + 5.0));
            self.text(at, plot.bottom + 20.0, "quiet", "middle", &tick.label);
        }
        self.text(plot.right, plot.bottom + 40.0, "quiet", "end", &x.caption());
        self.text(MARGIN, HEAD + 8.0, "quiet", "start", unit);
        plot
    }

    fn lines(&mut self, lines: &Lines) {
        let (low, high) = lines.range();
        let plot = self.axes(&lines.x, &ticks::numbers(low, high, 7), &lines.unit);
        let mut at = MARGIN + (letters(&lines.unit) as f64 + 3.0) * LETTER;
        for (series, ink) in lines.series.iter().zip(INKS) {
            let name = cut(&series.name);
            let _ = writeln!(
                self.text,
                "<rect fill=\"{ink}\" x=\"{at:.1}\" y=\"{:.1}\" width=\"14\" height=\"4\"/>",
                HEAD + 2.0
            );
            self.text(at + 20.0, HEAD + 8.0, "ink", "start", &name);
            at += 20.0 + (letters(&name) as f64 + 3.0) * LETTER;
            let points: Vec<(f64, f64)> =
                series.points.iter().map(|(x, y)| (plot.x(lines.x.share(*x)), plot.y(*y))).collect();
            match points.as_slice() {
                // A line of one point has no length.
                [(x, y)] => {
                    let _ = writeln!(self.text, "<circle fill=\"{ink}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"/>");
                }
                points => {
                    let path: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
                    let _ = writeln!(
                        self.text,
                        "<polyline fill=\"none\" stroke=\"{ink}\" stroke-width=\"2\" stroke-linejoin=\"round\" points=\"{}\"/>",
                        path.join(" ")
                    );
                }
            }
        }
    }

    fn columns(&mut self, columns: &Columns) {
        let most = columns.counts.iter().copied().max().unwrap_or(0);
        let plot = self.axes(&columns.x, &ticks::counts(most, 7), &columns.unit());
        for (part, count) in columns.bounds.windows(2).zip(&columns.counts) {
            let &[from, to] = part else { continue };
            let (left, right) = (plot.x(columns.x.share(from)), plot.x(columns.x.share(to)));
            let top = plot.y(*count as f64);
            if *count > 0 {
                let says = number::fixed(*count as f64, 0);
                self.block((left + 0.5, top), ((right - left - 1.0).max(0.5), plot.bottom - top), &says);
            }
        }
    }
}

fn letters(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

/// A name that has room at a bar.
fn cut(name: &str) -> String {
    let mut taken = 0;
    let fits = |c: &char| {
        taken += unicode_width::UnicodeWidthChar::width(*c).unwrap_or(0);
        taken < NAME
    };
    let head: String = name.chars().take_while(fits).collect();
    if head.len() < name.len() { head + "…" } else { head }
}

/// Text between tags. Characters that XML has no place for, and those that turn the writing direction, are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{fffe}' | '\u{ffff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::chart::{Scale, Series};

    fn texts(svg: &str) -> Vec<String> {
        let document = roxmltree::Document::parse(svg).unwrap();
        let is_text = |node: &roxmltree::Node<'_, '_>| node.has_tag_name("text");
        document.descendants().filter(is_text).filter_map(|node| node.text().map(str::to_owned)).collect()
    }

    fn of(body: Body) -> Chart {
        Chart {
            title: "revenue by <category>".into(),
            body,
            notes: vec!["Left out: 2 rows without a name as k.".into()],
        }
    }

    #[test]
    fn bars_say_their_names_and_values() {
        let bars = (0..70).map(|n| (format!("n{n} & \u{7}\"<x>\""), f64::from(n) - 10.5)).collect();
        let svg = write(&of(Body::Bars(Bars { of: "k".into(), unit: "revenue".into(), bars })), "a < b");
        let texts = texts(&svg);
        for said in [
            "a < b",
            "revenue by <category>",
            "n0 & \"<x>\"",
            "-10.50",
            "10 more",
            "Left out: 2 rows without a name as k.",
        ] {
            assert!(texts.iter().any(|text| text == said), "{said}: {texts:?}");
        }
        assert!(svg.contains("prefers-color-scheme:dark"));
    }

    #[test]
    fn lines_have_a_legend_and_both_axes() {
        let x = Axis { name: "time".into(), scale: Scale::Times(jiff::tz::TimeZone::UTC), from: 0.0, to: 3.6e12 };
        let series = |name: &str, y: f64| Series { name: name.into(), points: vec![(0.0, y), (3.6e12, 2.0 * y)] };
        let lines = Lines { x, unit: "n".into(), series: vec![series("a", 1.0), series("b", 3.0)] };
        let svg = write(&of(Body::Lines(lines)), "tab");
        assert_eq!(svg.matches("<polyline").count(), 2);
        let texts = texts(&svg);
        for said in ["a", "b", "n", "time, 1970-01-01 UTC", "00:30", "6"] {
            assert!(texts.iter().any(|text| text == said), "{said}: {texts:?}");
        }
    }

    #[test]
    fn columns_stand_on_the_axis() {
        let x = Axis { name: "n".into(), scale: Scale::Numbers, from: 0.0, to: 30.0 };
        let columns = Columns { x, every: "10".into(), bounds: vec![0.0, 10.0, 20.0, 30.0], counts: vec![3, 0, 1200] };
        let svg = write(&of(Body::Columns(columns)), "tab");
        let document = roxmltree::Document::parse(&svg).unwrap();
        let blocks =
            document.descendants().filter(|node| node.has_tag_name("rect") && node.attribute("fill").is_some());
        assert_eq!(blocks.count(), 2, "nothing is drawn of an empty part");
        assert!(texts(&svg).iter().any(|text| text == "rows per 10"));
    }
}
