//! Credentials through the whole application: made and changed over the contract, sealed beside the log, sent by a node, refused
//! while they are used, destroyed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::ops::Deref;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use uuid::Uuid;
use weft_connectors::{Egress, HttpClient, HttpSettings};
use weft_engine::Services;
use weft_event_log::Log;
use weft_model::member::Role;
use weft_model::workflow::{Definition, WorkflowEvent};
use weft_model::{Actor, CorrelationId, Event, MemberId, Position, StreamVersion, TenantId, WorkflowId};
use weft_tenants::RequestContext;

#[path = "../support/mod.rs"]
mod support;
mod uses;

use support::Ground;

const PASSWORD: &str = "correct horse battery staple";

struct House {
    ground: Ground,
    server: Server,
}

impl Deref for House {
    type Target = Ground;

    fn deref(&self) -> &Ground {
        &self.ground
    }
}

impl House {
    async fn open() -> Self {
        let server = Server::start().await;
        let egress: Egress = format!("127.0.0.1:{}", server.port).parse().unwrap();
        let http = HttpClient::new(HttpSettings { egress, ..HttpSettings::default() }).unwrap();
        let ground = Ground::open(Services { http: Some(http), ..Services::default() }).await;
        Self { ground, server }
    }

    /// The payload of a mutation that takes one input.
    async fn mutate(&self, by: RequestContext, name: &str, selection: &str, input: Value) -> Value {
        let kind = match name {
            "activateWorkflow" | "deactivateWorkflow" => "WorkflowInput".to_owned(),
            "retryExecution" => "ExecutionInput".to_owned(),
            _ => format!("{}{}Input", name[..1].to_uppercase(), &name[1..]),
        };
        let query = format!(
            "mutation ($input: {kind}!) {{ {name}(input: $input) {{ {selection} errors {{ code message field }} }} }}"
        );
        self.ask(by, &query, json!({ "input": input })).await[name].clone()
    }

    async fn create(&self, by: RequestContext, name: &str) -> Value {
        let fields = json!([{ "name": "user", "value": "ada" }, { "name": "password", "value": PASSWORD }]);
        let input = json!({ "name": name, "type": "basic", "fields": fields });
        self.mutate(by, "createCredential", SHOWN, input).await
    }

    /// A workflow of a manual trigger and a request that signs in.
    async fn workflow(&self, by: RequestContext, reference: &Value) -> String {
        self.workflow_of(by, self.asking(reference)).await
    }

    /// A node that signs in.
    fn asking(&self, reference: &Value) -> Value {
        let request = json!({ "method": "GET", "url": self.server.url(), "authentication": "credential", "credential": reference });
        json!({ "name": "Ask", "kind": "httpRequest", "parameters": request })
    }

    /// A workflow of a manual trigger and this node.
    async fn workflow_of(&self, by: RequestContext, ask: Value) -> String {
        let file = json!({
            "weft": 1, "name": "Orders",
            "nodes": [
                { "name": "Start", "kind": "manualTrigger" },
                ask,
            ],
            "edges": [{ "from": "Start", "to": "Ask" }],
        });
        let made =
            self.mutate(by, "createWorkflow", "workflow { id }", json!({ "name": "Orders", "file": file })).await;
        made["workflow"]["id"].as_str().unwrap().to_owned()
    }

    async fn publish(&self, by: RequestContext, workflow: &str) -> Value {
        let selection = "workflow { id }";
        let query = format!(
            "mutation ($input: PublishWorkflowInput!) {{ publishWorkflow(input: $input) {{ {selection} errors {{ code message \
             ... on PublishRefused {{ problems {{ code nodeName }} }} }} }} }}"
        );
        let input = json!({ "input": { "workflowId": workflow, "draftVersion": 1 } });
        self.ask(by, &query, input).await["publishWorkflow"].clone()
    }

    /// Executes the draft and waits for the call to arrive, or for the step to fail.
    async fn execute(&self, by: RequestContext, workflow: &str) {
        let done = self.mutate(by, "executeWorkflow", "__typename", json!({ "workflowId": workflow })).await;
        assert_eq!(done["errors"], json!([]));
        self.settled(by).await;
    }

    /// Waits until every execution has ended.
    async fn settled(&self, by: RequestContext) {
        let mut commits = self.log.watch();
        loop {
            let events = self.log.read(by.tenant, Position(0), 10_000).await.unwrap();
            let ends = ["execution.succeeded", "execution.failed"];
            let ended = events.iter().filter(|event| ends.contains(&event.wire_type.as_str())).count();
            let queued = events.iter().filter(|event| event.wire_type == "execution.queued").count();
            if queued > 0 && ended == queued {
                return;
            }
            commits.recv().await.unwrap();
        }
    }

