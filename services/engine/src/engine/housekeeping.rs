//! What a process does all the time: it says that it is alive, takes over what dead ones left, and fires timers.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use weft_event_log::LogFault;

use super::Engine;
use crate::clock::later;

/// How many orphans are taken over in one go.
const BATCH: usize = 256;
/// How many of them are read at once.
const AT_ONCE: usize = 16;

/// Which executions a process looks after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    /// Those that it began itself. Another process must look after every one.
    Own,
    /// Those too that nobody drives: of processes that ended, and those whose timer is due.
    Every,
}

impl Engine {
    /// Starts the housekeeping of this process; it ends with [`Engine::drain`].
    pub fn keep_house(&self, care: Care) {
        let engine = self.clone();
        self.0.runtime.spawn(async move { engine.stay_alive().await });
        let engine = self.clone();
        self.0.runtime.spawn(async move { engine.take_care(care).await });
        let engine = self.clone();
        self.0.runtime.spawn(async move { engine.watch_waiting().await });
        if care == Care::Every {
            let engine = self.clone();
            self.0.runtime.spawn(async move { engine.watch_timers().await });
        }
    }

    /// Says that this process is alive and does nothing else, so that it looks alive however busy it is. One that drains still
    /// drives executions, so that it stays alive until everything has stopped.
    async fn stay_alive(&self) {
        loop {
            if let Err(fault) = self.0.log.heartbeat(self.0.worker).await {
                tracing::warn!(
                    error = &fault as &dyn std::error::Error,
                    "This process could not say that it is alive; it is tried again."
                );
            }
            if !self.rest(self.0.settings.heartbeat).await {
                return;
            }
        }
    }

    /// Looks after executions that nobody drives.
    async fn take_care(&self, care: Care) {
        loop {
            self.abandon_again().await;
            if care == Care::Every
                && !self.0.closing.is_cancelled()
                && let Err(fault) = self.adopt_orphans().await
            {
                tracing::warn!(
                    error = &fault as &dyn std::error::Error,
                    "Orphaned executions could not be found; it is tried again."
                );
            }
            if !self.rest(self.0.settings.heartbeat).await {
                return;
            }
        }
    }

    /// Looks after callers of executions that wait.
    async fn watch_waiting(&self) {
        while self.rest(self.0.settings.silent_for).await {
            self.release_callers().await;
        }
    }

    /// Takes over the executions of processes that have been silent for too long, and gives their number.
    pub async fn adopt_orphans(&self) -> Result<usize, LogFault> {
        let orphans = self.0.log.orphaned_executions(self.0.settings.silent_for, BATCH).await?;
        let count = orphans.len();
        stream::iter(orphans)
            .for_each_concurrent(AT_ONCE, |orphan| async move {
                let execution = orphan.execution.execution;
                // Our own row is an orphan's when our heartbeat was late; as long as we drive it, nothing is wrong.
                if self.0.under_way().contains_key(&execution) {
                    return;
                }
                if let Err(error) = self.take_over(orphan.tenant, execution, None).await {
                    tracing::warn!(
                        execution.id = %execution,
                        error = &error as &dyn std::error::Error,
                        "An execution could not be taken over; it is tried again."
                    );
                }
            })
            .await;
        Ok(count)
    }

    async fn watch_timers(&self) {
        loop {
            if let Err(fault) = self.fire_due_timers().await {
                tracing::warn!(
                    error = &fault as &dyn std::error::Error,
                    "Timers could not be read; it is tried again."
                );
            }
            let look = self.next_look(self.0.clock.now());
            tokio::select! {
                () = self.0.clock.sleep_until(look) => {}
                () = self.0.wake.notified() => {}
                () = self.0.closing.cancelled() => return,
            }
        }
    }

    /// Rests for a while; false when the process ends meanwhile.
    async fn rest(&self, length: Duration) -> bool {
        let until = later(self.0.clock.now(), length);
        tokio::select! {
            () = self.0.clock.sleep_until(until) => true,
            () = self.0.stop.cancelled() => false,
        }
    }

    /// Takes nothing on any longer, waits for what is under way, and after `patience` hands the rest over to other processes:
    /// what is recorded stays, and nobody is waited for any longer.
    pub async fn drain(&self, patience: Duration) {
        self.0.closing.cancel();
        self.0.tasks.close();
        let deadline = later(self.0.clock.now(), patience);
        tokio::select! {
            () = self.0.tasks.wait() => {}
            () = self.0.clock.sleep_until(deadline) => {
                tracing::info!(executions = self.state().admitted, "Executions that are still under way are handed over.");
            }
        }
        self.0.stop.cancel();
        self.0.tasks.wait().await;
        self.0.waiting.release_all();
        if let Err(fault) = self.0.log.retire(self.0.worker).await {
            tracing::warn!(
                error = &fault as &dyn std::error::Error,
                "This process could not say that it ends; its executions are taken over a little later."
            );
        }
    }
}
