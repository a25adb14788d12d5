//! A line that is asked for below the rows: the seconds of a watch, the file of a picture.

use super::watch;
use crate::app::line::TypedLine;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The pause between two runs.
    Seconds,
    /// The file for the picture.
    Path,
}

/// A line that is being typed.
#[derive(Clone, Debug)]
pub struct Prompt {
    /// What is asked for.
    pub asked: Asked,
    /// The line.
    pub field: TypedLine,
    /// Why it did not do the last time.
    pub problem: Option<String>,
}

impl Prompt {
    fn new(asked: Asked, offered: &str) -> Self {
        // What is typed takes the place of what is offered; `→` keeps it.
        Self { asked, field: TypedLine::offering(offered), problem: None }
    }

    /// Ask how long to pause.
    pub fn seconds() -> Self {
        Self::new(Asked::Seconds, &watch::USUAL.to_string())
    }

    /// Ask for the file of a picture of a tab with this name.
    pub fn path(tab: &str) -> Self {
        const LONGEST: usize = 60;
        let plain = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' };
        let name: String = tab.chars().map(plain).take(LONGEST).collect();
        let name = if name.trim_matches('-').is_empty() { "chart".to_owned() } else { name };
        Self::new(Asked::Path, &format!("{name}.svg"))
    }

    /// What was typed, without the space around it.
    pub fn text(&self) -> String {
        self.field.text().trim().to_owned()
    }

    /// What is to be known of it.
    pub fn hint(&self) -> &'static str {
        match self.asked {
            Asked::Seconds => "⏎ begins; counted from the end of a run to the next start",
            Asked::Path => "⏎ saves; ~/ is the home directory",
        }
    }

    /// The heading.
    pub fn label(&self) -> &'static str {
        match self.asked {
            Asked::Seconds => "Run the query every so many seconds",
            Asked::Path => "Save the chart as an SVG file",
        }
    }
}
