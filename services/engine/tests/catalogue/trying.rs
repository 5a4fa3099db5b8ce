//! One step of any kind, over items that are given.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use async_trait::async_trait;
use jiff::tz::TimeZone;
use uuid::Uuid;
use weft_engine::kinds::{Kind, Kinds};
use weft_engine::{CredentialUse, Credentials, NotOpened, OnceStatus, Opened, RunOnce, Services, run_once};
use weft_event_log::MemoryFiles;
use weft_model::{Edge, Endpoint, Graph, Node, NodeId};
use weft_nodes::testing::{TestStep, filled_in};
use weft_nodes::{Parameter, ParameterType, Problem};
use weft_value::{Item, Value};
use zeroize::Zeroizing;

const CREDENTIAL: &str = "0198f2a0-0000-7000-8000-000000000007";

static KINDS: LazyLock<Kinds> = LazyLock::new(Kinds::default);

/// How many ways of filling in a form are tried: more than any list of operations is long.
const CHOICES: usize = 12;

/// Why a step gave nothing.
#[derive(Debug)]
pub struct Failure {
    pub code: String,
    pub message: String,
    pub field: Option<String>,
}

/// The name of a kind.
pub fn name(kind: Kind) -> &'static str {
    kind.node_kind().descriptor().kind
}

/// What is wrong with these parameters.
pub fn problems(kind: Kind, parameters: &Value) -> Vec<Problem> {
    whatever_happens(kind, parameters, || match kind {
        Kind::Transform(kind) => kind.prepare(parameters).err(),
        Kind::Action(kind) => kind.prepare(parameters).err(),
        Kind::Trigger(kind) => kind.prepare(parameters).err(),
    })
    .unwrap_or_default()
}

/// What a step gives on each of its outputs. No server can be reached, and no code executed.
pub fn run(kind: Kind, parameters: &Value, inputs: Vec<Vec<Item>>) -> Result<Vec<Vec<Item>>, Failure> {
    whatever_happens(kind, parameters, || match kind {
        Kind::Transform(transform) if !kind.node_kind().descriptor().is_trigger() => {
            let node = transform.prepare(parameters).map_err(|problems| failure_of(&problems))?;
            let step = inputs.into_iter().fold(TestStep::default(), TestStep::and);
            match node.run(&step) {
                Ok(outputs) => Ok(outputs.ports.iter().map(|items| items.to_vec()).collect()),
                Err(error) => {
                    let (code, message) = (error.code.to_string(), error.message.clone());
                    Err(Failure { code, message, field: error.field.clone() })
                }
            }
        }
        _ => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(execute(kind, parameters, inputs.into_iter().next().unwrap_or_default()))
        }
    })
}

fn failure_of(problems: &[Problem]) -> Failure {
    let first = &problems[0];
    Failure { code: first.code.to_owned(), message: first.message.clone(), field: first.field.clone() }
}

/// A panic says which kind it was and what it was given.
fn whatever_happens<T>(kind: Kind, parameters: &Value, does: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(does)).unwrap_or_else(|_| {
        let json: String = parameters.to_json().chars().take(2000).collect();
        panic!("{} panics with {json}", name(kind))
    })
}

async fn execute(kind: Kind, parameters: &Value, items: Vec<Item>) -> Result<Vec<Vec<Item>>, Failure> {
    let run = RunOnce {
        name: "Test".into(),
        graph: graph(kind, parameters),
        trigger: None,
        items,
        time_zone: TimeZone::UTC,
        variables: Value::empty_object(),
        services: Services {
            credentials: Some(Arc::new(Wallet(name(kind)))),
            files: Some(Arc::new(MemoryFiles::default())),
            ..Services::default()
        },
        kinds: KINDS.clone(),
        longest_wait: Duration::ZERO,
    };
    let report = run_once(run).await.expect("the graph has a trigger");
    if let Some(error) = report.error {
        return Err(Failure { code: error.code, message: error.message, field: error.field });
    }
    let given = report.nodes.iter().find(|node| node.name == "It").and_then(|node| node.runs.first());
    assert!(given.is_some() || report.status == OnceStatus::Waiting, "{} did not run", name(kind));
    Ok(given.map(|run| run.outputs.iter().map(|items| items.to_vec()).collect()).unwrap_or_default())
}

/// The node `It`, which starts by itself or behind a trigger that leads to each of its inputs.
fn graph(kind: Kind, parameters: &Value) -> Graph {
    let (start, it) = (NodeId(Uuid::from_u128(1)), NodeId(Uuid::from_u128(2)));
    let descriptor = kind.node_kind().descriptor();
    let mut graph = Graph::default();
    graph.nodes.insert(it, Node { parameters: parameters.clone(), ..Node::new(it, "It", descriptor.kind) });
    if !descriptor.is_trigger() {
        graph.nodes.insert(start, Node::new(start, "Start", "manualTrigger"));
        for port in 0..kind.node_kind().ports(parameters).inputs.len() {
            let to = Endpoint { node: it, port: u16::try_from(port).unwrap() };
            graph.edges.insert(Edge { from: Endpoint { node: start, port: 0 }, to });
        }
    }
    graph
}

/// Opens for a kind what it signs tokens or makes one-time passwords with.
struct Wallet(&'static str);

#[async_trait]
impl Credentials for Wallet {
    async fn open(&self, _asked: CredentialUse) -> Result<Opened, NotOpened> {
        let (kind, fields): (_, &[(&str, &str)]) = match self.0 {
            "totp" => ("totp", &[("secret", "JBSWY3DPEHPK3PXP")]),
            _ => ("jwt", &[("algorithm", "HS256"), ("secret", "a secret that is long enough for it")]),
        };
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), Zeroizing::new((*value).to_owned())));
        Ok(Opened { kind: kind.to_owned(), fields: fields.collect::<BTreeMap<_, _>>() })
    }
}

/// The same parameters with a credential, where the kind signs in.
pub fn signing_in(kind: Kind, parameters: &Value) -> Value {
    let mut parameters = parameters.as_object().cloned().unwrap_or_default();
    let fields = &kind.node_kind().descriptor().parameters;
    let signs_in = |field: &&Parameter| field.kind == ParameterType::Credential;
    fields.iter().filter(signs_in).for_each(|field| parameters.insert(field.name, CREDENTIAL));
    parameters.into()
}

/// The parameters that people give a node who fill in its form: one for each way in which its choices differ.
pub fn forms(kind: Kind) -> Vec<Value> {
    let fields = &kind.node_kind().descriptor().parameters;
    let mut forms: Vec<Value> = Vec::new();
    for choice in 0..CHOICES {
        let form = signing_in(kind, &filled_in(fields, choice).into());
        if !forms.contains(&form) {
            forms.push(form);
        }
    }
    forms
}
