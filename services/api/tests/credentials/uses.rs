//! Who may make a workflow use a credential: asked wherever a person does, not only where it is published.

use weft_graphql::ports::{Commands, EditWorkflow, Execute, ImportWorkflow, NodeSettings, Refusal, WorkflowEdit};
use weft_model::{CredentialId, GroupId, NodeId, Point, StreamVersion, WorkflowId};

use super::*;

/// The text of a refusal that is about a credential's use.
fn refused<T>(outcome: Result<T, Refusal>) -> String {
    match outcome {
        Err(Refusal::Rejected(rejected)) if rejected.code == "credential_forbidden" => rejected.message,
        Err(other) => panic!("refused for something else: {other:?}"),
        Ok(_) => panic!("it was permitted"),
    }
}

/// A workflow of ours, past the contract.
struct Draft<'a> {
    house: &'a House,
    workflow: WorkflowId,
    groups: std::cell::Cell<u128>,
}

impl Draft<'_> {
    async fn edit(&self, by: RequestContext, edits: Vec<WorkflowEdit>) -> Result<StreamVersion, Refusal> {
        self.groups.set(self.groups.get() + 1);
        let group = GroupId(Uuid::from_u128(self.groups.get()));
        let seen = self.house.app.commands.draft_version(&by, self.workflow).await?;
        let edit = EditWorkflow { workflow: self.workflow, seen, group, edits };
        Ok(self.house.app.commands.edit_workflow(&by, edit).await?.value)
    }
}

fn node(number: u128) -> NodeId {
    NodeId(Uuid::from_u128(number))
}

fn add(number: u128, name: &str, (kind, parameters): (&str, Value)) -> WorkflowEdit {
    let (kind, position) = (kind.to_owned(), Point { x: 0, y: 0 });
    WorkflowEdit::AddNode { node: node(number), name: name.into(), kind, kind_version: None, position, parameters }
}

fn set(number: u128, name: &str, value: &Value) -> WorkflowEdit {
    WorkflowEdit::SetParameter { node: node(number), name: name.into(), value: Some(value.clone()) }
}

