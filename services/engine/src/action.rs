//! What kinds that act, and kinds that start executions, implement beside [`NodeKind`].

use std::sync::Arc;

use async_trait::async_trait;
use serde::Serialize;
use weft_code_runner_client::Runner;
use weft_connectors::{HttpClient, HttpSettings};
use weft_event_log::{Files, Seen};
use weft_nodes::{NodeError, NodeKind, Outputs, Problem, Retried};
use weft_value::{Object, Value};

use crate::Answer;
use crate::credentials::Credentials;
use crate::execution::{List, StepView, WaitFor};
use crate::kinds::{execute_workflow_trigger, form_trigger, schedule_trigger, webhook};
use crate::poll::Poll;
use crate::tokens::Tokens;

/// A kind that does something else than transforming items.
pub trait ActionKind: NodeKind {
    /// The node, checked and compiled.
    fn prepare(&self, parameters: &Value) -> Result<Box<dyn Action>, Vec<Problem>>;
}

/// A node of an acting kind, compiled.
#[async_trait]
pub trait Action: Send + Sync {
    /// How a step is repeated. One that is [`Retried::Pure`] is recorded as begun once it has been at work for a second, any other
    /// before it begins.
    fn retried(&self) -> Retried;

    /// Whether it may ask for what earlier executions kept.
    fn keeps(&self) -> bool {
        false
    }

    /// One step: all items of the inputs at once.
    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure>;
}

/// A kind that starts executions.
pub trait TriggerKind: NodeKind {
    /// The node, checked and compiled.
    fn prepare(&self, parameters: &Value) -> Result<Trigger, Vec<Problem>>;
}

/// What starts executions.
pub enum Trigger {
    /// A person.
    Manual,
    /// A call.
    Webhook(Box<webhook::Webhook>),
    /// The time.
    Schedule(Box<schedule_trigger::Schedule>),
    /// Another workflow.
    Called(Box<execute_workflow_trigger::Called>),
    /// The failure of an execution.
    Failure,
    /// A page that somebody fills in.
    Form(Box<form_trigger::Form>),
    /// Something new that it looks for at its times.
    Poll(Box<dyn Poll>),
}

/// What actions act through.
#[derive(Clone, Default)]
pub struct Services {
    /// Executes code; without it, code steps fail.
    pub runner: Option<Runner>,
    /// Calls other servers; without it, HTTP steps fail.
    pub http: Option<HttpClient>,
    /// Opens credentials; without it, steps that sign in fail.
    pub credentials: Option<Arc<dyn Credentials>>,
    /// Keeps the files that items name; without it, only small ones can be made.
    pub files: Option<Arc<dyn Files>>,
    /// Knows what nodes have seen in earlier executions; an engine asks its log.
    pub seen: Option<Arc<dyn Seen>>,
    /// Tokens that credentials were exchanged for.
    pub tokens: Tokens,
    /// `$env`: those variables of the server's environment that its operator lets every tenant see.
    pub environment: Object,
}

impl Services {
    /// This runner, and an HTTP client that reaches the internet and nothing else.
    pub fn guarded(runner: Option<Runner>) -> Self {
        let http = HttpClient::new(HttpSettings::default())
            .inspect_err(|error| {
                tracing::error!(error = error as &dyn std::error::Error, "HTTP requests cannot be made.");
            })
            .ok();
        Self { runner, http, ..Self::default() }
    }
}

/// What an action gave.
#[derive(Debug, Default)]
pub struct Acted {
    /// Its items.
    pub outputs: Outputs,
    /// The same as they stay, where they were made piece by piece: settled, and in the store of files where they are many.
    pub lists: Option<Vec<List>>,
    /// How long code of the tenant ran, in milliseconds.
    pub code_ms: Option<u64>,
    /// What its code printed.
    pub log: Vec<LogLine>,
    /// What the caller of the webhook gets.
    pub answer: Option<Answer>,
    /// Something has to happen first: these items are not the step's, and the action is executed again afterwards.
    pub wait_for: Option<WaitFor>,
    /// Hosts that it was not permitted to reach, for the audit.
    pub refused: Vec<String>,
}

impl Acted {
    /// Items and nothing else.
    pub fn outputs(outputs: Outputs) -> Self {
        Self { outputs, ..Self::default() }
    }

    /// Nothing yet.
    pub fn wait_for(what: WaitFor) -> Self {
        Self { wait_for: Some(what), ..Self::default() }
    }
}

/// One line that code printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogLine {
    /// `log`, `warn`, …
    pub level: String,
    /// The text.
    pub text: String,
}

/// Why an action gave nothing, and what it used nevertheless.
#[derive(Debug)]
pub struct ActFailure {
    /// What went wrong.
    pub error: NodeError,
    /// How long code of the tenant ran, in milliseconds.
    pub code_ms: Option<u64>,
    /// What its code printed.
    pub log: Vec<LogLine>,
    /// Hosts that it was not permitted to reach, for the audit.
    pub refused: Vec<String>,
    /// The execution ends by it, whatever the node's settings say about errors.
    pub ends_execution: bool,
}

impl ActFailure {
    /// Nothing can follow this: the execution has used up what it may.
    pub fn ending(error: NodeError) -> Self {
        Self { ends_execution: true, ..error.finally().into() }
    }
}

impl From<NodeError> for ActFailure {
    fn from(error: NodeError) -> Self {
        Self { error, code_ms: None, log: Vec::new(), refused: Vec::new(), ends_execution: false }
    }
}
