//! What n8n says of calls and callers.

use weft_nodes::credential::of_n8n_type;
use weft_nodes::{Imported, N8nNode};
use weft_value::{Object, Value};

use super::SEVERAL;

/// What is to be done about how callers of an n8n webhook sign in; nothing where they do not. Until it is done the workflow cannot
/// be published: nobody is let in who was not before.
pub(crate) fn callers_of_n8n(given: &Value) -> Option<String> {
    let kind = match given.as_str()? {
        "none" => return None,
        "basicAuth" => "httpBasicAuth",
        "headerAuth" => "httpHeaderAuth",
        "jwtAuth" => "jwtAuth",
        other => {
            return Some(format!(
                "Its callers signed in with n8n’s “{other}”. Choose a credential that they prove themselves with instead."
            ));
        }
    };
    let label = of_n8n_type(kind)?.label.en;
    Some(format!("Its callers sign in. Make a credential of type “{label}” and choose it in this node."))
}

/// Who has to prove something, as n8n says it under whatever name.
pub(crate) fn insert_callers(ours: &mut Object, given: &Value, remarks: &mut Vec<String>) {
    match callers_of_n8n(given) {
        Some(remark) => {
            ours.insert("authentication", "credential");
            remarks.push(remark);
        }
        None => _ = ours.remove("authentication"),
    }
}

/// Addresses that may call: one text, or the list that an expression gave.
pub(crate) fn addresses_of_n8n(given: &Value) -> Option<String> {
    let text = match given {
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        one => one.as_str()?.to_owned(),
    };
    (!text.trim().is_empty()).then_some(text)
}

/// What n8n says about a call.
pub(crate) fn call_of_n8n(node: &N8nNode<'_>) -> Imported {
    let given = node.parameters;
    let mut new = given.as_object().cloned().unwrap_or_default();
    let mut remarks = Vec::new();
    insert_methods(&mut new, given);
    if let Some(code) = response_code(given.get("options").get("responseCode").get("values")) {
        new.insert("responseCode", code);
    }
    if new.get("responseMode").and_then(Value::as_str) == Some("streaming") {
        new.insert("responseMode", "lastNode");
        remarks.push("Streaming answers are not there yet: the answer is sent when the last node has finished.".into());
    }
    let mut options = given.get("options").as_object().cloned().unwrap_or_default();
    options.remove("responseCode");
    // What n8n asks beside the options stands among them here.
    if let Some(name) = given.get("responseBinaryPropertyName").as_str() {
        options.insert("responseBinaryPropertyName", name);
        new.remove("responseBinaryPropertyName");
    }
    // n8n reads a body that it keeps raw all the same, and keeps it in the file `data`.
    if given.get("options").get("rawBody").as_bool() == Some(true) {
        options.remove("rawBody");
        options.insert("binaryData", true);
    }
    match addresses_of_n8n(given.get("options").get("ipWhitelist")) {
        Some(addresses) => options.insert("ipWhitelist", addresses),
        None => _ = options.remove("ipWhitelist"),
    }
    insert_headers(&mut options, given.get("options").get("responseHeaders"), &mut remarks);
    new.remove("options");
    if !options.is_empty() {
        new.insert("options", options);
    }
    Imported { parameters: new.into(), remarks }
}

/// Several methods have an output each, in this order. One that is not said is the one that n8n takes for granted.
fn insert_methods(ours: &mut Object, given: &Value) {
    let several = given.get("multipleMethods").as_bool() == Some(true);
    match given.get("httpMethod") {
        Value::Array(methods) => {
            ours.insert("multipleMethods", true);
            ours.insert("httpMethods", Value::Array(methods.clone()));
            ours.remove("httpMethod");
        }
        _ if several => {
            ours.insert("httpMethods", SEVERAL.map(Value::from).to_vec());
            ours.remove("httpMethod");
        }
        _ => _ = ours.remove("multipleMethods"),
    }
}

/// The status among the options of newer versions, where one that is not in the list stands in a field of its own.
fn response_code(values: &Value) -> Option<f64> {
    let own = values.get("customCode").as_f64().filter(|code| *code != 0.0);
    own.or_else(|| values.get("responseCode").as_f64())
}

/// Headers are the same for every call here: what is an expression is told, what only looks like one is a text.
fn insert_headers(options: &mut Object, given: &Value, remarks: &mut Vec<String>) {
    let Some(entries) = given.get("entries").as_array() else { return };
    let mut kept = Vec::new();
    for entry in entries {
        let (name, value) = (entry.get("name").as_str().unwrap_or_default(), entry.get("value"));
        if [name, value.as_str().unwrap_or_default()].iter().any(|text| text.starts_with('=') && text.contains("{{")) {
            remarks.push(format!(
                "The value of the response header “{name}” is an expression, and headers are the same for every call here: it is left out. Answer with a Respond to webhook node."
            ));
            continue;
        }
        let plain = |text: &str| text.strip_prefix('=').unwrap_or(text).to_owned();
        let value = value.as_str().map_or_else(|| value.as_f64().map_or_else(String::new, |_| value.to_json()), plain);
        let header: Object = [("name", plain(name)), ("value", value)].into_iter().collect();
        kept.push(Value::from(header));
    }
    let headers: Object = [("entries", kept)].into_iter().collect();
    options.insert("responseHeaders", headers);
}
