//! The schemas of event types: JSON Schema, and the form of servers 1.x.
//!
//! Owns what a valid payload is. Schemas are never changed or removed; a durable store keeps them in its data file.
//! Knows nothing of the events that are already stored: a schema holds for those to come.

use super::error::Error;
use crate::model::request::RegisteredSchema;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// Every registered schema, in the order of registration.
#[derive(Debug, Default)]
pub struct Schemas {
    list: Vec<RegisteredSchema>,
    validators: FxHashMap<String, Arc<jsonschema::Validator>>,
}

/// A schema that was understood.
pub struct Compiled {
    schema: RegisteredSchema,
    validator: jsonschema::Validator,
}

impl Compiled {
    /// Understand a schema.
    ///
    /// # Errors
    /// When it is neither JSON Schema nor of the form of servers 1.x.
    pub fn new(schema: RegisteredSchema) -> Result<Self, Error> {
        let invalid = |why: String| Error::Invalid(format!("the schema for {} is invalid: {why}", schema.kind));
        if schema.kind.is_empty() {
            return Err(Error::Invalid("the event type of a schema must not be empty".to_owned()));
        }
        let value: Value = serde_json::from_str(schema.schema.get()).map_err(|e| invalid(e.to_string()))?;
        if !(value.is_object() || value.is_boolean()) {
            return Err(invalid("a JSON object was expected".to_owned()));
        }
        let value = if is_first_generation(&value) { translate(&value) } else { value };
        let validator = jsonschema::validator_for(&value).map_err(|e| invalid(e.to_string()))?;
        Ok(Self { schema, validator })
    }
}

impl Schemas {
    /// Every schema, in the order of registration.
    pub fn list(&self) -> &[RegisteredSchema] {
        &self.list
    }

    /// Whether a type has a schema.
    pub fn has(&self, kind: &str) -> bool {
        self.validators.contains_key(kind)
    }

    /// Add a schema for a type that has none.
    pub fn add(&mut self, compiled: Compiled) {
        self.validators.insert(compiled.schema.kind.clone(), Arc::new(compiled.validator));
        self.list.push(compiled.schema);
    }

    /// Check a new event's payload.
    ///
    /// # Errors
    /// The first place where the payload violates the schema of its type.
    pub fn check(&self, kind: &str, data: &str) -> Result<(), Error> {
        let Some(validator) = self.validators.get(kind) else { return Ok(()) };
        let violated = |why: String| Error::Invalid(format!("the payload violates the schema of {kind}: {why}"));
        let value: Value = serde_json::from_str(data).map_err(|e| violated(e.to_string()))?;
        validator.validate(&value).map_err(|e| match e.instance_path().as_str() {
            "" => violated(e.to_string()),
            place => violated(format!("{e} (at {place})")),
        })
    }
}

/// Whether a schema has the form of servers 1.x: there `required` is a flag of each property.
fn is_first_generation(schema: &Value) -> bool {
    schema.get("allowAdditionalProperties").is_some()
        || schema.get("properties").and_then(Value::as_object).is_some_and(|properties| {
            properties.values().any(|property| property.get("required").is_some_and(Value::is_boolean))
        })
}

/// The JSON Schema that says what a schema of servers 1.x says. Further properties are allowed unless it says otherwise.
fn translate(schema: &Value) -> Value {
    let Value::Object(members) = schema else { return schema.clone() };
    let mut out: Map<String, Value> = members.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    out.remove("required");
    if let Some(allowed) = out.remove("allowAdditionalProperties") {
        out.insert("additionalProperties".to_owned(), allowed);
    }
    if let Some(items) = members.get("items") {
        out.insert("items".to_owned(), translate(items));
    }
    if let Some(properties) = members.get("properties").and_then(Value::as_object) {
        let required = properties.iter().filter(|(_, value)| value.get("required") == Some(&json!(true)));
        let required: Vec<_> = required.map(|(name, _)| json!(name)).collect();
        let translated = properties.iter().map(|(name, value)| (name.clone(), translate(value))).collect();
        out.insert("properties".to_owned(), Value::Object(translated));
        out.insert("required".to_owned(), Value::Array(required));
        out.entry("type").or_insert_with(|| json!("object"));
    }
    Value::Object(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::value::RawValue;

    fn compile(text: &str) -> Result<Schemas, Error> {
        let schema = RawValue::from_string(text.to_owned()).unwrap();
        let mut schemas = Schemas::default();
        schemas.add(Compiled::new(RegisteredSchema { kind: "t".to_owned(), schema })?);
        Ok(schemas)
    }

    #[test]
    fn checks_json_schema() {
        let schemas = compile(r#"{"type":"object","properties":{"n":{"type":"number"}},"required":["n"]}"#).unwrap();
        assert!(schemas.check("t", r#"{"n":1}"#).is_ok());
        assert!(schemas.check("other", r#"{}"#).is_ok());
        let error = schemas.check("t", r#"{"n":"x"}"#).unwrap_err().to_string();
        assert!(error.contains("/n") && error.contains("schema of t"), "{error}");
    }

    #[test]
    fn checks_the_form_of_servers_1x() {
        let schemas = compile(
            r#"{"properties":{"firstName":{"type":"string","required":true},"address":{"type":"object","properties":{"city":{"type":"string","required":true}}}},"allowAdditionalProperties":false}"#,
        )
        .unwrap();
        for (data, holds) in [
            (r#"{"firstName":"Bruce"}"#, true),
            (r#"{}"#, false),
            (r#"{"firstName":1}"#, false),
            (r#"{"firstName":"Bruce","more":1}"#, false),
            (r#"{"firstName":"Bruce","address":{"city":"Gotham"}}"#, true),
            (r#"{"firstName":"Bruce","address":{}}"#, false),
        ] {
            assert_eq!(schemas.check("t", data).is_ok(), holds, "{data}");
        }
    }

    #[test]
    fn refuses_what_is_no_schema() {
        for bad in ["1", r#"{"type":"nothing"}"#, r#"{"properties":{"a":{"type":"nope","required":true}}}"#] {
            assert!(matches!(compile(bad), Err(Error::Invalid(_))), "{bad}");
        }
    }
}
