//! Steps that an earlier execution stands for, and steps that this one has recorded before.

use std::collections::HashMap;

use weft_model::execution::{ExecutionEvent, Part, StepKey};
use weft_model::{ExecutionId, NodeId};
use weft_nodes::NodeError;

use super::drive::{Drive, Next};
use super::outcome::step_error;
use super::past::PastRun;
use super::schedule::{Run, Task};
use crate::plan::Plan;

/// What an earlier execution recorded of steps, by node and iteration, and which execution executed each.
pub(crate) type Reusable = HashMap<(NodeId, u32), (ExecutionId, Box<PastRun>)>;

impl Drive {
    /// What stands for the step, unless its items come from elsewhere than they did.
    pub(super) fn take_reusable(&mut self, task: &Task, key: StepKey) -> Option<(ExecutionId, Box<PastRun>)> {
        let reusable = self.reusable.remove(&(key.node, key.iteration))?;
        (reusable.1.sources == task.sources()).then_some(reusable)
    }

    /// Records that the step was not executed, with the items that stand for it: they are written once more, so that this
    /// execution can be read as long as it is kept, whatever becomes of the earlier one.
    pub(super) fn reuse(
        &mut self,
        plan: &Plan,
        task: &Task,
        key: StepKey,
        (from, run): (ExecutionId, PastRun),
    ) -> Next {
        match self.record_reuse(plan, task, key, (from, &run)) {
            Ok(()) => {
                self.take(plan, task, run);
                Next::Step
            }
            Err(error) => Next::Fail(step_error(&error, key.node)),
        }
    }

    fn record_reuse(
        &mut self,
        plan: &Plan,
        task: &Task,
        key: StepKey,
        (from, run): (ExecutionId, &PastRun),
    ) -> Result<(), NodeError> {
        let now = self.clock.now();
        let output = self.recorder.lists(&run.outputs)?;
        let context: Option<Part> = run.context.as_ref().map(|value| self.recorder.part(value, 1)).transpose()?;
        let event = ExecutionEvent::StepReused {
            step: key,
            kind: plan.nodes[task.node].kind.clone(),
            sources: task.sources(),
            output,
            continued_after: run.continued_after.clone(),
            context,
            from,
            at: now,
        };
        self.recorder.event(event, now);
        Ok(())
    }

    /// Goes on with what is recorded of a step.
    pub(super) fn take(&mut self, plan: &Plan, task: &Task, run: PastRun) {
        let PastRun { outputs, context, continued_after, .. } = run;
        if let Some(context) = &context {
            self.kept.restore(plan.nodes[task.node].id, context);
        }
        let error = continued_after.map(|error| error.message);
        self.complete(plan, task.node, Run { outputs, sources: task.sources(), context, error });
    }
}
