//! n8n's Convert to file, and what its Spreadsheet File and Move Binary Data do in this direction.

use weft_nodes::{Imported, N8nNode, Unsupported};
use weft_value::{Object, Value};

pub(crate) const SPREADSHEET: &str = "n8n-nodes-base.spreadsheetFile";
pub(super) const ICAL: &str = "n8n-nodes-base.iCal";
pub(crate) const MOVE: &str = "n8n-nodes-base.moveBinaryData";

pub(super) fn import(node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
    match node.node_type {
        SPREADSHEET => of_spreadsheet(node.parameters),
        MOVE => of_move(node),
        ICAL => Ok(Value::from(of_event(node.parameters.as_object().cloned().unwrap_or_default())).into()),
        _ => of_convert(node),
    }
}

fn refused(format: &str, field: &str) -> Unsupported {
    let message = format!("Files of the format “{format}” cannot be made yet. Take XLSX or CSV.");
    Unsupported { message, field: Some(field.into()) }
}

/// The format under our name.
fn format(name: &str, field: &str) -> Result<&'static str, Unsupported> {
    let known = ["csv", "xlsx", "html", "toJson", "toText", "toBinary", "iCal"];
    known.into_iter().find(|known| *known == name).ok_or_else(|| refused(name, field))
}

/// The same; spreadsheets of older programs are made as XLSX, and the remark says so.
fn sheet_format(name: &str, field: &str) -> Result<(&'static str, Vec<String>), Unsupported> {
    if !matches!(name, "xls" | "ods") {
        return Ok((format(name, field)?, Vec::new()));
    }
    let remark = format!("Spreadsheets of the format “{name}” are not made here: this node makes XLSX.");
    Ok(("xlsx", vec![remark]))
}

/// Versions 1 and 1.1.
fn of_convert(node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
    let given = node.parameters;
    let (mut operation, remarks) = sheet_format(given.get("operation").as_str().unwrap_or("csv"), "operation")?;
    let mut new = given.as_object().cloned().unwrap_or_default();
    let is_text = operation == "toBinary"
        && node.version < 1.1
        && given.get("options").get("dataIsBase64").as_bool() == Some(false);
    if is_text {
        operation = "toText";
    }
    if operation == "iCal" {
        return Ok(Value::from(of_event(new)).into());
    }
    new.insert("operation", operation);
    let mut options = given.get("options").as_object().cloned().unwrap_or_default();
    for name in ["dataIsBase64", "compression"] {
        options.remove(name);
    }
    if matches!(operation, "csv" | "xlsx" | "html") && !options.contains_key("fileName") {
        options.insert("fileName", format!("File.{operation}"));
    }
    new.insert("options", options);
    Ok(Imported { parameters: new.into(), remarks })
}

/// An event. Moments without a time zone are in the one of the workflow here, whatever the node said.
fn of_event(mut given: Object) -> Object {
    let mut more = given.get("additionalFields").and_then(Value::as_object).cloned().unwrap_or_default();
    more.remove("useWorkflowTimezone");
    given.insert("additionalFields", more);
    given.insert("operation", "iCal");
    given
}

/// Versions 1 and 2: `toFile`.
fn of_spreadsheet(given: &Value) -> Result<Imported, Unsupported> {
    if given.get("operation").as_str() != Some("toFile") {
        return Err(Unsupported::elsewhere());
    }
    let (operation, remarks) = sheet_format(given.get("fileFormat").as_str().unwrap_or("xls"), "fileFormat")?;
    let mut options = given.get("options").as_object().cloned().unwrap_or_default();
    options.remove("compression");
    if !options.contains_key("fileName") {
        options.insert("fileName", format!("spreadsheet.{operation}"));
    }
    let mut new = Object::new();
    new.insert("operation", operation);
    new.insert("binaryPropertyName", text(given, "binaryPropertyName"));
    new.insert("options", options);
    Ok(Imported { parameters: new.into(), remarks })
}

/// Versions 1 and 1.1: `jsonToBinary`.
fn of_move(node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
    let given = node.parameters;
    if given.get("mode").as_str() != Some("jsonToBinary") {
        return Err(Unsupported::elsewhere());
    }
    let old = given.get("options");
    let flag = |name: &str| old.get(name).as_bool().unwrap_or(false);
    let all = given.get("convertAllData").as_bool().unwrap_or(true);
    let mut new = Object::new();
    let is_json = all || !flag("dataIsBase64") && !flag("useRawData");
    let operation = match (all, flag("dataIsBase64")) {
        (true, _) => "toJson",
        (false, true) => "toBinary",
        (false, false) => "toText",
    };
    new.insert("operation", operation);
    new.insert("mode", "each");
    if !all {
        new.insert("sourceProperty", text(given, "sourceKey"));
    }
    new.insert("binaryPropertyName", text(given, "destinationKey"));
    let mime_type = old.get("mimeType");
    let mut options = Object::new();
    if !mime_type.is_undefined() {
        options.insert("mimeType", mime_type.clone());
    } else if is_json || node.version < 1.1 {
        options.insert("mimeType", "application/json");
    }
    for name in ["fileName", "encoding", "addBOM"] {
        if !old.get(name).is_undefined() {
            options.insert(name, old.get(name).clone());
        }
    }
    if flag("keepSource") {
        options.insert("keepData", true);
    }
    options.insert("moved", if is_json { "json" } else { "text" });
    new.insert("options", options);
    Ok(Value::from(new).into())
}

/// A name, `data` where none is given.
fn text(given: &Value, name: &str) -> Value {
    let value = given.get(name);
    if value.is_undefined() { Value::from("data") } else { value.clone() }
}
