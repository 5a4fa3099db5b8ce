//! Executions that steps ask for.

use std::sync::{Arc, Weak};
use std::time::Duration;

use async_trait::async_trait;
use weft_event_log::LogFault;
use weft_model::execution::{ExecutedVersion, ExecutionMode, Parent, StepError};
use weft_model::{ExecutionId, NodeId, TenantId};
use weft_nodes::NodeError;

use super::admission::Ticket;
use super::launch::{Asked, Launch};
use super::{Engine, Inner, StartError, StartExecution, Started};
use crate::clock::later;
use crate::execution::{
    Call, CallEnd, CallState, CallUntil, Caller, Calls, End, Handover, Items, Past, PastError, Reusable, end_signal,
    given_items,
};
use crate::plan::{Plan, PlanStep};
use crate::{Respond, Returns, StepFiles, Trigger};

/// How many executions may be above another one. A workflow that calls itself ends here.
pub(crate) const MOST_ABOVE: u32 = 16;
/// How soon something is looked at again that should be there in a moment.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// The engine, for the drives that it holds.
pub(super) struct EngineCalls(pub(super) Weak<Inner>);

#[async_trait]
impl Calls for EngineCalls {
    async fn call(&self, caller: &Caller, call: &Call) -> Result<CallState, LogFault> {
        match self.0.upgrade() {
            Some(inner) => Engine(inner).call(caller, call).await,
            // Nobody is left who would hear it.
            None => std::future::pending().await,
        }
    }

    async fn lost(&self, caller: &Caller, child: ExecutionId) {
        if let Some(inner) = self.0.upgrade() {
            Engine(inner).end_with(caller.info.tenant, caller.info.execution, child).await;
        }
    }
}

impl Engine {
    async fn call(&self, caller: &Caller, call: &Call) -> Result<CallState, LogFault> {
        if caller.may_be_begun
            && let Some(state) = self.look(caller, call).await?
        {
            return Ok(state);
        }
        let handover = Arc::new(Handover::default());
        match self.ready(caller, call, &handover).await {
            Ok(ready) => self.begin(caller, call, ready, &handover).await,
            Err(error) => Ok(CallState::Over(CallEnd::Failed(error))),
        }
    }

    /// What is recorded of what is asked for; waits for a log that is away.
    async fn look(&self, caller: &Caller, call: &Call) -> Result<Option<CallState>, LogFault> {
        let child = caller.called(call.item);
        loop {
            match self.look_once(caller.info.tenant, child, call.until).await {
                Ok(state) => return Ok(state),
                Err(PastError::Log(fault)) if fault.is_unavailable() => self.rest_for(LOOK_AGAIN).await,
                Err(PastError::Log(fault)) => return Err(fault),
                Err(error) => {
                    let error = NodeError::new("sub_workflow", error.to_string());
                    return Ok(Some(CallState::Over(CallEnd::Failed(error))));
                }
            }
        }
    }

    async fn look_once(
        &self,
        tenant: TenantId,
        child: ExecutionId,
        until: CallUntil,
    ) -> Result<Option<CallState>, PastError> {
        let Some(past) = Past::outline(&*self.0.log, tenant, child).await? else { return Ok(None) };
        if until == CallUntil::Begun {
            return Ok(Some(CallState::Over(CallEnd::Begun)));
        }
        let plan = self.0.plan(tenant, past.workflow, past.version).await.ok();
        Ok(Some(match past.ended {
            None => CallState::UnderWay,
            Some(End::Succeeded) => {
                let returns = plan.map_or(Returns::default(), |plan| plan.returns(past.trigger));
                let files = StepFiles::new(tenant, self.0.services.files.clone());
                let room = (&files, self.0.settings.max_bytes);
                CallState::Over(CallEnd::Gave(given_items(&*self.0.log, tenant, child, returns, room).await?))
            }
            Some(End::Failed(error)) => CallState::Over(CallEnd::Failed(failed(plan.as_deref(), &error))),
            Some(End::Cancelled) => CallState::Over(CallEnd::Failed(cancelled(plan.as_deref()))),
        }))
    }

