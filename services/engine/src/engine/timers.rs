//! Timers that are due: waits that end and schedules that fire.

use futures_util::{StreamExt, stream};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::sync::Arc;
use std::time::Duration;
use weft_event_log::{Companion, DueTimer, LogFault, Timer, TimerKind};
use weft_model::execution::ExecutedVersion;
use weft_model::{ExecutionId, NodeId, TenantId, TimerId, WorkflowId};

use super::{CompileError, Engine, Inner, StartError, StartExecution};
use crate::clock::{derived_id, later};
use crate::kinds::schedule_trigger::Schedule;
use crate::plan::{Plan, PlanStep};
use crate::poll::remembers;
use crate::{DefinitionFault, TenantSettings, Trigger};

/// How many timers are looked at together.
const BATCH: usize = 256;
/// How many of them are worked on at once.
const AT_ONCE: usize = 32;
/// How many schedules of this process begin executions at once; a timer that finds no place comes back when its lease ends.
const MOST_FIRING: usize = 256;
/// How long a timer that was given out to this process is not given out to another.
const LEASE: Duration = Duration::from_secs(10);

impl Engine {
    /// Fires every timer that is due and gives their number. Two processes may do this at once: each timer fires once. What fires
    /// goes on by itself: nothing here waits until there is room for another execution.
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
            TimerKind::Schedule if remembers(&timer) => self.begin_look(tenant, timer),
            TimerKind::Schedule => self.begin_firing(tenant, timer),
            TimerKind::Failure => self.begin_telling(tenant, timer),
            TimerKind::Cancel => self.cancel_called(tenant, ExecutionId(timer.stream.0), Some(&timer)).await,
            TimerKind::Wait | TimerKind::Retry | TimerKind::Deadline | TimerKind::Signal => {
                self.fire_wait(tenant, &timer).await;
            }
        }
    }

    /// Lets an execution go on that waits for `timer`.
    pub(super) async fn fire_wait(&self, tenant: TenantId, timer: &Timer) {
        let execution = ExecutionId(timer.stream.0);
        if let Err(error) = self.take_over(tenant, execution, Some(timer)).await {
            tracing::warn!(
                execution.id = %execution,
                error = &error as &dyn std::error::Error,
                "A wait could not end; it is tried again."
            );
        }
    }

    /// Fires a schedule beside everything else: its execution may have to wait for its turn.
    fn begin_firing(&self, tenant: TenantId, timer: Timer) {
        let Some(firing) = self.firing(timer.id) else { return };
        let engine = self.clone();
        let fire = async move {
            if let Err(error) = engine.fire_schedule(tenant, &timer).await {
                tracing::warn!(
                    tenant.id = %tenant,
                    timer.id = %timer.id,
                    error = &error as &dyn std::error::Error,
                    "A schedule could not fire; it is tried again."
                );
            }
            drop(firing);
        };
        self.0.tasks.spawn_on(fire, &self.0.runtime);
    }

    /// The place of a firing, unless the same timer is being fired or too many are.
    pub(super) fn firing(&self, timer: TimerId) -> Option<Firing> {
        let mut all = self.0.firing();
        (all.len() < MOST_FIRING && all.insert(timer)).then(|| Firing { engine: self.clone(), timer })
    }

    /// What a timer of a trigger fires for; nothing where that is not there any longer.
    pub(super) async fn tick(&self, tenant: TenantId, timer: &Timer) -> Result<Option<Tick>, ScheduleFault> {
        let workflow = WorkflowId(timer.stream.0);
        let Some(node) = node_of(timer) else {
            self.0.discard(tenant, timer).await;
            return Err(ScheduleFault::NoNode);
        };
        let Some(number) = self.0.definitions.active_version(tenant, workflow).await? else {
            self.0.discard_stale(tenant, timer).await;
            return Ok(None);
        };
        let plan = self.0.plan(tenant, workflow, ExecutedVersion::Published(number)).await?;
        let settings = self.0.definitions.tenant(tenant).await?;
        Ok(Some(Tick { workflow, node, number, plan, settings }))
    }

    /// One tick of a schedule. Its execution has an identity made of workflow, node and moment, and uses the timer up in its
    /// first append, so that it happens once, whoever else tries.
    async fn fire_schedule(&self, tenant: TenantId, timer: &Timer) -> Result<(), ScheduleFault> {
        let Some(tick) = self.tick(tenant, timer).await? else { return Ok(()) };
        let Some(schedule) = schedule_of(&tick.plan, tick.node) else {
            self.0.discard_stale(tenant, timer).await;
            return Ok(());
        };
        let zone = tick.zone();
        // Ticks that were missed meanwhile are not made up for one by one: the next one lies after now.
        let next = schedule.next_after(self.0.clock.now().max(timer.due_at), zone);
        let again = next.map(|due_at| Companion::SetTimer(Timer { due_at, ..timer.clone() }));
        let fire = Companion::FireTimer { id: timer.id, due_at: timer.due_at };
        let request = StartExecution {
            items: vec![schedule.item(timer.due_at, zone)],
            execution: Some(tick.execution(timer)),
            companions: std::iter::once(fire).chain(again).collect(),
            ..StartExecution::new(tenant, tick.workflow, tick.version(), tick.node)
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
        let poll = later(now, self.0.settings.timer_poll);
        let mut near = self.0.near();
        while near.first().is_some_and(|due| *due <= now) {
            near.pop_first();
        }
        near.first().map_or(poll, |due| poll.min(*due))
    }
}

