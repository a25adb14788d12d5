//! What lies over the screen: the help, the palette, the messages, a question, a whole value.

use super::command::{CommandInfo, Place, commands};
use super::effect::Outbox;
use super::json_view::JsonView;
use super::line::TypedLine;
use super::list::ListState;
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// Something over the screen. The top one gets the keys.
#[derive(Debug)]
pub enum Overlay {
    /// The keys of these places.
    Help {
        /// Where the user was, innermost first.
        places: Vec<Place>,
        /// Whether he was typing, so that letters were no keys.
        typing: bool,
        /// The scroll position.
        list: ListState,
    },
    /// Commands by their name.
    Palette(Box<Palette>),
    /// What was said.
    Messages(ListState),
    /// A question.
    Question(Question),
    /// A whole value.
    Viewer {
        /// What it is.
        title: String,
        /// The value.
        view: Box<JsonView>,
    },
}

impl Overlay {
    /// The places of its commands, innermost first.
    pub fn places(&self) -> &'static [Place] {
        match self {
            Self::Help { .. } | Self::Messages(_) => &[Place::Pager, Place::Moves],
            Self::Palette(_) => &[Place::Field, Place::Line],
            Self::Question(_) => &[Place::Question],
            Self::Viewer { view, .. } if view.typing() => &[Place::Field, Place::Line],
            Self::Viewer { view, .. } if view.find.is_some() => {
                &[Place::EventSearch, Place::Event, Place::Pager, Place::Moves]
            }
            Self::Viewer { .. } => &[Place::Event, Place::Pager, Place::Moves],
        }
    }

    /// Go on with what is looked for in a value.
    pub fn work(&mut self, out: &mut Outbox) {
        if let Self::Viewer { view, .. } = self {
            view.work(out);
        }
    }

    /// Whether letters go into a field.
    pub fn typing(&self) -> bool {
        match self {
            Self::Palette(_) => true,
            Self::Viewer { view, .. } => view.typing(),
            _ => false,
        }
    }
}

/// A question with yes and no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The heading.
    pub title: String,
    /// What is asked, line by line.
    pub lines: Vec<String>,
    /// What yes does.
    pub yes: Answer,
    /// Whether yes cannot be taken back: drawn in the colour of danger.
    pub dangerous: bool,
}

/// What a yes does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Commit what is in the form.
    Commit,
    /// Empty the form.
    EmptyForm,
    /// Take the event that is shown out of the commit.
    RemoveEvent,
    /// Take the precondition with the cursor out of the commit.
    RemovePrecondition,
    /// Write over the file that is there already.
    ReplaceFile,
    /// Write a picture over the file that is there already.
    ReplacePicture,
    /// Stop writing the list to its file.
    StopExport,
    /// Write over the saved query of that name.
    ReplaceQuery,
    /// Remove the saved query.
    RemoveQuery,
    /// End the program.
    Quit,
}

/// Commands by their name.
#[derive(Debug)]
pub struct Palette {
    /// What was typed.
    pub input: TypedLine,
    /// The commands that fit, best first.
    pub found: Vec<&'static CommandInfo>,
    /// The selection.
    pub list: ListState,
    offered: Vec<&'static CommandInfo>,
}

impl Palette {
    /// All commands of these places.
    pub fn new(places: &[Place]) -> Self {
        let offered: Vec<_> = places
            .iter()
            .filter(|place| !matches!(place, Place::Moves | Place::Field | Place::Line))
            .flat_map(|place| commands().filter(move |info| info.place == *place))
            .collect();
        Self { input: TypedLine::default(), found: offered.clone(), list: ListState::default(), offered }
    }

    /// What was typed has changed.
    pub fn search(&mut self) {
        let text = self.input.text();
        let pattern = Pattern::parse(text, CaseMatching::Smart, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut buffer = Vec::new();
        let mut scored: Vec<_> = self
            .offered
            .iter()
            .filter_map(|info| {
                // A match in the name weighs more than one in the sentence, which is there for other words.
                let named = pattern.score(Utf32Str::new(info.id, &mut buffer), &mut matcher).map(|score| score * 2);
                let words = format!("{} {}", info.label, info.doc);
                Some((named.max(pattern.score(Utf32Str::new(&words, &mut buffer), &mut matcher))?, *info))
            })
            .collect();
        scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        self.found = scored.into_iter().map(|(_, info)| info).collect();
        self.list.select(0, self.found.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::command::Command;

    #[test]
    fn the_palette_finds_a_command_by_what_it_does() {
        let mut palette = Palette::new(&[Place::Tree, Place::Global]);
        let all = palette.found.len();
        palette.input.insert("audit");
        palette.search();
        assert_eq!(palette.found.first().map(|info| info.command), Some(Command::RunAudit));
        assert!(palette.found.len() < all);
        palette.input.insert("zzzz");
        palette.search();
        assert!(palette.found.is_empty());
    }
}
