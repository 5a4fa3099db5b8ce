//! S3 and AWS S3 of n8n, in versions 1 and 2, which name their parameters alike.

use weft_nodes::{Imported, N8nNode, Unsupported};
use weft_value::{Object, Value};

/// Options of n8n that have no counterpart here.
const LOST: [&str; 8] = [
    "grantFullControl",
    "grantRead",
    "grantReadAcp",
    "grantWrite",
    "grantWriteAcp",
    "serversideEncryptionCustomerAlgorithm",
    "serversideEncryptionCustomerKey",
    "serversideEncryptionCustomerKeyMD5",
];

pub(super) fn import(node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
    let given = node.parameters;
    if given.get("authentication").as_str() == Some("assumeRole") {
        let message = "AWS S3 with an assumed role cannot be imported yet. Set it up again here, with an access key.";
        return Err(Unsupported { message: message.to_owned(), field: Some("authentication".into()) });
    }
    let label = if node.node_type.ends_with(".awsS3") { "AWS" } else { "S3" };
    let mut remarks = vec![format!("It signs in. Make a credential of type “{label}” and choose it in this node.")];
    let mut new = given.as_object().cloned().unwrap_or_default();
    new.remove("authentication");
    if let Some(more) = given.get("additionalFields").as_object() {
        new.insert("additionalFields", options(more, &mut remarks));
    }
    Ok(Imported { parameters: new.into(), remarks })
}

fn options(more: &Object, remarks: &mut Vec<String>) -> Object {
    let mut kept = Object::new();
    for (name, value) in more {
        let name = name.as_str();
        match (name, value.as_str()) {
            ("acl", Some("Private")) => kept.insert(name, "private"),
            ("storageClass", Some("RecudedRedundancy")) => kept.insert(name, "reducedRedundancy"),
            _ if LOST.contains(&name) => {
                if !matches!(value, Value::Bool(false)) {
                    remarks.push(format!("The option “{name}” of this S3 node is not there yet."));
                }
            }
            _ => kept.insert(name, value.clone()),
        }
    }
    kept
}
