//! Editors that wait for one call of a webhook's test address.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use weft_model::{HookId, NodeId, TenantId, WorkflowId};

use super::Engine;

/// Somebody in the editor waits for one call of a test address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestListener {
    /// The tenant.
    pub tenant: TenantId,
    /// The unguessable part of the address.
    pub hook: HookId,
    /// The workflow.
    pub workflow: WorkflowId,
    /// The webhook node.
    pub node: NodeId,
    /// The draft that is executed, by the version of the workflow's stream.
    pub draft: u32,
    /// The end of patience.
    pub until: Timestamp,
}

#[derive(Default)]
pub(super) struct Listeners(Mutex<HashMap<(TenantId, HookId), TestListener>>);

impl Listeners {
    fn all(&self) -> MutexGuard<'_, HashMap<(TenantId, HookId), TestListener>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine {
    /// Waits for one call, instead of an earlier wait for the same address.
    pub fn listen(&self, listener: TestListener) {
        let now = self.0.clock.now();
        let mut all = self.0.listeners.all();
        all.retain(|_, known| known.until > now);
        all.insert((listener.tenant, listener.hook), listener);
    }

    /// Who waits for calls of this address.
    pub fn listener(&self, tenant: TenantId, hook: HookId) -> Option<TestListener> {
        let now = self.0.clock.now();
        self.0.listeners.all().get(&(tenant, hook)).filter(|listener| listener.until > now).cloned()
    }

    /// Takes the listener for the one call that it waited for.
    pub fn take_listener(&self, tenant: TenantId, hook: HookId) -> Option<TestListener> {
        let now = self.0.clock.now();
        self.0.listeners.all().remove(&(tenant, hook)).filter(|listener| listener.until > now)
    }

    /// Waits no longer.
    pub fn stop_listening(&self, tenant: TenantId, hook: HookId) {
        self.0.listeners.all().remove(&(tenant, hook));
    }
}
