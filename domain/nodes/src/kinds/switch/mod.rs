//! **Switch**: sends each item to the output whose rule it fulfils, or to the output that an expression names.
//!
//! before: `[{"size":"S"},{"size":"L"}]`
//! with: `{"rules":[{"outputKey":"S","conditions":{"conditions":[{"leftValue":"={{ $json.size }}","rightValue":"S",
//! "operator":{"type":"string","operation":"equals"}}]}},
//! {"outputKey":"L","conditions":{"conditions":[{"leftValue":"={{ $json.size }}","rightValue":"L",
//! "operator":{"type":"string","operation":"equals"}}]}}]}`
//! after: S `[{"size":"S"}]`, L `[{"size":"L"}]`

mod form;
mod n8n;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use serde::Deserialize;
use weft_value::{Item, Value};

use crate::condition::{Conditions, Reading};
use crate::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Port, Ports, Problem, Retried, Step,
    Transform, TransformKind, Unsupported, for_each_item, label, parameters, port,
};

/// The kind.
pub struct Switch;

/// The most outputs that a node may have; a hundred are more than anybody can wire.
const MOST_OUTPUTS: usize = 100;
/// How many outputs an expression chooses from, where nobody says so.
const DEFAULT_OUTPUTS: usize = 4;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "switch",
    version: 1,
    label: label("Switch", "Aiguiller"),
    description: label(
        "Sends each item to the output whose rule it fulfils.",
        "Envoie chaque élément vers la sortie dont il remplit la règle.",
    ),
    group: Group::Flow,
    icon: "split",
    color: "green",
    subtitle: Some("{mode}"),
    inputs: vec![port("main")],
    outputs: Vec::new(),
    parameters: form::form(),
    retried: Retried::Pure,
    documentation: label(
        "Rules are looked at from the first to the last, and the first that holds decides. An item that fulfils none goes to the \
         fallback output, if there is one.",
        "Les règles sont examinées de la première à la dernière, et la première qui est remplie décide. Un élément qui n’en remplit \
         aucune va vers la sortie de repli, s’il y en a une.",
    ),
});

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    mode: Mode,
    #[serde(default)]
    rules: Vec<Rule>,
    #[serde(default)]
    number_outputs: Option<f64>,
    #[serde(default)]
    output: Field,
    #[serde(default)]
    loose_type_validation: bool,
    #[serde(default)]
    options: Options,
}

#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Mode {
    Rules,
    Expression,
}

#[derive(Deserialize)]
struct Rule {
    #[serde(default)]
    conditions: Conditions,
    output: Option<f64>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    fallback_output: Fallback,
    all_matching_outputs: bool,
    ignore_case: bool,
}

/// Where items go that fulfil no rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(try_from = "serde_json::Value")]
enum Fallback {
    /// Nowhere.
    #[default]
    None,
    /// To an output of their own, behind all others.
    Extra,
    /// To this output.
    Output(usize),
}

impl TryFrom<serde_json::Value> for Fallback {
    type Error = String;

    fn try_from(written: serde_json::Value) -> Result<Self, String> {
        let number = written.as_f64().or_else(|| written.as_str()?.trim().parse().ok());
        match (written.as_str(), number) {
            (None, None) if written.is_null() => Ok(Self::None),
            (Some("" | "none"), _) => Ok(Self::None),
            (Some("extra"), _) => Ok(Self::Extra),
            (_, Some(number)) => whole(number).map(Self::Output).ok_or_else(|| format!("there is no output {number}")),
            _ => Err("it is “none”, “extra”, or the number of an output".to_owned()),
        }
    }
}

/// The number of an output.
fn whole(number: f64) -> Option<usize> {
    (number >= 0.0 && number.fract() == 0.0 && number < MOST_OUTPUTS as f64).then_some(number as usize)
}

/// How many outputs there are to be.
fn count(number: f64) -> Option<usize> {
    (number >= 1.0).then_some(())?;
    whole(number - 1.0).map(|last| last + 1)
}

/// The outputs of a node, as its parameters name them.
fn outputs(given: &Value) -> Vec<Port> {
    let asked = given.get("numberOutputs").as_f64().and_then(count);
    let numbered = |count: usize| (0..count).map(|number| port(number.to_string()));
    if given.get("mode").as_str() == Some("expression") {
        return numbered(asked.unwrap_or(DEFAULT_OUTPUTS)).collect();
    }
    let rules = given.get("rules").as_array().unwrap_or_default();
    let rules = &rules[..rules.len().min(MOST_OUTPUTS)];
    let mut ports: Vec<Port> = numbered(asked.unwrap_or_default()).collect();
    for (place, rule) in rules.iter().enumerate() {
        let output = rule.get("output").as_f64().map_or(Some(place), whole).unwrap_or_default();
        let known = ports.len();
        ports.extend((known..=output).map(|number| port(number.to_string())));
        if let Some(name) = rule.get("outputKey").as_str().filter(|name| !name.is_empty()) {
            name.clone_into(&mut ports[output].name);
        }
    }
    let options = given.get("options");
    if options.get("fallbackOutput").as_str() == Some("extra") {
        let name = options.get("renameFallbackOutput").as_str().filter(|name| !name.is_empty());
        ports.push(port(name.unwrap_or("fallback")));
    }
    ports
}

