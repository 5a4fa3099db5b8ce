//! The node kinds, and what is checked with them.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;
use weft_model::workflow::Definition;
use weft_model::{NodeId, WorkflowId};
use weft_tenants::RequestContext;

use super::{Converted, Fault, Refusal};

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// It stands in the way of publishing.
    Error,
    /// It does not.
    Warning,
}

/// What is wrong with a draft, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// A word for programs.
    pub code: String,
    /// A sentence for people.
    pub message: String,
    /// The node.
    pub node: Option<NodeId>,
    /// The node's name.
    pub node_name: Option<String>,
    /// The parameter.
    pub field: Option<String>,
    /// The line in an expression, from 1.
    pub line: Option<u32>,
    /// The column in that line, from 1.
    pub column: Option<u32>,
    /// What to do.
    pub hint: Option<String>,
}

/// The node kinds, and what is checked with them.
#[async_trait]
pub trait Catalogue: Send + Sync + 'static {
    /// Every kind: the JSON of its descriptor as `weft_nodes::Descriptor` serialises it. Texts are strings, or objects with
    /// one text a language: `{"en": …, "fr": …}`.
    fn kinds(&self) -> Arc<Vec<Value>>;
    /// Every type of credential: the JSON of `weft_nodes::credential::CredentialType`, with texts as those of the kinds.
    fn credential_types(&self) -> Arc<Vec<Value>>;
    /// Everything that expressions have to offer: the JSON of `weft_expressions::Entry`.
    fn expression_entries(&self) -> Arc<Vec<Value>>;
    /// Whether nodes of this kind start workflows.
    fn is_trigger(&self, kind: &str) -> bool;
    /// Reads the one workflow in a text of any format that is known, for pasting it into another. It signs in with what this person may
    /// use of the tenant's credentials.
    async fn convert(&self, context: &RequestContext, text: &str) -> Result<Converted, Refusal>;
    /// What is wrong with a draft.
    fn problems(&self, definition: &Definition) -> Vec<Problem>;
    /// Where the webhooks of a workflow listen.
    async fn webhooks(
        &self,
        context: &RequestContext,
        workflow: WorkflowId,
        definition: &Definition,
    ) -> Result<Vec<Webhook>, Fault>;
}

/// Where a trigger node listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// The node.
    pub node: NodeId,
    /// The HTTP method.
    pub method: String,
    /// The address while the editor listens.
    pub test_url: String,
    /// The address of the published version.
    pub production_url: String,
}
