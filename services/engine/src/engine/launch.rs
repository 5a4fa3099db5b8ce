//! From a request to an execution under way.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use weft_event_log::{AppendError, Companion, Expected};
use weft_model::execution::{ExecutionEvent, ExecutionMode, Parent};
use weft_model::{CorrelationId, ExecutionId, SignalId, TenantId};
use weft_nodes::NodeError;
use weft_value::Item;

use super::admission::Ticket;
use super::control::Abandoned;
use super::failures::{Failing, told_of};
use super::{Engine, Inner, StartError, StartExecution, Started};
use crate::clock::{fresh_id, later};
use crate::execution::{
    Drive, DriveEnd, ExecutionInfo, Finished, Full, Handover, Items, Kept, Ledger, List, Parked, Parking, Recorder,
    Reply, Reusable, Schedule, Shelf, Slot, Target, Turn, Writing, is_deep, kept,
};
use crate::plan::{Beginning, Plan};
use crate::{StepFiles, TenantSettings};

/// The first owner's epoch.
const FIRST_EPOCH: u32 = 1;
/// How long an append may take before whoever waits for the execution is told that nothing is known yet.
const CALLERS_PATIENCE: Duration = Duration::from_secs(5);
/// The part of all places in memory that executions of one workflow may take while they wait for each other.
const SHARE_OF_SLOTS: usize = 4;
/// How often that is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// An execution that this process drives.
pub(super) struct Charge {
    /// In which epoch; an earlier one of the same process is over.
    epoch: u32,
    /// Ends the driving.
    pub(super) cancelled: CancellationToken,
}

/// An execution that can be begun.
pub(super) struct Launch {
    pub(super) request: StartExecution,
    pub(super) plan: Arc<Plan>,
    /// By whom it is asked for, where that is a step of another one.
    pub(super) asked: Option<Asked>,
    /// What an earlier execution recorded that stands for its steps.
    pub(super) reusable: Reusable,
}

/// What a step asks for.
pub(super) struct Asked {
    pub(super) parent: Parent,
    /// What tells the step in memory.
    pub(super) handover: Option<Arc<Handover>>,
}

impl Engine {
    pub(super) async fn launch(&self, mut launch: Launch, ticket: Ticket) -> Result<Started, StartError> {
        let Launch { request, plan, .. } = &launch;
        let trigger = plan.number_of(request.trigger).filter(|number| plan.nodes[*number].is_trigger);
        let trigger = trigger.ok_or(StartError::UnknownTrigger)?;
        if is_deep(&request.items) {
            return Err(StartError::TooDeep);
        }
        let uses_pinned = request.mode == ExecutionMode::Manual && launch.asked.is_none();
        let (given, tenant_id) = (std::mem::take(&mut launch.request.items), launch.request.tenant);
        let items = match launch.request.failed {
            Some(_) => Items::default(),
            None => trigger_items(&launch.plan, trigger, uses_pinned, given),
        };
        let tenant = self.0.definitions.tenant(tenant_id).await?;
        let files = StepFiles::new(tenant_id, self.0.services.files.clone());
        let unkept = |error: NodeError| StartError::Files(error.message.clone());
        let items = files.settle(items).await.map_err(unkept)?;
        let first: Vec<Item> = items.iter().take(1).cloned().collect();
        let list = kept(items, &files, self.0.settings.max_held).await.map_err(unkept)?;
        let (sender, receiver) = oneshot::channel();
        let begins = (trigger, list, first.as_slice());
        let drive = self.0.first_drive(launch, begins, &tenant, sender).map_err(too_many_items)?;
        // Those of one workflow that wait for each other leave places for the others.
        if drive.slot.as_ref().is_some_and(|slot| slot.crowd() > self.0.settings.queued / SHARE_OF_SLOTS) {
            return Err(StartError::Overloaded { retry_after: self.0.settings.retry_after });
        }
        let writing = drive.recorder.writing();
        self.progress(drive, ticket);
        self.told(receiver, &writing).await
    }

