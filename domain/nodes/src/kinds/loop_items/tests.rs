use std::sync::Arc;

use weft_value::{ItemRef, from_json};

use super::*;
use crate::testing::{TestStep, import, json_of, prepare};

/// Loops with `node` until it is done. Whatever it hands on comes back as it is; what all outputs gave, one line an iteration.
fn walk(node: &str, items: &str) -> (Vec<String>, Outputs) {
    let prepared = prepare(&LoopItems, node).unwrap();
    let mut step = TestStep::new(&[items]);
    let mut lines = Vec::new();
    loop {
        let outputs = prepared.run(&step).unwrap();
        lines.push(outputs.ports.iter().map(|items| json_of(items)).collect::<Vec<_>>().join(" | "));
        let context = outputs.context.clone().unwrap();
        let is_done = context.get("done").as_bool().unwrap();
        if is_done {
            return (lines, outputs);
        }
        let batch = outputs.ports.iter().find(|items| !items.is_empty()).cloned().unwrap();
        step = step.followed_by(batch, context);
    }
}

#[test]
fn items_go_round_in_batches_and_come_out_in_the_end() {
    let items = r#"[{"a":1},{"a":2},{"a":3}]"#;
    for (node, expected) in [
        (
            r#"{"batchSize":2}"#,
            vec![r#"[] | [{"a":1},{"a":2}]"#, r#"[] | [{"a":3}]"#, r#"[{"a":1},{"a":2},{"a":3}] | []"#],
        ),
        (
            r#"{"batchSize":"3","outputs":"loopDone"}"#,
            vec![r#"[{"a":1},{"a":2},{"a":3}] | []"#, r#"[] | [{"a":1},{"a":2},{"a":3}]"#],
        ),
        (r#"{"batchSize":1e30,"outputs":"loop"}"#, vec![r#"[{"a":1},{"a":2},{"a":3}]"#, "[]"]),
    ] {
        assert_eq!(walk(node, items).0, expected, "{node}");
    }
    assert_eq!(walk("{}", items).0.len(), 4);
}

#[test]
fn every_item_knows_where_it_came_from() {
    let prepared = prepare(&LoopItems, "{}").unwrap();
    let first = TestStep::new(&[r#"[{"a":1},{"a":2}]"#]);
    let one = prepared.run(&first).unwrap();
    assert_eq!(one.ports[1][0].pairing, Pairing::One(ItemRef { item: 0, input: 0 }));
    let second = first.followed_by(Arc::clone(&one.ports[1]), one.context.unwrap());
    let two = prepared.run(&second).unwrap();
    assert_eq!(two.ports[1][0].pairing, Pairing::Earlier(EarlierRef { item: 1, iteration: 0 }));
    let third = second.followed_by(Arc::clone(&two.ports[1]), two.context.unwrap());
    let done = prepared.run(&third).unwrap();
    assert_eq!(done.ports[0][0].pairing, Pairing::Earlier(EarlierRef { item: 0, iteration: 1 }));
    assert_eq!(done.ports[0][1].pairing, Pairing::One(ItemRef { item: 0, input: 0 }));
}

#[test]
fn expressions_can_ask_how_far_it_is() {
    let prepared = prepare(&LoopItems, r#"{"batchSize":2}"#).unwrap();
    let mut step = TestStep::new(&["[{},{},{}]"]);
    for (current, nothing_left, done) in [(0.0, false, false), (1.0, true, false), (2.0, true, true)] {
        let outputs = prepared.run(&step).unwrap();
        let context = outputs.context.clone().unwrap();
        assert_eq!(context.get("currentRunIndex"), &Value::Number(current));
        assert_eq!(context.get("maxRunIndex"), &Value::Number(2.0));
        assert_eq!(context.get("noItemsLeft"), &Value::Bool(nothing_left), "{current}");
        assert_eq!(context.get("done"), &Value::Bool(done), "{current}");
        step = step.followed_by(Arc::clone(&outputs.ports[1]), context);
    }
}

#[test]
fn a_loop_starts_again_where_it_is_told_to() {
    let prepared = prepare(&LoopItems, r#"{"options":{"reset":"={{ $json.fresh }}"}}"#).unwrap();
    let first = TestStep::new(&[r#"[{"a":1},{"a":2}]"#]);
    let context = prepared.run(&first).unwrap().context.unwrap();
    let fresh = TestStep::new(&[r#"[{"fresh":true,"b":1},{"b":2}]"#]);
    let again = first.followed_by(fresh.shared_input(0), context);
    let outputs = prepared.run(&again).unwrap();
    assert_eq!(json_of(&outputs.ports[1]), r#"[{"fresh":true,"b":1}]"#);
    assert_eq!(outputs.ports[1][0].pairing, Pairing::One(ItemRef { item: 0, input: 0 }));
    let next = again.followed_by(Arc::new(Vec::new()), outputs.context.unwrap());
    let outputs = prepared.run(&next).unwrap();
    assert_eq!(json_of(&outputs.ports[1]), r#"[{"b":2}]"#);
    assert_eq!(outputs.ports[1][0].pairing, Pairing::Earlier(EarlierRef { item: 1, iteration: 1 }));
}

#[test]
fn a_batch_needs_a_size() {
    for wrong in ["0", "-1", "0.5", "\"many\"", "\"={{ NaN }}\""] {
        let prepared = prepare(&LoopItems, &format!(r#"{{"batchSize":{wrong}}}"#)).unwrap();
        let error = prepared.run(&TestStep::new(&["[{}]"])).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("batchSize"), "{wrong}");
    }
    assert!(prepare(&LoopItems, r#"{"outputs":"sideways"}"#).is_err());
    // What another node left behind, or a person wrote, is no progress.
    let step = TestStep::new(&["[{}]"])
        .followed_by(Arc::new(vec![Item::new(Value::empty_object())]), from_json("[1]").unwrap());
    assert_eq!(prepare(&LoopItems, "{}").unwrap().run(&step).unwrap().ports[1].len(), 1);
}

#[test]
fn every_version_of_n8n_is_mapped() {
    for (version, old, size, outputs) in [
        (1.0, "{}", "10", &["loop"][..]),
        (2.0, r#"{"batchSize":3}"#, "3", &["loop", "done"]),
        (3.0, r#"{"batchSize":"={{ 5 }}"}"#, r#""={{ 5 }}""#, &["done", "loop"]),
        (3.0, r#"{"options":{"reset":true}}"#, "1", &["done", "loop"]),
    ] {
        let Imported { parameters, remarks } = import(&LoopItems, version, old).unwrap();
        let ports: Vec<String> = LoopItems.ports(&parameters).outputs.into_iter().map(|port| port.name).collect();
        assert_eq!(
            (parameters.get("batchSize").to_json().as_str(), ports.as_slice()),
            (size, outputs.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>().as_slice())
        );
        assert!(remarks.is_empty());
        assert!(prepare(&LoopItems, &parameters.to_json()).is_ok());
    }
}
