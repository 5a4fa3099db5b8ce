//! What must be done now and then: the next months' partitions, expired payloads, unreferenced blobs, served rows.
//!
//! Every process does it; the functions in the database tolerate each other.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use tokio::task::JoinSet;
use uuid::Uuid;
use weft_model::TenantId;
use weft_scope::SystemPool;

use super::blobs::{Blobs, StoredBlob};
use super::settings::OpenError;
use crate::LogFault;

const SWEEP_EVERY: Duration = Duration::from_mins(1);
const SWEEPS_BETWEEN_EXPIRIES: u32 = 60;
/// Partitions are made four months ahead, which covers the retention of 90 days that tenants begin with; later ones are made by
/// the first append that needs them.
const PREPARE_PARTITIONS: &str = "select prepare_payload_partitions(now(), 4)";
/// A blob is written before the append that names it; only one that nobody named for a day is an orphan.
const ORPHAN_AGE_SECONDS: i64 = 24 * 60 * 60;

pub(super) async fn prepare_partitions(system: &SystemPool) -> Result<(), OpenError> {
    let mut transaction = system.begin().await?;
    sqlx::query(PREPARE_PARTITIONS).execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(())
}

pub(super) fn start(system: &SystemPool, blobs: &Blobs, tasks: &mut JoinSet<()>) {
    let (system, blobs) = (system.clone(), blobs.clone());
    tasks.spawn(async move {
        let mut sweeps: u32 = 0;
        loop {
            tokio::time::sleep(SWEEP_EVERY).await;
            sweeps = sweeps.wrapping_add(1);
            let expires = sweeps.is_multiple_of(SWEEPS_BETWEEN_EXPIRIES);
            if let Err(error) = keep_house(&system, &blobs, expires).await {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "Keeping the log's house failed; trying again later."
                );
            }
        }
    });
}

async fn keep_house(system: &SystemPool, blobs: &Blobs, expires: bool) -> Result<(), LogFault> {
    run(system, "select sweep_log()").await?;
    if expires {
        run(system, PREPARE_PARTITIONS).await?;
        run(system, "select drop_expired_payloads(now())").await?;
        collect_blobs(system, blobs).await?;
    }
    Ok(())
}

async fn run(system: &SystemPool, statement: &'static str) -> Result<(), LogFault> {
    let mut transaction = system.begin().await?;
    sqlx::query(statement).execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(())
}

/// Deletes the blobs that no payload refers to, and what was never completed; returns how many.
pub(super) async fn collect_blobs(system: &SystemPool, blobs: &Blobs) -> Result<usize, LogFault> {
    let now: i64 = {
        let mut transaction = system.begin().await?;
        let now = sqlx::query_scalar("select extract(epoch from now())::bigint").fetch_one(&mut *transaction).await?;
        transaction.commit().await?;
        now
    };
    let unfinished = blobs.sweep_unfinished(now - ORPHAN_AGE_SECONDS).await?;
    let mut old: HashMap<TenantId, Vec<StoredBlob>> = HashMap::new();
    for blob in blobs.list(now).await?.into_iter().filter(|blob| blob.age_seconds > ORPHAN_AGE_SECONDS) {
        old.entry(blob.tenant).or_default().push(blob);
    }
    let mut collected = unfinished;
    for (tenant, candidates) in old {
        let kept = referenced(system, tenant.0, &candidates).await?;
        for blob in candidates.iter().filter(|blob| !kept.contains(&blob.digest)) {
            blobs.delete(&blob.path).await?;
            collected += 1;
        }
    }
    Ok(collected)
}

async fn referenced(system: &SystemPool, tenant: Uuid, blobs: &[StoredBlob]) -> Result<HashSet<Vec<u8>>, LogFault> {
    let digests: Vec<&[u8]> = blobs.iter().map(|blob| blob.digest.as_slice()).collect();
    let mut transaction = system.begin().await?;
    let kept: Vec<Vec<u8>> = sqlx::query_scalar("select referenced_blobs($1, $2)")
        .bind(tenant)
        .bind(digests)
        .fetch_all(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(kept.into_iter().collect())
}
