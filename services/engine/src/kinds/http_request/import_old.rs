//! n8n's versions 1 and 2, in the words of version 3.

use weft_nodes::Unsupported;
use weft_value::{Object, Value};

use super::import::unsupported;

/// The parameters that version 3 has for the same node.
pub(super) fn renewed(given: &Value) -> Result<Value, Unsupported> {
    let mut new = Object::new();
    for (theirs, ours) in [
        ("requestMethod", "method"),
        ("url", "url"),
        ("nodeCredentialType", "nodeCredentialType"),
        ("genericAuthType", "genericAuthType"),
    ] {
        put(&mut new, ours, given.get(theirs));
    }
    sign_in(given, &mut new);
    let is_json = given.get("jsonParameters").as_bool() == Some(true);
    for (part, switch, specify, json) in [
        ("query", "sendQuery", "specifyQuery", "jsonQuery"),
        ("header", "sendHeaders", "specifyHeaders", "jsonHeaders"),
    ] {
        if is_json {
            let written = given.get(&format!("{part}ParametersJson"));
            if written.as_str().is_some_and(|text| !text.trim().is_empty()) {
                new.insert(switch, true);
                new.insert(specify, "json");
                new.insert(json, written.clone());
            }
        } else if let Some(pairs) = pairs(given.get(&format!("{part}ParametersUi"))) {
            new.insert(switch, true);
            new.insert(format!("{part}Parameters"), pairs);
        }
    }
    let sends = matches!(given.get("requestMethod").as_str(), Some("PATCH" | "POST" | "PUT" | "DELETE"));
    if sends {
        if is_json { written_body(given, &mut new)? } else { body_of_pairs(given, &mut new)? }
    }
    new.insert("options", options(given));
    Ok(new.into())
}

fn put(new: &mut Object, name: &str, value: &Value) {
    if !value.is_undefined() {
        new.insert(name, value.clone());
    }
}

/// Version 1 names the way of signing in itself; version 2 has the words of version 3.
fn sign_in(given: &Value, new: &mut Object) {
    let kind = match given.get("authentication").as_str() {
        Some("basicAuth") => "httpBasicAuth",
        Some("digestAuth") => "httpDigestAuth",
        Some("headerAuth") => "httpHeaderAuth",
        Some("queryAuth") => "httpQueryAuth",
        Some("oAuth1") => "oAuth1Api",
        Some("oAuth2") => "oAuth2Api",
        _ => return put(new, "authentication", given.get("authentication")),
    };
    new.insert("authentication", "genericCredentialType");
    new.insert("genericAuthType", kind);
}

/// Names and values; nothing where there are none.
fn pairs(given: &Value) -> Option<Object> {
    let list = given.get("parameter").as_array().filter(|list| !list.is_empty())?;
    Some([("parameters", Value::from(list.to_vec()))].into_iter().collect())
}

fn content_type(given: &Value) -> &str {
    given.get("options").get("bodyContentType").as_str().unwrap_or("json")
}

fn body_of_pairs(given: &Value, new: &mut Object) -> Result<(), Unsupported> {
    let Some(pairs) = pairs(given.get("bodyParametersUi")) else { return Ok(()) };
    let kind = content_type(given);
    if kind == "raw" {
        return Err(unsupported("a raw body of fields", "bodyParametersUi"));
    }
    new.insert("sendBody", true);
    new.insert("contentType", kind);
    new.insert("bodyParameters", pairs);
    Ok(())
}

fn written_body(given: &Value, new: &mut Object) -> Result<(), Unsupported> {
    let kind = content_type(given);
    let media_type = given.get("options").get("bodyContentCustomMimeType");
    if given.get("sendBinaryData").as_bool() == Some(true) {
        if kind == "multipart-form-data" {
            return Err(unsupported("files in a form written as JSON", "sendBinaryData"));
        }
        new.insert("sendBody", true);
        new.insert("contentType", "binaryData");
        put(new, "inputDataFieldName", given.get("binaryPropertyName"));
        return Ok(());
    }
    let body = given.get("bodyParametersJson");
    if body.as_str().is_none_or(|text| text.trim().is_empty()) {
        return Ok(());
    }
    new.insert("sendBody", true);
    match kind {
        "json" => {
            new.insert("contentType", "json");
            new.insert("specifyBody", "json");
            new.insert("jsonBody", body.clone());
        }
        "raw" => {
            new.insert("contentType", "raw");
            new.insert("body", body.clone());
            put(new, "rawContentType", media_type);
        }
        _ => return Err(unsupported("a form written as JSON", "bodyParametersJson")),
    }
    Ok(())
}

/// The options, in the nesting of version 3. Batches need both of theirs.
fn options(given: &Value) -> Object {
    let old = given.get("options");
    let mut response = Object::new();
    put(&mut response, "fullResponse", old.get("fullResponse"));
    put(&mut response, "neverError", old.get("ignoreResponseCode"));
    let format = match given.get("responseFormat").as_str() {
        Some("file") => "file",
        Some("string") => "text",
        _ => "json",
    };
    response.insert("responseFormat", format);
    put(&mut response, "outputPropertyName", given.get("dataPropertyName"));
    let nested = |name: &str, inner: Object| [(name, Value::from(inner))].into_iter().collect::<Object>();
    let mut new = Object::new();
    new.insert("response", nested("response", response));
    put(&mut new, "timeout", old.get("timeout"));
    put(&mut new, "proxy", old.get("proxy"));
    let follows: Object = [("followRedirects", follows_redirects(given))].into_iter().collect();
    new.insert("redirect", nested("redirect", follows));
    // A list was one item unless somebody said otherwise.
    let is_json = format == "json" && old.get("fullResponse").as_bool() != Some(true);
    if is_json && old.get("splitIntoItems").as_bool() != Some(true) {
        new.insert("splitIntoItems", false);
    }
    if old.get("useQueryString").as_bool() == Some(true) {
        new.insert("queryParameterArrays", "repeat");
    }
    let (size, interval) = (old.get("batchSize"), old.get("batchInterval"));
    if !size.is_undefined() && !interval.is_undefined() {
        let batch = [("batchSize", size.clone()), ("batchInterval", interval.clone())].into_iter().collect();
        new.insert("batching", nested("batch", batch));
    }
    if given.get("allowUnauthorizedCerts").as_bool() == Some(true) {
        new.insert("allowUnauthorizedCerts", true);
    }
    new
}

/// Reading requests follow redirects unless somebody says otherwise, others only where somebody says so.
fn follows_redirects(given: &Value) -> bool {
    let options = given.get("options");
    let reads = matches!(given.get("requestMethod").as_str(), None | Some("GET" | "HEAD"));
    let is_followed = options.get("followRedirect").as_bool() != Some(false);
    (reads && is_followed) || options.get("followAllRedirects").as_bool() == Some(true)
}
