//! Timers that are due: waits that end and schedules that fire.

use futures_util::{StreamExt, stream};
use jiff::Timestamp;
use std::time::Duration;
use weft_event_log::{Companion, DueTimer, LogFault, Timer, TimerKind};
use weft_model::execution::ExecutedVersion;
use weft_model::{ExecutionId, NodeId, WorkflowId};

use super::{CompileError, Engine, Inner, StartError, StartExecution};
use crate::clock::derived_id;
use crate::plan::PlanStep;
use crate::{DefinitionFault, Trigger};

/// How many timers are looked at together.
const BATCH: usize = 256;
/// How many of them are worked on at once.
const AT_ONCE: usize = 32;
/// How long a timer that was given out to this process is not given out to another.
const LEASE: Duration = Duration::from_secs(10);

impl Engine {
    /// Fires every timer that is due and gives their number. Two processes may do this at once: each timer fires once.
    pub async fn fire_due_timers(&self) -> Result<usize, LogFault> {
        let mut fired = 0;
        loop {
            let due = self.0.log.due_timers(self.0.clock.now(), LEASE, BATCH).await?;
            let is_all = due.len() < BATCH;
            fired += due.len();
            stream::iter(due).for_each_concurrent(AT_ONCE, |due| self.fire(due)).await;
            if is_all || self.0.closing.is_cancelled() {
                return Ok(fired);
            }
        }
    }

    async fn fire(&self, due: DueTimer) {
        let DueTimer { tenant, timer } = due;
        match timer.kind {
            TimerKind::Schedule => {
                if let Err(error) = self.fire_schedule(tenant, &timer).await {
                    tracing::warn!(tenant.id = %tenant, timer.id = %timer.id, error = %error, "A schedule could not fire; it is tried again.");
                }
            }
            TimerKind::Wait | TimerKind::Retry | TimerKind::Deadline => {
                let execution = ExecutionId(timer.stream.0);
                if let Err(error) = self.take_over(tenant, execution, Some(&timer)).await {
                    tracing::warn!(execution.id = %execution, error = %error, "A wait could not end; it is tried again.");
                }
            }
        }
    }

    /// One tick of a schedule. Its execution has an identity made of workflow, node and moment, and uses the timer up in its
    /// first append, so that it happens once, whoever else tries.
    async fn fire_schedule(&self, tenant: weft_model::TenantId, timer: &Timer) -> Result<(), ScheduleFault> {
        let workflow = WorkflowId(timer.stream.0);
        let Some(node) =
            timer.data.get("node").and_then(|node| node.as_str()).and_then(|node| node.parse::<NodeId>().ok())
        else {
            return Err(ScheduleFault::NoNode);
        };
        let Some(number) = self.0.definitions.active_version(tenant, workflow).await? else { return Ok(()) };
        let version = ExecutedVersion::Published(number);
        let plan = self.0.plan(tenant, workflow, version).await?;
        let Some(PlanStep::Trigger(Trigger::Schedule(schedule))) = plan.node(node).map(|node| &node.step) else {
            return Ok(());
        };
        let settings = self.0.definitions.tenant(tenant).await?;
        let zone = plan.time_zone.as_ref().unwrap_or(&settings.time_zone);
        // Ticks that were missed meanwhile are not made up for one by one: the next one lies after now.
        let next = schedule.next_after(self.0.clock.now().max(timer.due_at), zone);
        let again = next.map(|due_at| Companion::SetTimer(Timer { due_at, ..timer.clone() }));
        let moment = timer.due_at.as_microsecond().to_be_bytes();
        let execution = ExecutionId(derived_id("tick", &[workflow.0.as_bytes(), node.0.as_bytes(), &moment]));
        let fire = Companion::FireTimer { id: timer.id, due_at: timer.due_at };
        let request = StartExecution {
            items: vec![schedule.item(timer.due_at, zone)],
            execution: Some(execution),
            companions: std::iter::once(fire).chain(again).collect(),
            ..StartExecution::new(tenant, workflow, version, node)
        };
        match self.start(request).await {
            Ok(_) => {
                if let Some(next) = next {
                    self.0.wake_at(next);
                }
                Ok(())
            }
            // Another process fired it.
            Err(StartError::Lost) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// When the next look for timers is due.
    pub(super) fn next_look(&self, now: Timestamp) -> Timestamp {
        let poll = crate::clock::later(now, self.0.settings.timer_poll);
        let mut near = self.0.near();
        while near.first().is_some_and(|due| *due <= now) {
            near.pop_first();
        }
        near.first().map_or(poll, |due| poll.min(*due))
    }
}

impl Inner {
    /// A timer of this process is due then.
    pub(super) fn wake_at(&self, moment: Timestamp) {
        let horizon = crate::clock::later(self.clock.now(), Duration::from_mins(10));
        // What is far away is found by looking; remembering it would only cost memory.
        if moment <= horizon {
            self.near().insert(moment);
            self.wake.notify_one();
        }
    }
}

/// Why a schedule could not fire.
#[derive(Debug, thiserror::Error)]
enum ScheduleFault {
    #[error("the timer names no node")]
    NoNode,
    #[error(transparent)]
    Compile(#[from] CompileError),
    #[error(transparent)]
    Definition(#[from] DefinitionFault),
    #[error(transparent)]
    Start(#[from] StartError),
}
