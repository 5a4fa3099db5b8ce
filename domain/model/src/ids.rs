//! Identities. Every id is a UUID (version 7 where the server makes it, RFC 9562) in a type of its own, so that two kinds
//! cannot be mixed up. Ids are made outside of the domain and arrive in commands.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )+};
}

ids! {
    /// A tenant; owns one log.
    TenantId,
    /// One aggregate's events. Equal to the id of the aggregate.
    StreamId,
    /// A workflow.
    WorkflowId,
    /// A node of a graph; stays the same through rename and publish.
    NodeId,
    /// An execution.
    ExecutionId,
    /// A person's membership in a tenant.
    MemberId,
    /// A person who can sign in (a platform row, not in any log).
    IdentityId,
    /// A variable of a tenant.
    VariableId,
    /// A credential of a tenant; its secret is kept under the same id.
    CredentialId,
    /// A group of edits that undo together.
    GroupId,
    /// A worker process.
    WorkerId,
    /// A payload row: the items of one append.
    PayloadId,
    /// What one request or firing caused, across streams.
    CorrelationId,
    /// A timer row.
    TimerId,
    /// What one step waits for, once.
    SignalId,
    /// The unguessable part of a webhook's address.
    HookId,
}

impl SignalId {
    /// The timer that tells whoever waits for the signal that it is there.
    pub fn timer(self) -> TimerId {
        TimerId(self.0)
    }
}

macro_rules! streams {
    ($($id:ident),+) => {$(
        impl From<$id> for StreamId {
            fn from(id: $id) -> Self {
                Self(id.0)
            }
        }
    )+};
}

streams!(TenantId, WorkflowId, ExecutionId, MemberId, VariableId, CredentialId);

/// The place of an event in its stream, from 1; 0 is the empty stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StreamVersion(pub u32);

/// The place of an event in the tenant's log, from 1, gapless and in commit order; 0 is before the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Position(pub u64);

/// Who caused an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type", content = "id")]
pub enum Actor {
    /// A member of the tenant.
    Member(MemberId),
    /// An identity that is not (yet) a member: sign-up, provisioning.
    Identity(IdentityId),
    /// The platform itself: a trigger, a timer, a worker.
    System,
}
