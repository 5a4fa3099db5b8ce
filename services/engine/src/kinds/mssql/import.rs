//! From n8n's Microsoft SQL, versions 1 to 1.2.

use weft_nodes::{Imported, N8nNode};
use weft_value::{Object, Value};

use crate::sql::import::{columns_by_text, copy, copy_chosen, no_counterpart, operation, signs_in};

pub(super) fn import(node: &N8nNode<'_>) -> Imported {
    let given = node.parameters;
    let mut remarks = vec![signs_in("SQL Server")];
    let mut new = Object::new();
    let operation = operation(given);
    new.insert("operation", if operation == "delete" { "deleteTable" } else { operation });
    copy(given, "query", &mut new);
    copy_chosen(given, "table", &mut new);
    match operation {
        "insert" | "update" => columns_by_text(given, &mut new, &mut remarks),
        "delete" => {
            new.insert("deleteCommand", "delete");
            new.insert("where", by_key(given.get("deleteKey").as_str().unwrap_or("id")));
        }
        _ => {}
    }
    let mut options = Object::new();
    for (name, value) in given.get("options").as_object().into_iter().flat_map(Object::iter) {
        match name.as_str() {
            "queryReplacement" => options.insert(name.clone(), value.clone()),
            other => remarks.push(no_counterpart(other)),
        }
    }
    // There each item is a statement of its own.
    options.insert("queryBatching", "independently");
    new.insert("options", options);
    Imported { parameters: new.into(), remarks }
}

/// The rows whose column says what the item's field of that name says.
fn by_key(key: &str) -> Object {
    let value = format!("={{{{ $json[{}] }}}}", Value::from(key).to_json());
    let condition: Object = [("column", key), ("condition", "equal"), ("value", value.as_str())].into_iter().collect();
    [("values", Value::from(vec![Value::from(condition)]))].into_iter().collect()
}
