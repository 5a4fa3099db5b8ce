//! A connection of the role `weft_owner`, for the command line only: it makes and drops tables and sees every tenant.

use std::ops::{Deref, DerefMut};

use sqlx::{Connection, PgConnection};

use crate::fault::Unavailable;

/// One connection of `weft_owner`: rebuilding projections, checks over all tenants. No serving process opens one.
#[derive(Debug)]
pub struct OwnerConnection {
    inner: PgConnection,
}

impl OwnerConnection {
    /// Connects as `weft_owner` (see `weft_migrations::Urls::owner`).
    pub async fn connect(url: &str) -> Result<Self, Unavailable> {
        Ok(Self { inner: PgConnection::connect(url).await? })
    }

    /// Says goodbye to the server.
    pub async fn close(self) -> Result<(), sqlx::Error> {
        self.inner.close().await
    }
}

impl Deref for OwnerConnection {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.inner
    }
}

impl DerefMut for OwnerConnection {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.inner
    }
}
