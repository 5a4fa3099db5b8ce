//! From n8n's MongoDB, versions 1 to 1.5.

use weft_nodes::{Imported, N8nNode};
use weft_value::{Object, Value};

use crate::sql::import::{copy, no_counterpart, signs_in};

/// What is called the same there.
const SAME: [&str; 9] = [
    "collection",
    "query",
    "queryParameters",
    "updateKey",
    "fields",
    "upsert",
    "indexDefinition",
    "indexDefinitionParameters",
    "indexType",
];
const OPTIONS: [&str; 8] =
    ["limit", "skip", "sort", "sortParameters", "projection", "projectionParameters", "dateFields", "useDotNotation"];

pub(super) fn import(node: &N8nNode<'_>) -> Imported {
    let given = node.parameters;
    let mut remarks = vec![signs_in("MongoDB")];
    let first = if given.get("resource").as_str() == Some("searchIndexes") { "createSearchIndex" } else { "find" };
    let operation = given.get("operation").as_str().unwrap_or(first);
    let mut new = Object::new();
    new.insert("operation", operation);
    for name in SAME {
        copy(given, name, &mut new);
    }
    let name = if operation == "listSearchIndexes" { "indexName" } else { "indexNameRequired" };
    if !given.get(name).is_undefined() {
        new.insert("indexName", given.get(name).clone());
    }
    if matches!(operation, "find" | "aggregate" | "delete") && node.version < 1.1 {
        remarks.push("There it asked once, with the first item; here it asks with each of them.".to_owned());
    }
    let mut options = Object::new();
    for (name, value) in given.get("options").as_object().into_iter().flat_map(Object::iter) {
        if OPTIONS.contains(&name.as_str()) {
            options.insert(name.clone(), value.clone());
        } else {
            remarks.push(no_counterpart(name.as_str()));
        }
    }
    if !options.is_empty() {
        new.insert("options", Value::from(options));
    }
    Imported { parameters: new.into(), remarks }
}
