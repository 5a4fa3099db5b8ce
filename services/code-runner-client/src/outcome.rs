//! What comes back of a step, checked by n8n's return rules.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use indexmap::IndexMap;
use weft_code_runner_protocol::{Log, Mode};
use weft_value::{BinaryRef, Item, ItemRef, Object, Pairing, Value};

use crate::{CodeError, CodeErrorKind};

/// The result of one step.
#[derive(Clone, Debug, PartialEq)]
pub struct CodeOutcome {
    /// The items that the code returned.
    pub items: Vec<Item>,
    /// Where a step carries on after failed items, why each of them failed; each names its item.
    pub failed: Vec<CodeError>,
    /// What `console.*` said.
    pub logs: Vec<Log>,
    /// Processor time that the step used, in milliseconds, rounded up.
    pub cpu_ms: u64,
}

/// The keys that an item may have beside `json`.
const ITEM_KEYS: [&str; 5] = ["json", "binary", "pairedItem", "error", "index"];

/// The items that `returned` stands for: a list of items or of plain objects, or one of either, of code that runs once; the
/// list of what each call returned, of code that runs once for each item.
pub fn items_from_return(returned: Value, mode: Mode) -> Result<Vec<Item>, CodeError> {
    if mode.is_each_item() { each_item(returned, mode) } else { all_items(returned) }
}

fn all_items(returned: Value) -> Result<Vec<Item>, CodeError> {
    match returned {
        Value::Object(object) => Ok(vec![one(Value::Object(object), 0)?]),
        Value::Array(array) => {
            let entries = Arc::unwrap_or_clone(array);
            if let Some((index, key)) = entries.iter().any(has_item_key).then(|| foreign_key(&entries)).flatten() {
                return Err(beside_json(index, key));
            }
            let holds_items = entries.iter().any(is_item);
            let convert = |(index, entry)| if holds_items { item(&entry, index) } else { plain(entry, index) };
            entries.into_iter().enumerate().map(convert).collect()
        }
        other => Err(invalid(format!(
            "The code returned {}. Return a list of items, for instance `return items` or `return [{{ json: {{ … }} }}]`.",
            describe(&other)
        ))),
    }
}

fn each_item(returned: Value, mode: Mode) -> Result<Vec<Item>, CodeError> {
    let calls = each_call(returned)?.enumerate();
    calls.filter(|(_, entry)| !drops_item(entry, mode)).map(|(index, entry)| of_call(entry, index)).collect()
}

/// Whether what a call returned means that its item does not go on.
fn drops_item(entry: &Value, mode: Mode) -> bool {
    let is_nothing = match entry {
        Value::Undefined | Value::Null | Value::Bool(false) => true,
        Value::Number(number) => *number == 0.0,
        Value::String(text) => text.is_empty(),
        _ => false,
    };
    mode == Mode::EachItem && is_nothing
}

/// The items of the calls that did not fail, for code that runs once for each of `count` items and carries on; `failed` holds
/// what is known to have failed, and gets what is no item.
pub(crate) fn items_that_succeeded(
    returned: Value,
    (count, mode): (usize, Mode),
    failed: &mut BTreeMap<u32, CodeError>,
) -> Result<Vec<Item>, CodeError> {
    // A result that is no item is small, and the error that it becomes is not.
    if returned.as_array().is_some_and(|results| results.len() > count) {
        return Err(invalid("The code gave more results than there were items. Do not add to `items` in this mode."));
    }
    let mut items = Vec::new();
    for (index, entry) in each_call(returned)?.enumerate() {
        if failed.contains_key(&(index as u32)) || drops_item(&entry, mode) {
            continue;
        }
        match of_call(entry, index) {
            Ok(item) => items.push(item),
            Err(error) => drop(failed.insert(index as u32, error)),
        }
    }
    Ok(items)
}

fn each_call(returned: Value) -> Result<impl Iterator<Item = Value>, CodeError> {
    match returned {
        Value::Array(array) => Ok(Arc::unwrap_or_clone(array).into_iter()),
        _ => Err(invalid("The code runner did not answer with a list.")),
    }
}

/// What one call returned for item `index`.
fn of_call(entry: Value, index: usize) -> Result<Item, CodeError> {
    match entry {
        Value::Object(_) => Ok(one(entry, index)?.paired_with(index)),
        other => Err(invalid(format!(
            "The code returned {} for item {index}. In this mode return one object: `return {{ json: {{ … }} }}`.",
            describe(&other)
        ))
        .at_item(index)),
    }
}

