//! The plan: a query's tree made ready to be run, paths resolved and constants worked out.
//!
//! Owns the lowering. Knows nothing of events.

use super::aggregate::AggregatePlan;
use super::compare::key;
use super::number::Num;
use super::value::{Value, instant};
use crate::gdbql::ast::{Comparison, Expr, ExprKind, Function, Operator, Query, Reach, Span, Step};
use crate::model::json::Picker;
use crate::model::path;
use std::borrow::Cow;
use std::collections::HashSet;

/// A query that is ready to be run.
#[derive(Clone, Debug)]
pub struct Plan {
    pub filter: Option<Node>,
    /// Whether rows are groups: there is a GROUP BY or an aggregate.
    pub grouped: bool,
    pub group: Vec<Node>,
    pub having: Option<Node>,
    /// What is ordered by, and whether downwards.
    pub order: Vec<(Node, bool)>,
    pub limit: Option<u64>,
    pub map: Option<Node>,
    pub aggregates: Vec<AggregatePlan>,
    /// Finds the fields of the payload that are asked for of every event.
    pub picker: Picker,
}

/// An expression that is ready to be evaluated.
#[derive(Clone, Debug)]
pub struct Node {
    pub op: Op,
    pub span: Span,
}

/// What a [`Node`] does.
#[derive(Clone, Debug)]
pub enum Op {
    Constant(Value<'static>),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
    Path(Path),
    Not(Box<Node>),
    Negate(Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Compare(Comparison, Box<Node>, Box<Node>),
    In(Box<Node>, Box<Node>),
    /// As `In` with a long list of constants, by their keys.
    InSet(Box<Node>, HashSet<String>),
    Between(Box<Node>, Box<Node>, Box<Node>),
    Within(Reach, Box<Node>, Box<Node>),
    Arithmetic(Box<Node>, Vec<(Operator, Node)>),
    /// The aggregate of that number in [`Plan::aggregates`].
    Aggregate(usize),
}

/// Where a value stands in an event.
#[derive(Clone, Debug)]
pub struct Path {
    pub field: Field,
    pub steps: Vec<Step>,
    /// Its number in [`Plan::picker`], when it is looked for there.
    pub slot: Option<usize>,
}

/// Where a path starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// The whole event.
    Event,
    Id,
    Source,
    Subject,
    Type,
    Time,
    SpecVersion,
    DataContentType,
    Hash,
    PredecessorHash,
    Data,
}

impl Field {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "id" => Self::Id,
            "source" => Self::Source,
            "subject" => Self::Subject,
            "type" => Self::Type,
            "time" => Self::Time,
            "specversion" => Self::SpecVersion,
            "datacontenttype" => Self::DataContentType,
            "hash" => Self::Hash,
            "predecessorhash" => Self::PredecessorHash,
            "data" => Self::Data,
            _ => return None,
        })
    }
}

impl Plan {
    pub fn new(query: &Query) -> Self {
        let mut seen = Aggregates::default();
        let mut each = |exprs: &[Expr]| exprs.iter().map(|expr| lower(expr, &mut seen)).collect::<Vec<_>>();
        let group = each(&query.group);
        let filter = query.filter.as_ref().map(|expr| lower(expr, &mut seen));
        let having = query.having.as_ref().map(|expr| lower(expr, &mut seen));
        let order = query.order.iter().map(|order| (lower(&order.by, &mut seen), order.descending)).collect();
        let map = query.map.as_ref().map(|expr| lower(expr, &mut seen));
        let aggregates = seen.0.into_iter().map(|(_, plan)| plan).collect::<Vec<_>>();
        let grouped = !group.is_empty() || !aggregates.is_empty();
        let picker = Picker::default();
        let mut plan = Self { filter, grouped, group, having, order, limit: query.limit, map, aggregates, picker };
        plan.pick();
        plan
    }

    /// Have the fields found that are asked for of every event. Of groups and of rows that wait for their place, the rest
    /// is evaluated once, at the end.
    fn pick(&mut self) {
        let picker = &mut self.picker;
        let arguments = self.aggregates.iter_mut().filter_map(|aggregate| aggregate.argument.as_mut());
        let each = self.filter.iter_mut().chain(&mut self.group).chain(arguments);
        each.for_each(|node| node.pick(picker));
        if !self.grouped {
            self.order.iter_mut().for_each(|(by, _)| by.pick(picker));
            self.map.iter_mut().filter(|_| self.order.is_empty()).for_each(|map| map.pick(picker));
        }
    }
}

impl Node {
    /// Have the fields of the payload found that are asked for here.
    pub fn pick(&mut self, picker: &mut Picker) {
        match &mut self.op {
            Op::Path(path) if path.field == Field::Data => path.slot = picker.add(&path.in_payload()),
            Op::Path(_) | Op::Constant(_) | Op::Aggregate(_) => {}
            Op::List(items) | Op::And(items) | Op::Or(items) => items.iter_mut().for_each(|item| item.pick(picker)),
            Op::Object(members) => members.iter_mut().for_each(|(_, value)| value.pick(picker)),
            Op::Not(inner) | Op::Negate(inner) | Op::InSet(inner, _) => inner.pick(picker),
            Op::Compare(_, one, other) | Op::In(one, other) | Op::Within(_, one, other) => {
                one.pick(picker);
                other.pick(picker);
            }
            Op::Between(value, low, high) => [value, low, high].into_iter().for_each(|node| node.pick(picker)),
            Op::Arithmetic(first, rest) => {
                first.pick(picker);
                rest.iter_mut().for_each(|(_, term)| term.pick(picker));
            }
        }
    }
}

