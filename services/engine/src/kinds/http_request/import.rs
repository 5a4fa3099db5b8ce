//! What n8n's node becomes.

use weft_nodes::credential::of_n8n_type;
use weft_nodes::{Imported, N8nNode, Unsupported};
use weft_value::{Object, Value};

use super::import_old::renewed;
use crate::sign_in::HTTP_TYPES;

/// The parameters of any version of n8n’s node.
pub(super) fn imported(node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
    if node.version < 3.0 {
        since_3(&renewed(node.parameters)?, node.version)
    } else {
        since_3(node.parameters, node.version)
    }
}

fn since_3(given: &Value, version: f64) -> Result<Imported, Unsupported> {
    let signs_in = n8n_sign_in(given)?;
    let mut new = given.as_object().cloned().unwrap_or_default();
    let old = given.get("options");
    let mut options = Object::new();
    let response = old.get("response").get("response");
    let copied = [
        ("timeout", old.get("timeout")),
        ("queryParameterArrays", &lists(given)),
        ("splitIntoItems", old.get("splitIntoItems")),
        ("responseFormat", response.get("responseFormat")),
        ("outputPropertyName", response.get("outputPropertyName")),
        ("fullResponse", response.get("fullResponse")),
        ("neverError", response.get("neverError")),
    ];
    for (name, value) in copied.into_iter().filter(|(_, value)| !value.is_undefined()) {
        options.insert(name, value.clone());
    }
    insert_redirects(&mut options, old.get("redirect").get("redirect"), version);
    for (name, value) in [("batching", batching(old)), ("pagination", pagination(old))] {
        if let Some(value) = value {
            options.insert(name, value);
        }
    }
    let lost = old.as_object().into_iter().flatten().filter(|(key, value)| is_lost(key.as_str(), value));
    let lost = lost.map(|(key, _)| format!("The option “{key}” of this HTTP request is not there yet."));
    let remarks = lost.chain(signs_in.clone()).collect();
    let mut remarks: Vec<String> = remarks;
    if given.get("provideSslCertificates").as_bool() == Some(true) {
        let what = "provideSslCertificates";
        remarks.push(format!("The option “{what}” of this HTTP request is not there yet."));
    }
    for name in ["nodeCredentialType", "genericAuthType", "provideSslCertificates", "sslCertificate"] {
        new.remove(name);
    }
    keep_last(&mut new, "headerParameters", str::to_lowercase);
    let is_raw = matches!(given.get("contentType").as_str(), Some("raw" | "binaryData"));
    if !is_raw {
        keep_last(&mut new, "bodyParameters", str::to_owned);
    }
    if version < 4.3 {
        keep_last(&mut new, "queryParameters", str::to_owned);
    }
    let is_form = given.get("contentType").as_str() == Some("form-urlencoded");
    if is_form && given.get("specifyBody").as_str() == Some("string") {
        new.remove("specifyBody");
        new.insert("contentType", "raw");
        new.insert("rawContentType", "application/x-www-form-urlencoded");
    }
    new.insert("authentication", if signs_in.is_some() { "credential" } else { "none" });
    new.insert("options", options);
    Ok(Imported { parameters: new.into(), remarks })
}

/// Names of headers have no case here, credentials are not sent on to another host, and certificates are checked: whoever asks for
/// that loses nothing.
fn is_lost(option: &str, value: &Value) -> bool {
    const KNOWN: [&str; 7] =
        ["timeout", "redirect", "response", "batching", "pagination", "queryParameterArrays", "splitIntoItems"];
    match (option, value) {
        ("lowercaseHeaders", Value::Bool(true))
        | ("allowUnauthorizedCerts" | "sendCredentialsOnCrossOriginRedirect", Value::Bool(false)) => false,
        ("proxy", Value::String(proxy)) => !proxy.is_empty(),
        _ => !KNOWN.contains(&option),
    }
}

/// How many redirects are followed: up to version 3 none unless somebody says so, later all. One that is not followed is an error.
fn insert_redirects(options: &mut Object, given: &Value, version: f64) {
    if given.get("followRedirects").as_bool().unwrap_or(version >= 4.0) {
        if let Some(most) = given.get("maxRedirects").as_f64() {
            options.insert("maxRedirects", most);
        }
    } else {
        options.insert("maxRedirects", 0.0);
        options.insert("failOnRedirect", true);
    }
}

