//! What can happen to a membership.

use serde::{Deserialize, Serialize};

use super::Role;
use crate::IdentityId;
use crate::wire::wire_names;

/// A fact about one member. Name and address are of the identity and in no log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all_fields = "camelCase")]
pub enum MemberEvent {
    /// The person belongs to the tenant.
    #[serde(rename = "member.joined.v1")]
    Joined {
        /// Who signs in as this member.
        identity: IdentityId,
        /// What the person may do.
        role: Role,
    },
    /// The person may do other things.
    #[serde(rename = "member.role_changed.v1")]
    RoleChanged {
        /// The new role.
        role: Role,
    },
    /// The person no longer belongs to the tenant.
    #[serde(rename = "member.removed.v1")]
    Removed {},
}

wire_names!(MemberEvent {
    Joined => "member.joined.v1",
    RoleChanged => "member.role_changed.v1",
    Removed => "member.removed.v1",
});
