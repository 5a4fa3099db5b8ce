//! From n8n's Edit Fields, in each of its versions, to ours.

use weft_value::{Object, Value};

use crate::{Imported, N8nNode};

pub(super) fn import(node: &N8nNode<'_>) -> Imported {
    let (type_version, given) = (node.version, node.parameters);
    let object = given.as_object().cloned().unwrap_or_default();
    let parameters = if type_version < 3.0 {
        of_first_versions(&object, type_version)
    } else if type_version < 3.3 {
        of_version_3(&object, type_version)
    } else {
        object
    };
    with_files_and_copies(with_example(parameters), given, type_version)
}

/// What becomes of files, which has changed with the versions: before version 3 they stay where other fields do, up to 3.3 an
/// option keeps them, from 3.4 on one drops them, and they stay only where other fields do.
fn with_files_and_copies(mut new: Object, old: &Value, version: f64) -> Imported {
    let mut options = new.remove("options").and_then(|options| options.as_object().cloned()).unwrap_or_default();
    let is_on = |value: Option<&Value>| value == Some(&Value::Bool(true));
    let drops_files = if version < 3.0 {
        is_on(options.get("stripBinary"))
    } else if version < 3.4 {
        old.get("options").get("includeBinary") == &Value::Bool(false)
    } else {
        is_on(options.get("stripBinary")) || !is_on(new.get("includeOtherFields"))
    };
    options.remove("includeBinary");
    options.remove("stripBinary");
    if drops_files {
        options.insert("stripBinary", true);
    }
    if !options.is_empty() {
        new.insert("options", options);
    }
    let mut remarks = Vec::new();
    new.remove("duplicateCount");
    if new.remove("duplicateItem").is_some_and(|duplicates| duplicates == Value::Bool(true)) {
        remarks.push("Edit Fields does not repeat its items here. Make the copies with a Code node.".into());
    }
    Imported { parameters: new.into(), remarks }
}

/// Versions 1 and 2: `values.{boolean,number,string}[]`, set in this order; other fields and files kept unless `keepOnlySet`.
fn of_first_versions(old: &Object, version: f64) -> Object {
    let values = old.get("values").cloned().unwrap_or_default();
    let assignments = ["boolean", "number", "string"].into_iter().flat_map(|kind| {
        let list: Vec<Value> = values.get(kind).as_array().unwrap_or_default().to_vec();
        let one = move |entry: Value| {
            assignment(entry.get("name"), kind, stored(entry.get("value"), kind, false), "propertyName")
        };
        list.into_iter().map(one)
    });
    let only_set = old.get("keepOnlySet").and_then(Value::as_bool).unwrap_or(false);
    let mut options = old.get("options").and_then(Value::as_object).cloned().unwrap_or_default();
    options.insert("version", version.floor().clamp(1.0, 2.0));
    options.insert("stripBinary", only_set);
    [
        ("assignments", assignments_of(assignments.collect())),
        ("includeOtherFields", Value::Bool(!only_set)),
        ("options", options.into()),
    ]
    .into_iter()
    .collect()
}

/// The JSON that n8n begins with, where nobody wrote another.
fn with_example(mut new: Object) -> Object {
    if new.get("mode").and_then(Value::as_str) == Some("raw") && !new.contains_key("jsonOutput") {
        new.insert("jsonOutput", r#"{"my_field_1": "value", "my_field_2": 1}"#);
    }
    new
}

/// Versions 3 to 3.2: `fields.values[]` with one key per type, and `include: none`.
fn of_version_3(old: &Object, version: f64) -> Object {
    let mut new = old.clone();
    if version < 3.2 {
        let mut options = old.get("options").and_then(Value::as_object).cloned().unwrap_or_default();
        options.insert("version", version);
        new.insert("options", options);
    }
    let fields = old.get("fields").map(|fields| fields.get("values").clone()).unwrap_or_default();
    let assignments = fields.as_array().unwrap_or_default().iter().map(|entry| {
        let parameter = entry.get("type").as_str().unwrap_or("stringValue").to_owned();
        let kind = parameter.trim_end_matches("Value");
        assignment(entry.get("name"), kind, stored(entry.get(&parameter), kind, true), "")
    });
    new.insert("assignments", assignments_of(assignments.collect()));
    new.remove("fields");
    let include = old.get("include").and_then(Value::as_str).unwrap_or("all").to_owned();
    new.insert("includeOtherFields", include != "none");
    new.insert("include", if include == "none" { "all" } else { include.as_str() });
    new
}

/// A value as n8n means it: what it does not store has the default of its type there, which of a truth value is `truth`.
fn stored(value: &Value, kind: &str, truth: bool) -> Value {
    match (value, kind) {
        (Value::Undefined, "string") => Value::from(""),
        (Value::Undefined, "number") => Value::Number(0.0),
        (Value::Undefined, "boolean") => Value::Bool(truth),
        (value, _) => value.clone(),
    }
}

fn assignment(name: &Value, kind: &str, value: Value, default_name: &str) -> Value {
    let name = if name.is_undefined() { Value::from(default_name) } else { name.clone() };
    let entry: Object = [("name", name), ("type", Value::from(kind)), ("value", value)].into_iter().collect();
    entry.into()
}

fn assignments_of(list: Vec<Value>) -> Value {
    let object: Object = [("assignments", Value::from(list))].into_iter().collect();
    object.into()
}
