//! What a workflow's settings make of the first item that an execution begins with.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use weft_event_log::SlotRequest;
use weft_expressions::{Budget, ItemsScope};
use weft_model::{AtOnce, ExecutionId, Graph, WorkflowId};
use weft_nodes::Field;
use weft_value::{Item, Value};

use super::Plan;
use crate::Problem;

/// The compiled settings about executions at once and calls that come twice.
#[derive(Default)]
pub(crate) struct Keys {
    most: Option<u32>,
    most_per_key: Option<u32>,
    key: Option<Field>,
    once: Option<Field>,
}

/// What an execution begins with, and when.
#[derive(Clone, Copy)]
pub(crate) struct Beginning<'a> {
    pub(crate) workflow: WorkflowId,
    pub(crate) items: &'a [Item],
    pub(crate) now: Timestamp,
    pub(crate) zone: &'a TimeZone,
}

impl Keys {
    pub(super) fn compile(graph: &Graph, problems: &mut Vec<Problem>) -> Self {
        let AtOnce { most, key, most_per_key } = &graph.settings.at_once;
        let mut compiled = |text: &Option<String>, name: &str| {
            let text = text.as_deref().filter(|text| !text.trim().is_empty())?;
            match Field::compile(&Value::from(text), name) {
                Ok(field) => {
                    // A key is made before there is a step.
                    let beyond = field.needs_code_runner().map(|why| Problem {
                        field: Some(name.to_owned()),
                        ..Problem::error("expression", format!("A key cannot be made by the code runner. {why}"))
                    });
                    problems.extend(beyond);
                    Some(field)
                }
                Err(found) => {
                    problems.extend(found.into_iter().map(|problem| Problem {
                        field: Some(name.to_owned()),
                        ..Problem::error(problem.code, problem.message)
                    }));
                    None
                }
            }
        };
        let key = compiled(key, "settings.atOnce.key");
        let once = compiled(&graph.settings.once_key, "settings.onceKey");
        // A key without a number is for those that must not be executed at once.
        let most_per_key = key.as_ref().map(|_| most_per_key.unwrap_or(1));
        Self { most: *most, most_per_key, key, once }
    }
}

impl Plan {
    /// The slot that an execution needs in its workflow, and in its tenant where that has so many; nothing where there is no limit.
    pub(crate) fn slot(
        &self,
        execution: ExecutionId,
        begins: Beginning<'_>,
        most_of_tenant: Option<u32>,
    ) -> Option<SlotRequest> {
        let Keys { most, most_per_key, key, .. } = &self.keys;
        let key = key.as_ref().and_then(|key| digest(key, begins));
        let most_per_key = most_per_key.filter(|_| key.is_some());
        let asked = SlotRequest {
            execution,
            workflow: begins.workflow,
            key: key.unwrap_or_default(),
            most: *most,
            most_per_key,
            most_of_tenant,
        };
        (most.is_some() || most_per_key.is_some() || most_of_tenant.is_some()).then_some(asked)
    }

    /// What makes two calls one; nothing where they may be different.
    pub(crate) fn once_key(&self, begins: Beginning<'_>) -> Option<String> {
        let digest = digest(self.keys.once.as_ref()?, begins)?;
        Some(format!("once {} {}", begins.workflow, hex::encode(digest)))
    }
}

/// The first half of the SHA-256 of what a key gives for the first item; nothing where it gives nothing.
fn digest(key: &Field, begins: Beginning<'_>) -> Option<[u8; 16]> {
    let value = match key {
        Field::Constant(value) => value.clone(),
        // A text is never one of these.
        Field::Array(_) | Field::Object(_) => return None,
        Field::Expression(template) => {
            let first: Vec<_> = begins.items.first().cloned().into_iter().collect();
            let scope = ItemsScope::new(first, begins.now, begins.zone.clone());
            let evaluated = template.evaluate(&scope, &mut Budget::default());
            evaluated
                .inspect_err(|error| {
                    let error = error as &dyn std::error::Error;
                    tracing::warn!(workflow.id = %begins.workflow, error, "A key of the settings gives nothing.");
                })
                .unwrap_or_default()
        }
    };
    let text = match &value {
        Value::Undefined | Value::Null => return None,
        Value::String(text) if text.is_empty() => return None,
        Value::String(text) => text.to_string(),
        other => other.to_json(),
    };
    let mut half = [0; 16];
    half.copy_from_slice(&Sha256::digest(text.as_bytes())[..16]);
    Some(half)
}
