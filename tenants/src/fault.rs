//! Our failures, apart from refusals.

use std::error::Error;

use weft_scope::{Unavailable, is_unavailable};

/// Something failed on our side; the caller did nothing wrong.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database is away; over HTTP a 503 with `Retry-After`.
    #[error("The database is not available right now. Try again in a moment.")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// Anything else.
    #[error("Something failed on our side.")]
    Internal(#[source] Box<dyn Error + Send + Sync>),
}

impl From<Unavailable> for Fault {
    fn from(source: Unavailable) -> Self {
        Self::Unavailable(source.into())
    }
}

impl From<sqlx::Error> for Fault {
    fn from(source: sqlx::Error) -> Self {
        if is_unavailable(&source) { Self::Unavailable(source.into()) } else { Self::Internal(source.into()) }
    }
}
