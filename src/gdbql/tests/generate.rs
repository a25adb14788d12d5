//! Queries, events and texts for the property tests.

use crate::gdbql::ast::{Comparison, Expr, ExprKind, Function, Operator, Order, Query, Reach, Span, Step};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

fn expr(kind: ExprKind) -> Expr {
    Expr { kind, span: Span::default() }
}

fn boxed(kind: Expr) -> Box<Expr> {
    Box::new(kind)
}

/// Numbers, strings and paths of every notation, for what is only written and read.
pub fn any_leaf() -> BoxedStrategy<Expr> {
    let number =
        prop_oneof!["0|[1-9][0-9]{0,40}", "(0|[1-9][0-9]{0,5})\\.[0-9]{1,5}", "[1-9][0-9]?[eE][+-]?[0-9]{1,2}"];
    let step = prop_oneof![
        "[a-zä_][a-z0-9ß_]{0,6}".prop_map(Step::Key),
        select(vec!["order", "LIMIT", "null", "in", "data", "", "a-b", "'"]).prop_map(|key| Step::Key(key.into())),
        ".*".prop_map(Step::Key),
        (0usize..1000).prop_map(Step::Index),
    ];
    prop_oneof![
        constants(),
        number.prop_map(ExprKind::Number),
        ".*".prop_map(ExprKind::Text),
        vec(step, 0..4).prop_map(ExprKind::Path),
    ]
    .prop_map(expr)
    .boxed()
}

fn constants() -> impl Strategy<Value = ExprKind> {
    select(vec![ExprKind::Null, ExprKind::Bool(true), ExprKind::Bool(false)])
}

/// Paths that lead somewhere in [`event`], and constants that are found there.
pub fn known_leaf() -> BoxedStrategy<Expr> {
    let path = path().prop_map(ExprKind::Path);
    let number = select(vec!["0", "1", "2", "3", "0.5", "10", "1e308", "9007199254740993"])
        .prop_map(|text| ExprKind::Number(text.into()));
    let text = select(TEXTS.to_vec()).prop_map(|text| ExprKind::Text(text.into()));
    prop_oneof![1 => constants(), 3 => number, 2 => text, 6 => path].prop_map(expr).boxed()
}

fn path() -> impl Strategy<Value = Vec<Step>> {
    let key = |name: &str| Step::Key(name.into());
    let data = |rest: Vec<Step>| [vec![key("data")], rest].concat();
    select(vec![
        data(vec![key("a")]),
        data(vec![key("a")]),
        data(vec![key("b")]),
        data(vec![key("b")]),
        data(vec![key("a"), key("b")]),
        data(vec![key("b"), Step::Index(0)]),
        data(vec![]),
        vec![key("type")],
        vec![key("subject")],
        vec![key("time")],
        vec![key("id"), key("x")],
        vec![key("extra")],
    ])
}

const TEXTS: [&str; 9] =
    ["a", "b", "ä😀", "", "/a", "/a/b", "2024-01-02", "2024-01-02T00:00:00.5Z", "2024-01-02T01:00:00+01:00"];

