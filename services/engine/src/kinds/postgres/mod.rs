//! **Postgres**: asks a PostgreSQL database, once for each item.
//!
//! before: `[{"id":7}]` · after `select * from orders where id = $1`: `[{"id":7,"total":12.5}]`

mod form;
mod import;
mod statements;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

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
use weft_value::{Item, Object};
use zeroize::Zeroizing;

use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::credentials;
use crate::execution::StepView;
use crate::remote;
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Operation {
    Select,
    Insert,
    Upsert,
    Update,
    DeleteTable,
    ExecuteQuery,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum DataMode {
    #[default]
    AutoMapInputData,
    DefineBelow,
}

#[derive(Deserialize)]
struct Listed<T> {
    #[serde(default = "Vec::new")]
    values: Vec<T>,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self { values: Vec::new() }
    }
}

#[derive(Deserialize)]
struct ColumnValue {
    #[serde(default)]
    column: Field,
    #[serde(default)]
    value: Field,
}

#[derive(Deserialize)]
struct Condition {
    #[serde(default)]
    column: Field,
    #[serde(default, rename = "condition")]
    comparison: Comparison,
    #[serde(default)]
    value: Field,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
enum Comparison {
    #[default]
    #[serde(rename = "equal")]
    Equal,
    #[serde(rename = "!=")]
    NotEqual,
    #[serde(rename = "LIKE")]
    Like,
    #[serde(rename = ">")]
    Greater,
    #[serde(rename = "<")]
    Less,
    #[serde(rename = ">=")]
    GreaterOrEqual,
    #[serde(rename = "<=")]
    LessOrEqual,
    #[serde(rename = "IS NULL")]
    IsNull,
    #[serde(rename = "IS NOT NULL")]
    IsNotNull,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
enum Combine {
    #[default]
    #[serde(rename = "AND")]
    And,
    #[serde(rename = "OR")]
    Or,
}

#[derive(Deserialize)]
struct SortBy {
    #[serde(default)]
    column: Field,
    #[serde(default)]
    direction: Direction,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
enum Direction {
    #[default]
    #[serde(rename = "ASC")]
    Ascending,
    #[serde(rename = "DESC")]
    Descending,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum DeleteCommand {
    #[default]
    Truncate,
    Delete,
    Drop,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Batching {
    #[default]
    Single,
    Independently,
    Transaction,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    query_replacement: Field,
    query_batching: Batching,
    output_columns: Field,
    large_numbers_output: Numbers,
    skip_on_conflict: bool,
    replace_empty_strings: bool,
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
    parameters_with(&form::DESCRIPTOR, given, statements::split_replacement)
}

/// A connection, and what it is asked with.
struct Asking<'a> {
    dialer: &'a Dialer,
    server: &'a Server,
    session: Session,
    budget: Budget,
    numbers: LargeNumbers,
}

/// What came of the statements: of each what it gave, or why all of them gave nothing and at which.
type Came = Result<Vec<Answer>, (usize, Failure)>;

#[async_trait]
impl Action for Parameters {
    /// What sets the same values again changes nothing. What a written query does is not known.
    fn retried(&self) -> Retried {
        match self.operation {
            Operation::Select | Operation::Upsert | Operation::Update | Operation::DeleteTable => Retried::Idempotent,
            Operation::Insert | Operation::ExecuteQuery => Retried::AtMostOnce,
        }
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        if step.input(0).is_empty() {
            return Ok(Acted::outputs(Outputs::one(Vec::new())));
        }
        let server = self.server(&step, services).await?;
        let dialer = remote::dialer(services)?;
        let connect = seconds(self.options.connection_timeout, remote::CONNECT);
        let failed = |failure: &Failure| remote::failed(failure, self.retried(), step.room);
        let session = Session::open(&dialer, &server, connect).await.map_err(|failure| failed(&failure))?;
        let budget = Budget::new(remote::MOST_ROWS, step.room.left());
        let numbers = match self.options.large_numbers_output {
            Numbers::Text => LargeNumbers::Text,
            Numbers::Numbers => LargeNumbers::Number,
        };
        let mut asking = Asking { dialer: &dialer, server: &server, session, budget, numbers };
        let limit = seconds(self.options.query_timeout, remote::ANSWER);
        let stopper = asking.session.stopper();
        let Ok(outputs) = timeout(limit, self.ask(&step, &mut asking)).await else {
            stopper.stop(asking.dialer, asking.server).await;
            return Err(failed(&Failure::Timeout { server: "PostgreSQL", limit }));
        };
        asking.session.close().await;
        outputs.map(Acted::outputs)
    }
}

fn seconds(given: Option<f64>, otherwise: Duration) -> Duration {
    given.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()).unwrap_or(otherwise)
}

impl Parameters {
    async fn server(&self, step: &StepView, services: &Services) -> Result<Server, NodeError> {
        let opened = remote::opened(step, services, self.credential, "postgres").await?;
        Ok(Server {
            host: opened.field("host").to_owned(),
            port: remote::port(&opened)?,
            database: opened.field("database").to_owned(),
            user: opened.field("user").to_owned(),
            password: Zeroizing::new(opened.field("password").to_owned()),
            tls: remote::tls(&opened),
        })
    }

