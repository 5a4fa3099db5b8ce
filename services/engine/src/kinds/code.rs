//! **Code**: JavaScript over the items, once for all of them or once for each. Two old modes run what was written for n8n's
//! first Function nodes.
//!
//! before: `[{"n":2}]` · after: `[{"n":4}]` with `return items.map(item => ({ n: item.json.n * 2 }))`

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use weft_code_runner_client::{CodeError, CodeErrorKind, CodeLimits, CodeMode, CodeOutcome, CodeRequest, Log, Runner};
use weft_nodes::{
    Descriptor, Group, Imported, Label, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType, Problem,
    Retried, Step, Unsupported, choice, field, label, parameters, port,
};
use weft_value::{Item, Object, Value};

use crate::action::{ActFailure, Acted, Action, ActionKind, LogLine, Services};
use crate::execution::{StepView, passed_on};

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
         kept with the step. What `$execution.customData` holds is there for later steps of the same execution, what \
         `$getWorkflowStaticData` holds for later executions of the published version, too: each entry of the object by itself. \
         `Buffer` and `require('crypto')` are there as in Node.js, as far as bytes, hashes and random values go.",
        "`items` et `$input` contiennent ce qui est reçu, `$json` l’élément courant, `$('Nom')` un autre nœud. Ce que dit \
         `console.log` est conservé avec l’étape. Ce que contient `$execution.customData` reste disponible pour les étapes suivantes \
         de la même exécution, ce que contient `$getWorkflowStaticData` aussi pour les exécutions suivantes de la version publiée : \
         chaque entrée de l’objet pour elle-même. `Buffer` et `require('crypto')` existent comme dans Node.js, pour les octets, les \
         empreintes et les valeurs aléatoires.",
    ),
});

fn form() -> Vec<Parameter> {
    vec![
        field(ParameterType::Options, "mode", label("Mode", "Mode"))
            .help(
                "How often the code is executed, and what it gets.",
                "Combien de fois le code est exécuté, et ce qu’il reçoit.",
            )
            .or(ALL_ITEMS)
            .choices(MODES.map(|(name, said, _)| choice(name, said))),
        field(ParameterType::Code, "jsCode", label("JavaScript", "JavaScript"))
            .help(
                "Return the items that go on: objects like { json: { … } }; in a run for each item, one of them.",
                "Retournez les éléments qui continuent : des objets comme { json: { … } } ; un seul si le code est \
                 exécuté par élément.",
            )
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
    #[serde(deserialize_with = "mode")]
    mode: CodeMode,
    js_code: Arc<str>,
}

const ALL_ITEMS: &str = "runOnceForAllItems";
const EACH_ITEM: &str = "runOnceForEachItem";
const OLD_ALL: &str = "function";
const OLD_EACH: &str = "functionItem";

/// The choices of `mode`, and what each means to the runner.
const MODES: [(&str, Label, CodeMode); 4] = [
    (ALL_ITEMS, label("Once for all items", "Une fois pour tous les éléments"), CodeMode::AllItems),
    (EACH_ITEM, label("Once for each item", "Une fois par élément"), CodeMode::EachItem),
    (OLD_ALL, label("As n8n’s old Function", "Comme l’ancien Function de n8n"), CodeMode::Function),
    (OLD_EACH, label("As n8n’s old Function Item", "Comme l’ancien Function Item de n8n"), CodeMode::FunctionItem),
];

fn mode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<CodeMode, D::Error> {
    let name = String::deserialize(deserializer)?;
    let found = MODES.iter().find(|(known, ..)| *known == name);
    found.map(|(.., mode)| *mode).ok_or_else(|| D::Error::custom(format!("there is no mode “{name}”")))
}

const FUNCTION: &str = "n8n-nodes-base.function";
const FUNCTION_ITEM: &str = "n8n-nodes-base.functionItem";
const AI_TRANSFORM: &str = "n8n-nodes-base.aiTransform";
const SORT: &str = "n8n-nodes-base.sort";
const ITEM_LISTS: &str = "n8n-nodes-base.itemLists";

impl NodeKind for Code {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.code", FUNCTION, FUNCTION_ITEM, AI_TRANSFORM, SORT, ITEM_LISTS]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let given = node.parameters;
        let (mode, code) = match node.node_type {
            FUNCTION => (OLD_ALL, written(given, "functionCode").unwrap_or(UNTOUCHED_ALL)),
            FUNCTION_ITEM => (OLD_EACH, written(given, "functionCode").unwrap_or(UNTOUCHED_ITEM)),
            AI_TRANSFORM => (ALL_ITEMS, written(given, "jsCode").ok_or_else(nothing_generated)?),
            SORT | ITEM_LISTS => return sorting(node),
            _ => match given.get("mode").as_str() {
                Some(EACH_ITEM) => (EACH_ITEM, javascript(given)?.unwrap_or(UNTOUCHED_EACH)),
                _ => (ALL_ITEMS, javascript(given)?.unwrap_or(UNTOUCHED_ALL)),
            },
        };
        Ok(imported(mode, code))
    }
}

