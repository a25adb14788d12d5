//! The way out of a mistake: what people write who know another language, and what they probably meant.
//!
//! Owns the hints. Knows nothing of the grammar.

use crate::gdbql::lex::Shape;

/// The words of the language, none of which is the name of anything.
pub const KEYWORDS: [&str; 23] = [
    "STREAM",
    "FROM",
    "IN",
    "WHERE",
    "GROUP",
    "BY",
    "HAVING",
    "ORDER",
    "ASC",
    "DESC",
    "LIMIT",
    "TOP",
    "MAP",
    "PROJECT",
    "INTO",
    "AND",
    "OR",
    "NOT",
    "BETWEEN",
    "UNDER",
    "DESCENDANTS",
    "TRUE",
    "FALSE",
];

/// The fields that a stored event has.
pub const FIELDS: [&str; 10] =
    ["id", "source", "subject", "type", "time", "specversion", "datacontenttype", "hash", "predecessorhash", "data"];

/// Whether `word` is one of the language's own words, in any case.
pub fn is_keyword(word: &str) -> bool {
    word.eq_ignore_ascii_case("null") || KEYWORDS.iter().any(|keyword| keyword.eq_ignore_ascii_case(word))
}

/// What a piece that GDBQL has no use for should have been.
pub fn foreign(shape: Shape, found: &str) -> Option<String> {
    let hint = match (shape, found) {
        (Shape::Text { closed: false }, _) => "the string is not closed: its quote is missing on this line",
        (Shape::Symbol, "=") => "`=` compares nothing: write `==`",
        (Shape::Symbol, "===") => "`===` is not an operator: write `==`",
        (Shape::Symbol, "!==" | "<>") => return Some(format!("`{found}` is not an operator: write `!=`")),
        (Shape::Symbol, "&&" | "&") => return Some(format!("`{found}` is not an operator: write AND")),
        (Shape::Symbol, "||" | "|") => return Some(format!("`{found}` is not an operator: write OR")),
        (Shape::Symbol, "!") => "`!` is not an operator: write NOT",
        (Shape::Unknown, "‘" | "’" | "“" | "”" | "„" | "`" | "´" | "«" | "»") => {
            return Some(format!("strings stand in straight quotes, 'like this', found {found}"));
        }
        (Shape::Unknown, _) => return Some(format!("{:?} means nothing here", found)),
        (Shape::Word, word) => return foreign_word(word),
        _ => return None,
    };
    Some(hint.to_owned())
}

fn foreign_word(word: &str) -> Option<String> {
    let way = match word.to_ascii_uppercase().as_str() {
        "SELECT" => "what a row shows is said last, with MAP: STREAM e FROM events MAP e.data",
        "IS" => "compare with `== null` or `!= null`",
        "LIKE" | "CONTAINS" | "MATCHES" => "strings are compared with ==, <, BETWEEN or IN",
        "OFFSET" | "SKIP" => "rows are limited by LIMIT only",
        "DISTINCT" => "GROUP BY gives one row for each value",
        _ => return None,
    };
    Some(format!("`{word}` is no word of GDBQL: {way}"))
}

/// The clause that `word` may be a misspelling of, as it is written in full.
pub fn clause_like(word: &str) -> Option<&'static str> {
    const CLAUSES: [(&str, &str); 8] = [
        ("WHERE", "WHERE"),
        ("GROUP", "GROUP BY"),
        ("HAVING", "HAVING"),
        ("ORDER", "ORDER BY"),
        ("LIMIT", "LIMIT"),
        ("TOP", "TOP"),
        ("MAP", "MAP"),
        ("PROJECT", "PROJECT INTO"),
    ];
    CLAUSES.into_iter().find(|(word_of, _)| is_close(word, word_of)).map(|(_, clause)| clause)
}

/// Whether `word` is at most one slip away from `target` (two for long words), and not `target` itself.
pub fn is_close(word: &str, target: &str) -> bool {
    let allowed = if target.len() > 5 { 2 } else { 1 };
    let word: Vec<char> = word.to_ascii_uppercase().chars().take(target.len() + 3).collect();
    let target: Vec<char> = target.chars().collect();
    word != target && word.len() > 1 && distance(&word, &target) <= allowed
}

/// Insertions, deletions, substitutions and swaps of neighbours from `a` to `b`.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut rows = vec![vec![0usize; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    rows[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let differs = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + differs);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

/// The first part of a text, for a message.
pub fn excerpt(text: &str) -> String {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
