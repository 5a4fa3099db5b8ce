//! Beginning an execution.

use std::time::Duration;

use thiserror::Error;
use weft_event_log::{AppendError, Companion};
use weft_model::execution::{ExecutedVersion, ExecutionMode, Partial, StepError};
use weft_model::{Actor, CorrelationId, ExecutionId, NodeId, Position, TenantId, WorkflowId};
use weft_value::{Item, MAX_DEPTH};

use super::Engine;
use super::launch::Launch;
use crate::execution::Lost;
use crate::files::StepFiles;
use crate::plan::{Plan, PlanStep};
use crate::{Answer, DefinitionFault, Filled, Form, FormCall, HookCall, Respond, Trigger, Webhook};

/// What is to be executed, and for whom.
#[derive(Clone, Debug)]
pub struct StartExecution {
    /// The tenant.
    pub tenant: TenantId,
    /// The workflow.
    pub workflow: WorkflowId,
    /// The version.
    pub version: ExecutedVersion,
    /// Who asks.
    pub mode: ExecutionMode,
    /// The node that starts it.
    pub trigger: NodeId,
    /// The items of that node.
    pub items: Vec<Item>,
    /// The output of that node at which they come out.
    pub output: usize,
    /// When and how the caller is answered.
    pub respond: Respond,
    /// Who caused it.
    pub actor: Actor,
    /// The request that caused it; a fresh one where there is none.
    pub correlation: Option<CorrelationId>,
    /// The identity it shall have; a fresh one where there is none.
    pub execution: Option<ExecutionId>,
    /// Makes it happen once per key.
    pub idempotency_key: Option<String>,
    /// The execution that this one repeats.
    pub retry_of: Option<ExecutionId>,
    /// How much of the graph is executed, where that is not all of it; what it reuses has no say where items are given.
    pub partial: Option<Partial>,
    /// What else must become true with its first event.
    pub companions: Vec<Companion>,
    /// What its trigger failed with, so that there is nothing to begin with: it is recorded, and ends by that.
    pub failed: Option<Box<StepError>>,
}

impl StartExecution {
    /// An execution that nobody waits for, caused by the platform.
    pub fn new(tenant: TenantId, workflow: WorkflowId, version: ExecutedVersion, trigger: NodeId) -> Self {
        Self {
            tenant,
            workflow,
            version,
            mode: ExecutionMode::Production,
            trigger,
            items: Vec::new(),
            output: 0,
            respond: Respond::Nothing,
            actor: Actor::System,
            correlation: None,
            execution: None,
            idempotency_key: None,
            retry_of: None,
            partial: None,
            companions: Vec::new(),
            failed: None,
        }
    }
}

/// An execution that is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// Its identity.
    pub execution: ExecutionId,
    /// The position of its newest event.
    pub position: Position,
    /// What the caller of a webhook gets.
    pub answer: Option<Answer>,
}

