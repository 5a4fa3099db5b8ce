//! Mode `chooseBranch`: waits for branches, then passes on the items of one of them, or one empty item.

use serde::Deserialize;
use weft_value::{Item, Pairing, Value};

use super::{at, input_count, items_of};
use crate::descriptor::{choice, field};
use crate::{Field, NodeError, Outputs, Parameter, ParameterType, Problem, Step, Transform, label};

/// The parameters of the mode.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChooseBranch {
    output: Output,
    #[serde(default)]
    use_data_of_input: Field,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Output {
    SpecifiedInput,
    Empty,
}

pub(super) fn form() -> Vec<Parameter> {
    vec![
        field(ParameterType::Options, "chooseBranchMode", label("Wait for", "Attendre"))
            .help(
                "What must have arrived before anything is passed on.",
                "Ce qui doit être arrivé avant que quelque chose soit transmis.",
            )
            .or("waitForAll")
            .choices([
                choice("waitForAll", label("All inputs", "Toutes les entrées")),
                choice("waitForFirstTwo", label("Inputs 1 and 2", "Les entrées 1 et 2")),
                choice("waitForAny", label("The inputs that anything comes to", "Les entrées où quelque chose arrive")),
            ])
            .when("mode", ["chooseBranch"]),
        field(ParameterType::Options, "output", label("Output", "Sortie"))
            .help("What is passed on.", "Ce qui est transmis.")
            .or("specifiedInput")
            .choices([
                choice("specifiedInput", label("The items of one input", "Les éléments d’une entrée")),
                choice("empty", label("One empty item", "Un seul élément vide")),
            ])
            .when("mode", ["chooseBranch"]),
        field(ParameterType::Number, "useDataOfInput", label("Number of the input", "Numéro de l’entrée"))
            .help("From 1, counted from the top.", "À partir de 1, en comptant d’en haut.")
            .or(1)
            .between(1.0, 10.0)
            .when("mode", ["chooseBranch"])
            .when("output", ["specifiedInput"]),
    ]
}

/// How many of its `count` inputs a node with these parameters insists on.
pub(super) fn required_inputs(parameters: &Value, count: usize) -> usize {
    match (parameters.get("mode").as_str(), parameters.get("chooseBranchMode").as_str()) {
        (Some("chooseBranch"), Some("waitForAny")) => 1,
        (Some("chooseBranch"), Some("waitForFirstTwo")) => 2,
        (Some("chooseBranch"), _) => count,
        _ => 1,
    }
}

impl ChooseBranch {
    /// The node, unless it chooses an input that it does not have.
    pub(super) fn checked(self, given: &Value) -> Result<Self, Vec<Problem>> {
        let inputs = input_count(given);
        if let (Output::SpecifiedInput, Field::Constant(number)) = (&self.output, &self.use_data_of_input) {
            let number = crate::coercion::to_number(number);
            if place(number, inputs).is_none() {
                let message = no_such_input(number, inputs);
                return Err(vec![Problem::error("parameter_invalid", message, "useDataOfInput")]);
            }
        }
        Ok(self)
    }
}

/// The place of input `number`, from 0, where there is one.
fn place(number: Option<f64>, inputs: usize) -> Option<usize> {
    (0..inputs).find(|place| number == Some((place + 1) as f64))
}

fn no_such_input(number: Option<f64>, inputs: usize) -> String {
    let chosen = number.map_or_else(|| "What was chosen".to_owned(), |number| format!("Input {number}"));
    format!("{chosen} is not an input of this node: it has inputs 1 to {inputs}.")
}

impl Transform for ChooseBranch {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        let inputs = step.input_count();
        if matches!(self.output, Output::Empty) {
            let places = (0..inputs).flat_map(|input| (0..step.input(input).len()).map(move |item| at(item, input)));
            let item = Item { pairing: Pairing::many(places), ..Item::new(Value::empty_object()) };
            return Ok(Outputs::one(vec![item]));
        }
        let number = self.use_data_of_input.number(step, 0, "useDataOfInput")?;
        let refused = || NodeError::new("parameter", no_such_input(Some(number), inputs)).in_field("useDataOfInput");
        let input = place(Some(number), inputs).ok_or_else(refused)?;
        Ok(Outputs::one(items_of(step, input).collect()))
    }
}
