//! The catalogue is true, and complete.

use std::collections::HashSet;
use std::fmt::Write;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use weft_value::{Item, Value, from_json};

use super::catalogue;
use crate::{Budget, NodeFault, Previous, Scope, compile, library};

/// The execution that all examples look at: two items that came from the node `Orders`.
struct Example {
    items: Vec<Item>,
    orders: Arc<Vec<Item>>,
    zone: TimeZone,
}

fn json(text: &str) -> Value {
    from_json(text).unwrap_or_default()
}

impl Scope for Example {
    fn items(&self) -> &[Item] {
        &self.items
    }

    fn item_index(&self) -> usize {
        0
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_772_368_245).unwrap_or_default()
    }

    fn time_zone(&self) -> &TimeZone {
        &self.zone
    }

    fn node_items(&self, _: &str, _: Option<usize>, _: Option<usize>) -> Result<Arc<Vec<Item>>, NodeFault> {
        Ok(Arc::clone(&self.orders))
    }

    fn linked_item(&self, _: &str, item: usize) -> Result<Item, NodeFault> {
        Ok(self.orders[item].clone())
    }

    fn is_executed(&self, _: &str) -> Result<bool, NodeFault> {
        Ok(true)
    }

    fn previous(&self) -> Option<Previous<'_>> {
        Some(Previous { name: "Orders", output: 0, run: 0 })
    }

    fn workflow(&self) -> Value {
        json(r#"{"id":"w1","name":"Invoices","active":true}"#)
    }

    fn execution(&self) -> Value {
        json(r#"{"id":"e1","mode":"production","customData":{"region":"eu"}}"#)
    }

    fn variables(&self) -> Value {
        json(r#"{"region":"eu"}"#)
    }

    fn parameters(&self) -> Value {
        json(r#"{"url":"https://example.com"}"#)
    }
}

fn value(example: &str) -> String {
    let items = |texts: [&str; 2]| texts.map(|text| Item::new(json(text))).to_vec();
    let scope = Example {
        items: items([r#"{"name":"Ada"}"#, r#"{"name":"Bob"}"#]),
        orders: Arc::new(items([r#"{"total":12}"#, r#"{"total":30}"#])),
        zone: TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC),
    };
    let value =
        compile(&format!("{{{{ {example} }}}}")).map(|template| template.evaluate(&scope, &mut Budget::default()));
    match value {
        Ok(Ok(Value::Undefined)) => "undefined".to_owned(),
        Ok(Ok(value)) => value.to_json(),
        Ok(Err(error)) => format!("fails: {error}"),
        Err(wrong) => format!("is wrong: {wrong:?}"),
    }
}

#[test]
fn every_example_has_the_value_beside_it() {
    let mut wrong = String::new();
    for entry in catalogue() {
        let value = value(entry.example);
        if value != entry.result {
            let _ = writeln!(wrong, "{} → {value}", entry.example);
        }
    }
    assert!(wrong.is_empty(), "The catalogue says otherwise:\n{wrong}");
}

#[test]
fn every_entry_has_a_signature_a_sentence_and_a_type() {
    let mut seen = HashSet::new();
    for entry in catalogue() {
        assert!(entry.description.ends_with('.'), "{entry:?}");
        assert!(!entry.name.is_empty() && !entry.returns.is_empty() && !entry.example.is_empty(), "{entry:?}");
        assert!(seen.insert((entry.receiver, entry.name)), "{} of {} stands twice", entry.name, entry.receiver);
    }
}

#[test]
fn everything_that_the_library_knows_is_listed() {
    let listed: HashSet<_> = catalogue().iter().map(|entry| (entry.receiver, entry.name)).collect();
    let mut missing: Vec<_> = library::known().into_iter().filter(|known| !listed.contains(known)).collect();
    missing.sort_unstable();
    assert!(missing.is_empty(), "The catalogue lacks {missing:?}");
}

#[test]
fn everything_that_is_listed_is_known() {
    let known: HashSet<_> = library::known().into_iter().collect();
    let receivers: HashSet<_> = known.iter().map(|(receiver, _)| *receiver).collect();
    for entry in catalogue().iter().filter(|entry| entry.is_function && receivers.contains(entry.receiver)) {
        // These are compiled, not called.
        if ["$", "$if"].contains(&entry.name) {
            continue;
        }
        assert!(known.contains(&(entry.receiver, entry.name)), "{} of {} is not known", entry.name, entry.receiver);
    }
}
