//! **Merge**: joins the items of several branches.
//!
//! before: `[{"a":1}]` and `[{"b":2}]` · after, by position: `[{"a":1,"b":2}]`; after, appended: `[{"a":1},{"b":2}]`

use std::sync::{Arc, LazyLock};

use serde::Deserialize;
use weft_value::{Item, ItemRef, Object, Pairing, Value};

use crate::descriptor::{choice, field};
use crate::{
    Descriptor, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType, Ports, Problem,
    Retried, Step, Transform, TransformKind, Unsupported, label, parameters, port,
};

/// The kind.
pub struct Merge;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "merge",
    version: 1,
    label: label("Merge", "Fusionner"),
    description: label("Joins the items of several branches.", "Réunit les éléments de plusieurs branches."),
    group: Group::Flow,
    icon: "git-merge",
    color: "cyan",
    subtitle: Some("{mode}"),
    inputs: vec![port("input 1"), port("input 2")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "It waits for all its branches. A branch that gives nothing is left out.",
        "Il attend toutes ses branches. Une branche qui ne donne rien est ignorée.",
    ),
});

fn form() -> Vec<Parameter> {
    vec![
        field(ParameterType::Options, "mode", label("Mode", "Mode")).or("append").choices([
            choice("append", label("Append", "Mettre bout à bout")),
            choice("combine", label("Combine", "Combiner")),
        ]),
        field(ParameterType::Options, "combineBy", label("Combine by", "Combiner par"))
            .or("combineByPosition")
            .choices([choice("combineByPosition", label("Position", "Position"))])
            .when("mode", ["combine"]),
        field(ParameterType::Number, "numberInputs", label("Number of inputs", "Nombre d’entrées"))
            .literal()
            .between(2.0, 10.0)
            .or(2),
        field(ParameterType::Collection, "options", label("Options", "Options")).when("mode", ["combine"]).fields([
            field(
                ParameterType::Boolean,
                "includeUnpaired",
                label("Keep items without a partner", "Garder les éléments sans partenaire"),
            )
            .literal()
            .or(false),
            field(
                ParameterType::FixedCollection,
                "clashHandling",
                label("Same field on both sides", "Même champ des deux côtés"),
            )
            .literal(),
        ]),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    mode: Mode,
    #[serde(default)]
    options: Options,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Mode {
    Append,
    Combine,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    include_unpaired: bool,
    clash_handling: ClashHandling,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ClashHandling {
    values: Clash,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Clash {
    /// `addSuffix`, `preferInput1`, `preferInput2`, …, `preferLast`.
    #[serde(rename = "resolveClash")]
    resolution: String,
    merge_mode: MergeMode,
    override_empty: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum MergeMode {
    #[default]
    DeepMerge,
    ShallowMerge,
}

/// How many inputs a node with these parameters has.
fn input_count(parameters: &Value) -> usize {
    parameters.get("numberInputs").as_f64().unwrap_or(2.0).clamp(2.0, 10.0) as usize
}

impl NodeKind for Merge {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn ports(&self, parameters: &Value) -> Ports {
        let inputs = (1..=input_count(parameters)).map(|number| port(format!("input {number}"))).collect();
        Ports { inputs, outputs: DESCRIPTOR.outputs.clone(), required_inputs: 1 }
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.merge"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let (type_version, given) = (node.version, node.parameters);
        let parameters = if type_version < 3.0 { of_older_version(type_version, given)? } else { of_version_3(given)? };
        Ok(parameters.into())
    }
}

impl TransformKind for Merge {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

impl Transform for Parameters {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        Ok(Outputs::one(match self.mode {
            Mode::Append => append(step),
            Mode::Combine => self.options.by_position(step),
        }))
    }
}

fn at(item: usize, input: usize) -> ItemRef {
    ItemRef { item: item as u32, input: input as u32 }
}

fn append(step: &dyn Step) -> Vec<Item> {
    let inputs = 0..step.input_count();
    let of_input = |input: usize| {
        let items = step.input(input).iter().enumerate();
        items.map(move |(index, item)| Item { pairing: Pairing::One(at(index, input)), ..item.clone() })
    };
    inputs.flat_map(of_input).collect()
}

impl Options {
    fn by_position(&self, step: &dyn Step) -> Vec<Item> {
        let inputs: Vec<usize> = (0..step.input_count()).collect();
        let lengths = inputs.iter().map(|input| step.input(*input).len());
        let count = if self.include_unpaired { lengths.max() } else { lengths.min() }.unwrap_or(0);
        let preferred = self.preferred(inputs.len());
        // The preferred input comes last, so that its fields win.
        let order: Vec<usize> = inputs.iter().copied().filter(|input| *input != preferred).chain([preferred]).collect();
        (0..count).map(|index| self.join(step, &order, index)).collect()
    }

    fn preferred(&self, inputs: usize) -> usize {
        let number = self.clash_handling.values.resolution.strip_prefix("preferInput");
        number.and_then(|n| n.parse::<usize>().ok()).filter(|n| (1..=inputs).contains(n)).map_or(inputs - 1, |n| n - 1)
    }

    fn join(&self, step: &dyn Step, order: &[usize], index: usize) -> Item {
        let clash = &self.clash_handling.values;
        let mut json = Object::new();
        let mut binary = indexmap::IndexMap::new();
        let mut pairing = Vec::with_capacity(order.len());
        for input in order {
            let Some(item) = step.input(*input).get(index) else { continue };
            pairing.push(at(index, *input));
            if let Some(files) = &item.binary {
                binary.extend(files.iter().map(|(name, file)| (name.clone(), file.clone())));
            }
            let Some(fields) = item.json.as_object() else { continue };
            for (key, value) in fields {
                if clash.resolution == "addSuffix" {
                    json.insert(format!("{key}_{}", input + 1), value.clone());
                } else {
                    clash.put(&mut json, key, value);
                }
            }
        }
        Item {
            json: json.into(),
            binary: (!binary.is_empty()).then(|| Arc::new(binary)),
            pairing: Pairing::Many(pairing),
        }
    }
}

impl Clash {
    /// Puts `value` over what is there: objects and lists grow together unless merging is shallow.
    fn put(&self, json: &mut Object, key: &str, value: &Value) {
        let keeps_old = self.override_empty && (value.is_nullish() || value.as_str() == Some(""));
        match json.get_mut(key) {
            Some(_) if keeps_old => {}
            Some(old) if self.merge_mode == MergeMode::DeepMerge => self.merge(old, value),
            _ => json.insert(key, value.clone()),
        }
    }

    fn merge(&self, old: &mut Value, new: &Value) {
        match (old, new) {
            (Value::Object(old), Value::Object(new)) => {
                let old = Arc::make_mut(old);
                for (key, value) in new.iter() {
                    self.put(old, key, value);
                }
            }
            (Value::Array(old), Value::Array(new)) => {
                let old = Arc::make_mut(old);
                for (index, value) in new.iter().enumerate() {
                    match old.get_mut(index) {
                        Some(place) => self.merge(place, value),
                        None => old.push(value.clone()),
                    }
                }
            }
            (_, Value::Undefined) => {}
            (old, new) => *old = new.clone(),
        }
    }
}

fn unsupported(what: &str) -> Unsupported {
    Unsupported {
        message: format!("Merge cannot “{what}” yet. Append, combine by position, or join the items in a Code node."),
        field: Some("mode".into()),
    }
}

fn of_version_3(given: &Value) -> Result<Value, Unsupported> {
    match given.get("mode").as_str().unwrap_or("append") {
        "append" => Ok(given.clone()),
        "combine" => match given.get("combineBy").as_str().unwrap_or("combineByFields") {
            "combineByPosition" => Ok(given.clone()),
            other => Err(unsupported(other)),
        },
        other => Err(unsupported(other)),
    }
}

/// Versions 1 and 2 had two inputs and called combining by position `mergeByIndex` and `mergeByPosition`.
fn of_older_version(type_version: f64, given: &Value) -> Result<Value, Unsupported> {
    let mode = given.get("mode").as_str().unwrap_or("append");
    let by_position = |unpaired: bool, options: &Value| -> Value {
        let mut options = options.as_object().cloned().unwrap_or_default();
        options.insert(
            "includeUnpaired",
            unpaired || options.get("includeUnpaired").and_then(Value::as_bool) == Some(true),
        );
        let parameters: Object =
            [("mode", Value::from("combine")), ("combineBy", "combineByPosition".into()), ("options", options.into())]
                .into_iter()
                .collect();
        parameters.into()
    };
    match mode {
        "append" => Ok(Value::empty_object()),
        "mergeByIndex" if type_version < 2.0 => match given.get("join").as_str().unwrap_or("left") {
            "inner" => Ok(by_position(false, &Value::Undefined)),
            "outer" => Ok(by_position(true, &Value::Undefined)),
            other => Err(unsupported(other)),
        },
        "combine" => match given.get("combinationMode").as_str().unwrap_or("mergeByFields") {
            "mergeByPosition" => Ok(by_position(false, given.get("options"))),
            other => Err(unsupported(other)),
        },
        other => Err(unsupported(other)),
    }
}

#[cfg(test)]
mod tests {
    use weft_value::from_json;

    use super::*;
    use crate::testing::{TestStep, import, json_of, run};

    #[test]
    fn branches_are_joined() {
        let combine = |options: &str| format!(r#"{{"mode":"combine","options":{options}}}"#);
        for (node, left, right, output) in [
            ("{}".to_owned(), r#"[{"a":1}]"#, r#"[{"b":2},{"c":3}]"#, r#"[{"a":1},{"b":2},{"c":3}]"#),
            (combine("{}"), r#"[{"a":1},{"a":2}]"#, r#"[{"b":2}]"#, r#"[{"a":1,"b":2}]"#),
            (
                combine(r#"{"includeUnpaired":true}"#),
                r#"[{"a":1},{"a":2}]"#,
                r#"[{"b":2}]"#,
                r#"[{"a":1,"b":2},{"a":2}]"#,
            ),
            (combine("{}"), r#"[{"a":{"x":1}}]"#, r#"[{"a":{"y":2}}]"#, r#"[{"a":{"x":1,"y":2}}]"#),
            (
                combine(r#"{"clashHandling":{"values":{"resolveClash":"preferInput1"}}}"#),
                r#"[{"a":1}]"#,
                r#"[{"a":2}]"#,
                r#"[{"a":1}]"#,
            ),
            (
                combine(r#"{"clashHandling":{"values":{"resolveClash":"addSuffix"}}}"#),
                r#"[{"a":1}]"#,
                r#"[{"a":2}]"#,
                r#"[{"a_1":1,"a_2":2}]"#,
            ),
            (
                combine(r#"{"clashHandling":{"values":{"mergeMode":"shallowMerge"}}}"#),
                r#"[{"a":{"x":1}}]"#,
                r#"[{"a":{"y":2}}]"#,
                r#"[{"a":{"y":2}}]"#,
            ),
            (combine("{}"), "[]", r#"[{"b":2}]"#, "[]"),
        ] {
            let outputs = run(&Merge, &node, &TestStep::new(&[left, right])).unwrap();
            assert_eq!(json_of(&outputs.ports[0]), output, "{node}");
        }
    }

    #[test]
    fn items_know_the_input_they_came_from() {
        let outputs = run(&Merge, "{}", &TestStep::new(&["[{}]", "[{},{}]"])).unwrap();
        assert_eq!(outputs.ports[0][2].pairing, Pairing::One(at(1, 1)));
    }

    #[test]
    fn the_number_of_inputs_is_a_parameter() {
        assert_eq!(Merge.ports(&from_json(r#"{"numberInputs":4}"#).unwrap()).inputs.len(), 4);
        assert_eq!(Merge.ports(&Value::empty_object()).inputs.len(), 2);
    }

    #[test]
    fn what_n8n_calls_it_is_mapped_or_refused() {
        for (version, old, works) in [
            (3.0, r#"{"mode":"combine","combineBy":"combineByPosition"}"#, true),
            (3.0, r#"{"mode":"combine"}"#, false),
            (2.0, r#"{"mode":"combine","combinationMode":"mergeByPosition"}"#, true),
            (1.0, r#"{"mode":"mergeByIndex","join":"outer"}"#, true),
            (1.0, r#"{"mode":"removeKeyMatches"}"#, false),
            (1.0, "{}", true),
        ] {
            let imported = import(&Merge, version, old);
            assert_eq!(imported.is_ok(), works, "{old}");
        }
    }
}
