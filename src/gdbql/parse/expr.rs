//! Expressions, by precedence climbing: one call for each level of nesting, a loop for each chain.
//!
//! Owns the grammar of expressions. Knows nothing of clauses.

use super::cursor::Cursor;
use super::{hint, literal};
use crate::gdbql::Error;
use crate::gdbql::ast::{Comparison, Expr, ExprKind, Function, Level, Operator, Reach, Step};
use crate::gdbql::lex::Shape;

/// What may follow an operand.
#[derive(Clone, Copy)]
enum Infix {
    Or,
    And,
    Compare(Comparison),
    In,
    Between,
    Within(Reach),
    Arithmetic(Level),
}

impl Infix {
    fn level(self) -> Level {
        match self {
            Infix::Or => Level::Or,
            Infix::And => Level::And,
            Infix::Compare(_) | Infix::In | Infix::Between | Infix::Within(_) => Level::Compare,
            Infix::Arithmetic(level) => level,
        }
    }
}

fn spanned(kind: ExprKind, start: usize, cursor: &Cursor<'_>) -> Expr {
    Expr { kind, span: (start..cursor.last_end()).into() }
}

/// A whole expression.
pub fn expression(cursor: &mut Cursor<'_>) -> Result<Expr, Error> {
    operand(cursor, Level::Or)
}

/// An expression whose operators bind at least as tightly as `least`.
fn operand(cursor: &mut Cursor<'_>, least: Level) -> Result<Expr, Error> {
    cursor.deeper(|cursor| {
        let start = cursor.here().start;
        let mut left = prefix(cursor, least)?;
        while let Some((infix, negated)) = infix(cursor)?.filter(|(infix, _)| infix.level() >= least) {
            let kind = match infix {
                Infix::Or => ExprKind::Or(chain(cursor, left, "OR", Level::And)?),
                Infix::And => ExprKind::And(chain(cursor, left, "AND", Level::Not)?),
                Infix::Arithmetic(level) => arithmetic(cursor, left, level)?,
                comparison => compare(cursor, left, comparison, negated)?,
            };
            left = spanned(kind, start, cursor);
            if negated {
                left = spanned(ExprKind::Not(Box::new(left)), start, cursor);
            }
        }
        Ok(left)
    })
}

/// The operator that stands next, and whether a NOT stands before it (`a NOT IN b`).
fn infix(cursor: &Cursor<'_>) -> Result<Option<(Infix, bool)>, Error> {
    let Some(piece) = cursor.peek() else { return Ok(None) };
    let text = cursor.text_of(piece.span.clone());
    if piece.shape == Shape::Word {
        let negated = text.eq_ignore_ascii_case("NOT");
        let word = if negated { cursor.word(1) } else { text };
        let found = match word.to_ascii_uppercase().as_str() {
            "OR" if !negated => Infix::Or,
            "AND" if !negated => Infix::And,
            "IN" => Infix::In,
            "BETWEEN" => Infix::Between,
            "UNDER" => Infix::Within(Reach::Under),
            "DESCENDANTS" => Infix::Within(Reach::Descendants),
            _ => return Ok(None),
        };
        return Ok(Some((found, negated)));
    }
    if piece.shape == Shape::Symbol {
        if let Some(comparison) = Comparison::ALL.into_iter().find(|comparison| comparison.text() == text) {
            return Ok(Some((Infix::Compare(comparison), false)));
        }
        if let Some(operator) = Operator::ALL.into_iter().find(|operator| operator.text() == text) {
            return Ok(Some((Infix::Arithmetic(operator.level()), false)));
        }
        if hint::foreign(piece.shape, text).is_some() {
            return Err(cursor.expected("an operator"));
        }
    }
    Ok(None)
}

/// `left AND b AND c`, as a list.
fn chain(cursor: &mut Cursor<'_>, left: Expr, word: &str, least: Level) -> Result<Vec<Expr>, Error> {
    let mut items = vec![left];
    while cursor.take_word(word) {
        items.push(operand(cursor, least)?);
    }
    Ok(items)
}

/// `left + b - c`, as a list.
fn arithmetic(cursor: &mut Cursor<'_>, left: Expr, level: Level) -> Result<ExprKind, Error> {
    let next = if level == Level::Sum { Level::Product } else { Level::Negate };
    let mut rest = Vec::new();
    let of_level = |text: &str| Operator::ALL.into_iter().find(|op| op.text() == text && op.level() == level);
    while let Some(operator) = of_level(cursor.symbol(0)) {
        cursor.skip();
        rest.push((operator, operand(cursor, next)?));
    }
    Ok(ExprKind::Arithmetic(Box::new(left), rest))
}

