//! Failures that another workflow is told of.
//!
//! The append that says that an execution failed sets a timer which is due at once; the execution of the error workflow has an
//! identity made of the failed one's and uses the timer up in its first append. So it begins exactly once, whoever fires the timer
//! and however often. The failure of an error workflow is told nobody, nor is that of anything that it executes.

use weft_event_log::{Companion, Timer};
use weft_model::execution::{ExecutedVersion, ExecutionMode, Parent, StepError};
use weft_model::{ErrorWorkflow, ExecutionId, NodeId, TenantId, WorkflowId};
use weft_value::Item;

use super::calls::MOST_ABOVE;
use super::{CompileError, Engine, Inner, StartError, StartExecution};
use crate::clock::derived_id;
use crate::execution::{End, Past, PastError};
use crate::kinds::error_trigger::{self, Failure};
use crate::plan::{Plan, PlanStep};
use crate::{DefinitionFault, TenantSettings, Trigger};

/// Whose failure it would be.
pub(super) struct Failing {
    pub(super) workflow: WorkflowId,
    pub(super) mode: ExecutionMode,
    pub(super) trigger: NodeId,
    pub(super) parent: Option<Parent>,
}

impl Failing {
    pub(super) fn of(past: &Past) -> Self {
        Self { workflow: past.workflow, mode: past.mode, trigger: past.trigger, parent: past.parent }
    }
}

/// The workflow that is told of a failure: only of what is published, and not where an Error trigger began it. The tenant's is told
/// of an execution that another one waits for when that one fails by it.
pub(super) fn told_of(plan: Option<&Plan>, failing: &Failing, tenant: &TenantSettings) -> Option<WorkflowId> {
    let began = plan.and_then(|plan| plan.node(failing.trigger));
    let is_told = began.is_some_and(|node| matches!(node.step, PlanStep::Trigger(Trigger::Failure)));
    if failing.mode != ExecutionMode::Production || is_told {
        return None;
    }
    match plan.map_or(ErrorWorkflow::Default, |plan| plan.error_workflow) {
        ErrorWorkflow::Nothing => None,
        ErrorWorkflow::Workflow(workflow) => Some(workflow),
        ErrorWorkflow::Default if plan.is_some_and(|plan| plan.error_trigger().is_some()) => Some(failing.workflow),
        ErrorWorkflow::Default => {
            let is_awaited = failing.parent.is_some_and(|parent| parent.signal.is_some());
            tenant.error_workflow.filter(|_| !is_awaited)
        }
    }
}

impl Inner {
    /// The workflow that is told of the failure of an execution that is not in memory.
    pub(super) async fn told_of(&self, tenant: TenantId, past: &Past) -> Result<Option<WorkflowId>, DefinitionFault> {
        let settings = self.definitions.tenant(tenant).await?;
        let plan = match self.plan(tenant, past.workflow, past.version).await {
            Ok(plan) => Some(plan),
            Err(CompileError::Unknown) => None,
            Err(CompileError::Definition(fault)) => return Err(fault),
        };
        Ok(told_of(plan.as_deref(), &Failing::of(past), &settings))
    }
}

impl Engine {
    /// Tells of a failure beside everything else: the execution that it begins may have to wait for its turn.
    pub(super) fn begin_telling(&self, tenant: TenantId, timer: Timer) {
        let Some(firing) = self.firing(timer.id) else { return };
        let engine = self.clone();
        let tell = async move {
            if let Err(error) = engine.tell_failure(tenant, &timer).await {
                tracing::warn!(
                    tenant.id = %tenant,
                    execution.id = %timer.stream,
                    error = &error as &dyn std::error::Error,
                    "An error workflow could not be executed; it is tried again."
                );
            }
            drop(firing);
        };
        self.0.tasks.spawn_on(tell, &self.0.runtime);
    }

