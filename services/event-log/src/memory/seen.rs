//! What nodes have seen, in memory.

use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use uuid::Uuid;
use weft_model::{ExecutionId, TenantId};

use super::MemoryLog;
use crate::{LogFault, MAX_SEEN, MarkKind, Seen, SeenBy, SeenDigest, SeenPlace};

/// What one tenant's nodes have seen.
#[derive(Default)]
pub(super) struct SeenPlaces(HashMap<SeenPlace, Place>);

#[derive(Default)]
struct Place {
    last: u64,
    values: HashMap<SeenDigest, (u64, Uuid)>,
    by_age: BTreeMap<u64, SeenDigest>,
    marks: HashMap<MarkKind, Mark>,
}

#[derive(Default)]
struct Mark {
    highest: Option<f64>,
    before: HashMap<Uuid, (ExecutionId, Option<f64>)>,
}

impl Place {
    fn see(&mut self, by: SeenBy, digest: SeenDigest) -> bool {
        if let Some((_, seen_by)) = self.values.get(&digest) {
            return *seen_by == by.step;
        }
        self.last += 1;
        self.values.insert(digest, (self.last, by.step));
        self.by_age.insert(self.last, digest);
        true
    }

    fn keep_last(&mut self, history: u32) {
        while self.by_age.len() > history as usize {
            if let Some((_, digest)) = self.by_age.pop_first() {
                self.values.remove(&digest);
            }
        }
    }
}

impl Mark {
    fn raise(&mut self, by: SeenBy, to: f64, is_open: impl Fn(ExecutionId) -> bool) -> Option<f64> {
        if let Some((_, before)) = self.before.get(&by.step) {
            return *before;
        }
        self.before.retain(|_, (execution, _)| is_open(*execution));
        self.before.insert(by.step, (by.execution, self.highest));
        self.highest.replace(self.highest.map_or(to, |highest| highest.max(to)))
    }
}

#[async_trait]
impl Seen for MemoryLog {
    async fn see_values(
        &self,
        tenant: TenantId,
        place: SeenPlace,
        by: Option<SeenBy>,
        values: &[SeenDigest],
        history: u32,
    ) -> Result<Vec<bool>, LogFault> {
        let mut state = self.state();
        let place = state.tenants.entry(tenant).or_default().companions.seen.0.entry(place).or_default();
        let Some(by) = by else {
            return Ok(values.iter().map(|digest| !place.values.contains_key(digest)).collect());
        };
        let answer = values.iter().map(|digest| place.see(by, *digest)).collect();
        place.keep_last(history.min(MAX_SEEN));
        Ok(answer)
    }

    async fn see_mark(
        &self,
        tenant: TenantId,
        place: SeenPlace,
        by: Option<SeenBy>,
        (kind, to): (MarkKind, f64),
    ) -> Result<Option<f64>, LogFault> {
        let mut state = self.state();
        let companions = &mut state.tenants.entry(tenant).or_default().companions;
        let mark = companions.seen.0.entry(place).or_default().marks.entry(kind).or_default();
        let open = &companions.open;
        Ok(match by {
            Some(by) => mark.raise(by, to, |execution| open.contains_key(&execution)),
            None => mark.highest,
        })
    }

    async fn forget_seen(&self, tenant: TenantId, place: SeenPlace) -> Result<(), LogFault> {
        let mut state = self.state();
        state.tenants.entry(tenant).or_default().companions.seen.0.remove(&place);
        Ok(())
    }
}
