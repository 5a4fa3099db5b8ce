//! How processes hear of each other's commits: `NOTIFY` in a transaction of its own, and a slow poll that makes a lost
//! notification cost only time.
//!
//! A `NOTIFY` takes a lock on the whole database until its transaction has committed, so it must never be part of an
//! append. Many commits are told of in one notification.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::PgConnection;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use uuid::Uuid;
use weft_model::{Position, TenantId};
use weft_scope::SystemPool;

use super::heads::Heads;
use super::settings::{OpenError, PgLogTuning};
use crate::Committed;

const CHANNEL: &str = "weft_log";
/// PostgreSQL takes less than 8000 bytes; one tenant's head takes at most 58.
const HEADS_IN_A_NOTIFICATION: usize = 120;
const PAUSE_AFTER_A_FAILURE: Duration = Duration::from_secs(1);
/// Greater than every transaction: asks only where to begin.
const END_OF_TIME: &str = "18446744073709551615";

/// Heads that other processes are to be told of.
#[derive(Clone)]
pub(super) struct Outbox {
    process: Uuid,
    heads: Arc<Mutex<HashMap<TenantId, Position>>>,
    posted: Arc<Notify>,
}

impl Outbox {
    pub(super) fn post(&self, committed: Committed) {
        let mut heads = self.heads.lock().unwrap_or_else(PoisonError::into_inner);
        let head = heads.entry(committed.tenant).or_default();
        *head = committed.head.max(*head);
        self.posted.notify_one();
    }

    fn take(&self) -> Vec<(TenantId, Position)> {
        self.heads.lock().unwrap_or_else(PoisonError::into_inner).drain().collect()
    }
}

/// Begins to tell, to listen and to poll.
pub(super) async fn start(
    system: &SystemPool,
    heads: &Arc<Heads>,
    tuning: &PgLogTuning,
    tasks: &mut JoinSet<()>,
) -> Result<Outbox, OpenError> {
    let outbox =
        Outbox { process: Uuid::from_u128(rand::random()), heads: Arc::default(), posted: Arc::new(Notify::new()) };
    // Before the log is handed out, so that no commit of another process falls between.
    let (_, _, next) = changes_since(system, END_OF_TIME).await?;
    let listener = system.listen(&[CHANNEL]).await?;
    tasks.spawn(tell(system.clone(), outbox.clone(), tuning.notify));
    tasks.spawn(listen(listener, heads.clone(), outbox.process));
    tasks.spawn(poll(system.clone(), heads.clone(), tuning.poll, next));
    Ok(outbox)
}

async fn tell(system: SystemPool, outbox: Outbox, pause: Duration) {
    let mut connection = None;
    loop {
        outbox.posted.notified().await;
        for chunk in outbox.take().chunks(HEADS_IN_A_NOTIFICATION) {
            if let Err(error) = notify(&system, &mut connection, &message(outbox.process, chunk)).await {
                tracing::debug!(
                    error = &error as &dyn std::error::Error,
                    "A notification was lost; the poll makes up for it."
                );
                connection = None;
                tokio::time::sleep(PAUSE_AFTER_A_FAILURE).await;
            }
        }
        tokio::time::sleep(pause).await;
    }
}

async fn notify(system: &SystemPool, slot: &mut Option<PgConnection>, message: &str) -> Result<(), sqlx::Error> {
    let connection = if let Some(connection) = slot {
        connection
    } else {
        let Ok(connection) = system.acquire().await else { return Err(sqlx::Error::PoolTimedOut) };
        let connection = slot.insert(connection.detach());
        // Nobody relies on a notification, so its commit need not wait for the disk.
        sqlx::query("set synchronous_commit = off").execute(&mut *connection).await?;
        connection
    };
    sqlx::query("select pg_notify($1, $2)").bind(CHANNEL).bind(message).execute(connection).await.map(|_| ())
}

/// `<process> <tenant>:<head> <tenant>:<head> …`
fn message(process: Uuid, heads: &[(TenantId, Position)]) -> String {
    let mut message = process.simple().to_string();
    for (tenant, head) in heads {
        // Writing to a string cannot fail.
        let _ = write!(message, " {}:{}", tenant.0.simple(), head.0);
    }
    message
}

/// The heads of a message of another process.
fn heads_of(message: &str, own: Uuid) -> Vec<Committed> {
    let mut words = message.split(' ');
    if words.next().and_then(|process| process.parse().ok()) == Some(own) {
        return Vec::new();
    }
    let head = |word: &str| {
        let (tenant, head) = word.split_once(':')?;
        Some(Committed { tenant: tenant.parse().ok()?, head: Position(head.parse().ok()?) })
    };
    words.filter_map(head).collect()
}

async fn listen(mut listener: sqlx::postgres::PgListener, heads: Arc<Heads>, own: Uuid) {
    loop {
        // The listener reconnects by itself; what was sent meanwhile is found by the poll.
        match listener.recv().await {
            Ok(notification) => {
                for head in heads_of(notification.payload(), own) {
                    heads.advance(head);
                }
            }
            Err(error) => {
                tracing::debug!(error = &error as &dyn std::error::Error, "The bus cannot be heard; trying again.");
                tokio::time::sleep(PAUSE_AFTER_A_FAILURE).await;
            }
        }
    }
}

async fn poll(system: SystemPool, heads: Arc<Heads>, every: Duration, mut next: String) {
    loop {
        tokio::time::sleep(every).await;
        match changes_since(&system, &next).await {
            Ok((tenants, positions, then)) => {
                for (tenant, position) in tenants.unwrap_or_default().into_iter().zip(positions.unwrap_or_default()) {
                    heads.advance(Committed { tenant: TenantId(tenant), head: Position(position as u64) });
                }
                next = then;
            }
            Err(error) => {
                tracing::debug!(
                    error = &error as &dyn std::error::Error,
                    "Other processes' commits cannot be looked up."
                );
            }
        }
    }
}

type Changes = (Option<Vec<Uuid>>, Option<Vec<i64>>, String);

async fn changes_since(system: &SystemPool, transaction: &str) -> Result<Changes, OpenError> {
    let mut connection = system.begin().await?;
    let changes =
        sqlx::query_as("select tenants, positions, next_transaction::text from log_changes_since($1::text::xid8)")
            .bind(transaction)
            .fetch_one(&mut *connection)
            .await?;
    connection.commit().await?;
    Ok(changes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_reaches_every_process_but_its_own_and_fits() {
        let heads: Vec<_> = (0..HEADS_IN_A_NOTIFICATION)
            .map(|number| (TenantId(Uuid::from_u128(number as u128)), Position(u64::MAX)))
            .collect();
        let text = message(Uuid::from_u128(1), &heads);
        assert!(text.len() < 8000, "{} bytes", text.len());
        assert_eq!(heads_of(&text, Uuid::from_u128(2)).len(), heads.len());
        assert_eq!(heads_of(&text, Uuid::from_u128(2))[3], Committed { tenant: heads[3].0, head: heads[3].1 });
        assert!(heads_of(&text, Uuid::from_u128(1)).is_empty());
        assert!(heads_of("", Uuid::from_u128(1)).is_empty());
    }
}