    async fn tell_failure(&self, tenant: TenantId, timer: &Timer) -> Result<(), TellFault> {
        let failed = ExecutionId(timer.stream.0);
        let request = match self.error_execution(tenant, timer).await? {
            Ok(request) => request,
            Err(reason) => {
                tracing::warn!(tenant.id = %tenant, execution.id = %failed, "No error workflow is executed: {reason}");
                self.0.discard(tenant, timer).await;
                return Ok(());
            }
        };
        match self.start(request).await {
            // Another process began it.
            Ok(_) | Err(StartError::Lost | StartError::Duplicate { .. }) => Ok(()),
            Err(error @ (StartError::UnknownTrigger | StartError::UnknownWorkflow | StartError::Refused(_))) => {
                self.0.discard(tenant, timer).await;
                Err(error.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// What is to be executed, or why nothing is.
    async fn error_execution(
        &self,
        tenant: TenantId,
        timer: &Timer,
    ) -> Result<Result<StartExecution, &'static str>, TellFault> {
        let failed = ExecutionId(timer.stream.0);
        let named = |name: &str| timer.data.get(name)?.as_str()?.parse::<uuid::Uuid>().ok();
        let (Some(told), Some(past)) =
            (named("workflow").map(WorkflowId), Past::outline(&*self.0.log, tenant, failed).await?)
        else {
            return Ok(Err("what failed is not recorded."));
        };
        let Some(End::Failed(error)) = &past.ended else { return Ok(Err("the execution did not fail.")) };
        if self.is_below_error_workflow(tenant, &past).await? {
            return Ok(Err("it was an error workflow that failed, or one that it executed."));
        }
        let Some(number) = self.0.definitions.versions(tenant, told).await?.and_then(|versions| versions.published)
        else {
            return Ok(Err("it does not exist or was never published."));
        };
        let version = ExecutedVersion::Published(number);
        let plan = self.0.plan(tenant, told, version).await?;
        if !plan.callers.admit(past.workflow, told) {
            return Ok(Err("its settings say that this workflow may not execute it."));
        }
        let Some(trigger) = plan.error_trigger() else { return Ok(Err("it has no Error trigger.")) };
        let item = self.told_item(tenant, &past, error, named("lastNode").map(NodeId)).await?;
        Ok(Ok(StartExecution {
            items: vec![item],
            execution: Some(ExecutionId(derived_id("failure", &[failed.0.as_bytes()]))),
            correlation: Some(past.correlation),
            companions: vec![Companion::FireTimer { id: timer.id, due_at: timer.due_at }],
            ..StartExecution::new(tenant, told, version, trigger)
        }))
    }

    /// Whether an Error trigger began the execution, or one that stands above it.
    async fn is_below_error_workflow(&self, tenant: TenantId, past: &Past) -> Result<bool, PastError> {
        let (mut kind, mut parent) = (past.trigger_kind.clone(), past.parent);
        for _ in 0..=MOST_ABOVE {
            if error_trigger::is_kind(&kind) {
                return Ok(true);
            }
            let Some(above) = parent else { return Ok(false) };
            let Some(past) = Past::beginning(&*self.0.log, tenant, above.execution).await? else { return Ok(false) };
            (kind, parent) = (past.trigger_kind, past.parent);
        }
        Ok(false)
    }

    async fn told_item(
        &self,
        tenant: TenantId,
        past: &Past,
        error: &StepError,
        last: Option<NodeId>,
    ) -> Result<Item, TellFault> {
        let settings = self.0.definitions.tenant(tenant).await?;
        let plan = self.0.plan(tenant, past.workflow, past.version).await.ok();
        let plan = plan.as_deref();
        let node = |id: Option<NodeId>| id.and_then(|id| plan?.node(id));
        let failure = Failure {
            execution: past.execution,
            url: settings.pages.as_ref().map(|pages| pages.of(past.execution)),
            retry_of: past.retry_of,
            error,
            node: node(error.node),
            last_node: node(last),
            trigger_kind: &past.trigger_kind,
            is_called: past.parent.is_some(),
            workflow: past.workflow,
            workflow_name: plan.map(|plan| plan.workflow_name.as_str()),
        };
        Ok(Item::new(failure.into_value()))
    }
}

/// Why a failure could not be told.
#[derive(Debug, thiserror::Error)]
enum TellFault {
    #[error(transparent)]
    Past(#[from] PastError),
    #[error(transparent)]
    Compile(#[from] CompileError),
    #[error(transparent)]
    Definition(#[from] DefinitionFault),
    #[error(transparent)]
    Start(#[from] StartError),
}
