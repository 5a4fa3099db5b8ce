//! From n8n's Postgres, versions 1 to 2.7.

use weft_nodes::{Imported, N8nNode};
use weft_value::{Object, Value};

/// What n8n calls where it names one thing in several ways: `{"mode":"list","value":"orders"}`.
fn chosen(value: &Value) -> Value {
    match value {
        Value::Object(locator) => locator.get("value").cloned().unwrap_or_default(),
        other => other.clone(),
    }
}

pub(super) fn import(node: &N8nNode<'_>) -> Imported {
    let label = "PostgreSQL";
    let mut remarks = vec![format!("It signs in. Make a credential of type “{label}” and choose it in this node.")];
    let new = if node.version < 2.0 { version_1(node.parameters, &mut remarks) } else { version_2(node, &mut remarks) };
    Imported { parameters: new.into(), remarks }
}

/// The operation, which is left out where it is n8n's first.
fn operation(given: &Value) -> &str {
    given.get("operation").as_str().unwrap_or("insert")
}

fn version_2(node: &N8nNode<'_>, remarks: &mut Vec<String>) -> Object {
    let given = node.parameters;
    let mut new = Object::new();
    new.insert("operation", operation(given));
    for name in
        ["query", "deleteCommand", "restartSequences", "where", "combineConditions", "sort", "returnAll", "limit"]
    {
        copy(given, name, &mut new);
    }
    for name in ["schema", "table"] {
        let value = chosen(given.get(name));
        if !value.is_undefined() {
            new.insert(name, value);
        }
    }
    if matches!(operation(given), "insert" | "upsert" | "update") {
        if node.version < 2.2 {
            columns_by_name(given, &mut new);
        } else {
            columns_by_map(given.get("columns"), &mut new);
        }
    }
    new.insert("options", options(given.get("options"), remarks));
    new
}

fn copy(from: &Value, name: &str, to: &mut Object) {
    let value = from.get(name);
    if !value.is_undefined() {
        to.insert(name, value.clone());
    }
}

/// Versions 2 and 2.1: one column to match, with a value of its own where columns are named.
fn columns_by_name(given: &Value, new: &mut Object) {
    copy(given, "dataMode", new);
    let matching = chosen(given.get("columnToMatchOn"));
    let mut values = given.get("valuesToSend").get("values").as_array().unwrap_or_default().to_vec();
    if !matching.is_undefined() {
        if given.get("dataMode").as_str() == Some("defineBelow") && !given.get("valueToMatchOn").is_undefined() {
            values.insert(0, pair(matching.clone(), given.get("valueToMatchOn").clone()));
        }
        new.insert("matchingColumns", matching);
    }
    put_values(values, new);
}

/// From version 2.2 on: a map of columns.
fn columns_by_map(columns: &Value, new: &mut Object) {
    let by_hand = columns.get("mappingMode").as_str() == Some("defineBelow");
    new.insert("dataMode", if by_hand { "defineBelow" } else { "autoMapInputData" });
    let matching = columns.get("matchingColumns").as_array().unwrap_or_default();
    let names: Vec<&str> = matching.iter().filter_map(Value::as_str).collect();
    if !names.is_empty() {
        new.insert("matchingColumns", names.join(", "));
    }
    let map = columns.get("value").as_object().into_iter().flat_map(Object::iter);
    put_values(map.map(|(name, value)| pair(name.clone().into(), value.clone())).collect(), new);
}

fn pair(column: Value, value: Value) -> Value {
    [("column", column), ("value", value)].into_iter().collect::<Object>().into()
}

fn put_values(values: Vec<Value>, new: &mut Object) {
    if !values.is_empty() {
        let values: Object = [("values", Value::from(values))].into_iter().collect();
        new.insert("valuesToSend", values);
    }
}

fn options(given: &Value, remarks: &mut Vec<String>) -> Object {
    let mut new = Object::new();
    for (name, value) in given.as_object().into_iter().flat_map(Object::iter) {
        match name.as_str() {
            "outputColumns" => new.insert(name.clone(), joined(value)),
            "queryReplacement"
            | "queryBatching"
            | "largeNumbersOutput"
            | "skipOnConflict"
            | "replaceEmptyStrings"
            | "cascade"
            | "connectionTimeout" => new.insert(name.clone(), value.clone()),
            // Quoted texts are never searched for values here, and a connection lasts for one step.
            "treatQueryParametersInSingleQuotesAsText" | "delayClosingIdleConnection" => {}
            other => remarks.push(format!("The option “{other}” of this node has no counterpart here.")),
        }
    }
    new
}

/// Names as one text.
fn joined(value: &Value) -> Value {
    match value {
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ").into(),
        other => other.clone(),
    }
}

/// Version 1: columns are named in one text, and their values are the fields of the same name.
fn version_1(given: &Value, remarks: &mut Vec<String>) -> Object {
    let mut new = Object::new();
    new.insert("operation", operation(given));
    for name in ["query", "schema", "table"] {
        copy(given, name, &mut new);
    }
    let extras = given.get("additionalFields");
    let mut options = Object::new();
    copy(extras, "largeNumbersOutput", &mut options);
    match extras.get("mode").as_str() {
        Some(mode @ ("independently" | "transaction")) => options.insert("queryBatching", mode),
        _ => options.insert("queryBatching", "single"),
    }
    if operation(given) == "executeQuery" {
        if let Some(fields) = extras.get("queryParams").as_str() {
            options.insert("queryReplacement", fields_of_item(fields));
        }
    } else {
        if let Some(columns) = given.get("returnFields").as_str() {
            options.insert("outputColumns", columns);
        }
        let key = given.get("updateKey").as_str().unwrap_or("id");
        let mut columns: Vec<&str> = names(given.get("columns").as_str().unwrap_or_default()).collect();
        if operation(given) == "update" {
            new.insert("matchingColumns", key);
            columns.extend(Some(key).filter(|key| !columns.contains(key)));
        }
        if columns.iter().any(|column| column.contains(':')) {
            remarks
                .push("The types behind the names of columns were left out: the table itself knows them.".to_owned());
        }
        new.insert("dataMode", "defineBelow");
        let bare = |column: &str| column.split(':').next().unwrap_or_default().to_owned();
        let value = |column: &str| Value::from(format!("={{{{ $json[{}] }}}}", Value::from(column).to_json()));
        put_values(
            columns.iter().map(|name| bare(name)).map(|name| pair(name.as_str().into(), value(&name))).collect(),
            &mut new,
        );
    }
    new.insert("options", options);
    new
}

fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty())
}

/// An expression that gives a list of these fields.
fn fields_of_item(fields: &str) -> String {
    let read: Vec<String> = names(fields).map(|name| format!("$json[{}]", Value::from(name).to_json())).collect();
    format!("={{{{ [{}] }}}}", read.join(", "))
}
