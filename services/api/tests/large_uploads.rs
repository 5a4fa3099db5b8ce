//! A large file comes in by a webhook and goes out as its answer with little memory. Alone in its process, so that nothing else
//! is measured.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "each test uses a part of it")]
mod support;

use actix_web::HttpServer;
use serde_json::json;
use sha2::{Digest, Sha256};
use support::Ground;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use weft_api::{App, TrustedProxies, WebParts};
use weft_engine::Services;
use weft_model::member::Role;
use weft_model::tenant::Branding;
use weft_model::{Actor, CorrelationId};
use weft_tenants::{Password, RequestContext, SignUp};

const PIECE: usize = 64 * 1024;
/// More than may be held, whichever way it goes. Sealing is slow in this build, so that it is no more.
const SIZE: usize = 24 * 1024 * 1024;
/// Two parts for the store, some pieces on their way and what allocators keep.
const MOST: usize = 22 * 1024 * 1024;

/// One piece of the file; its number stands in it, so that no two are the same.
fn piece(index: usize) -> Vec<u8> {
    let mut piece = vec![0xa5; PIECE];
    piece[..8].copy_from_slice(&index.to_le_bytes());
    piece
}

/// The most memory that this process has held, in bytes (proc(5), `VmHWM`).
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches("kB").trim().parse::<usize>().unwrap() * 1024
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
    let (actor, role) = (Actor::Member(made.owner), Role::Owner);
    RequestContext { tenant: made.tenant, actor, role, correlation, session: None }
}

/// Publishes a webhook that answers with the file that it is sent; the path of its address.
async fn published(ground: &Ground, owner: RequestContext) -> String {
    let file = json!({
        "weft": 1,
        "name": "Echo",
        "nodes": [
            { "name": "Hook", "kind": "webhook", "parameters": { "httpMethod": "POST", "responseMode": "responseNode" } },
            { "name": "Answer", "kind": "respondToWebhook", "parameters": { "respondWith": "binary" } },
        ],
        "edges": [{ "from": "Hook", "to": "Answer" }],
    });
    let create = "mutation ($input: CreateWorkflowInput!) { createWorkflow(input: $input) { workflow { id } errors { message } } }";
    let made = ground.ask(owner, create, json!({ "input": { "name": "Echo", "file": file } })).await;
    let workflow = &made["createWorkflow"]["workflow"]["id"];
    let publish = "mutation ($input: PublishWorkflowInput!) { publishWorkflow(input: $input) { errors { message } } }";
    let done = ground.ask(owner, publish, json!({ "input": { "workflowId": workflow, "draftVersion": 1 } })).await;
    assert_eq!(done["publishWorkflow"]["errors"], json!([]));
    let addresses = "query ($id: ID!) { workflow(id: $id) { webhooks { productionUrl } } }";
    let found = ground.ask(owner, addresses, json!({ "id": workflow })).await;
    let url = found["workflow"]["webhooks"][0]["productionUrl"].as_str().unwrap().to_owned();
    url.replace("http://acme.localhost:8080", "")
}

/// How the file is sent: the type of the body, and what stands before and behind it.
struct Way {
    media_type: &'static str,
    before: &'static str,
    behind: &'static str,
}

const WAYS: [Way; 2] = [
    Way { media_type: "application/x-own", before: "", behind: "" },
    Way {
        media_type: "multipart/form-data; boundary=x",
        before: "--x\r\nContent-Disposition: form-data; name=\"data\"; filename=\"a.own\"\r\nContent-Type: application/x-own\r\n\r\n",
        behind: "\r\n--x--\r\n",
    },
];

/// Sends the file; its digest.
async fn send(mut socket: OwnedWriteHalf, path: &str, way: &Way) -> Vec<u8> {
    let (media_type, length) = (way.media_type, way.before.len() + SIZE + way.behind.len());
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: acme.localhost:8080\r\ncontent-type: {media_type}\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n{}",
        way.before
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    let mut digest = Sha256::new();
    for index in 0..SIZE / PIECE {
        let piece = piece(index);
        digest.update(&piece);
        socket.write_all(&piece).await.unwrap();
    }
    socket.write_all(way.behind.as_bytes()).await.unwrap();
    digest.finalize().to_vec()
}

/// What is answered: the head, the number of bytes of the body, and their digest.
async fn receive(mut socket: OwnedReadHalf) -> (String, usize, Vec<u8>) {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && socket.read(&mut byte).await.unwrap() > 0 {
        head.push(byte[0]);
    }
    let (mut length, mut buffer, mut digest) = (0, vec![0; PIECE], Sha256::new());
    loop {
        let came = socket.read(&mut buffer).await.unwrap();
        if came == 0 {
            return (String::from_utf8(head).unwrap(), length, digest.finalize().to_vec());
        }
        digest.update(&buffer[..came]);
        length += came;
    }
}

#[actix_web::test]
async fn a_large_file_comes_in_by_a_webhook_and_goes_out_as_its_answer_in_twenty_two_megabytes() {
    let ground = Ground::open(Services::default()).await;
    let owner = found(&ground.app).await;
    let path = published(&ground, owner).await;
    let parts = WebParts {
        web_dir: None,
        body_limit: 1024 * 1024,
        upload_limit: 2 * SIZE,
        proxies: TrustedProxies::default(),
        graphiql: false,
        metrics: None,
        stopping: CancellationToken::new(),
    };
    let web = ground.app.web(parts).unwrap_or_else(|_| panic!("there is no web app to load"));
    let server = HttpServer::new(move || actix_web::App::new().configure(web.clone()));
    let server = server.workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
    let address = server.addrs()[0];
    let server = server.run();
    let handle = server.handle();
    actix_web::rt::spawn(server);

    for way in WAYS {
        let before = peak();
        let (reading, writing) = TcpStream::connect(address).await.unwrap().into_split();
        let (sent, (head, length, digest)) = tokio::join!(send(writing, &path, &way), receive(reading));
        let grown = peak() - before;
        assert!(head.starts_with("HTTP/1.1 200 ") && head.contains("content-type: application/x-own\r\n"), "{head}");
        assert!(head.contains(&format!("content-length: {SIZE}\r\n")), "{head}");
        assert_eq!((length, digest), (SIZE, sent), "{}", way.media_type);
        assert!(grown < MOST, "{}: {} MiB", way.media_type, grown >> 20);
    }
    handle.stop(false).await;
}
