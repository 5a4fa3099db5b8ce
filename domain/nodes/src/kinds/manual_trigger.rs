//! **Manual trigger**: starts the workflow when a person clicks “Execute”.
//!
//! before: nothing
//! with: `{}`
//! after: `[{}]`

use std::sync::LazyLock;

use serde::Deserialize;
use weft_value::Value;

use crate::{
    Descriptor, Group, NodeError, NodeKind, Outputs, Problem, Retried, Step, Transform, TransformKind, label,
    parameters, port,
};

/// The kind.
pub struct ManualTrigger;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "manualTrigger",
    version: 1,
    label: label("Manual trigger", "Déclencheur manuel"),
    description: label(
        "Starts the workflow when you click “Execute”.",
        "Démarre le workflow quand vous cliquez sur « Exécuter ».",
    ),
    group: Group::Trigger,
    icon: "pointer",
    color: "gray",
    subtitle: None,
    inputs: Vec::new(),
    outputs: vec![port("main")],
    parameters: Vec::new(),
    retried: Retried::Pure,
    documentation: label(
        "Useful while you build: it gives one empty item, or the items that you pin to it.",
        "Utile pendant la construction : il donne un élément vide, ou les éléments que vous y épinglez.",
    ),
});

#[derive(Deserialize)]
struct Nothing {}

impl NodeKind for ManualTrigger {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.manualTrigger", "n8n-nodes-base.start"]
    }
}

impl TransformKind for ManualTrigger {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        let Nothing {} = parameters(&DESCRIPTOR, given)?;
        Ok(Box::new(PassOn))
    }
}

struct PassOn;

impl Transform for PassOn {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        Ok(Outputs { ports: vec![step.shared_input(0)], ..Outputs::default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestStep, json_of, run};

    #[test]
    fn it_gives_the_items_that_it_was_given() {
        let outputs = run(&ManualTrigger, "{}", &TestStep::new(&[r#"[{"a":1}]"#])).unwrap();
        assert_eq!(json_of(&outputs.ports[0]), r#"[{"a":1}]"#);
    }
}
