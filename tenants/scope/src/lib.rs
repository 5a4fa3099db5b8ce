//! The only way to a database connection.
//!
//! Everything that reads or writes a tenant's rows does so in a [`TenantTransaction`]: opening it and naming the tenant
//! are one round trip, and row-level security shows that tenant's rows alone. What must cross tenants goes through
//! [`SystemPool`], whose role may execute a short list of functions and read no table. [`OwnerConnection`] is for the
//! command line (migrations, rebuilds): no serving process opens one.
//!
//! This crate must not know any table, query or business rule. To add a way to a connection, add a type beside these
//! three, and say in its documentation which role it is and what row-level security means for it.
//!
//! ```no_run
//! # async fn example(tenant: weft_model::TenantId) -> Result<(), Box<dyn std::error::Error>> {
//! use weft_scope::{PoolLimits, Scope};
//! let scope = Scope::connect("postgres://weft_app_weft@localhost/weft", PoolLimits::default()).await?;
//! let mut transaction = scope.tenant(tenant).begin().await?;
//! let names: Vec<String> = sqlx::query_scalar("select name from workflows").fetch_all(&mut *transaction).await?;
//! transaction.commit().await?;
//! # Ok(()) }
//! ```

mod fault;
mod owner;
mod pool;
mod schema;
mod system;
mod tenant;

pub use fault::{Unavailable, is_unavailable};
pub use owner::OwnerConnection;
pub use pool::PoolLimits;
pub use schema::{InvalidSchemaName, SchemaName};
pub use system::{SystemConnection, SystemPool};
pub use tenant::{Scope, TenantScope, TenantTransaction};
