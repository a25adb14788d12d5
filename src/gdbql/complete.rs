//! Completion: what can stand at a place of a text that is being typed.
//!
//! Told from the tokens before the place, so it works in texts that do not parse. What a store has (types, subjects,
//! fields) is given by the caller; nothing is known of where it comes from and how it is shown.

use super::ast::Function;
use super::token::{Token, TokenKind, tokens};
use std::ops::Range;

/// What a store is known to have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Event types, the most frequent first.
    pub types: Vec<String>,
    /// Subjects, in the order in which they are offered.
    pub subjects: Vec<String>,
    /// Fields of payloads: the path below `data`, and what is there.
    pub fields: Vec<(Vec<String>, String)>,
}

/// Something that can stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What is put into the text.
    pub text: String,
    /// What it is, in a word or two.
    pub what: String,
}

/// What can stand at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The bytes that a candidate takes the place of.
    pub range: Range<usize>,
    /// At least one, the most likely first.
    pub candidates: Vec<Candidate>,
}

/// The fields of every event.
const EVENT_FIELDS: [(&str, &str); 10] = [
    ("data", "the payload"),
    ("type", "event type"),
    ("subject", "subject"),
    ("time", "when it was stored"),
    ("id", "UUID"),
    ("source", "who wrote it"),
    ("datacontenttype", "of the payload"),
    ("specversion", "of CloudEvents"),
    ("hash", "of the event"),
    ("predecessorhash", "of the event before it"),
];

const HEADER: [(&str, &str); 1] = [("STREAM e FROM events", "start of a query")];

/// What begins an operand.
const OPERANDS: [(&str, &str); 5] =
    [("NOT", "negation"), ("true", "value"), ("false", "value"), ("null", "value"), ("''", "text")];

/// What goes on behind an operand.
const CONTINUATIONS: [(&str, &str); 15] = [
    ("WHERE", "filter"),
    ("GROUP BY", "one row for each value"),
    ("HAVING", "filter of groups"),
    ("ORDER BY", "sort"),
    ("LIMIT", "number of rows"),
    ("MAP", "what a row shows"),
    ("AND", "both"),
    ("OR", "either"),
    ("==", "is equal"),
    ("!=", "is not equal"),
    ("IN", "is one of"),
    ("BETWEEN", "is from … to …"),
    ("UNDER", "subject or below it"),
    ("DESCENDANTS", "below the subject"),
    ("DESC", "largest first"),
];

/// What can stand at a byte of the text; `None` when nothing is known that could.
pub fn complete(text: &str, offset: usize, known: &Known) -> Option<Completion> {
    let all = tokens(text);
    let end = all.iter().position(|token| token.span.end >= offset).map_or(all.len(), |at| at + 1);
    let before = since_separator(text, all.get(..end)?);
    let current = before.last().filter(|token| token.span.end >= offset && token.span.start < offset);
    let place = Place { text, tokens: before, offset };
    match current.map(|token| token.kind) {
        Some(TokenKind::Comment | TokenKind::Number) => None,
        Some(TokenKind::String) => place.in_string(current?, known),
        Some(TokenKind::Whitespace | TokenKind::Punctuation | TokenKind::Operator) | None => {
            place.at_word(offset, known)
        }
        Some(_) => place.at_word(current?.span.start, known),
    }
}

/// The tokens of the query in which the last one stands.
fn since_separator<'t>(text: &str, tokens: &'t [Token]) -> &'t [Token] {
    let written = |token: &Token| text.get(token.span.clone()).unwrap_or_default();
    let separates = |token: &Token| match token.kind {
        TokenKind::Whitespace => written(token).matches('\n').count() > 1,
        TokenKind::Punctuation => written(token) == ";",
        _ => false,
    };
    let from = tokens.iter().rposition(separates).map_or(0, |at| at + 1);
    tokens.get(from..).unwrap_or_default()
}

struct Place<'t> {
    text: &'t str,
    /// Up to the place, and the one at it.
    tokens: &'t [Token],
    offset: usize,
}

impl<'t> Place<'t> {
    /// The tokens before a byte that mean something, the nearest first.
    fn before(&self, end: usize) -> impl Iterator<Item = (TokenKind, &'t str)> {
        let means = |token: &&Token| !matches!(token.kind, TokenKind::Whitespace | TokenKind::Comment);
        let ended = move |token: &&Token| token.span.end <= end;
        let text = self.text;
        let read = move |token: &Token| (token.kind, text.get(token.span.clone()).unwrap_or_default());
        self.tokens.iter().rev().filter(ended).filter(means).map(read)
    }

