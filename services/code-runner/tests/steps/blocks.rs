//! Blocks of expressions that are beyond the expression language.

use std::sync::Arc;

use async_trait::async_trait;
use weft_code_runner_client::{CodeErrorKind, CodeGlobals, CodeMode, CodeRequest, NodeLookup, Query, Refusal};
use weft_value::{Value, from_json};

use crate::support::{json, pool, request};

fn block(code: &str) -> CodeRequest {
    CodeRequest { mode: CodeMode::Expression, carries_on: true, ..request(code) }
}

/// Knows one method, and what it gives.
struct Shouts;

#[async_trait]
impl NodeLookup for Shouts {
    async fn look_up(&self, node: &str, query: &Query) -> Result<Value, Refusal> {
        match query {
            Query::Evaluate { expression, globals, .. } if expression == "{{ $value.shout(...$args) }}" => {
                Ok(Value::from(globals.clone().unwrap_or_default()))
            }
            _ => Err(Refusal { message: format!("“{node}” is not known.") }),
        }
    }
}

#[tokio::test]
async fn a_block_gives_its_value_for_each_item() {
    let pool = pool();
    for (code, given) in [
        ("return (class { static n = $json.n }).n;", r#"[{"value":1},{"value":2},{"value":3}]"#),
        (
            "return [...(function* () { yield $itemIndex; yield $input.all().length })()];",
            r#"[{"value":[0,3]},{"value":[1,3]},{"value":[2,3]}]"#,
        ),
        // What an expression does not reach, code that stands for one does not reach either.
        ("return [typeof require, typeof console, typeof setTimeout];", &{
            let none = r#"{"value":["undefined","undefined","undefined"]}"#;
            format!("[{none},{none},{none}]")
        }),
        ("return undefined;", "[{},{},{}]"),
    ] {
        let outcome = pool.execute(block(code)).await;
        let items = outcome.as_ref().unwrap_or_else(|error| panic!("{code}: {error:?}")).items.iter();
        let values = Value::from(items.map(|item| item.json.clone()).collect::<Vec<_>>());
        assert_eq!(values.to_json(), given, "{code}");
    }
}

#[tokio::test]
async fn a_block_that_throws_fails_for_its_item_alone() {
    let pool = pool();
    let outcome = pool.execute(block("return $json.n === 2 ? null.x : $json.n;")).await.unwrap();
    let failed: Vec<_> = outcome.failed.iter().map(|error| (error.item, error.kind)).collect();
    assert_eq!(failed, [(Some(1), CodeErrorKind::Thrown)]);
    assert_eq!(
        json(&Ok(outcome)),
        r#"[{"json":{"value":1},"pairedItem":{"item":0}},{"json":{"value":3},"pairedItem":{"item":2}}]"#
    );
}

#[tokio::test]
async fn a_block_asks_the_parent_for_methods_of_expressions_and_tells_what_was_refused() {
    let pool = pool();
    let methods = from_json(r#"{"string":["shout","trim"],"nothing":["x"]}"#).unwrap();
    let globals = CodeGlobals { methods, only: Some(1), before: 40, ..request("").globals };
    for (code, given) in [
        ("return [' a'.trim(), 'a'.shout(1), $itemIndex];", r#"{"value":["a","{\"$value\":\"a\",\"$args\":[1]}",41]}"#),
        ("return $('Gone').first();", r#"{"refused":"“Gone” is not known."}"#),
        ("try { $('Gone').first() } catch { return 'caught' }", r#"{"value":"caught"}"#),
    ] {
        let asked = CodeRequest { globals: globals.clone(), host: Arc::new(Shouts), ..block(code) };
        let outcome = pool.execute(asked).await.unwrap();
        let values: Vec<_> = outcome.items.iter().map(|item| item.json.to_json()).collect();
        assert_eq!(values, ["{}", given, "{}"], "{code}: for one of the items only");
    }
}
