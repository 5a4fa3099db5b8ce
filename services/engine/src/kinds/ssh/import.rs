//! SSH of n8n, version 1, the only one.

use weft_nodes::{Imported, N8nNode};

pub(super) fn import(node: &N8nNode<'_>) -> Imported {
    let given = node.parameters;
    let mut new = given.as_object().cloned().unwrap_or_default();
    let is_of_files = given.get("resource").as_str() == Some("file");
    let operation = given.get("operation").as_str().unwrap_or(if is_of_files { "upload" } else { "execute" });
    new.insert("operation", operation);
    new.remove("resource");
    new.remove("authentication");
    let with_key = given.get("authentication").as_str() == Some("privateKey");
    let label = if with_key { "SSH, private key" } else { "SSH, password" };
    let remarks = vec![format!("It signs in. Make a credential of type “{label}” and choose it in this node.")];
    Imported { parameters: new.into(), remarks }
}
