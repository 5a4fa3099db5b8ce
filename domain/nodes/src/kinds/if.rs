//! **If**: sends each item to `true` or to `false`.
//!
//! before: `[{"age":3},{"age":30}]`
//! with:
//! `{"conditions":{"conditions":[{"leftValue":"={{ $json.age }}","rightValue":18,"operator":{"type":"number","operation":"gt"}}]}}`
//! after: true `[{"age":30}]`, false `[{"age":3}]`

use std::sync::LazyLock;

use weft_value::Value;

use crate::condition::{self, Parted, SingleFilter};
use crate::{
    Descriptor, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Port, Problem, Retried, Step, Transform,
    TransformKind, Unsupported, label, parameters, port,
};

/// The kind.
pub struct If;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "if",
    version: 1,
    label: label("If", "Si"),
    description: label("Sends each item to “true” or to “false”.", "Envoie chaque élément vers « vrai » ou « faux »."),
    group: Group::Flow,
    icon: "git-branch",
    color: "green",
    subtitle: None,
    inputs: vec![port("main")],
    outputs: vec![
        Port { name: "true".into(), label: Some(label("true", "vrai")) },
        Port { name: "false".into(), label: Some(label("false", "faux")) },
    ],
    parameters: condition::form(),
    retried: Retried::Pure,
    documentation: label(
        "Every item is looked at by itself. Strictly, a text is never a number: let types be converted if your data mixes them.",
        "Chaque élément est examiné séparément. En mode strict, un texte n’est jamais un nombre : laissez convertir les types si \
         vos données les mélangent.",
    ),
});

impl NodeKind for If {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.if"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let any = node.parameters.get("combineOperation").as_str() == Some("any");
        condition::import_single(node, any)
    }
}

impl TransformKind for If {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        Ok(Box::new(Parting(parameters(&DESCRIPTOR, given)?)))
    }
}

struct Parting(SingleFilter);

impl Transform for Parting {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        let Parted { held, others, failed } = self.0.part(step)?;
        Ok(Outputs { failed, ..Outputs::many([held, others]) })
    }

    fn is_itemwise(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use weft_value::{ItemRef, Pairing};

    use super::*;
    use crate::testing::{TestStep, import, json_of, prepare, run};

    #[test]
    fn items_are_parted_and_stay_paired() {
        let node = r#"{"conditions":{"combinator":"or","conditions":[
            {"leftValue":1,"rightValue":1,"operator":{"type":"number","operation":"equals"}},
            {"leftValue":1,"rightValue":2,"operator":{"type":"number","operation":"equals"}}]}}"#;
        let outputs = run(&If, node, &TestStep::new(&[r#"[{"a":1},{"a":2}]"#])).unwrap();
        assert_eq!(json_of(&outputs.ports[0]), r#"[{"a":1},{"a":2}]"#);
        assert_eq!(outputs.ports[1].len(), 0);
        let node = r#"{"conditions":{"conditions":[
            {"leftValue":"={{ $json.a }}","rightValue":1,"operator":{"type":"number","operation":"gt"}}]}}"#;
        let outputs = run(&If, node, &TestStep::new(&[r#"[{"a":1},{"a":2}]"#])).unwrap();
        assert_eq!(json_of(&outputs.ports[0]), r#"[{"a":2}]"#);
        assert_eq!(outputs.ports[0][0].pairing, Pairing::One(ItemRef { item: 1, input: 0 }));
        assert_eq!(json_of(&outputs.ports[1]), r#"[{"a":1}]"#);
    }

    #[test]
    fn items_that_cannot_be_compared_end_the_step_or_go_aside() {
        let node = r#"{"conditions":{"conditions":[
            {"leftValue":"={{ $json.a }}","rightValue":1,"operator":{"type":"number","operation":"gt"}}]}}"#;
        let step = TestStep::new(&[r#"[{"a":2},{"a":"x"}]"#]);
        let error = run(&If, node, &step).unwrap_err();
        assert_eq!((error.item, error.field.as_deref()), (Some(1), Some("conditions.conditions[0]")));
        let outputs = run(&If, node, &step.carrying_on()).unwrap();
        assert_eq!((outputs.ports[0].len(), outputs.ports[1].len(), outputs.failed.len()), (1, 0, 1));
    }

    #[test]
    fn imported_items_that_cannot_be_compared_are_others_or_fail_the_step() {
        let second = r#"{"conditions":{"options":{"typeValidation":"strict"},"conditions":[
            {"leftValue":"={{ $json.a }}","rightValue":1,"operator":{"type":"number","operation":"gt"}}]}}"#;
        let first = r#"{"conditions":{"dateTime":[{"value1":"={{ $json.a }}","value2":"2026-01-01"}]}}"#;
        let ran = |version: f64, old: &str, step: &TestStep| {
            run(&If, &import(&If, version, old).unwrap().parameters.to_json(), step)
        };
        let step = TestStep::new(&[r#"[{"a":2},{"a":"x"}]"#]);
        assert!(ran(2.0, second, &step).is_err());
        let step = step.carrying_on();
        let outputs = ran(2.0, second, &step).unwrap();
        assert_eq!((outputs.ports[0].len(), outputs.ports[1].len(), outputs.failed.len()), (1, 1, 0));
        assert_eq!(ran(1.0, first, &step).unwrap_err().item, Some(1));
    }

    #[test]
    fn an_operation_that_nobody_knows_is_a_problem() {
        let node = r#"{"conditions":{"conditions":[{"operator":{"type":"number","operation":"smells"}}]}}"#;
        let problems = prepare(&If, node).err().unwrap();
        assert_eq!(problems[0].code, "parameter_invalid");
        assert!(problems[0].field.as_deref().unwrap().contains("conditions[0].operator"), "{problems:?}");
    }

    #[test]
    fn every_version_of_n8n_is_mapped() {
        let first = r#"{"combineOperation":"any","conditions":{"number":[{"value1":1,"value2":2}],
            "string":[{"value1":"a","operation":"isEmpty"}]}}"#;
        let second = |options: &str, rest: &str| {
            format!(
                r#"{{"conditions":{{{options}"conditions":[{{"leftValue":"5","rightValue":5,"operator":{{"type":"number","operation":"equals"}}}}]}}{rest}}}"#
            )
        };
        let loose = second(r#""options":{"caseSensitive":true},"#, "");
        let strict = second(r#""options":{"typeValidation":"strict"},"#, r#","looseTypeValidation":true"#);
        let by_node = second("", r#","options":{"looseTypeValidation":true}"#);
        for (version, old, holds) in [
            (1.0, first, Some(true)),
            (1.0, "{}", Some(true)),
            (2.0, &loose, Some(true)),
            (2.2, &strict, None),
            (2.0, &by_node, Some(true)),
            (2.3, "{}", Some(true)),
        ] {
            let imported = import(&If, version, old).unwrap();
            let outputs = run(&If, &imported.parameters.to_json(), &TestStep::new(&["[{}]"]));
            assert_eq!(outputs.ok().map(|outputs| outputs.ports[0].len() == 1), holds, "version {version}: {old}");
        }
    }
}
