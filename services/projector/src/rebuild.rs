//! Rebuilding projections from the first event, beside the live ones.
//!
//! The new generation has a schema, rows and checkpoints of its own. Readers and the live fold go on until the new rows have
//! caught up; then one short transaction, which holds the live checkpoints, makes the new generation the live one. What a
//! reader has open keeps reading the old rows; they are deleted when that is over.

use std::time::Duration;

use tokio::time::Instant;
use weft_model::{Position, TenantId};
use weft_scope::{OwnerConnection, SchemaName, TenantScope};

use crate::batch::Batch;
use crate::checkpoint::{self, Generation};
use crate::pass::{Unfolded, Work, fold_some};
use crate::{Projector, ProjectorFault};

/// What shall be rebuilt.
#[derive(Clone, Debug, Default)]
pub struct Rebuild {
    /// The projections by name; all when empty.
    pub projections: Vec<String>,
    /// The tenants; all that have a log when empty.
    pub tenants: Vec<TenantId>,
}

/// What was rebuilt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// The number of the new generation.
    pub generation: i32,
    /// The projections.
    pub projections: Vec<&'static str>,
    /// How many tenants.
    pub tenants: usize,
    /// How many events were folded.
    pub events: u64,
    /// How long it took, the grace for readers aside.
    pub took: Duration,
}

/// One tenant's rebuild.
struct Target<'a> {
    tenant: TenantId,
    scope: TenantScope,
    names: &'a [&'static str],
    generation: Generation,
}

/// How often the fold of the log's end is repeated before the live checkpoints are held: each round is shorter.
const ROUNDS: usize = 5;

impl Projector {
    /// Rebuilds beside the live generation and switches, tenant by tenant. Needs the owner's connection, since it makes tables.
    pub async fn rebuild(&self, owner: &mut OwnerConnection, rebuild: &Rebuild) -> Result<Rebuilt, ProjectorFault> {
        let began = Instant::now();
        let names = self.named(&rebuild.projections)?;
        let tenants = if rebuild.tenants.is_empty() { all_tenants(owner).await? } else { rebuild.tenants.clone() };
        take_turn(owner).await?;
        let generation = make_generation(owner, &names).await?;
        let schema = SchemaName::new(format!("projections_g{}", generation.0))?;
        let mut events = 0;
        for tenant in &tenants {
            let scope = self.inner.scope.tenant(*tenant).reading([schema.clone()]);
            events += self.rebuild_tenant(&Target { tenant: *tenant, scope, names: &names, generation }).await?;
        }
        let took = began.elapsed();
        tokio::time::sleep(self.inner.options.grace).await;
        retire(owner, &tenants).await?;
        end_turn(owner).await?;
        Ok(Rebuilt { generation: generation.0, projections: names, tenants: tenants.len(), events, took })
    }

