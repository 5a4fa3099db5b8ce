//! Microsoft SQL Server and Azure SQL: TDS, which the crate `tiberius` speaks
//! (<https://learn.microsoft.com/openspecs/windows_protocols/ms-tds>).
//!
//! Values never become part of a statement's text: they travel beside it. Encryption is agreed upon and begun here, so that it trusts
//! what every other connection of the house trusts; the library sees a connection that needs none.

mod greeting;
mod handshake;
mod session;
mod statement;
mod values;

pub use session::{Server, Session};
pub use statement::{Statement, identifier, place, prepared, qualified};

/// Its name in messages.
pub(crate) const NAME: &str = "SQL Server";
