//! **MongoDB**: finds, writes and deletes documents, once for each item.
//!
//! before: `[{"n":7}]` · after finding `{"order": $json.n}`: `[{"_id":"6523…","order":7,"total":12.5}]`

mod documents;
mod form;
mod import;
mod insert;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use serde::Deserialize;
use tokio::time::timeout;
use weft_clients::mongodb::{Changes, Document, Place, Reach, Server, Session, SignIn};
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

/// The kind.
pub struct MongoDb;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    #[serde(default, deserialize_with = "credentials::chosen")]
    credential: Option<CredentialId>,
    operation: Operation,
    collection: Field,
    #[serde(default)]
    query: Field,
    #[serde(default, rename = "queryParameters")]
    query_values: Field,
    #[serde(default)]
    update_key: Field,
    #[serde(default)]
    fields: Field,
    #[serde(default)]
    upsert: bool,
    #[serde(default)]
    index_name: Field,
    #[serde(default)]
    index_definition: Field,
    #[serde(default, rename = "indexDefinitionParameters")]
    index_definition_values: Field,
    #[serde(default)]
    index_type: IndexType,
    #[serde(default)]
    options: Options,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    limit: Field,
    skip: Field,
    sort: Field,
    sort_parameters: Field,
    projection: Field,
    projection_parameters: Field,
    date_fields: Field,
    use_dot_notation: bool,
    connection_timeout: Option<f64>,
    query_timeout: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Operation {
    Aggregate,
    Delete,
    Find,
    FindOneAndReplace,
    FindOneAndUpdate,
    Insert,
    Update,
    CreateSearchIndex,
    DropSearchIndex,
    ListSearchIndexes,
    UpdateSearchIndex,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum IndexType {
    #[default]
    VectorSearch,
    Search,
}

impl IndexType {
    fn name(self) -> &'static str {
        match self {
            Self::VectorSearch => "vectorSearch",
            Self::Search => "search",
        }
    }
}

impl NodeKind for MongoDb {
    fn descriptor(&self) -> &'static Descriptor {
        &form::DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.mongoDb"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        Ok(import::import(node))
    }
}

impl ActionKind for MongoDb {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(prepared(given)?))
    }
}

/// In what is written as JSON with expressions inside, a list or an object stays one.
fn prepared(given: &Value) -> Result<Parameters, Vec<Problem>> {
    let mut parameters = parameters::<Parameters>(&form::DESCRIPTOR, given)?;
    let options = &mut parameters.options;
    for json in [&mut parameters.query, &mut parameters.index_definition, &mut options.sort, &mut options.projection] {
        *json = std::mem::take(json).writing_json();
    }
    Ok(parameters)
}

/// A connection, and how much is still taken from it.
struct Asking {
    session: Session,
    budget: Budget,
}

#[async_trait]
impl Action for Parameters {
    /// Setting the same values again changes nothing, and what was deleted stays so.
    fn retried(&self) -> Retried {
        match self.operation {
            Operation::Find
            | Operation::Delete
            | Operation::Update
            | Operation::FindOneAndUpdate
            | Operation::FindOneAndReplace
            | Operation::ListSearchIndexes
            | Operation::UpdateSearchIndex => Retried::Idempotent,
            Operation::Aggregate if self.only_reads() => Retried::Idempotent,
            Operation::Aggregate | Operation::Insert | Operation::CreateSearchIndex | Operation::DropSearchIndex => {
                Retried::AtMostOnce
            }
        }
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        if step.input(0).is_empty() {
            return Ok(Acted::outputs(Outputs::one(Vec::new())));
        }
        let server = server(&remote::opened(&step, services, self.credential, &["mongodb"]).await?)?;
        let dialer = remote::dialer(services)?;
        let connect = remote::seconds(self.options.connection_timeout, remote::CONNECT);
        let limit = remote::seconds(self.options.query_timeout, remote::ANSWER);
        let opened = Session::open(&dialer, &server, connect, limit).await;
        let session = opened.map_err(remote::not_opened(step.room))?;
        let mut asking = Asking { session, budget: Budget::new(remote::MOST_ROWS, step.room.left()) };
        // The server stops what it does when the connection ends, which it does when it is dropped.
        let late = |_| remote::failed(&Failure::Timeout { server: "MongoDB", limit }, self.retried(), step.room);
        let collected = timeout(limit, self.all(&step, &mut asking)).await.map_err(late)??;
        asking.session.close().await;
        Ok(Acted::outputs(collected.into()))
    }
}

