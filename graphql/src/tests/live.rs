use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use async_graphql::Response;
use futures_util::{Stream, StreamExt};
use serde_json::{Value, json};
use weft_model::execution::{ExecutionEvent, StepKey};
use weft_model::member::Role;
use weft_model::workflow::{Change, Definition, EditCause, WorkflowEvent};
use weft_model::{ExecutionId, GroupId, Position, WorkflowId};
use weft_projections::testing::{End, Story, step_succeeded};

use super::stage::{Stage, by};
use crate::id::global;
use crate::{Language, session_data};

fn subscribe(stage: &Stage, story: &Story, query: &str) -> impl Stream<Item = Value> + use<> {
    told(stage, story, Role::Viewer, query).map(|response: Response| {
        assert!(response.errors.is_empty(), "{:?}", response.errors);
        response.data.into_json().unwrap()
    })
}

/// What is told, errors as well.
fn told(stage: &Stage, story: &Story, role: Role, query: &str) -> impl Stream<Item = Response> + use<> {
    let mut request = async_graphql::Request::new(query);
    request.data = session_data(&stage.schema, by(story, role), Language::default());
    stage.schema.execute_stream(request)
}

/// What comes soon enough not to be stuck.
async fn soon<T>(next: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(10), next).await.expect("nothing came")
}

fn code(response: &Response) -> Option<async_graphql::Value> {
    response.errors.first()?.extensions.as_ref()?.get("code").cloned()
}

const FEED: &str = "subscription { executionFeed(after: 0) { position execution { id status } } }";

#[tokio::test]
async fn what_is_recorded_between_catching_up_and_the_first_look_at_the_head_is_told() {
    let stage = Stage::new().await;
    let mut story = Story::of(1);
    let (workflow, nodes) = story.drawn("Orders");
    let before = story.executed(workflow, nodes, End::Succeeded);
    stage.told(&story).await;
    let recorded = story.facts.len();
    let after = story.executed(workflow, nodes, End::Succeeded);
    weft_projections::testing::fold(&stage.scope, story.tenant, &story.facts[recorded..]).await.unwrap();
    // Nobody else asks for the head: a feed with a cursor begins there.
    *stage.fake.before_head.lock().unwrap() = Some((story.tenant, story.facts[recorded..].to_vec()));
    let mut feed = Box::pin(subscribe(&stage, &story, FEED));
    for id in [before, after] {
        // Sooner than anybody looks again, or this would not show that the watch itself tells of it.
        let entry = tokio::time::timeout(crate::live::LOOK_AGAIN, feed.next()).await.expect("it was not told").unwrap();
        assert_eq!(entry["executionFeed"]["execution"]["id"], json!(global(id).as_str()));
    }
}

#[tokio::test]
async fn a_feed_waits_for_a_read_side_that_is_late_and_ends_when_it_stays_so() {
    let stage = Stage::new().await;
    let mut story = Story::of(1);
    let (workflow, nodes) = story.drawn("Orders");
    let id = story.executed(workflow, nodes, End::Succeeded);
    stage.told(&story).await;
    stage.fake.late.store(2, Relaxed);
    let mut feed = Box::pin(subscribe(&stage, &story, FEED));
    let entry = soon(feed.next()).await.unwrap();
    assert_eq!(entry["executionFeed"]["execution"], json!({ "id": global(id).as_str(), "status": "SUCCEEDED" }));

    stage.fake.late.store(usize::MAX, Relaxed);
    let mut feed = Box::pin(told(&stage, &story, Role::Viewer, FEED));
    assert_eq!(code(&soon(feed.next()).await.unwrap()), Some("UNAVAILABLE".into()));
    assert!(soon(feed.next()).await.is_none());
}

#[tokio::test]
async fn a_row_that_is_older_than_the_event_is_not_told_and_ends_the_feed() {
    let stage = Stage::new().await;
    let mut story = Story::of(1);
    let (workflow, nodes) = story.drawn("Orders");
    let id = story.executed(workflow, nodes, End::Open);
    stage.told(&story).await;
    let mut feed = Box::pin(told(&stage, &story, Role::Viewer, FEED));
    assert!(soon(feed.next()).await.unwrap().errors.is_empty());
    // Recorded and not folded, as behind a projection that is parked.
    let known = story.facts.len();
    let at = story.now;
    story.tell(id, ExecutionEvent::Succeeded { at });
    stage.fake.record(story.tenant, &story.facts[known..]);
    assert_eq!(code(&soon(feed.next()).await.unwrap()), Some("UNAVAILABLE".into()));
    // Nothing of what follows moves the client's cursor over what it was not told.
    let known = story.facts.len();
    story.executed(workflow, nodes, End::Succeeded);
    weft_projections::testing::fold(&stage.scope, story.tenant, &story.facts).await.unwrap_or_default();
    stage.fake.record(story.tenant, &story.facts[known..]);
    assert!(soon(feed.next()).await.is_none());
}

