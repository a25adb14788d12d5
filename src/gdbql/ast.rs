//! The tree of a query: what was written, free of layout and dialect.
//!
//! Owns the shape of queries. Knows neither their text nor how they are evaluated.

use std::ops::Range;

/// Where a part of the tree stands in its text, in bytes.
///
/// All spans are equal to each other: two trees are equal when they say the same, wherever it stands.
#[derive(Clone, Copy, Debug, Default, Eq)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

impl PartialEq for Span {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self { start: range.start, end: range.end }
    }
}

impl From<Span> for Range<usize> {
    fn from(span: Span) -> Self {
        span.start..span.end
    }
}

/// A query that was understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// What the query calls the event, `e`.
    pub binding: String,
    /// `WHERE`
    pub filter: Option<Expr>,
    /// `GROUP BY`; empty without one.
    pub group: Vec<Expr>,
    /// `HAVING`
    pub having: Option<Expr>,
    /// `ORDER BY`; empty without one.
    pub order: Vec<Order>,
    /// `LIMIT` or `TOP`
    pub limit: Option<u64>,
    /// `MAP` or `PROJECT INTO`; without it the row is the whole event.
    pub map: Option<Expr>,
}

/// One expression of an ORDER BY.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// What is ordered by.
    pub by: Expr,
    /// `DESC`
    pub descending: bool,
}

/// An expression and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

/// What an expression is.
///
/// Chains of one operator are lists, so that a long one is no deep tree.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// An unsigned number as it was written.
    Number(String),
    /// The content of a string.
    Text(String),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `{ a: 1, "b c": 2 }`
    Object(Vec<(String, Expr)>),
    /// `e.data.items[0]`: the steps from the event; none is the event itself.
    Path(Vec<Step>),
    /// `NOT a`
    Not(Box<Expr>),
    /// `-a`
    Negate(Box<Expr>),
    /// `a AND b AND …`: two or more.
    And(Vec<Expr>),
    /// `a OR b OR …`: two or more.
    Or(Vec<Expr>),
    /// `a == b` and its kin.
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// `a IN (b, c)`; the second is a [`ExprKind::List`] or a [`ExprKind::Path`].
    In(Box<Expr>, Box<Expr>),
    /// `a BETWEEN low AND high`, both included.
    Between(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `a UNDER '/x'` or `a DESCENDANTS '/x'`
    Within(Reach, Box<Expr>, Box<Expr>),
    /// `a + b - c` or `a * b / c`: from left to right, all operators of one precedence.
    Arithmetic(Box<Expr>, Vec<(Operator, Expr)>),
    /// `COUNT()`, `SUM(a)`
    Aggregate(Function, Option<Box<Expr>>),
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `.name` or `['name']`
    Key(String),
    /// `[0]`
    Index(usize),
}

/// A comparison's operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// Every comparison.
    pub const ALL: [Self; 6] =
        [Self::Equal, Self::NotEqual, Self::Less, Self::LessOrEqual, Self::Greater, Self::GreaterOrEqual];

    /// As it is written.
    pub fn text(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

/// How far below a subject something may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// `UNDER`: the subject itself and everything below it.
    Under,
    /// `DESCENDANTS`: strictly below it.
    Descendants,
}

impl Reach {
    /// As it is written.
    pub fn text(self) -> &'static str {
        match self {
            Self::Under => "UNDER",
            Self::Descendants => "DESCENDANTS",
        }
    }
}

/// An arithmetic operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}

impl Operator {
    /// Every operator.
    pub const ALL: [Self; 5] = [Self::Add, Self::Subtract, Self::Multiply, Self::Divide, Self::Remainder];

    /// As it is written.
    pub fn text(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }

    /// How tightly it binds.
    pub fn level(self) -> Level {
        match self {
            Self::Add | Self::Subtract => Level::Sum,
            Self::Multiply | Self::Divide | Self::Remainder => Level::Product,
        }
    }
}

/// An aggregate function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// `COUNT()` of events, `COUNT(a)` of those where `a` is not null.
    Count,
    /// `SUM(a)`
    Sum,
    /// `AVG(a)`
    Average,
    /// `MIN(a)`
    Minimum,
    /// `MAX(a)`
    Maximum,
}

impl Function {
    /// Every function.
    pub const ALL: [Self; 5] = [Self::Count, Self::Sum, Self::Average, Self::Minimum, Self::Maximum];

    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Count => "COUNT",
            Self::Sum => "SUM",
            Self::Average => "AVG",
            Self::Minimum => "MIN",
            Self::Maximum => "MAX",
        }
    }

    /// The function of that name, in any case.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|function| function.name().eq_ignore_ascii_case(name))
    }
}

/// How tightly the parts of an expression bind, loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// `OR`
    Or,
    /// `AND`
    And,
    /// `NOT`
    Not,
    /// `==`, `IN`, `BETWEEN`, `UNDER` and the like; these do not chain.
    Compare,
    /// `+` and `-`
    Sum,
    /// `*`, `/` and `%`
    Product,
    /// `-a`
    Negate,
    /// Literals, paths, calls and whatever stands in brackets.
    Primary,
}

impl Expr {
    /// How tightly the expression binds.
    pub fn level(&self) -> Level {
        match &self.kind {
            ExprKind::Or(_) => Level::Or,
            ExprKind::And(_) => Level::And,
            ExprKind::Not(_) => Level::Not,
            ExprKind::Compare(..) | ExprKind::In(..) | ExprKind::Between(..) | ExprKind::Within(..) => Level::Compare,
            ExprKind::Arithmetic(_, rest) => rest.first().map_or(Level::Primary, |(operator, _)| operator.level()),
            ExprKind::Negate(_) => Level::Negate,
            _ => Level::Primary,
        }
    }

    /// The expressions that this one is made of, in the order in which they are written.
    pub fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::Text(_) | ExprKind::Path(_) => vec![],
            ExprKind::List(items) | ExprKind::And(items) | ExprKind::Or(items) => items.iter().collect(),
            ExprKind::Object(members) => members.iter().map(|(_, value)| value).collect(),
            ExprKind::Not(inner) | ExprKind::Negate(inner) => vec![inner],
            ExprKind::Compare(_, left, right) | ExprKind::In(left, right) | ExprKind::Within(_, left, right) => {
                vec![left, right]
            }
            ExprKind::Between(value, low, high) => vec![value, low, high],
            ExprKind::Arithmetic(first, rest) => {
                std::iter::once(&**first).chain(rest.iter().map(|(_, term)| term)).collect()
            }
            ExprKind::Aggregate(_, argument) => argument.iter().map(|argument| &**argument).collect(),
        }
    }

    /// The first aggregate in the expression, itself included.
    pub fn first_aggregate(&self) -> Option<&Expr> {
        if matches!(self.kind, ExprKind::Aggregate(..)) {
            return Some(self);
        }
        self.children().into_iter().find_map(Expr::first_aggregate)
    }
}