/// Expressions over `leaf`, with aggregates in them or without.
pub fn exprs(leaf: BoxedStrategy<Expr>, aggregates: bool) -> BoxedStrategy<Expr> {
    let leaf = if aggregates { prop_oneof![leaf.clone(), aggregate(leaf)].boxed() } else { leaf };
    let deep = leaf.clone().prop_recursive(4, 24, 3, |inner| {
        let one = inner.clone().prop_map(boxed);
        let name = prop_oneof!["[a-z]{1,3}", select(vec!["map", "null", "a b", "é"]).prop_map(str::to_owned)];
        let sums = select(vec![Operator::Add, Operator::Subtract]);
        let products = select(vec![Operator::Multiply, Operator::Divide, Operator::Remainder]);
        let reach = select(vec![Reach::Under, Reach::Descendants]);
        let searched = prop_oneof![vec(inner.clone(), 0..4).prop_map(ExprKind::List), path().prop_map(ExprKind::Path)];
        prop_oneof![
            1 => vec(inner.clone(), 0..3).prop_map(ExprKind::List),
            1 => proptest::collection::btree_map(name, inner.clone(), 0..3)
                .prop_map(|members| ExprKind::Object(members.into_iter().collect())),
            2 => one.clone().prop_map(ExprKind::Not),
            1 => one.clone().prop_map(ExprKind::Negate),
            2 => vec(inner.clone(), 2..4).prop_map(ExprKind::And),
            2 => vec(inner.clone(), 2..4).prop_map(ExprKind::Or),
            8 => (select(Comparison::ALL.to_vec()), one.clone(), one.clone())
                .prop_map(|(comparison, a, b)| ExprKind::Compare(comparison, a, b)),
            2 => (one.clone(), searched.prop_map(expr).prop_map(boxed)).prop_map(|(a, b)| ExprKind::In(a, b)),
            1 => (one.clone(), one.clone(), one.clone()).prop_map(|(a, b, c)| ExprKind::Between(a, b, c)),
            1 => (reach, one.clone(), one.clone()).prop_map(|(reach, a, b)| ExprKind::Within(reach, a, b)),
            3 => (one.clone(), vec((sums, inner.clone()), 1..3)).prop_map(|(a, rest)| ExprKind::Arithmetic(a, rest)),
            3 => (one, vec((products, inner), 1..3)).prop_map(|(a, rest)| ExprKind::Arithmetic(a, rest)),
        ]
        .prop_map(expr)
    });
    deep.boxed()
}

fn aggregate(leaf: BoxedStrategy<Expr>) -> impl Strategy<Value = Expr> {
    (select(Function::ALL.to_vec()), option::of(leaf)).prop_map(|(function, argument)| {
        let argument = if function == Function::Count { argument } else { argument.or(Some(expr(ExprKind::Null))) };
        expr(ExprKind::Aggregate(function, argument.map(boxed)))
    })
}

/// What the clauses of a query are filled with: conditions and values, with aggregates in them or without.
pub type Filling = fn(bool) -> (BoxedStrategy<Expr>, BoxedStrategy<Expr>);

/// Anything anywhere, for what is only written and read.
pub fn anything(aggregates: bool) -> (BoxedStrategy<Expr>, BoxedStrategy<Expr>) {
    let any = exprs(any_leaf(), aggregates);
    (any.clone(), any)
}

/// Anything anywhere, over what [`event`] has: most of these queries end in an error.
pub fn careless(aggregates: bool) -> (BoxedStrategy<Expr>, BoxedStrategy<Expr>) {
    let any = exprs(known_leaf(), aggregates);
    (any.clone(), any)
}

