//! The field in which another subject is typed, with the subjects that are known for completion.

use crate::app::line::TypedLine;
use crate::model::subject;
use crate::model::tree::SubjectTree;

/// How many subjects are offered.
const OFFERED: usize = 40;

/// A subject that is being typed.
#[derive(Debug)]
pub struct SubjectField {
    /// The text.
    pub input: TypedLine,
    /// The known subjects that begin like this, by name.
    pub found: Vec<String>,
    /// What is wrong with the text, once it was to be taken.
    pub problem: Option<&'static str>,
    /// As much as all subjects that begin like this have in common.
    common: Option<String>,
}

impl SubjectField {
    /// A field that begins with a subject.
    pub fn new(subject: &str, tree: &SubjectTree) -> Self {
        let mut field = Self { input: TypedLine::new(subject), found: Vec::new(), problem: None, common: None };
        field.changed(tree);
        field
    }

    /// The text has changed.
    pub fn changed(&mut self, tree: &SubjectTree) {
        self.problem = None;
        self.found.clear();
        self.common = None;
        let mut text = self.input.text().to_owned();
        // The field begins with a slash; who types or pastes a whole subject behind it means that subject.
        if text.starts_with("//") {
            text = format!("/{}", text.trim_start_matches('/'));
            self.input.replace(&text);
        }
        let (parent, begun) = text.rsplit_once('/').unwrap_or(("", &text));
        let Some(node) = tree.find(parent) else { return };
        let mut common: Option<&str> = None;
        let mut found: Vec<&str> = Vec::new();
        for child in tree.children(node) {
            let name = tree.name(*child);
            if name.starts_with(begun) {
                common = Some(common.map_or(name, |common| shared_start(common, name)));
                found.push(name);
            }
        }
        found.sort_unstable();
        self.common = common.map(|name| format!("{parent}/{name}"));
        self.found = found.into_iter().take(OFFERED).map(|name| format!("{parent}/{name}")).collect();
    }

    /// Type as much as can only be meant; behind a whole subject, go on below it.
    pub fn complete(&mut self, tree: &SubjectTree) {
        let Some(mut text) = self.common.clone() else { return };
        let is_parent = tree.find(&text).is_some_and(|node| !tree.children(node).is_empty());
        if self.found.len() == 1 && is_parent {
            text.push('/');
        }
        self.input.replace(&text);
        self.changed(tree);
    }

    /// The subject that was typed, or `None` with the problem told. The root is a subject here: the whole store.
    pub fn accept(&mut self) -> Option<String> {
        let typed = self.input.text();
        let typed = typed.trim();
        let text = match typed.trim_end_matches('/') {
            "" if !typed.is_empty() => "/",
            text => text,
        };
        self.problem = subject::problem(text).filter(|_| text != "/");
        self.problem.is_none().then(|| text.to_owned())
    }
}

fn shared_start<'a>(a: &'a str, b: &str) -> &'a str {
    let end = a.char_indices().zip(b.chars()).find(|((_, x), y)| x != y).map(|((at, _), _)| at);
    &a[..end.unwrap_or(a.len().min(b.len()))]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> SubjectTree {
        let mut tree = SubjectTree::default();
        for subject in ["/order/1", "/order/2", "/orderly", "/customer/zoë-1", "/customer/zoé-2"] {
            tree.insert(subject);
        }
        tree
    }

    #[test]
    fn completes_as_far_as_there_is_one_way() {
        let tree = tree();
        let mut field = SubjectField::new("", &tree);
        let completed = |field: &mut SubjectField, typed: &str| {
            field.input.insert(typed);
            field.changed(&tree);
            field.complete(&tree);
            field.input.text().to_owned()
        };
        assert_eq!(completed(&mut field, "or"), "/order");
        assert_eq!(field.found, ["/order", "/orderly"]);
        assert_eq!(completed(&mut field, "/"), "/order/");
        assert_eq!(field.found, ["/order/1", "/order/2"]);
        assert_eq!(completed(&mut field, "2"), "/order/2");
        let mut field = SubjectField::new("/", &tree);
        assert_eq!(completed(&mut field, "c"), "/customer/");
        assert_eq!(completed(&mut field, ""), "/customer/zo", "no half letters");
        assert_eq!(completed(&mut field, "x"), "/customer/zox", "what is not known stays as it was typed");
        assert!(field.found.is_empty());
    }

    #[test]
    fn a_whole_subject_can_be_typed_behind_the_slash_that_is_there() {
        let tree = tree();
        let mut field = SubjectField::new("/", &tree);
        field.input.insert("/order/1");
        field.changed(&tree);
        assert_eq!(field.input.text(), "/order/1");
        assert_eq!(field.accept().as_deref(), Some("/order/1"));
    }

    #[test]
    fn takes_only_what_can_be_a_subject() {
        let tree = tree();
        for (typed, subject) in [
            ("/order", Some("/order")),
            (" /order/ ", Some("/order")),
            ("/", Some("/")),
            ("/new/one", Some("/new/one")),
            ("", None),
            ("order", None),
            ("/a//b", None),
        ] {
            let mut field = SubjectField::new(typed, &tree);
            assert_eq!(field.accept().as_deref(), subject, "{typed:?}");
            assert_eq!(field.problem.is_none(), subject.is_some());
        }
    }
}
