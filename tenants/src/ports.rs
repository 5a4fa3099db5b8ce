//! What this crate needs of the rest of the house. `services/api` implements these over the log and the machine's clock;
//! tests implement them in memory.

use async_trait::async_trait;
use jiff::Timestamp;
use weft_model::access::AccessEvent;
use weft_model::member::Role;
use weft_model::tenant::{Branding, TenantRejection};
use weft_model::{Actor, CorrelationId, IdentityId, MemberId, TenantId};

use crate::fault::Fault;

/// Where the time comes from.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// A tenant that shall exist, with its first owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTenant {
    /// Its id.
    pub tenant: TenantId,
    /// The first label of its host name.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// How its pages look.
    pub branding: Branding,
    /// The first owner's membership.
    pub owner: MemberId,
    /// The first owner; exists in `identities`.
    pub identity: IdentityId,
    /// What asked for it.
    pub correlation: CorrelationId,
}

/// Why a tenant was not made.
#[derive(Debug, thiserror::Error)]
pub enum NotCreated {
    /// Another tenant has the slug.
    #[error("The web address is taken. Choose another one.")]
    SlugTaken,
    /// A name, a slug, a colour or a logo that cannot be.
    #[error(transparent)]
    Rejected(#[from] TenantRejection),
    /// Our failure.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Appends facts about tenants and members to their logs, with the companions that make them true at once
/// (`TenantProfile`, `Membership`, and the reservation of the slug, which is the unique key of `tenants`).
#[async_trait]
pub trait TenantLog: Send + Sync + 'static {
    /// `TenantCreated` with its profile, then `MemberJoined` of the first owner. Called again with the same ids after a
    /// failure in between, it completes what is missing.
    async fn create_tenant(&self, tenant: &NewTenant) -> Result<(), NotCreated>;

    /// `MemberJoined` with its membership. False if the person is a member already.
    async fn add_member(
        &self,
        tenant: TenantId,
        member: MemberId,
        joining: Joining,
        by: (Actor, CorrelationId),
    ) -> Result<bool, Fault>;

    /// Records who was let in or refused.
    async fn record_access(
        &self,
        tenant: TenantId,
        by: (Actor, CorrelationId),
        event: AccessEvent,
    ) -> Result<(), Fault>;
}

/// Who joins, as what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Joining {
    /// The person.
    pub identity: IdentityId,
    /// What the person may do.
    pub role: Role,
}
