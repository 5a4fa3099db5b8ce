//! Connections of the role `weft_system`: it reads no table and executes a short list of functions that cross tenants.

use std::ops::{Deref, DerefMut};

use sqlx::pool::PoolConnection;
use sqlx::postgres::PgListener;
use sqlx::{PgConnection, Postgres, Transaction};

use crate::fault::Unavailable;
use crate::pool::{Pool, PoolLimits};

/// The pool of `weft_system`. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SystemPool {
    pool: Pool,
}

impl SystemPool {
    /// Connects as `weft_system` (see `weft_migrations::Urls::system`).
    pub async fn connect(url: &str, limits: PoolLimits) -> Result<Self, Unavailable> {
        Ok(Self { pool: Pool::connect(url, limits).await? })
    }

    /// As [`SystemPool::connect`], without opening a connection yet.
    pub fn lazy(url: &str, limits: PoolLimits) -> Result<Self, Unavailable> {
        Ok(Self { pool: Pool::lazy(url, limits)? })
    }

    /// A connection for single calls, each its own transaction. It may have died since it was last used: a caller whose
    /// call can be repeated asks again when [`crate::is_unavailable`] says so.
    pub async fn acquire(&self) -> Result<SystemConnection, Unavailable> {
        Ok(SystemConnection { inner: self.pool.acquire().await? })
    }

    /// A transaction over several calls.
    pub async fn begin(&self) -> Result<Transaction<'static, Postgres>, Unavailable> {
        self.pool.begin("begin").await
    }

    /// Listens to notifications on these channels; reconnects by itself after a restart (notifications sent meanwhile are
    /// lost, so a listener polls now and then).
    pub async fn listen(&self, channels: &[&str]) -> Result<PgListener, Unavailable> {
        let mut listener = PgListener::connect_with(self.pool.inner()).await?;
        listener.listen_all(channels.iter().copied()).await?;
        Ok(listener)
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Unavailable> {
        self.pool.ping().await
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// A connection of the role `weft_system`. Use it as a `&mut PgConnection`.
#[derive(Debug)]
pub struct SystemConnection {
    inner: PoolConnection<Postgres>,
}

impl SystemConnection {
    /// Takes the connection out of its pool, for a task that keeps it for its whole life (a writer, a poller).
    pub fn detach(self) -> PgConnection {
        self.inner.detach()
    }
}

impl Deref for SystemConnection {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.inner
    }
}

impl DerefMut for SystemConnection {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.inner
    }
}
