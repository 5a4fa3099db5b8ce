//! Combines everything with everything: every item of an input with every item of the others.

use serde::Deserialize;
use weft_value::Item;

use super::at;
use super::clash::{ClashHandling, Part};
use crate::matching::refuse_over;
use crate::{NodeError, Outputs, Step, Transform};

/// The parameters of the mode.
#[derive(Debug, Deserialize)]
pub(super) struct Combinations {
    #[serde(default)]
    options: Options,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    clash_handling: ClashHandling,
}

impl Transform for Combinations {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        let clash = &self.options.clash_handling;
        let inputs = step.input_count();
        let preferred = clash.preferred(inputs).unwrap_or(inputs.saturating_sub(1));
        // The preferred input comes last, so that its fields win.
        let order: Vec<usize> = (0..inputs).filter(|input| *input != preferred).chain([preferred]).collect();
        let lengths: Vec<usize> = order.iter().map(|input| step.input(*input).len()).collect();
        if lengths.contains(&0) {
            return Ok(Outputs::one(Vec::new()));
        }
        let count = lengths.iter().fold(1_usize, |count, length| count.saturating_mul(*length));
        refuse_over(count, "All combinations of the items")?;
        let combination = |number: usize| -> Item {
            let places = places(number, &lengths);
            let part =
                |(input, place): (&usize, usize)| Part { item: &step.input(*input)[place], place: at(place, *input) };
            let parts: Vec<Part<'_>> = order.iter().zip(places).map(part).collect();
            clash.join(&parts)
        };
        Ok(Outputs::one((0..count).map(combination).collect()))
    }
}

/// The places of the items of combination `number`: the last list is gone through first.
fn places(number: usize, lengths: &[usize]) -> Vec<usize> {
    let mut rest = number;
    let mut places = vec![0; lengths.len()];
    for (place, length) in places.iter_mut().zip(lengths).rev() {
        *place = rest % length;
        rest /= length;
    }
    places
}
