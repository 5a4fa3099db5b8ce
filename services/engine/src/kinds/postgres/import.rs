//! From n8n's Postgres, versions 1 to 2.7.

use weft_nodes::{Imported, N8nNode};
use weft_value::{Object, Value};

use crate::sql::import::{
    columns_by_name, columns_by_text, copy, copy_chosen, joined, names, no_counterpart, operation, pair, put_values,
    signs_in,
};

pub(super) fn import(node: &N8nNode<'_>) -> Imported {
    let mut remarks = vec![signs_in("PostgreSQL")];
    let new = if node.version < 2.0 { version_1(node.parameters, &mut remarks) } else { version_2(node, &mut remarks) };
    Imported { parameters: new.into(), remarks }
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
        copy_chosen(given, name, &mut new);
    }
    if matches!(operation(given), "insert" | "upsert" | "update") {
        // Up to version 2.1 one column was matched.
        if node.version < 2.2 {
            columns_by_name(given, &mut new);
        } else {
            columns_by_map(given.get("columns"), &mut new);
        }
    }
    new.insert("options", options(given.get("options"), remarks));
    new
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
            other => remarks.push(no_counterpart(other)),
        }
    }
    new
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
        columns_by_text(given, &mut new, remarks);
    }
    new.insert("options", options);
    new
}

/// An expression that gives a list of these fields.
fn fields_of_item(fields: &str) -> String {
    let read: Vec<String> = names(fields).map(|name| format!("$json[{}]", Value::from(name).to_json())).collect();
    format!("={{{{ [{}] }}}}", read.join(", "))
}
