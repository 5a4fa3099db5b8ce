//! A person's membership in a tenant.

mod command;
mod event;
#[cfg(test)]
mod tests;

pub use command::*;
pub use event::*;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{Decider, Position};

/// What a member may do; the table of permissions stands in the tenants crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything, owners included. A tenant has at least one.
    Owner,
    /// Everything but owners.
    Admin,
    /// Draws, tests and publishes workflows.
    Editor,
    /// Watches and repairs executions.
    Operator,
    /// Looks.
    Viewer,
}

/// A member as its decisions see it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Member {
    /// Nothing happened yet.
    #[default]
    Absent,
    /// The person belongs to the tenant.
    Active {
        /// What the person may do.
        role: Role,
    },
    /// The person was let out. Who comes back becomes a new member.
    Removed,
}

/// Why a membership says no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum MemberRejection {
    /// It began before.
    #[error("This person is a member already.")]
    Exists,
    /// It never began or it ended.
    #[error("There is no such member, or the person was removed. Add the person again.")]
    Missing,
    /// Nobody would be left to decide about owners.
    #[error("This is the only owner. Make another member an owner first.")]
    LastOwner,
}

impl MemberRejection {
    /// A word for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Exists => "member_exists",
            Self::Missing => "member_missing",
            Self::LastOwner => "last_owner",
        }
    }
}

impl Decider for Member {
    type Command = MemberCommand;
    type Event = MemberEvent;
    type Rejection = MemberRejection;

    const NAME: &'static str = "member";

    fn decide(&self, command: MemberCommand) -> Result<Vec<MemberEvent>, MemberRejection> {
        match (*self, command) {
            (Self::Absent, MemberCommand::Join { identity, role }) => Ok(vec![MemberEvent::Joined { identity, role }]),
            (Self::Active { .. }, MemberCommand::Join { .. }) => Err(MemberRejection::Exists),
            (Self::Active { role: now }, MemberCommand::ChangeRole { role, .. }) if now == role => Ok(vec![]),
            (
                Self::Active { role: Role::Owner },
                MemberCommand::ChangeRole { other_owners: 0, .. } | MemberCommand::Remove { other_owners: 0 },
            ) => Err(MemberRejection::LastOwner),
            (Self::Active { .. }, MemberCommand::ChangeRole { role, .. }) => {
                Ok(vec![MemberEvent::RoleChanged { role }])
            }
            (Self::Active { .. }, MemberCommand::Remove { .. }) => Ok(vec![MemberEvent::Removed {}]),
            (Self::Absent | Self::Removed, _) => Err(MemberRejection::Missing),
        }
    }

    fn evolve(&mut self, event: &MemberEvent) {
        *self = match event {
            MemberEvent::Joined { role, .. } | MemberEvent::RoleChanged { role } => Self::Active { role: *role },
            MemberEvent::Removed {} => Self::Removed,
        };
    }
}

/// The scope of the names that [`owner_change_name`] makes.
pub const OWNER_CHANGES: &str = "owner_change";

/// The name that an append must reserve (in the scope [`OWNER_CHANGES`]) when it takes away an owner, where `last` is the
/// position of the newest event that the count of owners reflects. Of two that counted at the same position only one gets
/// the name; the other counts again.
pub fn owner_change_name(last: Position) -> String {
    last.0.to_string()
}
