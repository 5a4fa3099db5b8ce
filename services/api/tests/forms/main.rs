//! Forms and conversations through the whole application: published, opened by a stranger, refused, filled in, sent twice.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::ops::Deref;

use actix_web::body::to_bytes;
use actix_web::dev::ServiceResponse;
use actix_web::test::{TestRequest, call_service, init_service};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use weft_api::{App, TrustedProxies, WebParts};
use weft_engine::Services;
use weft_event_log::Log;
use weft_model::member::Role;
use weft_model::tenant::Branding;
use weft_model::{Actor, CorrelationId, ExecutionId, Position};
use weft_tenants::{Password, RequestContext, SignUp};

mod chat;
mod files;
mod hooks;
#[path = "../support/mod.rs"]
mod support;

use support::Ground;

const HOST: (&str, &str) = ("host", "acme.localhost:8080");
const PAGE: (&str, &str) = ("accept", "text/html");

struct House {
    ground: Ground,
    owner: RequestContext,
}

impl Deref for House {
    type Target = Ground;

    fn deref(&self) -> &Ground {
        &self.ground
    }
}

impl House {
    async fn open() -> Self {
        let ground = Ground::open(Services::default()).await;
        let owner = found(&ground.app).await;
        Self { ground, owner }
    }

    async fn ask(&self, query: &str, variables: Value) -> Value {
        self.ground.ask(self.owner, query, variables).await
    }

    /// Publishes a workflow of a form and of what follows, and gives the path of its address and its test address.
    async fn published(&self, form: Value, then: Value) -> (String, String) {
        self.published_line(vec![json!({ "name": "Form", "kind": "formTrigger", "parameters": form }), then]).await
    }

    /// The same of nodes that follow one another.
    async fn published_line(&self, nodes: Vec<Value>) -> (String, String) {
        let method = if nodes[0]["kind"] == "chatTrigger" { "POST" } else { "GET" };
        let edges = line(&nodes);
        self.published_file(json!(nodes), edges, method).await
    }

    /// The same of a whole graph, whose address is called with `method`.
    async fn published_file(&self, nodes: Value, edges: Value, method: &str) -> (String, String) {
        let workflow = self.created(nodes, edges).await;
        let publish =
            "mutation ($input: PublishWorkflowInput!) { publishWorkflow(input: $input) { errors { message } } }";
        let published = self.ask(publish, json!({ "input": { "workflowId": workflow, "draftVersion": 1 } })).await;
        assert_eq!(published["publishWorkflow"]["errors"], json!([]));
        let addresses = "query ($id: ID!) { workflow(id: $id) { webhooks { method testUrl productionUrl } } }";
        let found = self.ask(addresses, json!({ "id": workflow })).await;
        let webhook = &found["workflow"]["webhooks"][0];
        assert_eq!(webhook["method"], method);
        let path = |name: &str| webhook[name].as_str().unwrap().replace("http://acme.localhost:8080", "");
        (path("productionUrl"), path("testUrl"))
    }

    /// A workflow of nodes that follow one another.
    async fn created_line(&self, nodes: Vec<Value>) -> String {
        let edges = line(&nodes);
        self.created(json!(nodes), edges).await
    }

    async fn created(&self, nodes: Value, edges: Value) -> String {
        let file = json!({ "weft": 1, "name": "Sign up", "nodes": nodes, "edges": edges });
        let create = "mutation ($input: CreateWorkflowInput!) { createWorkflow(input: $input) { workflow { id } errors { message } } }";
        let made = self.ask(create, json!({ "input": { "name": "Sign up", "file": file } })).await;
        made["createWorkflow"]["workflow"]["id"].as_str().unwrap().to_owned()
    }

    /// Executes a draft by hand and gives the path of its pages.
    async fn pages_of(&self, workflow: &str) -> String {
        let execute =
            "mutation ($input: ExecuteWorkflowInput!) { executeWorkflow(input: $input) { errors { message } } }";
        let executed = self.ask(execute, json!({ "input": { "workflowId": workflow } })).await;
        assert_eq!(executed["executeWorkflow"]["errors"], json!([]));
        let events = self.log.read(self.owner.tenant, Position(0), 10_000).await.unwrap();
        let begun = events.iter().rfind(|event| event.wire_type == "execution.queued").unwrap();
        let address = self.app.hooks.resume(self.owner.tenant, "acme").form(ExecutionId(begun.stream.0));
        address.replace("http://acme.localhost:8080", "")
    }

