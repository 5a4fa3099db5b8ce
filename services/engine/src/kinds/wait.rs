//! **Wait**: passes its items on after some time.
//!
//! before: `[{"a":1}]` · after five minutes: `[{"a":1}]`

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use weft_nodes::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType, Problem,
    Retried, Step, Unsupported, choice, field, label, parameters, port,
};
use weft_value::Value;

use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::clock::later;
use crate::execution::{StepView, passed_on};

/// The kind.
pub struct Wait;

/// The longest wait: ten years.
const MAX_SECONDS: f64 = 10.0 * 366.0 * 86_400.0;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "wait",
    version: 1,
    label: label("Wait", "Attendre"),
    description: label("Passes its items on after some time.", "Transmet ses éléments après un certain temps."),
    group: Group::Flow,
    icon: "clock",
    color: "yellow",
    subtitle: Some("{amount} {unit}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "A waiting execution takes no memory and survives a restart of the server.",
        "Une exécution en attente n’occupe pas de mémoire et survit à un redémarrage du serveur.",
    ),
});

fn form() -> Vec<Parameter> {
    vec![
        field(ParameterType::Options, "resume", label("Go on", "Reprendre"))
            .or("timeInterval")
            .choices([choice("timeInterval", label("After some time", "Après un certain temps"))]),
        field(ParameterType::Number, "amount", label("Amount", "Durée")).or(5).between(0.0, MAX_SECONDS),
        field(ParameterType::Options, "unit", label("Unit", "Unité")).or("seconds").choices([
            choice("seconds", label("Seconds", "Secondes")),
            choice("minutes", label("Minutes", "Minutes")),
            choice("hours", label("Hours", "Heures")),
            choice("days", label("Days", "Jours")),
        ]),
    ]
}

#[derive(Deserialize)]
struct Parameters {
    amount: Field,
    unit: Unit,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Unit {
    Seconds,
    Minutes,
    Hours,
    Days,
}

impl Unit {
    fn seconds(self) -> f64 {
        match self {
            Self::Seconds => 1.0,
            Self::Minutes => 60.0,
            Self::Hours => 3600.0,
            Self::Days => 86_400.0,
        }
    }
}

impl NodeKind for Wait {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.wait"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let (type_version, given) = (node.version, node.parameters);
        if let Some(other) = given.get("resume").as_str().filter(|resume| *resume != "timeInterval") {
            let message = format!("Waiting for “{other}” is not there yet; only waiting for some time is.");
            return Err(Unsupported { message, field: Some("resume".into()) });
        }
        let mut new = given.as_object().cloned().unwrap_or_default();
        // The first version waited an hour unless told otherwise, the next one five seconds.
        if type_version < 1.1 {
            if !new.contains_key("amount") {
                new.insert("amount", 1);
            }
            if !new.contains_key("unit") {
                new.insert("unit", "hours");
            }
        }
        Ok(Value::from(new).into())
    }
}

impl ActionKind for Wait {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

#[async_trait]
impl Action for Parameters {
    fn retried(&self) -> Retried {
        Retried::Pure
    }

    async fn run(&self, step: Arc<StepView>, _services: &Services) -> Result<Acted, ActFailure> {
        let length = self.length(step.as_ref())?;
        let outputs = Outputs { ports: vec![passed_on(&step.shared_input(0))], ..Outputs::default() };
        let wait_until = (!length.is_zero()).then(|| later(step.now, length));
        Ok(Acted { wait_until, ..Acted::outputs(outputs) })
    }
}

impl Parameters {
    fn length(&self, step: &dyn Step) -> Result<Duration, NodeError> {
        let seconds = self.amount.number(step, 0, "amount")? * self.unit.seconds();
        if (0.0..=MAX_SECONDS).contains(&seconds) {
            return Ok(Duration::from_secs_f64(seconds));
        }
        let message = "A wait lasts between no time and ten years.";
        Err(NodeError::new("parameter", message).in_field("amount").finally())
    }
}

#[cfg(test)]
mod tests {
    use weft_nodes::testing::{TestStep, import};
    use weft_value::from_json;

    use super::*;

    #[test]
    fn a_wait_has_a_length() {
        for (node, seconds) in [
            ("{}", Some(5.0)),
            (r#"{"amount":2,"unit":"minutes"}"#, Some(120.0)),
            (r#"{"amount":0.5,"unit":"seconds"}"#, Some(0.5)),
            (r#"{"amount":"1","unit":"days"}"#, Some(86_400.0)),
            (r#"{"amount":-1}"#, None),
            (r#"{"amount":"soon"}"#, None),
        ] {
            let parameters: Parameters = parameters(&DESCRIPTOR, &from_json(node).unwrap()).unwrap();
            let length = parameters.length(&TestStep::new(&["[{}]"])).ok().map(|length| length.as_secs_f64());
            assert_eq!(length, seconds, "{node}");
        }
    }

    #[test]
    fn the_first_version_of_n8n_waited_an_hour() {
        assert_eq!(import(&Wait, 1.0, "{}").unwrap().parameters.to_json(), r#"{"amount":1,"unit":"hours"}"#);
        assert!(import(&Wait, 1.1, r#"{"resume":"webhook"}"#).is_err());
    }
}