/// Conditions where conditions belong and numbers where numbers do: most of these queries have rows.
pub fn sensible(aggregates: bool) -> (BoxedStrategy<Expr>, BoxedStrategy<Expr>) {
    let number = numbers(aggregates);
    let text = select(TEXTS.to_vec()).prop_map(|text| expr(ExprKind::Text(text.into())));
    let scalar =
        prop_oneof![3 => number.clone(), 2 => text.clone(), 3 => path().prop_map(ExprKind::Path).prop_map(expr)];
    let one = || scalar.clone().prop_map(boxed);
    let time = || expr(ExprKind::Path(vec![Step::Key("time".into())]));
    let subject = expr(ExprKind::Path(vec![Step::Key("subject".into())]));
    let list = vec(scalar.clone(), 1..4).prop_map(ExprKind::List).prop_map(expr).prop_map(boxed);
    let compare = |(comparison, a, b)| ExprKind::Compare(comparison, a, b);
    let simple = prop_oneof![
        3 => (select(Comparison::ALL.to_vec()), one(), one()).prop_map(compare),
        2 => (select(Comparison::ALL.to_vec()), number.clone().prop_map(boxed), number.clone().prop_map(boxed))
            .prop_map(compare),
        2 => (select(Comparison::ALL.to_vec()), Just(boxed(time())), text.clone().prop_map(boxed)).prop_map(compare),
        1 => (one(), list).prop_map(|(a, b)| ExprKind::In(a, b)),
        1 => (one(), one(), one()).prop_map(|(a, b, c)| ExprKind::Between(a, b, c)),
        1 => (select(vec![Reach::Under, Reach::Descendants]), select(vec!["/", "/a", "/a/", "/ab", "/a/b"]))
            .prop_map(move |(reach, root)| {
                ExprKind::Within(reach, boxed(subject.clone()), boxed(expr(ExprKind::Text(root.into()))))
            }),
    ]
    .prop_map(expr);
    let condition = simple
        .prop_recursive(2, 6, 3, |inner| {
            prop_oneof![
                inner.clone().prop_map(boxed).prop_map(ExprKind::Not),
                vec(inner.clone(), 2..4).prop_map(ExprKind::And),
                vec(inner, 2..4).prop_map(ExprKind::Or),
            ]
            .prop_map(expr)
        })
        .boxed();
    let joined = (text.prop_map(boxed), vec((Just(Operator::Add), number.clone()), 1..3))
        .prop_map(|(first, rest)| expr(ExprKind::Arithmetic(first, rest)));
    let value = prop_oneof![4 => scalar, 4 => number, 1 => joined, 1 => condition.clone()].boxed();
    let members = proptest::collection::btree_map("[a-c]", value.clone(), 1..4);
    let object = members.prop_map(|members| expr(ExprKind::Object(members.into_iter().collect())));
    (
        condition,
        prop_oneof![3 => value.clone(), 1 => object, 1 => vec(value, 0..3).prop_map(ExprKind::List).prop_map(expr)]
            .boxed(),
    )
}

/// Expressions that give a number or null over every [`event`].
fn numbers(aggregates: bool) -> BoxedStrategy<Expr> {
    let n = || expr(ExprKind::Path(vec![Step::Key("data".into()), Step::Key("n".into())]));
    let literal = select(vec!["0", "1", "2", "3", "0.5", "10"]).prop_map(|text| expr(ExprKind::Number(text.into())));
    let plain = prop_oneof![literal, Just(n())].boxed();
    let leaf = if aggregates { prop_oneof![1 => plain.clone(), 2 => aggregate(plain)].boxed() } else { plain };
    leaf.prop_recursive(2, 6, 2, |inner| {
        let divisor = select(vec!["1", "2", "3", "0.5"]).prop_map(|text| expr(ExprKind::Number(text.into())));
        let sums = (select(vec![Operator::Add, Operator::Subtract]), inner.clone());
        let products = prop_oneof![
            (Just(Operator::Multiply), inner.clone()),
            (select(vec![Operator::Divide, Operator::Remainder]), divisor),
        ];
        let one = inner.prop_map(boxed);
        prop_oneof![
            one.clone().prop_map(ExprKind::Negate),
            (one.clone(), vec(sums, 1..3)).prop_map(|(a, rest)| ExprKind::Arithmetic(a, rest)),
            (one, vec(products, 1..3)).prop_map(|(a, rest)| ExprKind::Arithmetic(a, rest)),
        ]
        .prop_map(expr)
    })
    .boxed()
}

/// Whole queries.
pub fn queries(filling: Filling) -> impl Strategy<Value = Query> {
    let clauses = |aggregates: bool, grouped: bool| {
        let (filter, key) = filling(false);
        let (condition, value) = filling(aggregates);
        let order = (value.clone(), any::<bool>()).prop_map(|(by, descending)| Order { by, descending });
        let group = if grouped { vec(key, 1..3).boxed() } else { Just(Vec::new()).boxed() };
        let having = if grouped { option::of(condition).boxed() } else { Just(None).boxed() };
        let binding = if grouped { "[f-h]x" } else { "e" };
        (binding, option::of(filter), group, having, vec(order, 0..3), option::of(0u64..6), option::of(value)).prop_map(
            |(binding, filter, group, having, order, limit, map)| Query {
                binding,
                filter,
                group,
                having,
                order,
                limit,
                map,
            },
        )
    };
    prop_oneof![clauses(false, false), clauses(true, false), clauses(true, true), clauses(false, true)]
}

