//! Events as lines.

use super::{often, pick};
use arbitrary::{Result, Unstructured};

const TIMES: [&str; 10] = [
    "\"2024-01-02T00:00:00Z\"", "\"2024-01-02T00:00:00.5Z\"", "\"2024-01-02T01:00:00+01:00\"", "\"2024-01-02\"",
    "\"2024-01-01T23:59:60Z\"", "\"never\"", "\"2262-04-11T23:47:16.854775807Z\"", "\"2300-01-01T00:00:00Z\"", "null",
    "17",
];

const SCALARS: [&str; 30] = [
    "0", "1", "2", "3", "-1", "0.5", "1.0", "1.50", "10", "1e2", "-0", "-0.0", "9007199254740993",
    "9007199254740992.0", "1e308", "-1e308", "1e999", "5e-324", "0.1", "0.2", "123456789012345678901234567890",
    "-170141183460469231731687303715884105728", "null", "true", "false", "\"a\"", "\"\\u00e4\\n\"", "\"2024-01-02\"",
    "\"1\"", "\"/a/b\"",
];

/// The line of an event.
pub fn line(choices: &mut Unstructured<'_>) -> Result<String> {
    let subject = pick(choices, &["/a", "/a/b", "/ab", "/a/", "/", "a", "/\\u00e4"])?;
    let kind = pick(choices, &["a", "b", "io.x"])?;
    let data = match choices.int_in_range(0..=8)? {
        0 => json(choices, 3)?,
        _ => {
            let n = pick(choices, &SCALARS[..22])?;
            format!(r#"{{"a":{},"b":{},"n":{n}}}"#, json(choices, 2)?, json(choices, 2)?)
        }
    };
    let time = if often(choices, 85)? { format!(r#""time":{},"#, pick(choices, &TIMES)?) } else { String::new() };
    let extra = if often(choices, 10)? { format!(r#","extra":{}"#, json(choices, 2)?) } else { String::new() };
    let id = choices.int_in_range(0..=3)?;
    Ok(format!(r#"{{"id":"{id}","source":"s",{time}"subject":"{subject}","type":"{kind}","data":{data}{extra}}}"#))
}

fn json(choices: &mut Unstructured<'_>, depth: u8) -> Result<String> {
    if depth == 0 || often(choices, 60)? {
        return Ok(pick(choices, &SCALARS)?.to_owned());
    }
    let count = choices.int_in_range(0..=3)?;
    let items = (0..count).map(|_| json(choices, depth - 1)).collect::<Result<Vec<_>>>()?;
    if often(choices, 40)? {
        return Ok(format!("[{}]", items.join(", ")));
    }
    let members = items.iter().map(|item| Ok(format!("{:?}: {item}", pick(choices, &["a", "b", "n", "ü"])?)));
    Ok(format!("{{{}}}", members.collect::<Result<Vec<_>>>()?.join(",")))
}
