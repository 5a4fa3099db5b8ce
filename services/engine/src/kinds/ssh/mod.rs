//! **SSH**: executes commands on another machine, and moves files from and to it, once for each item.
//!
//! before: `[{"n":7}]` · after `echo {{ $json.n }}`: `[{"code":0,"signal":null,"stdout":"7","stderr":""}]`

mod form;
mod import;
mod work;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use weft_clients::ssh::{Server, Session, SignIn};
use weft_clients::{Budget, Failure};
use weft_model::CredentialId;
use weft_nodes::{
    Descriptor, Field, Imported, N8nNode, NodeError, NodeKind, Outputs, Problem, Retried, Step, Unsupported, parameters,
};
use weft_value::Value;
use zeroize::Zeroizing;

use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::credentials::{self, Opened};
use crate::execution::{Room, StepView};
use crate::remote;
use form::DESCRIPTOR;
use work::Work;
pub(crate) use work::described;

/// The kind.
pub struct Ssh;

/// The types of credentials that it signs in with.
const TYPES: [&str; 2] = ["sshPassword", "sshPrivateKey"];
/// How long a file may be on its way.
const TRANSFER: Duration = Duration::from_hours(1);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    #[serde(default, deserialize_with = "credentials::chosen")]
    credential: Option<CredentialId>,
    operation: Operation,
    #[serde(default)]
    command: Field,
    #[serde(default)]
    cwd: Field,
    #[serde(default)]
    path: Field,
    #[serde(default)]
    binary_property_name: Field,
    #[serde(default)]
    options: Options,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Operation {
    Execute,
    Upload,
    Download,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    file_name: Field,
    timeout: Option<u64>,
}

impl NodeKind for Ssh {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.ssh"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        Ok(import::import(node))
    }
}

impl ActionKind for Ssh {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

#[async_trait]
impl Action for Parameters {
    fn retried(&self) -> Retried {
        match self.operation {
            Operation::Execute => Retried::AtMostOnce,
            Operation::Upload | Operation::Download => Retried::Idempotent,
        }
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        let items = step.input(0);
        if items.is_empty() {
            return Ok(Acted::outputs(Outputs::one(Vec::new())));
        }
        let server = server(&remote::opened(&step, services, self.credential, &TYPES).await?)?;
        let dialer = remote::dialer(services)?;
        let session = Session::open(&dialer, &server, remote::CONNECT).await.map_err(remote::not_opened(step.room))?;
        let files = match self.operation {
            Operation::Execute => None,
            Operation::Upload | Operation::Download => {
                Some(session.files().await.map_err(|failure| self.failed(&failure, step.room))?)
            }
        };
        let mut work = Work {
            node: self,
            step: &step,
            session: &session,
            files,
            kept: step.files(services),
            budget: Budget::new(usize::MAX, step.room.left()),
        };
        let acted = work.all(items).await;
        drop(work);
        session.close().await;
        acted
    }
}

impl Parameters {
    fn failed(&self, failure: &Failure, room: Room) -> ActFailure {
        remote::failed(failure, self.retried(), room)
    }

    fn limit(&self) -> Duration {
        match self.operation {
            Operation::Execute => self.options.timeout.map_or(remote::ANSWER, Duration::from_secs),
            Operation::Upload | Operation::Download => TRANSFER,
        }
    }
}

/// The server that a credential means.
pub(crate) fn server(opened: &Opened) -> Result<Server, NodeError> {
    let secret = |name: &str| Zeroizing::new(opened.field(name).to_owned());
    let sign_in = if opened.field("privateKey").trim().is_empty() {
        SignIn::Password(secret("password"))
    } else {
        SignIn::Key { key: secret("privateKey"), passphrase: secret("passphrase") }
    };
    Ok(Server {
        host: opened.field("host").to_owned(),
        port: remote::port(opened)?,
        user: opened.field("user").to_owned(),
        sign_in,
        host_key: opened.field("hostKey").trim().to_owned(),
    })
}
