//! What can happen at a tenant's doors.

use serde::{Deserialize, Serialize};

use crate::wire::wire_names;
use crate::{IdentityId, MemberId};

/// A fact about access to a tenant. It never holds an address, a password or a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all_fields = "camelCase")]
pub enum AccessEvent {
    /// Somebody signed in.
    #[serde(rename = "access.signed_in.v1")]
    SignedIn {
        /// Who.
        identity: IdentityId,
        /// As which member.
        member: MemberId,
    },
    /// Somebody changed their password, which ended all their sessions.
    #[serde(rename = "access.password_changed.v1")]
    PasswordChanged {
        /// Who.
        identity: IdentityId,
        /// As which member they were signed in.
        member: MemberId,
    },
    /// Somebody or something was refused.
    #[serde(rename = "access.refused.v1")]
    Refused {
        /// Why.
        reason: RefusalReason,
        /// What was tried: a permission (`workflow:publish`) or a route (`POST /auth/sign-in`).
        action: String,
        /// On what: the id of a resource, or the host that a workflow tried to reach.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<String>,
        /// Who tried, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        identity: Option<IdentityId>,
    },
}

wire_names!(AccessEvent {
    SignedIn => "access.signed_in.v1",
    PasswordChanged => "access.password_changed.v1",
    Refused => "access.refused.v1",
});

/// Why access was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalReason {
    /// The password (or other proof) was wrong, or there is no such person.
    WrongCredentials,
    /// The person is no member of this tenant.
    NotAMember,
    /// The session or token ended.
    Expired,
    /// The token was not made here, or it was changed.
    Forged,
    /// The token belongs to another tenant.
    ForeignTenant,
    /// The request did not prove that it comes from our own pages.
    CrossSite,
    /// The member's role does not allow it.
    Permission,
    /// Too many attempts.
    TooManyAttempts,
    /// A workflow tried to reach an address that is not allowed.
    Egress,
}
