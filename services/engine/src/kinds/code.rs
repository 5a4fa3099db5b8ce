//! **Code**: JavaScript over the items, once for all of them or once for each.
//!
//! before: `[{"n":2}]` · after: `[{"n":4}]` with `return items.map(item => ({ n: item.json.n * 2 }))`

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use serde::Deserialize;
use weft_code_runner_client::{CodeError, CodeErrorKind, CodeGlobals, CodeLimits, CodeMode, CodeRequest, Runner};
use weft_nodes::{
    Descriptor, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType, Problem, Retried,
    Step, Unsupported, choice, field, label, parameters, port,
};
use weft_value::{Item, Value};

use crate::action::{ActFailure, Acted, Action, ActionKind, LogLine, Services};
use crate::execution::StepView;

/// The kind.
pub struct Code;

const EXAMPLE: &str = "// Return the items that go on.\nreturn items;";

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "code",
    version: 1,
    label: label("Code", "Code"),
    description: label("Runs your JavaScript over the items.", "Exécute votre JavaScript sur les éléments."),
    group: Group::Code,
    icon: "code",
    color: "orange",
    subtitle: Some("{mode}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "`items` and `$input` hold what came in, `$json` the current item, `$('Name')` another node. What `console.log` says is \
         kept with the step.",
        "`items` et `$input` contiennent ce qui est reçu, `$json` l’élément courant, `$('Nom')` un autre nœud. Ce que dit \
         `console.log` est conservé avec l’étape.",
    ),
});

fn form() -> Vec<Parameter> {
    vec![
        field(ParameterType::Options, "mode", label("Mode", "Mode")).or("runOnceForAllItems").choices([
            choice("runOnceForAllItems", label("Once for all items", "Une fois pour tous les éléments")),
            choice("runOnceForEachItem", label("Once for each item", "Une fois par élément")),
        ]),
        field(ParameterType::Code, "jsCode", label("JavaScript", "JavaScript"))
            .literal()
            .language("javaScript")
            .or(EXAMPLE)
            .required()
            .rows(12),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    mode: Mode,
    js_code: Arc<str>,
}

#[derive(Clone, Copy, PartialEq, Deserialize)]
enum Mode {
    #[serde(rename = "runOnceForAllItems")]
    AllItems,
    #[serde(rename = "runOnceForEachItem")]
    EachItem,
}

impl NodeKind for Code {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.code"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let given = node.parameters;
        if let Some(language) = given.get("language").as_str().filter(|language| *language != "javaScript") {
            let message = format!("Code in “{language}” cannot be executed yet; only JavaScript can.");
            return Err(Unsupported { message, field: Some("language".into()) });
        }
        let mut new = given.as_object().cloned().unwrap_or_default();
        if !new.contains_key("jsCode") {
            new.insert("jsCode", EXAMPLE);
        }
        Ok(Value::from(new).into())
    }
}

impl ActionKind for Code {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

#[async_trait]
impl Action for Parameters {
    /// Code reaches nothing outside of its process, so that it may be repeated without anybody noticing.
    fn retried(&self) -> Retried {
        Retried::Pure
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        let Some(runner) = &services.runner else {
            return Err(
                NodeError::new("code_runner", "No code runner is installed, so that code cannot be executed.").into()
            );
        };
        let items = step.shared_input(0);
        match self.execute(runner, &step, Arc::clone(&items)).await {
            Ok(outcome) => Ok(acted(outcome.items, outcome.logs, outcome.cpu_ms)),
            Err(error) if step.carries_on() && self.mode == Mode::EachItem && error.kind.is_fault_of_code() => {
                Ok(self.one_by_one(runner, &step, &items).await)
            }
            Err(error) => Err(self.failure(error)),
        }
    }
}

fn acted(items: Vec<Item>, logs: Vec<weft_code_runner_client::Log>, cpu_ms: u64) -> Acted {
    Acted { code_ms: Some(cpu_ms), log: lines(logs), ..Acted::outputs(Outputs::one(items)) }
}

fn lines(logs: Vec<weft_code_runner_client::Log>) -> Vec<LogLine> {
    logs.into_iter().map(|log| LogLine { level: log.level, text: log.text }).collect()
}

impl Parameters {
    async fn execute(
        &self,
        runner: &Runner,
        step: &Arc<StepView>,
        items: Arc<Vec<Item>>,
    ) -> Result<weft_code_runner_client::CodeOutcome, CodeError> {
        let mode = match self.mode {
            Mode::AllItems => CodeMode::AllItems,
            Mode::EachItem => CodeMode::EachItem,
        };
        let request = CodeRequest {
            tenant: step.info.tenant.0,
            code: Arc::clone(&self.js_code),
            mode,
            items,
            globals: globals(step),
            limits: CodeLimits::default(),
            host: Arc::<StepView>::clone(step),
        };
        runner.execute(request).await
    }

