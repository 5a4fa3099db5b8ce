//! Connections for one tenant: the role is `weft_app`, row-level security applies.

use std::ops::{Deref, DerefMut};

use sqlx::{PgConnection, Postgres, Transaction};
use weft_model::TenantId;

use crate::fault::Unavailable;
use crate::pool::{Pool, PoolLimits};
use crate::schema::SchemaName;

/// The pool of `weft_app`. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Scope {
    pool: Pool,
}

impl Scope {
    /// Connects as `weft_app` (see `weft_migrations::Urls::app`).
    pub async fn connect(url: &str, limits: PoolLimits) -> Result<Self, Unavailable> {
        Ok(Self { pool: Pool::connect(url, limits).await? })
    }

    /// As [`Scope::connect`], without opening a connection yet: fails only for an address that cannot be read.
    pub fn lazy(url: &str, limits: PoolLimits) -> Result<Self, Unavailable> {
        Ok(Self { pool: Pool::lazy(url, limits)? })
    }

    /// Everything of one tenant, and of no other.
    pub fn tenant(&self, tenant: TenantId) -> TenantScope {
        TenantScope { pool: self.pool.clone(), tenant, schemas: Vec::new() }
    }

    /// Whether the database answers (for `/readyz`).
    pub async fn ping(&self) -> Result<(), Unavailable> {
        self.pool.ping().await
    }

    /// Closes every connection; callers that wait are told [`Unavailable`].
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// What opens transactions for one tenant.
#[derive(Clone, Debug)]
pub struct TenantScope {
    pool: Pool,
    tenant: TenantId,
    schemas: Vec<SchemaName>,
}

impl TenantScope {
    /// The tenant.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Unqualified names are looked up in these schemas first (the live generation of each projection that the caller
    /// reads), then in Weft's own schema.
    #[must_use]
    pub fn reading(mut self, schemas: impl IntoIterator<Item = SchemaName>) -> Self {
        self.schemas.extend(schemas);
        self
    }

    /// Opens a transaction that sees this tenant's rows: one round trip.
    pub async fn begin(&self) -> Result<TenantTransaction, Unavailable> {
        self.open("begin").await
    }

    /// As [`TenantScope::begin`], for reads that must agree with each other: one snapshot for all statements, no writes.
    pub async fn begin_snapshot(&self) -> Result<TenantTransaction, Unavailable> {
        self.open("begin isolation level repeatable read read only").await
    }

    async fn open(&self, begin: &str) -> Result<TenantTransaction, Unavailable> {
        let inner = self.pool.begin(&self.opening(begin)).await?;
        Ok(TenantTransaction { inner, tenant: self.tenant })
    }

    /// A UUID and a [`SchemaName`] consist of letters, digits, hyphens and underscores, so they may stand in SQL text;
    /// a statement with parameters would need a second round trip.
    fn opening(&self, begin: &str) -> String {
        let path: Vec<&str> = self.schemas.iter().map(SchemaName::as_str).chain(["weft"]).collect();
        format!(
            "{begin}; select set_config('weft.tenant', '{}', true), set_config('search_path', '{}', true)",
            self.tenant,
            path.join(", ")
        )
    }
}

/// A transaction that sees one tenant's rows. Use it as a `&mut PgConnection` (`&mut *transaction`). Dropped without
/// [`TenantTransaction::commit`], it is rolled back.
#[derive(Debug)]
pub struct TenantTransaction {
    inner: Transaction<'static, Postgres>,
    tenant: TenantId,
}

impl TenantTransaction {
    /// The tenant whose rows are seen; every statement binds it as `$1`.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Makes the changes durable.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        self.inner.commit().await
    }

    /// Undoes the changes now rather than when the connection is next used.
    pub async fn rollback(self) -> Result<(), sqlx::Error> {
        self.inner.rollback().await
    }
}

impl Deref for TenantTransaction {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.inner
    }
}

impl DerefMut for TenantTransaction {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.inner
    }
}
