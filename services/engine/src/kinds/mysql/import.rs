//! From n8n's MySQL, versions 1 to 2.5.

use weft_nodes::{Imported, N8nNode};
use weft_value::{Object, Value};

use crate::sql::import::{
    columns_by_name, columns_by_text, copy, copy_chosen, joined, no_counterpart, operation, signs_in,
};

pub(super) fn import(node: &N8nNode<'_>) -> Imported {
    let given = node.parameters;
    let mut remarks = vec![signs_in("MySQL")];
    let mut new = Object::new();
    new.insert("operation", operation(given));
    for name in ["query", "deleteCommand", "where", "combineConditions", "sort", "returnAll", "limit"] {
        copy(given, name, &mut new);
    }
    copy_chosen(given, "table", &mut new);
    if matches!(operation(given), "insert" | "upsert" | "update") {
        if node.version < 2.0 {
            columns_by_text(given, &mut new, &mut remarks);
        } else {
            columns_by_name(given, &mut new);
        }
    }
    new.insert("options", options(node, &mut remarks));
    Imported { parameters: new.into(), remarks }
}

fn options(node: &N8nNode<'_>, remarks: &mut Vec<String>) -> Object {
    let given = node.parameters.get("options");
    let mut new = Object::new();
    for (name, value) in given.as_object().into_iter().flat_map(Object::iter) {
        match name.as_str() {
            "outputColumns" => new.insert(name.clone(), joined(value)),
            // Version 1 calls it by the word of SQL.
            "ignore" => new.insert("skipOnConflict", value.clone()),
            "connectionTimeoutMillis" => new.insert("connectionTimeout", seconds(value)),
            "queryReplacement"
            | "queryBatching"
            | "selectDistinct"
            | "largeNumbersOutput"
            | "decimalNumbers"
            | "detailedOutput"
            | "priority"
            | "skipOnConflict"
            | "replaceEmptyStrings" => new.insert(name.clone(), value.clone()),
            // A step has one connection.
            "connectionLimit" => {}
            other => remarks.push(no_counterpart(other)),
        }
    }
    if node.version < 2.0 {
        // There each item was a statement of its own.
        new.insert("queryBatching", "independently");
    }
    new
}

/// From thousandths of seconds; at least one second.
fn seconds(millis: &Value) -> Value {
    millis.as_f64().map_or_else(|| 30.0.into(), |millis| Value::Number((millis / 1000.0).ceil().clamp(1.0, 3600.0)))
}
