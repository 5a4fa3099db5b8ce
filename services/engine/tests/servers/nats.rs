//! NATS, against nats-server where it is installed. The other end is async-nats, which is not what we speak with.

use std::fs;
use std::time::Duration;

use async_nats::{Client, ConnectOptions, HeaderMap, Subscriber};
use futures_util::StreamExt as _;
use nkeys::KeyPair;
use tempfile::TempDir;
use tokio::time::timeout;
use weft_model::OnError;
use weft_model::credential::TestOutcome;
use weft_value::{Item, ItemRef, Object, Pairing};

use super::process::{Process, free_ports};
use super::{Signed, items, items_of, json_of, tls_folder};

/// What a server wants of whoever signs in.
enum Door {
    /// Anybody.
    Open,
    /// The user `ada` with the password `hunter2`, who may publish to everything but `secret`.
    Password,
    /// A token.
    Token,
    /// The key pair of this public key.
    Keys(String),
    /// The same as a password, encrypted.
    Encrypted,
}

/// A server of its own.
struct Server {
    _process: Process,
    port: u16,
    _folder: TempDir,
}

impl Server {
    /// Nothing where the program is not installed.
    async fn start(door: &Door) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let [port] = free_ports().await;
        let password = r#"authorization { users: [ { user: ada, password: hunter2, permissions: {
            publish: { deny: ["secret"] }, subscribe: [">"] } } ] }"#;
        let rules = match door {
            Door::Open => String::new(),
            Door::Password => password.to_owned(),
            Door::Token => r#"authorization { token: "tok3n" }"#.to_owned(),
            Door::Keys(public) => format!("authorization {{ users: [ {{ nkey: {public} }} ] }}"),
            Door::Encrypted => {
                let tls = tls_folder().display().to_string();
                format!("tls {{ cert_file: \"{tls}/server.pem\", key_file: \"{tls}/server.key\" }}\n{password}")
            }
        };
        let settings = folder.path().join("settings");
        fs::write(&settings, format!("listen: 127.0.0.1:{port}\nmax_payload: 500000\n{rules}\n")).unwrap();
        let mut process = Process::start("nats-server", |command| {
            command.arg("-c").arg(&settings);
        })?;
        process.listens(port).await;
        Some(Self { _process: process, port, _folder: folder })
    }

    fn signed(&self, fields: &[(&str, &str)]) -> Signed {
        Signed::new("nats", "nats", self.port, fields).with("encryption", "off")
    }

    /// As `ada`.
    fn ada(&self) -> Signed {
        self.signed(&[("user", "ada"), ("password", "hunter2")])
    }

    async fn other(&self) -> Client {
        let options = ConnectOptions::with_user_and_password("ada".to_owned(), "hunter2".to_owned());
        options.connect(format!("127.0.0.1:{}", self.port)).await.unwrap()
    }

    /// What arrives at whoever subscribes to `subjects` now.
    async fn listen(&self, subjects: &str) -> (Client, Subscriber) {
        let client = self.other().await;
        let hears = client.subscribe(subjects.to_owned()).await.unwrap();
        client.flush().await.unwrap();
        (client, hears)
    }
}

