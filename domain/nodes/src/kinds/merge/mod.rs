//! **Merge**: joins the items of several branches.
//!
//! before: `[{"a":1}]` and `[{"b":2}]`
//! with: `{"mode":"combine"}`
//! after: `[{"a":1,"b":2}]`
//!
//! before: `[{"a":1}]` and `[{"b":2}]`
//! with: `{}`
//! after: `[{"a":1},{"b":2}]`
//!
//! before: `[{"id":1,"name":"Ada"},{"id":2}]` and `[{"id":1,"town":"Aix"}]`
//! with: `{"mode":"combine","combineBy":"combineByFields","mergeByFields":{"values":[{"field1":"id","field2":"id"}]}}`
//! after: `[{"id":1,"name":"Ada","town":"Aix"}]`

mod branch;
mod clash;
mod combinations;
mod fields;
mod key;
mod n8n;
mod position;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use weft_value::{Item, ItemRef, Pairing, Value};

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
        "It waits for all its branches. A branch that gives nothing is left out, unless one branch is chosen: then all must arrive.",
        "Il attend toutes ses branches. Une branche qui ne donne rien est ignorée, sauf si une branche est choisie : alors toutes \
         doivent arriver.",
    ),
});

fn form() -> Vec<Parameter> {
    let mut form = vec![
        field(ParameterType::Options, "mode", label("Mode", "Mode")).or("append").choices([
            choice("append", label("Append", "Mettre bout à bout")),
            choice("combine", label("Combine", "Combiner")),
            choice("chooseBranch", label("Choose a branch", "Choisir une branche")),
        ]),
        field(ParameterType::Options, "combineBy", label("Combine by", "Combiner par"))
            .or("combineByPosition")
            .choices([
                choice("combineByFields", label("Matching fields", "Champs correspondants")),
                choice("combineByPosition", label("Position", "Position")),
                choice("combineAll", label("All combinations", "Toutes les combinaisons")),
                choice("combineByKey", label("Looking up a key", "Recherche d’une clé")),
            ])
            .when("mode", ["combine"]),
    ];
    form.extend(fields::form());
    form.extend(key::form());
    form.extend(branch::form());
    let number = field(ParameterType::Number, "numberInputs", label("Number of inputs", "Nombre d’entrées"));
    form.push(number.literal().between(2.0, 10.0).or(2).help(
        "Matching fields and looking up a key always take two.",
        "Les champs correspondants et la recherche d’une clé en prennent toujours deux.",
    ));
    let options = field(ParameterType::Collection, "options", label("Options", "Options"))
        .when("mode", ["combine"])
        .when("combineBy", ["combineByFields", "combineByPosition", "combineAll"]);
    let fields = [clash::form()].into_iter().chain(position::options_form()).chain(fields::options_form());
    form.push(options.fields(fields));
    form
}

/// How many inputs a node with these parameters has.
fn input_count(parameters: &Value) -> usize {
    let takes_two = matches!(Way::of(parameters), Way::ByFields | Way::ByKey);
    let number = parameters.get("numberInputs").as_f64().filter(|number| !takes_two && number.is_finite());
    number.unwrap_or(2.0).clamp(2.0, 10.0) as usize
}

/// What a node with certain parameters does.
enum Way {
    Append,
    ByFields,
    ByPosition,
    Combinations,
    ByKey,
    ChooseBranch,
}

impl Way {
    /// What is not known counts as appending: reading the parameters says what is wrong.
    fn of(parameters: &Value) -> Self {
        match (parameters.get("mode").as_str(), parameters.get("combineBy").as_str()) {
            (Some("combine"), Some("combineByFields")) => Self::ByFields,
            (Some("combine"), Some("combineAll")) => Self::Combinations,
            (Some("combine"), Some("combineByKey")) => Self::ByKey,
            (Some("combine"), _) => Self::ByPosition,
            (Some("chooseBranch"), _) => Self::ChooseBranch,
            _ => Self::Append,
        }
    }
}

impl NodeKind for Merge {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn ports(&self, parameters: &Value) -> Ports {
        let count = input_count(parameters);
        let inputs = (1..=count).map(|number| port(format!("input {number}"))).collect();
        let required_inputs = branch::required_inputs(parameters, count);
        Ports { inputs, outputs: DESCRIPTOR.outputs.clone(), required_inputs }
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.merge"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        n8n::import(node.version, node.parameters)
    }
}

impl TransformKind for Merge {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        Ok(match Way::of(given) {
            Way::Append => Box::new(read::<Append>(given)?),
            Way::ByFields => Box::new(read::<fields::ByFields>(given)?.checked()?),
            Way::ByPosition => Box::new(read::<position::ByPosition>(given)?),
            Way::Combinations => Box::new(read::<combinations::Combinations>(given)?),
            Way::ByKey => Box::new(read::<key::ByKey>(given)?),
            Way::ChooseBranch => Box::new(read::<branch::ChooseBranch>(given)?.checked(given)?),
        })
    }
}

fn read<T: DeserializeOwned>(given: &Value) -> Result<T, Vec<Problem>> {
    parameters(&DESCRIPTOR, given)
}

/// Mode `append`: all items of input 1, then all of input 2, and so on.
#[derive(Deserialize)]
struct Append {}

impl Transform for Append {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        Ok(Outputs::one((0..step.input_count()).flat_map(|input| items_of(step, input)).collect()))
    }
}

/// The items of an input, each made from itself.
fn items_of(step: &dyn Step, input: usize) -> impl Iterator<Item = Item> {
    let items = step.input(input).iter().enumerate();
    items.map(move |(place, item)| Item { pairing: Pairing::One(at(place, input)), ..item.clone() })
}

fn at(item: usize, input: usize) -> ItemRef {
    ItemRef { item: item as u32, input: input as u32 }
}