/// An item, or the data of one: what is returned alone may hold anything beside `json`, which is dropped.
fn one(entry: Value, index: usize) -> Result<Item, CodeError> {
    if is_item(&entry) { item(&entry, index) } else { plain(entry, index) }
}

/// Whether an entry is an item and not the data of one.
fn is_item(entry: &Value) -> bool {
    entry.as_object().is_some_and(|object| object.contains_key("json") || object.contains_key("binary"))
}

/// The first key in a list of items that none of them may have, and whose it is.
fn foreign_key(entries: &[Value]) -> Option<(usize, &str)> {
    let mut keys = entries.iter().enumerate().filter_map(|(index, entry)| Some((index, entry.as_object()?)));
    keys.find_map(|(index, object)| {
        let foreign = object.iter().map(|(key, _)| key.as_str()).find(|key| !ITEM_KEYS.contains(key));
        foreign.map(|key| (index, key))
    })
}

fn beside_json(index: usize, key: &str) -> CodeError {
    let message = format!(
        "Item {index} has the key \"{key}\" beside \"json\". An item has only \"json\", \"binary\" and \"pairedItem\": move \"{key}\" into \"json\"."
    );
    invalid(message).at_item(index)
}

fn has_item_key(entry: &Value) -> bool {
    entry.as_object().is_some_and(|object| ITEM_KEYS.iter().any(|key| object.contains_key(key)))
}

fn plain(entry: Value, index: usize) -> Result<Item, CodeError> {
    match entry {
        Value::Object(_) => Ok(Item::new(entry)),
        other => Err(not_an_object(&other, index)),
    }
}

fn item(entry: &Value, index: usize) -> Result<Item, CodeError> {
    let Value::Object(object) = entry else { return Err(not_an_object(entry, index)) };
    let json = match object.get("json") {
        Some(Value::Object(json)) => Value::Object(Arc::clone(json)),
        None => Value::empty_object(),
        Some(other) => {
            return Err(
                invalid(format!("The \"json\" of item {index} is {}, not an object.", describe(other))).at_item(index)
            );
        }
    };
    Ok(Item { json, binary: binary(object, index)?, pairing: pairing(object.get("pairedItem")) })
}

fn binary(object: &Object, index: usize) -> Result<Option<Arc<IndexMap<String, BinaryRef>>>, CodeError> {
    let Some(value) = object.get("binary").filter(|value| !value.is_nullish()) else { return Ok(None) };
    let refused = || invalid(format!("The \"binary\" of item {index} is not a map of files.")).at_item(index);
    let mut files = value.as_object().ok_or_else(refused)?.clone();
    for key in value.as_object().into_iter().flatten().map(|(key, _)| key.as_str()) {
        if let Some(Value::Object(file)) = files.get_mut(key) {
            check(file, key, index)?;
            complete(Arc::make_mut(file));
        }
    }
    // By way of JSON, since what a file is made of is defined by its serialised form.
    let map: IndexMap<String, BinaryRef> =
        serde_json::from_str(&Value::from(files).to_json()).map_err(|_| refused())?;
    Ok(if map.is_empty() { None } else { Some(Arc::new(map)) })
}

/// Whether the bytes of a file can be had: as text in base64, or where a file lies that code passes on. n8n's `id` of a file
/// means nothing here.
fn check(file: &Object, name: &str, index: usize) -> Result<(), CodeError> {
    match (file.get("data"), file.get("key"), file.get("id")) {
        (Some(Value::String(data)), ..) if !is_base64(data) => Err(format!(
            "The \"data\" of the file \"{name}\" of item {index} is not base64. Write `Buffer.from(text).toString('base64')`, for instance."
        )),
        (None, None, Some(_)) => Err(format!(
            "The file \"{name}\" of item {index} has an \"id\" and no \"data\". Give its bytes as \"data\", in base64, or pass on a file that came in."
        )),
        _ => Ok(()),
    }
    .map_err(|message| invalid(message).at_item(index))
}

/// Whether a text is base64 (RFC 4648, section 4), aside from blanks and line ends.
fn is_base64(text: &str) -> bool {
    let is_plain = !text.bytes().any(|byte| byte.is_ascii_whitespace());
    if is_plain {
        return BASE64_STANDARD.decode(text).is_ok();
    }
    BASE64_STANDARD.decode(text.split_ascii_whitespace().collect::<String>()).is_ok()
}

