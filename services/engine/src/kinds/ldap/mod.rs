//! **LDAP**: finds, makes and changes entries of a directory, once for each item.
//!
//! before: `[{"name":"ada"}]` · after searching `(uid={{ $json.name }})`: `[{"dn":"uid=ada,dc=example","uid":"ada"}]`

mod form;
mod import;
mod requests;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::Deserialize;
use tokio::time::timeout;
use weft_clients::ldap::{Entry, Server, Session};
use weft_clients::{Budget, Failure};
use weft_model::CredentialId;
use weft_nodes::{
    Descriptor, Field, Imported, N8nNode, NodeError, NodeKind, Outputs, Problem, Retried, Step, Unsupported, parameters,
};
use weft_value::{Item, Object, Value};
use zeroize::Zeroizing;

use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::collected::Collected;
use crate::credentials::{self, Opened};
use crate::execution::StepView;
use crate::remote::{self, NotDone};
use requests::Request;

/// The kind.
pub struct Ldap;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    #[serde(default, deserialize_with = "credentials::chosen")]
    credential: Option<CredentialId>,
    operation: Operation,
    #[serde(default)]
    dn: Field,
    #[serde(default)]
    target_dn: Field,
    #[serde(default, rename = "baseDN")]
    base_dn: Field,
    #[serde(default)]
    search_for: SearchFor,
    #[serde(default)]
    custom_filter: Field,
    #[serde(default)]
    object_class: Field,
    #[serde(default)]
    search_attribute: Field,
    #[serde(default)]
    search_text: Field,
    #[serde(default)]
    return_all: bool,
    #[serde(default)]
    limit: Field,
    #[serde(default)]
    attribute: Field,
    #[serde(default)]
    value: Field,
    #[serde(default)]
    attributes: Attributes,
    #[serde(default)]
    changes: Changes,
    #[serde(default)]
    options: Options,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Operation {
    Search,
    Compare,
    Create,
    Update,
    Rename,
    Delete,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum SearchFor {
    #[default]
    Custom,
    Class,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Attributes {
    attribute: Vec<AttributeValue>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Changes {
    add: Vec<AttributeValue>,
    replace: Vec<AttributeValue>,
    delete: Vec<AttributeValue>,
}

#[derive(Deserialize)]
struct AttributeValue {
    #[serde(default)]
    id: Field,
    #[serde(default)]
    value: Field,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    attributes: Field,
    scope: Scope,
    page_size: Option<f64>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Scope {
    Base,
    One,
    #[default]
    Sub,
}

impl NodeKind for Ldap {
    fn descriptor(&self) -> &'static Descriptor {
        &form::DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.ldap"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        Ok(import::import(node))
    }
}

impl ActionKind for Ldap {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&form::DESCRIPTOR, given)?))
    }
}

#[async_trait]
impl Action for Parameters {
    fn retried(&self) -> Retried {
        match self.operation {
            Operation::Search | Operation::Compare => Retried::Idempotent,
            Operation::Create | Operation::Update | Operation::Rename | Operation::Delete => Retried::AtMostOnce,
        }
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        if step.input(0).is_empty() {
            return Ok(Acted::outputs(Outputs::one(Vec::new())));
        }
        let server = server(&remote::opened(&step, services, self.credential, &["ldap"]).await?)?;
        let dialer = remote::dialer(services)?;
        let failed = |failure: &Failure| remote::failed(failure, self.retried(), step.room);
        let opened = Session::open(&dialer, &server, step.room.left(), remote::CONNECT).await;
        let session = opened.map_err(remote::not_opened(step.room))?;
        let limit = remote::ANSWER;
        let Ok(outputs) = timeout(limit, self.ask(&step, &session)).await else {
            return Err(failed(&Failure::Timeout { server: "LDAP", limit }));
        };
        session.close().await;
        outputs.map(Acted::outputs)
    }
}

/// Where the server of a credential is and who signs in.
pub(crate) fn server(opened: &Opened) -> Result<Server, NodeError> {
    Ok(Server {
        host: opened.field("host").to_owned(),
        port: remote::port(opened)?,
        user: opened.field("user").to_owned(),
        password: Zeroizing::new(opened.field("password").to_owned()),
        begin: remote::begin(opened),
        tls: remote::tls(opened),
    })
}

impl Parameters {
    /// One request after the other.
    async fn ask(&self, step: &StepView, session: &Session) -> Result<Outputs, ActFailure> {
        let mut collected = Collected::default();
        let mut budget = Budget::new(remote::MOST_ROWS, step.room.left());
        for index in 0..step.input(0).len() {
            let answer = match self.request(step, index) {
                Ok(request) => answered(request, session, &mut budget).await.map_err(NotDone::There),
                Err(error) => Err(error.into()),
            };
            let answer = answer.map(|objects| objects.into_iter().map(Item::new).collect());
            collected.take_answer(step, index, answer, self.retried())?;
        }
        Ok(collected.into())
    }
}

/// What became of a request.
async fn answered(request: Request, session: &Session, budget: &mut Budget) -> Result<Vec<Object>, Failure> {
    let done = |dn: String| {
        let said: Object = [("dn", Value::from(dn)), ("result", "success".into())].into_iter().collect();
        Ok(vec![said])
    };
    match request {
        Request::Search(search) => Ok(session.search(search, budget).await?.into_iter().map(shown).collect()),
        Request::Compare { dn, attribute, value } => {
            let result = session.compare(dn.clone(), attribute.clone(), value).await?;
            let said = [("dn", Value::from(dn)), ("attribute", attribute.into()), ("result", result.into())];
            Ok(vec![said.into_iter().collect()])
        }
        Request::Create { dn, attributes } => {
            session.add(dn.clone(), attributes).await?;
            done(dn)
        }
        Request::Update { dn, changes } => {
            session.modify(dn.clone(), changes).await?;
            done(dn)
        }
        Request::Rename { dn, name, parent, target } => {
            session.rename(dn, name, parent).await?;
            done(target)
        }
        Request::Delete { dn } => {
            session.delete(dn.clone()).await?;
            done(dn)
        }
    }
}

/// An entry as an item.
fn shown(entry: Entry) -> Object {
    let value = |bytes: Vec<u8>| match String::from_utf8(bytes) {
        Ok(text) => Value::from(text),
        Err(error) => BASE64_STANDARD.encode(error.as_bytes()).into(),
    };
    let mut object = Object::with_capacity(entry.attributes.len() + 1);
    object.insert("dn", entry.dn);
    for (name, mut values) in entry.attributes {
        let shown = match values.len() {
            1 => values.pop().map_or(Value::Null, value),
            _ => values.into_iter().map(value).collect::<Vec<_>>().into(),
        };
        object.insert(name, shown);
    }
    object
}
