//! The settings of a workflow.

use weft_model::limits::is_time_zone;
use weft_model::{Callers, ErrorWorkflow, ExecutionOrder, Settings};
use weft_value::Value;

use super::Reader;
use crate::{Entry, Outcome};

/// What our executions do for every workflow, or what has no meaning outside of n8n.
const MEANINGLESS: &[&str] = &[
    "saveDataErrorExecution",
    "saveDataSuccessExecution",
    "saveManualExecutions",
    "saveExecutionProgress",
    "binaryMode",
    "timeSavedMode",
    "timeSavedPerExecution",
    "availableInMCP",
];

impl Reader<'_> {
    /// What the file says in its settings; `own_id` is what n8n knows the workflow by.
    pub(super) fn settings(&mut self, json: &Value, own_id: &Value) -> Settings {
        let settings = Settings {
            timezone: self.timezone(json.get("timezone")),
            execution_order: order(json.get("executionOrder")),
            timeout_seconds: json.get("executionTimeout").as_f64().filter(|s| *s >= 1.0).map(|s| s as u64),
            callers: self.callers(json),
            error_workflow: self.error_workflow(json.get("errorWorkflow"), own_id),
            ..Settings::default()
        };
        if settings.execution_order == ExecutionOrder::V0 {
            let message =
                "The workflow is older than n8n 1.0 or says so: its branches are executed in the old order (v0).";
            self.report.push(Entry::of_workflow(Outcome::Mapped, message));
        }
        let known = ["timezone", "executionOrder", "executionTimeout", "callerPolicy", "callerIds", "errorWorkflow"];
        for (key, value) in json.as_object().into_iter().flatten() {
            let is_meant = !known.contains(&key.as_str()) && !MEANINGLESS.contains(&key.as_str());
            if is_meant && !value.is_nullish() {
                let message = format!("The setting “{key}” has no counterpart here.");
                self.report.push(Entry::of_workflow(Outcome::LeftOut, message));
            }
        }
        settings
    }

    /// Which workflows may execute this one. Whose workflow it is makes no difference inside of a tenant, and n8n's ids mean
    /// nothing here but those of the same file.
    fn callers(&mut self, json: &Value) -> Callers {
        match json.get("callerPolicy").as_str() {
            Some("none") => Callers::Nobody,
            Some("workflowsFromAList") => {
                let listed = json.get("callerIds").as_str().unwrap_or_default().split(',').map(str::trim);
                let listed: Vec<_> = listed.filter(|id| !id.is_empty()).collect();
                let known: Vec<_> = listed.iter().filter_map(|id| self.sibling(&Value::from(*id))).collect();
                if known.is_empty() {
                    let message = "Only some workflows might execute this one; name them again, until then none does.";
                    self.report.push(Entry::of_workflow(Outcome::Defaulted, message));
                } else if known.len() < listed.len() {
                    let message =
                        "Some of the workflows that might execute this one are not in the file; name them again.";
                    self.report.push(Entry::of_workflow(Outcome::Defaulted, message));
                }
                Callers::Only(known)
            }
            _ => Callers::Everyone,
        }
    }

    /// Who is told of failures. A workflow that tells itself does so here without being named; the ids of others mean nothing
    /// but in the same file.
    fn error_workflow(&mut self, json: &Value, own_id: &Value) -> ErrorWorkflow {
        let named = json.as_str().filter(|id| !id.is_empty() && *id != "DEFAULT" && Some(*id) != own_id.as_str());
        if let Some(id) = named {
            if let Some(sibling) = self.sibling(json) {
                return ErrorWorkflow::Workflow(sibling);
            }
            let message = format!(
                "Another workflow was executed when this one failed (“{id}”). Choose it again in the settings of the workflow."
            );
            self.report.push(Entry::of_workflow(Outcome::Defaulted, message));
        }
        ErrorWorkflow::Default
    }

    /// A time zone that we know. `DEFAULT` is n8n's word for the installation's.
    fn timezone(&mut self, json: &Value) -> Option<String> {
        let zone = json.as_str().filter(|zone| !zone.is_empty() && *zone != "DEFAULT")?;
        if is_time_zone(zone) {
            return Some(zone.to_owned());
        }
        let message = format!("The time zone “{zone}” is unknown; the tenant's is used.");
        self.report.push(Entry::of_workflow(Outcome::Defaulted, message));
        None
    }
}

/// Only v1 is written into files; what has nothing is older.
fn order(json: &Value) -> ExecutionOrder {
    if json.as_str() == Some("v1") { ExecutionOrder::V1 } else { ExecutionOrder::V0 }
}
