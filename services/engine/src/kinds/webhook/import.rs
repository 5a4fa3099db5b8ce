//! What n8n says of calls and callers.

use weft_nodes::credential::of_n8n_type;
use weft_nodes::{Imported, N8nNode};
use weft_value::Value;

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

/// What n8n says about a call.
pub(crate) fn call_of_n8n(node: &N8nNode<'_>) -> Imported {
    let given = node.parameters;
    let mut new = given.as_object().cloned().unwrap_or_default();
    let mut remarks = Vec::new();
    if let Some(Value::Array(methods)) = new.get("httpMethod").cloned() {
        new.insert("httpMethod", "*");
        remarks.push(format!(
            "This webhook listened to {}; it listens to every method now.",
            Value::Array(methods).to_json()
        ));
    }
    if let Some(code) = given.get("options").get("responseCode").get("values").get("responseCode").as_f64() {
        new.insert("responseCode", code);
    }
    if new.get("responseMode").and_then(Value::as_str) == Some("streaming") {
        new.insert("responseMode", "lastNode");
        remarks.push("Streaming answers are not there yet: the answer is sent when the last node has finished.".into());
    }
    // What n8n asks beside the options stands among them here.
    if let Some(name) = given.get("responseBinaryPropertyName").as_str() {
        let mut options = given.get("options").as_object().cloned().unwrap_or_default();
        options.insert("responseBinaryPropertyName", name);
        new.remove("responseBinaryPropertyName");
        new.insert("options", options);
    }
    // n8n reads a body that it keeps raw all the same, and keeps it in the file `data`.
    if given.get("options").get("rawBody").as_bool() == Some(true) {
        let mut options = new.get("options").and_then(Value::as_object).cloned().unwrap_or_default();
        options.remove("rawBody");
        options.insert("binaryData", true);
        new.insert("options", options);
    }
    Imported { parameters: new.into(), remarks }
}
