//! **S3**: keeps files in Amazon S3 or a storage server that speaks as it does, one operation for each item.
//!
//! before: `[{"key":"a.pdf"}]` · after downloading `{{ $json.key }}`: the same item with the file `data`, `a.pdf`

mod form;
mod import;
mod kept;
mod sent;
mod work;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use serde::Deserialize;
use url::Url;
use weft_clients::s3::{Addressing, Failure, Server, Store};
use weft_connectors::HttpError;
use weft_model::CredentialId;
use weft_nodes::{
    Descriptor, Field, Imported, N8nNode, NodeError, NodeKind, Outputs, Problem, Retried, Step, Unsupported, parameters,
};
use weft_value::Value;
use zeroize::Zeroizing;

use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::credentials::{self, Opened};
use crate::execution::StepView;
use crate::kinds::http_request;
use crate::remote;
use form::DESCRIPTOR;
use sent::More;
use work::Work;

/// The kind.
pub struct S3;

/// The types of credentials that it signs in with.
const TYPES: [&str; 2] = ["aws", "s3"];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    #[serde(default, deserialize_with = "credentials::chosen")]
    credential: Option<CredentialId>,
    resource: Resource,
    operation: Operation,
    #[serde(default)]
    name: Field,
    #[serde(default)]
    bucket_name: Field,
    #[serde(default)]
    return_all: bool,
    #[serde(default)]
    limit: Field,
    #[serde(default)]
    folder_name: Field,
    #[serde(default)]
    folder_key: Field,
    #[serde(default)]
    source_path: Field,
    #[serde(default)]
    destination_path: Field,
    #[serde(default)]
    file_key: Field,
    #[serde(default)]
    file_name: Field,
    #[serde(default)]
    binary_data: bool,
    #[serde(default)]
    file_content: Field,
    #[serde(default)]
    binary_property_name: Field,
    #[serde(default)]
    tags_ui: Tags,
    #[serde(default)]
    additional_fields: More,
    #[serde(default)]
    options: More,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Resource {
    Bucket,
    Folder,
    File,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Operation {
    Create,
    Delete,
    GetAll,
    Search,
    Upload,
    Download,
    Copy,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Tags {
    tags_values: Vec<Tag>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Tag {
    key: Field,
    value: Field,
}

impl NodeKind for S3 {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.s3", "n8n-nodes-base.awsS3"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        import::import(node)
    }
}

impl ActionKind for S3 {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

#[async_trait]
impl Action for Parameters {
    /// A bucket that is there already cannot be made, and one that is gone cannot be deleted: both fail the second time.
    fn retried(&self) -> Retried {
        match (self.resource, self.operation) {
            (Resource::Bucket, Operation::Create | Operation::Delete) => Retried::AtMostOnce,
            _ => Retried::Idempotent,
        }
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        let items = step.input(0);
        if items.is_empty() {
            return Ok(Acted::outputs(Outputs::one(Vec::new())));
        }
        let mut work = self.work(&step, services).await?;
        let (mut made, mut not_done, mut refused) = (Vec::with_capacity(items.len()), Vec::new(), Vec::new());
        for (index, item) in items.iter().enumerate() {
            match work.one(index, item).await {
                Ok(items) => made.extend(items.into_iter().map(|item| item.paired_with(index))),
                Err(failure) => {
                    let error = failure.error.at_item(index);
                    refused.extend(failure.refused);
                    if failure.ends_execution || !step.carries_on() {
                        // Another attempt would do once more what was done for the items before it.
                        let again = index == 0 || self.retried() != Retried::AtMostOnce;
                        let error = if again { error } else { error.finally() };
                        return Err(ActFailure { refused, ends_execution: failure.ends_execution, ..error.into() });
                    }
                    not_done.push(error.to_item(Some(item)));
                }
            }
        }
        Ok(Acted { refused, ..Acted::outputs(Outputs { failed: not_done, ..Outputs::one(made) }) })
    }
}

impl Parameters {
    async fn work<'a>(&'a self, step: &'a Arc<StepView>, services: &Services) -> Result<Work<'a>, NodeError> {
        let Some(client) = &services.http else {
            return Err(NodeError::new("http", "This installation makes no HTTP requests.").finally());
        };
        let opened = remote::opened(step, services, self.credential, &TYPES).await?;
        let clock = Arc::clone(&step.clock);
        let store = Store::new(client.clone(), server(&opened)?, move || clock.now());
        Ok(Work { node: self, step, store, files: step.files(services), room: step.room })
    }
}

/// The server that a credential means.
pub(crate) fn server(opened: &Opened) -> Result<Server, NodeError> {
    let field = |name: &str| opened.field(name).trim();
    let address = if opened.kind == "aws" { field("s3Endpoint") } else { field("endpoint") };
    let is_web = |url: &Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    let endpoint = match address {
        "" if opened.kind == "aws" => None,
        address => Some(Url::parse(address).ok().filter(is_web).ok_or_else(|| error_of(&Failure::Endpoint))?),
    };
    // AWS asks for the name of the bucket before its host; other servers mostly have one host for all.
    let in_host = if opened.kind == "aws" { endpoint.is_none() } else { field("addressing") == "host" };
    let region = Some(field("region")).filter(|region| !region.is_empty()).unwrap_or("us-east-1");
    Ok(Server {
        endpoint,
        region: region.to_owned(),
        access_key: field("accessKeyId").to_owned(),
        secret_key: Zeroizing::new(field("secretAccessKey").to_owned()),
        token: Zeroizing::new(field("sessionToken").to_owned()),
        addressing: if in_host { Addressing::Host } else { Addressing::Path },
    })
}

/// What became of an operation, and the host that may not be reached, for the audit. One that may have been done and must not be
/// done twice is not repeated.
fn failed(failure: &Failure, retried: Retried) -> ActFailure {
    let error = error_of(failure);
    let (refused, may_have_arrived) = match failure {
        Failure::Http(HttpError::Refused(refusal)) => (vec![refusal.host.clone()], false),
        Failure::Http(HttpError::Connection { sent: true, .. } | HttpError::Timeout { .. }) => (Vec::new(), true),
        _ => (Vec::new(), false),
    };
    let error = if may_have_arrived && retried == Retried::AtMostOnce {
        error.finally().describe("It may have been done nevertheless, so that it is not repeated.")
    } else {
        error
    };
    ActFailure { refused, ..error.into() }
}

fn error_of(failure: &Failure) -> NodeError {
    let said = failure.to_string();
    match failure {
        Failure::Http(error) => http_request::failed(error),
        Failure::Refused { status, code, .. } => {
            let error = NodeError::new("server_refused", said);
            // What is busy may have time later; what is forbidden stays so.
            let is_busy = *status >= 500 || *status == 429 || code == "SlowDown" || code == "RequestTimeout";
            if is_busy { error } else { error.finally() }
        }
        Failure::Status { status } => {
            let error = NodeError::new("http_status", said);
            if *status >= 500 || *status == 429 { error } else { error.finally() }
        }
        Failure::Answer => NodeError::new("server_answer", said),
        Failure::Bucket { .. } | Failure::Key { .. } => NodeError::new("parameter", said).finally(),
        Failure::Region { .. } | Failure::Endpoint => {
            NodeError::new("credential", said).in_field("credential").finally()
        }
    }
}
