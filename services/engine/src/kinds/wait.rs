//! **Wait**: passes its items on after some time.
//!
//! before: `[{"a":1}]` · after five minutes, or at midnight: `[{"a":1}]`

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::Deserialize;
use weft_nodes::{
    Descriptor, Field, FieldType, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType,
    Problem, Retried, Step, Unsupported, choice, coerce, field, label, parameters, port,
};
use weft_value::{Object, Value};

use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::clock::later;
use crate::execution::{StepView, passed_on};

/// The kind.
pub struct Wait;

/// The longest wait: ten years.
const MAX_SECONDS: f64 = 10.0 * 366.0 * 86_400.0;
const TOO_LONG: &str = "A wait lasts between no time and ten years.";

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "wait",
    version: 1,
    label: label("Wait", "Attendre"),
    description: label("Passes its items on later.", "Transmet ses éléments plus tard."),
    group: Group::Flow,
    icon: "clock",
    color: "yellow",
    subtitle: Some("{amount} {unit} {dateTime}"),
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
            .choices([
                choice("timeInterval", label("After some time", "Après un certain temps")),
                choice("specificTime", label("At a moment", "À un moment précis")),
            ]),
        field(ParameterType::Number, "amount", label("Amount", "Durée"))
            .or(5)
            .between(0.0, MAX_SECONDS)
            .when("resume", ["timeInterval"]),
        field(ParameterType::Options, "unit", label("Unit", "Unité"))
            .or("seconds")
            .choices([
                choice("seconds", label("Seconds", "Secondes")),
                choice("minutes", label("Minutes", "Minutes")),
                choice("hours", label("Hours", "Heures")),
                choice("days", label("Days", "Jours")),
            ])
            .when("resume", ["timeInterval"]),
        field(ParameterType::DateTime, "dateTime", label("Moment", "Moment"))
            .required()
            .example("2026-12-24T18:00:00")
            .when("resume", ["specificTime"])
            .help(
                "Without an offset it is read in the time zone of the workflow. A moment that has passed does not keep anybody waiting.",
                "Sans décalage horaire, il est lu dans le fuseau du workflow. Un moment passé ne fait attendre personne.",
            ),
    ]
}

#[derive(Deserialize)]
#[serde(tag = "resume", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Parameters {
    TimeInterval { amount: Field, unit: Unit },
    SpecificTime { date_time: Field },
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
        let given = node.parameters;
        let resume = given.get("resume").as_str().unwrap_or("timeInterval");
        // The first version waited an hour unless told otherwise, the next one five seconds.
        let (amount, unit) = if node.version < 1.1 { (1, "hours") } else { (5, "seconds") };
        let or = |key: &str, default: Value| {
            Some(given.get(key)).filter(|given| !given.is_undefined()).cloned().unwrap_or(default)
        };
        let entries = match resume {
            "timeInterval" => vec![("amount", or("amount", amount.into())), ("unit", or("unit", unit.into()))],
            "specificTime" => vec![("resume", resume.into()), ("dateTime", given.get("dateTime").clone())],
            other => {
                let message =
                    format!("Waiting for “{other}” is not there yet; waiting for some time or for a moment is.");
                return Err(Unsupported { message, field: Some("resume".into()) });
            }
        };
        Ok(Value::from(entries.into_iter().collect::<Object>()).into())
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
        let until = self.until(step.as_ref())?;
        let outputs = Outputs { ports: vec![passed_on(&step.shared_input(0))], ..Outputs::default() };
        Ok(Acted { wait_until: Some(until).filter(|until| *until > step.now), ..Acted::outputs(outputs) })
    }
}

impl Parameters {
    fn until(&self, step: &dyn Step) -> Result<Timestamp, NodeError> {
        let refused = |field: &str, message: &str| NodeError::new("parameter", message).in_field(field).finally();
        match self {
            Self::TimeInterval { amount, unit } => {
                let seconds = amount.number(step, 0, "amount")? * unit.seconds();
                if (0.0..=MAX_SECONDS).contains(&seconds) {
                    return Ok(later(step.now(), Duration::from_secs_f64(seconds)));
                }
                Err(refused("amount", TOO_LONG))
            }
            Self::SpecificTime { date_time } => {
                let given = date_time.resolve(step, 0)?;
                let read = coerce("dateTime", &given, FieldType::DateTime, false, step.time_zone());
                let Ok(Value::DateTime(moment)) = read else {
                    let message = format!("“{}” is not a moment. Give one like 2026-12-24T18:00:00.", given.to_json());
                    return Err(refused("dateTime", &message));
                };
                let until = moment.zoned().timestamp();
                if until > later(step.now(), Duration::from_secs_f64(MAX_SECONDS)) {
                    return Err(refused("dateTime", TOO_LONG));
                }
                Ok(until)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use weft_nodes::testing::{TestStep, import};
    use weft_value::from_json;

    use super::*;

    /// When a wait that begins at the Unix epoch ends, in seconds after it.
    fn ends(node: &str) -> Option<f64> {
        let prepared: Parameters = parameters(&DESCRIPTOR, &from_json(node).unwrap()).unwrap();
        let until = prepared.until(&TestStep::new(&["[{}]"])).ok()?;
        Some(until.as_millisecond() as f64 / 1000.0)
    }

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
            assert_eq!(ends(node), seconds, "{node}");
        }
    }

    #[test]
    fn a_wait_may_end_at_a_moment() {
        for (moment, seconds) in [
            (r#""1970-01-02T00:00:00Z""#, Some(86_400.0)),
            (r#""1970-01-01T02:00:00+01:00""#, Some(3600.0)),
            (r#""1970-01-01T00:01:00""#, Some(60.0)),
            (r#""1969-12-31T00:00:00Z""#, Some(-86_400.0)),
            (r#""2020-01-01T00:00:00Z""#, None),
            (r#""next week""#, None),
            ("{}", None),
        ] {
            assert_eq!(ends(&format!(r#"{{"resume":"specificTime","dateTime":{moment}}}"#)), seconds, "{moment}");
        }
    }

    #[test]
    fn versions_of_n8n_differ_in_what_they_wait_for() {
        for (version, node, ours) in [
            (1.0, "{}", r#"{"amount":1,"unit":"hours"}"#),
            (1.1, r#"{"unit":"days"}"#, r#"{"amount":5,"unit":"days"}"#),
            (
                1.1,
                r#"{"resume":"specificTime","dateTime":"2026-01-01T00:00:00"}"#,
                r#"{"resume":"specificTime","dateTime":"2026-01-01T00:00:00"}"#,
            ),
        ] {
            assert_eq!(import(&Wait, version, node).unwrap().parameters.to_json(), ours);
        }
        assert!(import(&Wait, 1.1, r#"{"resume":"webhook"}"#).is_err());
    }
}
