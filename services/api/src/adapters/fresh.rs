//! Where new identities come from.

use uuid::Uuid;

/// A fresh version 7 UUID (RFC 9562): made here, at the edge, since the domain makes none.
#[expect(clippy::disallowed_methods, reason = "this is the edge that the domain gets its identities from")]
pub fn id() -> Uuid {
    Uuid::now_v7()
}