    async fn ask(&self, step: &StepView, asking: &mut Asking<'_>) -> Result<Outputs, ActFailure> {
        let mut tables = Tables::default();
        let mut outputs = Collected::default();
        let mut statements = Vec::new();
        for index in 0..step.input(0).len() {
            match self.statement(step, index, &mut tables, asking).await {
                Ok(statement) => statements.push((index, statement)),
                Err(failure) if step.carries_on() && !failure.ends_execution => {
                    outputs.fail(step, index, &failure.error);
                }
                Err(failure) => return Err(failure),
            }
        }
        if self.options.query_batching == Batching::Independently {
            self.each(step, asking, statements, &mut outputs).await?;
        } else {
            self.together(step, asking, &statements, &mut outputs).await?;
        }
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

    /// One after the other; what fails takes nothing back.
    async fn each(
        &self,
        step: &StepView,
        asking: &mut Asking<'_>,
        statements: Vec<(usize, String)>,
        outputs: &mut Collected,
    ) -> Result<(), ActFailure> {
        for (done, (index, statement)) in statements.into_iter().enumerate() {
            let came = asking.session.execute(&[statement], asking.numbers, &mut asking.budget).await;
            match came {
                Ok(answers) => outputs.take(self, index, answers),
                Err((_, failure)) => {
                    let mut failure_of_step = remote::failed(&failure, self.retried(), step.room);
                    // Another attempt would do once more what the items before it did.
                    failure_of_step.error.is_final |= done > 0 && self.retried() == Retried::AtMostOnce;
                    let goes_on = step.carries_on() && matches!(failure, Failure::Refused(_));
                    if !goes_on {
                        failure_of_step.error = failure_of_step.error.at_item(index);
                        return Err(failure_of_step);
                    }
                    outputs.fail(step, index, &failure_of_step.error);
                }
            }
        }
        Ok(())
    }

    /// All of them or none.
    async fn together(
        &self,
        step: &StepView,
        asking: &mut Asking<'_>,
        statements: &[(usize, String)],
        outputs: &mut Collected,
    ) -> Result<(), ActFailure> {
        let came = match statements {
            [] => return Ok(()),
            // Some statements, such as VACUUM, refuse to stand in a transaction.
            [(_, one)] if self.options.query_batching == Batching::Single => {
                asking.session.execute(std::slice::from_ref(one), asking.numbers, &mut asking.budget).await
            }
            several => asking.transaction(several).await,
        };
        match came {
            Ok(answers) => {
                for ((index, _), answer) in statements.iter().zip(answers) {
                    outputs.take(self, *index, vec![answer]);
                }
                Ok(())
            }
            Err((place, failure)) => {
                let index = statements.get(place).map_or(0, |(index, _)| *index);
                let mut failed = remote::failed(&failure, self.retried(), step.room);
                failed.error = failed.error.at_item(index);
                if !step.carries_on() || !matches!(failure, Failure::Refused(_)) {
                    return Err(failed);
                }
                for (other, _) in statements {
                    let taken_back = || {
                        let message = format!("It was taken back, since item {index} failed: {}", failed.error.message);
                        NodeError::new("taken_back", message)
                    };
                    let error = if *other == index { failed.error.clone() } else { taken_back() };
                    outputs.fail(step, *other, &error);
                }
                Ok(())
            }
        }
    }
}

impl Asking<'_> {
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

/// What a step gives.
#[derive(Default)]
struct Collected {
    made: Vec<Item>,
    failed: Vec<Item>,
}

impl Collected {
    /// The rows of an item; of what gives none by its nature, that it succeeded.
    fn take(&mut self, parameters: &Parameters, index: usize, answers: Vec<Answer>) {
        for answer in answers {
            let says_so =
                !answer.gives_rows && matches!(parameters.operation, Operation::ExecuteQuery | Operation::DeleteTable);
            if says_so {
                let success: Object = [("success", true)].into_iter().collect();
                self.made.push(Item::new(success).paired_with(index));
            }
            self.made.extend(answer.rows.into_iter().map(|row| Item::new(row).paired_with(index)));
        }
    }

    fn fail(&mut self, step: &StepView, index: usize, error: &NodeError) {
        self.failed.push(error.clone().at_item(index).to_item(step.input(0).get(index)));
    }
}

impl From<Collected> for Outputs {
    fn from(collected: Collected) -> Self {
        Outputs { failed: collected.failed, ..Outputs::one(collected.made) }
    }
}
