//! **No operation**: passes its items on. A place to join branches or to hang a remark on.
//!
//! before: `[{"a":1}]`
//! with: `{}`
//! after: `[{"a":1}]`

use std::sync::LazyLock;

use serde::Deserialize;
use weft_value::Value;

use crate::{
    Descriptor, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Problem, Retried, Step, Transform,
    TransformKind, Unsupported, each_item, label, parameters, port,
};

/// The kind.
pub struct NoOp;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "noOp",
    version: 1,
    label: label("No operation", "Aucune opération"),
    description: label("Passes its items on unchanged.", "Transmet ses éléments sans les modifier."),
    group: Group::Flow,
    icon: "arrow-right",
    color: "gray",
    subtitle: None,
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: Vec::new(),
    retried: Retried::Pure,
    documentation: label(
        "Useful to join branches, or to end one visibly.",
        "Utile pour réunir des branches, ou pour en terminer une visiblement.",
    ),
});

#[derive(Deserialize)]
struct Nothing {}

impl NodeKind for NoOp {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.noOp", "n8n-nodes-base.timeSaved"]
    }

    /// What Track Time Saved counts for n8n's figures has no meaning here; its items pass.
    fn import_n8n(&self, _: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        Ok(Value::empty_object().into())
    }
}

impl TransformKind for NoOp {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        let Nothing {} = parameters(&DESCRIPTOR, given)?;
        Ok(Box::new(NoOp))
    }
}

impl Transform for NoOp {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        each_item(step, |_, item| Ok(item.clone()))
    }

    fn is_itemwise(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use weft_value::Pairing;

    use super::*;
    use crate::testing::{TestStep, import, json_of, run};

    #[test]
    fn what_n8n_counts_besides_is_left_out() {
        assert_eq!(import(&NoOp, 1.0, r#"{"mode":"once","minutesSaved":5}"#).unwrap().parameters.to_json(), "{}");
    }

    #[test]
    fn items_pass_and_are_paired_with_themselves() {
        let outputs = run(&NoOp, "{}", &TestStep::new(&[r#"[{"a":1},{"a":2}]"#])).unwrap();
        assert_eq!(json_of(&outputs.ports[0]), r#"[{"a":1},{"a":2}]"#);
        assert!(matches!(&outputs.ports[0][1].pairing, Pairing::One(from) if from.item == 1));
    }
}
