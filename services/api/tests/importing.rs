//! Files of workflows through the whole application: larger than other requests may be, for those alone who may import.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use actix_web::body::to_bytes;
use actix_web::test::{TestRequest, call_service, init_service};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use weft_api::{TrustedProxies, WebParts};
use weft_engine::Services;
use weft_model::CorrelationId;
use weft_model::tenant::Branding;
use weft_tenants::{Password, SignUp};

#[path = "support/mod.rs"]
#[expect(dead_code, reason = "others ask the contract without HTTP, and look into the log")]
mod support;

use support::Ground;

const HOST: (&str, &str) = ("host", "acme.localhost:8080");
const EMAIL: &str = "ada@acme.example";
const PASSWORD: &str = "correct horse battery staple";
const IMPORT: &str = "mutation ($text: String!) { importWorkflow(input: { text: $text }) { imported { workflow { name } report { node outcome } } errors { code } } }";
const MIB: usize = 1024 * 1024;

async fn ground() -> Ground {
    let ground = Ground::open(Services::default()).await;
    let wanted = SignUp {
        email: EMAIL.into(),
        password: Password::new(PASSWORD),
        name: "Ada".into(),
        tenant_name: "Acme".into(),
        slug: "acme".into(),
        branding: Branding { product_name: "Acme".into(), accent_color: "#0f766e".into(), logo_url: None },
    };
    ground.app.provisioning.provision(&wanted, CorrelationId(Uuid::from_u128(1))).await.unwrap();
    ground
}

/// The status and the document of an answer to a JSON body.
macro_rules! post {
    ($app:expr, $token:expr, $body:expr) => {{
        let request =
            TestRequest::post().uri("/graphql").insert_header(HOST).insert_header(("content-type", "application/json"));
        let token: Option<&str> = $token;
        let request = match token {
            Some(token) => request.insert_header(("authorization", format!("Bearer {token}"))),
            None => request,
        };
        let body: String = $body;
        let response = call_service(&$app, request.set_payload(body).to_request()).await;
        let status = response.status().as_u16();
        let Ok(bytes) = to_bytes(response.into_body()).await else { panic!("the answer ends early") };
        (status, serde_json::from_slice::<Value>(&bytes).unwrap())
    }};
}

fn import_of(text: &str) -> String {
    json!({ "query": IMPORT, "variables": { "text": text } }).to_string()
}

/// A file of two nodes, of which one has so many bytes of items pinned to it.
fn file(pinned: usize) -> String {
    let node = |name: &str| json!({ "name": name, "type": "n8n-nodes-base.noOp", "parameters": {} });
    let items = json!({ "Large": [{ "json": { "text": "x".repeat(pinned) } }], "Small": [{ "json": { "n": 1 } }] });
    json!({ "name": "Orders", "nodes": [node("Large"), node("Small")], "pinData": items }).to_string()
}

#[actix_web::test]
async fn a_file_that_is_larger_than_other_requests_is_imported_by_those_who_may() {
    let ground = ground().await;
    let parts = WebParts {
        web_dir: None,
        body_limit: MIB,
        upload_limit: MIB,
        proxies: TrustedProxies::default(),
        graphiql: false,
        metrics: None,
        stopping: CancellationToken::new(),
    };
    let app = actix_web::App::new().configure(ground.app.web(parts).unwrap_or_else(|_| panic!("there is no web app")));
    let app = init_service(app).await;
    let form = json!({ "email": EMAIL, "password": PASSWORD });
    let sign_in = TestRequest::post().uri("/auth/sign-in").insert_header(HOST).set_json(form).to_request();
    let signed_in = call_service(&app, sign_in).await;
    let session = signed_in.response().cookies().find(|cookie| cookie.name().starts_with("weft_session")).unwrap();
    let token = Some(session.value());

    let large = import_of(&file(5 * MIB));
    let (status, answer) = post!(app, token, large.clone());
    let payload = &answer["data"]["importWorkflow"];
    assert_eq!((status, &payload["errors"]), (200, &json!([])), "{answer}");
    let imported = &payload["imported"][0];
    assert_eq!(imported["workflow"]["name"], "Orders");
    let report = imported["report"].as_array().unwrap();
    assert!(report.contains(&json!({ "node": "Large", "outcome": "LEFT_OUT" })), "{report:?}");
    assert!(!report.contains(&json!({ "node": "Small", "outcome": "LEFT_OUT" })), "{report:?}");

    let refusal = |(status, problem): (u16, Value)| (status, problem["code"].clone(), problem["detail"].clone());
    let (status, code, _) = refusal(post!(app, None, large.clone()));
    assert_eq!((status, code), (401, json!("unauthenticated")));
    let (status, code, _) = refusal(post!(app, Some("none of ours"), large));
    assert_eq!((status, code), (401, json!("unauthenticated")));

    // Whoever may import may send nothing else that is as large.
    let other = json!({ "query": "query ($text: String!) { convertWorkflow(text: $text) { name } }", "variables": { "text": file(3 * MIB) } });
    let (status, code, detail) = refusal(post!(app, token, other.to_string()));
    assert_eq!((status, code), (413, json!("too_large")));
    assert_eq!(detail, "A GraphQL request takes at most 2097152 bytes.");

    let (status, answer) = post!(app, token, import_of(&" ".repeat(16_000_001)));
    let errors = &answer["data"]["importWorkflow"]["errors"];
    assert_eq!((status, errors), (200, &json!([{ "code": "import_too_large" }])));
    let (status, _, detail) = refusal(post!(app, token, import_of(&" ".repeat(24 * MIB))));
    assert_eq!(status, 413);
    assert_eq!(detail, "A GraphQL request that imports a file takes at most 25165824 bytes.");
}
