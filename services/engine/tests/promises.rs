//! The three promises, and what they cost: how many appends an execution makes.

#![allow(clippy::unwrap_used, reason = "these are tests, their helpers too")]

mod support;

use support::{Drawing, House, TENANT, body_of, call};
use weft_event_log::SystemLog;

const RESPOND: &str = r#"{"httpMethod":"POST","responseMode":"responseNode"}"#;
const LAST: &str = r#"{"httpMethod":"POST","responseMode":"lastNode"}"#;
const AT_ONCE: &str = r#"{"httpMethod":"POST","responseMode":"onReceived"}"#;
const GREETING: &str = r#"{"assignments":{"assignments":[{"name":"greeting","type":"string","value":"hello"}]}}"#;

fn webhook_set_respond() -> Drawing {
    Drawing::default()
        .node("Webhook", "webhook", RESPOND)
        .node("Set", "set", GREETING)
        .node("Respond", "respondToWebhook", "{}")
        .edge("Webhook", "Set")
        .edge("Set", "Respond")
}

#[tokio::test]
async fn webhook_set_respond_is_one_append_with_one_payload() {
    let house = House::new(webhook_set_respond());
    let started = call(&house.engine(), "Webhook", r#"{"name":"ada"}"#).await.unwrap();
    assert_eq!(body_of(&started), r#"{"greeting":"hello"}"#);
    assert_eq!((house.log.appends(), house.log.payloads.load(std::sync::atomic::Ordering::SeqCst)), (1, 1));
    let names = house.log.names(started.execution).await;
    assert_eq!(names, ["queued", "started", "step_succeeded", "step_succeeded", "succeeded"]);
    assert_eq!(started.position.0, 5);
    assert_eq!(house.log.open_executions(TENANT).await.unwrap(), 0);
}

#[tokio::test]
async fn the_last_node_answers_in_one_append() {
    let drawing =
        Drawing::default().node("Webhook", "webhook", LAST).node("Set", "set", GREETING).edge("Webhook", "Set");
    let house = House::new(drawing);
    let started = call(&house.engine(), "Webhook", "{}").await.unwrap();
    assert_eq!(body_of(&started), r#"{"greeting":"hello"}"#);
    assert_eq!(house.log.appends(), 1);
}

#[tokio::test]
async fn an_immediate_answer_is_given_after_the_execution_is_recorded() {
    let drawing =
        Drawing::default().node("Webhook", "webhook", AT_ONCE).node("Set", "set", GREETING).edge("Webhook", "Set");
    let house = House::new(drawing);
    let started = call(&house.engine(), "Webhook", "{}").await.unwrap();
    assert_eq!(body_of(&started), r#"{"message":"Workflow was started"}"#);
    let names = house.log.names(started.execution).await;
    assert!(names.len() >= 2 && names[..2] == ["queued", "started"], "{names:?}");
    support::settle().await;
    assert_eq!(house.log.names(started.execution).await, ["queued", "started", "step_succeeded", "succeeded"]);
    assert_eq!((house.log.appends(), house.log.open_executions(TENANT).await.unwrap()), (2, 0));
}
