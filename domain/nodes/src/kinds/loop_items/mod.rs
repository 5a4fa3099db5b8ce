//! **Loop over items**: hands its items on in batches, one batch each time that it is reached, and then everything that came back.
//!
//! before: `[{"a":1},{"a":2},{"a":3}]`
//! with: `{"batchSize":2}`
//! after: done `[]`, loop `[{"a":1},{"a":2}]`; the next time loop has the third item, and then done has whatever the nodes behind
//! “loop” led back
//!
//! It keeps next to nothing: which items there are and what came back stands in its own earlier inputs, so that a loop costs the
//! same in every iteration.

mod n8n;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use serde::Deserialize;
use weft_value::{EarlierRef, Item, Object, Pairing, Value};

use crate::descriptor::{choice, field};
use crate::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, ParameterType, Port, Portion, Ports,
    Problem, Retried, Step, Transform, TransformKind, Unsupported, label, parameters, port,
};

/// The kind.
pub struct LoopItems;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "loop",
    version: 1,
    label: label("Loop over items", "Boucler sur les éléments"),
    description: label(
        "Hands its items on in batches, and everything that came back when none is left.",
        "Transmet ses éléments par lots, puis tout ce qui est revenu quand il n’en reste plus.",
    ),
    group: Group::Flow,
    icon: "repeat",
    color: "cyan",
    subtitle: Some("{batchSize}"),
    inputs: vec![port("main")],
    outputs: vec![done_port(), loop_port()],
    parameters: vec![
        field(ParameterType::Number, "batchSize", label("Items in a batch", "Éléments par lot"))
            .help(
                "How many items “loop” gives at a time, at least 1.",
                "Combien d’éléments « boucle » donne à la fois, au moins 1.",
            )
            .or(1),
        field(ParameterType::Options, "outputs", label("Outputs", "Sorties"))
            .help(
                "Which outputs there are, in this order from the top.",
                "Quelles sorties il y a, dans cet ordre d’en haut.",
            )
            .or("doneLoop")
            .choices([
                choice("doneLoop", label("Done, loop", "Terminé, boucle")),
                choice("loopDone", label("Loop, done", "Boucle, terminé")),
                choice("loop", label("Loop alone", "Boucle seule")),
            ]),
        field(ParameterType::Collection, "options", label("Options", "Options")).fields([field(
            ParameterType::Boolean,
            "reset",
            label("Start again", "Recommencer"),
        )
        .help(
            "Where this is true, what comes in is taken as new items to loop over, not as what came back. For a loop \
             in a loop.",
            "Si c’est vrai, ce qui arrive est pris pour de nouveaux éléments, et non pour ce qui revient. Pour une \
             boucle dans une boucle.",
        )]),
    ],
    retried: Retried::Pure,
    documentation: label(
        "Lead the last node of what is to be repeated back to this one. Most nodes look at every item anyway and need no loop: \
         it is for work in portions, or with a pause in between.",
        "Ramenez le dernier nœud de ce qui doit être répété vers celui-ci. La plupart des nœuds traitent déjà chaque élément et \
         n’ont pas besoin de boucle : elle sert au travail par portions, ou entrecoupé de pauses.",
    ),
});

fn done_port() -> Port {
    Port { name: "done".into(), label: Some(label("done", "terminé")) }
}

fn loop_port() -> Port {
    Port { name: "loop".into(), label: Some(label("loop", "boucle")) }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    batch_size: Field,
    outputs: Order,
    #[serde(default)]
    options: Options,
}

/// Which outputs there are.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Order {
    DoneLoop,
    LoopDone,
    Loop,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Options {
    reset: Field,
}

impl NodeKind for LoopItems {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn ports(&self, parameters: &Value) -> Ports {
        let outputs = match parameters.get("outputs").as_str() {
            Some("loopDone") => vec![loop_port(), done_port()],
            Some("loop") => vec![loop_port()],
            _ => DESCRIPTOR.outputs.clone(),
        };
        Ports { inputs: DESCRIPTOR.inputs.clone(), outputs, required_inputs: 1 }
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.splitInBatches"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        Ok(n8n::import(node))
    }
}