async fn next(hears: &mut Subscriber) -> (String, String, Option<HeaderMap>) {
    let message = timeout(Duration::from_mins(1), hears.next()).await.unwrap().unwrap();
    let payload = String::from_utf8(message.payload.to_vec()).unwrap();
    (message.subject.to_string(), payload, message.headers)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_item_arrives_once_in_its_order() {
    let Some(server) = Server::start(&Door::Password).await else { return };
    let nats = server.ada();
    let (_client, mut hears) = server.listen("orders.>").await;
    let parameters = r#"{"subject":"=orders.{{ $json.n % 3 }}.é","options":{"headers":{"header":[
        {"key":"N","value":"={{ $json.n }}"},{"key":"Who","value":"Zoë"}]}}}"#;
    let many = (0..5000_u32).map(|n| Item::new([("n", n)].into_iter().collect::<Object>())).collect();
    let report = nats.run(parameters, many).await;
    assert!(report.error.is_none(), "{:?}", report.error);
    let sent = items(&report, 0);
    assert_eq!((sent.len(), &sent[4999].pairing), (5000, &Pairing::One(ItemRef { item: 4999, input: 0 })));
    for n in 0..5000 {
        let (subject, payload, headers) = next(&mut hears).await;
        assert_eq!((subject, payload), (format!("orders.{}.é", n % 3), format!(r#"{{"n":{n}}}"#)));
        let headers = headers.unwrap();
        let of = |name: &str| headers.get(name).map(|value| value.as_str().to_owned());
        assert_eq!((of("N"), of("Who")), (Some(n.to_string()), Some("Zoë".to_owned())));
    }
    // A large one goes through in one piece, a larger one not at all.
    let large = |count: u32| {
        format!(r#"{{"subject":"orders.large","sendInputData":false,"message":"={{{{ 'x'.repeat({count}) }}}}"}}"#)
    };
    assert_eq!(nats.gives(&large(400_000), r#"[{"same":1}]"#).await, r#"[{"same":1}]"#);
    assert_eq!(next(&mut hears).await.1.len(), 400_000);
    let (code, message) = nats.fails(&large(500_001)).await;
    assert!(code == "server_refused" && message.contains("at most 500000"), "{code}: {message}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn questions_are_answered_by_those_who_listen() {
    let Some(server) = Server::start(&Door::Password).await else { return };
    let nats = server.ada();
    let (client, mut hears) = server.listen("ask.>").await;
    tokio::spawn(async move {
        while let Some(question) = hears.next().await {
            let Some(reply_to) = question.reply.filter(|_| question.subject.as_str() != "ask.silent") else { continue };
            let mut headers = HeaderMap::new();
            headers.insert(
                "Seen",
                question.headers.and_then(|given| given.get("N").map(ToString::to_string)).unwrap_or_default(),
            );
            client.publish_with_headers(reply_to, headers, question.payload).await.unwrap();
        }
    });
    let echo = r#"{"operation":"request","subject":"ask.echo","options":{"headers":{"header":[{"key":"N","value":"={{ $json.n }}"}]}}}"#;
    let many = (0..200_u32).map(|n| Item::new([("n", n)].into_iter().collect::<Object>())).collect();
    let report = nats.run(echo, many).await;
    let answers = items(&report, 0);
    assert_eq!(answers.len(), 200, "{:?}", report.error);
    assert_eq!(json_of(&report, 0).matches(r#"{"data":{"n":"#).count(), 200);
    assert_eq!(answers[199].json.to_json(), r#"{"data":{"n":199},"headers":{"Seen":"199"}}"#);
    assert_eq!(answers[199].pairing, Pairing::One(ItemRef { item: 199, input: 0 }));
    let nobody = nats.fails(r#"{"operation":"request","subject":"nobody"}"#).await;
    assert!(nobody.0 == "server_refused" && nobody.1.contains("Nobody listens"), "{nobody:?}");
    // The one that is not answered does not keep the others from it.
    let report = nats
        .run_with(
            r#"{"operation":"request","subject":"=ask.{{ $json.s }}","sendInputData":false,"message":"m","options":{"timeout":0.2}}"#,
            items_of(r#"[{"s":"a"},{"s":"silent"},{"s":"b"}]"#),
            OnError::ErrorOutput,
        )
        .await;
    assert_eq!((json_of(&report, 0).matches(r#""data":"m""#).count(), items(&report, 1).len()), (2, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_refused_is_told_for_its_item() {
    let Some(server) = Server::start(&Door::Password).await else { return };
    let nats = server.ada();
    let (_client, mut hears) = server.listen("ok").await;
    let parameters = r#"{"subject":"={{ $json.s }}"}"#;
    let given = || items_of(r#"[{"s":"ok"},{"s":"secret"},{"s":"a b"},{"s":"ok"}]"#);
    let report = nats.run_with(parameters, given(), OnError::ErrorOutput).await;
    assert_eq!((json_of(&report, 0).as_str(), items(&report, 1).len()), (r#"[{"s":"ok"},{"s":"ok"}]"#, 2));
    assert_eq!((next(&mut hears).await.1, next(&mut hears).await.1), (r#"{"s":"ok"}"#.into(), r#"{"s":"ok"}"#.into()));
    let error = nats.run(parameters, items_of(r#"[{"s":"ok"},{"s":"secret"}]"#)).await.error.unwrap();
    assert!(error.item == Some(1) && error.message.contains("Permissions Violation"), "{error:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_sign_in_or_connect_is_told_why() {
    let Some(server) = Server::start(&Door::Password).await else { return };
    let (nats, publish) = (server.ada(), r#"{"subject":"s"}"#);
    for wrong in [nats.with("password", "hunter3"), nats.with("user", "eve"), server.signed(&[("token", "hunter2")])] {
        let (code, message) = wrong.fails(publish).await;
        assert!(code == "sign_in" && !message.contains("hunter"), "{code}: {message}");
    }
    assert_eq!(nats.with("encryption", "verified").fails(publish).await.0, "connection");
    let closed = Signed { allow: String::new(), ..nats.clone() };
    assert_eq!(closed.fails(publish).await.0, "egress_refused");
    nats.is_tried(&[nats.with("password", "hunter3"), server.signed(&[])]).await;
    let open = Server::start(&Door::Open).await.unwrap();
    let tried = open.ada().tried().await;
    assert_eq!(tried, (TestOutcome::Unreachable, "trial_lets_anybody_in".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_keys_and_encrypted_connections_are_taken() {
    let publish = r#"{"subject":"s"}"#;
    let Some(server) = Server::start(&Door::Token).await else { return };
    assert_eq!(server.signed(&[("token", "tok3n")]).gives(publish, "[{}]").await, "[{}]");
    let pair = KeyPair::new_user();
    let (seed, other) = (pair.seed().unwrap(), KeyPair::new_user().seed().unwrap());
    let server = Server::start(&Door::Keys(pair.public_key())).await.unwrap();
    assert_eq!(server.signed(&[("keys", seed.as_str())]).gives(publish, "[{}]").await, "[{}]");
    for wrong in [other.as_str(), "no seed", ""] {
        assert_eq!(server.signed(&[("keys", wrong)]).fails(publish).await.0, "sign_in");
    }
    let server = Server::start(&Door::Encrypted).await.unwrap();
    let nats = server.ada();
    assert_eq!(nats.with("encryption", "unverified").gives(publish, "[{}]").await, "[{}]");
    assert_eq!(nats.with("encryption", "verified").fails(publish).await.0, "connection");
    let (code, message) = nats.fails(publish).await;
    assert!(code == "server_refused" && message.contains("Turn encryption on"), "{code}: {message}");
}
