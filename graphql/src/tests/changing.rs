use serde_json::{Value, json};
use weft_model::member::Role;
use weft_model::{Edge, Endpoint, GroupId, NodeId, Point, StreamVersion};
use weft_projections::testing::Story;

use super::stage::{Stage, by};
use crate::id::global;
use crate::ports::{EditWorkflow, NodeSettings, WorkflowEdit};

async fn stage() -> (Stage, Story, weft_model::WorkflowId) {
    let stage = Stage::new().await;
    let mut story = Story::of(1);
    story.joined(Role::Owner);
    let (workflow, _) = story.drawn("Orders");
    stage.told(&story).await;
    (stage, story, workflow)
}

#[tokio::test]
async fn refusals_are_typed() {
    let (stage, story, workflow) = stage().await;
    let owner = by(&story, Role::Owner);
    let id = global(workflow);
    let id = id.as_str();
    let told = async |mutation: String| {
        let query = format!(
            "mutation {{ told: {mutation} {{ errors {{ __typename message field code \
             ... on EditConflict {{ currentVersion }} ... on PublishRefused {{ problems {{ code line nodeName }} }} \
             ... on Overloaded {{ retryAfterMs }} }} }} }}"
        );
        stage.data(query.as_str(), owner).await["told"]["errors"][0].clone()
    };
    let rejected = told("createWorkflow(input: { name: \"A\" })".into()).await;
    let expected = json!({ "__typename": "Rejection", "message": "A is taken.", "field": ["input", "name"], "code": "name_taken" });
    assert_eq!(rejected, expected);
    let conflict = told(format!("undoEdit(input: {{ workflowId: \"{id}\" }})")).await;
    assert_eq!((&conflict["__typename"], &conflict["currentVersion"]), (&json!("EditConflict"), &json!(9)));
    let refused = told(format!("publishWorkflow(input: {{ workflowId: \"{id}\", draftVersion: 1 }})")).await;
    assert_eq!(refused["problems"], json!([{ "code": "unknown_kind", "line": 1, "nodeName": "Set" }]));
    let overloaded = told(format!("executeWorkflow(input: {{ workflowId: \"{id}\" }})")).await;
    assert_eq!(overloaded["retryAfterMs"], json!(1500));
    for mutation in
        ["redoEdit(input: { workflowId: \"nonsense\" })".into(), format!("redoEdit(input: {{ workflowId: \"{id}\" }})")]
    {
        assert_eq!(told(mutation).await["code"], json!("not_found"));
    }
}

#[tokio::test]
async fn what_was_imported_before_a_refusal_or_a_fault_is_told() {
    let (stage, story, _) = stage().await;
    let import = async |text: &str| {
        let query = format!(
            "mutation {{ importWorkflow(input: {{ text: \"{text}\" }}) {{ imported {{ report {{ message }} }} position errors {{ code }} }} }}"
        );
        serde_json::to_value(stage.ask(query, by(&story, Role::Owner)).await).unwrap()
    };
    for (text, imported, refused, faults) in
        [("", 0, 1, 0), ("one", 1, 0, 0), ("two, and one that is refused", 1, 1, 0), ("two, and a fault", 1, 0, 1)]
    {
        let answer = import(text).await;
        let payload = &answer["data"]["importWorkflow"];
        let count = |value: &Value| value.as_array().map_or(0, Vec::len);
        let found = (count(&payload["imported"]), count(&payload["errors"]), count(&answer["errors"]));
        assert_eq!(found, (imported, refused, faults), "{text}: {answer}");
        assert_eq!(payload["position"].is_null(), imported == 0, "{answer}");
        assert!(!answer.to_string().contains("secret"), "{answer}");
    }
}