impl TransformKind for LoopItems {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

impl Transform for Parameters {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        let size = self.batch_size(step)?;
        // Like n8n, nothing but `true` starts again: a text is an expression that somebody got wrong.
        let starts_again = self.options.reset.resolve(step, 0)? == Value::Bool(true);
        let mut progress = match Progress::of(step) {
            Some(progress) if !starts_again => progress.next(),
            _ => Progress::begin(step),
        };
        let batch = progress.batch(step, size)?;
        progress.done = batch.is_empty();
        let done = if progress.done { progress.came_back(step)? } else { Vec::new() };
        let outputs = match self.outputs {
            Order::DoneLoop => Outputs::many([done, batch]),
            Order::LoopDone => Outputs::many([batch, done]),
            Order::Loop => Outputs::one(batch),
        };
        Ok(Outputs { context: Some(progress.to_context()), ..outputs })
    }

    fn takes_portions(&self) -> bool {
        true
    }
}

impl Parameters {
    fn batch_size(&self, step: &dyn Step) -> Result<usize, NodeError> {
        let size = self.batch_size.number(step, 0, "batchSize")?;
        if size >= 1.0 {
            // A cast of a float to an integer stops at the largest one.
            return Ok(size as usize);
        }
        let message = format!("A batch has at least one item, but “batchSize” is {size}.");
        Err(NodeError::new("parameter", message).in_field("batchSize"))
    }
}

/// How far a loop came: what the node keeps from one iteration to the next. Expressions see it as `$('Loop').context`, under
/// the names that n8n has for it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Progress {
    /// The iteration of the node that got the items to loop over.
    start: u32,
    /// How many of them were handed on.
    taken: usize,
    /// Which batch this is, from 0.
    batch: u32,
    /// How many batches there were to be.
    batches: u32,
    /// Every item was handed on.
    is_exhausted: bool,
    /// Everything came back.
    done: bool,
}

impl Progress {
    fn begin(step: &dyn Step) -> Self {
        Self { start: step.iteration(), taken: 0, batch: 0, batches: 0, is_exhausted: false, done: false }
    }

    fn of(step: &dyn Step) -> Option<Self> {
        let context = step.context();
        let number = |key: &str| context.get(key).as_f64();
        Some(Self {
            start: number("start")? as u32,
            taken: number("taken")? as usize,
            batch: number("currentRunIndex")? as u32,
            batches: number("maxRunIndex")? as u32,
            is_exhausted: context.get("noItemsLeft").as_bool()?,
            done: context.get("done").as_bool()?,
        })
    }

    fn next(self) -> Self {
        Self { batch: self.batch + 1, ..self }
    }

    fn to_context(self) -> Value {
        let context: Object = [
            ("currentRunIndex", Value::from(self.batch)),
            ("maxRunIndex", self.batches.into()),
            ("noItemsLeft", self.is_exhausted.into()),
            ("done", self.done.into()),
            ("start", self.start.into()),
            ("taken", Value::Number(self.taken as f64)),
        ]
        .into_iter()
        .collect();
        context.into()
    }

    /// The next items, paired with where they stood when the loop began.
    fn batch(&mut self, step: &dyn Step, size: usize) -> Result<Vec<Item>, NodeError> {
        let from = self.taken;
        let Portion { items, of } = step.portion(self.start, 0, from..from.saturating_add(size))?;
        if self.start == step.iteration() {
            self.batches = of.div_ceil(size) as u32;
        }
        (self.taken, self.is_exhausted) = (from + items.len(), from + items.len() >= of);
        Ok(items.into_iter().zip(from..).map(|(item, place)| paired(step, item, self.start, place)).collect())
    }

    /// What came back since the loop began, in the order in which it came.
    fn came_back(self, step: &dyn Step) -> Result<Vec<Item>, NodeError> {
        let mut all = Vec::new();
        for iteration in self.start + 1..=step.iteration() {
            let Portion { items, .. } = step.portion(iteration, 0, 0..usize::MAX)?;
            all.extend(items.into_iter().zip(0..).map(|(item, place)| paired(step, item, iteration, place)));
        }
        Ok(all)
    }
}

fn paired(step: &dyn Step, item: Item, iteration: u32, place: usize) -> Item {
    if iteration == step.iteration() {
        return item.paired_with(place);
    }
    Item { pairing: Pairing::Earlier(EarlierRef { item: place as u32, iteration }), ..item }
}
