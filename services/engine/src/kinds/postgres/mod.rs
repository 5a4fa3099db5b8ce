//! **Postgres**: asks a PostgreSQL database, once for each item.
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
use weft_clients::postgres::{Answer, LargeNumbers, Server, Session};
use weft_clients::{Budget, Failure};
use weft_connectors::Dialer;
use weft_model::CredentialId;
use weft_nodes::{
    Descriptor, Field, Imported, N8nNode, NodeError, NodeKind, Outputs, Problem, Retried, Step, Unsupported,
    parameters_with,
};
use weft_value::Object;
use zeroize::Zeroizing;

use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::credentials::{self, Opened};
use crate::execution::StepView;
use crate::remote;
use crate::sql::{
    Batch, Batching, Collected, ColumnValue, Combine, Condition, DataMode, Database, DeleteCommand, EmptyTexts, Listed,
    Operation, SortBy, split_replacement, success,
};
use statements::{Columns, Tables};

/// The kind.
pub struct Postgres;

/// How many statements travel together, and how large they may be.
const TOGETHER: usize = 500;
const TOGETHER_BYTES: usize = 1 << 20;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    #[serde(default, deserialize_with = "credentials::chosen")]
    credential: Option<CredentialId>,
    operation: Operation,
    #[serde(default)]
    schema: Field,
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
    restart_sequences: bool,
    #[serde(default)]
    options: Options,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    query_replacement: Field,
    query_batching: Batching,
    output_columns: Field,
    large_numbers_output: Numbers,
    skip_on_conflict: bool,
    replace_empty_strings: EmptyTexts,
    cascade: bool,
    connection_timeout: Option<f64>,
    query_timeout: Option<f64>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Numbers {
    #[default]
    Text,
    Numbers,
}

impl NodeKind for Postgres {
    fn descriptor(&self) -> &'static Descriptor {
        &form::DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.postgres"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        Ok(import::import(node))
    }
}

impl ActionKind for Postgres {
    fn prepare(&self, given: &weft_value::Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(prepared(given)?))
    }
}

fn prepared(given: &weft_value::Value) -> Result<Parameters, Vec<Problem>> {
    parameters_with(&form::DESCRIPTOR, given, split_replacement)
}

/// A connection, and what it is asked with.
struct Asking<'a> {
    dialer: &'a Dialer,
    server: &'a Server,
    session: Session,
    budget: Budget,
    numbers: LargeNumbers,
    operation: Operation,
}

/// What came of the statements: of each what it gave, or why all of them gave nothing and at which.
type Came = Result<Vec<Answer>, (usize, Failure)>;

