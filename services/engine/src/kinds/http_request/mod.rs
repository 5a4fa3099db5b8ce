//! **HTTP request**: asks another server, once for each item, or once for each page of what it has for an item.
//!
//! before: `[{"id":7}]` · after `GET https://example.com/orders/{{ $json.id }}`: `[{"id":7,"total":12.5}]`

mod answer;
mod asking;
mod failure;
mod files;
mod form;
mod form_options;
mod import;
mod import_old;
mod pace;
mod page_parameter;
mod pages;
mod parameters;
mod query;
mod request;
#[cfg(test)]
mod tests;

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use weft_nodes::{
    Descriptor, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Problem, Retried, Step, Unsupported, label,
    parameters, port,
};
use weft_value::Value;

use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::execution::StepView;
use crate::sign_in::{HTTP_TYPES, SignIn};
pub(crate) use answer::item_of;
use asking::Asking;
use failure::failed_item;
pub(crate) use failure::{failed, not_answered, refused_host, without_token};
pub(crate) use import::credential_of_n8n;
use parameters::Parameters;
pub(crate) use parameters::{Authentication, Pairs};

/// The kind.
pub struct HttpRequest;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "httpRequest",
    version: 1,
    label: label("HTTP request", "Requête HTTP"),
    description: label("Asks another server and takes its answer.", "Interroge un autre serveur et prend sa réponse."),
    group: Group::Act,
    icon: "globe",
    color: "indigo",
    subtitle: Some("{method} {url}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form::form(),
    retried: Retried::AtMostOnce,
    documentation: label(
        "One request for each item. If the server stops in the middle of one, reading requests are repeated; the others are \
         repeated only with an idempotency key.",
        "Une requête par élément. Si le serveur s’arrête au milieu, les requêtes de lecture sont répétées ; les autres ne le sont \
         qu’avec une clé d’idempotence.",
    ),
});

impl NodeKind for HttpRequest {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.httpRequest"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        import::imported(node)
    }
}

impl ActionKind for HttpRequest {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

#[async_trait]
impl Action for Parameters {
    /// Which methods may be repeated, by IANA's registry of HTTP methods.
    fn retried(&self) -> Retried {
        match self.method.as_str() {
            "GET" | "HEAD" | "OPTIONS" | "PUT" | "DELETE" | "COPY" | "MKCOL" | "MOVE" | "PROPFIND" | "REPORT" => {
                Retried::Idempotent
            }
            _ if self.options.idempotency_key => Retried::Keyed,
            _ => Retried::AtMostOnce,
        }
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        let Some(client) = &services.http else {
            return Err(NodeError::new("http", "This installation makes no HTTP requests.").into());
        };
        let credential = match self.credential.filter(|_| self.authentication == Authentication::Credential) {
            Some(id) => {
                let opened = step.credential(services, id, &HTTP_TYPES).await;
                Some((id, opened.map_err(|error| error.in_field("credential"))?))
            }
            None => None,
        };
        let owner = step.info.tenant;
        let sign_in =
            credential.as_ref().map(|(id, opened)| SignIn { opened, owner: (owner, *id), tokens: &services.tokens });
        let (files, room) = (step.files(services), step.room);
        self.all(Asking { node: self, client, sign_in, files, step, room, refused: Vec::new(), answered: 0 }).await
    }
}

impl Parameters {
    /// The requests of all items, one after the other.
    async fn all(&self, mut asking: Asking<'_>) -> Result<Acted, ActFailure> {
        let step = Arc::clone(&asking.step);
        let (mut made, mut failed) = (Vec::new(), Vec::new());
        for (index, item) in step.input(0).iter().enumerate() {
            pace::rest(&step, self.options.batching.pause(step.as_ref(), index)?).await;
            match asking.items(index).await {
                Ok(items) => made.extend(items.into_iter().map(|item| item.paired_with(index))),
                Err(failure) if step.carries_on() && !failure.ends_execution => {
                    failed.push(failed_item(&failure.error.at_item(index), item));
                }
                Err(failure) => {
                    let error = self.once(failure.error, asking.answered).at_item(index);
                    return Err(ActFailure { error, refused: asking.refused, ..failure });
                }
            }
        }
        let refused = asking.refused;
        Ok(Acted { refused, ..Acted::outputs(Outputs { failed, ..Outputs::one(made) }) })
    }

    /// An error after so many requests that were answered: another attempt would send those once more.
    fn once(&self, error: NodeError, answered: usize) -> NodeError {
        if answered > 0 && self.retried() == Retried::AtMostOnce { error.finally() } else { error }
    }
}
