//! A shape written as JSON Schema: what was seen of types, formats and presence, and nothing tighter.
//!
//! Ranges, lengths and sets of values are left out: that the largest total so far was 99.50 is no rule for the next.

use super::{Field, Shape, Type};
use crate::model::json::{Json, pretty, push_quoted};

impl Shape {
    /// The shape as JSON Schema (2020-12). It accepts every payload that was taken in.
    pub fn to_json_schema(&self, title: &str) -> String {
        let mut out = String::from("{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":");
        push_quoted(&mut out, title);
        self.rules(Self::PAYLOAD, &mut out);
        out.push('}');
        pretty(Json::trusted(&out))
    }

    /// The members of a field's schema, each behind a comma. Nests no deeper than the shape does.
    fn rules(&self, index: usize, out: &mut String) {
        let Some(field) = self.fields().get(index) else { return };
        types(field, out);
        if field.types.of(Type::String) > 0
            && let Some(format) = field.format()
        {
            out.push_str(&format!(",\"format\":\"{}\"", format.name()));
        }
        let members: Vec<(usize, &Field)> = field
            .children
            .iter()
            .filter(|child| field.item != Some(**child))
            .filter_map(|child| Some((*child as usize, self.fields().get(*child as usize)?)))
            .collect();
        if !members.is_empty() {
            self.properties(&members, out);
        }
        // Items that were not looked at may be anything.
        if let Some(item) = field.item.filter(|_| !field.unexplored) {
            self.named("items", item as usize, out);
        }
    }

    fn properties(&self, members: &[(usize, &Field)], out: &mut String) {
        out.push_str(",\"properties\":{");
        for (at, (index, field)) in members.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            push_quoted(out, &field.name);
            out.push(':');
            self.schema(*index, out);
        }
        out.push('}');
        let required: Vec<_> = members.iter().filter(|(index, _)| self.is_always_there(*index)).collect();
        if required.is_empty() {
            return;
        }
        out.push_str(",\"required\":[");
        for (at, (_, field)) in required.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            push_quoted(out, &field.name);
        }
        out.push(']');
    }

    fn named(&self, name: &str, index: usize, out: &mut String) {
        out.push_str(&format!(",\"{name}\":"));
        self.schema(index, out);
    }

    fn schema(&self, index: usize, out: &mut String) {
        let mut rules = String::new();
        self.rules(index, &mut rules);
        out.push('{');
        out.push_str(rules.strip_prefix(',').unwrap_or(&rules));
        out.push('}');
    }
}

/// `,"type":…`: an integer is a number too, so both together are numbers. Nothing when nothing was seen.
fn types(field: &Field, out: &mut String) {
    let has = |of| field.types.of(of) > 0;
    let names: Vec<String> = Type::ALL
        .into_iter()
        .filter(|of| has(*of) && !(*of == Type::Integer && has(Type::Number)))
        .map(|of| format!("\"{}\"", of.name()))
        .collect();
    match names.as_slice() {
        [] => {}
        [one] => out.push_str(&format!(",\"type\":{one}")),
        many => out.push_str(&format!(",\"type\":[{}]", many.join(","))),
    }
}
