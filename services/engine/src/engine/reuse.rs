//! Executions that end at a node, and what they take from an earlier one.

use std::sync::Arc;

use weft_model::execution::{ExecutedVersion, Partial};
use weft_model::{ExecutionId, NodeId, TenantId, WorkflowId};

use super::{Inner, StartError, StartExecution};
use crate::execution::{List, Past, PastError, PastStep, Reusable, leading_to};
use crate::plan::Plan;
use crate::{DefinitionFault, StepFiles};

/// Why what an execution reuses cannot be had.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReuseError {
    /// It is not there, or not any longer.
    #[error("the execution whose steps are to be reused is not there")]
    Gone,
    #[error(transparent)]
    Past(PastError),
    #[error(transparent)]
    Definition(#[from] DefinitionFault),
}

impl From<PastError> for ReuseError {
    fn from(error: PastError) -> Self {
        match error {
            PastError::PayloadGone(_) => Self::Gone,
            other => Self::Past(other),
        }
    }
}

/// Which execution takes steps from which one.
#[derive(Clone, Copy)]
pub(super) struct Reusing {
    pub(super) tenant: TenantId,
    pub(super) workflow: WorkflowId,
    pub(super) version: ExecutedVersion,
    pub(super) trigger: NodeId,
    pub(super) until: NodeId,
    /// The earlier one.
    pub(super) from: ExecutionId,
}

/// What may be taken from it.
#[derive(Default)]
pub(super) struct Reused {
    /// What its trigger gave; nothing where the trigger is another one, or has changed.
    pub(super) items: Option<List>,
    /// The output at which it gave them.
    pub(super) output: usize,
    pub(super) steps: Reusable,
}

impl Inner {
    /// What of an earlier execution stands for steps of one that ends at a node; fills in the trigger's items where they are
    /// taken from it, too.
    pub(super) async fn part_of(&self, request: &mut StartExecution, plan: &Plan) -> Result<Reusable, StartError> {
        let Some(Partial { until, reuses }) = request.partial else { return Ok(Reusable::new()) };
        let (end, trigger) = (plan.number_of(until), plan.number_of(request.trigger));
        let leads = end.zip(trigger).is_some_and(|(end, trigger)| leading_to(plan, end)[trigger]);
        if !leads {
            return Err(StartError::NoPath);
        }
        let Some(from) = reuses.filter(|_| request.items.is_empty()) else {
            request.partial = Some(Partial { until, reuses: None });
            return Ok(Reusable::new());
        };
        let StartExecution { tenant, workflow, version, trigger, .. } = *request;
        let reused = self.reused(Reusing { tenant, workflow, version, trigger, until, from }).await;
        let Reused { output, items, steps } = reused.map_err(|error| match error {
            ReuseError::Gone => StartError::NotReusable,
            ReuseError::Past(error) => {
                tracing::warn!(execution.id = %from, error = &error as &dyn std::error::Error, "An execution cannot be read.");
                StartError::Unavailable
            }
            ReuseError::Definition(fault) => StartError::Definition(fault),
        })?;
        if let Some(list) = items {
            let files = StepFiles::new(tenant, self.services.files.clone());
            let items = list.load(&files, self.settings.max_bytes).await.map_err(|error| match &*error.code {
                "items_gone" => StartError::NotReusable,
                _ => StartError::Files(error.message.clone()),
            })?;
            request.items = Arc::unwrap_or_clone(items);
            request.output = output;
        }
        Ok(steps)
    }

    /// The recorded steps of an earlier execution that nothing has changed for: neither their nodes nor any before them. The
    /// node at which the execution ends is executed in any case.
    pub(super) async fn reused(&self, reusing: Reusing) -> Result<Reused, ReuseError> {
        let Reusing { tenant, workflow, version, trigger, until, from } = reusing;
        let past = Past::read(&*self.log, tenant, from).await?;
        let past = past.filter(|past| past.workflow == workflow).ok_or(ReuseError::Gone)?;
        if past.trigger != trigger {
            return Ok(Reused::default());
        }
        let before = self.definitions.definition(tenant, workflow, past.version).await?.ok_or(ReuseError::Gone)?;
        let now = self.definitions.definition(tenant, workflow, version).await?.ok_or(ReuseError::Gone)?;
        let changed = now.graph.changed_since(&before.graph, Some(until));
        if changed.contains(&trigger) {
            return Ok(Reused::default());
        }
        let steps = past.steps.into_iter().filter_map(|(key, step)| match step {
            PastStep::Succeeded(run) if key.0 != until && !changed.contains(&key.0) => {
                Some((key, (run.from.unwrap_or(from), run)))
            }
            _ => None,
        });
        let steps = steps.collect();
        let output = past.output.iter().position(|list| !list.is_empty()).unwrap_or_default();
        Ok(Reused { output, items: past.output.into_iter().nth(output), steps })
    }
}
