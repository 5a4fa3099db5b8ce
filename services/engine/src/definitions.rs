//! What the engine asks of whoever keeps workflows.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::tz::TimeZone;
use thiserror::Error;
use weft_model::execution::ExecutedVersion;
use weft_model::{ExecutionId, Graph, TenantId, WorkflowId};
use weft_value::Value;

use crate::ResumeAddress;

/// Where graphs and a tenant's settings come from. Called once an execution; answers should come from memory.
#[async_trait]
pub trait Definitions: Send + Sync + 'static {
    /// A version of a workflow. What a version says never changes.
    async fn definition(
        &self,
        tenant: TenantId,
        workflow: WorkflowId,
        version: ExecutedVersion,
    ) -> Result<Option<Definition>, DefinitionFault>;

    /// The version that triggers start; nothing while the workflow is not active.
    async fn active_version(&self, tenant: TenantId, workflow: WorkflowId) -> Result<Option<u32>, DefinitionFault>;

    /// The versions of a workflow that another one may execute, whether its triggers are paused or not; nothing where it does
    /// not exist or is archived.
    async fn versions(&self, tenant: TenantId, workflow: WorkflowId) -> Result<Option<Versions>, DefinitionFault>;

    /// The tenant's settings.
    async fn tenant(&self, tenant: TenantId) -> Result<Arc<TenantSettings>, DefinitionFault>;
}

/// A workflow's name and graph.
#[derive(Clone, Debug)]
pub struct Definition {
    /// Its name.
    pub name: String,
    /// Nodes, edges and settings.
    pub graph: Arc<Graph>,
}

/// Which versions of a workflow there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versions {
    /// The draft, as of this version of the workflow's stream.
    pub draft: u32,
    /// The number of the version that was published last.
    pub published: Option<u32>,
}

/// What of a tenant matters to an execution.
#[derive(Clone, Debug)]
pub struct TenantSettings {
    /// The time zone of workflows that name none.
    pub time_zone: TimeZone,
    /// How long items are kept.
    pub retention: Duration,
    /// `$vars`: an object.
    pub variables: Value,
    /// Where calls for waiting executions arrive; nothing where nobody can call.
    pub resume: Option<ResumeAddress>,
    /// Where people look at executions; nothing where there is no web app.
    pub pages: Option<ExecutionPages>,
    /// The workflow that is executed when an execution of one fails that names none itself.
    pub error_workflow: Option<WorkflowId>,
    /// How many of its executions progress at once; as many as the installation permits when missing.
    pub at_once: Option<u32>,
}

/// Where people look at executions.
#[derive(Clone)]
pub struct ExecutionPages(Arc<dyn Fn(ExecutionId) -> String + Send + Sync>);

impl ExecutionPages {
    /// The addresses that `address` gives.
    pub fn new(address: impl Fn(ExecutionId) -> String + Send + Sync + 'static) -> Self {
        Self(Arc::new(address))
    }

    /// The address of an execution's page.
    pub fn of(&self, execution: ExecutionId) -> String {
        (self.0)(execution)
    }
}

impl fmt::Debug for ExecutionPages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ExecutionPages")
    }
}

impl TenantSettings {
    /// `$execution.resumeFormUrl`.
    pub(crate) fn form_url(&self, execution: ExecutionId) -> Option<Arc<str>> {
        self.resume.as_ref().map(|address| address.form(execution).into())
    }

    /// `$execution.resumeUrl`.
    pub(crate) fn resume_url(&self, execution: ExecutionId) -> Option<Arc<str>> {
        self.resume.as_ref().map(|address| address.of(execution).into())
    }
}

impl Default for TenantSettings {
    fn default() -> Self {
        Self {
            time_zone: TimeZone::UTC,
            retention: Duration::from_hours(90 * 24),
            variables: Value::empty_object(),
            resume: None,
            pages: None,
            error_workflow: None,
            at_once: None,
        }
    }
}

/// Definitions cannot be had now.
#[derive(Debug, Error)]
#[error("the definition of the workflow could not be read")]
pub struct DefinitionFault(#[source] pub Box<dyn std::error::Error + Send + Sync>);
