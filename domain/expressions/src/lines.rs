//! One expression as a line of JSON, for tools.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::json;
use weft_value::{Item, Value, mend_lone_halves};

use crate::{Budget, ItemsScope, compile};

/// A line as it is read.
#[derive(Debug, Deserialize)]
struct Line {
    #[serde(default)]
    id: serde_json::Value,
    /// The parameter; an expression where it begins with `=`.
    expression: String,
    /// The json of every item; the first is the current one.
    #[serde(default)]
    items: Vec<Value>,
    timezone: Option<String>,
}

/// Evaluates `line`, `{"id", "expression", "items", "timezone"}`; gives `{"id", "value"}`, `{"id", "undefined": true}` or
/// `{"id", "error"}`. A parameter without a leading `=` is its own value. Without a time zone it is UTC.
pub fn evaluate_line(line: &str, now: Timestamp) -> String {
    let mut line = line.as_bytes().to_vec();
    mend_lone_halves(&mut line);
    let line: Line = match serde_json::from_slice(&line) {
        Ok(line) => line,
        Err(error) => {
            return json!({ "id": null, "error": format!("This line is not understood: {error}.") }).to_string();
        }
    };
    let answer = match evaluate(&line, now) {
        Ok(Value::Undefined) => json!({ "id": line.id, "undefined": true }),
        Ok(value) => json!({ "id": line.id, "value": value }),
        Err(error) => json!({ "id": line.id, "error": error }),
    };
    answer.to_string()
}

fn evaluate(line: &Line, now: Timestamp) -> Result<Value, String> {
    let Some(source) = line.expression.strip_prefix('=') else { return Ok(Value::from(line.expression.as_str())) };
    let zone = match line.timezone.as_deref() {
        Some(name) => TimeZone::get(name).map_err(|_| format!("There is no time zone named \"{name}\"."))?,
        None => TimeZone::UTC,
    };
    let template =
        compile(source).map_err(|wrong| wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))?;
    let scope = ItemsScope::new(line.items.iter().cloned().map(Item::new).collect::<Vec<_>>(), now, zone);
    template.evaluate(&scope, &mut Budget::default()).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_surrogate_pair_in_a_line_is_the_replacement_character() {
        let line = r#"{"id":1,"expression":"={{ $json.t + JSON.parse('\"\\\\ude00\"') }}","items":[{"t":"\ud83d"}]}"#;
        let answer: serde_json::Value = serde_json::from_str(&evaluate_line(line, Timestamp::UNIX_EPOCH)).unwrap();
        assert_eq!(answer, json!({ "id": 1, "value": "\u{fffd}\u{fffd}" }));
    }
}