impl NodeKind for Switch {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn ports(&self, parameters: &Value) -> Ports {
        Ports { inputs: DESCRIPTOR.inputs.clone(), outputs: outputs(parameters), required_inputs: 1 }
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.switch"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        n8n::import(node)
    }
}

impl TransformKind for Switch {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        let parameters: Parameters = parameters(&DESCRIPTOR, given)?;
        let problems = parameters.problems();
        if !problems.is_empty() {
            return Err(problems);
        }
        let outputs = outputs(given).len();
        Ok(Box::new(Node { parameters, outputs }))
    }
}

impl Parameters {
    /// Numbers of outputs that cannot be.
    fn problems(&self) -> Vec<Problem> {
        let invalid = |message: String, field: String| Problem::error("parameter_invalid", message, field);
        let mut problems = Vec::new();
        if let Some(asked) = self.number_outputs.filter(|asked| count(*asked).is_none()) {
            let message = format!("A switch has 1 to {MOST_OUTPUTS} outputs, but not {asked}.");
            problems.push(invalid(message, "numberOutputs".to_owned()));
        }
        if self.rules.len() > MOST_OUTPUTS {
            let message = format!("A switch has {MOST_OUTPUTS} rules at most, but these are {}.", self.rules.len());
            problems.push(invalid(message, "rules".to_owned()));
        }
        for (place, rule) in self.rules.iter().enumerate() {
            if let Some(output) = rule.output.filter(|output| whole(*output).is_none()) {
                let message = format!("Outputs are numbered from 0 to {}: there is no {output}.", MOST_OUTPUTS - 1);
                problems.push(invalid(message, format!("rules[{place}].output")));
            }
        }
        problems
    }
}

struct Node {
    parameters: Parameters,
    /// How many outputs there are, the extra one included.
    outputs: usize,
}

impl Transform for Node {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        let mut lists: Vec<Vec<Item>> = vec![Vec::new(); self.outputs];
        let failed = for_each_item(step, |index, item| {
            let targets = self.targets(step, index)?;
            for at in targets {
                lists[at].push(item.clone().paired_with(index));
            }
            Ok(())
        })?;
        Ok(Outputs { failed, ..Outputs::many(lists) })
    }

    fn is_itemwise(&self) -> bool {
        true
    }
}

impl Node {
    /// The outputs that an item goes to, none of them twice.
    fn targets(&self, step: &dyn Step, item: usize) -> Result<Vec<usize>, NodeError> {
        let Parameters { mode, rules, output, options, .. } = &self.parameters;
        if *mode == Mode::Expression {
            let output = output.number(step, item, "output")?;
            return Ok(vec![self.existing(whole(output), output, "output")?]);
        }
        let reading = Reading { loose: self.parameters.loose_type_validation, ignore_case: options.ignore_case };
        let mut targets = Vec::new();
        for (place, rule) in rules.iter().enumerate() {
            let holds = rule.conditions.hold(step, item, reading).map_err(|mut error| {
                let inside = error.field.take().unwrap_or_else(|| "conditions".to_owned());
                error.in_field(format!("rules[{place}].{inside}"))
            })?;
            let target = rule.output.map_or(Some(place), whole).unwrap_or_default();
            if holds && !targets.contains(&target) {
                targets.push(target);
                if !options.all_matching_outputs {
                    return Ok(targets);
                }
            }
        }
        if targets.is_empty() {
            match options.fallback_output {
                Fallback::None => {}
                Fallback::Extra => targets.push(self.outputs - 1),
                Fallback::Output(at) => targets.push(self.existing(Some(at), at as f64, "options.fallbackOutput")?),
            }
        }
        Ok(targets)
    }

    fn existing(&self, output: Option<usize>, asked: f64, field: &str) -> Result<usize, NodeError> {
        output.filter(|output| *output < self.outputs).ok_or_else(|| {
            let last = self.outputs.saturating_sub(1);
            NodeError::new("switch_output", format!("There is no output {asked}: they are numbered from 0 to {last}."))
                .in_field(field)
        })
    }
}
