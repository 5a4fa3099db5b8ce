//! A failure is told another workflow: once, whoever dies in between, and never in a circle.

#![allow(clippy::unwrap_used, reason = "these are tests, their helpers too")]

mod support;

use std::sync::atomic::Ordering;

use support::{Drawing, House, TENANT, TestLog, WORKFLOW, live_on, node_id, settle, start_at};
use uuid::Uuid;
use weft_engine::{Engine, StartExecution};
use weft_event_log::SystemLog;
use weft_model::execution::{ExecutedVersion, ExecutionMode};
use weft_model::{Actor, Callers, ErrorWorkflow, ExecutionId, WorkflowId};
use weft_value::{Value, from_json};

const ERRORS: WorkflowId = WorkflowId(Uuid::from_u128(4));
const CHILD: WorkflowId = WorkflowId(Uuid::from_u128(3));
const STOPS: &str = r#"{"errorMessage":"no such customer"}"#;

fn failing(error_workflow: ErrorWorkflow) -> Drawing {
    let mut drawing =
        Drawing::default().node("Start", "manualTrigger", "{}").node("Ask", "stopAndError", STOPS).edge("Start", "Ask");
    drawing.graph.settings.error_workflow = error_workflow;
    drawing
}

fn catching(then: &str, parameters: &str) -> Drawing {
    Drawing::default().node("Caught", "errorTrigger", "{}").node("Tell", then, parameters).edge("Caught", "Tell")
}

fn house(failing: Drawing, catching: Drawing) -> House {
    let house = House::new(failing);
    house.definitions.add(TENANT, ERRORS, "Errors", catching.graph);
    house
}

/// Every execution after one of `Start`, and after everything that followed from it.
async fn followed(house: &House, engine: &Engine) -> Vec<ExecutionId> {
    engine.start(start_at("Start")).await.unwrap();
    settle().await;
    live_on(house, engine).await;
    house.log.executions().await
}

async fn told(log: &TestLog, execution: ExecutionId) -> Value {
    let outputs = log.outputs(execution).await;
    let items = from_json(&outputs[&(node_id("Tell"), 0)][0]).unwrap();
    items.as_array().unwrap()[0].get("json").clone()
}

