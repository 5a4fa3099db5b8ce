//! Combines by position: the first items of all inputs, the second ones, and so on.

use std::sync::Arc;

use serde::Deserialize;
use weft_value::{Item, Value};

use super::clash::{ClashHandling, Part};
use super::{at, items_of};
use crate::descriptor::{choice, field};
use crate::{NodeError, Outputs, Parameter, ParameterType, Step, Transform, label};

/// The parameters of the mode.
#[derive(Debug, Deserialize)]
pub(super) struct ByPosition {
    #[serde(default)]
    options: Options,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the form or of an imported node")]
struct Options {
    include_unpaired: bool,
    unpaired_from: UnpairedFrom,
    skip_empty_inputs: bool,
    clash_handling: ClashHandling,
    /// Where every name gets the number of its input, the fields of the last input stand there under their own names, too.
    /// Imported nodes do so from version 3 on.
    keeps_names_of_last: bool,
    /// The fields of the preferred input stand behind all others, instead of where its place among the inputs is. Imported nodes
    /// do so before version 3.
    preferred_last: bool,
}

/// Whose items are kept when they have no partner.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum UnpairedFrom {
    #[default]
    All,
    Input1,
}

/// The options that this way of combining has alone.
pub(super) fn options_form() -> [Parameter; 3] {
    let explained = |parameter: Parameter| parameter.help("When combining by position.", "En combinant par position.");
    let switch = |name, text| explained(field(ParameterType::Boolean, name, text).literal().or(false));
    [
        switch("includeUnpaired", label("Keep items without a partner", "Garder les éléments sans partenaire")),
        explained(field(
            ParameterType::Options,
            "unpairedFrom",
            label("Items without a partner", "Éléments sans partenaire"),
        ))
        .or("all")
        .choices([
            choice("all", label("Of all inputs", "De toutes les entrées")),
            choice("input1", label("Of input 1 only", "De l’entrée 1 seulement")),
        ])
        .when("includeUnpaired", [true]),
        switch("skipEmptyInputs", label("Leave out inputs without items", "Ignorer les entrées sans éléments")),
    ]
}

impl Transform for ByPosition {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        let mut inputs: Vec<usize> = (0..step.input_count()).collect();
        if self.options.skip_empty_inputs {
            inputs.retain(|input| !step.input(*input).is_empty());
        }
        if let [only] = inputs[..] {
            return Ok(Outputs::one(items_of(step, only).collect()));
        }
        let count = self.options.count(step, &inputs);
        Ok(Outputs::one((0..count).map(|place| self.options.join(step, &inputs, place)).collect()))
    }
}

impl Options {
    /// How many items there will be.
    fn count(&self, step: &dyn Step, inputs: &[usize]) -> usize {
        let mut lengths = inputs.iter().map(|input| step.input(*input).len());
        let count = match (self.include_unpaired, self.unpaired_from) {
            (false, _) => lengths.min(),
            (true, UnpairedFrom::All) => lengths.max(),
            (true, UnpairedFrom::Input1) => lengths.next(),
        };
        count.unwrap_or(0)
    }

    fn join(&self, step: &dyn Step, inputs: &[usize], place: usize) -> Item {
        let part = |input: usize| step.input(input).get(place).map(|item| Part { item, place: at(place, input) });
        let preferred = self.clash_handling.preferred(step.input_count()).filter(|input| inputs.last() != Some(input));
        let is_first = |input: &&usize| !self.preferred_last || Some(**input) != preferred;
        let mut parts: Vec<Part<'_>> = inputs.iter().filter(is_first).filter_map(|input| part(*input)).collect();
        // The preferred input comes once more, last: its values win, and names stay in the order of the inputs.
        parts.extend(preferred.and_then(part));
        let mut joined = self.clash_handling.join(&parts);
        let last = inputs.last().filter(|_| self.keeps_names_of_last && self.clash_handling.adds_suffix());
        if let (Value::Object(json), Some(last)) = (&mut joined.json, last.and_then(|input| part(*input))) {
            let json = Arc::make_mut(json);
            let fields = last.item.json.as_object().into_iter().flatten();
            fields.for_each(|(name, value)| json.insert(name.clone(), value.clone()));
        }
        joined
    }
}