    /// What the caller waits for. An execution waits for an absent database as long as it takes; its caller is told so before
    /// long, since nobody holds a connection open for a day.
    pub(super) async fn told(
        &self,
        mut receiver: oneshot::Receiver<Result<Started, StartError>>,
        writing: &Writing,
    ) -> Result<Started, StartError> {
        let clock = &self.0.clock;
        loop {
            let look = later(clock.now(), LOOK_EVERY);
            tokio::select! {
                biased;
                told = &mut receiver => return told.unwrap_or(Err(StartError::Lost)),
                () = clock.sleep_until(look) => {}
            }
            if writing.lasts(CALLERS_PATIENCE, clock.now()) {
                return Err(StartError::InDoubt);
            }
        }
    }

    /// Lets an execution progress by itself.
    pub(super) fn progress(&self, mut drive: Drive, ticket: Ticket) {
        let engine = self.clone();
        let (tenant, execution, epoch) = (drive.info.tenant, drive.info.execution, drive.epoch);
        drive.turn = ticket.turn(drive.plan.priority);
        self.0.take_charge(execution, Charge { epoch, cancelled: drive.cancelled.clone() });
        self.0.tasks.spawn_on(
            async move {
                // A fault in one step must not leave an execution behind that seems to be alive for ever.
                let finished = AssertUnwindSafe(drive.run()).catch_unwind().await;
                engine.0.leave(execution, epoch);
                let reason = match finished {
                    Ok(Finished { end: DriveEnd::Refused, .. }) => "What the execution made could not be recorded.",
                    Ok(finished) => {
                        drop(ticket);
                        return engine.put_away(tenant, execution, finished).await;
                    }
                    Err(_) => "The server has a fault: a step ended unexpectedly.",
                };
                engine.abandon(Abandoned { tenant, execution, epoch, reason }).await;
                drop(ticket);
            },
            &self.0.runtime,
        );
    }
}

impl Engine {
    /// An execution left memory. One that waits keeps its caller, as long as that is patient.
    async fn put_away(&self, tenant: TenantId, execution: ExecutionId, finished: Finished) {
        let DriveEnd::Parked(Parked { until, signal }) = finished.end else {
            let is_failed = matches!(finished.end, DriveEnd::Failed(_));
            if is_failed || finished.parent.is_some_and(|parent| parent.signal.is_some()) {
                // Unless the step that asked for it was told here, a timer that is due tells it; so it does an error workflow.
                self.0.wake_at(self.0.clock.now());
            }
            return;
        };
        self.0.waiting.keep(tenant, execution, finished.version, finished.reply);
        self.0.wake_at(until);
        if let Some(signal) = signal {
            self.catch_up(tenant, execution, signal).await;
        }
    }

    /// The signal may have come while the execution was leaving memory. Where that cannot be seen now, the timer that tells of it
    /// is given out again before long.
    async fn catch_up(&self, tenant: TenantId, execution: ExecutionId, signal: SignalId) {
        let Ok(timers) = self.0.log.timers(tenant, execution.into()).await else { return };
        if let Some(timer) = timers.iter().find(|timer| timer.id == signal.timer()) {
            self.fire_wait(tenant, timer).await;
        }
    }
}

fn too_many_items(full: Full) -> StartError {
    let Full { limit } = full;
    StartError::Refused(Box::new(AppendError::TooLarge { what: "the list of items", size: limit + 1, limit }))
}

impl Inner {
    /// From now on this process drives the execution; what it did of it in an earlier epoch has no say any longer.
    fn take_charge(&self, execution: ExecutionId, charge: Charge) {
        if let Some(before) = self.under_way().insert(execution, charge) {
            before.cancelled.cancel();
        }
    }

