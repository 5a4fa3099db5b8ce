use async_graphql::Response;
use futures_util::{Stream, StreamExt};
use serde_json::{Value, json};
use weft_model::ExecutionId;
use weft_model::execution::{ExecutionEvent, StepKey};
use weft_model::member::Role;
use weft_projections::testing::{End, Story, step_succeeded};

use super::stage::{Stage, by};
use crate::id::global;
use crate::{Language, session_data};

fn subscribe(stage: &Stage, story: &Story, query: &str) -> impl Stream<Item = Value> + use<> {
    let mut request = async_graphql::Request::new(query);
    request.data = session_data(&stage.schema, by(story, Role::Viewer), Language::default());
    stage.schema.execute_stream(request).map(|response: Response| {
        assert!(response.errors.is_empty(), "{:?}", response.errors);
        response.data.into_json().unwrap()
    })
}

#[tokio::test]
async fn what_a_socket_gets_that_is_killed_again_and_again_is_the_log() {
    let stage = Stage::new().await;
    let mut story = Story::of(1);
    let (workflow, nodes) = story.drawn("Orders");
    let id = ExecutionId(story.id());
    story.queued(id, workflow, nodes[0]);
    stage.told(&story).await;
    let mut told = story.facts.len();

    let mut seen = vec![];
    let mut cursor = 0_u64;
    for round in 0..1000_u32 {
        let query = format!(
            "subscription {{ executionEvents(executionId: \"{}\", after: {cursor}) {{ position type nodeId status }} }}",
            global(id).as_str()
        );
        let mut events = Box::pin(subscribe(&stage, &story, &query));
        // Something is recorded before, while and after the socket is open; other executions as well.
        let at = story.now;
        let step = StepKey { node: nodes[1], iteration: round, attempt: 1 };
        let others = story.executed(workflow, nodes, End::Succeeded);
        assert_ne!(others, id);
        story.tell(id, step_succeeded(step, nodes[0], at));
        stage.fake.record(story.tenant, &story.facts[told..]);
        told = story.facts.len();
        for _ in 0..=(round % 2) {
            if round == 0 && cursor > 0 {
                break;
            }
            let last = story.facts.iter().rev().find(|fact| fact.stream.0 == id.0).unwrap().position.0;
            if cursor == last {
                break;
            }
            let event = events.next().await.unwrap()["executionEvents"].clone();
            cursor = event["position"].as_u64().unwrap();
            seen.push(cursor);
        }
    }
    // What is left comes in one go.
    let query = format!(
        "subscription {{ executionEvents(executionId: \"{}\", after: {cursor}) {{ position }} }}",
        global(id).as_str()
    );
    let of_execution: Vec<u64> =
        story.facts.iter().filter(|fact| fact.stream.0 == id.0).map(|fact| fact.position.0).collect();
    let mut rest = Box::pin(subscribe(&stage, &story, &query));
    while seen.len() < of_execution.len() {
        seen.push(rest.next().await.unwrap()["executionEvents"]["position"].as_u64().unwrap());
    }
    assert_eq!(seen, of_execution);
}

#[tokio::test]
async fn live_events_follow_recorded_ones_for_every_subscriber() {
    let stage = Stage::new().await;
    let mut story = Story::of(1);
    let (workflow, nodes) = story.drawn("Orders");
    let id = ExecutionId(story.id());
    story.queued(id, workflow, nodes[0]);
    stage.told(&story).await;
    let query = format!(
        "subscription {{ executionEvents(executionId: \"{}\") {{ type data outputCounts }} }}",
        global(id).as_str()
    );
    let mut subscribers: Vec<_> = (0..20).map(|_| Box::pin(subscribe(&stage, &story, &query))).collect();
    for events in &mut subscribers {
        let first = events.next().await.unwrap()["executionEvents"].clone();
        assert_eq!((&first["type"], &first["outputCounts"]), (&json!("execution.queued"), &json!([2])));
        assert_eq!(first["data"]["triggerKind"], json!("webhook@1"));
    }
    let told = story.facts.len();
    let at = story.now;
    story.tell(id, ExecutionEvent::Succeeded { at });
    stage.fake.record(story.tenant, &story.facts[told..]);
    for events in &mut subscribers {
        assert_eq!(events.next().await.unwrap()["executionEvents"]["type"], json!("execution.succeeded"));
    }
}

