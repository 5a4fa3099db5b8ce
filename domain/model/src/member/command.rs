//! What may be asked of a membership.

use super::Role;
use crate::IdentityId;

/// A request. That a tenant keeps an owner is a rule over all of its members, and a decision sees only one of them: a command
/// that may take the last owner away carries how many others there are. Two owners who remove each other at the same moment
/// both read "one other", so the append that follows must reserve a name that stands for that reading (see
/// [`owner_change_name`](super::owner_change_name)); the slower one loses it and decides again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberCommand {
    /// Let a person in. That the person is not a member yet is a reservation of the append.
    Join {
        /// Who.
        identity: IdentityId,
        /// What the person may do.
        role: Role,
    },
    /// Let the person do other things.
    ChangeRole {
        /// The new role.
        role: Role,
        /// How many other members are owners.
        other_owners: u32,
    },
    /// Let the person out.
    Remove {
        /// How many other members are owners.
        other_owners: u32,
    },
}