/// What follows the left side of a comparison, its operator included.
fn compare(cursor: &mut Cursor<'_>, left: Expr, infix: Infix, negated: bool) -> Result<ExprKind, Error> {
    if negated {
        cursor.skip();
    }
    cursor.skip();
    let left = Box::new(left);
    let mut right = || operand(cursor, Level::Sum).map(Box::new);
    let kind = match infix {
        Infix::Compare(comparison) => ExprKind::Compare(comparison, left, right()?),
        Infix::Within(reach) => ExprKind::Within(reach, left, right()?),
        Infix::Between => {
            let low = right()?;
            cursor.expect_word("AND")?;
            ExprKind::Between(left, low, Box::new(operand(cursor, Level::Sum)?))
        }
        _ => ExprKind::In(left, Box::new(list_to_search(cursor)?)),
    };
    match self::infix(cursor)? {
        Some((next, _)) if next.level() == Level::Compare => {
            let message = "comparisons do not chain: join them with AND, or put one in parentheses";
            Err(Error::at(cursor.here(), message))
        }
        _ => Ok(kind),
    }
}

/// What stands after IN.
fn list_to_search(cursor: &mut Cursor<'_>) -> Result<Expr, Error> {
    let start = cursor.here().start;
    match cursor.symbol(0) {
        "(" => {
            cursor.skip();
            let items = items(cursor, ")")?;
            Ok(spanned(ExprKind::List(items), start, cursor))
        }
        "[" => prefix(cursor, Level::Primary),
        _ if !cursor.word(0).is_empty() && cursor.word(0) == cursor.binding => prefix(cursor, Level::Primary),
        _ => Err(cursor.expected("a list after IN, like ('a', 'b')")),
    }
}

/// An operand with what stands before it.
fn prefix(cursor: &mut Cursor<'_>, least: Level) -> Result<Expr, Error> {
    let Some(piece) = cursor.peek().cloned() else { return Err(cursor.expected("a value")) };
    let start = piece.span.start;
    let text = cursor.text_of(piece.span.clone());
    let kind = match piece.shape {
        Shape::Number => {
            cursor.skip();
            ExprKind::Number(literal::number(text, piece.span)?)
        }
        Shape::Text { closed: true } => {
            cursor.skip();
            ExprKind::Text(literal::string(text, piece.span)?)
        }
        Shape::Word => return word(cursor, text, least),
        Shape::Symbol => match text {
            "(" => {
                cursor.skip();
                let mut inner = expression(cursor)?;
                close(cursor, ")")?;
                inner.span = (start..cursor.last_end()).into();
                return Ok(inner);
            }
            "[" => {
                cursor.skip();
                let list = if cursor.take_symbol("]") { Vec::new() } else { items(cursor, "]")? };
                ExprKind::List(list)
            }
            "{" => {
                cursor.skip();
                ExprKind::Object(members(cursor)?)
            }
            "-" => {
                cursor.skip();
                ExprKind::Negate(Box::new(operand(cursor, Level::Negate)?))
            }
            _ => return Err(cursor.expected("a value")),
        },
        _ => return Err(cursor.expected("a value")),
    };
    Ok(spanned(kind, start, cursor))
}

/// A value that starts with a word: a constant, NOT, a call, a path.
fn word(cursor: &mut Cursor<'_>, word: &str, least: Level) -> Result<Expr, Error> {
    let start = cursor.here().start;
    let constant = match word.to_ascii_uppercase().as_str() {
        "NULL" => Some(ExprKind::Null),
        "TRUE" => Some(ExprKind::Bool(true)),
        "FALSE" => Some(ExprKind::Bool(false)),
        _ => None,
    };
    if let Some(constant) = constant {
        cursor.skip();
        return Ok(spanned(constant, start, cursor));
    }
    if word.eq_ignore_ascii_case("NOT") {
        if least > Level::Not {
            return Err(Error::at(cursor.here(), "NOT needs parentheses here: `a == (NOT b)`"));
        }
        cursor.skip();
        let inner = operand(cursor, Level::Not)?;
        return Ok(spanned(ExprKind::Not(Box::new(inner)), start, cursor));
    }
    if word == cursor.binding {
        return path(cursor);
    }
    if hint::is_keyword(word) {
        return Err(cursor.expected("a value"));
    }
    if cursor.symbol(1) == "(" {
        return call(cursor, word);
    }
    if hint::foreign(Shape::Word, word).is_some() {
        return Err(cursor.expected("a value"));
    }
    Err(unknown_name(cursor, word))
}

fn unknown_name(cursor: &Cursor<'_>, word: &str) -> Error {
    let span = cursor.here();
    let binding = cursor.binding;
    let shown = hint::excerpt(word);
    let before = &cursor.text[..span.start];
    // `e.data.first-name` reads as a subtraction, which is hardly what was meant.
    let dashed = before.ends_with('-') && before[..before.len() - 1].ends_with(crate::gdbql::lex::continues_word);
    let way = if Function::named(word).is_some() {
        format!("a call needs parentheses, `{}()`", word.to_ascii_uppercase())
    } else if dashed {
        "a name with a dash is written in brackets, `e.data['a-b']`".to_owned()
    } else if hint::FIELDS.contains(&word) {
        format!("the event's field is `{binding}.{word}`")
    } else {
        format!("the event is called `{binding}` here, and text stands in quotes")
    };
    Error::at(span, format!("unknown name `{shown}`: {way}"))
}