/// Code that makes a file gives its bytes and perhaps a name; what a file has beside these follows from them.
fn complete(file: &mut Object) {
    if !matches!(file.get("mimeType"), Some(Value::String(_))) {
        file.insert("mimeType", "application/octet-stream");
    }
    // n8n writes sizes for people: "3.2 kB".
    if !matches!(file.get("size"), Some(Value::Number(_))) {
        let bytes = file.get("data").and_then(Value::as_str).map_or(0, base64_bytes);
        file.insert("size", bytes as f64);
    }
}

/// How many bytes a text in base64 stands for (RFC 4648: three for every four characters, padding aside).
fn base64_bytes(text: &str) -> usize {
    text.trim_end_matches('=').len() * 3 / 4
}

/// A number, `{item, input?}`, or a list of these; what is none of them is not known.
fn pairing(value: Option<&Value>) -> Pairing {
    match value {
        Some(Value::Array(list)) => {
            let refs: Option<Vec<ItemRef>> = list.iter().map(item_ref).collect();
            refs.map_or(Pairing::Unknown, Pairing::many)
        }
        Some(value) => item_ref(value).map_or(Pairing::Unknown, Pairing::One),
        None => Pairing::Unknown,
    }
}

fn item_ref(value: &Value) -> Option<ItemRef> {
    let whole = |value: &Value| value.as_f64().filter(|n| n.fract() == 0.0 && (0.0..4e9).contains(n)).map(|n| n as u32);
    match value {
        Value::Number(_) => Some(ItemRef { item: whole(value)?, input: 0 }),
        Value::Object(_) => {
            Some(ItemRef { item: whole(value.get("item"))?, input: whole(value.get("input")).unwrap_or(0) })
        }
        _ => None,
    }
}

fn not_an_object(value: &Value, index: usize) -> CodeError {
    invalid(format!("Item {index} is {}, not an object. Return a list of objects.", describe(value))).at_item(index)
}

fn invalid(message: impl Into<String>) -> CodeError {
    CodeError::new(CodeErrorKind::InvalidReturn, message)
}

