//! The workflows that are tried, in n8n's format.

use serde_json::{Map, Value, json};

/// Webhook → Set with two expressions → answer of the last node. Its body is [`SET_BODY`].
pub fn set() -> Value {
    let greeting = assignment("greeting", "string", "={{ 'Hello ' + $json.body.name.toUpperCase() }}");
    let total = assignment("total", "number", "={{ $json.body.items.reduce((s,i)=>s+i.price*i.qty,0) }}");
    workflow("Set", vec![set_node("Set", 2, &[greeting, total])])
}

/// A body for [`set`].
pub const SET_BODY: &str = r#"{"name":"ada","items":[{"price":2,"qty":3},{"price":1.5,"qty":4}]}"#;

/// Webhook → Set that keeps `n` → answer of the last node.
pub fn set_number() -> Value {
    workflow("Number", vec![set_node("Set", 2, &[assignment("n", "number", "={{ $json.body.n }}")])])
}

/// Webhook → one JavaScript code node with this code → answer of the last node.
pub fn code_of(name: &str, code: &str) -> Value {
    workflow(name, vec![node("Code", "code", 2.0, 2, &json!({ "jsCode": code }))])
}

/// Webhook → so many JavaScript code nodes → answer of the last node.
pub fn code(nodes: u32) -> Value {
    let code = "return $input.all().map(item => ({ json: { n: (item.json.n ?? 0) + 1 } }));";
    let node = |number: u32| node(&format!("Code {number}"), "code", 2.0, number + 1, &json!({ "jsCode": code }));
    workflow("Code", (1..=nodes).map(node).collect())
}

/// Webhook → Set that keeps `n` → POST of it to `address` → Set that keeps the answer's `n` → answer of the last node.
pub fn side_effect(address: &str) -> Value {
    let keep = |name: &str, id, expression| set_node(name, id, &[assignment("n", "number", expression)]);
    let body = json!({
        "method": "POST", "url": address, "sendBody": true, "contentType": "json", "specifyBody": "json",
        "jsonBody": "={{ { n: $json.n } }}", "options": {}
    });
    workflow(
        "Side effect",
        vec![
            keep("Before", 2, "={{ $json.body.n }}"),
            node("Call", "httpRequest", 4.2, 3, &body),
            keep("After", 4, "={{ $json.n }}"),
        ],
    )
}

/// Every second → Set.
pub fn every_second() -> Value {
    let rule = json!({ "rule": { "interval": [{ "field": "seconds", "secondsInterval": 1 }] } });
    let tick = node("Every second", "scheduleTrigger", 1.2, 1, &rule);
    chain("Ticks", &[tick, set_node("Set", 2, &[assignment("ticked", "boolean", "={{ true }}")])])
}

fn assignment(name: &str, kind: &str, value: &str) -> Value {
    json!({ "id": name, "name": name, "type": kind, "value": value })
}

fn set_node(name: &str, id: u32, assignments: &[Value]) -> Value {
    node(name, "set", 3.4, id, &json!({ "assignments": { "assignments": assignments }, "options": {} }))
}

fn node(name: &str, kind: &str, version: f64, id: u32, parameters: &Value) -> Value {
    json!({
        "id": format!("0a0ac9a4-46ea-4b2c-9d5d-3e0cf0f0{id:04}"), "name": name, "type": format!("n8n-nodes-base.{kind}"),
        "typeVersion": version, "position": [300 * id, 0], "parameters": parameters
    })
}

fn workflow(name: &str, nodes: Vec<Value>) -> Value {
    let parameters = json!({ "httpMethod": "POST", "path": "trial", "responseMode": "lastNode", "options": {} });
    let mut all = vec![node("Webhook", "webhook", 2.0, 1, &parameters)];
    all.extend(nodes);
    chain(name, &all)
}

/// The nodes, each joined to the next.
fn chain(name: &str, nodes: &[Value]) -> Value {
    let mut connections = Map::new();
    for pair in nodes.windows(2) {
        let edge = json!({ "main": [[{ "node": pair[1]["name"], "type": "main", "index": 0 }]] });
        connections.insert(pair[0]["name"].as_str().unwrap_or_default().to_owned(), edge);
    }
    let name = format!("{name}, {} nodes", nodes.len());
    json!({ "name": name, "nodes": nodes, "connections": connections, "settings": { "executionOrder": "v1" } })
}
