//! Who was let in and who was not: facts for the audit, in one small stream of each tenant. Nothing is decided here.

mod event;

pub use event::*;

use crate::{StreamId, TenantId};

/// The stream that holds a tenant's access events. Its id is made from the tenant's (UUID version 8, RFC 9562), so that
/// nothing needs to be stored to find it.
pub fn access_stream(tenant: TenantId) -> StreamId {
    StreamId(uuid::Builder::from_custom_bytes(tenant.0.into_bytes().map(|byte| byte ^ 0x5a)).into_uuid())
}
