//! Queries and events that are made of choices: every query parses, most run to their end.

mod event;
mod expr;

use arbitrary::{Result, Unstructured};
use expr::Scope;

/// A query's text and the lines of the events that it runs over.
pub fn case(choices: &mut Unstructured<'_>) -> Result<(String, Vec<String>)> {
    let query = query(choices)?;
    let count = choices.int_in_range(0..=10)?;
    let lines = (0..count).map(|_| event::line(choices)).collect::<Result<_>>()?;
    Ok((query, lines))
}

/// One of these.
fn pick<'t>(choices: &mut Unstructured<'_>, from: &[&'t str]) -> Result<&'t str> {
    Ok(choices.choose(from)?)
}

/// In so many of a hundred cases.
fn often(choices: &mut Unstructured<'_>, percent: u8) -> Result<bool> {
    choices.ratio(percent, 100)
}

fn query(choices: &mut Unstructured<'_>) -> Result<String> {
    let old = often(choices, 25)?;
    let grouped = often(choices, 40)?;
    let single = Scope { choices, aggregates: false };
    let mut text = if old { "FROM e IN events" } else { "STREAM e FROM events" }.to_owned();
    let mut scope = single;
    if often(scope.choices, 60)? {
        text += &format!(" WHERE {}", scope.condition(2)?);
    }
    if grouped {
        let count = scope.choices.int_in_range(1..=2)?;
        let keys = (0..count).map(|_| scope.value(1)).collect::<Result<Vec<_>>>()?;
        text += &format!(" GROUP BY {}", keys.join(", "));
    }
    scope.aggregates = grouped || often(scope.choices, 20)?;
    if grouped && often(scope.choices, 40)? {
        text += &format!(" HAVING {}", scope.condition(2)?);
    }
    let orders = scope.choices.int_in_range(0..=2)?;
    for at in 0..orders {
        let by = scope.value(1)?;
        let direction = pick(scope.choices, &["", " ASC", " DESC", " desc"])?;
        text += &format!("{} {by}{direction}", if at == 0 { " ORDER BY" } else { "," });
    }
    let limit = if often(scope.choices, 30)? {
        format!(" {} {}", if old { "TOP" } else { "LIMIT" }, scope.choices.int_in_range(0..=5)?)
    } else {
        String::new()
    };
    let map = if often(scope.choices, 80)? {
        format!(" {} {}", if old { "PROJECT INTO" } else { "MAP" }, scope.value(3)?)
    } else {
        String::new()
    };
    Ok(if often(scope.choices, 50)? { text + &limit + &map } else { text + &map + &limit })
}
