//! **MySQL**: asks a MySQL or MariaDB database, once for each item.
//!
//! before: `[{"id":7}]` · after `select * from orders where id = $1`: `[{"id":7,"total":"12.50"}]`

mod form;
mod import;
mod statements;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use serde::Deserialize;
use tokio::time::timeout;
use weft_clients::mysql::{Answer, Decimals, LargeNumbers, Server, Session, Shape, Statement};
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
pub struct MySql;

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
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the form")]
struct Options {
    query_replacement: Field,
    query_batching: Batching,
    output_columns: Field,
    select_distinct: bool,
    large_numbers_output: Numbers,
    decimal_numbers: bool,
    detailed_output: bool,
    priority: Priority,
    skip_on_conflict: bool,
    replace_empty_strings: EmptyTexts,
    connection_timeout: Option<f64>,
    query_timeout: Option<f64>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Numbers {
    #[default]
    Numbers,
    Text,
}

/// When rows are inserted while others read the table.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
enum Priority {
    #[default]
    #[serde(rename = "")]
    AsTheServerSays,
    #[serde(rename = "LOW_PRIORITY")]
    Low,
    #[serde(rename = "HIGH_PRIORITY")]
    High,
}

impl NodeKind for MySql {
    fn descriptor(&self) -> &'static Descriptor {
        &form::DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.mySql"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        Ok(import::import(node))
    }
}

impl ActionKind for MySql {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(prepared(given)?))
    }
}

fn prepared(given: &Value) -> Result<Parameters, Vec<Problem>> {
    parameters_with(&form::DESCRIPTOR, given, split_replacement)
}

/// What becomes of an answer.
#[derive(Clone, Copy)]
enum Detail {
    /// Its rows.
    Rows,
    /// The statement and all that the server said.
    Everything,
}

/// A connection, and what it is asked with.
struct Asking {
    session: Session,
    budget: Budget,
    shape: Shape,
    detail: Detail,
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
        let server = server(&remote::opened(&step, services, self.credential, &["mysql"]).await?)?;
        let dialer = remote::dialer(services)?;
        let connect = remote::seconds(self.options.connection_timeout, remote::CONNECT);
        let failed = |failure: &Failure| remote::failed(failure, self.retried(), step.room);
        let session = Session::open(&dialer, &server, connect).await.map_err(remote::not_opened(step.room))?;
        let stopper = session.stopper();
        let budget = Budget::new(remote::MOST_ROWS, step.room.left());
        let mut asking = Asking { session, budget, shape: self.shape(), detail: self.detail() };
        let limit = remote::seconds(self.options.query_timeout, remote::ANSWER);
        let Ok(outputs) = timeout(limit, self.ask(&step, &mut asking)).await else {
            stopper.stop(&dialer, &server).await;
            return Err(failed(&Failure::Timeout { server: "MySQL", limit }));
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
    fn shape(&self) -> Shape {
        let large = match self.options.large_numbers_output {
            Numbers::Numbers => LargeNumbers::WhereExact,
            Numbers::Text => LargeNumbers::Text,
        };
        Shape { large, decimals: if self.options.decimal_numbers { Decimals::Number } else { Decimals::Text } }
    }

    fn detail(&self) -> Detail {
        if self.options.detailed_output { Detail::Everything } else { Detail::Rows }
    }

    async fn ask(&self, step: &StepView, asking: &mut Asking) -> Result<Outputs, ActFailure> {
        let mut outputs = Collected::default();
        let mut statements = Vec::new();
        for index in 0..step.input(0).len() {
            match self.statements(step, index) {
                Ok(several) => statements.push((index, several)),
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
    /// What one item asks for: a query with values may be several statements.
    type Statement = Vec<Statement>;

    async fn alone(&mut self, statements: &Vec<Statement>) -> Result<Vec<Object>, Failure> {
        let mut came = Vec::new();
        for statement in statements {
            let answers = self.session.execute(statement, self.shape, &mut self.budget).await?;
            came.extend(answers.into_iter().map(|answer| (statement, answer)));
        }
        Ok(match self.detail {
            Detail::Everything => came.into_iter().map(|(statement, answer)| detailed(statement, answer)).collect(),
            // A procedure and a text of several statements say of each that it is done; only rows are of interest then.
            Detail::Rows if came.iter().all(|(_, answer)| answer.rows.is_none()) => vec![success()],
            Detail::Rows => came.into_iter().flat_map(|(_, answer)| answer.rows.unwrap_or_default()).collect(),
        })
    }

    async fn together(&mut self, statements: &[(usize, Vec<Statement>)]) -> Result<Vec<Vec<Object>>, (usize, Failure)> {
        let mut made = Vec::with_capacity(statements.len());
        self.say("START TRANSACTION").await.map_err(|failure| (0, failure))?;
        for (place, (_, several)) in statements.iter().enumerate() {
            // Whatever fails closes the session, which takes back what it had begun.
            made.push(self.alone(several).await.map_err(|failure| (place, failure))?);
        }
        self.say("COMMIT").await.map_err(|failure| (0, failure))?;
        Ok(made)
    }
}

impl Asking {
    async fn say(&mut self, statement: &str) -> Result<(), Failure> {
        self.session.execute(&statement.into(), self.shape, &mut self.budget).await.map(|_| ())
    }
}

fn detailed(statement: &Statement, answer: Answer) -> Object {
    let data: Value = match answer.rows {
        Some(rows) => rows.into_iter().map(Value::from).collect::<Vec<_>>().into(),
        None => done(&answer.done).into(),
    };
    [("sql", Value::from(statement.sql.as_str())), ("data", data)].into_iter().collect()
}

#[expect(clippy::cast_precision_loss, reason = "the numbers that JavaScript shows have the same precision")]
fn done(done: &weft_clients::mysql::Done) -> Object {
    [
        ("affectedRows", Value::Number(done.affected_rows as f64)),
        ("insertId", Value::Number(done.insert_id as f64)),
        ("info", done.info.as_str().into()),
        ("warningStatus", Value::Number(done.warnings.into())),
    ]
    .into_iter()
    .collect()
}