#[tokio::test]
async fn the_feed_tells_of_every_execution_that_changed_and_of_no_other_workflow() {
    let stage = Stage::new().await;
    let mut story = Story::of(1);
    let (first, first_nodes) = story.drawn("Orders");
    let (second, second_nodes) = story.drawn("Invoices");
    let ids = [
        story.executed(first, first_nodes, End::Succeeded),
        story.executed(second, second_nodes, End::Failed),
        story.executed(first, first_nodes, End::Failed),
    ];
    stage.told(&story).await;
    let feed = |filter: String| {
        format!("subscription {{ executionFeed(after: 0{filter}) {{ position execution {{ id status }} }} }}")
    };
    let mut all = Box::pin(subscribe(&stage, &story, &feed(String::new())));
    for id in ids {
        assert_eq!(all.next().await.unwrap()["executionFeed"]["execution"]["id"], json!(global(id).as_str()));
    }
    let mut some = Box::pin(subscribe(&stage, &story, &feed(format!(", workflowId: \"{}\"", global(first).as_str()))));
    for (id, status) in [(ids[0], "SUCCEEDED"), (ids[2], "FAILED")] {
        let entry = some.next().await.unwrap()["executionFeed"].clone();
        assert_eq!(entry["execution"], json!({ "id": global(id).as_str(), "status": status }));
    }
}

#[tokio::test]
async fn changes_of_a_workflow_name_who_made_them() {
    let stage = Stage::new().await;
    let mut story = Story::of(1);
    let (_, identity) = story.joined(Role::Editor);
    let (workflow, _) = story.drawn("Orders");
    stage.told(&story).await;
    let query = format!(
        "subscription {{ workflowChanges(workflowId: \"{}\", after: 0) {{ type version actor {{ name }} groupId }} }}",
        global(workflow).as_str()
    );
    let mut changes = Box::pin(subscribe(&stage, &story, &query));
    let created = changes.next().await.unwrap()["workflowChanges"].clone();
    let expected = json!({ "type": "workflow.created", "version": 1, "actor": { "name": format!("Person {identity}") }, "groupId": null });
    assert_eq!(created, expected);
    let told = story.facts.len();
    let group = weft_model::GroupId(story.id());
    story.renamed(workflow, "B", weft_model::workflow::EditCause::Edit, group);
    stage.fake.record(story.tenant, &story.facts[told..]);
    assert_eq!(changes.next().await.unwrap()["workflowChanges"]["groupId"], json!(group.to_string()));
}

#[tokio::test]
async fn another_tenants_execution_cannot_be_watched() {
    let stage = Stage::new().await;
    let mut other = Story::of(2);
    let (workflow, nodes) = other.drawn("Secret");
    let execution = other.executed(workflow, nodes, End::Succeeded);
    stage.told(&other).await;
    let story = Story::of(1);
    for query in [
        format!("subscription {{ executionEvents(executionId: \"{}\") {{ position }} }}", global(execution).as_str()),
        format!("subscription {{ workflowChanges(workflowId: \"{}\") {{ position }} }}", global(workflow).as_str()),
    ] {
        let mut request = async_graphql::Request::new(query);
        request.data = session_data(&stage.schema, by(&story, Role::Owner), Language::default());
        let answer = stage.schema.execute_stream(request).next().await.unwrap();
        assert_eq!(answer.errors[0].extensions.as_ref().unwrap().get("code"), Some(&"NOT_FOUND".into()));
    }
}
