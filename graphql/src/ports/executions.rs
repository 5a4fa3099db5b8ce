//! The engine.

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::Value;
use weft_model::execution::Partial;
use weft_model::{ExecutionId, NodeId, WorkflowId};
use weft_tenants::RequestContext;

use super::{Outcome, Problem, Refusal};

/// The engine.
#[async_trait]
pub trait Executions: Send + Sync + 'static {
    /// Starts the draft by hand. The items are a JSON list; one empty item when missing.
    async fn execute(&self, context: &RequestContext, execute: Execute) -> Outcome<ExecutionId>;
    /// Waits for one call of the draft's webhook at its test address.
    async fn listen_for_webhook(
        &self,
        context: &RequestContext,
        workflow: WorkflowId,
        node: NodeId,
    ) -> Result<Listening, Refusal>;
    /// Ends an execution.
    async fn cancel(&self, context: &RequestContext, execution: ExecutionId) -> Outcome<()>;
    /// Executes what an earlier execution executed, with the same items, as a new one.
    async fn retry(&self, context: &RequestContext, execution: ExecutionId) -> Outcome<ExecutionId>;
    /// Evaluates a parameter as the node would see it. An expression that fails is a value of this function, not a fault.
    async fn preview(&self, context: &RequestContext, preview: Preview) -> Result<Previewed, Refusal>;
}

/// A start by hand.
#[derive(Clone, Debug, PartialEq)]
pub struct Execute {
    /// Which workflow.
    pub workflow: WorkflowId,
    /// Which trigger; the only one when missing.
    pub trigger: Option<NodeId>,
    /// How much of it, where that is not all.
    pub partial: Option<Partial>,
    /// The items to begin with, a JSON list.
    pub items: Option<Value>,
}

/// A test address that is being listened at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listening {
    /// The address.
    pub test_url: String,
    /// When listening ends by itself.
    pub until: Timestamp,
}

/// An expression and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// In which workflow's draft.
    pub workflow: WorkflowId,
    /// In which node.
    pub node: NodeId,
    /// The parameter as it is written, with its leading `=`.
    pub expression: String,
    /// With the items of which execution.
    pub execution: Option<ExecutionId>,
    /// With which item.
    pub item: u32,
}

/// A block of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpressionBlock {
    /// It, with its braces; of a long one the beginning.
    pub source: String,
    /// The line that it begins on, from 1.
    pub line: u32,
    /// Where on the line, from 1.
    pub column: u32,
}

/// What an expression gave.
#[derive(Clone, Debug, PartialEq)]
pub enum Previewed {
    /// A value, and the blocks among text or other blocks for which there is nothing in it.
    Value(Value, Vec<ExpressionBlock>),
    /// `undefined`.
    Undefined,
    /// It failed.
    Failed(Problem),
}
