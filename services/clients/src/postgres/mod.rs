//! PostgreSQL: its protocol, version 3 (<https://www.postgresql.org/docs/current/protocol.html>), simple queries alone.
//!
//! Values come as the text that the server writes, so that every type there is can be shown, and those that are known become
//! what n8n gives for them. Values go as literals, which [`literal`] writes so that nothing gets out of them.

mod reader;
mod session;
mod sql;
mod values;

pub use reader::Answer;
pub use session::{Server, Session, Stopper};
pub use sql::{array, identifier, literal, qualified, replaced};
pub use values::LargeNumbers;

/// Its name in messages.
pub(crate) const NAME: &str = "PostgreSQL";
