//! The right to progress beside the other executions of the same workflow and the same tenant, where they name how many there may be.
//!
//! The log knows who holds a slot, so that the limit holds for all processes together. In this process, of those that wait with one
//! key only the first asks.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::Notify;
use weft_event_log::{SlotRequest, SystemLog};
use weft_model::execution::{ExecutionEvent, StepError};
use weft_model::{TenantId, WorkflowId};

use super::drive::Drive;
use super::parking::until;
use super::patience::{Patience, Pauses};
use super::recorder::Lost;
use crate::clock::Clock;

/// Those of a process that wait.
#[derive(Default)]
pub(crate) struct Queues {
    workflows: Mutex<Shared<(TenantId, WorkflowId), Queue>>,
    /// What tells that an execution of a tenant left memory that holds one of its slots.
    tenants: Mutex<Shared<TenantId, Notify>>,
}

/// Those of one workflow that wait.
#[derive(Default)]
struct Queue {
    firsts: Mutex<Shared<[u8; 16], tokio::sync::Mutex<()>>>,
    /// One of its executions left memory.
    ended: Notify,
}

/// What is kept as long as somebody uses it.
type Shared<K, V> = HashMap<K, Weak<V>>;

fn shared<K: Eq + Hash, V: Default>(all: &Mutex<Shared<K, V>>, key: K) -> Arc<V> {
    // Nothing panics while it holds the lock.
    let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = all.get(&key).and_then(Weak::upgrade) {
        return known;
    }
    all.retain(|_, other| other.strong_count() > 0);
    let new = Arc::new(V::default());
    all.insert(key, Arc::downgrade(&new));
    new
}

/// A slot that an execution needs; whoever waits for one of the same workflow, or the same tenant, looks again when this is dropped.
pub(crate) struct Slot {
    log: Arc<dyn SystemLog>,
    tenant: TenantId,
    asked: SlotRequest,
    queue: Arc<Queue>,
    of_tenant: Arc<Notify>,
}

impl Slot {
    pub(crate) fn new(log: Arc<dyn SystemLog>, queues: &Queues, tenant: TenantId, asked: SlotRequest) -> Self {
        let queue = shared(&queues.workflows, (tenant, asked.workflow));
        Self { log, tenant, asked, queue, of_tenant: shared(&queues.tenants, tenant) }
    }

    /// How many executions of the workflow hold or want one in this process.
    pub(crate) fn crowd(&self) -> usize {
        Arc::strong_count(&self.queue)
    }

    /// Waits for it behind those of this process that came before.
    async fn wait(&self, clock: &dyn Clock) -> Result<(), Lost> {
        let first = shared(&self.queue.firsts, self.asked.key);
        let _first = first.lock().await;
        let mut pauses = Pauses::default();
        loop {
            let (ended, of_tenant) = (self.queue.ended.notified(), self.of_tenant.notified());
            tokio::pin!(ended, of_tenant);
            // From here on nobody's end is missed.
            ended.as_mut().enable();
            of_tenant.as_mut().enable();
            if self.ask(clock).await? {
                return Ok(());
            }
            tokio::select! {
                () = pauses.rest(clock) => {}
                () = ended => pauses = Pauses::default(),
                () = of_tenant, if self.asked.most_of_tenant.is_some() => pauses = Pauses::default(),
            }
        }
    }

    /// Whether it is this one's; waits for a database that is away.
    async fn ask(&self, clock: &dyn Clock) -> Result<bool, Lost> {
        let (mut pauses, patience) = (Pauses::default(), Patience::begin(clock.now()));
        loop {
            match self.log.take_slot(self.tenant, self.asked).await {
                Ok(is_taken) => return Ok(is_taken),
                Err(fault) if patience.bears(&fault, clock.now()) => {
                    tracing::warn!(
                        execution.id = %self.asked.execution,
                        error = &fault as &dyn std::error::Error,
                        "A slot has to be asked for again."
                    );
                }
                Err(fault) => return Err(Lost::Refused(fault.into())),
            }
            pauses.rest(clock).await;
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.queue.ended.notify_waiters();
        self.of_tenant.notify_waiters();
    }
}

impl Drive {
    /// Waits until the execution may progress beside the others, as long as it may wait. It is recorded as queued until then.
    pub(super) async fn take_slot(&mut self) -> Result<Result<(), StepError>, Lost> {
        let Some(slot) = self.slot.clone() else { return Ok(Ok(())) };
        // Who goes on may hold one still, and those that wait here wait for that.
        let goes_on = self.opened;
        // Whoever waits is recorded, so that another process can go on with it, and its caller knows.
        self.flush().await?;
        if self.reply.wants_acceptance() {
            self.accept();
        }
        let (clock, end) = (Arc::clone(&self.clock), self.end_of_wait());
        let taking = async {
            if goes_on && slot.ask(&*clock).await? {
                return Ok(());
            }
            slot.wait(&*clock).await
        };
        tokio::select! {
            biased;
            () = self.cancelled.cancelled() => return Err(Lost::Fenced),
            () = self.stop.cancelled() => return Err(Lost::Stopping),
            taken = taking => taken?,
            () = until(&*clock, end) => return Ok(Err(self.late(end))),
        }
        if !goes_on {
            let (worker, epoch, seed, at) = (self.worker, self.epoch, self.info.seed, clock.now());
            self.recorder.event(ExecutionEvent::Started { worker, epoch, seed, at }, at);
            // Whoever looks at a long first step sees that it is at work.
            self.flush().await?;
        }
        Ok(Ok(()))
    }
}
