//! From n8n's node, versions 1 and 2.

use weft_nodes::{Imported, N8nNode, Unsupported};
use weft_value::{Object, Value};

use crate::sql::import::{copy, no_counterpart, signs_in};

pub(super) fn import(node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
    let given = node.parameters;
    if given.get("useSchemaRegistry").as_bool() == Some(true) {
        let message = "Kafka with a schema registry cannot be imported: messages are sent as they are here.".to_owned();
        return Err(Unsupported { message, field: Some("useSchemaRegistry".into()) });
    }
    let mut remarks = vec![signs_in("Kafka")];
    let mut new = Object::new();
    for name in ["topic", "sendInputData", "message"] {
        copy(given, name, &mut new);
    }
    if given.get("useKey").as_bool() == Some(true) {
        copy(given, "key", &mut new);
    }
    new.insert("options", options(given, &mut remarks));
    Ok(Imported { parameters: new.into(), remarks })
}

fn options(given: &Value, remarks: &mut Vec<String>) -> Object {
    let mut new = headers(given);
    for (name, value) in given.get("options").as_object().into_iter().flat_map(Object::iter) {
        match (name.as_str(), value) {
            ("acks", Value::Bool(waits)) => new.insert("acks", if *waits { "leader" } else { "none" }),
            // Version 1 knew one.
            ("compression", Value::Bool(is_wanted)) => {
                new.insert("compression", if *is_wanted { "gzip" } else { "none" });
            }
            ("compression", Value::String(_)) => new.insert("compression", value.clone()),
            ("timeout", Value::Number(millis)) => {
                new.insert("timeout", Value::Number((millis / 1000.0).ceil().clamp(1.0, 300.0)));
            }
            (other, _) => remarks.push(no_counterpart(other)),
        }
    }
    new
}

fn headers(given: &Value) -> Object {
    let mut new = Object::new();
    if given.get("jsonParameters").as_bool() == Some(true) {
        let json = given.get("headerParametersJson");
        if !json.is_undefined() {
            new.insert("headersJson", json.clone());
        }
    } else if let Some(pairs) = given.get("headersUi").get("headerValues").as_array() {
        let header: Object = [("header", Value::from(pairs.to_vec()))].into_iter().collect();
        new.insert("headers", header);
    }
    new
}
