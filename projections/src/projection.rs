//! What every projection is, and how it may fail.

use async_trait::async_trait;
use sqlx::PgConnection;
use weft_model::{Position, TenantId};

use crate::Fact;

/// A read model: a fold of one tenant's events into rows.
#[async_trait]
pub trait Projection: Send + Sync + 'static {
    /// Its name, frozen: the name of its folder, of its function in schema `projection_tables` and of its checkpoints.
    fn name(&self) -> &'static str;

    /// Whether it reads events of this wire type (`execution.queued`). An event that cannot be decoded harms only the
    /// projections that read it.
    fn reads(&self, wire_type: &str) -> bool;

    /// Folds `facts`, which are in order of position and follow what was folded before, into the rows of `tenant`.
    ///
    /// The transaction is scoped to the tenant and to one generation. The caller writes the checkpoint into the same
    /// transaction, so a fold need not be idempotent; it must give the same rows however the facts are cut into batches.
    async fn fold(&self, tenant: TenantId, connection: &mut PgConnection, facts: &[Fact]) -> Result<(), FoldFault>;
}

/// Why a fold failed.
#[derive(Debug, thiserror::Error)]
pub enum FoldFault {
    /// An event contradicts what came before it.
    #[error("the event at position {position:?} cannot be folded: {reason}")]
    Poison {
        /// Where it is.
        position: Position,
        /// A sentence that says what is wrong.
        reason: String,
    },
    /// The database refused a statement, or is away.
    #[error("the read model's tables could not be written")]
    Database(#[from] sqlx::Error),
    /// A summary could not be written as JSON.
    #[error("a summary could not be written as JSON")]
    Json(#[from] serde_json::Error),
}

impl FoldFault {
    /// Whether the same fold may succeed when it is tried again: the database was away, a lock was lost. Everything else is
    /// the events' doing.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Poison { .. } | Self::Json(_) => false,
            Self::Database(sqlx::Error::Database(error)) => {
                // Class 08: connection; 25: transaction state; 40: rollback; 53: resources; 55: object state; 57: operator
                // intervention; 58: system error (PostgreSQL's appendix A).
                error.code().is_some_and(|code| {
                    ["08", "25", "40", "53", "55", "57", "58"].iter().any(|class| code.starts_with(class))
                })
            }
            Self::Database(error) => !matches!(
                error,
                sqlx::Error::ColumnDecode { .. }
                    | sqlx::Error::Decode(_)
                    | sqlx::Error::Encode(_)
                    | sqlx::Error::TypeNotFound { .. }
            ),
        }
    }
}

impl From<QueryFault> for FoldFault {
    fn from(fault: QueryFault) -> Self {
        match fault {
            QueryFault::Database(error) => Self::Database(error),
            QueryFault::Unavailable(error) => Self::Database(sqlx::Error::Io(std::io::Error::other(error))),
            QueryFault::Json(error) => Self::Json(error),
        }
    }
}

/// Why a query failed. That something does not exist is never a fault.
#[derive(Debug, thiserror::Error)]
pub enum QueryFault {
    /// No connection.
    #[error(transparent)]
    Unavailable(#[from] weft_scope::Unavailable),
    /// The database refused the statement, or is away.
    #[error("the read model could not be read")]
    Database(#[from] sqlx::Error),
    /// A stored summary cannot be understood.
    #[error("a stored summary cannot be understood")]
    Json(#[from] serde_json::Error),
}
