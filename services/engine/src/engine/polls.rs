//! Triggers that look something up: from a timer that is due to an execution, or to the next time.
//!
//! The timer holds what the trigger remembers, and its moment is the version of that: an execution begins in the append that uses the
//! timer up and sets it again with what is remembered by then; where nothing is new, the timer is moved, if it still is due at the
//! moment that was read. So of two processes that look, or of one that died and the next one, one gets its word in.

use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use weft_event_log::{Companion, Timer};
use weft_model::execution::ExecutionMode;
use weft_model::{CorrelationId, ExecutionId, TenantId, TimerId};
use weft_nodes::NodeError;

use super::timers::{ScheduleFault, Tick};
use super::{Engine, Inner, StartError, StartExecution};
use crate::Trigger;
use crate::clock::{Clock, fresh_id, later};
use crate::execution::step_error;
use crate::plan::{Plan, PlanNode, PlanStep};
use crate::poll::{Found, Known, Look, Memory, Poll};

/// How many looks are under way in a process, and how many of them for one tenant. A timer that finds no place comes back when its
/// lease ends.
const MOST_LOOKS: usize = 32;
const MOST_LOOKS_OF_TENANT: usize = 8;
/// How long a look may take.
const LIMIT: Duration = Duration::from_mins(1);
/// How long somebody waits who tries a trigger out.
const TRIAL_LIMIT: Duration = Duration::from_secs(30);
/// How long a timer is kept from other processes meanwhile: longer than anything that is done for it here.
const HELD: Duration = Duration::from_mins(3);
/// When an execution that could not begin is tried again.
const AGAIN: Duration = Duration::from_secs(10);

/// Looks that are under way.
pub(super) type Looks = HashMap<TimerId, TenantId>;

/// The place of a look that is under way.
struct Place {
    engine: Engine,
    timer: TimerId,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.engine.0.looks().remove(&self.timer);
    }
}

/// One look of a trigger of a published version.
struct Looking<'a> {
    tenant: TenantId,
    timer: &'a Timer,
    tick: &'a Tick,
    poll: &'a dyn Poll,
    memory: Memory,
    execution: ExecutionId,
}

impl Engine {
    /// Lets a trigger look beside everything else.
    pub(super) fn begin_look(&self, tenant: TenantId, timer: Timer) {
        let Some(place) = self.look_place(tenant, timer.id) else { return };
        let engine = self.clone();
        let look = async move {
            tokio::select! {
                looked = engine.poll_once(tenant, &timer) => if let Err(error) = looked {
                    tracing::warn!(
                        tenant.id = %tenant,
                        timer.id = %timer.id,
                        error = &error as &dyn std::error::Error,
                        "A trigger could not look; it is tried again."
                    );
                },
                () = engine.0.stop.cancelled() => engine.0.give_back(tenant, &timer, engine.0.clock.now()).await,
            }
            drop(place);
        };
        self.0.tasks.spawn_on(look, &self.0.runtime);
    }

    /// The place of a look, unless the same trigger is looking or too many are.
    fn look_place(&self, tenant: TenantId, timer: TimerId) -> Option<Place> {
        let mut all = self.0.looks();
        let of_tenant = all.values().filter(|of| **of == tenant).count();
        let has_room = all.len() < MOST_LOOKS && of_tenant < MOST_LOOKS_OF_TENANT && !all.contains_key(&timer);
        has_room.then(|| {
            all.insert(timer, tenant);
            Place { engine: self.clone(), timer }
        })
    }

