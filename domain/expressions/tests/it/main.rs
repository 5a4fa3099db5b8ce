//! The language, seen from outside.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "all of this is tests")]

mod assignments;
mod dates;
mod diagnostics;
mod forgiveness;
mod hostile;
mod language;
mod library;
mod locales;
mod nodes;
mod patterns;
mod properties;
mod queries;
mod references;
mod relative;
mod runner;
mod statements;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use weft_expressions::{Budget, EvaluationError, ItemsScope, compile};
use weft_value::{Item, Value, from_json};

/// The item that most tests look at.
const ITEM: &str = r#"{
    "name": "Ada Lovelace", "n": 5, "zero": 0, "empty": "", "nothing": null, "yes": true,
    "list": [3, 1, 2], "people": [{"name": "Ada", "age": 36}, {"name": "Bob", "age": 17}, {"name": "Cy", "age": 70}],
    "deep": {"a": {"b": {"c": 1}}}, "with space": "x", "10": "ten", "9": "nine", "emoji": "a😀é"
}"#;

/// 2026-03-01T13:30:45.123Z, read in New York.
pub fn scope() -> ItemsScope {
    let now = Timestamp::from_millisecond(1_772_371_845_123).expect("a moment");
    let items = [ITEM, r#"{"name": "Second"}"#].map(|text| Item::new(from_json(text).expect("JSON"))).to_vec();
    ItemsScope::new(items, now, TimeZone::get("America/New_York").expect("a zone"))
}

pub fn evaluate(source: &str) -> Result<Value, EvaluationError> {
    let template = compile(source).unwrap_or_else(|wrong| panic!("{source}: {wrong:?}"));
    template.evaluate(&scope(), &mut Budget::default())
}

/// `source` (a block without its brackets) has the value that `expected` writes as JSON; `undefined` is itself.
#[track_caller]
pub fn check(source: &str, expected: &str) {
    let value = evaluate(&format!("{{{{ {source} }}}}")).unwrap_or_else(|error| panic!("{source}: {error}"));
    let written = if value.is_undefined() { "undefined".to_owned() } else { value.to_json() };
    assert_eq!(written, expected, "{source}");
}

/// Checks a table of sources and values.
#[track_caller]
pub fn check_all(table: &[(&str, &str)]) {
    for (source, expected) in table {
        check(source, expected);
    }
}

/// `source` fails with a message that contains `part`.
#[track_caller]
pub fn check_fails(source: &str, part: &str) {
    match evaluate(&format!("{{{{ {source} }}}}")) {
        Ok(value) => panic!("{source} is {}", value.to_json()),
        Err(error) => assert!(error.to_string().contains(part), "{source}: {error}"),
    }
}
