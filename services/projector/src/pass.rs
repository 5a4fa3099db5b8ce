//! One pass over one tenant: read, fold, move the checkpoints, in one transaction.

use std::collections::HashMap;

use metrics::counter;
use tracing::error;
use weft_model::{Position, TenantId};
use weft_projections::{FoldFault, Projection};
use weft_scope::TenantTransaction;

use crate::batch::Batch;
use crate::checkpoint::{self, Checkpoint, Generation};
use crate::{Projector, ProjectorFault};

/// What a pass did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Another process folds this tenant; it will see what we saw.
    Elsewhere,
    /// Everything that the log held was folded.
    CaughtUp {
        /// How far.
        position: Position,
        /// How many events.
        events: usize,
    },
    /// The pass reached its bound; the log goes on.
    More {
        /// How far.
        position: Position,
        /// How many events.
        events: usize,
    },
}

/// One projection of one generation, and the position after which it goes on.
#[derive(Clone, Copy)]
pub(crate) struct Work<'a> {
    pub projection: &'a dyn Projection,
    pub generation: Generation,
    pub after: Position,
}

impl Projector {
    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.inner.projections.iter().map(|projection| projection.name()).collect()
    }

    /// Folds what the tenant's log holds beyond its checkpoints, at most one batch.
    pub async fn pass(&self, tenant: TenantId) -> Result<Pass, ProjectorFault> {
        let mut transaction = self.inner.scope.tenant(tenant).begin().await?;
        let Some(checkpoints) = checkpoint::lock_live(tenant, &mut transaction, &self.names()).await? else {
            return Ok(Pass::Elsewhere);
        };
        let work = self.open_work(&checkpoints);
        let Some(after) = work.iter().map(|work| work.after).min() else {
            return Ok(Pass::CaughtUp { position: Position::default(), events: 0 });
        };
        let batch = Batch::read(&*self.inner.log, tenant, after, self.inner.options.batch).await?;
        if batch.len() > 0 {
            checkpoint::use_live_tables(tenant, &mut transaction).await?;
            self.fold(tenant, transaction, &work, &batch).await?;
        }
        self.inner.progress.reached(tenant, batch.end);
        let (position, events) = (batch.end, batch.len());
        Ok(if batch.is_full { Pass::More { position, events } } else { Pass::CaughtUp { position, events } })
    }

    fn open_work(&self, checkpoints: &HashMap<String, Checkpoint>) -> Vec<Work<'_>> {
        let open = |projection: &'_ dyn Projection| {
            let checkpoint = checkpoints.get(projection.name()).filter(|checkpoint| !checkpoint.is_parked)?;
            Some((checkpoint.generation, checkpoint.position))
        };
        let work = self.inner.projections.iter().filter_map(|projection| {
            let (generation, after) = open(&**projection)?;
            Some(Work { projection: &**projection, generation, after })
        });
        work.collect()
    }

    /// Folds the batch into everything at once; when something cannot be folded, into each projection apart.
    async fn fold(
        &self,
        tenant: TenantId,
        mut transaction: TenantTransaction,
        work: &[Work<'_>],
        batch: &Batch,
    ) -> Result<(), ProjectorFault> {
        match fold_together(tenant, &mut transaction, work, batch).await {
            Ok(()) => {
                transaction.commit().await?;
                count(batch);
                Ok(())
            }
            Err(Stopped::Passing(fault)) => Err(fault),
            Err(Stopped::Poisoned) => {
                transaction.rollback().await?;
                for work in work {
                    self.fold_apart(tenant, work.projection, batch).await?;
                }
                Ok(())
            }
        }
    }

    /// Folds the batch into one projection, and parks it at the event that cannot be folded.
    async fn fold_apart(
        &self,
        tenant: TenantId,
        projection: &dyn Projection,
        batch: &Batch,
    ) -> Result<(), ProjectorFault> {
        let mut limit = batch.len();
        loop {
            let mut transaction = self.inner.scope.tenant(tenant).begin().await?;
            let locked = checkpoint::lock_live(tenant, &mut transaction, &[projection.name()]).await?;
            let Some(at) = locked.and_then(|locked| locked.get(projection.name()).cloned()) else { return Ok(()) };
            if at.is_parked || at.position >= batch.end {
                return Ok(());
            }
            checkpoint::use_live_tables(tenant, &mut transaction).await?;
            let work = Work { projection, generation: at.generation, after: at.position };
            match fold_some(tenant, &mut transaction, work, batch, limit).await {
                Ok(()) => transaction.commit().await?,
                // The guilty one is among several: half of them next time, until it is alone.
                Err(Unfolded::Several) => limit = (limit / 2).max(1),
                Err(Unfolded::One { position, reason }) => {
                    transaction.rollback().await?;
                    return self.park(tenant, work, position, &reason).await;
                }
                Err(Unfolded::Passing(fault)) => return Err(fault),
            }
        }
    }

    async fn park(
        &self,
        tenant: TenantId,
        work: Work<'_>,
        position: Position,
        reason: &str,
    ) -> Result<(), ProjectorFault> {
        let name = work.projection.name();
        let mut transaction = self.inner.scope.tenant(tenant).begin().await?;
        checkpoint::park(tenant, &mut transaction, (name, work.generation), position, reason).await?;
        transaction.commit().await?;
        counter!("weft_projections_parked_total", "projection" => name).increment(1);
        error!(
            tenant.id = %tenant, projection.name = name, event.position = position.0, reason,
            "A projection is parked for a tenant, since an event cannot be folded; the others go on. \
             Repair the cause, then run `weft projection rebuild`."
        );
        Ok(())
    }
}

