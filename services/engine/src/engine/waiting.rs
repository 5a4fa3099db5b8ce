//! Callers of executions that wait for a timer. The execution has left memory; its caller is answered by whichever drive of this
//! process goes on with it.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use weft_model::{ExecutionId, StreamVersion, TenantId};

use super::Engine;
use crate::execution::Reply;

#[derive(Default)]
pub(super) struct Waiting(Mutex<HashMap<ExecutionId, Caller>>);

pub(super) struct Caller {
    tenant: TenantId,
    /// Where the stream stood when the execution left memory.
    version: StreamVersion,
    pub(super) reply: Reply,
}

impl Caller {
    /// Whether somebody still waits for the answer.
    fn is_there(&self) -> bool {
        self.reply.sender.as_ref().is_some_and(|sender| !sender.is_closed())
    }
}

impl Waiting {
    fn all(&self) -> MutexGuard<'_, HashMap<ExecutionId, Caller>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the caller of an execution whose stream stands at `version`, as long as it is patient.
    pub(super) fn keep(&self, tenant: TenantId, execution: ExecutionId, version: StreamVersion, reply: Reply) {
        self.put_back(execution, Some(Caller { tenant, version, reply }));
    }

    pub(super) fn put_back(&self, execution: ExecutionId, caller: Option<Caller>) {
        if let Some(caller) = caller.filter(Caller::is_there) {
            self.all().insert(execution, caller);
        }
    }

    /// The caller, who is not kept any longer.
    pub(super) fn take(&self, execution: ExecutionId) -> Option<Caller> {
        self.all().remove(&execution)
    }

    /// Lets everybody go.
    pub(super) fn release_all(&self) {
        self.all().clear();
    }

    /// Whom we keep, without those who have gone away.
    fn kept(&self) -> Vec<(ExecutionId, TenantId, StreamVersion)> {
        let mut all = self.all();
        all.retain(|_, caller| caller.is_there());
        all.iter().map(|(execution, caller)| (*execution, caller.tenant, caller.version)).collect()
    }

    /// Lets a caller go whose execution went on elsewhere from `version`. One that meanwhile waits again is kept.
    fn release(&self, execution: ExecutionId, version: StreamVersion) {
        let mut all = self.all();
        if all.get(&execution).is_some_and(|caller| caller.version == version) {
            all.remove(&execution);
        }
    }
}

impl Engine {
    /// Lets every caller go whose execution went on in another process: the answer is made there, and nobody brings it here.
    pub(super) async fn release_callers(&self) {
        for (execution, tenant, version) in self.0.waiting.kept() {
            match self.0.log.read_stream(tenant, execution.into(), version, 1).await {
                Ok(later) if later.is_empty() => {}
                Ok(_) => self.0.waiting.release(execution, version),
                Err(fault) => {
                    tracing::debug!(
                        execution.id = %execution,
                        error = &fault as &dyn std::error::Error,
                        "It could not be seen whether the execution went on; it is tried again."
                    );
                    return;
                }
            }
        }
    }
}
