//! From a request to an execution under way.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use weft_event_log::{Companion, Expected};
use weft_model::execution::{ExecutionEvent, ExecutionMode};
use weft_model::{CorrelationId, ExecutionId};
use weft_value::{Item, Value};

use super::admission::Ticket;
use super::{Engine, Inner, StartError, StartExecution, Started};
use crate::TenantSettings;
use crate::clock::{fresh_id, later};
use crate::execution::{
    Drive, DriveEnd, DriveLimits, ExecutionInfo, Finished, Items, Parking, Recorder, Reply, Schedule, Target,
};
use crate::plan::Plan;

/// The first owner's epoch.
const FIRST_EPOCH: u32 = 1;

impl Engine {
    pub(super) async fn launch(
        &self,
        request: StartExecution,
        plan: Arc<Plan>,
        ticket: Ticket,
    ) -> Result<Started, StartError> {
        let trigger = plan.number_of(request.trigger).filter(|number| plan.nodes[*number].is_trigger);
        let trigger = trigger.ok_or(StartError::UnknownTrigger)?;
        let tenant = self.0.definitions.tenant(request.tenant).await?;
        let (sender, receiver) = oneshot::channel();
        let drive = self.0.first_drive(request, plan, trigger, &tenant, sender);
        self.progress(drive, ticket);
        receiver.await.unwrap_or(Err(StartError::Lost))
    }

    /// Lets an execution progress by itself.
    pub(super) fn progress(&self, drive: Drive, ticket: Ticket) {
        let engine = self.clone();
        let (tenant, execution) = (drive.info.tenant, drive.info.execution);
        self.0.under_way().insert(execution, drive.cancelled.clone());
        self.0.tasks.spawn_on(
            async move {
                let turn = ticket.turn().await;
                // A fault in one step must not leave an execution behind that seems to be alive for ever.
                let finished = AssertUnwindSafe(drive.run()).catch_unwind().await;
                engine.0.under_way().remove(&execution);
                match finished {
                    Ok(Finished { end: DriveEnd::Refused, .. }) => {
                        engine.abandon(tenant, execution, "What the execution made could not be recorded.").await;
                    }
                    Ok(finished) => engine.0.put_away(execution, finished),
                    Err(_) => {
                        engine.abandon(tenant, execution, "The server has a fault: a step ended unexpectedly.").await;
                    }
                }
                drop((turn, ticket));
            },
            &self.0.runtime,
        );
    }
}

impl Inner {
    fn first_drive(
        &self,
        request: StartExecution,
        plan: Arc<Plan>,
        trigger: usize,
        tenant: &TenantSettings,
        sender: oneshot::Sender<Result<Started, StartError>>,
    ) -> Drive {
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
        };
        let mut recorder = self.recorder(&info, request.actor, tenant.retention, Expected::NoStream);
        let items = trigger_items(&plan, trigger, request.mode, request.items);
        let output = vec![recorder.items(&items)];
        let queued = ExecutionEvent::Queued {
            workflow: request.workflow,
            workflow_name: plan.workflow_name.clone(),
            version: request.version,
            mode: request.mode,
            trigger: request.trigger,
            trigger_kind: plan.nodes[trigger].kind.clone(),
            output,
            retry_of: request.retry_of,
            at: now,
        };
        recorder.event(queued, now);
        let started = ExecutionEvent::Started { worker: self.worker, epoch: FIRST_EPOCH, seed: info.seed, at: now };
        recorder.event(started, now);
        for companion in request.companions {
            recorder.companion(companion);
        }
        if let Some(key) = request.idempotency_key {
            recorder.companion(Companion::IdempotencyKey { key });
        }
        let schedule = Schedule::begin(&plan, trigger, vec![items]);
        let reply = Reply { sender: Some(sender), respond: Some(request.respond), answer: None };
        let deadline = plan.timeout_seconds.map(|seconds| later(now, Duration::from_secs(seconds)));
        Drive { reply, deadline, ..self.drive(info, plan, schedule, recorder) }
    }

    /// A drive of an execution that nobody waits for.
    pub(super) fn drive(&self, info: ExecutionInfo, plan: Arc<Plan>, schedule: Schedule, recorder: Recorder) -> Drive {
        let steps = plan.max_steps.unwrap_or(self.settings.max_steps).min(self.settings.max_steps.max(1));
        Drive {
            plan,
            info: Arc::new(info),
            schedule: Arc::new(schedule),
            recorder,
            past: HashMap::new(),
            services: self.services.clone(),
            clock: Arc::clone(&self.clock),
            worker: self.worker,
            epoch: FIRST_EPOCH,
            opened: false,
            cancelled: CancellationToken::new(),
            stop: self.stop.clone(),
            reply: Reply::default(),
            parking: Parking { in_memory: self.settings.wait_in_memory },
            limits: DriveLimits { steps, bytes: self.settings.max_bytes },
            deadline: None,
            steps: 0,
        }
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
        };
        Recorder::new(target, expected, self.stop.clone())
    }

    /// An execution left memory. One that waits for a timer keeps its caller, as long as that is patient.
    fn put_away(&self, execution: ExecutionId, finished: Finished) {
        if let DriveEnd::Parked(until) = finished.end {
            if finished.reply.sender.as_ref().is_some_and(|sender| !sender.is_closed()) {
                let mut parked = self.parked();
                parked.retain(|_, reply| reply.sender.as_ref().is_some_and(|sender| !sender.is_closed()));
                parked.insert(execution, finished.reply);
            }
            self.wake_at(until);
        }
    }
}

/// What the trigger gives: what it was called with, in the editor what is pinned to it, else one empty item.
pub(crate) fn trigger_items(plan: &Plan, trigger: usize, mode: ExecutionMode, given: Vec<Item>) -> Items {
    if !given.is_empty() {
        return Arc::new(given);
    }
    let pinned = plan.nodes[trigger].pinned.as_ref().filter(|_| mode == ExecutionMode::Manual);
    pinned.cloned().unwrap_or_else(|| Arc::new(vec![Item::new(Value::empty_object())]))
}
