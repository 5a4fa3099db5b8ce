//! **Microsoft SQL Server**: asks a SQL Server or Azure SQL database, once for each item.
//!
//! before: `[{"id":7}]` · after `select * from orders where id = $1`: `[{"id":7,"total":12.5}]`

mod form;
mod import;
mod statements;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use serde::Deserialize;
use tokio::time::timeout;
use weft_clients::mssql::{Server, Session, Statement};
use weft_clients::{Budget, Failure};
use weft_model::CredentialId;
use weft_nodes::{
    Descriptor, Field, Imported, N8nNode, NodeError, NodeKind, Outputs, Problem, Retried, Step, Unsupported,
    parameters_with,
};
use weft_value::{Object, Value};
use zeroize::Zeroizing;

use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::credentials::{self, Opened};
use crate::execution::StepView;
use crate::remote;
use crate::sql::{
    Batch, Batching, Collected, ColumnValue, Combine, Condition, DataMode, Database, DeleteCommand, EmptyTexts, Listed,
    Operation, SortBy, split_replacement, success,
};

/// The kind.
pub struct MsSql;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    #[serde(default, deserialize_with = "credentials::chosen")]
    credential: Option<CredentialId>,
    operation: Operation,
    #[serde(default)]
    table: Field,
    #[serde(default)]
    query: Field,
    #[serde(default)]
    data_mode: DataMode,
    #[serde(default)]
    values_to_send: Listed<ColumnValue>,
    #[serde(default)]
    matching_columns: Field,
    #[serde(default, rename = "where")]
    conditions: Listed<Condition>,
    #[serde(default)]
    combine_conditions: Combine,
    #[serde(default)]
    sort: Listed<SortBy>,
    #[serde(default)]
    return_all: bool,
    #[serde(default)]
    limit: Field,
    #[serde(default)]
    delete_command: DeleteCommand,
    #[serde(default)]
    options: Options,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    query_replacement: Field,
    query_batching: Batching,
    output_columns: Field,
    select_distinct: bool,
    replace_empty_strings: EmptyTexts,
    connection_timeout: Option<f64>,
    query_timeout: Option<f64>,
}

impl NodeKind for MsSql {
    fn descriptor(&self) -> &'static Descriptor {
        &form::DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.microsoftSql"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        Ok(import::import(node))
    }
}

impl ActionKind for MsSql {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(prepared(given)?))
    }
}

fn prepared(given: &Value) -> Result<Parameters, Vec<Problem>> {
    parameters_with(&form::DESCRIPTOR, given, split_replacement)
}

/// A connection, and how much is still taken from it.
struct Asking {
    session: Session,
    budget: Budget,
}

#[async_trait]
impl Action for Parameters {
    fn retried(&self) -> Retried {
        self.operation.retried()
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        if step.input(0).is_empty() {
            return Ok(Acted::outputs(Outputs::one(Vec::new())));
        }
        let server = server(&remote::opened(&step, services, self.credential, &["mssql"]).await?)?;
        let dialer = remote::dialer(services)?;
        let connect = remote::seconds(self.options.connection_timeout, remote::CONNECT);
        let failed = |failure: &Failure| remote::failed(failure, self.retried(), step.room);
        let most = step.room.left();
        let session = Session::open(&dialer, &server, connect, most).await.map_err(remote::not_opened(step.room))?;
        let mut asking = Asking { session, budget: Budget::new(remote::MOST_ROWS, most) };
        let limit = remote::seconds(self.options.query_timeout, remote::ANSWER);
        // The server stops what it does when the connection ends, which it does when it is dropped.
        let late = |_| failed(&Failure::Timeout { server: "SQL Server", limit });
        let outputs = timeout(limit, self.ask(&step, &mut asking)).await.map_err(late)?;
        if outputs.is_ok() {
            asking.session.close().await;
        }
        outputs.map(Acted::outputs)
    }
}

/// Where the server of a credential is and who signs in.
pub(crate) fn server(opened: &Opened) -> Result<Server, NodeError> {
    Ok(Server {
        host: opened.field("host").to_owned(),
        port: remote::port(opened)?,
        database: opened.field("database").to_owned(),
        user: opened.field("user").to_owned(),
        password: Zeroizing::new(opened.field("password").to_owned()),
        tls: remote::tls(opened),
    })
}

impl Parameters {
    async fn ask(&self, step: &StepView, asking: &mut Asking) -> Result<Outputs, ActFailure> {
        let mut outputs = Collected::default();
        let mut statements = Vec::new();
        for index in 0..step.input(0).len() {
            match self.statement(step, index) {
                Ok(statement) => statements.push((index, statement)),
                Err(error) => outputs.take_failure(step, index, error.into())?,
            }
        }
        let batch = Batch { step, batching: self.options.query_batching, retried: self.retried() };
        batch.execute(asking, statements, &mut outputs).await?;
        Ok(outputs.into())
    }
}

#[async_trait]
impl Database for Asking {
    type Statement = Statement;

    async fn alone(&mut self, statement: &Statement) -> Result<Vec<Object>, Failure> {
        let rows = self.session.execute(statement, &mut self.budget).await?;
        Ok(rows.unwrap_or_else(|| vec![success()]))
    }

    async fn together(&mut self, statements: &[(usize, Statement)]) -> Result<Vec<Vec<Object>>, (usize, Failure)> {
        let mut made = Vec::with_capacity(statements.len());
        // Whatever fails takes everything back: with this setting the server does, and otherwise the end of the session.
        self.say("SET XACT_ABORT ON; BEGIN TRANSACTION").await.map_err(|failure| (0, failure))?;
        for (place, (_, statement)) in statements.iter().enumerate() {
            made.push(self.alone(statement).await.map_err(|failure| (place, failure))?);
        }
        self.say("COMMIT TRANSACTION").await.map_err(|failure| (0, failure))?;
        Ok(made)
    }
}

impl Asking {
    async fn say(&mut self, statement: &str) -> Result<(), Failure> {
        self.session.execute(&statement.into(), &mut self.budget).await.map(|_| ())
    }
}
