//! The SQL schema and the runner that applies it.
//!
//! The files beside this crate's manifest (`0001_conventions.sql`, …) are embedded and applied in order, as the role
//! `weft_owner`. [`migrate`] also makes the three roles and tells the addresses to sign in with. The names of roles end
//! in the database's name, since roles belong to the whole cluster.
//!
//! | role | may |
//! |---|---|
//! | `weft_owner` | everything in Weft's schemas; nobody serves as it |
//! | `weft_app` | what grants and row-level security leave: one tenant's rows |
//! | `weft_system` | execute a short list of functions; no table |
//!
//! This crate must not know what the tables mean. To add a table, add a file with the next number (0001–0019 platform,
//! 0020–0039 log, 0040–0059 projections), close the table with `call police(…)` or name it in [`UNPOLICED`], and accept
//! the changed list of grants (`cargo insta accept`). A file that was released is never edited.

mod error;
mod roles;
mod source;
#[cfg(feature = "testing")]
pub mod testing;
mod urls;

pub use error::MigrationError;
pub use source::fingerprint;
pub use urls::Urls;

use roles::RoleNames;
use sqlx::{Connection, PgConnection};
use urls::AdminUrl;

/// Tables without a tenant's policy, and why. No role but the owner holds any right on them.
pub const UNPOLICED: &[(&str, &str)] = &[
    ("_sqlx_migrations", "which files were applied; only the runner reads it"),
    ("append_writers", "a writer appends for many tenants at once; only append_events reads it"),
    ("identities", "a person may belong to many tenants; read through functions"),
    ("master_key_checks", "one row for the whole installation"),
    ("projection_tables", "what generations are made of; only the owner reads it"),
    ("refresh_tokens", "found by digest before the tenant is known to be right; read through functions"),
    ("sign_in_attempts", "counted per address across tenants; holds digests only"),
    ("signing_keys", "the installation signs for all tenants"),
    ("workers", "a worker process serves every tenant; only functions read it"),
];

/// Brings the database of `admin_url` up to date and tells how to sign in. Its user must be able to make roles and to
/// create in the database (a superuser, or the database's owner with `createrole`). Several processes may do this at
/// once: one works, the others wait and find nothing left to do.
pub async fn migrate(admin_url: &str) -> Result<Urls, MigrationError> {
    let admin = AdminUrl::parse(admin_url)?;
    let mut connection = PgConnection::connect(admin.as_str()).await.map_err(MigrationError::unreachable)?;
    let database = check_server(&mut connection).await?;
    let names = RoleNames::of(&database);
    let urls = admin.urls(&names);
    // The lock ends with this connection, whatever happens.
    let lock = "select pg_advisory_lock(hashtext('weft.migrate'))";
    sqlx::query(lock).execute(&mut connection).await.map_err(MigrationError::statement)?;
    roles::ensure(&mut connection, &names, &admin).await?;
    let mut owner = roles::sign_in_as_owner(&mut connection, &names, &admin, &urls).await?;
    roles::ensure_schema(&mut owner, &database).await?;
    source::migrator(&names).run_direct(None, &mut owner, false).await?;
    owner.close().await.map_err(MigrationError::statement)?;
    connection.close().await.map_err(MigrationError::statement)?;
    Ok(urls)
}

/// Refuses servers that are too old for our SQL; tells the database's name.
async fn check_server(connection: &mut PgConnection) -> Result<String, MigrationError> {
    let statement = "select current_database()::text, current_setting('server_version_num')::int4";
    let (database, version): (String, i32) =
        sqlx::query_as(statement).fetch_one(connection).await.map_err(MigrationError::statement)?;
    if version < 150_000 {
        return Err(MigrationError::TooOld { version: format!("{}.{}", version / 10_000, version % 10_000) });
    }
    Ok(database)
}