impl Parameters {
    async fn all(&self, step: &StepView, asking: &mut Asking) -> Result<Collected, ActFailure> {
        if self.operation == Operation::Insert {
            return self.insert(step, &mut asking.session).await;
        }
        let mut collected = Collected::default();
        for index in 0..step.input(0).len() {
            let answer = self.one(step, index, asking).await;
            let answer = answer.map(|rows| rows.into_iter().map(Item::new).collect());
            collected.take_answer(step, index, answer, self.retried())?;
        }
        Ok(collected)
    }

    /// What becomes of one item.
    async fn one(&self, step: &StepView, index: usize, asking: &mut Asking) -> Result<Vec<Object>, NotDone> {
        let collection = self.collection(step, index)?;
        let Asking { session, budget } = asking;
        match self.operation {
            Operation::Find => Ok(session.find(&collection, self.find(step, index)?, budget).await?),
            Operation::Aggregate => Ok(session.aggregate(&collection, self.pipeline(step, index)?, budget).await?),
            Operation::Delete => {
                let deleted = session.delete(&collection, self.query(step, index)?).await?;
                Ok(vec![[("deletedCount", Value::Number(deleted))].into_iter().collect()])
            }
            Operation::Update => self.change(step, index, (session, Changes::Update)).await,
            Operation::FindOneAndUpdate => self.change(step, index, (session, Changes::FindAndUpdate)).await,
            Operation::FindOneAndReplace => self.change(step, index, (session, Changes::FindAndReplace)).await,
            Operation::ListSearchIndexes => {
                Ok(session.aggregate(&collection, self.listing(step, index)?, budget).await?)
            }
            Operation::CreateSearchIndex | Operation::DropSearchIndex | Operation::UpdateSearchIndex => {
                let (name, command) = self.on_index(step, index, &collection)?;
                session.command(command).await?;
                Ok(vec![[("indexName", name)].into_iter().collect()])
            }
            // They travel together.
            Operation::Insert => Ok(Vec::new()),
        }
    }

    async fn change(
        &self,
        step: &StepView,
        index: usize,
        (session, how): (&mut Session, Changes),
    ) -> Result<Vec<Object>, NotDone> {
        let collection = self.collection(step, index)?;
        let (change, told) = self.changed(step, index, how)?;
        session.change(&collection, change).await?;
        Ok(vec![told])
    }
}

/// Where the database of a credential is and who signs in.
pub(crate) fn server(opened: &Opened) -> Result<Server, NodeError> {
    let wrong = |message: String| NodeError::new("credential", message).in_field("credential").finally();
    let field = |name: &str| opened.field(name).trim().to_owned();
    let (string, host, user) = (opened.field("connectionString").trim(), field("host"), field("user"));
    let mut server = Server {
        place: Place::Hosts(Vec::new()),
        database: field("database"),
        sign_in: None,
        replica_set: None,
        reach: Reach::Primary,
        confirmed: Document::new(),
        tls: remote::tls(opened),
    };
    if string.is_empty() {
        if host.is_empty() {
            return Err(wrong("The credential needs a host, or a connection string.".to_owned()));
        }
        server.place = Place::Hosts(vec![(host, remote::port(opened)?)]);
        let password = Zeroizing::new(opened.field("password").to_owned());
        server.sign_in =
            (!user.is_empty()).then_some(SignIn { mechanism: None, source: None, path: None, user, password });
    } else {
        let read = Server::read(string, server);
        server =
            read.map_err(|error| wrong(format!("The connection string of the credential is not understood. {error}")))?;
    }
    if server.database.is_empty() {
        return Err(wrong("The credential names no database.".to_owned()));
    }
    Ok(server)
}
