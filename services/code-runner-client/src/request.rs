//! What one step asks for.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use serde::Serialize;
use uuid::Uuid;
use weft_code_runner_protocol::{Mode, Query, Refusal};
use weft_value::{Item, Value};

/// One execution of the code of a step.
#[derive(Clone)]
pub struct CodeRequest {
    /// Whose code it is: a process never serves two tenants.
    pub tenant: Uuid,
    /// The code as its author wrote it: the body of an async function.
    pub code: Arc<str>,
    /// Once for all items, or once for each, in today's dialect or an old one.
    pub mode: Mode,
    /// Whether code that runs once for each item goes on with the next one when one has failed.
    pub carries_on: bool,
    /// The items at the step's input.
    pub items: Arc<Vec<Item>>,
    /// The names beside the items: `$now`, `$vars`, …
    pub globals: CodeGlobals,
    /// How far the step may go.
    pub limits: CodeLimits,
    /// Answers `$('Name')`, only when the code asks.
    pub host: Arc<dyn NodeLookup>,
}

impl fmt::Debug for CodeRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Neither the code nor the items: they are the tenant's.
        f.debug_struct("CodeRequest")
            .field("tenant", &self.tenant)
            .field("mode", &self.mode)
            .field("items", &self.items.len())
            .finish_non_exhaustive()
    }
}

/// One query over tables of items.
#[derive(Clone)]
pub struct SqlRequest {
    /// Whose query it is: a process never serves two tenants.
    pub tenant: Uuid,
    /// The statements as their author wrote them, in SQLite's dialect; what the last one gives comes back, a row an item.
    pub text: Arc<str>,
    /// The values of its placeholders, in their order: texts, numbers, booleans or nulls.
    pub values: Vec<Value>,
    /// What the tables `input1`, `input2`, … hold: a row an item, a column a field.
    pub tables: Vec<Arc<Vec<Item>>>,
    /// How far the query may go.
    pub limits: CodeLimits,
}

impl fmt::Debug for SqlRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqlRequest")
            .field("tenant", &self.tenant)
            .field("tables", &self.tables.len())
            .finish_non_exhaustive()
    }
}

/// The values behind the `$` names that are known before the code starts. What is left `Undefined` is undefined in the code.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CodeGlobals {
    /// `$now` in milliseconds since the Unix epoch: the recorded moment of the step, so that a replay sees the same.
    pub now: i64,
    /// The IANA name of the workflow's time zone: `$now`, `$today` and `DateTime` read it.
    pub zone: String,
    /// The recorded seed of `Math.random`.
    pub seed: u64,
    /// `$runIndex`: which time the node runs, from 0.
    #[serde(rename = "runIndex")]
    pub iteration: u32,
    /// `$vars`.
    pub vars: Value,
    /// `$env`.
    pub env: Value,
    /// `$workflow` (`id`, `name`, `active`).
    pub workflow: Value,
    /// `$execution` (`id`, `mode`, …).
    pub execution: Value,
    /// `$prevNode` (`name`, `outputIndex`, `runIndex`).
    pub prev_node: Value,
    /// `$parameter`: the parameters of the code node itself.
    pub parameter: Value,
    /// How many items came in before these: a long list may come in pieces.
    pub before: usize,
    /// The only one of the items to execute the block of an expression for, where it is not for all.
    pub only: Option<usize>,
    /// In blocks of expressions, the methods that the parent knows for JavaScript's own values: lists of names, by type.
    pub methods: Value,
}

/// How far one step may go; what a whole process may use stands in [`RunnerSettings`](crate::RunnerSettings).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeLimits {
    /// From the first byte sent to the last byte received, waiting included.
    pub wall: Duration,
    /// Processor time of the runner.
    pub cpu: Duration,
    /// JSON that may come back.
    pub output_bytes: usize,
    /// Text of `console.*` that is kept; what is beyond is dropped, with a note.
    pub log_bytes: usize,
}

impl Default for CodeLimits {
    fn default() -> Self {
        Self {
            wall: Duration::from_mins(1),
            cpu: Duration::from_secs(10),
            output_bytes: 32 * 1024 * 1024,
            log_bytes: 64 * 1024,
        }
    }
}

/// What code may ask of its execution.
#[async_trait]
pub trait NodeLookup: Send + Sync + 'static {
    /// The answer to `query`, about the node named `node` where it is about one; its JSON is handed to the code. A refusal becomes an exception that
    /// the code may catch.
    async fn look_up(&self, node: &str, query: &Query) -> Result<Value, Refusal>;
}

/// An execution without other nodes.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoNodes;

#[async_trait]
impl NodeLookup for NoNodes {
    async fn look_up(&self, node: &str, query: &Query) -> Result<Value, Refusal> {
        match query {
            Query::Kept { .. } => Ok(Value::empty_object()),
            Query::Keep { .. } => Ok(Value::Null),
            Query::Evaluate { .. } => Err(Refusal { message: "Nothing can be evaluated here.".to_owned() }),
            Query::Items { .. } | Query::Linked { .. } | Query::Parameters | Query::Executed => {
                Err(Refusal { message: format!("There is no node named \"{node}\".") })
            }
        }
    }
}
