//! Subjects: the hierarchical names of what events are about, `/customer/42`.

/// Whether `subject` is `root` itself or stands anywhere below it. The root `/` covers everything.
///
/// A trailing slash of `root` does not count: `/customer/` covers what `/customer` does.
pub fn is_under(subject: &str, root: &str) -> bool {
    let root = root.trim_end_matches('/');
    match subject.strip_prefix(root) {
        Some(rest) => rest.is_empty() || rest.starts_with('/'),
        None => false,
    }
}

/// Whether `subject` stands strictly below `root`, at any depth.
pub fn is_descendant(subject: &str, root: &str) -> bool {
    is_under(subject, root) && subject.trim_end_matches('/').len() > root.trim_end_matches('/').len()
}

/// The segments of a subject, without the slashes: `customer`, `42`.
pub fn segments(subject: &str) -> impl Iterator<Item = &str> {
    subject.split('/').filter(|segment| !segment.is_empty())
}

/// The top-level subject of a subject: `/customer` of `/customer/42`.
pub fn top_level(subject: &str) -> &str {
    let body = subject.strip_prefix('/').unwrap_or(subject);
    let end = body.find('/').unwrap_or(body.len()) + (subject.len() - body.len());
    &subject[..end]
}

/// What is wrong with a text as the subject of a new event, as a sentence; `None` when it will do.
pub fn problem(subject: &str) -> Option<&'static str> {
    if subject.is_empty() {
        Some("The subject is empty. It starts with /, like /customer/42.")
    } else if !subject.starts_with('/') {
        Some("A subject starts with /, like /customer/42.")
    } else if subject == "/" {
        Some("The root / is the whole store; an event needs a subject below it, like /customer/42.")
    } else if subject.ends_with('/') || subject.contains("//") {
        Some("A subject has no empty segments: no // and no / at its end.")
    } else if subject.chars().any(char::is_control) {
        Some("A subject has no control characters.")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_covers_itself_and_what_is_below_it() {
        for (subject, root, under, below) in [
            ("/customer/42", "/customer", true, true),
            ("/customer/42", "/customer/", true, true),
            ("/customer", "/customer", true, false),
            ("/customers", "/customer", false, false),
            ("/customer", "/customer/42", false, false),
            ("/customer", "/", true, true),
            ("/a/b/c", "/a", true, true),
        ] {
            assert_eq!(is_under(subject, root), under, "{subject} under {root}");
            assert_eq!(is_descendant(subject, root), below, "{subject} below {root}");
        }
    }

    #[test]
    fn names_the_top_level() {
        assert_eq!(top_level("/customer/42/address"), "/customer");
        assert_eq!(top_level("/customer"), "/customer");
        assert_eq!(top_level("/"), "/");
    }

    #[test]
    fn says_what_is_wrong_with_a_subject() {
        assert_eq!(problem("/customer/42"), None);
        assert_eq!(problem("/Kunde/Jürgen 1"), None);
        for bad in ["", "/", "customer", "/a//b", "/a/", "/a\u{1b}b"] {
            assert!(problem(bad).is_some(), "{bad:?}");
        }
    }
}
