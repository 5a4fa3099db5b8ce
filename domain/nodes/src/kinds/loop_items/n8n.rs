//! From n8n's Split In Batches, in each of its versions, to ours.

use weft_value::{Object, Value};

use crate::{Imported, N8nNode};

/// Every version has its own outputs; until the third, ten items make a batch where nobody says otherwise.
pub(super) fn import(node: &N8nNode<'_>) -> Imported {
    let (outputs, default_size) = match node.version {
        version if version < 2.0 => ("loop", 10.0),
        version if version < 3.0 => ("loopDone", 10.0),
        _ => ("doneLoop", 1.0),
    };
    let size = node.parameters.get("batchSize");
    let size = if size.is_undefined() { Value::Number(default_size) } else { size.clone() };
    let mut parameters: Object = [("batchSize", size), ("outputs", outputs.into())].into_iter().collect();
    let reset = node.parameters.get("options").get("reset");
    if !reset.is_undefined() {
        let options: Object = [("reset", reset.clone())].into_iter().collect();
        parameters.insert("options", options);
    }
    Value::from(parameters).into()
}