#[tokio::test]
async fn the_workflow_that_the_settings_name_is_told() {
    let house = house(failing(ErrorWorkflow::Workflow(ERRORS)), catching("noOp", "{}"));
    let engine = house.engine();
    let all = followed(&house, &engine).await;
    assert_eq!(all.len(), 2, "{all:?}");
    let item = told(&house.log, all[1]).await;
    let execution = item.get("execution");
    assert_eq!(execution.get("id").as_str(), Some(all[0].to_string().as_str()));
    assert_eq!(execution.get("url").as_str(), Some(format!("http://acme.test/executions/{}", all[0]).as_str()));
    assert_eq!(execution.get("error").get("message").as_str(), Some("no such customer"));
    assert_eq!(execution.get("lastNodeExecuted").as_str(), Some("Ask"));
    assert_eq!(execution.get("mode").as_str(), Some("manual"));
    assert_eq!(item.get("workflow").to_json(), format!(r#"{{"id":"{WORKFLOW}","name":"Orders"}}"#));
    // A retry of the failed one is another failure, and says what it repeats.
    engine.retry(TENANT, all[0], Actor::System).await.unwrap();
    live_on(&house, &engine).await;
    let all = house.log.executions().await;
    assert_eq!(all.len(), 4);
    let item = told(&house.log, all[3]).await;
    assert_eq!(item.get("execution").get("mode").as_str(), Some("retry"));
    assert_eq!(item.get("execution").get("retryOf").as_str(), Some(all[0].to_string().as_str()));
}

#[tokio::test]
async fn who_is_told_is_a_matter_of_the_settings() {
    let own = || {
        let mut drawing = failing(ErrorWorkflow::Default);
        drawing = drawing.node("Caught", "errorTrigger", "{}").node("Tell", "noOp", "{}").edge("Caught", "Tell");
        drawing
    };
    let with = |mut drawing: Drawing, error_workflow| {
        drawing.graph.settings.error_workflow = error_workflow;
        drawing
    };
    for (drawing, has_default, count, why) in [
        (failing(ErrorWorkflow::Default), false, 1, "nobody is named"),
        (failing(ErrorWorkflow::Default), true, 2, "the tenant's"),
        (failing(ErrorWorkflow::Nothing), true, 1, "nobody shall be told"),
        (own(), false, 2, "the workflow itself"),
        (with(own(), ErrorWorkflow::Nothing), false, 1, "not even itself"),
        (failing(ErrorWorkflow::Workflow(CHILD)), true, 1, "the named one does not exist"),
    ] {
        let house = house(drawing, catching("noOp", "{}"));
        if has_default {
            house.definitions.tell_failures_to(ERRORS);
        }
        let engine = house.engine();
        assert_eq!(followed(&house, &engine).await.len(), count, "{why}");
        assert_eq!(house.log.next_timer().await.unwrap(), None, "{why}");
    }
}

#[tokio::test]
async fn what_may_not_or_cannot_be_executed_is_not() {
    let mut closed = catching("noOp", "{}");
    closed.graph.settings.callers = Callers::Nobody;
    let without = Drawing::default().node("Start", "manualTrigger", "{}");
    for drawing in [closed, without] {
        let house = house(failing(ErrorWorkflow::Workflow(ERRORS)), drawing);
        let engine = house.engine();
        assert_eq!(followed(&house, &engine).await.len(), 1);
    }
    let unpublished = house(failing(ErrorWorkflow::Workflow(ERRORS)), catching("noOp", "{}"));
    unpublished.definitions.deactivate(TENANT, ERRORS);
    let engine = unpublished.engine();
    assert_eq!(followed(&unpublished, &engine).await.len(), 1);
}

#[tokio::test]
async fn what_a_person_tries_out_is_told_nobody() {
    let house = house(failing(ErrorWorkflow::Workflow(ERRORS)), catching("noOp", "{}"));
    let engine = house.engine();
    for mode in [ExecutionMode::Manual, ExecutionMode::Test] {
        engine.start(StartExecution { mode, version: ExecutedVersion::Draft(1), ..start_at("Start") }).await.unwrap();
    }
    live_on(&house, &engine).await;
    assert_eq!(house.log.executions().await.len(), 2);
}

#[tokio::test]
async fn the_failure_of_an_error_workflow_is_told_nobody() {
    let mut itself = catching("stopAndError", STOPS);
    itself.graph.settings.error_workflow = ErrorWorkflow::Workflow(ERRORS);
    let house = house(failing(ErrorWorkflow::Workflow(ERRORS)), itself);
    house.definitions.tell_failures_to(ERRORS);
    let engine = house.engine();
    let all = followed(&house, &engine).await;
    assert_eq!(all.len(), 2);
    assert_eq!(house.log.names(all[1]).await.last().unwrap(), "failed");
    // Nor when a person tries it again.
    engine.retry(TENANT, all[1], Actor::System).await.unwrap();
    live_on(&house, &engine).await;
    assert_eq!(house.log.executions().await.len(), 3);
}

#[tokio::test]
async fn nor_is_that_of_what_it_executes() {
    for options in [r#","options":{"waitForSubWorkflow":false}"#, ""] {
        let call = format!(r#"{{"workflowId":"{CHILD}"{options}}}"#);
        let house = house(failing(ErrorWorkflow::Workflow(ERRORS)), catching("executeWorkflow", &call));
        let mut child = Drawing::default()
            .node("Called", "executeWorkflowTrigger", "{}")
            .node("Stop", "stopAndError", STOPS)
            .edge("Called", "Stop");
        child.graph.settings.error_workflow = ErrorWorkflow::Workflow(ERRORS);
        house.definitions.add(TENANT, CHILD, "Child", child.graph);
        let engine = house.engine();
        assert_eq!(followed(&house, &engine).await.len(), 3, "{options}");
    }
}

#[tokio::test]
async fn a_sub_workflow_tells_its_own_and_the_tenants_is_told_once() {
    for (own, count) in [(ErrorWorkflow::Default, 3), (ErrorWorkflow::Workflow(ERRORS), 4)] {
        let call = format!(r#"{{"workflowId":"{CHILD}"}}"#);
        let parent = Drawing::default()
            .node("Start", "manualTrigger", "{}")
            .node("Call", "executeWorkflow", &call)
            .edge("Start", "Call");
        let house = house(parent, catching("noOp", "{}"));
        house.definitions.tell_failures_to(ERRORS);
        let mut child = Drawing::default()
            .node("Called", "executeWorkflowTrigger", "{}")
            .node("Stop", "stopAndError", STOPS)
            .edge("Called", "Stop");
        child.graph.settings.error_workflow = own;
        house.definitions.add(TENANT, CHILD, "Child", child.graph);
        let engine = house.engine();
        assert_eq!(followed(&house, &engine).await.len(), count, "{own:?}");
    }
}

#[tokio::test]
async fn two_processes_tell_a_failure_once() {
    let house = house(failing(ErrorWorkflow::Workflow(ERRORS)), catching("noOp", "{}"));
    house.log.without_leases.store(true, Ordering::SeqCst);
    let (one, other) = (house.engine(), house.engine());
    one.start(start_at("Start")).await.unwrap();
    settle().await;
    let (first, second) = tokio::join!(one.fire_due_timers(), other.fire_due_timers());
    first.unwrap();
    second.unwrap();
    settle().await;
    assert_eq!(house.log.executions().await.len(), 2);
    assert_eq!(house.log.next_timer().await.unwrap(), None);
}

#[tokio::test]
async fn a_process_that_dies_at_any_append_loses_and_doubles_nothing() {
    // The failure is one append, the error workflow another; whoever dies before or after either is followed by another process.
    for cut in 0..4 {
        let house = house(failing(ErrorWorkflow::Workflow(ERRORS)), catching("noOp", "{}"));
        let dying = TestLog { cut: std::sync::Arc::new(cut.into()), ..house.log.clone() };
        let first = house.engine_over(&dying);
        let starting = tokio::spawn(async move {
            let started = first.start(start_at("Start")).await;
            settle().await;
            first.fire_due_timers().await.ok();
            settle().await;
            started.is_ok()
        });
        settle().await;
        settle().await;
        starting.abort();
        let other = house.engine();
        live_on(&house, &other).await;
        let all = house.log.executions().await;
        let has_begun = !all.is_empty();
        assert_eq!(all.len(), if has_begun { 2 } else { 0 }, "cut {cut}: {all:?}");
        for execution in all {
            let names = house.log.names(execution).await;
            assert_eq!(names.iter().filter(|name| *name == "queued").count(), 1);
        }
    }
}