    async fn poll_once(&self, tenant: TenantId, timer: &Timer) -> Result<(), ScheduleFault> {
        let Some(tick) = self.tick(tenant, timer).await? else { return Ok(()) };
        let Some(poll) = poll_of(tick.plan.node(tick.node)) else {
            self.0.discard_stale(tenant, timer).await;
            return Ok(());
        };
        let held = later(self.0.clock.now(), HELD);
        if !self.0.log.hold_timer(tenant, timer.id, timer.due_at, held).await? {
            return Ok(());
        }
        let (memory, execution) = (Memory::read(timer, &poll.source()), tick.execution(timer));
        let looking = Looking { tenant, timer, tick: &tick, poll, memory, execution };
        let found = within(&*self.0.clock, LIMIT, poll.look(&self.0.look_of(&looking, looking.memory.known()))).await;
        match self.looked(&looking, found).await {
            // Another look would find the same.
            Err(ScheduleFault::Start(
                error @ (StartError::TooDeep | StartError::Files(_) | StartError::Refused(_)),
            )) => self.looked(&looking, Err(NodeError::new("trigger_items", error.to_string()))).await,
            other => other,
        }
    }

    /// What follows from a look: an execution, or nothing but the next one.
    async fn looked(&self, looking: &Looking<'_>, found: Result<Found, NodeError>) -> Result<(), ScheduleFault> {
        let Looking { tenant, timer, tick, .. } = *looking;
        let (now, mut memory) = (self.0.clock.now(), looking.memory.clone());
        let next = looking.poll.times().next_after(now.max(timer.due_at), tick.zone(), timer.id);
        let mut begins = StartExecution::new(tenant, tick.workflow, tick.version(), tick.node);
        let has_news = match found {
            Ok(found) => {
                memory.saw(found.memory, found.owes);
                begins.items = found.items;
                !begins.items.is_empty()
            }
            Err(error) => {
                let is_told = memory.fails(tick.number, &error.code, now);
                begins.failed = Some(Box::new(step_error(&error, tick.node)));
                is_told
            }
        };
        let again = next.map(|due_at| memory.timer(timer, due_at));
        if !has_news {
            return self.0.move_on(tenant, timer, again).await;
        }
        let fire = Companion::FireTimer { id: timer.id, due_at: timer.due_at };
        begins.companions = std::iter::once(fire).chain(again.clone().map(Companion::SetTimer)).collect();
        begins.execution = Some(looking.execution);
        match self.start(begins).await {
            Ok(_) => self.0.look_again(next),
            // Another process looked.
            Err(StartError::Lost | StartError::Duplicate { .. }) => return Ok(()),
            Err(error) => {
                self.0.give_back(tenant, timer, later(now, AGAIN)).await;
                return Err(error.into());
            }
        }
        if let Some(again) = again.filter(|_| memory.owes) {
            self.0.settle_look(looking, memory, &again).await;
        }
        Ok(())
    }
}

impl Inner {
    fn look_of<'a>(&'a self, looking: &Looking<'a>, known: Known) -> Look<'a> {
        Look {
            tenant: looking.tenant,
            workflow: looking.tick.workflow,
            node: looking.tick.node,
            execution: looking.execution,
            correlation: CorrelationId(looking.execution.0),
            now: self.clock.now(),
            zone: looking.tick.zone(),
            services: &self.services,
            known,
            clock: &*self.clock,
        }
    }

    /// Nothing is new: the timer moves on, and no event says so.
    async fn move_on(&self, tenant: TenantId, timer: &Timer, again: Option<Timer>) -> Result<(), ScheduleFault> {
        match &again {
            Some(again) => self.log.move_timer(tenant, timer.due_at, again).await?,
            None => self.log.discard_timer(tenant, timer.id, timer.due_at).await?,
        };
        self.look_again(again.map(|again| again.due_at));
        Ok(())
    }

    fn look_again(&self, next: Option<Timestamp>) {
        if let Some(next) = next {
            self.wake_at(next);
        }
    }