/// `e.data.items[0]`
fn path(cursor: &mut Cursor<'_>) -> Result<Expr, Error> {
    let start = cursor.skip().start;
    let mut steps = Vec::new();
    loop {
        if cursor.take_symbol(".") {
            let name = cursor.word(0);
            if name.is_empty() {
                let what = match cursor.peek().map(|piece| piece.shape) {
                    Some(Shape::Number) => "the name of a field (items are numbered in brackets, `[0]`)",
                    _ => "the name of a field",
                };
                return Err(cursor.expected(what));
            }
            cursor.skip();
            steps.push(Step::Key(name.to_owned()));
        } else if cursor.take_symbol("[") {
            steps.push(index(cursor)?);
            close(cursor, "]")?;
        } else {
            return Ok(spanned(ExprKind::Path(steps), start, cursor));
        }
    }
}

/// What stands in the brackets of a path.
fn index(cursor: &mut Cursor<'_>) -> Result<Step, Error> {
    let shape = cursor.peek().map(|piece| piece.shape);
    let span = cursor.here();
    let text = cursor.text_of(span.clone());
    match (shape, text.parse::<usize>()) {
        (Some(Shape::Number), Ok(index)) => {
            cursor.skip();
            Ok(Step::Index(index))
        }
        (Some(Shape::Text { closed: true }), _) => {
            cursor.skip();
            Ok(Step::Key(literal::string(text, span)?))
        }
        _ => Err(cursor.expected("a position like 0 or a name in quotes")),
    }
}

/// `SUM(e.data.total)`
fn call(cursor: &mut Cursor<'_>, name: &str) -> Result<Expr, Error> {
    let name_span = cursor.here();
    let Some(function) = Function::named(name) else {
        let near = Function::ALL.into_iter().find(|function| hint::is_close(name, function.name()));
        let way =
            near.map_or("there are COUNT, SUM, AVG, MIN and MAX".to_owned(), |f| format!("did you mean {}?", f.name()));
        return Err(Error::at(name_span, format!("unknown function `{}`: {way}", hint::excerpt(name))));
    };
    cursor.skip();
    cursor.skip();
    if function == Function::Count && cursor.symbol(0) == "*" {
        return Err(Error::at(cursor.here(), "events are counted with `COUNT()`"));
    }
    let arguments = if cursor.take_symbol(")") { Vec::new() } else { items(cursor, ")")? };
    let span = name_span.start..cursor.last_end();
    let given = arguments.len();
    let mut arguments = arguments.into_iter();
    let argument = arguments.next();
    if given > 1 || (argument.is_none() && function != Function::Count) {
        let wanted = if function == Function::Count { "no value or one" } else { "one value" };
        return Err(Error::at(span, format!("{} takes {wanted}, found {given}", function.name())));
    }
    Ok(Expr { kind: ExprKind::Aggregate(function, argument.map(Box::new)), span: span.into() })
}

/// One value or more up to `end`.
fn items(cursor: &mut Cursor<'_>, end: &str) -> Result<Vec<Expr>, Error> {
    let mut items = vec![expression(cursor)?];
    while cursor.take_symbol(",") {
        items.push(expression(cursor)?);
    }
    close(cursor, end)?;
    Ok(items)
}

/// The inside of `{ name: value, … }` and its closing brace.
fn members(cursor: &mut Cursor<'_>) -> Result<Vec<(String, Expr)>, Error> {
    let mut members: Vec<(String, Expr)> = Vec::new();
    let mut names = std::collections::HashSet::new();
    if cursor.take_symbol("}") {
        return Ok(members);
    }
    loop {
        let span = cursor.here();
        let name = match cursor.peek().map(|piece| piece.shape) {
            Some(Shape::Word) => cursor.word(0).to_owned(),
            Some(Shape::Text { closed: true }) => literal::string(cursor.text_of(span.clone()), span.clone())?,
            _ => return Err(cursor.expected("a name, as in `{ name: e.data.name }`")),
        };
        cursor.skip();
        if !names.insert(name.clone()) {
            return Err(Error::at(span, format!("the name `{}` stands here twice", hint::excerpt(&name))));
        }
        cursor.expect_symbol(":")?;
        members.push((name, expression(cursor)?));
        if !cursor.take_symbol(",") {
            close(cursor, "}")?;
            return Ok(members);
        }
    }
}

fn close(cursor: &mut Cursor<'_>, bracket: &str) -> Result<(), Error> {
    if cursor.take_symbol(bracket) {
        return Ok(());
    }
    let more = if bracket == ")" { "an operator" } else { "`,`" };
    Err(cursor.expected(&format!("{more} or `{bracket}`")))
}