    fn named(&self, wanted: &[String]) -> Result<Vec<&'static str>, ProjectorFault> {
        let known = self.names();
        if wanted.is_empty() {
            return Ok(known);
        }
        let find = |name: &String| known.iter().copied().find(|known| known == name);
        wanted.iter().map(|name| find(name).ok_or_else(|| ProjectorFault::UnknownProjection(name.clone()))).collect()
    }

    async fn rebuild_tenant(&self, target: &Target<'_>) -> Result<u64, ProjectorFault> {
        let mut events = 0;
        for _ in 0..ROUNDS {
            let folded = self.fold_to_the_end(target).await?;
            events += folded;
            if folded < self.inner.options.batch as u64 {
                break;
            }
        }
        Ok(events + self.switch(target).await?)
    }

    /// Folds batch after batch; while one is folded, the next is read.
    async fn fold_to_the_end(&self, target: &Target<'_>) -> Result<u64, ProjectorFault> {
        let mut events = 0;
        let mut after = self.rebuilt_to(target).await?;
        let limit = self.inner.options.batch;
        let mut batch = Batch::read(&*self.inner.log, target.tenant, after, limit).await?;
        loop {
            events += batch.len() as u64;
            after = batch.end;
            if !batch.is_full {
                self.fold_rebuilt(target, &batch).await?;
                return Ok(events);
            }
            let next = Batch::read(&*self.inner.log, target.tenant, after, limit);
            let (folded, next) = tokio::join!(self.fold_rebuilt(target, &batch), next);
            folded?;
            batch = next?;
        }
    }

    async fn rebuilt_to(&self, target: &Target<'_>) -> Result<Position, ProjectorFault> {
        let mut transaction = target.scope.begin().await?;
        let checkpoints =
            checkpoint::lock_generation(target.tenant, &mut transaction, target.names, target.generation).await?;
        transaction.commit().await?;
        Ok(checkpoints.values().map(|checkpoint| checkpoint.position).min().unwrap_or_default())
    }

    async fn fold_rebuilt(&self, target: &Target<'_>, batch: &Batch) -> Result<(), ProjectorFault> {
        if batch.len() == 0 {
            return Ok(());
        }
        let mut limit = batch.len();
        loop {
            let mut transaction = target.scope.begin().await?;
            let checkpoints =
                checkpoint::lock_generation(target.tenant, &mut transaction, target.names, target.generation).await?;
            let mut is_done = true;
            for projection in self.inner.projections.iter().filter(|known| target.names.contains(&known.name())) {
                let after = checkpoints.get(projection.name()).map(|at| at.position).unwrap_or_default();
                let work = Work { projection: &**projection, generation: target.generation, after };
                is_done = fold_or_halve(target.tenant, &mut transaction, work, batch, &mut limit).await?;
                if !is_done {
                    // The transaction is of no use to the others.
                    break;
                }
            }
            if is_done {
                transaction.commit().await?;
                if self.rebuilt_to(target).await? >= batch.end {
                    return Ok(());
                }
            } else {
                transaction.rollback().await?;
            }
        }
    }

    /// Makes the new generation the live one. The live checkpoints are held meanwhile, so that nothing is folded that the
    /// new rows would miss, and no reader sees the past again.
    async fn switch(&self, target: &Target<'_>) -> Result<u64, ProjectorFault> {
        let mut holding = self.hold_live(target).await?;
        let events = self.fold_to_the_end(target).await?;
        sqlx::query(
            "insert into weft.projection_live (tenant_id, projection, generation) \
             select $1, n.projection, $3 from unnest($2::text[]) as n(projection) \
             on conflict (tenant_id, projection) do update set generation = excluded.generation",
        )
        .bind(target.tenant.0)
        .bind(target.names)
        .bind(target.generation.0)
        .execute(&mut *holding)
        .await?;
        sqlx::query(
            "delete from weft.projection_checkpoints where tenant_id = $1 and projection = any($2) and generation <> $3",
        )
        .bind(target.tenant.0)
        .bind(target.names)
        .bind(target.generation.0)
        .execute(&mut *holding)
        .await?;
        holding.commit().await?;
        Ok(events)
    }

    async fn hold_live(&self, target: &Target<'_>) -> Result<weft_scope::TenantTransaction, ProjectorFault> {
        let give_up = Instant::now() + Duration::from_mins(1);
        while Instant::now() < give_up {
            let mut transaction = self.inner.scope.tenant(target.tenant).begin().await?;
            if checkpoint::lock_live(target.tenant, &mut transaction, target.names).await?.is_some() {
                return Ok(transaction);
            }
            transaction.rollback().await?;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Err(ProjectorFault::Busy)
    }
}

/// Whether the fold succeeded; halves `limit` when one of several events is to blame.
async fn fold_or_halve(
    tenant: TenantId,
    transaction: &mut weft_scope::TenantTransaction,
    work: Work<'_>,
    batch: &Batch,
    limit: &mut usize,
) -> Result<bool, ProjectorFault> {
    match fold_some(tenant, transaction, work, batch, *limit).await {
        Ok(()) => Ok(true),
        Err(Unfolded::Several) => {
            *limit = (*limit / 2).max(1);
            Ok(false)
        }
        Err(Unfolded::One { position, reason }) => {
            Err(ProjectorFault::Poison { projection: work.projection.name(), position, reason })
        }
        Err(Unfolded::Passing(fault)) => Err(fault),
    }
}

async fn all_tenants(owner: &mut OwnerConnection) -> Result<Vec<TenantId>, sqlx::Error> {
    let tenants: Vec<uuid::Uuid> =
        sqlx::query_scalar("select tenant_id from weft.log_heads order by tenant_id").fetch_all(&mut **owner).await?;
    Ok(tenants.into_iter().map(TenantId).collect())
}

/// One rebuild at a time: generations become live in the order of their numbers. The lock ends with the connection, too.
async fn take_turn(owner: &mut OwnerConnection) -> Result<(), sqlx::Error> {
    sqlx::query("select pg_advisory_lock(hashtext('weft.projection_rebuild'))").execute(&mut **owner).await?;
    Ok(())
}

async fn end_turn(owner: &mut OwnerConnection) -> Result<(), sqlx::Error> {
    sqlx::query("select pg_advisory_unlock(hashtext('weft.projection_rebuild'))").execute(&mut **owner).await?;
    Ok(())
}

async fn make_generation(owner: &mut OwnerConnection, names: &[&str]) -> Result<Generation, sqlx::Error> {
    let number: i64 =
        sqlx::query_scalar("select nextval('weft.projection_generations')").fetch_one(&mut **owner).await?;
    let generation = Generation(number as i32);
    sqlx::query("select weft.create_projection_generation($1, $2)")
        .bind(generation.0)
        .bind(names)
        .execute(&mut **owner)
        .await?;
    Ok(generation)
}

/// Deletes the rows of these tenants that no live generation holds, and the generations that nobody reads.
async fn retire(owner: &mut OwnerConnection, tenants: &[TenantId]) -> Result<(), sqlx::Error> {
    sqlx::query("select weft.retire_projection_generations($1)")
        .bind(tenants.iter().map(|tenant| tenant.0).collect::<Vec<_>>())
        .execute(&mut **owner)
        .await?;
    Ok(())
}