impl Path {
    fn in_payload(&self) -> path::Path {
        self.steps.iter().fold(path::Path::default(), |path, step| match step {
            Step::Key(key) => path.key(key),
            Step::Index(index) => path.index(*index),
        })
    }
}

/// The plan of an expression without aggregates.
pub fn lower_plain(expr: &Expr) -> Node {
    lower(expr, &mut Aggregates::default())
}

/// The aggregates met so far, each once: `HAVING COUNT() > 1 MAP COUNT()` counts once.
#[derive(Default)]
struct Aggregates(Vec<(Expr, AggregatePlan)>);

impl Aggregates {
    /// How many are looked through for an equal one, so that a very long list of them is no square.
    const LOOKED_AT: usize = 32;

    fn slot(&mut self, expr: &Expr, function: Function, argument: Option<&Expr>) -> usize {
        let known = self.0.iter().take(Self::LOOKED_AT).position(|(seen, _)| seen == expr);
        known.unwrap_or_else(|| {
            let plan = AggregatePlan { function, argument: argument.map(lower_plain), span: expr.span };
            self.0.push((expr.clone(), plan));
            self.0.len() - 1
        })
    }
}

fn lower(expr: &Expr, seen: &mut Aggregates) -> Node {
    let constant = |value| Op::Constant(value);
    let op = match &expr.kind {
        ExprKind::Null => constant(Value::Null),
        ExprKind::Bool(value) => constant(Value::Bool(*value)),
        ExprKind::Number(text) => constant(Value::Number(Num::read(text))),
        ExprKind::Text(text) => constant(Value::Text(Cow::Owned(text.clone()))),
        ExprKind::List(items) => Op::List(lower_all(items, seen)),
        ExprKind::Object(members) => {
            Op::Object(members.iter().map(|(name, value)| (name.clone(), lower(value, seen))).collect())
        }
        ExprKind::Path(steps) => path(steps),
        ExprKind::Not(inner) => Op::Not(boxed(inner, seen)),
        ExprKind::Negate(inner) => Op::Negate(boxed(inner, seen)),
        ExprKind::And(items) => Op::And(lower_all(items, seen)),
        ExprKind::Or(items) => Op::Or(lower_all(items, seen)),
        ExprKind::Compare(comparison, left, right) => {
            let (mut left, mut right) = (boxed(left, seen), boxed(right, seen));
            as_instant(&left, &mut right);
            as_instant(&right, &mut left);
            Op::Compare(*comparison, left, right)
        }
        ExprKind::In(value, list) => {
            let (value, mut list) = (boxed(value, seen), boxed(list, seen));
            if let Op::List(items) = &mut list.op {
                items.iter_mut().for_each(|item| as_instant(&value, item));
            }
            match constant_keys(&value, &list) {
                Some(keys) => Op::InSet(value, keys),
                None => Op::In(value, list),
            }
        }
        ExprKind::Between(value, low, high) => {
            let (value, mut low, mut high) = (boxed(value, seen), boxed(low, seen), boxed(high, seen));
            as_instant(&value, &mut low);
            as_instant(&value, &mut high);
            Op::Between(value, low, high)
        }
        ExprKind::Within(reach, subject, root) => Op::Within(*reach, boxed(subject, seen), boxed(root, seen)),
        ExprKind::Arithmetic(first, rest) => {
            let first = boxed(first, seen);
            Op::Arithmetic(first, rest.iter().map(|(operator, term)| (*operator, lower(term, seen))).collect())
        }
        ExprKind::Aggregate(function, argument) => Op::Aggregate(seen.slot(expr, *function, argument.as_deref())),
    };
    Node { op, span: expr.span }
}

fn boxed(expr: &Expr, seen: &mut Aggregates) -> Box<Node> {
    Box::new(lower(expr, seen))
}

fn lower_all(exprs: &[Expr], seen: &mut Aggregates) -> Vec<Node> {
    exprs.iter().map(|expr| lower(expr, seen)).collect()
}

fn path(steps: &[Step]) -> Op {
    if let Some((Step::Key(name), rest)) = steps.split_first()
        && let Some(field) = Field::named(name)
    {
        return Op::Path(Path { field, steps: rest.to_vec(), slot: None });
    }
    Op::Path(Path { field: Field::Event, steps: steps.to_vec(), slot: None })
}

/// The keys of a list that is worth looking up in, instead of walking it for each event: long, and all constants.
///
/// Only for a value that is a path to anything but the time: keys do not know that two texts are one instant.
fn constant_keys(value: &Node, list: &Node) -> Option<HashSet<String>> {
    const LONG: usize = 16;
    match (&value.op, &list.op) {
        (Op::Path(path), Op::List(items)) if path.field != Field::Time && items.len() >= LONG => {
            let constant = |item: &Node| if let Op::Constant(value) = &item.op { Some(key(value)) } else { None };
            items.iter().map(constant).collect()
        }
        _ => None,
    }
}

/// Read a string that is compared with `e.time` once, instead of for each event.
fn as_instant(time: &Node, text: &mut Node) {
    if matches!(&time.op, Op::Path(path) if path.field == Field::Time && path.steps.is_empty())
        && let Op::Constant(Value::Text(literal)) = &text.op
        && let Some(nanos) = instant(literal)
    {
        text.op = Op::Constant(Value::Time(literal.clone(), nanos));
    }
}
