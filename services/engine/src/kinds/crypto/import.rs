//! Versions 1 and 2 of n8n's node. The first has its secrets in its parameters, the second in a credential of its own.

use weft_nodes::{Imported, N8nNode, Unsupported, path_of_name};
use weft_value::{Object, Value};

use super::form::SIGNATURES;

/// What expressions read variables by; their values are events, too.
pub(super) const VARIABLES: [&str; 2] = ["$vars", "$variables"];

pub(super) fn import(node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
    let mut new = node.parameters.as_object().cloned().unwrap_or_default();
    let action = new.get("action").and_then(Value::as_str).unwrap_or("hash").to_owned();
    let mut remarks = Vec::new();
    match action.as_str() {
        "generate" => return Err(Unsupported::elsewhere()),
        "hash" => {}
        "hmac" => hmac_secret(&mut new, &mut remarks),
        "sign" => {
            if new.remove("privateKey").is_some_and(|key| !key.as_str().is_some_and(str::is_empty)) {
                remarks.push(
                    "The private key of Crypto was left out: the history of a workflow is kept for ever, with all that was written in it."
                        .to_owned(),
                );
            }
            signature(&mut new)?;
            remarks.push(needs("Key pair"));
        }
        "encrypt" | "decrypt" => {
            let is_pair = new.get("mode").and_then(Value::as_str) == Some("asymmetric");
            remarks.push(needs(if is_pair { "Key pair" } else { "Secret" }));
        }
        other => {
            let message = format!("Crypto does not know the action “{other}”.");
            return Err(Unsupported { message, field: Some("action".into()) });
        }
    }
    if matches!(action.as_str(), "hash" | "hmac") && node.version < 2.0 && !new.contains_key("type") {
        new.insert("type", "MD5");
    }
    if let Some(name) = new.get("dataPropertyName").map(path_of_name) {
        new.insert("dataPropertyName", name);
    }
    Ok(Imported { parameters: new.into(), remarks })
}

fn needs(label: &str) -> String {
    format!("It works with a credential. Make one of type “{label}” and choose it in this node.")
}

/// A secret that an expression derives from items comes along; any other one belongs in a credential.
fn hmac_secret(new: &mut Object, remarks: &mut Vec<String>) {
    let given = new.get("secret").and_then(Value::as_str).unwrap_or_default();
    let is_derived =
        given.contains("{{") && given.starts_with('=') && !VARIABLES.iter().any(|name| given.contains(name));
    if is_derived {
        return;
    }
    if new.remove("secret").is_some_and(|secret| !secret.as_str().is_some_and(str::is_empty)) {
        remarks.push(
            "The secret of Crypto was left out: the history of workflows and variables is kept for ever, with all that was written in them."
                .to_owned(),
        );
    }
    remarks.push(needs("Secret"));
}

/// n8n offers what OpenSSL calls its digests, each under several names.
fn signature(new: &mut Object) -> Result<(), Unsupported> {
    let Some(given) = new.get("algorithm").and_then(Value::as_str).filter(|name| !name.is_empty()) else {
        return Ok(());
    };
    let small = given.to_ascii_lowercase();
    let name = small.strip_prefix("id-rsassa-pkcs1-v1_5-with-").or(small.strip_prefix("rsa-")).unwrap_or(&small);
    let name = name.strip_prefix("ssl3-").unwrap_or(name);
    let name = name.strip_suffix("withrsaencryption").unwrap_or(name).trim_end_matches("-2");
    let plain = |name: &str| name.to_ascii_lowercase().replace(['-', '/'], "");
    let known = SIGNATURES.iter().find(|known| plain(known) == plain(name));
    let known = known.ok_or_else(|| Unsupported {
        message: format!("Crypto cannot sign with “{given}”. Choose another algorithm."),
        field: Some("algorithm".into()),
    })?;
    new.insert("algorithm", *known);
    Ok(())
}
