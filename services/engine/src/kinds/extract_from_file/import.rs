//! n8n's Extract from file, and what its Spreadsheet File and Move Binary Data do in this direction.

use weft_nodes::{Imported, N8nNode, Unsupported};
use weft_value::{Object, Value};

use super::super::convert_to_file::import::{MOVE, SPREADSHEET};

pub(super) const READ_PDF: &str = "n8n-nodes-base.readPDF";

pub(super) fn import(node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
    let given = node.parameters;
    match node.node_type {
        SPREADSHEET => of_spreadsheet(node),
        MOVE => of_move(given),
        READ_PDF => Ok(of_read_pdf(given)),
        _ => {
            let operation = given.get("operation").as_str().unwrap_or("csv");
            check(operation, "operation")?;
            let new = given.as_object().cloned().unwrap_or_default();
            if operation == "pdf" {
                return Ok(of_pdf(new));
            }
            let new = numbered(counted(new, operation), operation);
            Ok(Imported { parameters: new.into(), remarks: lost(operation, given.get("options")) })
        }
    }
}

fn check(format: &str, field: &str) -> Result<(), Unsupported> {
    let known =
        ["csv", "xlsx", "ods", "html", "autodetect", "pdf", "fromJson", "fromIcs", "text", "xml", "binaryToPropery"];
    if known.contains(&format) {
        return Ok(());
    }
    let message = format!("Files of the format “{format}” cannot be read yet. Convert them to CSV before.");
    Err(Unsupported { message, field: Some(field.into()) })
}

/// A password that stands in the workflow stays where it was: what is imported is recorded for ever.
fn of_pdf(mut given: Object) -> Imported {
    let mut options = given.get("options").and_then(Value::as_object).cloned().unwrap_or_default();
    let password = options.get("password").and_then(Value::as_str).unwrap_or_default();
    let is_written_out = !password.is_empty() && !password.starts_with('=');
    let mut remarks = Vec::new();
    if is_written_out {
        options.remove("password");
        remarks
            .push("The password of the PDF was left out: give it with the item, and name it in this node.".to_owned());
    }
    given.insert("options", options);
    Imported { parameters: given.into(), remarks }
}

/// Version 1. It keeps the file.
fn of_read_pdf(given: &Value) -> Imported {
    let mut options: Object = [("keepSource", "binary")].into_iter().collect();
    if given.get("encrypted").as_bool() == Some(true) {
        options.insert("password", given.get("password").clone());
    }
    let mut new: Object = [("operation", "pdf")].into_iter().collect();
    if !given.get("binaryPropertyName").is_undefined() {
        new.insert("binaryPropertyName", given.get("binaryPropertyName").clone());
    }
    new.insert("options", options);
    of_pdf(new)
}

/// n8n gives moments in spreadsheets as numbers.
fn counted(mut given: Object, operation: &str) -> Object {
    if matches!(operation, "xlsx" | "ods" | "autodetect") {
        let mut options = given.get("options").and_then(Value::as_object).cloned().unwrap_or_default();
        options.insert("dates", "number");
        given.insert("options", options);
    }
    given
}

/// CSV without names: n8n gives its rows as lists where empty cells stay, else as objects by the numbers of the columns.
fn numbered(mut given: Object, operation: &str) -> Object {
    let mut options = given.get("options").and_then(Value::as_object).cloned().unwrap_or_default();
    let is = |name: &str, truth: bool| options.get(name) == Some(&Value::Bool(truth));
    if matches!(operation, "csv" | "autodetect") && is("headerRow", false) && !is("includeEmptyCells", true) {
        options.insert("numbered", true);
        given.insert("options", options);
    }
    given
}

/// Options without a counterpart; spreadsheets are read the same way with them and without.
fn lost(operation: &str, options: &Value) -> Vec<String> {
    if matches!(operation, "xlsx" | "ods") {
        return Vec::new();
    }
    let is_set = |name: &&str| options.get(name).as_bool() == Some(true) || options.get(name).as_object().is_some();
    let lost = ["relaxQuotes", "skipRecordsWithErrors", "rawData"].into_iter().filter(is_set);
    lost.map(|name| format!("The option “{name}” is not there yet: CSV is always read as far as it can be read."))
        .collect()
}

/// Versions 1 and 2: `fromFile`, the default.
fn of_spreadsheet(node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
    let given = node.parameters;
    if given.get("operation").as_str() == Some("toFile") {
        return Err(Unsupported::elsewhere());
    }
    let operation = given.get("fileFormat").as_str().unwrap_or("autodetect");
    check(operation, "fileFormat")?;
    let mut new = given.as_object().cloned().unwrap_or_default();
    new.remove("fileFormat");
    new.insert("operation", operation);
    let new = counted(new, operation);
    let new = if node.version < 2.0 { new } else { numbered(new, operation) };
    Ok(Imported { parameters: new.into(), remarks: lost(operation, given.get("options")) })
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