/// The trigger that a timer fires for.
pub(super) struct Tick {
    pub(super) workflow: WorkflowId,
    pub(super) node: NodeId,
    /// The version that is active.
    pub(super) number: u32,
    pub(super) plan: Arc<Plan>,
    settings: Arc<TenantSettings>,
}

impl Tick {
    pub(super) fn version(&self) -> ExecutedVersion {
        ExecutedVersion::Published(self.number)
    }

    pub(super) fn zone(&self) -> &TimeZone {
        self.plan.time_zone.as_ref().unwrap_or(&self.settings.time_zone)
    }

    /// The execution that begins by it, whoever fires it.
    pub(super) fn execution(&self, timer: &Timer) -> ExecutionId {
        let moment = timer.due_at.as_microsecond().to_be_bytes();
        ExecutionId(derived_id("tick", &[self.workflow.0.as_bytes(), self.node.0.as_bytes(), &moment]))
    }
}

/// A schedule's firing that is under way.
pub(super) struct Firing {
    engine: Engine,
    timer: TimerId,
}

impl Drop for Firing {
    fn drop(&mut self) {
        self.engine.0.firing().remove(&self.timer);
    }
}

/// The node that a schedule's timer fires for.
fn node_of(timer: &Timer) -> Option<NodeId> {
    timer.data.get("node")?.as_str()?.parse().ok()
}

fn schedule_of(plan: &Plan, node: NodeId) -> Option<&Schedule> {
    match &plan.node(node).filter(|node| !node.disabled)?.step {
        PlanStep::Trigger(Trigger::Schedule(schedule)) => Some(schedule),
        PlanStep::Trigger(
            Trigger::Manual
            | Trigger::Webhook(_)
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

impl Inner {
    /// Discards a timer that nothing answers to any longer, or it would be given out again and again. One that has only just
    /// become due is left for later: it may belong to an activation that this process has not heard of yet.
    pub(super) async fn discard_stale(&self, tenant: TenantId, timer: &Timer) {
        if later(timer.due_at, LEASE) <= self.clock.now() {
            self.discard(tenant, timer).await;
        }
    }

    /// Takes a timer away without waking anybody.
    pub(super) async fn discard(&self, tenant: TenantId, timer: &Timer) {
        match self.log.discard_timer(tenant, timer.id, timer.due_at).await {
            Ok(true) => {
                tracing::info!(tenant.id = %tenant, timer.id = %timer.id, "A timer that nobody waits for is discarded.");
            }
            // Somebody else discarded it, or moved it.
            Ok(false) => {}
            Err(fault) => {
                tracing::warn!(
                    tenant.id = %tenant,
                    timer.id = %timer.id,
                    error = &fault as &dyn std::error::Error,
                    "A timer that nobody waits for could not be discarded; it is tried again."
                );
            }
        }
    }

    /// A timer of this process is due then.
    pub(super) fn wake_at(&self, moment: Timestamp) {
        let horizon = later(self.clock.now(), Duration::from_mins(10));
        // What is far away is found by looking; remembering it would only cost memory.
        if moment <= horizon {
            self.near().insert(moment);
            self.wake.notify_one();
        }
    }
}

/// Why a schedule could not fire.
#[derive(Debug, thiserror::Error)]
pub(super) enum ScheduleFault {
    #[error("the timer names no node")]
    NoNode,
    #[error(transparent)]
    Compile(#[from] CompileError),
    #[error(transparent)]
    Definition(#[from] DefinitionFault),
    #[error(transparent)]
    Log(#[from] LogFault),
    #[error(transparent)]
    Start(#[from] StartError),
}
