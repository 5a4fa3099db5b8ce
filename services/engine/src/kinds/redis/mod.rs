//! **Redis**: reads and writes keys, lists and channels, once for each item.
//!
//! before: `[{"id":7}]` · after getting `user:{{ $json.id }}` as `user`: `[{"user":"Ada"}]`

mod form;
mod operations;
#[cfg(test)]
mod tests;
mod words;

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use serde::Deserialize;
use tokio::time::timeout;
use weft_clients::redis::{Server, Session};
use weft_clients::{Budget, Failure};
use weft_model::CredentialId;
use weft_nodes::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Problem, Retried, Step, Unsupported,
    label, parameters, port,
};
use weft_value::Value;
use zeroize::Zeroizing;

use self::operations::Asking;
use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::credentials::{self, Opened};
use crate::execution::StepView;
use crate::remote;

/// The kind.
pub struct Redis;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "redis",
    version: 1,
    label: label("Redis", "Redis"),
    description: label(
        "Reads and writes keys, lists and channels of a Redis server.",
        "Lit et écrit des clés, des listes et des canaux d’un serveur Redis.",
    ),
    group: Group::Act,
    icon: "database",
    color: "red",
    subtitle: Some("{operation} {key}{list}{channel}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form::form(),
    retried: Retried::AtMostOnce,
    documentation: label(
        "One command for each item. If the server stops in the middle, reading, setting and deleting are repeated; counting, pushing, \
         popping and publishing are not.",
        "Une commande par élément. Si le serveur s’arrête au milieu, les lectures, les affectations et les suppressions sont répétées ; \
         les compteurs, les ajouts, les retraits et les publications ne le sont pas.",
    ),
});

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the form")]
struct Parameters {
    #[serde(default, deserialize_with = "credentials::chosen")]
    credential: Option<CredentialId>,
    operation: Operation,
    #[serde(default)]
    key: Field,
    #[serde(default)]
    list: Field,
    #[serde(default)]
    channel: Field,
    #[serde(default)]
    message_data: Field,
    #[serde(default)]
    value: Field,
    #[serde(default)]
    key_type: KeyType,
    #[serde(default = "truth", rename = "valueIsJSON")]
    value_is_json: bool,
    #[serde(default)]
    expire: bool,
    #[serde(default)]
    ttl: Field,
    #[serde(default)]
    key_pattern: Field,
    #[serde(default = "truth")]
    get_values: bool,
    #[serde(default)]
    tail: bool,
    #[serde(default)]
    property_name: Field,
    #[serde(default)]
    options: Options,
}

fn truth() -> bool {
    true
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Operation {
    Get,
    Set,
    Delete,
    Incr,
    Keys,
    Push,
    Pop,
    Llen,
    Publish,
    Info,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum KeyType {
    #[default]
    Automatic,
    String,
    Hash,
    List,
    Sets,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    dot_notation: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { dot_notation: true }
    }
}

impl NodeKind for Redis {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.redis"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        Ok(import(node))
    }
}

/// Version 1, the only one. Its first operation is the one about the server.
fn import(node: &N8nNode<'_>) -> Imported {
    let mut new = node.parameters.as_object().cloned().unwrap_or_default();
    if !new.contains_key("operation") {
        new.insert("operation", "info");
    }
    let label = "Redis";
    let remarks = vec![format!("It signs in. Make a credential of type “{label}” and choose it in this node.")];
    Imported { parameters: new.into(), remarks }
}

impl ActionKind for Redis {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

#[async_trait]
impl Action for Parameters {
    fn retried(&self) -> Retried {
        match self.operation {
            Operation::Incr | Operation::Push | Operation::Pop | Operation::Publish => Retried::AtMostOnce,
            Operation::Get
            | Operation::Set
            | Operation::Delete
            | Operation::Keys
            | Operation::Llen
            | Operation::Info => Retried::Idempotent,
        }
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        let items = step.input(0);
        if items.is_empty() {
            return Ok(Acted::outputs(Outputs::one(Vec::new())));
        }
        let server = server(&remote::opened(&step, services, self.credential, &["redis"]).await?)?;
        let dialer = remote::dialer(services)?;
        let failed = |failure: &Failure| remote::failed(failure, self.retried(), step.room);
        let session = Session::open(&dialer, &server, remote::CONNECT).await.map_err(remote::not_opened(step.room))?;
        let mut asking = Asking { session, budget: Budget::new(remote::MOST_ROWS, step.room.left()) };
        let limit = remote::ANSWER;
        let late = |_| failed(&Failure::Timeout { server: "Redis", limit });
        timeout(limit, self.all(&step, items, &mut asking)).await.map_err(late)?
    }
}

/// Where the server of a credential is and who signs in.
pub(crate) fn server(opened: &Opened) -> Result<Server, NodeError> {
    let database = match opened.field("database").trim() {
        "" => 0,
        number => number.parse().map_err(|_| {
            let message = "The database of the credential must be a whole number from 0 on.";
            NodeError::new("credential", message).in_field("credential").finally()
        })?,
    };
    Ok(Server {
        host: opened.field("host").to_owned(),
        port: remote::port(opened)?,
        user: opened.field("user").to_owned(),
        password: Zeroizing::new(opened.field("password").to_owned()),
        database,
        tls: remote::tls(opened),
    })
}
