//! Executions that another one asked for.

use crate::item;
use crate::support::{Drawing, House, TENANT, WORKFLOW, node_id, settle, start_and_wait};
use crate::{CHILD, child, error_of, executed, family, last_output, parent};
use weft_event_log::SystemLog;
use weft_model::execution::{ExecutedVersion, ExecutionEvent, ExecutionMode};
use weft_model::{Callers, OnError};

#[tokio::test]
async fn a_workflow_executes_another_one_with_all_items() {
    let house = family("", child("noOp", "{}"));
    let execution = executed(&house, r#"[{"a":1},{"a":2}]"#).await.execution;
    let [_, called] = house.log.executions().await[..] else { panic!("there are two executions") };
    assert_eq!(
        last_output(&house, execution, "Call").await,
        r#"[{"json":{"a":1,"seen":true},"pairedItem":{"item":0}},{"json":{"a":2,"seen":true},"pairedItem":{"item":1}}]"#
    );
    let queued = house.log.events(called).await.remove(0);
    let ExecutionEvent::Queued { parent: Some(parent), version, mode, .. } = queued else { panic!("{queued:?}") };
    assert_eq!((parent.execution, parent.node, parent.depth, parent.item), (execution, node_id("Call"), 1, None));
    assert_eq!((version, mode), (ExecutedVersion::Published(1), ExecutionMode::Production));
    // It was handed over in memory: the parent never waited, and no timer was needed.
    let names = house.log.names(execution).await;
    assert!(!names.iter().any(|name| name == "step_awaits"), "{names:?}");
    assert_eq!(house.log.next_timer().await.unwrap(), None);
    assert_eq!(house.log.appends(), 3, "the intent, the whole child, the end");
}

#[tokio::test]
async fn a_workflow_executes_another_one_for_each_item() {
    let house =
        family(r#","mode":"each","workflowInputs":[{"name":"b","value":"={{ $json.a * 10 }}"}]"#, child("noOp", "{}"));
    let execution = executed(&house, r#"[{"a":1},{"a":2},{"a":3}]"#).await.execution;
    assert_eq!(house.log.executions().await.len(), 4);
    assert_eq!(
        last_output(&house, execution, "Call").await,
        concat!(
            r#"[{"json":{"a":1,"b":10,"seen":true},"pairedItem":{"item":0}},"#,
            r#"{"json":{"a":2,"b":20,"seen":true},"pairedItem":{"item":1}},"#,
            r#"{"json":{"a":3,"b":30,"seen":true},"pairedItem":{"item":2}}]"#
        )
    );
}

#[tokio::test]
async fn what_nobody_waits_for_is_only_begun() {
    let house =
        family(r#","options":{"waitForSubWorkflow":false}"#, child("probe", r#"{"name":"alone","hangs":true}"#));
    let execution = executed(&house, r#"[{"a":1}]"#).await.execution;
    assert_eq!(house.log.names(execution).await.last().unwrap(), "succeeded");
    assert_eq!(last_output(&house, execution, "Call").await, r#"[{"json":{"a":1},"pairedItem":{"item":0}}]"#);
    let called = house.log.executions().await[1];
    assert_eq!(house.log.names(called).await.last().unwrap(), "step_started");
}

#[tokio::test]
async fn a_child_that_fails_fails_the_step_that_asked_for_it() {
    let stops = r#"{"errorMessage":"no such customer"}"#;
    let house = family("", child("stopAndError", stops));
    let execution = executed(&house, "[{}]").await.execution;
    let (code, message) = error_of(&house.log.events(execution).await);
    assert_eq!(
        (code.as_str(), message.as_str()),
        ("sub_workflow_failed", "“Café” failed at “Middle”: no such customer")
    );
}

#[tokio::test]
async fn where_the_node_carries_on_only_the_items_fail_whose_child_did() {
    let odd = r#"{"conditions":{"conditions":[{"leftValue":"={{ $json.a }}","rightValue":2,"operator":{"type":"number","operation":"equals"}}]}}"#;
    let called = Drawing::default()
        .node("Called", "executeWorkflowTrigger", "{}")
        .node("If", "if", odd)
        .node("Stop", "stopAndError", r#"{"errorMessage":"two"}"#)
        .edge("Called", "If")
        .edge("If", "Stop");
    let mut house = family(r#","mode":"each""#, called);
    let mut drawing = parent(r#","mode":"each""#);
    drawing.graph.nodes[&node_id("Call")].on_error = OnError::Continue;
    house.definitions.add(TENANT, WORKFLOW, "Orders", drawing.graph);
    house.settings.running = 1;
    let execution = executed(&house, r#"[{"a":1},{"a":2},{"a":3}]"#).await.execution;
    assert_eq!(
        last_output(&house, execution, "Call").await,
        concat!(
            r#"[{"json":{"a":1},"pairedItem":{"item":0}},"#,
            r#"{"json":{"error":"“Café” failed at “Stop”: two"},"pairedItem":{"item":1}},"#,
            r#"{"json":{"a":3},"pairedItem":{"item":2}}]"#
        )
    );
}

#[tokio::test]
async fn what_cannot_be_executed_says_why() {
    let refused = |house: House| async move {
        let execution = executed(&house, "[{}]").await.execution;
        let (code, message) = error_of(&house.log.events(execution).await);
        (code, message)
    };
    let missing = House::new(parent(""));
    assert!(refused(missing).await.1.contains("does not exist"));
    let unpublished = family("", child("noOp", "{}"));
    unpublished.definitions.deactivate(TENANT, CHILD);
    assert!(refused(unpublished).await.1.contains("was never published"));
    let no_trigger = family("", Drawing::default().node("Start", "manualTrigger", "{}"));
    assert!(refused(no_trigger).await.1.contains("cannot be executed by another workflow"));
    for (callers, is_refused) in [
        (Callers::Nobody, true),
        (Callers::Only(vec![CHILD]), true),
        (Callers::Only(vec![WORKFLOW]), false),
        (Callers::Everyone, false),
    ] {
        let mut called = child("noOp", "{}");
        called.graph.settings.callers = callers.clone();
        let house = family("", called);
        let execution = executed(&house, "[{}]").await.execution;
        let last = house.log.events(execution).await.pop().unwrap();
        assert_eq!(matches!(last, ExecutionEvent::Failed { .. }), is_refused, "{callers:?}");
    }
    let typed = r#"{"inputSource":"workflowInputs","workflowInputs":[{"name":"n","type":"number"}]}"#;
    let house = family("", Drawing::default().node("Called", "executeWorkflowTrigger", typed));
    let execution = executed(&house, r#"[{"n":"many"}]"#).await.execution;
    let (code, message) = error_of(&house.log.events(execution).await);
    assert_eq!(code, "sub_workflow_input", "{message}");
    assert_eq!(house.log.executions().await.len(), 1, "nothing was begun");
}

#[tokio::test]
async fn a_workflow_that_executes_itself_ends() {
    let itself = format!(r#"{{"workflowId":"{CHILD}"}}"#);
    let called = Drawing::default()
        .node("Called", "executeWorkflowTrigger", "{}")
        .node("Again", "executeWorkflow", &itself)
        .edge("Called", "Again");
    let house = family("", called);
    let execution = executed(&house, "[{}]").await.execution;
    for _ in 0..20 {
        settle().await;
    }
    assert_eq!(house.log.executions().await.len(), 17);
    let (_, message) = error_of(&house.log.events(execution).await);
    assert!(message.contains("More than 16 workflows"), "{message}");
}

#[tokio::test]
async fn the_editor_executes_the_draft_and_does_not_pin_what_is_called() {
    let mut called = child("noOp", "{}");
    called.graph.pinned.insert(node_id("Middle"), vec![item(r#"{"pinned":true}"#)]);
    let house = family("", called);
    let start = weft_engine::StartExecution { mode: ExecutionMode::Manual, ..start_and_wait("Start", r#"[{"a":1}]"#) };
    let execution = house.engine().start(start).await.unwrap().execution;
    settle().await;
    let queued = house.log.events(house.log.executions().await[1]).await.remove(0);
    let ExecutionEvent::Queued { version, mode, .. } = queued else { panic!("{queued:?}") };
    assert_eq!((version, mode), (ExecutedVersion::Draft(1), ExecutionMode::Manual));
    assert_eq!(
        last_output(&house, execution, "Call").await,
        r#"[{"json":{"a":1,"seen":true},"pairedItem":{"item":0}}]"#
    );
}
