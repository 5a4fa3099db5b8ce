//! MySQL and MariaDB: the protocol that both speak
//! (<https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html>, <https://mariadb.com/kb/en/clientserver-protocol/>).
//!
//! Values never become part of a statement's text: they travel beside it, to places that the server has prepared. The server may
//! not ask for files of this machine. Packets are those of the crate `mysql_common`; reading them is done here, so that each is
//! bounded before it is kept.

mod packets;
mod session;
mod sign_in;
mod statement;
mod values;

pub use session::{Answer, Done, Server, Session, Stopper};
pub use statement::{Statement, identifier, place, prepared, qualified};
pub use values::{Decimals, LargeNumbers, Shape};

/// Its name in messages.
pub(crate) const NAME: &str = "MySQL";
