//! Who asks, for which tenant: made first, before anything is read or done.

use uuid::Uuid;
use weft_model::member::Role;
use weft_model::{Actor, CorrelationId, TenantId};

/// Every request, as everything behind the door sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestContext {
    /// Whose data; from the host name, and the token was made for it.
    pub tenant: TenantId,
    /// Who asks.
    pub actor: Actor,
    /// What the actor may do now (not when the token was made).
    pub role: Role,
    /// Ties together everything that this request causes.
    pub correlation: CorrelationId,
    /// The session of a signed-in person.
    pub session: Option<SessionId>,
}

impl RequestContext {
    /// The platform's own operator, at the command line.
    pub fn operator(tenant: TenantId, correlation: CorrelationId) -> Self {
        Self { tenant, actor: Actor::System, role: Role::Owner, correlation, session: None }
    }
}

/// A sign-in and everything that was refreshed since.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SessionId(pub Uuid);
