//! From n8n's node.

use weft_nodes::{Imported, N8nNode, Unsupported};

/// Versions 1, 1.1 and 1.2, whose parameters for sending are the same. From 1.1 on it also confirms what a trigger holds open.
pub(super) fn import(node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
    let mut new = node.parameters.as_object().cloned().unwrap_or_default();
    if let Some(operation) = new.remove("operation")
        && operation.as_str() == Some("deleteMessage")
    {
        let message =
            "RabbitMQ with “deleteMessage” cannot be imported: it confirms a message that n8n’s trigger holds open, \
                       and there is no such trigger here."
                .to_owned();
        return Err(Unsupported { message, field: Some("operation".into()) });
    }
    let label = "RabbitMQ";
    let remarks = vec![format!("It signs in. Make a credential of type “{label}” and choose it in this node.")];
    Ok(Imported { parameters: new.into(), remarks })
}
