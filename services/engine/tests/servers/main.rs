//! Kinds that speak to real servers: each is started by its test, on this machine and for the test alone.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod ftp;
mod imap;
mod kafka;
mod ldap;
mod mail;
mod mongodb;
mod mqtt;
mod mssql;
mod mysql;
mod nats;
mod postgres;
mod process;
mod rabbitmq;
mod redis;
mod s3;
mod ssh;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::tz::TimeZone;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use uuid::Uuid;
use weft_connectors::{HttpClient, HttpSettings};
use weft_engine::kinds::Kinds;
use weft_engine::{
    CredentialUse, Credentials, NotOpened, OnceReport, Opened, RunOnce, Services, run_once, try_credential,
};
use weft_event_log::{Files, MemoryFiles};
use weft_model::credential::TestOutcome;
use weft_model::{Edge, Endpoint, Graph, Node, NodeId, OnError, Retry};
use weft_value::{Item, Value, from_json};
use zeroize::Zeroizing;

const CREDENTIAL: &str = "0198f2a0-0000-7000-8000-000000000007";

/// What encrypts as `db.test` does, with a certificate that nobody trusts by itself.
fn acceptor() -> TlsAcceptor {
    let folder = tls_folder();
    let file = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let chain = vec![CertificateDer::from_pem_slice(&file("server.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(&file("server.key")).unwrap();
    let configuration = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key);
    TlsAcceptor::from(Arc::new(configuration.unwrap()))
}

/// Where the certificate of `db.test` and its key are.
fn tls_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../connectors/tests/tls")
}

/// A credential that everybody is given.
struct Given(&'static str, BTreeMap<String, String>);

#[async_trait]
impl Credentials for Given {
    async fn open(&self, _asked: CredentialUse) -> Result<Opened, NotOpened> {
        let fields = self.1.iter().map(|(name, value)| (name.clone(), Zeroizing::new(value.clone())));
        Ok(Opened { kind: self.0.to_owned(), fields: fields.collect() })
    }
}

/// A node that signs in with one credential, on an installation that permits what `allow` says.
#[derive(Clone)]
struct Signed {
    kind: &'static str,
    credential: &'static str,
    fields: BTreeMap<String, String>,
    allow: String,
    /// What keeps files; without it, each execution has its own.
    files: Option<Arc<MemoryFiles>>,
    /// How often the node is tried.
    retry: Option<Retry>,
}

impl Signed {
    fn new(kind: &'static str, credential: &'static str, port: u16, fields: &[(&str, &str)]) -> Self {
        let mut fields: BTreeMap<String, String> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        fields.entry("host".to_owned()).or_insert_with(|| "127.0.0.1".to_owned());
        fields.insert("port".to_owned(), port.to_string());
        Self { kind, credential, fields, allow: "127.0.0.0/8, localhost".to_owned(), files: None, retry: None }
    }

    fn with(&self, name: &str, value: &str) -> Self {
        let mut other = self.clone();
        other.fields.insert(name.to_owned(), value.to_owned());
        other
    }

    /// Executes a trigger with `items` and the node behind it.
    async fn run(&self, parameters: &str, items: Vec<Item>) -> OnceReport {
        self.run_with(parameters, items, OnError::Stop).await
    }

    async fn run_with(&self, parameters: &str, items: Vec<Item>, on_error: OnError) -> OnceReport {
        let settings = HttpSettings { egress: self.allow.parse().unwrap(), ..HttpSettings::default() };
        let credentials = Arc::new(Given(self.credential, self.fields.clone()));
        let services = Services {
            http: Some(HttpClient::new(settings).unwrap()),
            credentials: Some(credentials),
            files: Some(self.files.clone().unwrap_or_default() as Arc<dyn Files>),
            ..Services::default()
        };
        run_once(RunOnce {
            name: "Test".into(),
            graph: self.graph(parameters, on_error),
            trigger: None,
            items,
            time_zone: TimeZone::UTC,
            variables: Value::empty_object(),
            services,
            kinds: Kinds::default(),
            longest_wait: Duration::ZERO,
        })
        .await
        .unwrap()
    }

    fn graph(&self, parameters: &str, on_error: OnError) -> Graph {
        let (start, it) = (NodeId(Uuid::from_u128(1)), NodeId(Uuid::from_u128(2)));
        let mut given = from_json(parameters).unwrap().as_object().unwrap().clone();
        given.insert("credential", CREDENTIAL);
        let node = Node { parameters: given.into(), on_error, retry: self.retry, ..Node::new(it, "It", self.kind) };
        let mut graph = Graph::default();
        graph.nodes.insert(start, Node::new(start, "Start", "manualTrigger"));
        graph.nodes.insert(it, node);
        graph.edges.insert(Edge { from: Endpoint { node: start, port: 0 }, to: Endpoint { node: it, port: 0 } });
        graph
    }

    /// What a trial of its credential says.
    async fn tried(&self) -> (TestOutcome, String) {
        let settings = HttpSettings { egress: self.allow.parse().unwrap(), ..HttpSettings::default() };
        let fields = self.fields.iter().map(|(name, value)| (name.clone(), Zeroizing::new(value.clone())));
        let opened = Opened { kind: self.credential.to_owned(), fields: fields.collect() };
        let tried = try_credential(&HttpClient::new(settings).unwrap(), &opened, None).await.unwrap();
        assert_eq!(tried.refused_host.is_some(), self.allow.is_empty(), "{:?}", tried.said);
        (tried.outcome, tried.said.code.to_string())
    }

    /// Tries the credential, which the server takes, and others: one that it does not take, and one that it is not asked about.
    async fn is_tried(&self, wrong: &[Self]) {
        assert_eq!(self.tried().await, (TestOutcome::Accepted, "trial_signed_in".to_owned()));
        for wrong in wrong {
            let tried = wrong.tried().await;
            assert_eq!(tried, (TestOutcome::Refused, "trial_refused".to_owned()), "{:?}", wrong.fields);
        }
        let closed = Self { allow: String::new(), ..self.clone() };
        assert_eq!(closed.tried().await, (TestOutcome::Unreachable, "egress_refused".to_owned()));
        assert_eq!(self.with("port", "x").tried().await, (TestOutcome::Refused, "credential".to_owned()));
    }

    /// What the node gives, as JSON.
    async fn gives(&self, parameters: &str, items: &str) -> String {
        let report = self.run(parameters, items_of(items)).await;
        assert!(report.error.is_none(), "{parameters}: {:?}", report.error);
        json_of(&report, 0)
    }

    /// The code and the message that the node fails with.
    async fn fails(&self, parameters: &str) -> (String, String) {
        let report = self.run(parameters, items_of("[{}]")).await;
        let error = report.error.unwrap_or_else(|| panic!("{parameters} succeeded"));
        (error.code, error.message)
    }
}

fn items_of(json: &str) -> Vec<Item> {
    weft_nodes::testing::items(json)
}

fn json_of(report: &OnceReport, output: usize) -> String {
    weft_nodes::testing::json_of(&items(report, output))
}

fn items(report: &OnceReport, output: usize) -> Vec<Item> {
    let node = report.nodes.iter().find(|node| node.name == "It").expect("the node ran");
    node.runs[0].outputs.get(output).map(|items| items.to_vec()).unwrap_or_default()
}
