//! **Limit**: keeps only so many items, from the front or from the end.
//!
//! before: `[{"n":1},{"n":2},{"n":3}]`
//! with: `{"maxItems":2}`
//! after: `[{"n":1},{"n":2}]`

use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;
use weft_value::Value;

use crate::descriptor::{choice, field};
use crate::item_lists::{ITEM_LISTS, ListNode};
use crate::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType, Problem,
    Retried, Step, Transform, TransformKind, Unsupported, label, parameters, port,
};

/// The kind.
pub struct Limit;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "limit",
    version: 1,
    label: label("Limit", "Limiter"),
    description: label("Keeps only so many items.", "Ne garde qu’un certain nombre d’éléments."),
    group: Group::Transform,
    icon: "list-end",
    color: "blue",
    subtitle: Some("{maxItems}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "Items that are skipped are counted from the same side as those that are kept: skip 10 and keep 10 \
         gives the second page.",
        "Les éléments sautés se comptent du même côté que ceux qui restent : en sauter 10 et en garder 10 \
         donne la deuxième page.",
    ),
});

fn form() -> Vec<Parameter> {
    vec![
        field(ParameterType::Number, "maxItems", label("How many", "Combien"))
            .help("How many items are kept at most.", "Combien d’éléments sont gardés au plus.")
            .at_least(0.0)
            .or(1),
        field(ParameterType::Options, "keep", label("Keep", "Garder")).or("firstItems").choices([
            choice("firstItems", label("The first items", "Les premiers éléments")),
            choice("lastItems", label("The last items", "Les derniers éléments")),
        ]),
        field(ParameterType::Number, "offset", label("Skip before", "Sauter avant"))
            .help(
                "How many items to leave out before those that are kept.",
                "Combien d’éléments laisser de côté avant ceux qui restent.",
            )
            .at_least(0.0)
            .or(0),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    max_items: Field,
    keep: Keep,
    offset: Field,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Keep {
    FirstItems,
    LastItems,
}

impl NodeKind for Limit {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.limit", ITEM_LISTS]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        Ok(ListNode::new(node, &["limit"])?.imported())
    }
}

impl TransformKind for Limit {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

impl Transform for Parameters {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        let items = step.input(0);
        if items.is_empty() {
            return Ok(Outputs::one(Vec::new()));
        }
        let most = count(&self.max_items, step, "maxItems")?;
        let skipped = count(&self.offset, step, "offset")?;
        let kept = self.keep.range(items.len(), skipped, most);
        Ok(Outputs::one(kept.map(|index| items[index].clone().paired_with(index)).collect()))
    }
}

/// A number of items; fractions are cut off.
fn count(field: &Field, step: &dyn Step, name: &str) -> Result<usize, NodeError> {
    let number = field.number(step, 0, name)?;
    if number < 0.0 {
        let message = format!("“{name}” must be 0 or more, but it is {number}.");
        return Err(NodeError::new("parameter", message).in_field(name));
    }
    Ok(number as usize)
}

impl Keep {
    fn range(self, length: usize, skipped: usize, most: usize) -> Range<usize> {
        match self {
            Self::FirstItems => skipped.min(length)..skipped.saturating_add(most).min(length),
            Self::LastItems => {
                let end = length.saturating_sub(skipped);
                end.saturating_sub(most)..end
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use weft_value::{ItemRef, Pairing};

    use super::*;
    use crate::testing::{TestStep, import, json_of, run};

    const FOUR: &str = r#"[{"n":1},{"n":2},{"n":3},{"n":4}]"#;

    #[test]
    fn so_many_items_are_kept() {
        for (node, input, output) in [
            ("{}", FOUR, r#"[{"n":1}]"#),
            (r#"{"maxItems":3}"#, FOUR, r#"[{"n":1},{"n":2},{"n":3}]"#),
            (r#"{"maxItems":2,"keep":"lastItems"}"#, FOUR, r#"[{"n":3},{"n":4}]"#),
            (r#"{"maxItems":9}"#, FOUR, FOUR),
            (r#"{"maxItems":9,"keep":"lastItems"}"#, FOUR, FOUR),
            (r#"{"maxItems":0}"#, FOUR, "[]"),
            (r#"{"maxItems":2.9}"#, FOUR, r#"[{"n":1},{"n":2}]"#),
            (r#"{"maxItems":2,"offset":1}"#, FOUR, r#"[{"n":2},{"n":3}]"#),
            (r#"{"maxItems":2,"offset":1,"keep":"lastItems"}"#, FOUR, r#"[{"n":2},{"n":3}]"#),
            (r#"{"maxItems":2,"offset":3}"#, FOUR, r#"[{"n":4}]"#),
            (r#"{"maxItems":2,"offset":7,"keep":"lastItems"}"#, FOUR, "[]"),
            (r#"{"maxItems":1e300,"offset":1e300}"#, FOUR, "[]"),
            (r#"{"maxItems":"={{ $json.n + 1 }}"}"#, FOUR, r#"[{"n":1},{"n":2}]"#),
            ("{}", "[]", "[]"),
        ] {
            let outputs = run(&Limit, node, &TestStep::new(&[input])).unwrap();
            assert_eq!(json_of(&outputs.ports[0]), output, "{node}");
        }
    }

    #[test]
    fn kept_items_know_their_place_in_the_input() {
        let outputs = run(&Limit, r#"{"keep":"lastItems"}"#, &TestStep::new(&[FOUR])).unwrap();
        assert_eq!(outputs.ports[0][0].pairing, Pairing::One(ItemRef { item: 3, input: 0 }));
    }

    #[test]
    fn what_is_no_number_of_items_is_refused() {
        for wrong in [r#"{"maxItems":-1}"#, r#"{"maxItems":"many"}"#, r#"{"offset":-0.5}"#] {
            let error = run(&Limit, wrong, &TestStep::new(&[FOUR])).unwrap_err();
            assert_eq!(error.code, "parameter", "{wrong}");
            assert!(wrong.contains(error.field.as_deref().unwrap()), "{wrong}");
        }
    }

    #[test]
    fn n8n_calls_it_the_same() {
        let imported = import(&Limit, 1.0, r#"{"maxItems":2,"keep":"lastItems"}"#).unwrap();
        let outputs = run(&Limit, &imported.parameters.to_json(), &TestStep::new(&[FOUR])).unwrap();
        assert_eq!(json_of(&outputs.ports[0]), r#"[{"n":3},{"n":4}]"#);
    }
}
