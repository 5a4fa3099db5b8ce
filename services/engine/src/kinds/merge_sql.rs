//! **Merge by SQL**: joins the items of several branches with a query. It runs where code does, in SQLite in memory.
//!
//! before: `[{"id":1,"name":"Ada"}]` and `[{"person":1,"total":2}]` · after, with `SELECT name, total FROM input1 JOIN input2 ON
//! input2.person = input1.id`: `[{"name":"Ada","total":2}]`

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use serde::Deserialize;
use weft_code_runner_client::{CodeError, CodeErrorKind, CodeLimits, Runner, SqlRequest};
use weft_nodes::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType, Ports,
    Problem, Retried, Step, Unsupported, choice, field, label, parameters, port,
};
use weft_value::{Item, Object, Text, Value};

use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::execution::StepView;

/// The kind.
pub struct MergeSql;

const EXAMPLE: &str = "SELECT * FROM input1 LEFT JOIN input2 ON input1.name = input2.id";
/// The longest query, in bytes.
const MOST_TEXT: usize = 100_000;
const MOST_INPUTS: f64 = 10.0;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "mergeSql",
    version: 1,
    label: label("Merge by SQL", "Fusionner par SQL"),
    description: label(
        "Joins the items of several branches with a query.",
        "Réunit les éléments de plusieurs branches par une requête.",
    ),
    group: Group::Flow,
    icon: "git-merge",
    color: "cyan",
    subtitle: None,
    inputs: vec![port("input 1"), port("input 2")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "Each input is a table (input1, input2, …), an item a row, a field a column. Queries are those of SQLite. Of several \
         statements, the last one gives the items. Lists and objects are selected as they are; json_extract looks into them.",
        "Chaque entrée est une table (input1, input2, …), un élément une ligne, un champ une colonne. Les requêtes sont celles de \
         SQLite. De plusieurs instructions, la dernière donne les éléments. Listes et objets sont rendus tels quels ; json_extract \
         regarde à l’intérieur.",
    ),
});

fn form() -> Vec<Parameter> {
    vec![
        field(ParameterType::Number, "numberInputs", label("Number of inputs", "Nombre d’entrées"))
            .help(
                "The first is the table input1, the second input2.",
                "La première est la table input1, la deuxième input2.",
            )
            .literal()
            .between(1.0, MOST_INPUTS)
            .or(2),
        field(ParameterType::String, "query", label("Query", "Requête")).required().rows(6).or(EXAMPLE).help(
            "Write ? for a value that comes from outside, and give it below.",
            "Écrivez ? pour une valeur qui vient d’ailleurs, et donnez-la ci-dessous.",
        ),
        field(ParameterType::Collection, "options", label("Options", "Options")).fields([
            field(ParameterType::String, "queryParameters", label("Values", "Valeurs")).help(
                "One for each ?, in their order, with commas between them; or an expression that gives a list.",
                "Une pour chaque ?, dans l’ordre, séparées par des virgules ; ou une expression qui donne une liste.",
            ),
            field(ParameterType::Options, "emptyQueryResult", label("If there are no rows", "S’il n’y a aucune ligne"))
                .or(EMPTY)
                .literal()
                .choices([
                    choice(EMPTY, label("Give no items", "Ne donner aucun élément")),
                    choice(SUCCESS, label("Give one item that says so", "Donner un élément qui le dit")),
                ]),
        ]),
    ]
}

const EMPTY: &str = "empty";
const SUCCESS: &str = "success";

#[derive(Deserialize)]
struct Parameters {
    query: Field,
    #[serde(default)]
    options: Options,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    query_parameters: Field,
    empty_query_result: OnEmpty,
}

/// What is given where the query gives no rows.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum OnEmpty {
    #[default]
    Empty,
    Success,
}

impl NodeKind for MergeSql {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn ports(&self, parameters: &Value) -> Ports {
        let count = parameters.get("numberInputs").as_f64().filter(|count| count.is_finite()).unwrap_or(2.0);
        let inputs =
            (1..=count.clamp(1.0, MOST_INPUTS) as usize).map(|number| port(format!("input {number}"))).collect();
        Ports { inputs, outputs: DESCRIPTOR.outputs.clone(), required_inputs: 1 }
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.merge"]
    }