    /// Everything that the execution needs, or why it cannot be.
    async fn ready(&self, caller: &Caller, call: &Call, handover: &Arc<Handover>) -> Result<Launch, NodeError> {
        let above = caller.info.parent.map_or(0, |parent| parent.depth);
        if above >= MOST_ABOVE {
            return Err(too_deep());
        }
        let (tenant, workflow) = (caller.info.tenant, call.workflow);
        let version = self.called_version(caller, call).await?;
        let plan = self.0.plan(tenant, workflow, version).await.map_err(|error| refused(error.to_string()))?;
        if !plan.callers.admit(caller.info.workflow, workflow) {
            return Err(refused(format!("“{}” may not be executed by this workflow.", plan.workflow_name))
                .describe("Its settings say which workflows may execute it."));
        }
        let (trigger, items) = accepted(&plan, call, &caller.info.time_zone)?;
        let waits = call.until == CallUntil::Ended;
        let child = caller.called(call.item);
        let parent = Parent {
            execution: caller.info.execution,
            node: caller.step.node,
            iteration: caller.step.iteration,
            item: call.item,
            signal: waits.then(|| end_signal(child)),
            depth: above + 1,
        };
        let request = StartExecution {
            mode: if caller.info.mode == ExecutionMode::Production {
                ExecutionMode::Production
            } else {
                ExecutionMode::Manual
            },
            items: items.as_ref().clone(),
            respond: if waits { Respond::End } else { Respond::Nothing },
            correlation: Some(caller.info.correlation),
            execution: Some(child),
            ..StartExecution::new(tenant, workflow, version, trigger)
        };
        let handover = waits.then(|| Arc::clone(handover));
        Ok(Launch { request, plan, asked: Some(Asked { parent, handover }), reusable: Reusable::new() })
    }

    /// Production executes what is published, the editor what is drawn.
    async fn called_version(&self, caller: &Caller, call: &Call) -> Result<ExecutedVersion, NodeError> {
        let versions = self.0.definitions.versions(caller.info.tenant, call.workflow).await;
        let versions = versions.map_err(|fault| NodeError::new("sub_workflow", fault.to_string()))?;
        let Some(versions) = versions else {
            return Err(refused("The workflow to execute does not exist. Choose another one.").in_field("workflowId"));
        };
        if caller.info.mode != ExecutionMode::Production {
            return Ok(ExecutedVersion::Draft(versions.draft));
        }
        versions.published.map(ExecutedVersion::Published).ok_or_else(|| {
            refused("The workflow to execute was never published. Publish it first.").in_field("workflowId")
        })
    }

    /// A place for an execution. One that is waited for has that of the execution that asked for it, and there are only so
    /// many of those; one that nobody waits for waits until there is room.
    async fn place(&self, tenant: TenantId, until: CallUntil) -> Ticket {
        loop {
            match until {
                CallUntil::Ended => return self.0.admission.admit_always(tenant),
                CallUntil::Begun => match self.0.admission.admit(tenant) {
                    Some(ticket) => return ticket,
                    None => self.rest_for(self.0.settings.retry_after).await,
                },
            }
        }
    }

    async fn begin(
        &self,
        caller: &Caller,
        call: &Call,
        launch: Launch,
        handover: &Arc<Handover>,
    ) -> Result<CallState, LogFault> {
        let child = caller.called(call.item);
        let plan = Arc::clone(&launch.plan);
        let ticket = self.place(caller.info.tenant, call.until).await;
        let telling = self.launch(launch, ticket);
        tokio::pin!(telling);
        let mut hold = self.0.settings.wait_in_memory;
        loop {
            let told = tokio::select! {
                biased;
                told = &mut telling => Some(told),
                () = self.rest_for(hold) => None,
            };
            match told {
                Some(Ok(Started { .. })) => {
                    if let Some(end) = begun_or_ended(call, &plan, handover) {
                        return Ok(CallState::Over(end));
                    }
                    return self.wait_for_record(caller, call).await;
                }
                // Somebody else has it, or nobody knows: what is recorded counts.
                Some(Err(StartError::Lost | StartError::InDoubt | StartError::Duplicate { .. })) => {
                    return self.wait_for_record(caller, call).await;
                }
                Some(Err(error)) => {
                    return Ok(CallState::Over(CallEnd::Failed(NodeError::new("sub_workflow", error.to_string()))));
                }
                None => {
                    if self.is_recorded(caller.info.tenant, child).await? && handover.close() {
                        return Ok(CallState::UnderWay);
                    }
                    hold = LOOK_AGAIN;
                }
            }
        }
    }

