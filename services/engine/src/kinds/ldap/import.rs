//! From n8n's LDAP.

use weft_nodes::{Imported, N8nNode};
use weft_value::{Object, Value};

use crate::sql::import::{copy, joined, no_counterpart, signs_in};

pub(super) fn import(node: &N8nNode<'_>) -> Imported {
    let given = node.parameters;
    let mut remarks = vec![signs_in("LDAP")];
    let mut new = Object::new();
    let operation = given.get("operation").as_str().unwrap_or("search");
    new.insert("operation", operation);
    for name in ["dn", "targetDn", "baseDN", "customFilter", "searchText", "returnAll", "limit", "value"] {
        copy(given, name, &mut new);
    }
    let mut named = |from: &str, to: &str| {
        let value = given.get(from);
        if !value.is_undefined() {
            new.insert(to, value.clone());
        }
    };
    match operation {
        "compare" => named("id", "attribute"),
        "create" => named("attributes", "attributes"),
        "update" => named("attributes", "changes"),
        "search" => {
            if !matches!(given.get("searchFor").as_str(), None | Some("custom" | "")) {
                named("searchFor", "objectClass");
                named("attribute", "searchAttribute");
                new.insert("searchFor", "class");
            }
            new.insert("options", options(given.get("options"), &mut remarks));
        }
        _ => {}
    }
    Imported { parameters: new.into(), remarks }
}

fn options(given: &Value, remarks: &mut Vec<String>) -> Object {
    let mut new = Object::new();
    for (name, value) in given.as_object().into_iter().flat_map(Object::iter) {
        match name.as_str() {
            "attributes" => new.insert(name.clone(), joined(value)),
            "scope" | "pageSize" => new.insert(name.clone(), value.clone()),
            other => remarks.push(no_counterpart(other)),
        }
    }
    new
}
