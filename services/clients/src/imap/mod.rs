//! IMAP (RFC 3501), as far as letters are looked for, read and marked: by async-imap, over a socket that was dialled.

mod line;
mod search;
mod session;

pub use search::{Criteria, NoCriteria};
pub use session::{Changes, Listed, Mailbox, Server, Session};

/// Its name in messages.
pub(crate) const NAME: &str = "The mail server";