    /// Comes back as soon as something is recorded of what is asked for.
    async fn wait_for_record(&self, caller: &Caller, call: &Call) -> Result<CallState, LogFault> {
        loop {
            if let Some(state) = self.look(caller, call).await? {
                return Ok(state);
            }
            self.rest_for(LOOK_AGAIN).await;
        }
    }

    async fn is_recorded(&self, tenant: TenantId, execution: ExecutionId) -> Result<bool, LogFault> {
        let first = self.0.log.read_stream(tenant, execution.into(), weft_model::StreamVersion(0), 1).await;
        match first {
            Ok(events) => Ok(!events.is_empty()),
            Err(fault) if fault.is_unavailable() => Ok(false),
            Err(fault) => Err(fault),
        }
    }

    pub(super) async fn rest_for(&self, length: Duration) {
        self.0.clock.sleep_until(later(self.0.clock.now(), length)).await;
    }

    /// Ends what an execution asked for if that was cancelled itself; what was taken over by another process goes on.
    async fn end_with(&self, tenant: TenantId, parent: ExecutionId, child: ExecutionId) {
        let past = Past::outline(&*self.0.log, tenant, parent).await;
        let is_cancelled = past.is_ok_and(|past| past.is_some_and(|past| matches!(past.ended, Some(End::Cancelled))));
        if is_cancelled {
            self.cancel_called(tenant, child, None).await;
        }
    }
}

/// What was handed over in memory.
fn begun_or_ended(call: &Call, plan: &Plan, handover: &Handover) -> Option<CallEnd> {
    match (call.until, handover.take()) {
        (CallUntil::Begun, _) => Some(CallEnd::Begun),
        (CallUntil::Ended, Some(Ok(items))) => Some(CallEnd::Gave(items)),
        (CallUntil::Ended, Some(Err(error))) => Some(CallEnd::Failed(failed(Some(plan), &error))),
        (CallUntil::Ended, None) => None,
    }
}

/// The node that begins a called execution, and the items as it takes them.
fn accepted(plan: &Plan, call: &Call, zone: &jiff::tz::TimeZone) -> Result<(NodeId, Items), NodeError> {
    let child = plan.triggers().find_map(|node| match &node.step {
        PlanStep::Trigger(Trigger::Called(trigger)) => Some((node.id, trigger)),
        _ => None,
    });
    let (node, trigger) = child.ok_or_else(|| {
        refused(format!("“{}” cannot be executed by another workflow.", plan.workflow_name))
            .describe("Add an Execute sub-workflow trigger to it.")
    })?;
    Ok((node, trigger.accept(&call.items, zone)?))
}

fn refused(message: impl Into<String>) -> NodeError {
    NodeError::new("sub_workflow", message).finally()
}

fn too_deep() -> NodeError {
    refused(format!("More than {MOST_ABOVE} workflows would execute each other. Does one of them execute itself?"))
}

/// The error of a called execution, as the step that asked for it has it.
fn failed(plan: Option<&Plan>, error: &StepError) -> NodeError {
    let workflow = plan.map_or("the sub-workflow", |plan| &plan.workflow_name);
    let node = error.node.and_then(|node| Some(&plan?.node(node)?.name));
    let message = match node {
        Some(node) => format!("“{workflow}” failed at “{node}”: {}", error.message),
        None => format!("“{workflow}” failed: {}", error.message),
    };
    let mut failed = NodeError::new("sub_workflow_failed", message);
    failed.description.clone_from(&error.description);
    failed.causes = std::iter::once(error.message.clone()).chain(error.causes.iter().cloned()).collect();
    failed
}

fn cancelled(plan: Option<&Plan>) -> NodeError {
    let workflow = plan.map_or("the sub-workflow", |plan| &plan.workflow_name);
    NodeError::new("sub_workflow_cancelled", format!("The execution of “{workflow}” was cancelled.")).finally()
}