    /// Its dialect is AlaSQL's, which has most of what SQLite has.
    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let given = node.parameters;
        if given.get("mode").as_str() != Some("combineBySql") {
            return Err(Unsupported::elsewhere());
        }
        let query = given.get("query");
        let query = if query.is_nullish() { Value::from(EXAMPLE) } else { query.clone() };
        let mut ours: Object = [("numberInputs", number_of(given)), ("query", query)].into_iter().collect();
        let mut options = given.get("options").as_object().cloned().unwrap_or_default();
        if node.version < 3.2 {
            options.insert("emptyQueryResult", SUCCESS);
        }
        if !options.is_empty() {
            ours.insert("options", options);
        }
        let remark = "The query is executed by SQLite. What only AlaSQL knows (arrays in FROM, its own functions) is to be rewritten.";
        Ok(Imported { parameters: ours.into(), remarks: vec![remark.to_owned()] })
    }
}

/// n8n stores the number of inputs as a number or as its text.
fn number_of(given: &Value) -> Value {
    let number = given.get("numberInputs");
    let number = number.as_f64().or_else(|| number.as_str().and_then(|text| text.trim().parse().ok()));
    Value::Number(number.filter(|number| (1.0..=MOST_INPUTS).contains(number)).unwrap_or(2.0))
}

impl ActionKind for MergeSql {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

#[async_trait]
impl Action for Parameters {
    /// A query reaches nothing but its own tables.
    fn retried(&self) -> Retried {
        Retried::Pure
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        let Some(runner) = &services.runner else {
            let message = "No code runner is installed, so that queries cannot be executed.";
            return Err(NodeError::new("code_runner", message).into());
        };
        self.execute(runner, &step).await
    }
}

impl Parameters {
    async fn execute(&self, runner: &Runner, step: &StepView) -> Result<Acted, ActFailure> {
        let request = SqlRequest {
            tenant: step.info.tenant.0,
            text: self.text(step)?,
            values: values_of(&self.options.query_parameters.resolve(step, 0)?)?,
            tables: (0..step.input_count()).map(|input| step.shared_input(input)).collect(),
            limits: CodeLimits::default(),
        };
        let outcome = runner.query(request).await.map_err(failure)?;
        let items = match (outcome.items, self.options.empty_query_result) {
            (rows, OnEmpty::Success) if rows.is_empty() => vec![success()],
            (rows, _) => rows,
        };
        Ok(Acted { code_ms: Some(outcome.cpu_ms), ..Acted::outputs(Outputs::one(items)) })
    }

    fn text(&self, step: &dyn Step) -> Result<Arc<str>, NodeError> {
        let wrong = |message: String| NodeError::new("parameter", message).in_field("query").finally();
        match self.query.resolve(step, 0)? {
            Value::String(text) if text.as_str().len() > MOST_TEXT => {
                Err(wrong(format!("The query is longer than {MOST_TEXT} bytes.")))
            }
            Value::String(text) if !text.as_str().trim().is_empty() => Ok(text.as_str().into()),
            Value::String(_) => Err(wrong("The query is empty. Write, for instance, SELECT * FROM input1.".into())),
            other => Err(wrong(format!("The query is {}, not a text.", other.to_json()))),
        }
    }
}

fn success() -> Item {
    Item::new([("success", Value::Bool(true))].into_iter().collect::<Object>())
}

/// The values of placeholders: of a list its entries, of a text what stands between its commas, as a number where it is one.
fn values_of(given: &Value) -> Result<Vec<Value>, NodeError> {
    match given {
        Value::Undefined | Value::Null => Ok(Vec::new()),
        Value::Array(list) => list.iter().map(scalar).collect(),
        Value::String(text) if text.as_str().trim().is_empty() => Ok(Vec::new()),
        Value::String(text) => Ok(text.as_str().split(',').map(|part| number_or_text(part.trim())).collect()),
        other => scalar(other).map(|value| vec![value]),
    }
}

fn scalar(value: &Value) -> Result<Value, NodeError> {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(value.clone()),
        Value::Undefined => Ok(Value::Null),
        Value::DateTime(_) | Value::Array(_) | Value::Object(_) => Ok(Value::String(Text::from(match value {
            Value::DateTime(_) => value.to_json().trim_matches('"').to_owned(),
            _ => value.to_json(),
        }))),
        Value::Opaque(_) => {
            let message = "A value of the query is no data. Give texts, numbers, booleans or dates.";
            Err(NodeError::new("parameter", message).in_field("options.queryParameters").finally())
        }
    }
}

fn number_or_text(part: &str) -> Value {
    let looks_like_one = part.starts_with(|first: char| first.is_ascii_digit() || first == '-');
    let number = part.parse::<f64>().ok().filter(|number| looks_like_one && number.is_finite());
    number.map_or_else(|| Value::from(part), Value::Number)
}

