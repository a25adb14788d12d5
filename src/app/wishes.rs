//! What screens want of each other: a subject to be watched, an event to be shown, a query to be written.

use super::App;
use super::effect::From;
use super::export::running::Origin;
use super::export::{ExportFailure, Written};
use super::json_view::JsonView;
use super::overlay::Overlay;
use super::screens::{ScreenId, Wish};

impl App {
    /// The list is written to its file, or is not.
    pub(super) fn exported(&mut self, result: Result<Written, ExportFailure>) {
        let after = self.world.exports.over(result, &mut self.out);
        match after.again {
            Some((Origin::Events, dialog)) => self.explore.ask_path_again(dialog),
            Some((Origin::Rows(tab), dialog)) => self.query.ask_path_again(tab, dialog),
            None => {}
        }
        if let Some(question) = after.question {
            self.ask(question);
        }
    }

    /// The file that is there already may go.
    pub(super) fn replace_file(&mut self) {
        match self.world.exports.replace(&mut self.out) {
            Some(Origin::Events) => self.explore.close_path(),
            Some(Origin::Rows(tab)) => self.query.close_path(tab),
            None => {}
        }
    }

    /// Do what a screen wants beyond its own pane.
    pub(super) fn grant(&mut self, wish: Wish) {
        match wish {
            Wish::Watch(subject) => {
                self.tail.watch(&subject, &mut self.world, &mut self.out);
                self.screen = ScreenId::Tail;
            }
            Wish::WatchToo(subject) => {
                self.tail.add(&subject, &mut self.world, &mut self.out);
                self.screen = ScreenId::Tail;
            }
            Wish::WatchFrom { subject, id } => {
                self.tail.watch_from(&subject, From::At(id), &mut self.world, &mut self.out);
                self.screen = ScreenId::Tail;
            }
            Wish::Visit(visit) => self.visit(visit),
            Wish::Query(text) => {
                self.query.put(&text);
                self.screen = ScreenId::Query;
            }
            Wish::Draft(draft) => {
                self.commit.draft(draft, &mut self.world, &mut self.out);
                self.go(ScreenId::Commit);
            }
            Wish::Precondition(query) => {
                self.commit.require(&query, &mut self.world, &mut self.out);
                self.go(ScreenId::Commit);
            }
            Wish::ShowSubject(subject) => {
                self.explore.show_subject(&subject, &mut self.world, &mut self.out);
                self.screen = ScreenId::Explore;
            }
            Wish::ShowType(kind) => {
                self.explore.show_type(&kind, &mut self.world, &mut self.out);
                self.screen = ScreenId::Explore;
            }
            Wish::Trace(value) => {
                self.explore.trace(&value, &mut self.world, &mut self.out);
                self.screen = ScreenId::Explore;
            }
            Wish::ShowShape(kind) => {
                self.explore.inspect(&kind, &self.world, &mut self.out);
                self.screen = ScreenId::Explore;
            }
            Wish::View { title, text } => {
                let view = Box::new(JsonView::new(text.as_bytes()));
                self.overlays.push(Overlay::Viewer { title, view });
            }
            Wish::Export(exporting) => self.world.exports.start(*exporting, &mut self.out),
            Wish::Ask(question) => self.ask(question),
            Wish::LoadNew => self.load_new(),
        }
    }
}