/// Why a version cannot be compiled.
#[derive(Debug, Error)]
pub enum CompileError {
    /// Nobody knows it.
    #[error("There is no such version of this workflow.")]
    Unknown,
    /// Definitions cannot be had now.
    #[error(transparent)]
    Definition(#[from] DefinitionFault),
}

/// Why no execution was begun, or what became of it is not known here.
#[derive(Debug, Error)]
pub enum StartError {
    /// Too much is under way already.
    #[error("Too many executions are under way. Try again in a moment.")]
    Overloaded {
        /// When.
        retry_after: Duration,
    },
    /// The process ends and takes nothing on.
    #[error("The server is shutting down. Try again in a moment.")]
    Stopping,
    /// The workflow, or this version of it, does not exist.
    #[error("There is no such version of this workflow.")]
    UnknownWorkflow,
    /// The node cannot start it.
    #[error("This node cannot start the workflow.")]
    UnknownTrigger,
    /// The execution shall end at a node that its trigger does not lead to.
    #[error("No path leads from this trigger to that node.")]
    NoPath,
    /// What the execution shall reuse is not there.
    #[error(
        "The execution whose items should be used again is not there any longer. Execute the workflow from its trigger."
    )]
    NotReusable,
    /// What it should start with is nested too deeply.
    #[error("The data is nested more than {MAX_DEPTH} levels deep. Make it flatter, or send the part that matters.")]
    TooDeep,
    /// An execution with this idempotency key exists.
    #[error("This call was made before.")]
    Duplicate {
        /// That execution.
        execution: ExecutionId,
    },
    /// Another process has the execution, or a person ended it; what became of it is in the log.
    #[error("The execution is no longer in this process. Look at it in the list of executions.")]
    Lost,
    /// The log does not answer: the execution has begun or may still begin.
    #[error(
        "The database does not answer, and the execution may have begun. Look at the list of executions before you try again."
    )]
    InDoubt,
    /// The log cannot be reached; nothing was begun.
    #[error("The execution cannot be recorded now. Try again in a moment.")]
    Unavailable,
    /// The log says no.
    #[error("The execution cannot be recorded.")]
    Refused(#[source] Box<AppendError>),
    /// A call that its trigger can make nothing of.
    #[error("{0}")]
    NotUnderstood(&'static str),
    /// The webhook's condition does not hold for this call: it is answered, and nothing begins.
    #[error("Nothing begins for this call.")]
    Unwanted(Box<Answer>),
    /// A file that the execution begins with cannot be kept.
    #[error("{0}")]
    Files(String),
    /// Definitions cannot be had now.
    #[error(transparent)]
    Definition(#[from] DefinitionFault),
}

impl From<CompileError> for StartError {
    fn from(error: CompileError) -> Self {
        match error {
            CompileError::Unknown => Self::UnknownWorkflow,
            CompileError::Definition(fault) => Self::Definition(fault),
        }
    }
}

impl StartError {
    /// What a caller is told of an execution that was lost on the way.
    pub(crate) fn of(lost: &Lost, may_have_begun: bool) -> Self {
        match lost {
            Lost::Fenced => Self::Lost,
            Lost::Stopping | Lost::Refused(_) if may_have_begun => Self::Lost,
            Lost::Stopping => Self::Stopping,
            Lost::Refused(AppendError::Duplicate { stream, .. }) => {
                Self::Duplicate { execution: ExecutionId(stream.0) }
            }
            Lost::Refused(AppendError::Overloaded) => Self::Overloaded { retry_after: Duration::from_secs(1) },
            Lost::Refused(AppendError::TooLarge { what, size, limit }) => {
                Self::Refused(Box::new(AppendError::TooLarge { what, size: *size, limit: *limit }))
            }
            Lost::Refused(_) => Self::Unavailable,
        }
    }
}

impl Engine {
    /// Begins an execution. Comes back when what the caller waits for is durable: that it is recorded, or its answer. Dropping
    /// the future gives up the answer, not the execution.
    pub async fn start(&self, mut request: StartExecution) -> Result<Started, StartError> {
        if self.0.closing.is_cancelled() {
            return Err(StartError::Stopping);
        }
        let retry_after = self.0.settings.retry_after;
        let ticket = self.0.admission.admit(request.tenant).ok_or(StartError::Overloaded { retry_after })?;
        let plan = self.0.plan(request.tenant, request.workflow, request.version).await?;
        let reusable = self.0.part_of(&mut request, &plan).await?;
        self.0.try_out(&mut request, &plan).await?;
        self.launch(Launch { request, plan, asked: None, reusable }, ticket).await
    }

    /// Begins an execution of the form node `request.trigger` with what was filled in; comes back when its page may say so.
    pub async fn submit_form(
        &self,
        mut request: StartExecution,
        form: &Form,
        filled: Filled,
        call: &FormCall,
    ) -> Result<Started, StartError> {
        let plan = self.0.plan(request.tenant, request.workflow, request.version).await?;
        let settings = self.0.definitions.tenant(request.tenant).await?;
        let zone = plan.time_zone.as_ref().unwrap_or(&settings.time_zone);
        request.items = vec![form.item(filled, self.0.clock.now(), zone, call)];
        // Whoever is led to further pages waits for those, not for the end.
        request.respond = if plan.leads_to_pages(request.trigger) { Respond::Nothing } else { form.respond() };
        self.start(request).await
    }

    /// The files of a tenant: whoever receives a call keeps there what comes with it.
    pub fn files(&self, tenant: TenantId) -> StepFiles {
        StepFiles::new(tenant, self.0.services.files.clone())
    }

    /// Begins an execution of the webhook node `request.trigger`, answered as that node says.
    pub async fn call_webhook(&self, mut request: StartExecution, call: HookCall) -> Result<Started, StartError> {
        let plan = self.0.plan(request.tenant, request.workflow, request.version).await?;
        let webhook = webhook_of(&plan, request.trigger).ok_or(StartError::UnknownTrigger)?;
        request.respond = webhook.respond();
        request.output = webhook.output_of(&call.method);
        let item = webhook.item(call).map_err(StartError::NotUnderstood)?;
        let settings = self.0.definitions.tenant(request.tenant).await?;
        let zone = plan.time_zone.as_ref().unwrap_or(&settings.time_zone);
        if !webhook.wants(&item, self.0.clock.now(), zone) {
            return Err(StartError::Unwanted(Box::new(webhook.unwanted())));
        }
        request.items = vec![item];
        self.start(request).await
    }
}

fn webhook_of(plan: &Plan, trigger: NodeId) -> Option<&Webhook> {
    match &plan.node(trigger).filter(|node| !node.disabled)?.step {
        PlanStep::Trigger(Trigger::Webhook(webhook)) => Some(webhook),
        PlanStep::Trigger(
            Trigger::Manual
            | Trigger::Schedule(_)
            | Trigger::Called(_)
            | Trigger::Failure
            | Trigger::Form(_)
            | Trigger::Poll(_),
        )
        | PlanStep::Transform(_)
        | PlanStep::Action(_)
        | PlanStep::Broken(_) => None,
    }
}
