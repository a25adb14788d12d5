//! The language's reference: every clause, operator, function and literal with an example that runs on any store.
//!
//! A test holds it against the parser's own tables: what the parser knows stands here, and every example is understood.

use super::ast::Function;

/// Something that the language has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// As it is written.
    pub name: &'static str,
    /// What sort of thing it is.
    pub group: Group,
    /// What it does, in a sentence or two.
    pub text: &'static str,
    /// A query that shows it.
    pub example: &'static str,
}

/// The parts of the reference, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// What a query is made of.
    Clause,
    /// What stands between operands.
    Operator,
    /// What is computed of many events.
    Function,
    /// Values as they are written.
    Literal,
    /// What is not sent to a server as it stands.
    Here,
    /// The other way to write a query.
    Dialect,
}

impl Group {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Clause => "clause",
            Self::Operator => "operator",
            Self::Function => "function",
            Self::Literal => "value",
            Self::Here => "in gdbx",
            Self::Dialect => "older dialect",
        }
    }
}

/// A function with its arguments and what it gives.
pub fn signature(function: Function) -> (&'static str, &'static str) {
    match function {
        Function::Count => ("COUNT([a])", "how many events; of those where a is not null"),
        Function::Sum => ("SUM(a)", "sum of numbers; 0 of none"),
        Function::Average => ("AVG(a)", "mean of numbers; null of none"),
        Function::Minimum => ("MIN(a)", "smallest number, text or time"),
        Function::Maximum => ("MAX(a)", "largest number, text or time"),
    }
}

/// All of it.
pub fn topics() -> Vec<Topic> {
    let functions = Function::ALL.into_iter().map(|function| Topic {
        name: signature(function).0,
        group: Group::Function,
        text: function_text(function),
        example: function_example(function),
    });
    let mut all = TOPICS.to_vec();
    let at = all.iter().position(|topic| topic.group == Group::Literal).unwrap_or(all.len());
    all.splice(at..at, functions);
    all
}

fn function_text(function: Function) -> &'static str {
    match function {
        Function::Count => {
            "How many events there are; COUNT(a) counts those where a is not null. Without GROUP BY it makes one row of \
             all events, also of none: COUNT() is 0 then."
        }
        Function::Sum => "The sum of numbers. Null is passed over; of no event it is 0. Anything else is an error.",
        Function::Average => "The mean of numbers. Null is passed over; of no event it is null.",
        Function::Minimum => {
            "The smallest of numbers, of texts or of times. Null is passed over; of no event it is null."
        }
        Function::Maximum => {
            "The largest of numbers, of texts or of times. Null is passed over; of no event it is null."
        }
    }
}

fn function_example(function: Function) -> &'static str {
    match function {
        Function::Count => {
            "STREAM e FROM events\nGROUP BY e.source\nMAP { source: e.source, events: COUNT(), withPayload: COUNT(e.data) }"
        }
        Function::Sum => {
            "STREAM e FROM events\nWHERE e.data.total > 0\nMAP { events: COUNT(), sum: SUM(e.data.total) }"
        }
        Function::Average => {
            "STREAM e FROM events\nWHERE e.data.total > 0\nGROUP BY e.type\nMAP { type: e.type, mean: AVG(e.data.total) }"
        }
        Function::Minimum => "STREAM e FROM events\nGROUP BY e.type\nMAP { type: e.type, first: MIN(e.time) }",
        Function::Maximum => "STREAM e FROM events\nGROUP BY e.type\nMAP { type: e.type, latest: MAX(e.time) }",
    }
}

const fn topic(group: Group, name: &'static str, text: &'static str, example: &'static str) -> Topic {
    Topic { name, group, text, example }
}

use Group::{Clause, Dialect, Here, Literal, Operator};