/// How lists are written in the query, which n8n numbers where nothing is said.
fn lists(given: &Value) -> Value {
    match given.get("options").get("queryParameterArrays").as_str() {
        Some(way @ ("repeat" | "brackets" | "indices")) => way.into(),
        _ if given.get("sendQuery").as_bool() == Some(true) => "indices".into(),
        _ => Value::Undefined,
    }
}

/// Of pairs that have one name, n8n sends the last value, in the place of the first.
fn keep_last(new: &mut Object, part: &str, same: impl Fn(&str) -> String) {
    let Some(pairs) = new.get(part).and_then(|pairs| pairs.get("parameters").as_array()) else { return };
    let name_of = |pair: &Value| pair.get("name").as_str().filter(|name| !name.starts_with('=')).map(&same);
    let mut kept: Vec<Value> = Vec::with_capacity(pairs.len());
    for pair in pairs {
        let name = name_of(pair);
        match kept.iter_mut().find(|known| name.is_some() && name_of(known) == name) {
            Some(known) => *known = pair.clone(),
            None => kept.push(pair.clone()),
        }
    }
    if kept.len() < pairs.len() {
        let pairs: Object = [("parameters", Value::from(kept))].into_iter().collect();
        new.insert(part, pairs);
    }
}

/// The pauses between n8n's batches. What an export leaves out has n8n's default.
fn batching(old: &Value) -> Option<Object> {
    let given = old.get("batching").get("batch").as_object()?;
    Some(with_defaults(given, [("batchSize", Value::from(50.0)), ("batchInterval", Value::from(1000.0))]))
}

/// The pages of n8n's node. An expression that says when they are complete may come without its braces.
fn pagination(old: &Value) -> Option<Object> {
    let given = old.get("pagination").get("pagination").as_object()?;
    let mut new = with_defaults(given, [("paginationMode", Value::from("updateAParameterInEachRequest"))]);
    if let Some(expression) = given.get("completeExpression").and_then(Value::as_str).map(str::trim)
        && !expression.is_empty()
        && !expression.starts_with('=')
    {
        let is_template = expression.contains("{{");
        let read = if is_template { format!("={expression}") } else { format!("={{{{ {expression} }}}}") };
        new.insert("completeExpression", read);
    }
    Some(new)
}

fn with_defaults<const N: usize>(given: &Object, defaults: [(&str, Value); N]) -> Object {
    let mut new = given.clone();
    for (name, value) in defaults {
        if !new.contains_key(name) {
            new.insert(name, value);
        }
    }
    new
}

/// What is to be done about the credential that an n8n node signs in with; `None` where it signs in with none. The secrets of n8n
/// are in no workflow that it exports.
fn n8n_sign_in(given: &Value) -> Result<Option<String>, Unsupported> {
    let (field, n8n_type) = match given.get("authentication").as_str() {
        None | Some("none") => return Ok(None),
        Some("genericCredentialType") => ("genericAuthType", given.get("genericAuthType")),
        Some("predefinedCredentialType") => ("nodeCredentialType", given.get("nodeCredentialType")),
        Some(other) => return Err(unsupported(other, "authentication")),
    };
    credential_of_n8n(n8n_type.as_str().unwrap_or_default(), field != "genericAuthType", field).map(Some)
}

/// What to do about a request that signs in with a credential of this n8n type; `field` is the parameter that names it.
pub(crate) fn credential_of_n8n(n8n_type: &str, is_predefined: bool, field: &str) -> Result<String, Unsupported> {
    if let Some(known) = of_n8n_type(n8n_type) {
        if known.kind == "oauth2ClientCredentials" {
            return Ok(
                "It signs in with OAuth 2.0. Where the other side gives tokens to programs (client credentials), make such a \
                 credential and choose it in this node."
                    .to_owned(),
            );
        }
        if HTTP_TYPES.contains(&known.kind) {
            let label = known.label.en;
            return Ok(format!("It signs in. Make a credential of type “{label}” and choose it in this node."));
        }
        return Err(unsupported(n8n_type, field));
    }
    if !is_predefined || n8n_type.is_empty() {
        return Err(unsupported(n8n_type, field));
    }
    Ok(format!(
        "It signs in with n8n’s “{n8n_type}”. Make a credential that sends the same (a header, a bearer token, …) and choose it in \
         this node."
    ))
}

pub(super) fn unsupported(what: &str, field: &str) -> Unsupported {
    let message = format!("An HTTP request with “{what}” cannot be imported yet. Set it up again here.");
    Unsupported { message, field: Some(field.into()) }
}
