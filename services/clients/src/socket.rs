//! What clients speak over.

use tokio::io::{AsyncRead, AsyncWrite};

/// A socket that was dialled, encrypted or not.
pub trait Socket: AsyncRead + AsyncWrite + Send + Sync + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Sync + Unpin> Socket for S {}
