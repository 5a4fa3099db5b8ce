//! What code asks of the execution that its step belongs to.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use crate::Shelf;
use crate::support::{json, pool, with_nodes};
use async_trait::async_trait;
use weft_code_runner_client::{CodeErrorKind, CodeMode, CodeRequest, Keepsake, NodeLookup, Query, Refusal};
use weft_value::{Value, from_json};

/// An execution that answers with the question.
struct Echo;

#[async_trait]
impl NodeLookup for Echo {
    async fn look_up(&self, _node: &str, query: &Query) -> Result<Value, Refusal> {
        let Query::Evaluate { expression, item, globals } = query else { panic!("{query:?} was not to be asked") };
        Ok(Value::from(format!("{expression} at {item} with {}", globals.as_deref().unwrap_or("nothing"))))
    }
}

#[tokio::test]
async fn the_parent_evaluates_what_code_asks_for() {
    let pool = pool();
    let code = "return [{ q: $jmespath({ a: [1] }, 'a[0]'), e: $evaluateExpression('{{ $json.n }}', 2) }]";
    let expected = r#"[{"json":{"q":"{{ $jmespath($value, $query) }} at 0 with {\"$value\":{\"a\":[1]},\"$query\":\"a[0]\"}","e":"{{ $json.n }} at 2 with nothing"}}]"#;
    assert_eq!(json(&pool.execute(with_nodes(code, Arc::new(Echo))).await), expected);
}

#[tokio::test]
async fn what_code_keeps_is_there_for_the_next_step() {
    let (pool, shelf) = (pool(), Arc::new(Shelf::default()));
    let count = "const data = $getWorkflowStaticData('global'); data.n = (data.n ?? 0) + 1;
        $execution.customData.set('last', data.n); return [{ n: data.n, all: $execution.customData.getAll() }]";
    for n in 1..3 {
        let expected = format!(r#"[{{"json":{{"n":{n},"all":{{"last":"{n}"}}}}}}]"#);
        assert_eq!(json(&pool.execute(with_nodes(count, Arc::clone(&shelf))).await), expected);
    }
    let failing = "$getWorkflowStaticData('node').seen = true; throw new Error('after all')";
    assert!(pool.execute(with_nodes(failing, Arc::clone(&shelf))).await.is_err());
    assert_eq!(shelf.0.lock().unwrap()[&Keepsake::Node].to_json(), r#"{"seen":true}"#);
    for (code, part) in [
        ("$execution.customData.set('a b', 1)", "letters, digits"),
        ("$execution.customData.set('a', {})", "a text, a number or a boolean"),
        ("for (let i = 0; i < 11; i++) $execution.customData.set('k' + i, i)", "up to 10 entries"),
        // The entries before this one are kept.
        ("$execution.customData.set('toString', 1)", "up to 10 entries"),
        ("$getWorkflowStaticData('other')", "\"global\" or \"node\""),
        ("$getWorkflowStaticData('global').text = 'x'.repeat(70000); return []", "too long"),
        (
            "let deep = []; for (let i = 0; i < 2000; i++) deep = [deep]; $getWorkflowStaticData('global').deep = deep; return []",
            "too low",
        ),
        ("return await helpers.httpRequest({ url: 'https://example.com' })", "helpers.httpRequest is not available"),
    ] {
        let error = pool.execute(with_nodes(code, Arc::clone(&shelf))).await.unwrap_err();
        assert!(error.message.contains(part), "{code}: {error:?}");
    }
}

#[tokio::test]
async fn every_item_asks_for_what_it_was_made_from_itself() {
    let nodes = Arc::new(Nodes::default());
    let code = "if ($json.n === 1) throw new Error('first'); return { from: $('Wébhook').item.json.a }";
    let asked = CodeRequest { mode: CodeMode::EachItem, carries_on: true, ..with_nodes(code, Arc::clone(&nodes)) };
    let expected = r#"[{"json":{"from":"linked"},"pairedItem":{"item":1}},{"json":{"from":"linked to 2"},"pairedItem":{"item":2}}]"#;
    assert_eq!(json(&pool().execute(asked).await), expected);
    assert_eq!(*nodes.0.lock().unwrap(), [Query::Linked { item: 1 }, Query::Linked { item: 2 }]);
}

#[derive(Default)]
struct Nodes(Mutex<Vec<Query>>);

#[async_trait]
impl NodeLookup for Nodes {
    async fn look_up(&self, node: &str, query: &Query) -> Result<Value, Refusal> {
        if node != "Wébhook" {
            return Err(Refusal { message: format!("There is no node named \"{node}\".") });
        }
        self.0.lock().unwrap().push(query.clone());
        Ok(from_json(match query {
            Query::Items { iteration: Some(1), .. } => r#"[{"json":{"a":"second time"}}]"#,
            Query::Items { .. } => r#"[{"json":{"a":1}},{"json":{"a":2}}]"#,
            Query::Linked { item } if *item == 2 => r#"{"json":{"a":"linked to 2"}}"#,
            Query::Linked { .. } => r#"{"json":{"a":"linked"}}"#,
            Query::Parameters => r#"{"path":"x"}"#,
            Query::Executed => "true",
            Query::Evaluate { .. } | Query::Kept { .. } | Query::Keep { .. } => panic!("these are not about a node"),
        })
        .unwrap())
    }
}

#[tokio::test]
async fn other_nodes_are_asked_only_when_the_code_does() {
    let pool = pool();
    let nodes = Arc::new(Nodes::default());
    assert_eq!(json(&pool.execute(with_nodes("return []", Arc::clone(&nodes))).await), "[]");
    assert!(nodes.0.lock().unwrap().is_empty());
    let code = "const w = $('Wébhook');
        return [{ first: w.first().json.a, last: w.last().json.a, n: w.all().length, linked: w.item.json.a, two: w.itemMatching(2).json.a,
            again: w.all(0, 1)[0].json.a, ran: w.isExecuted, path: w.params.path, old: $node['Wébhook'].json.a, items: $items('Wébhook').length }]";
    let expected = r#"[{"json":{"first":1,"last":2,"n":2,"linked":"linked","two":"linked to 2","again":"second time","ran":true,"path":"x","old":1,"items":2}}]"#;
    assert_eq!(json(&pool.execute(with_nodes(code, Arc::clone(&nodes))).await), expected);
    let asked: HashSet<String> = nodes.0.lock().unwrap().iter().map(|query| format!("{query:?}")).collect();
    assert_eq!(asked.len(), nodes.0.lock().unwrap().len(), "a question was asked twice");
}

#[tokio::test]
async fn a_missing_node_is_an_exception_that_can_be_caught() {
    let pool = pool();
    let error = pool.execute(with_nodes("\nreturn $('Nobody').all()", Arc::new(Nodes::default()))).await.unwrap_err();
    assert_eq!((error.kind, error.line), (CodeErrorKind::Thrown, Some(2)), "{error:?}");
    assert_eq!(error.message, "There is no node named \"Nobody\".");
    let code = "try { $('Nobody').all() } catch (e) { return [{ caught: e.message }] }";
    assert!(json(&pool.execute(with_nodes(code, Arc::new(Nodes::default()))).await).contains("Nobody"));
}
