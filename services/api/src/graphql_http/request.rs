//! Reading a GraphQL request from a query string or a JSON body.

use async_graphql::parser::types::{OperationDefinition, OperationType, Selection};
use async_graphql::{Request, Variables};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::problem::Problem;

/// The mutation that takes a file.
const IMPORT: &str = "importWorkflow";

/// What a request asks to do; `GET` may only query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Reads.
    Query,
    /// Changes something.
    Mutation,
    /// Goes on; only over WebSocket.
    Subscription,
    /// The document does not parse, or holds no such operation; execution will say so.
    Unknown,
}

impl Operation {
    /// The operation of `request` that would be executed.
    pub fn of(request: &mut Request) -> Self {
        match operation(request).map(|operation| operation.ty) {
            Some(OperationType::Query) => Self::Query,
            Some(OperationType::Mutation) => Self::Mutation,
            Some(OperationType::Subscription) => Self::Subscription,
            None => Self::Unknown,
        }
    }
}

/// Whether `request` imports a file and does nothing else.
pub fn imports(request: &mut Request) -> bool {
    let Some(operation) = operation(request) else { return false };
    match operation.selection_set.node.items.as_slice() {
        [only] if operation.ty == OperationType::Mutation => {
            matches!(&only.node, Selection::Field(field) if field.node.name.node == IMPORT)
        }
        _ => false,
    }
}

/// The operation that would be executed.
fn operation(request: &mut Request) -> Option<&OperationDefinition> {
    let name = request.operation_name.clone();
    let mut operations = request.parsed_query().ok()?.operations.iter();
    let found = match name {
        Some(name) => operations.find(|(given, _)| given.is_some_and(|given| given.as_str() == name)),
        None => operations.next(),
    };
    found.map(|(_, definition)| &definition.node)
}

#[derive(Deserialize)]
struct QueryString {
    query: Option<String>,
    #[serde(rename = "operationName")]
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
}

/// The request in a query string: `query`, `operationName`, and `variables` and `extensions` as JSON.
pub fn read_get(query_string: &str) -> Result<Request, Problem> {
    let read: QueryString = serde_urlencoded::from_str(query_string).map_err(|error| {
        Problem::bad_request("invalid_query_string", format!("The query string cannot be read: {error}."))
    })?;
    let json = |name: &'static str, text: Option<String>| match text.as_deref() {
        None | Some("") => Ok(Value::Null),
        Some(text) => read_json(text.into()).map_err(|error| {
            Problem::bad_request("invalid_parameter", format!("The parameter {name} is not valid JSON: {error}."))
        }),
    };
    build(
        read.query.map_or(Value::Null, Value::from),
        read.operation_name.map_or(Value::Null, Value::from),
        json("variables", read.variables)?,
        json("extensions", read.extensions)?,
    )
}

/// The request in a JSON body.
pub fn read_post(body: impl Into<Vec<u8>>) -> Result<Request, Problem> {
    let body = read_json(body.into())
        .map_err(|error| Problem::bad_request("invalid_json", format!("The body is not valid JSON: {error}.")))?;
    let Value::Object(mut fields) = body else {
        return Err(Problem::bad_request(
            "invalid_request",
            "The body must be a JSON object with a field \"query\"; lists of requests are not taken.",
        ));
    };
    let mut take = |name: &str| fields.remove(name).unwrap_or_default();
    build(take("query"), take("operationName"), take("variables"), take("extensions"))
}

/// JSON in which halves of surrogate pairs that stand alone are U+FFFD, as in every other JSON that is taken.
fn read_json(mut json: Vec<u8>) -> serde_json::Result<Value> {
    weft_value::mend_lone_halves(&mut json);
    serde_json::from_slice(&json)
}

fn build(query: Value, operation_name: Value, variables: Value, extensions: Value) -> Result<Request, Problem> {
    let Value::String(query) = query else { return Err(wrong("query", "a string")) };
    let mut request = Request::new(query).variables(Variables::from_json(Value::Object(map("variables", variables)?)));
    match operation_name {
        Value::Null => {}
        Value::String(name) if name.is_empty() => {}
        Value::String(name) => request = request.operation_name(name),
        _ => return Err(wrong("operationName", "a string")),
    }
    for (name, value) in map("extensions", extensions)? {
        if let Ok(value) = async_graphql::Value::from_json(value) {
            request.extensions.insert(name, value);
        }
    }
    Ok(request)
}

fn map(name: &str, value: Value) -> Result<Map<String, Value>, Problem> {
    match value {
        Value::Null => Ok(Map::new()),
        Value::Object(map) => Ok(map),
        _ => Err(wrong(name, "an object")),
    }
}

fn wrong(name: &str, expected: &str) -> Problem {
    Problem::bad_request("invalid_request", format!("The parameter \"{name}\" must be {expected}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_with_wrong_types_is_refused_by_name() {
        for (body, word) in [
            ("{", "valid JSON"),
            ("[]", "JSON object"),
            ("{}", "\"query\""),
            (r#"{"query":1}"#, "\"query\""),
            (r#"{"query":"{a}","operationName":1}"#, "\"operationName\""),
            (r#"{"query":"{a}","variables":[]}"#, "\"variables\""),
            (r#"{"query":"{a}","extensions":"x"}"#, "\"extensions\""),
        ] {
            let problem = read_post(body.as_bytes()).err().unwrap().to_string();
            assert!(problem.contains(word), "{body}: {problem}");
        }
    }

    #[test]
    fn half_a_surrogate_pair_in_a_variable_is_the_replacement_character() {
        let request =
            read_post(*br#"{"query":"{a}","variables":{"name":"a\ud83d"}}"#).unwrap_or_else(|_| panic!("refused"));
        assert_eq!(request.variables.into_value().into_json().unwrap(), serde_json::json!({ "name": "a\u{fffd}" }));
        let request =
            read_get("query={a}&variables=%7B%22name%22:%22%5Cude00%22%7D").unwrap_or_else(|_| panic!("refused"));
        assert_eq!(request.variables.into_value().into_json().unwrap(), serde_json::json!({ "name": "\u{fffd}" }));
    }

    #[test]
    fn an_import_does_nothing_else() {
        for (query, expected) in [
            ("mutation I($i: I!) { importWorkflow(input: $i) { position } }", true),
            ("mutation { a: importWorkflow(input: {}) { position } }", true),
            ("query { importWorkflow { position } }", false),
            ("mutation { importWorkflow { position } createWorkflow { position } }", false),
            ("mutation { a: importWorkflow { position } b: importWorkflow { position } }", false),
            ("mutation { ...f } fragment f on Mutation { importWorkflow { position } }", false),
            ("mutation { importWorkflow: createWorkflow { position } }", false),
            ("mutation { importWorkflow", false),
        ] {
            assert_eq!(imports(&mut Request::new(query)), expected, "{query}");
        }
        let both = "query A { a } mutation B { importWorkflow { position } }";
        assert!(imports(&mut Request::new(both).operation_name("B")));
        assert!(!imports(&mut Request::new(both).operation_name("A")));
    }

    #[test]
    fn the_operation_is_found_by_name() {
        let operation = |query: &str, name: Option<&str>| {
            let mut request = Request::new(query);
            request.operation_name = name.map(str::to_owned);
            Operation::of(&mut request)
        };
        assert_eq!(operation("{ a }", None), Operation::Query);
        assert_eq!(operation("query A { a } mutation B { b }", Some("B")), Operation::Mutation);
        assert_eq!(operation("subscription { s }", None), Operation::Subscription);
        assert_eq!(operation("{ a", None), Operation::Unknown);
    }
}