fn describe(value: &Value) -> &'static str {
    match value {
        Value::Undefined | Value::Null => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
        Value::DateTime(_) => "a date",
        Value::Opaque(_) => "something that is no data",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_returned_no_item_fails_by_itself() {
        let value = weft_value::from_json(r#"[{"a":1},null,5,{"a":1,"json":[]},{"a":2}]"#).unwrap();
        let thrown = CodeError::new(CodeErrorKind::Thrown, "thrown").at_item(1);
        let mut failed = BTreeMap::from([(1, thrown)]);
        let items = items_that_succeeded(value.clone(), (5, Mode::EachItem), &mut failed).unwrap();
        let paired: Vec<_> = items.iter().map(|item| item.pairing.clone()).collect();
        assert_eq!(paired, [0, 4].map(|item| Pairing::One(ItemRef { item, input: 0 })));
        let told: Vec<_> = failed.iter().map(|(item, error)| (*item, error.item, error.kind)).collect();
        let invalid = CodeErrorKind::InvalidReturn;
        assert_eq!(
            told,
            [(1, Some(1), CodeErrorKind::Thrown), (2, Some(2), invalid), (3, Some(3), invalid)],
            "{failed:?}"
        );
        let error = items_that_succeeded(value, (4, Mode::EachItem), &mut failed).unwrap_err();
        assert!(error.message.contains("more results"), "{error:?}");
    }

    fn all(json: &str) -> Result<String, String> {
        let items = items_from_return(weft_value::from_json(json).unwrap(), Mode::AllItems);
        items.map(|items| serde_json::to_string(&items).unwrap()).map_err(|error| error.message)
    }

    #[test]
    fn items_and_plain_objects_become_items() {
        for (returned, expected) in [
            (r#"[{"json":{"a":1}}]"#, r#"[{"json":{"a":1}}]"#),
            (r#"[{"a":1},{"b":2}]"#, r#"[{"json":{"a":1}},{"json":{"b":2}}]"#),
            (r#"{"a":1}"#, r#"[{"json":{"a":1}}]"#),
            (r#"{"json":{"a":1}}"#, r#"[{"json":{"a":1}}]"#),
            ("[]", "[]"),
            // Names that items have are names of data, too, where there are no items.
            (r#"{"success":false,"error":"x"}"#, r#"[{"json":{"success":false,"error":"x"}}]"#),
            (r#"[{"error":"x"}]"#, r#"[{"json":{"error":"x"}}]"#),
            (r#"{"json":{"a":1},"more":2}"#, r#"[{"json":{"a":1}}]"#),
            (r#"{"binary":{}}"#, r#"[{"json":{}}]"#),
            (r#"[{"json":{},"pairedItem":3}]"#, r#"[{"json":{},"pairedItem":{"item":3}}]"#),
            (
                r#"[{"json":{},"pairedItem":[{"item":1,"input":1}]}]"#,
                r#"[{"json":{},"pairedItem":[{"item":1,"input":1}]}]"#,
            ),
            (
                r#"[{"json":{},"binary":{"f":{"mimeType":"text/plain","size":3}}}]"#,
                r#"[{"json":{},"binary":{"f":{"mimeType":"text/plain","size":3}}}]"#,
            ),
            (
                r#"[{"json":{},"binary":{"f":{"data":"aGVs\nbG8=","size":5}}}]"#,
                r#"[{"json":{},"binary":{"f":{"mimeType":"application/octet-stream","size":5,"data":"aGVs\nbG8="}}}]"#,
            ),
            (
                r#"[{"json":{},"binary":{"f":{"data":"aGVsbG8=","size":"5 B","fileExtension":"txt"}}}]"#,
                r#"[{"json":{},"binary":{"f":{"mimeType":"application/octet-stream","fileExtension":"txt","size":5,"data":"aGVsbG8="}}}]"#,
            ),
        ] {
            assert_eq!(all(returned).as_deref(), Ok(expected), "{returned}");
        }
    }

    #[test]
    fn what_is_not_items_is_named() {
        for (returned, part) in [
            ("null", "returned nothing"),
            ("7", "returned a number"),
            ("[1]", "Item 0 is a number"),
            (r#"[{"a":1},[]]"#, "Item 1 is a list"),
            (r#"[{"json":{}},{"json":{},"extra":1}]"#, "Item 1 has the key \"extra\""),
            (r#"[{"a":1},{"error":"x"}]"#, "Item 0 has the key \"a\""),
            (r#"[{"json":[]}]"#, "\"json\" of item 0 is a list"),
            (r#"[{"json":{},"binary":5}]"#, "\"binary\" of item 0"),
            (
                r#"[{"json":{}},{"json":{},"binary":{"f":{"data":"!!!notbase64"}}}]"#,
                "\"data\" of the file \"f\" of item 1 is not base64",
            ),
            (r#"[{"json":{},"binary":{"f":{"data":"aGVsbG8"}}}]"#, "is not base64"),
            (
                r#"[{"json":{},"binary":{"f":{"id":"filesystem:/etc/passwd"}}}]"#,
                "The file \"f\" of item 0 has an \"id\" and no \"data\"",
            ),
        ] {
            let message = all(returned).unwrap_err();
            assert!(message.contains(part), "{returned}: {message}");
        }
    }

    #[test]
    fn each_item_returns_one_object_that_is_paired_with_it() {
        let value = weft_value::from_json(r#"[{"a":1},{"json":{"b":2},"pairedItem":7}]"#).unwrap();
        let items = items_from_return(value, Mode::EachItem).unwrap();
        assert_eq!(items[0].pairing, Pairing::One(ItemRef { item: 0, input: 0 }));
        assert_eq!(items[1].pairing, Pairing::One(ItemRef { item: 1, input: 0 }));
        let error = items_from_return(weft_value::from_json(r#"[{"a":1},[]]"#).unwrap(), Mode::EachItem).unwrap_err();
        assert_eq!(error.item, Some(1));
    }

    #[test]
    fn a_call_that_returns_nothing_drops_its_item() {
        let value = weft_value::from_json(r#"[{"a":1,"error":2},null,false,{"json":{"b":2},"more":1}]"#).unwrap();
        let items = items_from_return(value.clone(), Mode::EachItem).unwrap();
        assert_eq!(
            serde_json::to_string(&items).unwrap(),
            r#"[{"json":{"a":1,"error":2},"pairedItem":{"item":0}},{"json":{"b":2},"pairedItem":{"item":3}}]"#
        );
        let mut failed = BTreeMap::new();
        assert_eq!(items_that_succeeded(value.clone(), (4, Mode::EachItem), &mut failed).unwrap(), items);
        assert!(failed.is_empty(), "{failed:?}");
        let error = items_from_return(value, Mode::FunctionItem).unwrap_err();
        assert!(error.message.contains("nothing for item 1"), "{error:?}");
    }
}