/// What code asks for what it kept by, before whatever stands between the name and the parenthesis.
const STATIC_DATA: &str = "getWorkflowStaticData";

/// What a node does whose code nobody has touched: n8n shows an example that adds a field, and does not store it.
const UNTOUCHED_ALL: &str = "for (const item of items) item.json.myNewField = 1;\nreturn items;";
const UNTOUCHED_EACH: &str = "item.json.myNewField = 1;\nreturn item;";
const UNTOUCHED_ITEM: &str = "item.myNewField = 1;\nreturn item;";
const UNTOUCHED_SORT: &str = "return a.json.myField < b.json.myField ? -1 : a.json.myField > b.json.myField ? 1 : 0;";

fn written<'a>(given: &'a Value, name: &str) -> Option<&'a str> {
    given.get(name).as_str().filter(|code| !code.trim().is_empty())
}

fn javascript(given: &Value) -> Result<Option<&str>, Unsupported> {
    match given.get("language").as_str() {
        None | Some("javaScript") => Ok(written(given, "jsCode")),
        Some(language) => {
            let message = format!("Code in “{language}” cannot be executed yet; only JavaScript can.");
            Err(Unsupported { message, field: Some("language".into()) })
        }
    }
}

fn nothing_generated() -> Unsupported {
    let message = "The AI Transform node holds no code: nobody had it generated. Generate it in n8n and import again.";
    Unsupported { message: message.into(), field: Some("jsCode".into()) }
}

fn imported(mode: &str, code: &str) -> Imported {
    let entries = [("mode", mode), ("jsCode", code)];
    // What n8n has kept is not in the file.
    let keeps = code
        .contains(STATIC_DATA)
        .then(|| "What this code kept in n8n as static data does not come along: here it begins with none.".to_owned());
    Imported { parameters: entries.into_iter().collect::<Object>().into(), remarks: keeps.into_iter().collect() }
}

/// A sort by a comparator. It begins on the first line, so that errors name the line that its author sees.
fn sorting(node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
    let given = node.parameters;
    let sorts = node.node_type == SORT || given.get("operation").as_str() == Some("sort");
    let by_code = sorts && given.get("type").as_str() == Some("code");
    let code = if given.get("code").is_undefined() { Some(UNTOUCHED_SORT) } else { written(given, "code") };
    // What is not sorted by code, or by no code at all, the kind that sorts by fields takes, or says why it does not.
    let code = code.filter(|_| by_code).ok_or_else(Unsupported::elsewhere)?;
    Ok(imported(ALL_ITEMS, &format!("return items.sort((a, b) => {{{code}\n}});")))
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

    fn keeps(&self) -> bool {
        self.js_code.contains(STATIC_DATA)
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        let Some(runner) = &services.runner else {
            return Err(
                NodeError::new("code_runner", "No code runner is installed, so that code cannot be executed.").into()
            );
        };
        // Paired with themselves, so that what code returns of them comes from this step's items.
        let items = passed_on(&step.shared_input(0));
        let ended = self.execute(runner, &step, items).await;
        let mut acted = ended.map(|outcome| self.acted(outcome)).map_err(|error| self.failure(error))?;
        // Code gives the bytes of files in base64.
        let files = step.files(services);
        for items in &mut acted.outputs.ports {
            *items = files.settle(std::mem::take(items)).await?;
        }
        Ok(acted)
    }
}

fn lines(logs: Vec<Log>) -> Vec<LogLine> {
    logs.into_iter().map(|log| LogLine { level: log.level, text: log.text }).collect()
}

impl Parameters {
    async fn execute(
        &self,
        runner: &Runner,
        step: &Arc<StepView>,
        items: Arc<Vec<Item>>,
    ) -> Result<CodeOutcome, CodeError> {
        let request = CodeRequest {
            tenant: step.info.tenant.0,
            code: Arc::clone(&self.js_code),
            mode: self.mode,
            carries_on: step.carries_on(),
            items,
            globals: step.code_globals(),
            limits: CodeLimits::default(),
            host: step.as_host(),
        };
        runner.execute(request).await
    }

    fn acted(&self, outcome: CodeOutcome) -> Acted {
        let CodeOutcome { items, failed, logs, cpu_ms } = outcome;
        let failed = failed.into_iter().map(|error| self.failure(error).error.to_error_item()).collect();
        let outputs = Outputs { failed, ..Outputs::one(items) };
        Acted { code_ms: Some(cpu_ms), log: lines(logs), ..Acted::outputs(outputs) }
    }

