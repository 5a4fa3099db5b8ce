//! Whose turn it is.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;
use weft_model::TenantId;

/// Tenants that have something to fold. Each waits at most once; the one that has been ready for longest is next, so a
/// tenant with an endless log takes its turn like every other.
#[derive(Default)]
pub(crate) struct Queue {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    waiting: BTreeSet<(Instant, u64, TenantId)>,
    tenants: HashMap<TenantId, Turn>,
    counter: u64,
}

/// Where a tenant stands.
enum Turn {
    /// It waits; its place in the queue.
    Waiting(Instant, u64),
    /// It is being folded; whether more came meanwhile.
    AtWork { again: bool },
    /// It rests until this moment.
    Resting(Instant),
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The tenant has something to fold.
    pub(crate) fn wake(&self, tenant: TenantId) {
        let mut state = self.state();
        let ready = match state.tenants.get_mut(&tenant) {
            Some(Turn::Waiting(..)) => return,
            Some(Turn::AtWork { again }) => {
                *again = true;
                return;
            }
            Some(Turn::Resting(until)) => (*until).max(Instant::now()),
            None => Instant::now(),
        };
        state.enter(tenant, ready);
        drop(state);
        self.changed.notify_one();
    }

    /// Somebody waits for the tenant: its rest ends now.
    pub(crate) fn hurry(&self, tenant: TenantId) {
        let mut state = self.state();
        match state.tenants.get(&tenant) {
            Some(Turn::AtWork { .. }) => return,
            Some(Turn::Waiting(ready, counter)) => {
                let place = (*ready, *counter, tenant);
                state.waiting.remove(&place);
            }
            Some(Turn::Resting(_)) | None => {}
        }
        state.enter(tenant, Instant::now());
        drop(state);
        self.changed.notify_one();
    }

    /// The tenant whose turn it is, as soon as there is one.
    pub(crate) async fn next(&self) -> TenantId {
        loop {
            let ready = match self.take() {
                Ok(tenant) => return tenant,
                Err(ready) => ready,
            };
            let rest = async {
                match ready {
                    Some(at) => tokio::time::sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = self.changed.notified() => {}
                () = rest => {}
            }
        }
    }

    /// The next tenant, or when one will be ready.
    fn take(&self) -> Result<TenantId, Option<Instant>> {
        let mut state = self.state();
        let Some(&(ready, counter, tenant)) = state.waiting.first() else { return Err(None) };
        if ready > Instant::now() {
            return Err(Some(ready));
        }
        state.waiting.remove(&(ready, counter, tenant));
        state.tenants.insert(tenant, Turn::AtWork { again: false });
        let more = !state.waiting.is_empty();
        drop(state);
        if more {
            self.changed.notify_one();
        }
        Ok(tenant)
    }

    /// The tenant's pass is over. It gets its next turn after `rest`: by itself when there is `more`, else when it is woken.
    pub(crate) fn done(&self, tenant: TenantId, more: bool, rest: Duration) {
        let mut state = self.state();
        let again = matches!(state.tenants.get(&tenant), Some(Turn::AtWork { again: true }));
        let until = Instant::now() + rest;
        if more || again {
            state.enter(tenant, until);
            drop(state);
            self.changed.notify_one();
        } else {
            state.forget_rested();
            state.tenants.insert(tenant, Turn::Resting(until));
        }
    }
}

impl State {
    fn enter(&mut self, tenant: TenantId, ready: Instant) {
        self.counter += 1;
        self.waiting.insert((ready, self.counter, tenant));
        self.tenants.insert(tenant, Turn::Waiting(ready, self.counter));
    }

    /// Keeps the map as small as what is going on.
    fn forget_rested(&mut self) {
        if self.tenants.len() > 1024 {
            let now = Instant::now();
            self.tenants.retain(|_, turn| !matches!(turn, Turn::Resting(until) if *until <= now));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenant(number: u128) -> TenantId {
        TenantId(uuid::Uuid::from_u128(number))
    }

    const NONE: Duration = Duration::ZERO;

    #[tokio::test]
    async fn a_tenant_with_an_endless_log_takes_turns_with_the_others() {
        let queue = Queue::default();
        queue.wake(tenant(1));
        assert_eq!(queue.next().await, tenant(1));
        queue.wake(tenant(2));
        queue.wake(tenant(3));
        queue.done(tenant(1), true, NONE);
        assert_eq!(queue.next().await, tenant(2));
        assert_eq!(queue.next().await, tenant(3));
        assert_eq!(queue.next().await, tenant(1));
    }

    #[tokio::test]
    async fn a_wake_up_during_a_pass_is_not_lost_and_not_doubled() {
        let queue = Queue::default();
        queue.wake(tenant(1));
        queue.wake(tenant(1));
        assert_eq!(queue.next().await, tenant(1));
        assert!(queue.take().is_err());
        queue.wake(tenant(1));
        queue.wake(tenant(1));
        queue.done(tenant(1), false, NONE);
        assert_eq!(queue.next().await, tenant(1));
        queue.done(tenant(1), false, NONE);
        assert!(queue.take().is_err());
    }

    #[tokio::test]
    async fn a_tenant_rests_between_passes_unless_somebody_waits() {
        let queue = Queue::default();
        queue.wake(tenant(1));
        queue.next().await;
        queue.done(tenant(1), true, Duration::from_hours(1));
        assert!(matches!(queue.take(), Err(Some(_))));
        queue.hurry(tenant(1));
        assert_eq!(queue.take().ok(), Some(tenant(1)));
        queue.done(tenant(1), false, Duration::from_hours(1));
        assert!(matches!(queue.take(), Err(None)), "nothing woke it");
        queue.wake(tenant(1));
        assert!(
            matches!(queue.take(), Err(Some(_))),
            "it was woken while it rested, and waits for the end of its rest"
        );
    }
}