    async fn begun(&self) -> usize {
        let events = self.log.read(self.owner.tenant, Position(0), 10_000).await.unwrap();
        events.iter().filter(|event| event.wire_type == "execution.queued").count()
    }
}

/// The edges of nodes that follow one another.
fn line(nodes: &[Value]) -> Value {
    nodes.windows(2).map(|pair| json!({ "from": pair[0]["name"], "to": pair[1]["name"] })).collect()
}

async fn found(app: &App) -> RequestContext {
    let wanted = SignUp {
        email: "ada@acme.example".into(),
        password: Password::new("correct horse battery staple"),
        name: "Ada".into(),
        tenant_name: "Acme".into(),
        slug: "acme".into(),
        branding: Branding { product_name: "Acme Flows".into(), accent_color: "#0f766e".into(), logo_url: None },
    };
    let correlation = CorrelationId(Uuid::from_u128(1));
    let made = app.provisioning.provision(&wanted, correlation).await.unwrap();
    RequestContext {
        tenant: made.tenant,
        actor: Actor::Member(made.owner),
        role: Role::Owner,
        correlation,
        session: None,
    }
}

fn web(house: &House) -> impl Fn(&mut actix_web::web::ServiceConfig) + Clone + Send + use<> {
    web_behind(house, TrustedProxies::default())
}

/// The same behind proxies whose word is taken.
fn web_behind(
    house: &House,
    proxies: TrustedProxies,
) -> impl Fn(&mut actix_web::web::ServiceConfig) + Clone + Send + use<> {
    let parts = WebParts {
        web_dir: None,
        body_limit: 1024 * 1024,
        upload_limit: 1024 * 1024,
        proxies,
        graphiql: false,
        metrics: None,
        stopping: CancellationToken::new(),
    };
    house.app.web(parts).unwrap_or_else(|_| panic!("there is no web app to load"))
}

async fn text<B: actix_web::body::MessageBody>(response: ServiceResponse<B>) -> (u16, String) {
    let status = response.status().as_u16();
    let Ok(body) = to_bytes(response.into_body()).await else { panic!("the page ends early") };
    (status, String::from_utf8(body.to_vec()).unwrap())
}

macro_rules! open_page {
    ($app:expr, $path:expr) => {{
        let request = TestRequest::get().uri($path).insert_header(HOST).insert_header(PAGE);
        text(call_service(&$app, request.to_request()).await).await
    }};
}

macro_rules! send {
    ($app:expr, $path:expr, $fields:expr) => {{
        let request = TestRequest::post().uri($path).insert_header(HOST).insert_header(PAGE).set_form($fields);
        text(call_service(&$app, request.to_request()).await).await
    }};
}

/// Opens a page as often as it says that the next one is being prepared, and gives the path that it is at.
macro_rules! next_page {
    ($app:expr, $path:expr) => {{
        let mut path: String = $path.clone();
        let mut page = open_page!($app, &path);
        for _ in 0..500 {
            let Some((_, rest)) = page.1.split_once("<meta http-equiv=\"refresh\" content=\"") else { break };
            let next = rest.split_once("url=").unwrap().1.split('"').next().unwrap();
            assert!(page.1.contains("One moment, please."), "{}", page.1);
            path = format!("{}{next}", path.split('?').next().unwrap());
            page = open_page!($app, &path);
        }
        (path, page)
    }};
}

/// Sends a page and gives the path that it leads to.
macro_rules! send_on {
    ($app:expr, $path:expr, $fields:expr) => {{
        let request = TestRequest::post().uri($path).insert_header(HOST).insert_header(PAGE).set_form($fields);
        let response = call_service(&$app, request.to_request()).await;
        assert_eq!(response.status().as_u16(), 303);
        response.headers().get("location").unwrap().to_str().unwrap().to_owned()
    }};
}

fn sign_up() -> Value {
    json!({
        "formTitle": "Inscription",
        "formFields": [
            { "fieldLabel": "Name", "requiredField": true },
            { "fieldLabel": "Mail", "fieldType": "email" },
        ],
    })
}

fn token_of(page: &str) -> &str {
    let (_, rest) = page.split_once("name=\"token\" value=\"").unwrap();
    rest.split('"').next().unwrap()
}

