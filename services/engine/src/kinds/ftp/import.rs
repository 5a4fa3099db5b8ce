//! FTP of n8n, in versions 1 and 1.1, which differ in how failures are reported.

use weft_nodes::{Imported, N8nNode};
use weft_value::Object;

/// Options of n8n that change nothing but how fast a file arrives.
const NEEDLESS: [&str; 3] = ["enableConcurrentReads", "maxConcurrentReads", "chunkSize"];

pub(super) fn import(node: &N8nNode<'_>) -> Imported {
    let given = node.parameters;
    let mut new = given.as_object().cloned().unwrap_or_default();
    new.remove("protocol");
    if let Some(options) = given.get("options").as_object() {
        let kept = options.iter().filter(|(name, _)| !NEEDLESS.contains(&name.as_str()));
        new.insert("options", kept.map(|(name, value)| (name.clone(), value.clone())).collect::<Object>());
    }
    let label = if given.get("protocol").as_str() == Some("sftp") { "SFTP" } else { "FTP" };
    let remarks = vec![format!("It signs in. Make a credential of type “{label}” and choose it in this node.")];
    Imported { parameters: new.into(), remarks }
}