    /// The candidates that go on from what is typed, of which there is one at least.
    fn answer(&self, start: usize, end: usize, offered: Vec<Candidate>) -> Option<Completion> {
        let typed = self.text.get(start..self.offset)?.to_lowercase();
        let goes_on = |candidate: &Candidate| {
            let text = candidate.text.to_lowercase();
            text != typed && (text.starts_with(&typed) || (typed.len() > 1 && text.contains(&typed)))
        };
        let mut candidates: Vec<Candidate> = offered.into_iter().filter(goes_on).collect();
        // Those that only contain it come after those that begin with it.
        candidates.sort_by_key(|candidate| !candidate.text.to_lowercase().starts_with(&typed));
        (!candidates.is_empty()).then_some(Completion { range: start..end, candidates })
    }

    /// Inside a string: subjects or types, by what it is compared with.
    fn in_string(&self, token: &Token, known: &Known) -> Option<Completion> {
        let written = self.text.get(token.span.clone())?;
        let quote = written.chars().next()?;
        let closed = written.len() > 1 && written.ends_with(quote);
        if closed && self.offset == token.span.end {
            return None;
        }
        let end = if closed { token.span.end - 1 } else { self.offset };
        let mut path = Vec::new();
        for (kind, text) in self.before(token.span.start) {
            match kind {
                TokenKind::Field => path.insert(0, text),
                TokenKind::Binding => break,
                // Back over the operator and over the other values of a list.
                _ if path.is_empty() && (kind != TokenKind::Keyword || is_comparison(text)) => {}
                _ if text == "." => {}
                _ => return None,
            }
        }
        let (names, what) = match path.as_slice() {
            ["type"] => (&known.types, "event type"),
            ["subject"] => (&known.subjects, "subject"),
            _ => return None,
        };
        let offered = names
            .iter()
            .filter(|name| !name.contains(|c: char| c == quote || c == '\\' || c.is_control()))
            .map(|name| Candidate { text: name.clone(), what: what.to_owned() });
        self.answer(token.span.start + 1, end, offered.collect())
    }

    /// At a word that is being typed, or where one may begin.
    fn at_word(&self, start: usize, known: &Known) -> Option<Completion> {
        let mut before = self.before(start);
        let offered = match before.next() {
            None => named(&HEADER),
            Some((_, ".")) => fields(&self.path(start), known)?,
            Some((kind, text)) if ends_operand(kind, text) => named(&CONTINUATIONS),
            Some((TokenKind::Keyword, text)) if text.eq_ignore_ascii_case("LIMIT") || is_header(text) => return None,
            Some((TokenKind::Punctuation, "{")) => return None,
            Some(_) => self.operands(),
        };
        self.answer(start, self.offset, offered)
    }

    /// The fields before a dot, the outermost first.
    fn path(&self, start: usize) -> Vec<&'t str> {
        let mut path: Vec<&str> = self
            .before(start)
            .take_while(|(kind, text)| *kind == TokenKind::Field || *text == ".")
            .filter(|(kind, _)| *kind == TokenKind::Field)
            .map(|(_, text)| text)
            .collect();
        path.reverse();
        path
    }

    fn operands(&self) -> Vec<Candidate> {
        let binding = self.tokens.iter().find(|token| token.kind == TokenKind::Binding);
        let binding = binding.and_then(|token| self.text.get(token.span.clone())).unwrap_or("e");
        let functions = Function::ALL.into_iter().map(|function| {
            let call = if function == Function::Count { "()" } else { "(" };
            Candidate { text: format!("{}{call}", function.name()), what: "of a group".into() }
        });
        let event = Candidate { text: format!("{binding}."), what: "field of the event".into() };
        std::iter::once(event).chain(functions).chain(named(&OPERANDS)).collect()
    }
}

/// The fields below a path from the event; `None` where none are known.
fn fields(path: &[&str], known: &Known) -> Option<Vec<Candidate>> {
    let Some((first, below)) = path.split_first() else { return Some(named(&EVENT_FIELDS)) };
    if *first != "data" {
        return None;
    }
    let here = known.fields.iter().filter_map(|(path, what)| {
        let (last, parents) = path.split_last()?;
        let same = parents.iter().map(String::as_str).eq(below.iter().copied());
        same.then(|| Candidate { text: last.clone(), what: what.clone() })
    });
    Some(here.collect())
}

fn named(pairs: &[(&str, &str)]) -> Vec<Candidate> {
    pairs.iter().map(|(text, what)| Candidate { text: (*text).to_owned(), what: (*what).to_owned() }).collect()
}

fn is_comparison(word: &str) -> bool {
    ["IN", "UNDER", "DESCENDANTS"].iter().any(|keyword| keyword.eq_ignore_ascii_case(word))
}

fn is_header(word: &str) -> bool {
    ["STREAM", "FROM"].iter().any(|keyword| keyword.eq_ignore_ascii_case(word))
}