#[actix_web::test]
async fn a_stranger_fills_in_a_form_and_sends_it_twice() {
    let house = House::open().await;
    let (path, _) = house.published(sign_up(), json!({ "name": "Then", "kind": "noOp" })).await;
    let app = init_service(actix_web::App::new().configure(web(&house))).await;
    let (status, page) = open_page!(app, &format!("{path}?Name=Zo%C3%AB"));
    assert_eq!(status, 200);
    assert!(page.contains("Acme Flows") && page.contains("value=\"Zoë\""), "{page}");
    let token = token_of(&page);

    let (status, refused) = send!(app, &path, &[("token", token), ("field-0", " "), ("field-1", "nowhere")]);
    assert_eq!((status, house.begun().await), (422, 0));
    assert!(refused.contains("id=\"field-0-fault\"") && refused.contains("id=\"field-1-fault\""), "{refused}");
    assert_eq!(token_of(&refused), token);

    let filled = [("token", token), ("field-0", "Zoë"), ("field-1", "zoe@example.com")];
    for _ in 0..2 {
        let (status, thanks) = send!(app, &path, &filled);
        assert_eq!(status, 200);
        assert!(thanks.contains("Your answer has been recorded."), "{thanks}");
    }
    assert_eq!(house.begun().await, 1, "it was one form");
    let (_, another) = open_page!(app, &path);
    send!(app, &path, &[("token", token_of(&another)), ("field-0", "Ada")]);
    assert_eq!(house.begun().await, 2);
}

#[actix_web::test]
async fn a_form_may_wait_for_its_workflow_and_lead_elsewhere() {
    let house = House::open().await;
    let mut form = sign_up();
    form["responseMode"] = json!("lastNode");
    let stop = json!({ "name": "Then", "kind": "stopAndError", "parameters": { "errorMessage": "no" } });
    let (failing, _) = house.published(form, stop).await;
    let mut form = sign_up();
    form["respondWith"] = json!("redirect");
    form["redirectUrl"] = json!("https://example.com/thanks");
    let (leading, _) = house.published(form, json!({ "name": "Then", "kind": "noOp" })).await;
    let app = init_service(actix_web::App::new().configure(web(&house))).await;
    let (status, page) = send!(app, &failing, &[("field-0", "Ada")]);
    assert_eq!(status, 500);
    assert!(page.contains("something went wrong afterwards"), "{page}");
    let (status, page) = send!(app, &leading, &[("field-0", "Ada")]);
    assert_eq!(status, 200);
    assert!(page.contains("content=\"0;url=https://example.com/thanks\""), "{page}");
}

#[actix_web::test]
async fn what_is_no_form_is_told_on_a_page() {
    let house = House::open().await;
    let (path, test) = house.published(sign_up(), json!({ "name": "Then", "kind": "noOp" })).await;
    let app = init_service(actix_web::App::new().configure(web(&house))).await;
    let request = TestRequest::post().uri(&path).insert_header(HOST).set_json(json!({ "Name": "Ada" }));
    assert_eq!(call_service(&app, request.to_request()).await.status().as_u16(), 415);
    let request = TestRequest::put().uri(&path).insert_header(HOST);
    assert_eq!(call_service(&app, request.to_request()).await.status().as_u16(), 405);
    let (status, page) = open_page!(app, &format!("{path}/further"));
    assert!(status == 404 && page.contains("There is nothing at this address"), "{page}");
    let (status, page) = open_page!(app, &test);
    assert!(status == 404 && page.contains("Nobody waits for a call"), "{page}");
    assert_eq!(house.begun().await, 0);
}

