//! How many executions are taken on: so many progress, so many wait for their turn, the next one is refused.
//!
//! No tenant takes all places: an eighth of them is for the others, however many one brings. Fewer than eight are not divided.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use weft_model::{Priority, TenantId};

use crate::execution::{Turn, Turns, most_of_one};

pub(super) struct Admission {
    taken: Mutex<Taken>,
    limit: usize,
    /// The most of one tenant.
    most: usize,
    turns: Arc<Turns>,
}

/// The places that are taken.
#[derive(Default)]
struct Taken {
    all: usize,
    by_tenant: HashMap<TenantId, usize>,
}

/// The right to be in memory; given back when dropped.
pub(super) struct Ticket {
    admission: Arc<Admission>,
    tenant: TenantId,
}

impl Admission {
    pub(super) fn new(running: usize, queued: usize) -> Self {
        let limit = running + queued;
        Self { taken: Mutex::default(), limit, most: most_of_one(limit), turns: Arc::new(Turns::new(running)) }
    }

    pub(super) fn admitted(&self) -> usize {
        self.taken().all
    }

    /// A place, or nothing when all are taken, or all that one tenant may take.
    pub(super) fn admit(self: &Arc<Self>, tenant: TenantId) -> Option<Ticket> {
        let mut taken = self.taken();
        let is_room = taken.all < self.limit && taken.by_tenant.get(&tenant).is_none_or(|own| *own < self.most);
        is_room.then(|| self.ticket(&mut taken, tenant))
    }

    /// A place even when all are taken: for what is durable already and must go on.
    pub(super) fn admit_always(self: &Arc<Self>, tenant: TenantId) -> Ticket {
        self.ticket(&mut self.taken(), tenant)
    }

    fn ticket(self: &Arc<Self>, taken: &mut Taken, tenant: TenantId) -> Ticket {
        taken.all += 1;
        *taken.by_tenant.entry(tenant).or_default() += 1;
        Ticket { admission: Arc::clone(self), tenant }
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticket {
    /// A turn to be waited for.
    pub(super) fn turn(&self, priority: Priority) -> Turn {
        Turn::of(Arc::clone(&self.admission.turns), self.tenant, priority)
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut taken = self.admission.taken();
        taken.all -= 1;
        if let Some(own) = taken.by_tenant.get_mut(&self.tenant) {
            *own -= 1;
            if *own == 0 {
                taken.by_tenant.remove(&self.tenant);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn one_tenant_leaves_places_for_the_others() {
        let admission = Arc::new(Admission::new(8, 8));
        let [one, other] = [1, 2].map(|number| TenantId(Uuid::from_u128(number)));
        let mut all: Vec<Ticket> = std::iter::from_fn(|| admission.admit(one)).collect();
        assert_eq!(all.len(), 14);
        let others: Vec<Ticket> = std::iter::from_fn(|| admission.admit(other)).collect();
        assert_eq!((others.len(), admission.admitted()), (2, 16));
        drop(others);
        assert!(admission.admit(one).is_none(), "those places are not its own");
        all.pop();
        assert!(admission.admit(one).is_some());
        let always = admission.admit_always(one);
        all.push(always);
        drop(all);
        assert_eq!((admission.admitted(), admission.taken().by_tenant.len()), (0, 0));
    }
}
