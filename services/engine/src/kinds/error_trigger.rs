//! **Error trigger**: starts the workflow when an execution of another one, or of this one, fails.
//!
//! after: `[{"execution":{"id":"…","url":"https://…","error":{"name":"…","message":"…","stack":"…"},"lastNodeExecuted":"Ask",
//! "mode":"webhook"},"workflow":{"id":"…","name":"Orders"}}]`

use std::sync::LazyLock;

use serde::Deserialize;
use weft_model::execution::StepError;
use weft_model::{ExecutionId, WorkflowId};
use weft_nodes::{Descriptor, Group, NodeKind, Problem, Retried, label, parameters, port};
use weft_value::{Object, Value};

use crate::PlanNode;
use crate::action::{Trigger, TriggerKind};

/// The kind.
pub struct ErrorTrigger;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "errorTrigger",
    version: 1,
    label: label("Error trigger", "Déclencheur d’erreur"),
    description: label(
        "Starts the workflow when an execution of another one fails.",
        "Démarre le workflow quand une exécution d’un autre échoue.",
    ),
    group: Group::Trigger,
    icon: "circle-alert",
    color: "red",
    subtitle: None,
    inputs: Vec::new(),
    outputs: vec![port("main")],
    parameters: Vec::new(),
    retried: Retried::Pure,
    documentation: label(
        "Publish this workflow and choose it as error workflow in the settings of others, or as the default for all. Without a \
         choice, a workflow that has this trigger is told of its own failures. Only executions of published versions count, and \
         the failure of an error workflow starts nothing.",
        "Publiez ce workflow et choisissez-le comme workflow d’erreur dans les réglages d’autres, ou par défaut pour tous. Sans \
         choix, un workflow qui a ce déclencheur apprend ses propres échecs. Seules comptent les exécutions des versions \
         publiées, et l’échec d’un workflow d’erreur ne démarre rien.",
    ),
});

#[derive(Deserialize)]
struct Nothing {}

impl NodeKind for ErrorTrigger {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.errorTrigger"]
    }
}

impl TriggerKind for ErrorTrigger {
    fn prepare(&self, given: &Value) -> Result<Trigger, Vec<Problem>> {
        let Nothing {} = parameters(&DESCRIPTOR, given)?;
        Ok(Trigger::Failure)
    }
}

/// Whether `kind@version` is this kind.
pub(crate) fn is_kind(kind: &str) -> bool {
    kind.split('@').next() == Some(DESCRIPTOR.kind)
}

/// What comes, for whoever tries the workflow out.
pub(crate) fn example() -> Value {
    let error = object([
        ("name", "NodeOperationError".into()),
        ("message", "Example of an error".into()),
        ("code", "example".into()),
        ("stack", "NodeOperationError: Example of an error\n    at “Node with an error”".into()),
    ]);
    let execution = object([
        ("id", "00000000-0000-0000-0000-000000000231".into()),
        ("url", "https://example.com/executions/231".into()),
        ("retryOf", "00000000-0000-0000-0000-000000000034".into()),
        ("error", error),
        ("lastNodeExecuted", "Node with an error".into()),
        ("mode", "manual".into()),
    ]);
    let workflow = object([("id", "00000000-0000-0000-0000-000000000001".into()), ("name", "Example workflow".into())]);
    object([("execution", execution), ("workflow", workflow)])
}

fn object<const N: usize>(entries: [(&str, Value); N]) -> Value {
    entries.into_iter().filter(|(_, value)| !value.is_undefined()).collect::<Object>().into()
}

/// An execution that failed, as the error workflow is told of it.
pub(crate) struct Failure<'a> {
    pub(crate) execution: ExecutionId,
    pub(crate) url: Option<String>,
    pub(crate) retry_of: Option<ExecutionId>,
    pub(crate) error: &'a StepError,
    /// The node at fault.
    pub(crate) node: Option<&'a PlanNode>,
    pub(crate) last_node: Option<&'a PlanNode>,
    pub(crate) trigger_kind: &'a str,
    /// Whether a step of another execution asked for it.
    pub(crate) is_called: bool,
    pub(crate) workflow: WorkflowId,
    pub(crate) workflow_name: Option<&'a str>,
}