#[actix_web::test]
async fn a_form_leads_through_its_pages_to_its_end() {
    let house = House::open().await;
    let page = json!({
        "formDescription": "=Hello {{ $json.Name }}",
        "formFields": [{ "fieldLabel": "Size", "fieldType": "radio", "options": "S\nL", "requiredField": true }],
        "buttonLabel": "Next",
    });
    let end = json!({
        "operation": "completion", "completionTitle": "Bye",
        "completionMessage": "={{ $('Form').item.json.Name }} takes {{ $json.Size }} ({{ $json.formMode }})",
    });
    let nodes = vec![
        json!({ "name": "Form", "kind": "formTrigger", "parameters": sign_up() }),
        json!({ "name": "Size", "kind": "form", "parameters": page }),
        json!({ "name": "End", "kind": "form", "parameters": end }),
    ];
    let (path, _) = house.published_line(nodes).await;
    let app = init_service(actix_web::App::new().configure(web(&house))).await;
    let (_, first) = open_page!(app, &path);
    let filled = [("token", token_of(&first)), ("field-0", "Zoë")];
    let pages = send_on!(app, &path, &filled);
    assert_eq!(send_on!(app, &path, &filled), pages, "a form that is sent twice is one execution");

    let (path, (status, second)) = next_page!(app, pages);
    assert_eq!(status, 200);
    assert!(
        second.contains("<h1>Inscription</h1>") && second.contains("Hello Zoë") && second.contains(">Next</button>"),
        "{second}"
    );
    let token = token_of(&second).to_owned();
    let (status, refused) = send!(app, &path, &[("token", token.as_str()), ("field-0", "XL")]);
    assert_eq!(status, 422);
    assert!(refused.contains("id=\"field-0-fault\"") && token_of(&refused) == token, "{refused}");
    let (status, stale) = send!(app, &path, &[("token", token_of(&first)), ("field-0", "L")]);
    assert_eq!(status, 409, "another page's token");
    assert!(stale.contains("was not recorded"), "{stale}");
    let end = send_on!(app, &path, &[("token", token.as_str()), ("field-0", "L")]);

    let (_, (status, last)) = next_page!(app, end);
    assert_eq!(status, 200);
    assert!(last.contains("<h1>Bye</h1>") && last.contains("Zoë takes L (production)"), "{last}");
    let (status, late) = send!(app, &path, &[("token", token.as_str()), ("field-0", "S")]);
    assert_eq!(status, 409);
    assert!(late.contains("was answered before"), "{late}");
    assert_eq!(house.begun().await, 1);
}

#[actix_web::test]
async fn a_page_that_was_sent_to_somebody_is_answered_once() {
    let house = House::open().await;
    let page = json!({
        "resume": "form", "formTitle": "Approve?", "formSuffix": "approve", "formSubmittedText": "Noted, merci",
        "formFields": [{ "fieldLabel": "Why", "fieldType": "textarea" }],
    });
    let nodes = vec![
        json!({ "name": "Start", "kind": "manualTrigger" }),
        json!({ "name": "Ask", "kind": "wait", "parameters": page }),
        json!({ "name": "Then", "kind": "noOp" }),
    ];
    let workflow = house.created_line(nodes).await;
    let pages = house.pages_of(&workflow).await;
    let app = init_service(actix_web::App::new().configure(web(&house))).await;
    let address = format!("{pages}/approve");
    let mut asked = open_page!(app, &address);
    for _ in 0..10_000 {
        if !asked.1.contains("One moment, please.") {
            break;
        }
        asked = open_page!(app, &address);
    }
    assert!(asked.1.contains("<h1>Approve?</h1>") && asked.1.contains("<textarea"), "{}", asked.1);
    assert_eq!(open_page!(app, &pages).0, 410, "it is not the address of this page");
    assert_eq!(open_page!(app, &format!("{pages}0/approve")).0, 404, "nobody has that one");

    let fields = [("token", token_of(&asked.1)), ("field-0", "Parce que")];
    let (status, done) = send!(app, &address, &fields);
    assert_eq!(status, 200);
    assert!(done.contains("Noted, merci"), "{done}");
    assert_eq!(send!(app, &address, &fields).0, 409);
    let (status, stale) = open_page!(app, &address);
    assert_eq!(status, 410);
    assert!(stale.contains("was answered already"), "{stale}");
}

#[actix_web::test]
async fn a_form_whose_workflow_fails_says_so() {
    let house = House::open().await;
    let page = json!({ "formFields": [{ "fieldLabel": "Size" }] });
    let nodes = vec![
        json!({ "name": "Form", "kind": "formTrigger", "parameters": sign_up() }),
        json!({ "name": "Size", "kind": "form", "parameters": page }),
        json!({ "name": "Stop", "kind": "stopAndError", "parameters": { "errorMessage": "no" } }),
    ];
    let (path, _) = house.published_line(nodes).await;
    let app = init_service(actix_web::App::new().configure(web(&house))).await;
    let pages = send_on!(app, &path, &[("field-0", "Ada")]);
    let (path, (_, second)) = next_page!(app, pages);
    let (status, done) = send!(app, &path, &[("token", token_of(&second)), ("field-0", "L")]);
    assert_eq!(status, 200, "nothing may follow: the page says thanks at once");
    assert!(done.contains("Your answer has been recorded."), "{done}");
    let mut after = open_page!(app, &path);
    while after.0 == 200 {
        after = open_page!(app, &path);
    }
    assert_eq!(after.0, 500);
    assert!(after.1.contains("something went wrong afterwards"), "{}", after.1);
}