#[tokio::test]
async fn pinned_items_are_told_to_those_who_may_see_items() {
    let stage = Stage::new().await;
    let mut story = Story::of(1);
    let workflow = WorkflowId(story.id());
    let node = weft_model::NodeId(story.id());
    let items = json!([{ "json": { "secret": "SECRET" } }]);
    let mut definition = Definition { name: "Orders".into(), ..Definition::default() };
    definition.graph.pinned.insert(node, serde_json::from_value(items.clone()).unwrap());
    story.tell(workflow, WorkflowEvent::Created { definition: Box::new(definition) });
    let (group, by) = (GroupId(story.id()), story.actor);
    let changes = vec![Change::ItemsPinned { node, items: serde_json::from_value(items).unwrap() }];
    story.tell(workflow, WorkflowEvent::Edited { group, by, cause: EditCause::Edit, changes });
    stage.fake.record(story.tenant, &story.facts);
    let query = format!(
        "subscription {{ workflowChanges(workflowId: \"{}\", after: 0) {{ type data }} }}",
        global(workflow).as_str()
    );
    for (role, is_told) in [(Role::Operator, true), (Role::Viewer, false)] {
        let mut changes = Box::pin(told(&stage, &story, role, &query));
        for wire_type in ["workflow.created.v1", "workflow.edited.v1"] {
            let change = soon(changes.next()).await.unwrap().data.into_json().unwrap()["workflowChanges"].clone();
            assert_eq!(change["type"], json!(wire_type.trim_end_matches(".v1")));
            assert_eq!(change.to_string().contains("SECRET"), is_told, "{role:?}: {change}");
            // Everything else is there.
            assert!(
                change["data"]["definition"]["name"] == "Orders"
                    || change["data"]["changes"][0]["itemsPinned"]["node"] == json!(node)
            );
        }
    }
}

#[tokio::test]
async fn a_workflow_can_be_watched_before_the_read_side_knows_of_it() {
    let stage = Stage::new().await;
    let mut story = Story::of(1);
    let (workflow, nodes) = story.drawn("Orders");
    let execution = story.executed(workflow, nodes, End::Succeeded);
    stage.fake.record(story.tenant, &story.facts);
    let watch = |id: WorkflowId| {
        let query = format!(
            "subscription {{ workflowChanges(workflowId: \"{}\", after: 0) {{ version }} }}",
            global(id).as_str()
        );
        Box::pin(told(&stage, &story, Role::Viewer, &query))
    };
    assert_eq!(soon(watch(workflow).next()).await.unwrap().data.into_json().unwrap()["workflowChanges"]["version"], 1);
    // An execution is no workflow.
    assert_eq!(code(&soon(watch(WorkflowId(execution.0)).next()).await.unwrap()), Some("NOT_FOUND".into()));
}

#[tokio::test]
async fn a_long_stream_is_resumed_from_its_cursor_and_from_any_other_position() {
    let stage = Stage::new().await;
    let mut story = Story::of(1);
    let (workflow, nodes) = story.drawn("Orders");
    let id = ExecutionId(story.id());
    story.queued(id, workflow, nodes[0]);
    for iteration in 0..1200 {
        let at = story.now;
        story.tell(id, step_succeeded(StepKey { node: nodes[1], iteration, attempt: 1 }, nodes[0], at));
        if iteration % 400 == 0 {
            story.executed(workflow, nodes, End::Open);
        }
    }
    stage.fake.record(story.tenant, &story.facts);
    let own: Vec<Position> =
        story.facts.iter().filter(|fact| fact.stream.0 == id.0).map(|fact| fact.position).collect();
    let foreign = story.facts.iter().rfind(|fact| fact.stream.0 != id.0).unwrap().position;
    for after in [Position(0), own[0], own[700], foreign] {
        let query = format!(
            "subscription {{ executionEvents(executionId: \"{}\", after: {}) {{ position }} }}",
            global(id).as_str(),
            after.0
        );
        let expected: Vec<_> = own.iter().copied().filter(|position| *position > after).collect();
        let events = subscribe(&stage, &story, &query).take(expected.len());
        let seen: Vec<_> = soon(events.collect::<Vec<_>>()).await;
        let seen: Vec<_> =
            seen.iter().map(|event| Position(event["executionEvents"]["position"].as_u64().unwrap())).collect();
        assert_eq!(seen, expected);
    }
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
