//! SMTP (RFC 5321), as a program hands letters over to the server of somebody who may send them (RFC 6409).

mod letter;
mod session;

pub use letter::{Attachment, Composed, Letter, Unsendable};
pub use session::{Begin, Handed, Server, Session};

/// Its name in messages.
pub(crate) const NAME: &str = "The mail server";