const TOPICS: &[Topic] = &[
    topic(
        Clause,
        "STREAM e FROM events",
        "Begins every query. The event may have any name; the clauses below follow in this order.",
        "STREAM e FROM events\nLIMIT 10",
    ),
    topic(
        Clause,
        "WHERE condition",
        "Which events count. Null counts as false; any other value that is neither true nor false is an error.",
        "STREAM e FROM events\nWHERE e.subject UNDER '/' AND e.data != null\nLIMIT 20\nMAP { subject: e.subject, data: e.data }",
    ),
    topic(
        Clause,
        "GROUP BY a, b",
        "One row for each value, in order of first appearance. A field that is not grouped by is that of the group's \
         first event.",
        "STREAM e FROM events\nGROUP BY e.source, e.type\nMAP { source: e.source, type: e.type, events: COUNT() }",
    ),
    topic(
        Clause,
        "HAVING condition",
        "Which groups count.",
        "STREAM e FROM events\nGROUP BY e.subject\nHAVING COUNT() > 1\nLIMIT 20\nMAP { subject: e.subject, events: COUNT() }",
    ),
    topic(
        Clause,
        "ORDER BY a [ASC|DESC], b",
        "The order of the rows; ASC, the smallest first, is usual. Null is last. Without it, rows come as events were \
         committed.",
        "STREAM e FROM events\nORDER BY e.time DESC\nLIMIT 20\nMAP { time: e.time, type: e.type, subject: e.subject }",
    ),
    topic(Clause, "LIMIT n", "No more rows than that.", "STREAM e FROM events\nLIMIT 5"),
    topic(
        Clause,
        "MAP value",
        "What a row shows: a value, or an object with a column for each member. Without it, a row is the whole event.",
        "STREAM e FROM events\nLIMIT 20\nMAP { id: e.id, type: e.type, data: e.data }",
    ),
    topic(
        Operator,
        "==  !=",
        "Equal or not. They know null as a value: `!= 5` holds where the field is missing. Values of different types are \
         not equal.",
        "STREAM e FROM events\nWHERE e.type != 'nothing' AND e.data != null\nLIMIT 10",
    ),
    topic(
        Operator,
        "<  <=  >  >=",
        "Numbers as numbers, times as times, text by its characters. A comparison with null is false.",
        "STREAM e FROM events\nWHERE e.time >= '2020-01-01' AND e.time < '2100-01-01T00:00:00Z'\nLIMIT 10",
    ),
    topic(
        Operator,
        "AND  OR  NOT",
        "NOT binds more tightly than AND, and AND more tightly than OR; parentheses say otherwise.",
        "STREAM e FROM events\nWHERE NOT (e.subject == '/' OR e.source == '') AND e.id != null\nLIMIT 10",
    ),
    topic(
        Operator,
        "IN [a, b]",
        "Whether a value is one of a list.",
        "STREAM e FROM events\nWHERE e.specversion IN ['1.0', '1.1']\nLIMIT 10",
    ),
    topic(
        Operator,
        "BETWEEN a AND b",
        "Whether a value is neither smaller than a nor larger than b.",
        "STREAM e FROM events\nWHERE e.time BETWEEN '2020-01-01' AND '2100-01-01'\nLIMIT 10",
    ),
    topic(
        Operator,
        "UNDER '/subject'",
        "A subject and everything below it.",
        "STREAM e FROM events\nWHERE e.subject UNDER '/'\nGROUP BY e.subject\nLIMIT 20\nMAP { subject: e.subject, events: COUNT() }",
    ),
    topic(
        Operator,
        "DESCENDANTS '/subject'",
        "Everything below a subject, at any depth, but not the subject itself.",
        "STREAM e FROM events\nWHERE e.subject DESCENDANTS '/'\nLIMIT 20\nMAP { subject: e.subject, type: e.type }",
    ),
    topic(
        Operator,
        "+  -  *  /  %",
        "Arithmetic; + also joins texts. With null the result is null; a division by zero is an error.",
        "STREAM e FROM events\nLIMIT 10\nMAP { what: e.subject + ' is ' + e.type, answer: (40 + 2) * 2 / 2 }",
    ),
    topic(
        Literal,
        "e.data.a.b",
        "A field of the payload; null where it is missing. Names with other signs stand in brackets, and so do places of \
         a list, counted from 0.",
        "STREAM e FROM events\nLIMIT 20\nMAP { total: e.data.total, first: e.data.items[0], other: e.data['first-name'] }",
    ),
    topic(
        Literal,
        "e.type  e.subject  e.time  …",
        "What every event has: id, source, subject, type, time, specversion, datacontenttype, hash, predecessorhash, \
         data. Times are compared as times.",
        "STREAM e FROM events\nLIMIT 10\nMAP { id: e.id, source: e.source, time: e.time, hash: e.hash }",
    ),
    topic(
        Literal,
        "'text'  \"text\"",
        "Strings, on one line. Escapes: \\' \\\" \\\\ \\n \\t \\u00e9.",
        "STREAM e FROM events\nLIMIT 1\nMAP { plain: 'text', quoted: 'it\\'s', other: \"caf\\u00e9\" }",
    ),
    topic(
        Literal,
        "1  -2.5  1e3",
        "Numbers. Whole ones are exact up to 128 bits.",
        "STREAM e FROM events\nLIMIT 1\nMAP { whole: 1, part: -2.5, large: 1e3 }",
    ),
    topic(
        Literal,
        "true  false  null",
        "Null is what a missing field is.",
        "STREAM e FROM events\nLIMIT 1\nMAP { yes: true, no: false, nothing: null, missing: e.data.missing == null }",
    ),
    topic(
        Literal,
        "[a, b]  { name: a }",
        "Lists and objects.",
        "STREAM e FROM events\nLIMIT 5\nMAP { both: [e.type, e.subject], inner: { id: e.id } }",
    ),
    topic(
        Literal,
        "-- comment",
        "To the end of the line, also with //. gdbx does not send comments.",
        "-- The newest event\nSTREAM e FROM events // all of them\nORDER BY e.time DESC\nLIMIT 1",
    ),
    topic(
        Here,
        ":name",
        "A parameter: its value is asked for before the query is run. Numbers, true, false and null are what they are; \
         `now`, `today` and `2h ago` are times; anything else is text.",
        "-- :since = 24h ago\nSTREAM e FROM events\nWHERE e.time >= :since\nLIMIT 20",
    ),
    topic(
        Here,
        "EXPLAIN",
        "Before a query: how it is run and what was read for it, where it runs here.",
        "EXPLAIN STREAM e FROM events\nWHERE e.subject UNDER '/order'\nMAP COUNT()",
    ),
    topic(
        Here,
        "; or a blank line",
        "Separates queries of one text; the one under the cursor is run.",
        "STREAM e FROM events LIMIT 1;\n\nSTREAM e FROM events MAP COUNT()",
    ),
    topic(
        Dialect,
        "FROM e IN events … TOP n",
        "How queries of API 1 begin and are limited.",
        "FROM e IN events\nWHERE e.id != null\nTOP 10",
    ),
    topic(
        Dialect,
        "PROJECT INTO value",
        "What MAP is in the dialect of API 1.",
        "FROM e IN events\nPROJECT INTO COUNT() > 0",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gdbql::parse::hint::{FIELDS, KEYWORDS};
    use crate::gdbql::{parameters, parse_explained, statements};

    #[test]
    fn every_example_is_understood() {
        for topic in topics() {
            for range in statements(topic.example) {
                let text = parameters::neutral(&topic.example[range]);
                parse_explained(&text).unwrap_or_else(|error| panic!("{}: {error}", topic.name));
            }
        }
    }

    #[test]
    fn all_that_the_parser_knows_stands_here() {
        let all: Vec<String> = topics().iter().map(|topic| format!("{} {}", topic.name, topic.text)).collect();
        let words =
            KEYWORDS.iter().map(|word| word.to_lowercase()).chain(FIELDS.iter().map(|field| (*field).to_owned()));
        for word in words.chain(Function::ALL.iter().map(|function| function.name().to_lowercase())) {
            let is_word =
                |text: &String| text.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|part| part == word);
            assert!(all.iter().any(is_word), "{word}");
        }
    }
}
