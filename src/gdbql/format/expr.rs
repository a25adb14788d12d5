//! Expressions as text, with the parentheses that they need and no others.
//!
//! Knows nothing of clauses.

use crate::gdbql::ast::{Expr, ExprKind, Level, Query, Step};
use crate::gdbql::lex::{continues_word, starts_word};

/// Wider than this, a condition or an object is broken into lines.
const WIDTH: usize = 100;

/// Writes the expressions of a query.
pub struct Writer<'q> {
    binding: &'q str,
    out: String,
}

/// An expression of a query as one line, or as several when it is a long condition or object.
pub fn laid_out(expr: &Expr, query: &Query, keyword: &str) -> String {
    let flat = one_line(expr, &query.binding);
    if keyword.len() + 1 + flat.chars().count() <= WIDTH {
        return flat;
    }
    let mut writer = Writer { binding: &query.binding, out: String::new() };
    match &expr.kind {
        ExprKind::And(items) => writer.joined(items, "\n  AND ", Level::Not),
        ExprKind::Or(items) => writer.joined(items, "\n  OR ", Level::And),
        ExprKind::Object(members) if !members.is_empty() => {
            writer.out.push_str("{\n");
            for (at, (name, value)) in members.iter().enumerate() {
                writer.out.push_str("  ");
                writer.member(name, value);
                writer.out.push_str(if at + 1 < members.len() { ",\n" } else { "\n" });
            }
            writer.out.push('}');
        }
        _ => return flat,
    }
    writer.out
}

/// An expression as one line; `binding` is the event's name.
pub fn one_line(expr: &Expr, binding: &str) -> String {
    let mut writer = Writer { binding, out: String::new() };
    writer.expr(expr);
    writer.out
}

impl Writer<'_> {
    /// An operand that has to bind at least as tightly as `least`.
    fn operand(&mut self, expr: &Expr, least: Level) {
        if expr.level() < least {
            self.out.push('(');
            self.expr(expr);
            self.out.push(')');
        } else {
            self.expr(expr);
        }
    }

    fn joined(&mut self, items: &[Expr], between: &str, least: Level) {
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.out.push_str(between);
            }
            self.operand(item, least);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Null => self.out.push_str("null"),
            ExprKind::Bool(value) => self.out.push_str(if *value { "true" } else { "false" }),
            ExprKind::Number(text) => self.out.push_str(text),
            ExprKind::Text(text) => self.text(text),
            ExprKind::List(items) => self.bracketed("[", items, "]"),
            ExprKind::Object(members) => self.object(members),
            ExprKind::Path(steps) => self.path(steps),
            ExprKind::Not(inner) => {
                self.out.push_str("NOT ");
                self.operand(inner, Level::Not);
            }
            ExprKind::Negate(inner) => {
                self.out.push('-');
                // Two minus signs would start a comment.
                self.operand(inner, Level::Primary);
            }
            ExprKind::And(items) => self.joined(items, " AND ", Level::Not),
            ExprKind::Or(items) => self.joined(items, " OR ", Level::And),
            ExprKind::Compare(comparison, left, right) => self.infix(left, comparison.text(), right),
            ExprKind::Within(reach, subject, root) => self.infix(subject, reach.text(), root),
            ExprKind::In(value, list) => match &list.kind {
                ExprKind::List(items) if !items.is_empty() => {
                    self.operand(value, Level::Sum);
                    self.out.push_str(" IN ");
                    self.bracketed("(", items, ")");
                }
                _ => self.infix(value, "IN", list),
            },
            ExprKind::Between(value, low, high) => {
                self.infix(value, "BETWEEN", low);
                self.out.push_str(" AND ");
                self.operand(high, Level::Sum);
            }
            ExprKind::Arithmetic(first, rest) => {
                let level = expr.level();
                let tighter = if level == Level::Sum { Level::Product } else { Level::Negate };
                self.operand(first, tighter);
                for (operator, term) in rest {
                    self.out.push(' ');
                    self.out.push_str(operator.text());
                    self.out.push(' ');
                    self.operand(term, tighter);
                }
            }
            ExprKind::Aggregate(function, argument) => {
                self.out.push_str(function.name());
                self.bracketed("(", argument.as_deref().map(std::slice::from_ref).unwrap_or_default(), ")");
            }
        }
    }

    fn infix(&mut self, left: &Expr, operator: &str, right: &Expr) {
        self.operand(left, Level::Sum);
        self.out.push(' ');
        self.out.push_str(operator);
        self.out.push(' ');
        self.operand(right, Level::Sum);
    }

    fn bracketed(&mut self, open: &str, items: &[Expr], close: &str) {
        self.out.push_str(open);
        self.joined(items, ", ", Level::Or);
        self.out.push_str(close);
    }

    fn object(&mut self, members: &[(String, Expr)]) {
        if members.is_empty() {
            self.out.push_str("{}");
            return;
        }
        self.out.push_str("{ ");
        for (at, (name, value)) in members.iter().enumerate() {
            if at > 0 {
                self.out.push_str(", ");
            }
            self.member(name, value);
        }
        self.out.push_str(" }");
    }

    fn member(&mut self, name: &str, value: &Expr) {
        if is_name(name) {
            self.out.push_str(name);
        } else {
            self.text(name);
        }
        self.out.push_str(": ");
        self.expr(value);
    }

    fn path(&mut self, steps: &[Step]) {
        self.out.push_str(self.binding);
        for step in steps {
            match step {
                Step::Key(name) if is_name(name) => {
                    self.out.push('.');
                    self.out.push_str(name);
                }
                Step::Key(name) => {
                    self.out.push('[');
                    self.text(name);
                    self.out.push(']');
                }
                Step::Index(index) => self.out.push_str(&format!("[{index}]")),
            }
        }
    }

    fn text(&mut self, text: &str) {
        self.out.push('\'');
        for c in text.chars() {
            match c {
                '\'' => self.out.push_str("\\'"),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                c if c.is_control() => self.out.push_str(&format!("\\u{:04x}", u32::from(c))),
                c => self.out.push(c),
            }
        }
        self.out.push('\'');
    }
}

/// Whether a name can be written without quotes.
fn is_name(name: &str) -> bool {
    name.starts_with(starts_word) && name.chars().all(continues_word)
}