impl Failure<'_> {
    /// The item, as n8n's Error trigger gives it.
    pub(crate) fn into_value(self) -> Value {
        let text = |text: Option<String>| text.map_or(Value::Undefined, Value::from);
        let execution = object([
            ("id", self.execution.to_string().into()),
            ("url", text(self.url.clone())),
            ("retryOf", text(self.retry_of.map(|of| of.to_string()))),
            ("error", self.error_value()),
            ("lastNodeExecuted", text(self.last_node.map(|node| node.name.clone()))),
            ("mode", self.mode().into()),
        ]);
        let workflow =
            object([("id", self.workflow.to_string().into()), ("name", text(self.workflow_name.map(str::to_owned)))]);
        object([("execution", execution), ("workflow", workflow)])
    }

    fn error_value(&self) -> Value {
        let (error, name) = (self.error, self.error_name());
        let place = self.node.map(|node| format!("\n    at “{}” ({})", node.name, node.kind)).unwrap_or_default();
        let causes = error.causes.iter().fold(String::new(), |said, cause| said + "\n    caused by: " + cause);
        let node = self.node.map_or(Value::Undefined, |node| {
            object([
                ("id", node.id.to_string().into()),
                ("name", node.name.as_str().into()),
                ("type", node.kind.split('@').next().unwrap_or_default().into()),
            ])
        });
        object([
            ("name", name.into()),
            ("message", error.message.as_str().into()),
            ("description", error.description.as_deref().map_or(Value::Undefined, Value::from)),
            ("code", error.code.as_str().into()),
            ("node", node),
            ("stack", format!("{name}: {}{place}{causes}", error.message).into()),
        ])
    }

    /// n8n's words: what another server answered, an expression, a node, and everything that no node is at fault for.
    fn error_name(&self) -> &'static str {
        match self.error.code.as_str() {
            code if code.starts_with("http") => "NodeApiError",
            code if code.starts_with("expression") => "ExpressionError",
            _ if self.error.node.is_some() => "NodeOperationError",
            _ => "WorkflowOperationError",
        }
    }

    /// n8n's words for who started it.
    fn mode(&self) -> &'static str {
        if self.retry_of.is_some() {
            return "retry";
        }
        if self.is_called {
            return "integrated";
        }
        match self.trigger_kind.split('@').next().unwrap_or_default() {
            "webhook" | "formTrigger" => "webhook",
            "manualTrigger" => "manual",
            _ => "trigger",
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;
    use weft_nodes::testing::import;
    use weft_value::from_json;

    use super::*;

    fn told(error: &StepError, trigger_kind: &str, change: impl FnOnce(&mut Failure<'_>)) -> Value {
        let mut failure = Failure {
            execution: ExecutionId(Uuid::from_u128(7)),
            url: None,
            retry_of: None,
            error,
            node: None,
            last_node: None,
            trigger_kind,
            is_called: false,
            workflow: WorkflowId(Uuid::from_u128(2)),
            workflow_name: Some("Commandes é"),
        };
        change(&mut failure);
        failure.into_value()
    }

    #[test]
    fn a_failure_looks_like_that_of_n8n() {
        let error = StepError { causes: vec!["no route".into()], ..StepError::of("http_status", "It answered 500.") };
        let value = told(&error, "webhook@2", |failure| failure.url = Some("https://acme.test/executions/7".into()));
        assert_eq!(
            value.to_json(),
            r#"{"execution":{"id":"00000000-0000-0000-0000-000000000007","url":"https://acme.test/executions/7","error":{"name":"NodeApiError","message":"It answered 500.","code":"http_status","stack":"NodeApiError: It answered 500.\n    caused by: no route"},"mode":"webhook"},"workflow":{"id":"00000000-0000-0000-0000-000000000002","name":"Commandes é"}}"#
        );
    }

    #[test]
    fn who_started_it_and_what_went_wrong_have_n8ns_words() {
        let of = |code: &str, node: bool| StepError {
            node: node.then(|| weft_model::NodeId(Uuid::from_u128(1))),
            ..StepError::of(code, "x")
        };
        for (error, name) in [
            (of("expression", true), "ExpressionError"),
            (of("parameters", true), "NodeOperationError"),
            (of("timeout", false), "WorkflowOperationError"),
        ] {
            let value = told(&error, "scheduleTrigger@1", |_| {});
            assert_eq!(value.get("execution").get("error").get("name").as_str(), Some(name));
            assert_eq!(value.get("execution").get("mode").as_str(), Some("trigger"));
        }
        let error = of("timeout", false);
        let mode = |change: fn(&mut Failure<'_>)| {
            told(&error, "manualTrigger@1", change).get("execution").get("mode").to_json()
        };
        assert_eq!(mode(|_| {}), "\"manual\"");
        assert_eq!(mode(|failure| failure.is_called = true), "\"integrated\"");
        assert_eq!(mode(|failure| failure.retry_of = Some(failure.execution)), "\"retry\"");
    }

    #[test]
    fn it_has_no_parameters_and_is_n8ns() {
        assert!(matches!(ErrorTrigger.prepare(&from_json("{}").unwrap()), Ok(Trigger::Failure)));
        assert_eq!(import(&ErrorTrigger, 1.0, "{}").unwrap().parameters.to_json(), "{}");
        assert!(is_kind("errorTrigger@1") && !is_kind("manualTrigger@1"));
    }
}
