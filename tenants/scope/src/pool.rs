//! One bounded pool, which outlives restarts of the database.

use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, PgPool, Postgres, Transaction};

use crate::fault::{Unavailable, connection_is_dead};

/// How many connections a pool may hold and how long a caller waits for one.
#[derive(Clone, Copy, Debug)]
pub struct PoolLimits {
    /// The most connections held at once.
    pub connections: u32,
    /// How long a caller waits for a connection before it is told [`Unavailable`].
    pub wait: Duration,
}

impl Default for PoolLimits {
    fn default() -> Self {
        Self { connections: 16, wait: Duration::from_secs(5) }
    }
}

/// A connection that was used within this time is taken to be alive.
const IDLE_UNASKED: Duration = Duration::from_millis(500);

#[derive(Clone, Debug)]
pub(crate) struct Pool {
    inner: PgPool,
    limits: PoolLimits,
}

impl Pool {
    /// Parses the address; connections are opened when they are first needed, so this works while the database is away.
    pub(crate) fn lazy(url: &str, limits: PoolLimits) -> Result<Self, Unavailable> {
        let options: PgConnectOptions = url.parse()?;
        let inner = PgPoolOptions::new()
            .max_connections(limits.connections)
            .acquire_timeout(limits.wait)
            // A ping before each use would cost every transaction a round trip. So only a connection that was idle for a
            // while is asked; of the others a dead one is noticed by its first statement and replaced (see `begin`).
            .test_before_acquire(false)
            .before_acquire(|connection, about| {
                Box::pin(async move {
                    if about.idle_for > IDLE_UNASKED {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_lazy_with(options);
        Ok(Self { inner, limits })
    }

    /// As [`Pool::lazy`], and proves the address with a first connection.
    pub(crate) async fn connect(url: &str, limits: PoolLimits) -> Result<Self, Unavailable> {
        let pool = Self::lazy(url, limits)?;
        drop(pool.inner.acquire().await?);
        Ok(pool)
    }

    /// Opens a transaction with `opening`, a `begin` followed by settings, in one round trip.
    ///
    /// It runs in a task of its own: a caller that goes away (a socket that closes) between the statement and its answer would
    /// otherwise give the connection back with a transaction open that sqlx does not know of. The task finishes, and the
    /// transaction that nobody takes is rolled back.
    pub(crate) async fn begin(&self, opening: &str) -> Result<Transaction<'static, Postgres>, Unavailable> {
        let (pool, opening) = (self.clone(), opening.to_owned());
        let opened = tokio::spawn(async move { pool.open(opening).await }).await;
        opened.map_err(|_| Unavailable::from(sqlx::Error::WorkerCrashed))?
    }

    /// After a restart of the database every pooled connection is dead. Each failed attempt takes one of them out of the
    /// pool, so that at most `connections` attempts fail before a fresh one is made.
    async fn open(&self, opening: String) -> Result<Transaction<'static, Postgres>, Unavailable> {
        let mut attempts_left = self.limits.connections;
        loop {
            match self.inner.begin_with(AssertSqlSafe(opening.as_str())).await {
                Err(error) if connection_is_dead(&error) && attempts_left > 0 => attempts_left -= 1,
                outcome => return outcome.map_err(Unavailable::from),
            }
        }
    }

    /// A connection outside of any transaction, which is known to be alive.
    pub(crate) async fn acquire(&self) -> Result<PoolConnection<Postgres>, Unavailable> {
        Ok(self.inner.acquire().await?)
    }

    pub(crate) async fn ping(&self) -> Result<(), Unavailable> {
        self.begin("begin read only").await?.rollback().await.map_err(Unavailable::from)
    }

    pub(crate) fn inner(&self) -> &PgPool {
        &self.inner
    }

    pub(crate) async fn close(&self) {
        self.inner.close().await;
    }
}