fn disable(number: u128, disabled: bool) -> WorkflowEdit {
    let settings = NodeSettings { disabled: Some(disabled), ..NodeSettings::default() };
    WorkflowEdit::SetNodeSettings { node: node(number), settings }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_use_no_credential_executes_no_draft_that_signs_in() {
    let house = House::open().await;
    let (owner, operator) = (somebody(1, Role::Owner), somebody(1, Role::Operator));
    let credential = house.create(owner, "Shop").await["credential"].clone();
    let workflow = house.workflow(owner, &credential["reference"]).await;
    let execute = json!({ "workflowId": workflow });
    let told = house.mutate(operator, "executeWorkflow", "execution { id }", execute.clone()).await;
    assert_eq!((&told["execution"], &told["errors"][0]["code"]), (&json!(null), &json!("credential_forbidden")));
    let message = told["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("“Ask”") && message.contains("credential:use"), "{message}");
    assert_eq!(house.told(owner, "execution.queued").await, 0, "nothing was begun");

    // What ends before the node that signs in uses nothing.
    let query = "query ($id: ID!) { workflow(id: $id) { draft { graph { nodes { id name } } } } }";
    let seen = house.ask(owner, query, json!({ "id": workflow })).await;
    let nodes = seen["workflow"]["draft"]["graph"]["nodes"].as_array().unwrap().clone();
    let id = |name: &str| nodes.iter().find(|node| node["name"] == json!(name)).unwrap()["id"].clone();
    for (until, errors) in [("Start", 0), ("Ask", 1)] {
        let part = json!({ "workflowId": workflow, "untilNodeId": id(until) });
        let told = house.mutate(operator, "executeWorkflow", "execution { id }", part).await;
        assert_eq!(told["errors"].as_array().unwrap().len(), errors, "{until}: {told}");
    }
    house.execute(owner, &workflow).await;
    assert_eq!(house.server.heads().len(), 1, "the owner's call and no other");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_use_no_credential_repeats_no_draft_that_signs_in() {
    let house = House::open().await;
    let (owner, operator) = (somebody(1, Role::Owner), somebody(1, Role::Operator));
    let credential = house.create(owner, "Shop").await["credential"].clone();
    let mut ask = house.asking(&credential["reference"]);
    // Where the guard of the egress lets nobody go.
    ask["parameters"]["url"] = json!("http://127.0.0.1:1/");
    let workflow = house.workflow_of(owner, ask).await;
    let started = house.mutate(owner, "executeWorkflow", "execution { id }", json!({ "workflowId": workflow })).await;
    house.settled(owner).await;
    let retry = json!({ "executionId": started["execution"]["id"] });
    let told = house.mutate(operator, "retryExecution", "execution { id }", retry.clone()).await;
    assert_eq!(told["errors"][0]["code"], json!("credential_forbidden"));
    let told = house.mutate(owner, "retryExecution", "execution { id }", retry).await;
    assert_eq!(told["errors"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_use_no_credential_names_none_in_an_edit() {
    let house = House::open().await;
    let (owner, operator) = (somebody(1, Role::Owner), somebody(1, Role::Operator));
    let reference = house.create(owner, "Shop").await["credential"]["reference"].clone();
    let made = house.app.commands.create_workflow(&owner, "Orders".into(), None).await.unwrap();
    let draft = Draft { house: &house, workflow: made.value, groups: 0.into() };
    let asking = |url: &str| json!({ "url": url, "authentication": "credential" });
    let mut signing = asking("https://a.example");
    signing["credential"] = reference.clone();
    draft.edit(owner, vec![add(1, "Ask", ("httpRequest", asking("https://a.example")))]).await.unwrap();

    let message = refused(draft.edit(operator, vec![set(1, "credential", &reference)]).await);
    assert!(message.contains("“Ask”"), "{message}");
    let message = refused(draft.edit(operator, vec![add(2, "Other", ("httpRequest", signing.clone()))]).await);
    assert!(message.contains("“Other”") && !message.contains("“Ask”"), "{message}");
    draft.edit(owner, vec![set(1, "credential", &reference)]).await.unwrap();

    // What others named stays, and everything else of the node can be edited.
    draft.edit(operator, vec![set(1, "url", &json!("https://b.example")), disable(1, true)]).await.unwrap();
    refused(draft.edit(operator, vec![disable(1, false)]).await);
    let another = json!(CredentialId(Uuid::from_u128(9)).to_string());
    draft.edit(operator, vec![set(1, "credential", &another)]).await.unwrap();
    let undone = house.app.commands.undo_edit(&operator, draft.workflow).await;
    undone.expect("a disabled node signs in nowhere");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_use_no_credential_listens_for_no_call_that_leads_to_one() {
    let house = House::open().await;
    let (owner, operator) = (somebody(1, Role::Owner), somebody(1, Role::Operator));
    let reference = house.create(owner, "Shop").await["credential"]["reference"].clone();
    let made = house.app.commands.create_workflow(&owner, "Orders".into(), None).await.unwrap();
    let draft = Draft { house: &house, workflow: made.value, groups: 0.into() };
    let signing = json!({ "url": "https://a.example", "authentication": "credential", "credential": reference });
    let edge = |from: u128, to: u128| {
        let end = |number| weft_model::Endpoint { node: node(number), port: 0 };
        WorkflowEdit::AddEdge(weft_model::Edge { from: end(from), to: end(to) })
    };
    let nodes = vec![
        add(1, "Call", ("webhook", json!({ "path": "orders" }))),
        add(2, "Other call", ("webhook", json!({ "path": "others" }))),
        add(3, "Ask", ("httpRequest", signing)),
        edge(1, 3),
    ];
    draft.edit(owner, nodes).await.unwrap();
    let executions = &house.app.executions;
    let message = refused(executions.listen_for_webhook(&operator, draft.workflow, node(1)).await);
    assert!(message.contains("“Ask”"), "{message}");
    for (by, node) in [(operator, node(2)), (somebody(1, Role::Editor), node(1))] {
        let outcome = executions.listen_for_webhook(&by, draft.workflow, node).await;
        // Nobody gave this tenant a name, which comes after the permission.
        assert!(matches!(outcome, Err(Refusal::Fault(_)) | Ok(_)), "{outcome:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_leaves_unset_what_may_not_be_used() {
    let house = House::open().await;
    let (owner, operator) = (somebody(1, Role::Owner), somebody(1, Role::Operator));
    let mine = house.create(owner, "Shop").await["credential"]["reference"].clone();
    let foreign = house.create(somebody(2, Role::Owner), "Shop").await["credential"]["reference"].clone();
    for (by, reference, remark) in [
        (owner, &mine, None),
        (owner, &foreign, Some("The credential of this node is none of this tenant's. Choose one for this node.")),
        (operator, &mine, Some("Your role does not let you use the credential of this node. Choose another one.")),
    ] {
        let file = json!({ "weft": 1, "name": "Orders", "nodes": [house.asking(reference)] });
        let asked = ImportWorkflow { text: file.to_string(), name: None };
        let imported = house.app.commands.import_workflow(&by, asked).await.unwrap().value.workflows.remove(0);
        let told: Vec<_> =
            imported.report.iter().map(|entry| (entry.node.as_deref(), entry.message.as_str())).collect();
        assert_eq!(told, remark.map(|remark| (Some("Ask"), remark)).into_iter().collect::<Vec<_>>());
        let definition = house.definition(by, imported.workflow).await;
        let node = definition.graph.nodes.values().next().unwrap();
        let kept = node.parameters.get("credential").as_str().map(str::to_owned);
        assert_eq!(kept, remark.is_none().then(|| mine.as_str().unwrap().to_owned()));
        assert_eq!(node.parameters.get("authentication").as_str(), Some("credential"), "nothing else is touched");
    }
    // A file that is no import has no remarks to make: it is refused.
    let file = json!({ "weft": 1, "name": "Orders", "nodes": [house.asking(&mine)] });
    refused(house.app.commands.create_workflow(&operator, "Orders".into(), Some(file)).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_n8n_file_signs_in_with_the_credential_of_the_same_name() {
    let house = House::open().await;
    let (owner, operator) = (somebody(1, Role::Owner), somebody(1, Role::Operator));
    let shop = house.create(owner, "Shop").await["credential"]["reference"].clone();
    let node = |name: &str, credential: &str| {
        json!({
            "name": name, "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
            "parameters": { "url": "https://shop.example", "authentication": "genericCredentialType", "genericAuthType": credential },
            "credentials": { credential: { "id": "x1", "name": "Shop" } },
        })
    };
    let file = json!({ "name": "Orders", "nodes": [node("Ask", "httpBasicAuth"), node("Other", "httpHeaderAuth")] });
    for (by, expected) in [(owner, Some(&shop)), (somebody(2, Role::Owner), None), (operator, None)] {
        let asked = ImportWorkflow { text: file.to_string(), name: None };
        let imported = house.app.commands.import_workflow(&by, asked).await.unwrap().value.workflows.remove(0);
        let definition = house.definition(by, imported.workflow).await;
        let chosen = |name: &str| {
            definition.graph.node_named(name).unwrap().parameters.get("credential").as_str().map(str::to_owned)
        };
        assert_eq!(chosen("Ask"), expected.map(|shop| shop.as_str().unwrap().to_owned()));
        assert_eq!(chosen("Other"), None, "the type is another one");
        let signs_in =
            imported.report.iter().filter(|entry| entry.message.starts_with("It signs in with the credential “Shop”"));
        assert_eq!(signs_in.count(), usize::from(expected.is_some()), "{:?}", imported.report);
        // What is pasted is read in the same way.
        let converted = house.app.catalogue.convert(&by, &file.to_string()).await.unwrap();
        let ask = converted.definition.graph.node_named("Ask").unwrap();
        assert_eq!(ask.parameters.get("credential").as_str(), expected.map(|shop| shop.as_str().unwrap()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_use_no_credential_executes_none_through_another_draft() {
    let house = House::open().await;
    let (owner, operator) = (somebody(1, Role::Owner), somebody(1, Role::Operator));
    let reference = house.create(owner, "Shop").await["credential"]["reference"].clone();
    let signing = house.workflow(owner, &reference).await;
    let query = "query ($id: ID!) { workflow(id: $id) { reference } }";
    let called = house.ask(owner, query, json!({ "id": signing })).await["workflow"]["reference"].clone();
    for (workflow, said) in [(called, "“Ask”"), (json!("={{ $json.workflow }}"), "“Call” finds out only")] {
        let file = json!({
            "weft": 1, "name": "Outer",
            "nodes": [
                { "name": "Start", "kind": "manualTrigger" },
                { "name": "Call", "kind": "executeWorkflow", "parameters": { "workflowId": workflow } },
            ],
            "edges": [{ "from": "Start", "to": "Call" }],
        });
        let made = house.app.commands.create_workflow(&operator, "Outer".into(), Some(file)).await.unwrap();
        let execute = Execute { workflow: made.value, trigger: None, partial: None, items: None };
        let message = refused(house.app.executions.execute(&operator, execute.clone()).await);
        assert!(message.contains(said), "{message}");
        assert!(house.app.executions.execute(&owner, execute).await.is_ok());
    }
}
