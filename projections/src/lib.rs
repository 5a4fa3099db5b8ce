//! The read side: what queries read, made of events alone.
//!
//! One folder per read model: `mod.rs` folds events into the model's own tables, `query.rs` reads them, `tests.rs` shows both. A
//! projection knows events and its own tables, nothing else: no log, no decision, no clock, no GraphQL. Its tables are named
//! without a schema; the transaction's `search_path` says which generation is meant, so that a rebuild uses the same code beside
//! the live one.
//!
//! To add a projection: a folder here, a line in [`all`], and a migration that defines the function
//! `projection_tables.<name>()` (see `migrations/0040_projections.sql`).

mod fact;
mod page;
mod projection;
mod reading;
mod stored;

pub mod audit;
pub mod calls;
pub mod credentials;
pub mod executions;
pub mod members;
pub mod tenant;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod usage;
pub mod variables;
pub mod workflows;

pub use fact::Fact;
pub use page::{Direction, Page, PageRequest};
pub use projection::{FoldFault, Projection, QueryFault};
pub use reading::{digest, reading};

/// Every projection. The order is that in which they fold; none reads another's tables.
pub fn all() -> Vec<Box<dyn Projection>> {
    vec![
        Box::new(workflows::Workflows),
        Box::new(executions::Executions),
        Box::new(usage::Usage),
        Box::new(members::Members),
        Box::new(variables::Variables),
        Box::new(credentials::Credentials),
        Box::new(tenant::Tenant),
        Box::new(audit::AuditLog),
        Box::new(calls::Calls),
    ]
}
