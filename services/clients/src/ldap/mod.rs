//! LDAP (RFC 4511), as the library `ldap3` speaks it. It is given a [`crate::Tunnel`], whose far end was dialled, encrypted where
//! that is asked for, and bounded: the library itself would keep whatever a server sends.

mod session;
mod start_tls;

pub use ldap3::{Scope, dn_escape, ldap_escape};
pub use session::{Change, Entry, Search, Server, Session};

/// Its name in messages.
pub(crate) const NAME: &str = "LDAP";