    /// The node carries on after a failed item: each item is given to the code by itself. Slower, but it happens only after
    /// something failed.
    async fn one_by_one(&self, runner: &Runner, step: &Arc<StepView>, items: &[Item]) -> Acted {
        let (mut made, mut failed, mut log, mut cpu_ms) = (Vec::new(), Vec::new(), Vec::new(), 0);
        for (index, item) in items.iter().enumerate() {
            match self.execute(runner, step, Arc::new(vec![item.clone()])).await {
                Ok(outcome) => {
                    cpu_ms += outcome.cpu_ms;
                    log.extend(lines(outcome.logs));
                    made.extend(outcome.items.into_iter().map(|item| item.paired_with(index)));
                }
                Err(error) => {
                    cpu_ms += error.cpu_ms;
                    log.extend(lines(error.logs.clone()));
                    let error = CodeError { item: Some(index as u32), ..error };
                    failed.push(self.failure(error).error.to_error_item());
                }
            }
        }
        let outputs = Outputs { failed, ..Outputs::one(made) };
        Acted { code_ms: Some(cpu_ms), log, ..Acted::outputs(outputs) }
    }

    fn failure(&self, error: CodeError) -> ActFailure {
        let item = error.item.filter(|_| self.mode == Mode::EachItem);
        let place = match (error.line, item) {
            (Some(line), Some(item)) => format!(" [line {line}, for item {item}]"),
            (Some(line), None) => format!(" [line {line}]"),
            (None, Some(item)) => format!(" [item {item}]"),
            (None, None) => String::new(),
        };
        let mut node_error = NodeError::new(code_of(error.kind), format!("{}{place}", error.message));
        node_error.item = item;
        node_error.description = error.stack;
        node_error.is_final = matches!(error.kind, CodeErrorKind::Syntax);
        ActFailure { code_ms: Some(error.cpu_ms), log: lines(error.logs), ..node_error.into() }
    }
}

fn globals(step: &StepView) -> CodeGlobals {
    CodeGlobals {
        now: step.now.as_millisecond(),
        zone: step.info.time_zone.iana_name().unwrap_or("UTC").to_owned(),
        seed: step.seed,
        iteration: step.iteration,
        vars: step.info.variables.clone(),
        workflow: step.workflow_value(),
        execution: step.execution_value(),
        prev_node: step.previous_value(),
        parameter: step.node().parameters.clone(),
    }
}

fn code_of(kind: CodeErrorKind) -> &'static str {
    match kind {
        CodeErrorKind::Syntax => "code_syntax",
        CodeErrorKind::Thrown => "code_thrown",
        CodeErrorKind::NeverSettles => "code_never_settles",
        CodeErrorKind::InvalidReturn => "code_return",
        CodeErrorKind::TimeLimit => "time_limit",
        CodeErrorKind::CpuLimit => "cpu_limit",
        CodeErrorKind::MemoryLimit => "memory_limit",
        CodeErrorKind::OutputLimit => "output_limit",
        CodeErrorKind::Crashed => "code_crashed",
        CodeErrorKind::Busy => "code_busy",
        CodeErrorKind::Unavailable => "code_runner",
    }
}

#[cfg(test)]
mod tests {
    use weft_nodes::testing::import;
    use weft_value::from_json;

    use super::*;

    #[test]
    fn code_may_begin_with_an_equals_sign_and_is_required() {
        assert!(Code.prepare(&from_json(r#"{"jsCode":"=1"}"#).unwrap()).is_ok());
        let problems = Code.prepare(&from_json(r#"{"jsCode":""}"#).unwrap()).err().unwrap();
        assert_eq!(problems[0].field.as_deref(), Some("jsCode"));
    }

    #[test]
    fn python_is_refused_at_import() {
        let refused = import(&Code, 2.0, r#"{"language":"python"}"#).unwrap_err();
        assert_eq!(refused.field.as_deref(), Some("language"));
    }
}