    /// A workflow's draft, as its events tell it.
    async fn definition(&self, by: RequestContext, workflow: WorkflowId) -> Definition {
        let events = self.log.read_stream(by.tenant, workflow.into(), StreamVersion(0), 10).await.unwrap();
        let created = events.iter().find_map(|recorded| match recorded.event().unwrap() {
            Event::Workflow(WorkflowEvent::Created { definition }) => Some(*definition),
            _ => None,
        });
        created.unwrap()
    }

    /// How often something happened to a tenant.
    async fn told(&self, by: RequestContext, wire_type: &str) -> usize {
        let events = self.log.read(by.tenant, Position(0), 10_000).await.unwrap();
        events.iter().filter(|event| event.wire_type == wire_type).count()
    }
}

const SHOWN: &str = "credential { id reference name type version fields { name value isSet } usedAt }";

fn somebody(tenant: u128, role: Role) -> RequestContext {
    let id = Uuid::from_u128(tenant);
    let (actor, correlation) = (Actor::Member(MemberId(id)), CorrelationId(id));
    RequestContext { tenant: TenantId(id), actor, role, correlation, session: None }
}

/// A server that keeps the heads of what it is asked.
struct Server {
    port: u16,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&heads);
        tokio::spawn(async move {
            loop {
                let (mut socket, _) = listener.accept().await.unwrap();
                let mut buffer = vec![0; 8192];
                let length = socket.read(&mut buffer).await.unwrap_or(0);
                let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
                // base64 of ada and the password.
                let is_in = text.contains("authorization: Basic YWRhOmNvcnJlY3QgaG9yc2UgYmF0dGVyeSBzdGFwbGU=");
                let is_refused = text.starts_with("GET /closed") && !is_in;
                seen.lock().unwrap().push(text);
                let status = if is_refused { "401 Unauthorized" } else { "200 OK" };
                let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok");
                let _ = socket.write_all(answer.as_bytes()).await;
            }
        });
        Self { port, heads }
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/orders", self.port)
    }

    /// Where only Ada is served.
    fn closed(&self) -> String {
        format!("http://127.0.0.1:{}/closed", self.port)
    }

    fn heads(&self) -> Vec<String> {
        std::mem::take(&mut *self.heads.lock().unwrap())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_credential_is_made_sent_replaced_and_destroyed_and_never_told() {
    let house = House::open().await;
    let owner = somebody(1, Role::Owner);
    let made = house.create(owner, "Shop").await;
    assert_eq!(made["errors"], json!([]));
    let credential = &made["credential"];
    let fields = json!([
        { "name": "user", "value": "ada", "isSet": true },
        { "name": "password", "value": null, "isSet": true },
    ]);
    assert_eq!((&credential["fields"], &credential["version"]), (&fields, &json!(1)));
    let taken = house.create(owner, "SHOP").await;
    assert_eq!(taken["errors"][0]["code"], json!("name_taken"));

    let workflow = house.workflow(owner, &credential["reference"]).await;
    for _ in 0..2 {
        house.execute(owner, &workflow).await;
        let heads = house.server.heads();
        assert_eq!(heads.len(), 1);
        // base64 of ada and the password.
        assert!(heads[0].contains("authorization: Basic YWRhOmNvcnJlY3QgaG9yc2UgYmF0dGVyeSBzdGFwbGU="), "{}", heads[0]);
    }
    assert_eq!(house.told(owner, "credential.used").await, 1, "one use a day for each node");

    let input =
        json!({ "credentialId": credential["id"], "name": "Store", "fields": [{ "name": "user", "value": "bob" }] });
    let updated = house.mutate(owner, "updateCredential", SHOWN, input).await;
    let now = &updated["credential"];
    assert_eq!(
        (&now["name"], &now["version"], &now["fields"][0]["value"]),
        (&json!("Store"), &json!(2), &json!("bob"))
    );
    assert!(now["usedAt"].is_string());
    house.execute(owner, &workflow).await;
    // The password was not given again and is the one that it was.
    assert!(house.server.heads()[0].contains("authorization: Basic Ym9iOmNvcnJlY3QgaG9yc2UgYmF0dGVyeSBzdGFwbGU="));
    assert_eq!(house.create(owner, "shop").await["errors"], json!([]), "its first name is free");

    let delete = json!({ "credentialId": credential["id"] });
    let deleted = house.mutate(owner, "deleteCredential", "position", delete.clone()).await;
    assert_eq!(deleted["errors"], json!([]), "a draft keeps nothing alive");
    assert_eq!(
        house.mutate(owner, "deleteCredential", "position", delete).await["errors"][0]["code"],
        json!("not_found")
    );
    house.execute(owner, &workflow).await;
    assert!(house.server.heads().is_empty(), "what is destroyed is not sent");

    for event in house.log.read(owner.tenant, Position(0), 10_000).await.unwrap() {
        let body = String::from_utf8_lossy(&event.body).into_owned();
        assert!(!body.contains("horse") && !body.contains("bob"), "{} tells {body}", event.wire_type);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_published_workflow_uses_stays_until_it_is_paused() {
    let house = House::open().await;
    let owner = somebody(1, Role::Owner);
    let credential = house.create(owner, "Shop").await["credential"].clone();
    let workflow = house.workflow(owner, &credential["reference"]).await;
    assert_eq!(house.publish(owner, &workflow).await["errors"], json!([]));
    let delete = json!({ "credentialId": credential["id"] });
    let refused = house.mutate(owner, "deleteCredential", "position", delete.clone()).await;
    assert_eq!(refused["errors"][0]["code"], json!("credential_in_use"));
    assert!(refused["errors"][0]["message"].as_str().unwrap().contains("“Orders”"), "{refused}");

    let this = json!({ "workflowId": workflow });
    let paused = house.mutate(owner, "deactivateWorkflow", "position", this.clone()).await;
    assert_eq!(paused["errors"], json!([]));
    let deleted = house.mutate(owner, "deleteCredential", "position", delete).await;
    assert_eq!(deleted["errors"], json!([]));
    let refused = house.mutate(owner, "activateWorkflow", "position", this).await;
    assert_eq!(refused["errors"][0]["code"], json!("credential_missing"));
    let refused = house.publish(owner, &workflow).await;
    assert_eq!(refused["errors"][0]["problems"], json!([{ "code": "credential_missing", "nodeName": "Ask" }]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disabled_node_holds_no_credential() {
    let house = House::open().await;
    let owner = somebody(1, Role::Owner);
    let credential = house.create(owner, "Shop").await["credential"].clone();
    let mut ask = house.asking(&credential["reference"]);
    ask["disabled"] = json!(true);
    let workflow = house.workflow_of(owner, ask.clone()).await;
    assert_eq!(house.publish(owner, &workflow).await["errors"], json!([]));
    let delete = json!({ "credentialId": credential["id"] });
    assert_eq!(house.mutate(owner, "deleteCredential", "position", delete).await["errors"], json!([]));
    let this = json!({ "workflowId": workflow });
    for change in ["deactivateWorkflow", "activateWorkflow"] {
        assert_eq!(house.mutate(owner, change, "position", this.clone()).await["errors"], json!([]), "{change}");
    }
    let another = house.workflow_of(owner, ask).await;
    assert_eq!(house.publish(owner, &another).await["errors"], json!([]), "the credential is gone");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_tenant_can_neither_see_nor_use_nor_change_a_credential() {
    let house = House::open().await;
    let (owner, stranger) = (somebody(1, Role::Owner), somebody(2, Role::Owner));
    let credential = house.create(owner, "Shop").await["credential"].clone();
    assert_eq!(house.create(stranger, "Shop").await["errors"], json!([]), "names are each tenant's own");

    let query = "query ($id: ID!) { node(id: $id) { id } credentials { nodes { id } } }";
    let seen = house.ask(stranger, query, json!({ "id": credential["id"] })).await;
    assert_eq!(seen["node"], json!(null));
    assert!(!seen["credentials"]["nodes"].as_array().unwrap().iter().any(|node| node["id"] == credential["id"]));
    for (mutation, input) in [
        ("deleteCredential", json!({ "credentialId": credential["id"] })),
        ("updateCredential", json!({ "credentialId": credential["id"], "name": "Mine" })),
        (
            "updateCredential",
            json!({ "credentialId": credential["id"], "fields": [{ "name": "user", "value": "eve" }] }),
        ),
    ] {
        let refused = house.mutate(stranger, mutation, "position", input).await;
        assert_eq!(refused["errors"][0]["code"], json!("not_found"), "{mutation}");
    }

    let workflow = house.workflow(stranger, &credential["reference"]).await;
    assert_eq!(
        house.publish(stranger, &workflow).await["errors"][0]["problems"][0]["code"],
        json!("credential_missing")
    );
    house.execute(stranger, &workflow).await;
    assert!(house.server.heads().is_empty(), "nothing was sent");
    assert_eq!(house.told(stranger, "credential.used").await, 0, "nothing was opened");

    let mine = house.workflow(owner, &credential["reference"]).await;
    house.execute(owner, &mine).await;
    assert!(house.server.heads()[0].contains("authorization: Basic"), "its own tenant uses it as before");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_makes_no_sense_is_refused_by_its_field() {
    let house = House::open().await;
    let owner = somebody(1, Role::Owner);
    for (input, code, field) in [
        (json!({ "name": "A", "type": "nothing", "fields": [] }), "type_unknown", json!(["type"])),
        (json!({ "name": "A", "type": "basic", "fields": [] }), "field_invalid", json!(["fields", "user"])),
        (
            json!({ "name": " ", "type": "basic", "fields": [{ "name": "user", "value": "a" }] }),
            "name_empty",
            json!(["name"]),
        ),
        (
            json!({ "name": "a\u{0}", "type": "basic", "fields": [{ "name": "user", "value": "a" }] }),
            "name_invalid",
            json!(["name"]),
        ),
        (
            json!({ "name": "A", "type": "basic", "fields": [{ "name": "user", "value": "a" }, { "name": PASSWORD, "value": "b" }] }),
            "field_invalid",
            json!(["fields", PASSWORD]),
        ),
    ] {
        let refused = house.mutate(owner, "createCredential", SHOWN, input.clone()).await;
        let error = &refused["errors"][0];
        assert_eq!((&error["code"], &error["field"]), (&json!(code), &field), "{input}");
    }
    let made = house.create(owner, "Shop").await["credential"].clone();
    let input = json!({ "credentialId": made["id"], "fields": [{ "name": "user", "value": null }] });
    let refused = house.mutate(owner, "updateCredential", SHOWN, input).await;
    assert_eq!(refused["errors"][0]["field"], json!(["fields", "user"]), "a required field cannot be taken away");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_credential_is_tried_and_the_audit_is_told() {
    let house = House::open().await;
    let (owner, stranger) = (somebody(1, Role::Owner), somebody(2, Role::Owner));
    let said = "outcome code message";
    let credential = house.create(owner, "Shop").await["credential"]["id"].clone();
    let test = |url: String| json!({ "credentialId": credential, "url": url });

    let tried = house.mutate(owner, "testCredential", said, test(house.server.closed())).await;
    assert_eq!((&tried["outcome"], &tried["errors"]), (&json!("ACCEPTED"), &json!([])));
    assert_eq!(house.told(owner, "credential.tested").await, 1);
    let query = "query ($id: ID!) { node(id: $id) { ... on Credential { testOutcome testedAt } } }";
    let seen = house.ask(owner, query, json!({ "id": credential })).await;
    assert_eq!(seen["node"]["testOutcome"], json!("ACCEPTED"));
    assert!(seen["node"]["testedAt"].is_string());

    // What serves anybody proves nothing; that the secret was sent there is recorded all the same.
    let tried = house.mutate(owner, "testCredential", said, test(house.server.url())).await;
    assert_eq!((&tried["outcome"], &tried["code"]), (&json!("UNREACHABLE"), &json!("trial_says_nothing")));
    assert_eq!(house.told(owner, "credential.tested").await, 2);

    house.server.heads();
    let refused = house.mutate(stranger, "testCredential", said, test(house.server.closed())).await;
    assert_eq!(refused["errors"][0]["code"], json!("not_found"));
    assert!(house.server.heads().is_empty(), "another tenant's secret is not sent");
    let refused = house.mutate(owner, "testCredential", said, json!({ "credentialId": credential })).await;
    assert_eq!((&refused["errors"][0]["code"], &refused["outcome"]), (&json!("trial_url_missing"), &json!(null)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_being_filled_in_is_tried_and_kept_nowhere() {
    let house = House::open().await;
    let owner = somebody(1, Role::Owner);
    let test = |password: &str, url: &str| {
        let fields = json!([{ "name": "user", "value": "ada" }, { "name": "password", "value": password }]);
        json!({ "type": "basic", "fields": fields, "url": url })
    };
    for (password, outcome) in [(PASSWORD, "ACCEPTED"), ("wrong", "REFUSED")] {
        let tried = house.mutate(owner, "testCredential", "outcome", test(password, &house.server.closed())).await;
        assert_eq!(tried, json!({ "outcome": outcome, "errors": [] }));
    }
    assert_eq!(house.told(owner, "credential.created").await + house.told(owner, "credential.tested").await, 0);

    let tried = house.mutate(owner, "testCredential", "outcome code", test(PASSWORD, "http://127.0.0.1:1/")).await;
    assert_eq!((&tried["outcome"], &tried["code"]), (&json!("UNREACHABLE"), &json!("egress_refused")));
    assert_eq!(house.told(owner, "access.refused").await, 1, "the audit knows what was not permitted");
}