fn ends_operand(kind: TokenKind, text: &str) -> bool {
    match kind {
        TokenKind::Keyword => ["events", "ASC", "DESC"].iter().any(|word| word.eq_ignore_ascii_case(text)),
        TokenKind::Punctuation => matches!(text, ")" | "]" | "}"),
        TokenKind::Operator | TokenKind::Whitespace | TokenKind::Comment | TokenKind::Unknown => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn known() -> Known {
        let field = |path: &str, what: &str| (path.split('.').map(str::to_owned).collect(), what.to_owned());
        Known {
            types: vec!["io.shop.order-placed".into(), "io.shop.item-added".into()],
            subjects: vec!["/order".into(), "/order/1".into(), "/it's".into()],
            fields: vec![field("total", "99.50"), field("address", "{…}"), field("address.city", "\"Osaka\"")],
        }
    }

    /// The first candidates at `|`, and the text with the first of them taken.
    fn at(marked: &str) -> Option<(Vec<String>, String)> {
        let offset = marked.find('|').unwrap();
        let text = marked.replacen('|', "", 1);
        let found = complete(&text, offset, &known())?;
        let mut taken = text.clone();
        taken.replace_range(found.range.clone(), &found.candidates[0].text);
        Some((found.candidates.into_iter().map(|candidate| candidate.text).take(3).collect(), taken))
    }

    fn first(marked: &str) -> String {
        at(marked).map_or_else(|| "nothing".to_owned(), |(_, taken)| taken)
    }

    #[test]
    fn clauses_and_operators_follow_operands() {
        assert_eq!(first("|"), "STREAM e FROM events");
        assert_eq!(first("str|"), "STREAM e FROM events");
        assert_eq!(first("STREAM e FROM events |"), "STREAM e FROM events WHERE");
        assert_eq!(first("STREAM e FROM events wh| MAP e"), "STREAM e FROM events WHERE MAP e");
        assert_eq!(first("STREAM e FROM events WHERE e.subject un|"), "STREAM e FROM events WHERE e.subject UNDER");
        assert_eq!(first("STREAM e FROM events WHERE COUNT() o|"), "STREAM e FROM events WHERE COUNT() ORDER BY");
        assert_eq!(first("STREAM e FROM events LIMIT 1;\n|"), "STREAM e FROM events LIMIT 1;\nSTREAM e FROM events");
    }

    #[test]
    fn operands_follow_operators() {
        assert_eq!(at("STREAM f FROM events WHERE |").unwrap().0, ["f.", "COUNT()", "SUM("]);
        assert_eq!(first("STREAM e FROM events MAP s|"), "STREAM e FROM events MAP SUM(");
        assert_eq!(first("STREAM e FROM events WHERE e.n == t|"), "STREAM e FROM events WHERE e.n == true");
    }

    #[test]
    fn fields_follow_dots() {
        assert_eq!(at("STREAM e FROM events WHERE e.|").unwrap().0, ["data", "type", "subject"]);
        assert_eq!(at("STREAM e FROM events WHERE e.data.|").unwrap().0, ["total", "address"]);
        assert_eq!(
            first("STREAM e FROM events MAP e.data.address.ci|"),
            "STREAM e FROM events MAP e.data.address.city"
        );
        assert_eq!(first("STREAM e FROM events MAP e.data.total.|"), "nothing");
        assert_eq!(first("STREAM e FROM events MAP e.id.|"), "nothing");
    }

    #[test]
    fn strings_are_what_they_are_compared_with() {
        assert_eq!(
            first("STREAM e FROM events WHERE e.type == 'item|'"),
            "STREAM e FROM events WHERE e.type == 'io.shop.item-added'"
        );
        assert_eq!(
            first("STREAM e FROM events WHERE e.type IN ('x', 'order|"),
            "STREAM e FROM events WHERE e.type IN ('x', 'io.shop.order-placed"
        );
        assert_eq!(at("STREAM e FROM events WHERE e.subject UNDER '|'").unwrap().0, ["/order", "/order/1"]);
        assert_eq!(first("STREAM e FROM events WHERE e.data.x == '|'"), "nothing");
        assert_eq!(first("STREAM e FROM events WHERE e.type == ''|"), "nothing");
    }

    #[test]
    fn nothing_stands_in_comments_and_numbers() {
        assert_eq!(first("STREAM e FROM events -- wh|"), "nothing");
        assert_eq!(first("STREAM e FROM events LIMIT |"), "nothing");
        assert_eq!(first("STREAM e FROM events LIMIT 1|"), "nothing");
    }

    proptest! {
        #[test]
        fn any_text_at_any_place(text in "(STREAM e FROM events |WHERE |e|\\.|data|'|type|==|é| |\n|;|\\(|--){0,12}", at in 0usize..60) {
            let offset = text.floor_char_boundary(at.min(text.len()));
            if let Some(found) = complete(&text, offset, &known()) {
                prop_assert!(found.range.start <= offset && offset <= found.range.end);
                prop_assert!(text.get(found.range).is_some() && !found.candidates.is_empty());
            }
        }
    }
}
