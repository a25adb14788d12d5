//! The recording as the screen knows it: which file, how much, how it went.

use super::Tail;
use super::prompt::{Asked, Prompt};
use crate::app::effect::{Call, Outbox, Slot};
use crate::app::message::{Level, RecordNews};
use crate::model::count::count;

/// A recording that is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// Which file.
    pub path: String,
    /// How many events were written.
    pub events: u64,
    /// How many bytes.
    pub bytes: u64,
    /// Whether the file is open.
    pub open: bool,
}

impl Tail {
    /// Begin a recording, or end the one that is under way.
    pub(super) fn record(&mut self, out: &mut Outbox) {
        match &self.recording {
            Some(_) => out.start(Slot::RecordOrder, Call::StopRecord),
            None => self.prompt = Some(Prompt::line(Asked::Record { exists: false }, &self.recorded_to)),
        }
    }

    /// Put what was recorded onto the disk.
    pub(super) fn sync_record(&mut self, out: &mut Outbox) {
        match &self.recording {
            Some(_) => out.start(Slot::RecordOrder, Call::SyncRecord),
            None => out.say(Level::Info, "Nothing is recorded. R starts."),
        }
    }

    pub(super) fn begin_record(&mut self, path: &str, append: bool, out: &mut Outbox) {
        self.recorded_to = path.to_owned();
        self.recording = Some(Recording { path: path.to_owned(), events: 0, bytes: 0, open: false });
        out.start(Slot::Record, Call::Record { path: path.to_owned(), append });
    }

    /// News of the recording came.
    pub fn recorded(&mut self, news: RecordNews, out: &mut Outbox) {
        let ended = |out: &mut Outbox| out.slots.end(Slot::Record);
        match (news, &mut self.recording) {
            (RecordNews::Started { path }, Some(recording)) => {
                recording.open = true;
                recording.path.clone_from(&path);
                out.say(Level::Info, format!("Recording to {path}. R stops, S puts it onto the disk."));
            }
            (RecordNews::Written { events, bytes }, Some(recording)) => {
                (recording.events, recording.bytes) = (events, bytes);
            }
            (RecordNews::Synced, Some(recording)) => {
                out.slots.end(Slot::RecordOrder);
                out.say(Level::Info, format!("{} is on the disk as far as it was written.", recording.path));
            }
            (RecordNews::Exists, _) => {
                ended(out);
                self.recording = None;
                let problem = Some("This file is there already. Enter goes on behind what is in it.".to_owned());
                let mut prompt = Prompt::line(Asked::Record { exists: true }, &self.recorded_to);
                if let Prompt::Line { problem: told, .. } = &mut prompt {
                    *told = problem;
                }
                self.prompt = Some(prompt);
            }
            (RecordNews::Stopped, recording) => {
                ended(out);
                out.slots.end(Slot::RecordOrder);
                if let Some(Recording { path, events, .. }) = recording.take() {
                    let events = count(events, "event");
                    out.say(Level::Info, format!("Recorded {events} to {path}; all of it is on the disk."));
                }
            }
            (RecordNews::Failed(reason), recording) => {
                ended(out);
                out.slots.end(Slot::RecordOrder);
                let path = recording.take().map_or_else(String::new, |recording| recording.path);
                out.say(Level::Error, format!("The recording to {path} has ended: {reason}. R starts another."));
            }
            (_, None) => {}
        }
    }
}
