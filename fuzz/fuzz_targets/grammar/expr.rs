//! Expressions as text.

use super::{often, pick};
use arbitrary::{Result, Unstructured};

/// Where an expression stands.
pub struct Scope<'c, 'u> {
    pub choices: &'c mut Unstructured<'u>,
    /// Whether aggregates may stand there.
    pub aggregates: bool,
}

const NUMBERS: [&str; 24] = [
    "0", "1", "2", "3", "10", "0.5", "0.1", "1.50", "1e2", "1E-7", "9007199254740993", "9007199254740992.0", "1e308",
    "1.7976931348623157e308", "5e-324", "1e16", "170141183460469231731687303715884105727",
    "170141183460469231731687303715884105728", "123456789012345678901234567890", "1e38", "1e39", "0.3333333333333333",
    "4503599627370497.5", "2.5e1",
];

const TEXTS: [&str; 16] = [
    "'a'", "\"b\"", "''", "'ä😀'", "'/a'", "'/a/'", "'/'", "'/a/b'", "'2024-01-02'", "'2024-01-02T00:00:00.5Z'",
    "'2024-01-02T01:00:00+01:00'", "'\\u00e9\\n\\'\\\\'", "'2024-02-30'", "'1'", "'true'", "'\\ud83d\\ude00'",
];

const PATHS: [&str; 24] = [
    "e.data.n", "e.data.n", "e.data.n", "e.data.a", "e.data.a", "e.data.b", "e.data.b", "e.data.a.b", "e.data['ü']",
    "e.data.b[0]", "e.data.a[1].b", "e.data", "e.type", "e.subject", "e.time", "e.id", "e.source", "e.time.x",
    "e.extra", "e", "e['data'][\"n\"]", "e.data.order", "e.hash", "e.data.none",
];

impl Scope<'_, '_> {
    fn one(&mut self, from: &[&str]) -> Result<String> {
        Ok(pick(self.choices, from)?.to_owned())
    }

    /// Something that is mostly a condition.
    pub fn condition(&mut self, depth: u8) -> Result<String> {
        if depth == 0 || often(self.choices, 30)? {
            return self.comparison(depth);
        }
        let (a, b) = (self.condition(depth - 1)?, self.condition(depth - 1)?);
        Ok(match self.choices.int_in_range(0..=5)? {
            0 => format!("{a} AND {b}"),
            1 => format!("({a} or {b})"),
            2 => format!("NOT ({a})"),
            3 => format!("({a}) AND ({b}) AND true"),
            4 => format!("{a} OR {b}"),
            _ => self.value(1)?,
        })
    }

    fn comparison(&mut self, depth: u8) -> Result<String> {
        let (a, b) = (self.operand(depth)?, self.operand(depth)?);
        let operator = pick(self.choices, &["==", "!=", "<", "<=", ">", ">="])?;
        let not = pick(self.choices, &["", "", "NOT "])?;
        Ok(match self.choices.int_in_range(0..=9)? {
            0..=3 => format!("{a} {operator} {b}"),
            4 => format!("e.time {operator} {}", self.one(&TEXTS)?),
            5 => format!("e.type {operator} {}", self.one(&["'a'", "'b'"])?),
            6 => format!("{a} {not}IN {}", self.searched(&b)?),
            7 => format!("{a} {not}BETWEEN {b} AND {}", self.operand(depth)?),
            8 => {
                let reach = pick(self.choices, &["UNDER", "DESCENDANTS"])?;
                format!("e.subject {not}{reach} {}", self.one(&TEXTS)?)
            }
            _ => format!("{a} {not}UNDER {b}"),
        })
    }

    fn searched(&mut self, first: &str) -> Result<String> {
        Ok(match self.choices.int_in_range(0..=4)? {
            0 => format!("({first}, {})", self.operand(0)?),
            1 => format!("[{first}]"),
            2 => "[]".to_owned(),
            3 => {
                // Long enough to be looked up instead of walked.
                let items: Vec<String> = NUMBERS.iter().chain(&TEXTS).map(|&item| item.to_owned()).collect();
                format!("({}, null)", items.join(", "))
            }
            _ => self.one(&["e.data.a", "e.data.b", "e.data"])?,
        })
    }

    /// What may stand on either side of a comparison.
    fn operand(&mut self, depth: u8) -> Result<String> {
        Ok(match self.choices.int_in_range(0..=9)? {
            0..=3 => self.one(&PATHS)?,
            4 | 5 => self.number(depth)?,
            6 => self.one(&NUMBERS)?,
            7 => self.one(&TEXTS)?,
            8 => self.one(&["null", "true", "false"])?,
            _ if depth == 0 => self.one(&PATHS)?,
            _ => format!("({})", self.value(depth - 1)?),
        })
    }

    /// Something that is mostly a number.
    fn number(&mut self, depth: u8) -> Result<String> {
        if self.aggregates && often(self.choices, 50)? {
            return self.aggregate();
        }
        if depth == 0 || often(self.choices, 30)? {
            return if often(self.choices, 50)? { Ok("e.data.n".to_owned()) } else { self.one(&NUMBERS) };
        }
        let (a, b) = (self.number(depth - 1)?, self.number(depth - 1)?);
        let operator = pick(self.choices, &["+", "-", "*", "/", "%"])?;
        Ok(match self.choices.int_in_range(0..=3)? {
            0 => format!("{a} {operator} {b}"),
            1 => format!("({a} {operator} {b})"),
            2 => format!("- ({a})"),
            _ => format!("{a} {operator} {b} {operator} {b}"),
        })
    }

    fn aggregate(&mut self) -> Result<String> {
        let function = pick(self.choices, &["COUNT", "SUM", "AVG", "MIN", "MAX", "sum"])?;
        if function == "COUNT" && often(self.choices, 50)? {
            return Ok("COUNT()".to_owned());
        }
        self.aggregates = false;
        let argument = if often(self.choices, 60)? { self.number(1) } else { self.value(1) };
        self.aggregates = true;
        Ok(format!("{function}({})", argument?))
    }

    /// Anything.
    pub fn value(&mut self, depth: u8) -> Result<String> {
        if depth == 0 {
            return self.operand(0);
        }
        Ok(match self.choices.int_in_range(0..=9)? {
            0..=2 => self.operand(depth - 1)?,
            3 => self.number(depth)?,
            4 => format!("({})", self.condition(depth - 1)?),
            5 => format!("[{}, {}]", self.value(depth - 1)?, self.value(depth - 1)?),
            6 => format!("{{ a: {}, \"b ü\": {} }}", self.value(depth - 1)?, self.value(depth - 1)?),
            7 => format!("{} + {}", self.one(&TEXTS)?, self.operand(0)?),
            8 => format!("{} + {} + {}", self.operand(0)?, self.one(&TEXTS)?, self.number(1)?),
            _ => self.one(&PATHS)?,
        })
    }
}
