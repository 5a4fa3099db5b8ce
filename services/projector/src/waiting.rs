//! Waiting for the read side: a query that follows a command sees what the command did.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;
use weft_model::{Position, TenantId};

use crate::{Projector, ProjectorFault, checkpoint};

/// How far this process has folded.
#[derive(Default)]
pub(crate) struct Progress {
    folded: Mutex<HashMap<TenantId, Position>>,
    moved: Notify,
}

impl Progress {
    pub(crate) fn reached(&self, tenant: TenantId, position: Position) {
        let mut folded = self.folded.lock().unwrap_or_else(PoisonError::into_inner);
        let known = folded.entry(tenant).or_default();
        let has_moved = position > *known;
        *known = position.max(*known);
        drop(folded);
        // Nobody is woken for nothing, or those who look for themselves would keep each other awake.
        if has_moved {
            self.moved.notify_waiters();
        }
    }

    fn has_reached(&self, tenant: TenantId, position: Position) -> bool {
        let folded = self.folded.lock().unwrap_or_else(PoisonError::into_inner);
        folded.get(&tenant).is_some_and(|known| *known >= position)
    }
}

/// Another process may be the one that folds: its progress shows in the checkpoints.
const LOOK_AGAIN: Duration = Duration::from_millis(40);

impl Projector {
    /// Waits until every projection of the tenant (those that are parked aside) has folded `position`, at most
    /// [`Options::patience`](crate::Options::patience). Whether it was reached.
    pub async fn at_least(&self, tenant: TenantId, position: Position) -> Result<bool, ProjectorFault> {
        let deadline = Instant::now() + self.inner.options.patience;
        loop {
            let moved = self.inner.progress.moved.notified();
            if self.inner.progress.has_reached(tenant, position) {
                return Ok(true);
            }
            let folded = self.folded(tenant).await?;
            self.inner.progress.reached(tenant, folded);
            if folded >= position {
                return Ok(true);
            }
            if Instant::now() >= deadline {
                return Ok(false);
            }
            self.inner.queue.hurry(tenant);
            tokio::pin!(moved);
            let _ = tokio::time::timeout(LOOK_AGAIN, moved).await;
        }
    }

    /// How far the slowest projection of the tenant is, those that are parked aside.
    pub async fn folded(&self, tenant: TenantId) -> Result<Position, ProjectorFault> {
        let mut transaction = self.inner.scope.tenant(tenant).begin().await?;
        let folded = checkpoint::folded(tenant, &mut transaction, &self.names()).await?;
        transaction.rollback().await?;
        Ok(folded)
    }
}

/// How far the slowest of these projections of the tenant is, those that are parked aside, as `connection` sees it: what is read in
/// the same snapshot is what was folded up to there.
pub async fn folded_in(
    tenant: TenantId,
    connection: &mut sqlx::PgConnection,
    projections: &[&str],
) -> Result<Position, sqlx::Error> {
    checkpoint::folded(tenant, connection, projections).await
}