#[tokio::test]
async fn a_fault_shows_a_correlation_id_and_nothing_of_the_cause() {
    let (stage, story, workflow) = stage().await;
    let query = format!(
        "mutation {{ deactivateWorkflow(input: {{ workflowId: \"{}\" }}) {{ position }} }}",
        global(workflow).as_str()
    );
    let response = stage.ask(query, by(&story, Role::Owner)).await;
    let text = serde_json::to_string(&response).unwrap();
    assert!(!text.contains("secret"), "{text}");
    let extensions = response.errors[0].extensions.as_ref().unwrap();
    assert_eq!(extensions.get("code"), Some(&"INTERNAL".into()));
    assert_eq!(extensions.get("correlationId"), Some(&"00000000-0000-0000-0000-0000000000c0".into()));
}

#[tokio::test]
async fn edits_arrive_as_they_were_meant() {
    let (stage, story, workflow) = stage().await;
    let [a, b, group] = [1, 2, 3].map(|number| uuid::Uuid::from_u128(number).to_string());
    let edits = json!([
        { "addNode": { "nodeId": a, "name": "A", "kind": "set", "position": { "x": 1, "y": -2 }, "parameters": { "k": [1] } } },
        { "setParameter": { "nodeId": a, "name": "k", "value": null } },
        { "setNodeSettings": { "nodeId": a, "notes": null, "onError": "ERROR_OUTPUT", "retry": { "maxAttempts": 3, "waitMs": 10 } } },
        { "addEdge": { "from": { "nodeId": a }, "to": { "nodeId": b, "port": 1 } } },
        { "setPinnedData": { "nodeId": a, "items": [{ "json": {} }] } },
        { "setSettings": { "settings": { "timezone": "Europe/Paris" } } },
    ]);
    let input =
        json!({ "input": { "workflowId": global(workflow).as_str(), "seen": 4, "groupId": group, "edits": edits } });
    let query = "mutation ($input: EditWorkflowInput!) { editWorkflow(input: $input) { version workflow { name } errors { message } } }";
    let request =
        |input: Value| async_graphql::Request::new(query).variables(async_graphql::Variables::from_json(input));
    let data = stage.data(request(input.clone()), by(&story, Role::Editor)).await;
    assert_eq!(data["editWorkflow"], json!({ "version": 7, "workflow": { "name": "Orders" }, "errors": [] }));
    let (a, b) = (NodeId(uuid::Uuid::from_u128(1)), NodeId(uuid::Uuid::from_u128(2)));
    let expected = vec![
        WorkflowEdit::AddNode {
            node: a,
            name: "A".into(),
            kind: "set".into(),
            kind_version: None,
            position: Point { x: 1, y: -2 },
            parameters: json!({ "k": [1] }),
        },
        WorkflowEdit::SetParameter { node: a, name: "k".into(), value: None },
        WorkflowEdit::SetNodeSettings {
            node: a,
            settings: NodeSettings {
                notes: Some(None),
                on_error: Some(weft_model::OnError::ErrorOutput),
                retry: Some(Some(weft_model::Retry { max_attempts: 3, wait_ms: 10 })),
                ..NodeSettings::default()
            },
        },
        WorkflowEdit::AddEdge(Edge { from: Endpoint { node: a, port: 0 }, to: Endpoint { node: b, port: 1 } }),
        WorkflowEdit::SetPinnedData { node: a, items: Some(json!([{ "json": {} }])) },
        WorkflowEdit::SetSettings(weft_model::Settings { timezone: Some("Europe/Paris".into()), ..Default::default() }),
    ];
    let (seen, group) = (StreamVersion(4), GroupId(uuid::Uuid::from_u128(3)));
    assert_eq!(stage.fake.edits.lock().unwrap().pop(), Some(EditWorkflow { workflow, seen, group, edits: expected }));

    let mut bad = input;
    bad["input"]["edits"] = json!([{ "removeNode": { "nodeId": "not a uuid" } }]);
    let data = stage.data(request(bad), by(&story, Role::Editor)).await;
    assert_eq!(data["editWorkflow"]["errors"][0]["message"], json!("A node's id is a UUID that the client makes."));
}
