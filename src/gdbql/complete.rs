//! Completion: what can stand at a place of a text that is being typed.
//!
//! Told from the tokens before the place, so it works in texts that do not parse. What a store has (types, subjects,
//! fields) is given by the caller; nothing is known of where it comes from and how it is shown.

use super::ast::Function;
use super::parameters::string;
use super::reference::signature;
use super::token::{Token, TokenKind, tokens};
use std::ops::Range;

/// What a store is known to have, as far as it is asked for.
pub trait Known {
    /// Event types, the most frequent first.
    fn types(&self) -> Vec<Candidate>;

    /// Subjects that go on from a text by one level, the busiest first.
    fn subjects(&self, typed: &str) -> Vec<Candidate>;

    /// Fields directly below a path from `data`, in events of these types; of all types when there are none.
    fn fields(&self, types: &[String], path: &[String]) -> Vec<Candidate>;

    /// Values of a field, by its path from `data`, in events of these types.
    fn values(&self, types: &[String], path: &[String]) -> Vec<Value>;
}

/// A value that a field was seen to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The content of a text, or anything else as it is written.
    pub text: String,
    /// Whether it is a text.
    pub is_text: bool,
    /// What is to be said of it.
    pub what: String,
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
    /// How many of them, the first ones, go on from a word or a path that is half typed; none when it is whole already.
    pub going_on: usize,
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
pub fn complete(text: &str, offset: usize, known: &dyn Known) -> Option<Completion> {
    let all = tokens(text);
    let end = all.iter().position(|token| token.span.end >= offset).map_or(all.len(), |at| at + 1);
    let before = since_separator(text, all.get(..end)?);
    let from = end - before.len();
    let until = all.get(end..)?.iter().position(|token| separates(text, token)).map_or(all.len(), |at| end + at);
    let statement = all.get(from..until)?;
    let current = before.last().filter(|token| token.span.end >= offset && token.span.start < offset);
    let place = Place { text, tokens: before, statement, offset };
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
    let from = tokens.iter().rposition(|token| separates(text, token)).map_or(0, |at| at + 1);
    tokens.get(from..).unwrap_or_default()
}

/// Whether a token ends a query.
fn separates(text: &str, token: &Token) -> bool {
    let written = text.get(token.span.clone()).unwrap_or_default();
    match token.kind {
        TokenKind::Whitespace => written.matches('\n').count() > 1,
        TokenKind::Punctuation => written == ";",
        _ => false,
    }
}