#[async_trait]
impl Action for Parameters {
    fn retried(&self) -> Retried {
        self.operation.retried()
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        if step.input(0).is_empty() {
            return Ok(Acted::outputs(Outputs::one(Vec::new())));
        }
        let server = server(&remote::opened(&step, services, self.credential, &["postgres"]).await?)?;
        let dialer = remote::dialer(services)?;
        let connect = remote::seconds(self.options.connection_timeout, remote::CONNECT);
        let failed = |failure: &Failure| remote::failed(failure, self.retried(), step.room);
        let session = Session::open(&dialer, &server, connect).await.map_err(remote::not_opened(step.room))?;
        let budget = Budget::new(remote::MOST_ROWS, step.room.left());
        let numbers = match self.options.large_numbers_output {
            Numbers::Text => LargeNumbers::Text,
            Numbers::Numbers => LargeNumbers::Number,
        };
        let operation = self.operation;
        let mut asking = Asking { dialer: &dialer, server: &server, session, budget, numbers, operation };
        let limit = remote::seconds(self.options.query_timeout, remote::ANSWER);
        let stopper = asking.session.stopper();
        let Ok(outputs) = timeout(limit, self.ask(&step, &mut asking)).await else {
            stopper.stop(asking.dialer, asking.server).await;
            return Err(failed(&Failure::Timeout { server: "PostgreSQL", limit }));
        };
        asking.session.close().await;
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
    async fn ask(&self, step: &StepView, asking: &mut Asking<'_>) -> Result<Outputs, ActFailure> {
        let mut tables = Tables::default();
        let mut outputs = Collected::default();
        let mut statements = Vec::new();
        for index in 0..step.input(0).len() {
            match self.statement(step, index, &mut tables, asking).await {
                Ok(statement) => statements.push((index, statement)),
                Err(failure) => outputs.take_failure(step, index, failure)?,
            }
        }
        let batch = Batch { step, batching: self.options.query_batching, retried: self.retried() };
        batch.execute(asking, statements, &mut outputs).await?;
        Ok(outputs.into())
    }

    /// The statement of one item.
    async fn statement(
        &self,
        step: &StepView,
        index: usize,
        tables: &mut Tables,
        asking: &mut Asking<'_>,
    ) -> Result<String, ActFailure> {
        if self.operation == Operation::ExecuteQuery {
            return Ok(self.query(step, index)?);
        }
        let table = self.table(step, index)?;
        let writes = matches!(self.operation, Operation::Insert | Operation::Upsert | Operation::Update);
        if writes && !tables.knows(&table) {
            let columns = self.columns_of(step, &table, asking).await?;
            tables.learn(table.clone(), columns);
        }
        Ok(self.table_statement(step, index, &table, tables)?)
    }

    /// The types of the columns of a table.
    async fn columns_of(
        &self,
        step: &StepView,
        table: &statements::Table,
        asking: &mut Asking<'_>,
    ) -> Result<Columns, ActFailure> {
        let failed = |(_, failure): (usize, Failure)| remote::failed(&failure, Retried::Pure, step.room);
        let asked = [table.columns_query()];
        let answers = asking.session.execute(&asked, asking.numbers, &mut asking.budget).await.map_err(failed)?;
        Ok(Columns::new(answers.into_iter().flat_map(|answer| answer.rows)))
    }
}

#[async_trait]
impl Database for Asking<'_> {
    type Statement = String;

    async fn alone(&mut self, statement: &String) -> Result<Vec<Object>, Failure> {
        let answers = self.one(statement).await.map_err(|(_, failure)| failure)?;
        Ok(answers.into_iter().flat_map(|answer| self.given(answer)).collect())
    }

    async fn together(&mut self, statements: &[(usize, String)]) -> Result<Vec<Vec<Object>>, (usize, Failure)> {
        let answers = self.transaction(statements).await?;
        Ok(answers.into_iter().map(|answer| self.given(answer)).collect())
    }
}

impl Asking<'_> {
    /// The rows of an answer; of what gives none by its nature, that it succeeded.
    fn given(&self, answer: Answer) -> Vec<Object> {
        let says_so = !answer.gives_rows && matches!(self.operation, Operation::ExecuteQuery | Operation::DeleteTable);
        says_so.then(success).into_iter().chain(answer.rows).collect()
    }

    /// All statements in one transaction, many at a time on their way.
    async fn transaction(&mut self, statements: &[(usize, String)]) -> Came {
        self.one("BEGIN").await?;
        let mut answers = Vec::with_capacity(statements.len());
        let mut rest = statements;
        while !rest.is_empty() {
            let mut bytes = 0;
            let fits = |(_, statement): &&(usize, String)| {
                bytes += statement.len();
                bytes <= TOGETHER_BYTES
            };
            let count = rest.iter().take(TOGETHER).take_while(fits).count().max(1);
            let (now, later) = rest.split_at(count);
            let now: Vec<String> = now.iter().map(|(_, statement)| statement.clone()).collect();
            let came = self.session.execute(&now, self.numbers, &mut self.budget).await;
            answers.extend(came.map_err(|(place, failure)| (answers.len() + place, failure))?);
            rest = later;
        }
        // What fails only now, such as a deferred constraint, was about all of them.
        self.one("COMMIT").await?;
        Ok(answers)
    }

    async fn one(&mut self, statement: &str) -> Came {
        self.session.execute(&[statement.to_owned()], self.numbers, &mut self.budget).await
    }
}
