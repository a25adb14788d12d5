//! The terminal and the tasks around the app.
//!
//! Owns every task, the clock, the terminal and the client. Carries out the app's effects and brings back what comes
//! of them as messages. Decides nothing that the app could decide.

mod answer;
mod canvas;
mod census;
mod clipboard;
mod desk;
mod edit;
mod export;
mod failure;
mod frames;
mod input;
mod inspect;
mod intake;
mod launch;
mod lazy;
mod letter;
mod library;
mod local;
mod notice;
mod observe;
mod output;
pub mod partial;
mod record;
mod run;
mod runner;
mod search;
mod signals;
mod stats;
mod terminal;
mod timers;
mod weave;

pub use canvas::Canvas;
pub use desk::Folders;
pub use frames::Frames;
pub use input::Input;
pub use intake::Keep;
pub use launch::{Launch, LaunchError};
pub use notice::Notice;
pub use run::{ShellError, explore, run};
pub use stats::{Histogram, Report, Stats};
pub use terminal::TerminalGuard;