/// Numbers as events have them, the last ones at the edges of what there is.
const NUMBERS: [&str; 17] = [
    "0",
    "1",
    "2",
    "3",
    "-1",
    "0.5",
    "10",
    "1.50",
    "-0.0",
    "1e2",
    "9007199254740993",
    "9007199254740992.0",
    "1e308",
    "-1e308",
    "5e-324",
    "123456789012345678901234567890",
    "-170141183460469231731687303715884105728",
];

fn json(depth: u32) -> BoxedStrategy<String> {
    let text = select(TEXTS.to_vec()).prop_map(|text| format!("{text:?}"));
    let number = select(NUMBERS.to_vec()).prop_map(str::to_owned);
    let constant = select(vec!["null", "true", "false"]).prop_map(str::to_owned);
    let leaf = prop_oneof![4 => number, 2 => text, 2 => constant];
    leaf.prop_recursive(depth, 8, 3, |inner| {
        let member = (select(vec!["a", "b", "ü"]), inner.clone());
        prop_oneof![
            vec(inner, 0..3).prop_map(|items| format!("[{}]", items.join(","))),
            vec(member, 0..3).prop_map(|members| {
                let members: Vec<_> = members.iter().map(|(key, value)| format!("{key:?}:{value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
    .boxed()
}

/// The line of an event whose data is mostly `{"a":…,"b":…}`.
pub fn event() -> impl Strategy<Value = String> {
    let number = prop_oneof![5 => select(NUMBERS[..7].to_vec()), 1 => select(NUMBERS.to_vec()), 1 => Just("null")];
    let object = (json(1), json(1), number).prop_map(|(a, b, n)| format!(r#"{{"a":{a},"b":{b},"n":{n}}}"#));
    let data = prop_oneof![6 => object, 1 => json(2)];
    let times = ["2024-01-02T00:00:00Z", "2024-01-02T00:00:00.5Z", "2024-01-02T01:00:00+01:00", "2024-01-02", "never"];
    let time = option::of(select(times.to_vec()));
    (select(vec!["/a", "/a/b", "/ab"]), select(vec!["a", "b"]), time, data, 0u8..3).prop_map(
        |(subject, kind, time, data, id)| {
            let time = time.map(|time| format!(r#""time":"{time}","#)).unwrap_or_default();
            format!(
                r#"{{"id":"id-{id}","source":"s",{time}"subject":"{subject}","type":"{kind}","data":{data},"extra":{id}}}"#
            )
        },
    )
}

/// Words and signs of the language in any order, some of them torn.
pub fn soup() -> impl Strategy<Value = String> {
    let words = "STREAM e FROM events WHERE GROUP BY HAVING ORDER BY LIMIT TOP MAP PROJECT INTO AND OR NOT IN BETWEEN \
                 UNDER DESCENDANTS null true e.data.a e.time e.subject COUNT() SUM( MAX(e.data.b) ( ) [ ] { } , : . ; = \
                 == != < <= && ! + - * / % 'a' \"b\" 'x '\\u00 \\ 1 0.5 1e9 007 -- // ä 😀 \u{301} \n a: @ ’";
    let words: Vec<String> = words.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
    let word = prop_oneof![12 => select(words), 1 => ".{0,3}"];
    let start = select(vec!["", "STREAM e FROM events ", "STREAM e FROM events WHERE ", "STREAM e FROM events MAP "]);
    let between = select(vec![" ", "", "\n"]);
    (start, vec((word, between), 0..20)).prop_map(|(start, words)| {
        words.into_iter().fold(start.to_owned(), |text, (word, between)| text + &word + between)
    })
}