    /// This process drives the execution no longer, unless it has taken it over from itself meanwhile.
    fn leave(&self, execution: ExecutionId, epoch: u32) {
        let mut under_way = self.under_way();
        if under_way.get(&execution).is_some_and(|charge| charge.epoch == epoch) {
            under_way.remove(&execution);
        }
    }

    fn first_drive(
        &self,
        launch: Launch,
        (trigger, list, first): (usize, List, &[Item]),
        tenant: &TenantSettings,
        sender: oneshot::Sender<Result<Started, StartError>>,
    ) -> Result<Drive, Full> {
        let Launch { request, plan, asked, reusable } = launch;
        let parent = asked.as_ref().map(|asked| asked.parent);
        let now = self.clock.now();
        let execution = request.execution.unwrap_or_else(|| ExecutionId(fresh_id(&*self.clock, &*self.entropy)));
        let correlation = request.correlation.unwrap_or(CorrelationId(execution.0));
        let info = ExecutionInfo {
            tenant: request.tenant,
            execution,
            workflow: request.workflow,
            version: request.version,
            mode: request.mode,
            correlation,
            trigger: request.trigger,
            seed: self.entropy.bits(),
            time_zone: plan.time_zone.clone().unwrap_or_else(|| tenant.time_zone.clone()),
            variables: tenant.variables.clone(),
            environment: self.services.environment.clone().into(),
            parent,
            resume_url: tenant.resume_url(execution),
            form_url: tenant.form_url(execution),
            error_workflow: told_of(
                Some(&plan),
                &Failing { workflow: request.workflow, mode: request.mode, trigger: request.trigger, parent },
                tenant,
            ),
        };
        let retention = plan.retention.unwrap_or(tenant.retention);
        let mut recorder = self.recorder(&info, request.actor, retention, Expected::NoStream);
        let failed = request.failed.map(|error| *error);
        recorder.count_list(&list)?;
        // The outputs before the one at which the items come out gave nothing.
        let lists: Vec<List> = std::iter::repeat_n(List::default(), request.output).chain([list]).collect();
        let parts = lists.iter().filter(|_| failed.is_none()).map(|list| recorder.list(list));
        let output = parts.collect::<Result<_, _>>()?;
        let queued = ExecutionEvent::Queued {
            workflow: request.workflow,
            workflow_name: plan.workflow_name.clone(),
            version: request.version,
            mode: request.mode,
            trigger: request.trigger,
            trigger_kind: plan.nodes[trigger].kind.clone(),
            output,
            retry_of: request.retry_of,
            parent,
            partial: request.partial,
            at: now,
        };
        let started = ExecutionEvent::Started { worker: self.worker, epoch: FIRST_EPOCH, seed: info.seed, at: now };
        let begins = Beginning { workflow: request.workflow, items: first, now, zone: &info.time_zone };
        // What is not called from outside is told apart by whoever calls it.
        let is_called = request.mode == ExecutionMode::Production
            && parent.is_none()
            && request.retry_of.is_none()
            && request.companions.is_empty();
        let once = plan.once_key(begins).filter(|_| is_called);
        let slot = self.slot(&info, &plan, begins, tenant).filter(|_| failed.is_none());
        let keys = request.idempotency_key.into_iter().chain(once).map(|key| Companion::IdempotencyKey { key });
        // Who is queued has not begun.
        let opening = if slot.is_some() { vec![queued] } else { vec![queued, started] };
        recorder.begin(opening, request.companions.into_iter().chain(keys).collect(), now);
        let until = request.partial.and_then(|partial| plan.number_of(partial.until));
        let schedule = Schedule::begin_until(&plan, trigger, lists, until);
        let (respond, handover) = (Some(request.respond), asked.and_then(|asked| asked.handover));
        let reply = Reply { sender: Some(sender), respond, handover, answer: None };
        let deadline = plan.timeout_seconds.map(|seconds| later(now, Duration::from_secs(seconds)));
        Ok(Drive {
            reusable,
            reply,
            slot,
            deadline,
            failed_before: failed,
            ..self.drive(info, plan, schedule, recorder)
        })
    }