    /// Does what is to be done once the execution has begun. What cannot be done now is left to the next look.
    async fn settle_look(&self, looking: &Looking<'_>, mut memory: Memory, again: &Timer) {
        let Known::Seen(seen) = memory.known() else { return };
        let look = self.look_of(looking, Known::Seen(seen.clone()));
        let settled = within(&*self.clock, LIMIT, looking.poll.settle(&look, seen)).await;
        let moved = match settled {
            Ok(seen) => {
                memory.saw(seen, false);
                let settled = memory.timer(again, again.due_at);
                self.log.move_timer(looking.tenant, again.due_at, &settled).await.map_err(|fault| fault.to_string())
            }
            Err(error) => Err(error.code.to_string()),
        };
        if let Err(reason) = moved {
            tracing::info!(tenant.id = %looking.tenant, timer.id = %again.id, reason, "The next look settles what this one found.");
        }
    }

    /// Gives a timer back to whoever looks for timers from `moment` on.
    async fn give_back(&self, tenant: TenantId, timer: &Timer, moment: Timestamp) {
        if let Err(fault) = self.log.hold_timer(tenant, timer.id, timer.due_at, moment).await {
            let error = &fault as &dyn std::error::Error;
            tracing::info!(tenant.id = %tenant, timer.id = %timer.id, error, "A timer comes back a little later.");
        }
    }

    /// Where somebody tries out a workflow that such a trigger begins: looks once and lets the execution begin with what there is.
    pub(super) async fn try_out(&self, request: &mut StartExecution, plan: &Plan) -> Result<(), StartError> {
        let node = plan.node(request.trigger);
        let is_trial = request.mode == ExecutionMode::Manual && request.items.is_empty();
        let Some((node, poll)) = node.zip(poll_of(node)).filter(|(node, _)| is_trial && node.pinned.is_none()) else {
            return Ok(());
        };
        let settings = self.definitions.tenant(request.tenant).await?;
        let execution = *request.execution.get_or_insert_with(|| ExecutionId(fresh_id(&*self.clock, &*self.entropy)));
        let look = Look {
            tenant: request.tenant,
            workflow: request.workflow,
            node: node.id,
            execution,
            correlation: request.correlation.unwrap_or(CorrelationId(execution.0)),
            now: self.clock.now(),
            zone: plan.time_zone.as_ref().unwrap_or(&settings.time_zone),
            services: &self.services,
            known: Known::Trial,
            clock: &*self.clock,
        };
        match trial(&look, poll).await {
            Ok(items) => request.items = items,
            Err(error) => request.failed = Some(Box::new(step_error(&error, node.id))),
        }
        Ok(())
    }

    fn looks(&self) -> MutexGuard<'_, Looks> {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a trigger finds for somebody who tries it out; nothing at all is a failure that says so.
pub(crate) async fn trial(look: &Look<'_>, poll: &dyn Poll) -> Result<Vec<weft_value::Item>, NodeError> {
    let found = within(look.clock, TRIAL_LIMIT, poll.look(look)).await?;
    if found.items.is_empty() {
        return Err(NodeError::new("nothing_found", "There is nothing yet that this trigger could begin with.")
            .describe("Pin an item to it to try the workflow out.")
            .finally());
    }
    Ok(found.items)
}

/// The trigger of this node, if it looks something up.
pub(crate) fn poll_of(node: Option<&PlanNode>) -> Option<&dyn Poll> {
    match &node.filter(|node| !node.disabled)?.step {
        PlanStep::Trigger(Trigger::Poll(poll)) => Some(&**poll),
        PlanStep::Trigger(
            Trigger::Manual
            | Trigger::Webhook(_)
            | Trigger::Schedule(_)
            | Trigger::Called(_)
            | Trigger::Failure
            | Trigger::Form(_),
        )
        | PlanStep::Transform(_)
        | PlanStep::Action(_)
        | PlanStep::Broken(_) => None,
    }
}

async fn within<T>(
    clock: &dyn Clock,
    limit: Duration,
    work: impl Future<Output = Result<T, NodeError>>,
) -> Result<T, NodeError> {
    let end = later(clock.now(), limit);
    tokio::select! {
        biased;
        done = work => done,
        () = clock.sleep_until(end) => {
            let message = format!("Looking took longer than {} s and was given up.", limit.as_secs());
            Err(NodeError::new("poll_timeout", message))
        }
    }
}
