//! **Filter**: keeps the items that fulfil conditions, and drops the others.
//!
//! before: `[{"age":3},{"age":30}]`
//! with:
//! `{"conditions":{"conditions":[{"leftValue":"={{ $json.age }}","rightValue":18,"operator":{"type":"number","operation":"gt"}}]}}`
//! after: `[{"age":30}]`

use std::sync::LazyLock;

use weft_value::Value;

use crate::condition::{self, Parted, SingleFilter};
use crate::{
    Descriptor, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Problem, Retried, Step, Transform,
    TransformKind, Unsupported, label, parameters, port,
};

/// The kind.
pub struct Filter;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "filter",
    version: 1,
    label: label("Filter", "Filtrer"),
    description: label(
        "Keeps the items that fulfil conditions and drops the others.",
        "Garde les éléments qui remplissent des conditions et abandonne les autres.",
    ),
    group: Group::Flow,
    icon: "filter",
    color: "green",
    subtitle: None,
    inputs: vec![port("main")],
    outputs: vec![port("kept")],
    parameters: condition::form(),
    retried: Retried::Pure,
    documentation: label(
        "Every item is looked at by itself. Use If where the other items are needed, too.",
        "Chaque élément est examiné séparément. Utilisez Si lorsque les autres éléments servent aussi.",
    ),
});

impl NodeKind for Filter {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.filter"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let any = node.parameters.get("combineConditions").as_str() == Some("OR");
        condition::import_single(node, any)
    }
}

impl TransformKind for Filter {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        Ok(Box::new(Keeping(parameters(&DESCRIPTOR, given)?)))
    }
}

struct Keeping(SingleFilter);

impl Transform for Keeping {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        let Parted { held, failed, .. } = self.0.part(step)?;
        Ok(Outputs { failed, ..Outputs::one(held) })
    }

    fn is_itemwise(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use weft_value::{ItemRef, Pairing};

    use super::*;
    use crate::testing::{TestStep, import, json_of, run};

    const ADULTS: &str = r#"{"conditions":{"conditions":[
        {"leftValue":"={{ $json.age }}","rightValue":18,"operator":{"type":"number","operation":"gte"}}]}}"#;

    #[test]
    fn items_that_fulfil_the_conditions_are_kept() {
        for (items, kept) in [
            (r#"[{"age":3},{"age":30},{"age":18}]"#, r#"[{"age":30},{"age":18}]"#),
            (r#"[{"name":"Zoë"}]"#, "[]"),
            ("[]", "[]"),
        ] {
            let outputs = run(&Filter, ADULTS, &TestStep::new(&[items])).unwrap();
            assert_eq!((json_of(&outputs.ports[0]).as_str(), outputs.ports.len()), (kept, 1), "{items}");
        }
        let outputs = run(&Filter, ADULTS, &TestStep::new(&[r#"[{"age":3},{"age":30}]"#])).unwrap();
        assert_eq!(outputs.ports[0][0].pairing, Pairing::One(ItemRef { item: 1, input: 0 }));
    }

    #[test]
    fn the_first_version_of_n8n_joins_its_conditions_in_capitals() {
        let conditions = r#""conditions":{"string":[{"value1":"={{ $json.a }}","value2":"x"}],
            "boolean":[{"value1":"={{ $json.b }}","value2":true}]}"#;
        for (combine, kept) in
            [("AND", r#"[{"a":"x","b":true}]"#), ("OR", r#"[{"a":"x","b":true},{"a":"y","b":true}]"#)]
        {
            let old = format!(r#"{{"combineConditions":"{combine}",{conditions}}}"#);
            let imported = import(&Filter, 1.0, &old).unwrap();
            let items = r#"[{"a":"x","b":true},{"a":"y","b":true},{"a":"z","b":"true"}]"#;
            let outputs = run(&Filter, &imported.parameters.to_json(), &TestStep::new(&[items])).unwrap();
            assert_eq!(json_of(&outputs.ports[0]), kept, "{combine}");
        }
    }
}
