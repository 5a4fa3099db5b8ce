//! **FTP**: moves files from and to a server over FTP, FTPS or SFTP, once for each item.
//!
//! before: `[{"day":7}]` · after downloading `/reports/{{ $json.day }}.csv`: the same item with the file `data`, `7.csv`

mod form;
mod import;
mod other;
mod work;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use weft_clients::{Budget, Failure, ftp, ssh};
use weft_connectors::Dialer;
use weft_model::CredentialId;
use weft_nodes::{
    Descriptor, Field, Imported, N8nNode, NodeError, NodeKind, Outputs, Problem, Retried, Step, Unsupported, parameters,
};
use weft_value::Value;
use zeroize::Zeroizing;

use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::credentials::{self, Opened};
use crate::execution::StepView;
use crate::kinds::ssh as ssh_kind;
use crate::remote;
use form::DESCRIPTOR;
use other::Other;
use work::Work;

/// The kind.
pub struct Ftp;

/// The types of credentials that it signs in with; which one it is says how the server is spoken to.
const TYPES: [&str; 2] = ["ftp", "sftp"];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    #[serde(default, deserialize_with = "credentials::chosen")]
    credential: Option<CredentialId>,
    operation: Operation,
    #[serde(default)]
    path: Field,
    #[serde(default)]
    old_path: Field,
    #[serde(default)]
    new_path: Field,
    #[serde(default)]
    recursive: bool,
    #[serde(default)]
    binary_data: bool,
    #[serde(default)]
    file_content: Field,
    #[serde(default)]
    binary_property_name: Field,
    #[serde(default)]
    options: Options,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Operation {
    Delete,
    Download,
    List,
    Rename,
    Upload,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    folder: bool,
    recursive: bool,
    create_directories: bool,
    timeout: Option<u64>,
}

impl NodeKind for Ftp {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.ftp"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        Ok(import::import(node))
    }
}

impl ActionKind for Ftp {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

#[async_trait]
impl Action for Parameters {
    /// What is gone or has another name already cannot be deleted or renamed once more.
    fn retried(&self) -> Retried {
        match self.operation {
            Operation::Delete | Operation::Rename => Retried::AtMostOnce,
            Operation::Download | Operation::List | Operation::Upload => Retried::Idempotent,
        }
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        let items = step.input(0);
        if items.is_empty() {
            return Ok(Acted::outputs(Outputs::one(Vec::new())));
        }
        let opened = remote::opened(&step, services, self.credential, &TYPES).await?;
        let dialer = remote::dialer(services)?;
        let budget = Budget::new(remote::MOST_ROWS, step.room.left());
        let work = |other| Work { node: self, step: &step, other, kept: step.files(services), budget };
        let not_opened = remote::not_opened(step.room);
        if opened.kind == "sftp" {
            let session = self.sftp(&dialer, &opened).await?.map_err(&not_opened)?;
            let files = session.files().await.map_err(not_opened)?;
            let acted = work(Other::Sftp(files)).all(items).await;
            session.close().await;
            return acted;
        }
        let session = self.ftp(&dialer, &opened).await?.map_err(not_opened)?;
        work(Other::Ftp(session)).all(items).await
    }
}

impl Parameters {
    /// How long the server may take to let somebody in.
    fn limit(&self) -> Duration {
        self.options.timeout.map_or(remote::CONNECT, Duration::from_millis)
    }

    async fn sftp(&self, dialer: &Dialer, opened: &Opened) -> Result<Result<ssh::Session, Failure>, NodeError> {
        let server = ssh_kind::server(opened)?;
        Ok(ssh::Session::open(dialer, &server, self.limit()).await)
    }

    async fn ftp(&self, dialer: &Dialer, opened: &Opened) -> Result<Result<ftp::Session, Failure>, NodeError> {
        let server = server(opened)?;
        Ok(ftp::Session::open(dialer, &server, self.limit()).await)
    }
}

/// The server that a credential of FTP means.
pub(crate) fn server(opened: &Opened) -> Result<ftp::Server, NodeError> {
    Ok(ftp::Server {
        host: opened.field("host").to_owned(),
        port: remote::port(opened)?,
        user: opened.field("user").to_owned(),
        password: Zeroizing::new(opened.field("password").to_owned()),
        tls: remote::tls(opened),
    })
}