    /// A drive of an execution that nobody waits for.
    pub(super) fn drive(&self, info: ExecutionInfo, plan: Arc<Plan>, schedule: Schedule, recorder: Recorder) -> Drive {
        let max_steps = plan.max_steps.unwrap_or(self.settings.max_steps).min(self.settings.max_steps.max(1));
        let ledger = Ledger::new(self.shelf(info.tenant), Arc::clone(&self.holdings), self.settings.held_by_one);
        Drive {
            plan,
            ledger,
            portions: HashMap::new(),
            info: Arc::new(info),
            schedule: Arc::new(schedule),
            recorder,
            past: HashMap::new(),
            reusable: Reusable::new(),
            failed: HashMap::new(),
            kept: Kept::default(),
            services: self.services.clone(),
            calls: Arc::clone(&self.calls),
            clock: Arc::clone(&self.clock),
            worker: self.worker,
            epoch: FIRST_EPOCH,
            opened: false,
            cancelled: CancellationToken::new(),
            stop: self.stop.clone(),
            reply: Reply::default(),
            parking: Parking { waits: self.settings.wait_in_memory, retries: self.settings.wait_in_memory },
            slot: None,
            failed_before: None,
            turn: Turn::default(),
            max_steps,
            deadline: None,
            waited_out: false,
            steps: 0,
        }
    }

    /// Where items that a tenant's executions let go are read back.
    pub(super) fn shelf(&self, tenant: TenantId) -> Arc<Shelf> {
        let (log, clock) = (Arc::clone(&self.log), Arc::clone(&self.clock));
        Arc::new(Shelf { log, clock, tenant, stop: self.stop.clone() })
    }

    /// What the execution needs beside its turn. What people execute in the editor needs nothing.
    pub(super) fn slot(
        &self,
        info: &ExecutionInfo,
        plan: &Plan,
        begins: Beginning<'_>,
        tenant: &TenantSettings,
    ) -> Option<Arc<Slot>> {
        // Who waits for another execution holds a slot of the tenant already: the two would wait for each other.
        let is_waited_for = info.parent.is_some_and(|parent| parent.signal.is_some());
        let of_tenant = [tenant.at_once, self.settings.of_tenant].into_iter().flatten().min();
        let asked = plan.slot(info.execution, begins, of_tenant.filter(|_| !is_waited_for));
        let asked = asked.filter(|_| info.mode == ExecutionMode::Production)?;
        Some(Arc::new(Slot::new(Arc::clone(&self.log), &self.queues, info.tenant, asked)))
    }

    pub(super) fn recorder(
        &self,
        info: &ExecutionInfo,
        actor: weft_model::Actor,
        retention: Duration,
        expected: Expected,
    ) -> Recorder {
        let target = Target {
            log: Arc::clone(&self.log),
            clock: Arc::clone(&self.clock),
            entropy: Arc::clone(&self.entropy),
            tenant: info.tenant,
            stream: info.execution.into(),
            actor,
            correlation: info.correlation,
            retention,
            max_bytes: self.settings.max_bytes,
            max_stored: self.settings.max_stored,
            max_held: self.settings.max_held,
        };
        Recorder::new(target, expected, self.stop.clone())
    }
}

/// What the trigger gives: what it was called with, in the editor what is pinned to it, else one item that says nothing.
pub(crate) fn trigger_items(plan: &Plan, trigger: usize, uses_pinned: bool, given: Vec<Item>) -> Items {
    if !given.is_empty() {
        return Arc::new(given);
    }
    let node = &plan.nodes[trigger];
    let pinned = node.pinned.as_ref().filter(|_| uses_pinned);
    pinned.cloned().unwrap_or_else(|| Arc::new(vec![node.first_item()]))
}