    fn failure(&self, error: CodeError) -> ActFailure {
        let item = error.item.filter(|_| self.mode.is_each_item());
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

    fn import_type(node_type: &str, parameters: &str) -> Result<Imported, Unsupported> {
        let parameters = from_json(parameters).unwrap();
        Code.import_n8n(&N8nNode { node_type, version: 1.0, parameters: &parameters })
    }

    #[test]
    fn old_kinds_of_code_become_modes() {
        for (node_type, node, mode, code) in [
            (FUNCTION, r#"{"functionCode":"return items;"}"#, "function", "return items;"),
            (FUNCTION_ITEM, r#"{"functionCode":"return item;"}"#, "functionItem", "return item;"),
            (FUNCTION_ITEM, "{}", "functionItem", UNTOUCHED_ITEM),
            (AI_TRANSFORM, r#"{"instructions":"double","jsCode":"return 2;"}"#, ALL_ITEMS, "return 2;"),
            ("n8n-nodes-base.code", r#"{"jsCode":"return 3;","notice":""}"#, ALL_ITEMS, "return 3;"),
            ("n8n-nodes-base.code", r#"{"mode":"runOnceForEachItem"}"#, EACH_ITEM, UNTOUCHED_EACH),
            (SORT, r#"{"type":"code","code":"return 1;"}"#, ALL_ITEMS, "return items.sort((a, b) => {return 1;\n});"),
        ] {
            let parameters = import_type(node_type, node).unwrap().parameters;
            assert_eq!((parameters.get("mode").as_str(), parameters.get("jsCode").as_str()), (Some(mode), Some(code)));
            assert!(Code.prepare(&parameters).is_ok(), "{node_type} {node}");
        }
    }

    #[test]
    fn a_failed_item_is_paired_with_what_it_was_made_from_and_names_its_line() {
        let error = CodeError {
            kind: CodeErrorKind::Thrown,
            message: "No total".to_owned(),
            line: Some(2),
            column: Some(1),
            item: Some(3),
            stack: Some("at line 2:1".to_owned()),
            logs: Vec::new(),
            cpu_ms: 0,
        };
        let outcome = CodeOutcome { items: Vec::new(), failed: vec![error], logs: Vec::new(), cpu_ms: 7 };
        let acted = Parameters { mode: CodeMode::EachItem, js_code: "".into() }.acted(outcome);
        let expected = Item::new(from_json(r#"{"error":"No total [line 2, for item 3]"}"#).unwrap()).paired_with(3);
        assert_eq!((acted.outputs.failed, acted.code_ms), (vec![expected], Some(7)));
    }

    #[test]
    fn what_code_cannot_do_is_said_at_import() {
        for (node_type, node, field) in [
            (AI_TRANSFORM, r#"{"instructions":"double"}"#, "jsCode"),
            ("n8n-nodes-base.code", r#"{"language":"pythonNative"}"#, "language"),
        ] {
            assert_eq!(import_type(node_type, node).unwrap_err().field.as_deref(), Some(field), "{node_type} {node}");
        }
        for (node_type, node) in [
            (SORT, r#"{"type":"random"}"#),
            (SORT, r#"{"type":"code","code":" "}"#),
            (ITEM_LISTS, r#"{"operation":"limit","type":"code","code":"return 1"}"#),
            (ITEM_LISTS, r#"{"operation":"unheard of"}"#),
        ] {
            assert!(import_type(node_type, node).unwrap_err().is_elsewhere(), "{node_type} {node}");
        }
        let untouched = import_type(SORT, r#"{"type":"code"}"#).unwrap().parameters;
        assert!(untouched.get("jsCode").as_str().is_some_and(|code| code.contains(UNTOUCHED_SORT)), "{untouched:?}");
        let remarks =
            import_type(FUNCTION, r#"{"functionCode":"getWorkflowStaticData('node'); return items"}"#).unwrap().remarks;
        assert!(remarks[0].starts_with("What this code kept in n8n"), "{remarks:?}");
    }

    #[test]
    fn a_mode_that_does_not_exist_is_refused() {
        let problems = Code.prepare(&from_json(r#"{"mode":"twice","jsCode":"return items"}"#).unwrap()).err().unwrap();
        assert_eq!(problems[0].field.as_deref(), Some("mode"));
    }

    #[test]
    fn python_is_refused_at_import() {
        let refused = import(&Code, 2.0, r#"{"language":"python"}"#).unwrap_err();
        assert_eq!(refused.field.as_deref(), Some("language"));
    }
}