/// Counts what happened, by type: each event is folded by one process, so that the sum over all processes is the truth.
fn count(batch: &Batch) {
    for (wire_type, events) in batch.types() {
        counter!("weft_events_total", "type" => wire_type).increment(events);
    }
}

/// Why a fold of everything at once stopped.
enum Stopped {
    /// Something that may pass; the whole pass is tried again.
    Passing(ProjectorFault),
    /// Some projection cannot fold some event.
    Poisoned,
}

async fn fold_together(
    tenant: TenantId,
    transaction: &mut TenantTransaction,
    work: &[Work<'_>],
    batch: &Batch,
) -> Result<(), Stopped> {
    for work in work {
        let (facts, undecodable) = batch.beyond(work.after, work.projection);
        if undecodable.is_some() {
            return Err(Stopped::Poisoned);
        }
        if !facts.is_empty() {
            work.projection.fold(tenant, transaction, facts).await.map_err(|fault| stopped(work.projection, fault))?;
        }
    }
    let moved: Vec<_> = work.iter().map(|work| (work.projection.name(), work.generation)).collect();
    checkpoint::advance(tenant, transaction, &moved, batch.end).await.map_err(|fault| Stopped::Passing(fault.into()))
}

fn stopped(projection: &dyn Projection, fault: FoldFault) -> Stopped {
    if fault.is_passing() {
        Stopped::Passing(ProjectorFault::Fold { projection: projection.name(), fault })
    } else {
        Stopped::Poisoned
    }
}

/// Why one projection did not fold some facts.
pub(crate) enum Unfolded {
    Passing(ProjectorFault),
    /// One of several facts is to blame.
    Several,
    /// This one is.
    One {
        position: Position,
        reason: String,
    },
}

/// Folds at most `limit` facts into one projection and moves its checkpoint past them.
pub(crate) async fn fold_some(
    tenant: TenantId,
    transaction: &mut TenantTransaction,
    work: Work<'_>,
    batch: &Batch,
    limit: usize,
) -> Result<(), Unfolded> {
    let (facts, undecodable) = batch.beyond(work.after, work.projection);
    let end = match (facts.len() > limit, undecodable) {
        (true, _) => facts[limit - 1].position,
        (false, None) => batch.end,
        (false, Some(event)) if facts.is_empty() => {
            return Err(Unfolded::One { position: event.position, reason: event.reason.clone() });
        }
        (false, Some(event)) => Position(event.position.0 - 1),
    };
    let facts = &facts[..facts.len().min(limit)];
    if !facts.is_empty() {
        work.projection.fold(tenant, transaction, facts).await.map_err(|fault| blame(work.projection, fault, facts))?;
    }
    let moved = [(work.projection.name(), work.generation)];
    checkpoint::advance(tenant, transaction, &moved, end).await.map_err(|fault| Unfolded::Passing(fault.into()))
}

fn blame(projection: &dyn Projection, fault: FoldFault, facts: &[weft_projections::Fact]) -> Unfolded {
    if fault.is_passing() {
        return Unfolded::Passing(ProjectorFault::Fold { projection: projection.name(), fault });
    }
    match facts {
        [fact] => Unfolded::One { position: fact.position, reason: described(&fault) },
        _ => Unfolded::Several,
    }
}

/// The fault with its causes, for the person who repairs it; a fold's statements hold no items and no secrets.
fn described(fault: &FoldFault) -> String {
    let mut text = fault.to_string();
    let mut source = std::error::Error::source(fault);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