struct Place<'t> {
    text: &'t str,
    /// Up to the place, and the one at it.
    tokens: &'t [Token],
    /// Those of the whole query.
    statement: &'t [Token],
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
        let is_whole = offered.iter().any(|candidate| candidate.text.trim_end_matches('.').to_lowercase() == typed);
        let is_begun =
            !typed.is_empty() || self.text.get(..start).is_some_and(|before| before.ends_with(['.', '\'', '"']));
        let begins = |candidate: &Candidate| candidate.text.to_lowercase().starts_with(&typed);
        let mut candidates: Vec<Candidate> = offered.into_iter().filter(goes_on).collect();
        // Those that only contain it come after those that begin with it.
        candidates.sort_by_key(|candidate| !begins(candidate));
        let going_on =
            if is_begun && !is_whole { candidates.iter().take_while(|each| begins(each)).count() } else { 0 };
        (!candidates.is_empty()).then_some(Completion { range: start..end, candidates, going_on })
    }

    /// Inside a string: subjects or types, by what it is compared with.
    fn in_string(&self, token: &Token, known: &dyn Known) -> Option<Completion> {
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
        let offered = match path.as_slice() {
            ["type"] => known.types(),
            ["subject"] => known.subjects(self.text.get(token.span.start + 1..self.offset)?),
            ["data", path @ ..] => {
                let values = known.values(&self.types(), &owned(path)).into_iter().filter(|value| value.is_text);
                values.map(|Value { text, what, .. }| Candidate { text, what }).collect()
            }
            _ => return None,
        };
        let plain = |text: &str| !text.contains(|c: char| c == quote || c == '\\' || c.is_control());
        let offered = offered.into_iter().filter(|candidate| plain(&candidate.text));
        self.answer(token.span.start + 1, end, offered.collect())
    }

    /// The event types that the query is about: what it compares the type with.
    fn types(&self) -> Vec<String> {
        let means = |token: &&Token| !matches!(token.kind, TokenKind::Whitespace | TokenKind::Comment);
        let written = |token: &Token| self.text.get(token.span.clone()).unwrap_or_default();
        let mut types = Vec::new();
        let mut compares = false;
        for token in self.statement.iter().filter(means) {
            match token.kind {
                TokenKind::Field => compares = written(token) == "type",
                TokenKind::String if compares => {
                    let name = written(token).trim_matches(['\'', '"']);
                    if !name.is_empty() {
                        types.push(name.to_owned());
                    }
                }
                TokenKind::Operator => compares &= written(token) == "==",
                TokenKind::Punctuation => compares &= matches!(written(token), "(" | "[" | ","),
                TokenKind::Keyword => compares &= written(token).eq_ignore_ascii_case("IN"),
                _ => compares = false,
            }
        }
        types
    }

    /// What the operand that begins at a byte is compared with: the fields of a path from the event.
    fn compared_with(&self, start: usize) -> Option<Vec<&'t str>> {
        let mut before = self.before(start);
        let (kind, text) = before.next()?;
        if !(kind == TokenKind::Operator && matches!(text, "==" | "!=" | "<" | "<=" | ">" | ">=")) {
            return None;
        }
        let path = before.take_while(|(kind, text)| *kind == TokenKind::Field || *text == ".");
        let mut path: Vec<&str> = path.filter(|(kind, _)| *kind == TokenKind::Field).map(|(_, text)| text).collect();
        path.reverse();
        (!path.is_empty()).then_some(path)
    }

    /// Values of what the operand is compared with, as literals.
    fn literals(&self, start: usize, known: &dyn Known) -> Vec<Candidate> {
        let quoted = |Candidate { text, what }| Candidate { text: string(&text), what };
        match self.compared_with(start).as_deref() {
            Some(["type"]) => known.types().into_iter().map(quoted).collect(),
            Some(["subject"]) => known.subjects("").into_iter().map(quoted).collect(),
            Some(["data", path @ ..]) => {
                let values = known.values(&self.types(), &owned(path)).into_iter();
                let literal = |Value { text, is_text, what }| Candidate {
                    text: if is_text { string(&text) } else { text },
                    what,
                };
                values.map(literal).collect()
            }
            _ => Vec::new(),
        }
    }

    /// At a word that is being typed, or where one may begin.
    fn at_word(&self, start: usize, known: &dyn Known) -> Option<Completion> {
        let mut before = self.before(start);
        let offered = match before.next() {
            None => named(&HEADER),
            Some((_, ".")) => self.fields(&self.path(start), known)?,
            Some((kind, text)) if ends_operand(kind, text) => named(&CONTINUATIONS),
            Some((TokenKind::Keyword, text)) if text.eq_ignore_ascii_case("LIMIT") || is_header(text) => return None,
            Some((TokenKind::Punctuation, "{")) => return None,
            Some(_) => [self.literals(start, known), self.operands()].concat(),
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

    /// The fields below a path from the event; `None` where none are known.
    fn fields(&self, path: &[&str], known: &dyn Known) -> Option<Vec<Candidate>> {
        match path.split_first() {
            None => Some(named(&EVENT_FIELDS)),
            Some((&"data", below)) => Some(known.fields(&self.types(), &owned(below))),
            Some(_) => None,
        }
    }

    fn operands(&self) -> Vec<Candidate> {
        let binding = self.tokens.iter().find(|token| token.kind == TokenKind::Binding);
        let binding = binding.and_then(|token| self.text.get(token.span.clone())).unwrap_or("e");
        let functions = Function::ALL.into_iter().map(|function| {
            let call = if function == Function::Count { "()" } else { "(" };
            let (signature, what) = signature(function);
            Candidate { text: format!("{}{call}", function.name()), what: format!("{signature}  {what}") }
        });
        let event = Candidate { text: format!("{binding}."), what: "field of the event".into() };
        std::iter::once(event).chain(functions).chain(named(&OPERANDS)).collect()
    }
}

fn owned(path: &[&str]) -> Vec<String> {
    path.iter().map(|name| (*name).to_owned()).collect()
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

    /// Two types, a few subjects and fields.
    struct Shop;

    fn candidates(names: &[&str]) -> Vec<Candidate> {
        names.iter().map(|name| Candidate { text: (*name).into(), what: String::new() }).collect()
    }

    impl Known for Shop {
        fn types(&self) -> Vec<Candidate> {
            candidates(&["io.shop.order-placed", "io.shop.item-added"])
        }

        fn subjects(&self, typed: &str) -> Vec<Candidate> {
            candidates(if typed.starts_with("/order/") { &["/order/1", "/order/2"] } else { &["/order", "/it's"] })
        }

        fn fields(&self, types: &[String], path: &[String]) -> Vec<Candidate> {
            match (types, path) {
                ([only], []) if only == "io.shop.item-added" => candidates(&["price"]),
                (_, []) => candidates(&["total", "address"]),
                (_, [one]) if one == "address" => candidates(&["city"]),
                _ => Vec::new(),
            }
        }

        fn values(&self, types: &[String], path: &[String]) -> Vec<Value> {
            let value = |text: &str, is_text| Value { text: text.into(), is_text, what: types.join(",") };
            match path {
                [one] if one == "city" => vec![value("Osaka", true), value("it's", true), value("7", false)],
                _ => Vec::new(),
            }
        }
    }

    /// The first candidates at `|`, and the text with the first of them taken.
    fn at(marked: &str) -> Option<(Vec<String>, String)> {
        let offset = marked.find('|').unwrap();
        let text = marked.replacen('|', "", 1);
        let found = complete(&text, offset, &Shop)?;
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
        assert_eq!(at("STREAM e FROM events WHERE e.subject UNDER '|'").unwrap().0, ["/order"]);
        assert_eq!(at("STREAM e FROM events WHERE e.subject UNDER '/order/|").unwrap().0, ["/order/1", "/order/2"]);
        assert_eq!(first("STREAM e FROM events WHERE e.data.x == '|'"), "nothing");
        assert_eq!(first("STREAM e FROM events WHERE e.type == ''|"), "nothing");
    }

    #[test]
    fn fields_are_those_of_the_types_that_the_query_is_about() {
        let about = |marked: &str| at(marked).map(|(names, _)| names).unwrap_or_default();
        assert_eq!(about("STREAM e FROM events WHERE e.type == 'io.shop.item-added' MAP e.data.|"), ["price"]);
        assert_eq!(about("STREAM e FROM events WHERE e.type IN ['io.shop.item-added'] AND e.data.|"), ["price"]);
        assert_eq!(
            about("STREAM e FROM events MAP e.data.|;\nFROM e IN events WHERE e.type == 'io.shop.item-added'").len(),
            2
        );
        assert_eq!(about("STREAM e FROM events WHERE e.data.| AND e.type == 'io.shop.item-added'"), ["price"]);
        assert_eq!(about("STREAM e FROM events WHERE e.type != 'io.shop.item-added' MAP e.data.|").len(), 2);
    }

    #[test]
    fn values_are_those_of_the_field() {
        assert_eq!(at("STREAM e FROM events WHERE e.data.city == |").unwrap().0, ["'Osaka'", "'it\\'s'", "7"]);
        assert_eq!(
            first("STREAM e FROM events WHERE e.data.city == 'os|"),
            "STREAM e FROM events WHERE e.data.city == 'Osaka"
        );
        assert_eq!(at("STREAM e FROM events WHERE e.type == |").unwrap().0[0], "'io.shop.order-placed'");
        assert_eq!(at("STREAM e FROM events WHERE e.data.other == |").unwrap().0[0], "e.");
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
            if let Some(found) = complete(&text, offset, &Shop) {
                prop_assert!(found.range.start <= offset && offset <= found.range.end);
                prop_assert!(text.get(found.range).is_some() && !found.candidates.is_empty());
            }
        }
    }
}
