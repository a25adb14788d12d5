//! Tokens for highlighting: every byte of a text belongs to exactly one, whatever the text is.
//!
//! Owns what a word is taken for from what stands around it, right or wrong: a query is highlighted while it is
//! typed. Knows nothing of colours.

use super::ast::Function;
use super::lex::{Piece, Shape, pieces};
use super::parse::hint;
use std::ops::Range;

/// A piece of a query's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands, in bytes.
    pub span: Range<usize>,
}

/// What a piece of a query's text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// `STREAM`, `WHERE`, `AND`, and `events` where it is what is read
    Keyword,
    /// `true`, `false`, `null`
    Constant,
    /// `==`, `+`
    Operator,
    /// `COUNT`
    Function,
    /// A string with its quotes, closed or not
    String,
    /// A number
    Number,
    /// Brackets, commas, dots, colons, semicolons
    Punctuation,
    /// `-- …` or `// …`
    Comment,
    /// The event's name, `e`
    Binding,
    /// The name of a field: behind a dot, or the name in `{ name: … }`
    Field,
    /// White space
    Whitespace,
    /// What the language does not know
    Unknown,
}

/// The tokens of any text. Put together, they are the text.
pub fn tokens(text: &str) -> Vec<Token> {
    let pieces: Vec<Piece> = pieces(text).collect();
    let mut reader = Reader { text, binding: "e", before: "", expects: Expects::Nothing };
    let mut tokens = Vec::with_capacity(pieces.len());
    for (at, piece) in pieces.iter().enumerate() {
        let after = pieces.get(at + 1..).unwrap_or_default();
        tokens.push(Token { kind: reader.kind(piece, after), span: piece.span.clone() });
    }
    tokens
}

/// What the header of a query lets expect next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expects {
    Nothing,
    Binding,
    Source,
}

struct Reader<'t> {
    text: &'t str,
    binding: &'t str,
    /// The last piece that was neither white space nor a comment.
    before: &'t str,
    expects: Expects,
}

impl<'t> Reader<'t> {
    fn kind(&mut self, piece: &Piece, after: &[Piece]) -> TokenKind {
        let found = self.text.get(piece.span.clone()).unwrap_or_default();
        let kind = match piece.shape {
            Shape::Space => return TokenKind::Whitespace,
            Shape::Comment => return TokenKind::Comment,
            Shape::Number => TokenKind::Number,
            Shape::Text { .. } => TokenKind::String,
            Shape::Unknown => TokenKind::Unknown,
            Shape::Symbol if hint::foreign(piece.shape, found).is_some() => TokenKind::Unknown,
            Shape::Symbol if "()[]{},:.;".contains(found) => TokenKind::Punctuation,
            Shape::Symbol => TokenKind::Operator,
            Shape::Word => self.word(found, after),
        };
        if found == ";" {
            self.binding = "e";
        }
        self.before = found;
        kind
    }

    fn word(&mut self, word: &'t str, after: &[Piece]) -> TokenKind {
        let mut following = after
            .iter()
            .filter(|piece| !matches!(piece.shape, Shape::Space | Shape::Comment))
            .map(|piece| self.text.get(piece.span.clone()).unwrap_or_default());
        let next = following.next().unwrap_or_default();
        let expects = std::mem::replace(&mut self.expects, Expects::Nothing);
        if self.before == "." || (next == ":" && matches!(self.before, "{" | ",")) {
            return TokenKind::Field;
        }
        if hint::is_keyword(word) {
            let second = following.next().unwrap_or_default();
            self.expects = match word.to_ascii_uppercase().as_str() {
                "STREAM" => Expects::Binding,
                "FROM" if second.eq_ignore_ascii_case("IN") => Expects::Binding,
                "FROM" | "IN" => Expects::Source,
                "TRUE" | "FALSE" | "NULL" => return TokenKind::Constant,
                _ => Expects::Nothing,
            };
            return TokenKind::Keyword;
        }
        match expects {
            Expects::Binding => {
                self.binding = word;
                TokenKind::Binding
            }
            Expects::Source if word.eq_ignore_ascii_case("events") => TokenKind::Keyword,
            _ if word == self.binding => TokenKind::Binding,
            _ if next == "(" && Function::named(word).is_some() => TokenKind::Function,
            _ => TokenKind::Unknown,
        }
    }
}