fn failure(error: CodeError) -> ActFailure {
    let place = match (error.line, error.column) {
        (Some(line), Some(column)) => format!(" [line {line}, column {column}]"),
        _ => String::new(),
    };
    let (code, message) = match error.kind {
        CodeErrorKind::Syntax => ("sql_syntax", error.message),
        CodeErrorKind::Thrown | CodeErrorKind::NeverSettles | CodeErrorKind::InvalidReturn => ("sql", error.message),
        CodeErrorKind::TimeLimit => ("time_limit", "The query took too long.".to_owned()),
        CodeErrorKind::CpuLimit => ("cpu_limit", "The query used too much processor time.".to_owned()),
        CodeErrorKind::MemoryLimit => ("memory_limit", "The query used too much memory.".to_owned()),
        CodeErrorKind::OutputLimit => ("output_limit", error.message),
        CodeErrorKind::Crashed => ("code_crashed", "The process that ran the query ended unexpectedly.".to_owned()),
        CodeErrorKind::Busy => ("code_busy", error.message),
        CodeErrorKind::Unavailable => ("code_runner", error.message),
    };
    let mut node_error = NodeError::new(code, format!("{message}{place}")).in_field("query");
    node_error.is_final = matches!(error.kind, CodeErrorKind::Syntax);
    ActFailure { code_ms: Some(error.cpu_ms), ..node_error.into() }
}

#[cfg(test)]
mod tests {
    use weft_nodes::testing::import;
    use weft_value::from_json;

    use super::*;

    #[test]
    fn merges_by_sql_are_taken_and_others_left_to_their_kind() {
        for (version, node, ours) in [
            (
                3.0,
                r#"{"mode":"combineBySql","numberInputs":3,"query":"SELECT 1"}"#,
                r#"{"numberInputs":3,"query":"SELECT 1","options":{"emptyQueryResult":"success"}}"#,
            ),
            (
                3.2,
                r#"{"mode":"combineBySql","numberInputs":"4","query":"=SELECT {{ 1 }}","options":{"queryParameters":"a, 2"}}"#,
                r#"{"numberInputs":4,"query":"=SELECT {{ 1 }}","options":{"queryParameters":"a, 2"}}"#,
            ),
            (3.2, r#"{"mode":"combineBySql"}"#, &format!(r#"{{"numberInputs":2,"query":"{EXAMPLE}"}}"#)),
        ] {
            let imported = import(&MergeSql, version, node).unwrap();
            assert_eq!(imported.parameters.to_json(), ours);
            assert!(MergeSql.prepare(&imported.parameters).is_ok());
        }
        assert!(import(&MergeSql, 3.0, r#"{"mode":"append"}"#).unwrap_err().is_elsewhere());
        assert!(import(&MergeSql, 1.0, "{}").unwrap_err().is_elsewhere());
    }

    #[test]
    fn values_are_a_list_or_a_text_with_commas() {
        for (given, values) in [
            ("null", "[]"),
            (r#"" ""#, "[]"),
            (r#""a, 2 ,-3.5, 1e2,x1,NaN, é""#, r#"["a",2,-3.5,100,"x1","NaN","é"]"#),
            (r#"["a,b",1,true,null,{"a":[1]}]"#, r#"["a,b",1,true,null,"{\"a\":[1]}"]"#),
            ("7", "[7]"),
        ] {
            let values_given = values_of(&from_json(given).unwrap()).unwrap();
            assert_eq!(Value::from(values_given).to_json(), values, "{given}");
        }
    }

    #[test]
    fn the_number_of_inputs_is_bounded_and_a_query_is_required() {
        for (given, count) in [("{}", 2), (r#"{"numberInputs":99}"#, 10), (r#"{"numberInputs":0}"#, 1)] {
            assert_eq!(MergeSql.ports(&from_json(given).unwrap()).inputs.len(), count, "{given}");
        }
        for (given, field) in [
            (r#"{"query":""}"#, "query"),
            (r#"{"query":"select 1","options":{"emptyQueryResult":"maybe"}}"#, "options.emptyQueryResult"),
            (r#"{"query":"={{ 1 +}}"}"#, "query"),
        ] {
            let problems = MergeSql.prepare(&from_json(given).unwrap()).err().unwrap();
            assert_eq!(problems[0].field.as_deref(), Some(field), "{given}");
        }
    }
}
