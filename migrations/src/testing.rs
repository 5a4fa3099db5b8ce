//! A migrated database for each test.

use sqlx::{Connection, PgConnection};
use weft_postgres::testing::{Fault, TestDatabase as Database};

use crate::roles::{RoleNames, grant_creation};
use crate::urls::AdminUrl;
use crate::{Urls, fingerprint, migrate};

/// A database with the whole schema, dropped with this value. Its roles are those of the template that it was copied from.
#[derive(Debug)]
pub struct TestDatabase {
    database: Database,
    /// How to sign in.
    pub urls: Urls,
}

impl TestDatabase {
    /// Copies the template of the embedded migrations.
    pub async fn create() -> Result<Self, Fault> {
        let database = Database::create(&fingerprint(), async |url| migrate(url).await.map(|_| ())).await?;
        let names = RoleNames::of(database.template().unwrap_or_default());
        let admin = AdminUrl::parse(&database.url())?;
        // A copy has everything of its template but the rights on the database itself.
        let mut connection = PgConnection::connect(admin.as_str()).await?;
        grant_creation(&mut connection, &names).await?;
        connection.close().await?;
        let urls = admin.urls(&names);
        Ok(Self { database, urls })
    }

    /// The superuser's address.
    pub fn admin_url(&self) -> String {
        self.database.url()
    }

    /// The database's name.
    pub fn name(&self) -> &str {
        self.database.name()
    }
}
