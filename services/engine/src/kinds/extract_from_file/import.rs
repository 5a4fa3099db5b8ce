//! n8n's Extract from File, and what its Spreadsheet File and Move Binary Data do in this direction.

use weft_nodes::{Imported, N8nNode, Unsupported};
use weft_value::{Object, Value};

use super::super::convert_to_file::import::{MOVE, SPREADSHEET};

pub(super) fn import(node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
    let given = node.parameters;
    match node.node_type {
        SPREADSHEET => of_spreadsheet(given),
        MOVE => of_move(given),
        _ => {
            let operation = given.get("operation").as_str().unwrap_or("csv");
            check(operation, "operation")?;
            Ok(Imported { parameters: given.clone(), remarks: lost(given.get("options")) })
        }
    }
}

fn check(format: &str, field: &str) -> Result<(), Unsupported> {
    let known = ["csv", "html", "autodetect", "fromJson", "text", "xml", "binaryToPropery"];
    if known.contains(&format) {
        return Ok(());
    }
    let message = format!("Files of the format “{format}” cannot be read yet. Convert them to CSV before.");
    Err(Unsupported { message, field: Some(field.into()) })
}

/// Options without a counterpart.
fn lost(options: &Value) -> Vec<String> {
    let is_set = |name: &&str| options.get(name).as_bool() == Some(true) || options.get(name).as_object().is_some();
    let lost = ["relaxQuotes", "skipRecordsWithErrors", "rawData"].into_iter().filter(is_set);
    lost.map(|name| format!("The option “{name}” is not there yet: CSV is always read as far as it can be read."))
        .collect()
}

/// Versions 1 and 2: `fromFile`, the default.
fn of_spreadsheet(given: &Value) -> Result<Imported, Unsupported> {
    if given.get("operation").as_str() == Some("toFile") {
        return Err(Unsupported::elsewhere());
    }
    let operation = given.get("fileFormat").as_str().unwrap_or("autodetect");
    check(operation, "fileFormat")?;
    let mut new = given.as_object().cloned().unwrap_or_default();
    new.remove("fileFormat");
    new.insert("operation", operation);
    Ok(Imported { parameters: new.into(), remarks: lost(given.get("options")) })
}

/// Versions 1 and 1.1: `binaryToJson`, the default.
fn of_move(given: &Value) -> Result<Imported, Unsupported> {
    if given.get("mode").as_str() == Some("jsonToBinary") {
        return Err(Unsupported::elsewhere());
    }
    let old = given.get("options");
    let flag = |name: &str| old.get(name).as_bool().unwrap_or(false);
    let name = |name: &str| match given.get(name) {
        Value::Undefined => Value::from("data"),
        value => value.clone(),
    };
    let all = given.get("setAllData").as_bool().unwrap_or(true);
    let operation = match (all || flag("jsonParse"), flag("keepAsBase64")) {
        (true, _) => "fromJson",
        (false, true) => "binaryToPropery",
        (false, false) => "text",
    };
    let mut new = Object::new();
    new.insert("operation", operation);
    new.insert("binaryPropertyName", name("sourceKey"));
    new.insert("destinationKey", if all { Value::from("") } else { name("destinationKey") });
    let mut options = Object::new();
    for name in ["encoding", "stripBOM"] {
        if !old.get(name).is_undefined() {
            options.insert(name, old.get(name).clone());
        }
    }
    options.insert("keepSource", if flag("keepSource") { "both" } else { "json" });
    new.insert("options", options);
    Ok(Imported { parameters: new.into(), remarks: Vec::new() })
}
