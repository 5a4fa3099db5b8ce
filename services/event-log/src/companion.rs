//! What must become true together with events: rows that are written in the append's own transaction.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use weft_model::member::Role;
use weft_model::{
    CredentialId, ExecutionId, HookId, IdentityId, MemberId, NodeId, StreamId, TenantId, TimerId, WorkerId, WorkflowId,
};

/// One change beside the events of an append. When one cannot be made, nothing of its append happens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum Companion {
    /// Sets a timer, or moves the timer of that id.
    SetTimer(Timer),
    /// Sets a timer, or makes the timer of that id due at that moment; one that was there keeps its data.
    RouseTimer(Timer),
    /// Removes a timer; it need not exist.
    ClearTimer {
        /// The timer.
        id: TimerId,
    },
    /// Removes a timer that fires: it must exist and be due at exactly this moment, else
    /// [`TimerGone`](crate::AppendError::TimerGone). This is how two processes fire one timer once, also when the same append
    /// sets it again for the next tick.
    FireTimer {
        /// The timer.
        id: TimerId,
        /// Its moment, as read.
        due_at: Timestamp,
    },
    /// Replaces all routes of a workflow.
    SetTriggerRoutes {
        /// The workflow.
        workflow: WorkflowId,
        /// Its routes from now on; empty while it is not active.
        routes: Vec<TriggerRoute>,
    },
    /// Takes a name that is unique in its scope, else [`NameTaken`](crate::AppendError::NameTaken). Taking one's own name
    /// again is allowed.
    ReserveName {
        /// What the name is unique among, `workflow.name`.
        scope: String,
        /// The name, normalised by the caller.
        name: String,
        /// Who holds it.
        owner: Uuid,
    },
    /// Gives a name back; it need not be taken.
    ReleaseName {
        /// What the name is unique among.
        scope: String,
        /// The name.
        name: String,
    },
    /// Says which worker drives an execution. Written when it is queued and again when it is adopted.
    OpenExecution(OpenExecution),
    /// The execution has ended.
    CloseExecution {
        /// The execution.
        execution: ExecutionId,
    },
    /// Writes the row that hosts and pages are looked up in, on behalf of the tenant's events. The slug is unique among all
    /// tenants, else [`NameTaken`](crate::AppendError::NameTaken) with the scope `tenant.slug`.
    TenantProfile {
        /// The part of the host's name; ignored once the tenant exists.
        slug: String,
        /// What people call the tenant.
        name: String,
        /// What the product is called on its pages.
        product_name: String,
        /// Its colour, `#rrggbb`.
        accent_color: String,
        /// Its logo's address.
        logo_url: Option<String>,
    },
    /// Lets an identity in, or changes its role.
    Membership {
        /// The member.
        member: MemberId,
        /// The person; must have a row in `identities`.
        identity: IdentityId,
        /// What the member may do.
        role: Role,
    },
    /// Lets a member in no longer.
    DropMembership {
        /// The member.
        member: MemberId,
    },
    /// Keeps a secret in the place of the one before, which is gone with that.
    KeepSecret(SealedSecret),
    /// Destroys a secret; it need not exist. Where a workflow uses it this is refused with
    /// [`SecretInUse`](crate::AppendError::SecretInUse).
    DestroySecret {
        /// The credential that it is of.
        credential: CredentialId,
    },
    /// Says which secrets a workflow uses from now on, in the place of what was said before. One that does not exist is refused
    /// with [`SecretMissing`](crate::AppendError::SecretMissing), so that nothing is published with a secret that was destroyed
    /// a moment ago.
    SetSecretUses {
        /// The workflow.
        workflow: WorkflowId,
        /// The credentials that they are of; empty while it is not active.
        credentials: Vec<CredentialId>,
    },
    /// Keeps one entry of what a workflow's code keeps for its next executions, or takes it away. Entries of other keys stay.
    KeepStaticData {
        /// The workflow.
        workflow: WorkflowId,
        /// The entry.
        entry: StaticEntry,
    },
    /// Makes the append happen once per key, else [`Duplicate`](crate::AppendError::Duplicate). Kept for at least a day.
    IdempotencyKey {
        /// The key, as the caller's client gave it, with a prefix that says what it is for.
        key: String,
    },
    /// Adds to a counter, else [`QuotaExceeded`](crate::AppendError::QuotaExceeded) when a limit is given and would be passed.
    AddUsage {
        /// The counter's name; a period belongs into it, `executions.2026-11`.
        counter: String,
        /// How much; may be negative to give back.
        amount: i64,
        /// The most that the counter may hold afterwards.
        limit: Option<i64>,
    },
}

/// One entry of the static data of a workflow or of one of its nodes: `$getWorkflowStaticData('global').key` for instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StaticEntry {
    /// The node whose own it is; nothing where it is the workflow's.
    pub node: Option<NodeId>,
    /// What it is called.
    pub key: String,
    /// Its value as JSON; nothing takes it away.
    pub value: Option<String>,
}

/// A secret as it is kept: nobody can read it without the tenant's data key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SealedSecret {
    /// The credential that it is of.
    pub credential: CredentialId,
    /// Its number, from 1; part of what it was sealed for.
    pub version: u32,
    /// The data key that it was sealed with.
    pub key: i32,
    /// What nobody is shown again.
    #[serde(with = "hexadecimal")]
    pub hidden: Vec<u8>,
    /// What people may read again.
    #[serde(with = "hexadecimal")]
    pub shown: Vec<u8>,
}

/// Bytes in JSON, which PostgreSQL's `decode` reads.
mod hexadecimal {
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        hex::decode(String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// A moment at which a stream wants to be woken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Timer {
    /// Chosen by the caller; setting it again moves it.
    pub id: TimerId,
    /// The execution or workflow that is woken.
    pub stream: StreamId,
    /// What for.
    #[serde(rename = "timer")]
    pub kind: TimerKind,
    /// When, to the microsecond.
    pub due_at: Timestamp,
    /// What the one who wakes needs to know.
    pub data: serde_json::Value,
}

/// What a timer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimerKind {
    /// A schedule's next tick.
    Schedule,
    /// A wait of an execution ends.
    Wait,
    /// The next attempt of a step begins.
    Retry,
    /// An execution has taken too long.
    Deadline,
    /// What a step waits for has ended; the data names the step.
    Signal,
    /// The execution that asked for this one was cancelled.
    Cancel,
    /// An execution failed, and the workflow that the data names is to be told.
    Failure,
}

impl TimerKind {
    /// Its name in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Schedule => "schedule",
            Self::Wait => "wait",
            Self::Retry => "retry",
            Self::Deadline => "deadline",
            Self::Signal => "signal",
            Self::Cancel => "cancel",
            Self::Failure => "failure",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [Self::Schedule, Self::Wait, Self::Retry, Self::Deadline, Self::Signal, Self::Cancel, Self::Failure];
        all.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// An address at which a workflow's trigger listens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TriggerRoute {
    /// The unguessable part of the address; belongs to (workflow, node) for ever.
    pub hook: HookId,
    /// The trigger node.
    pub node: NodeId,
    /// The HTTP method in capitals, or `*` for every method.
    pub method: String,
    /// The path below the hook, with `:name` for a parameter; may be empty.
    pub path: String,
    /// Whether it is the address for test calls.
    pub test: bool,
    /// The published version that the route was made for.
    pub version: u32,
    /// What the trigger needs to know without loading the workflow.
    pub data: serde_json::Value,
}

/// A route with the workflow that it starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteMatch {
    /// The workflow.
    pub workflow: WorkflowId,
    /// The route.
    pub route: TriggerRoute,
}

/// An execution that has not ended, and who drives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenExecution {
    /// The execution.
    pub execution: ExecutionId,
    /// Its workflow.
    pub workflow: WorkflowId,
    /// The worker process that drives it.
    pub worker: WorkerId,
    /// Grows with every owner.
    pub epoch: u32,
}

/// An open execution whose worker is dead, with its tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Orphan {
    /// Whose execution.
    pub tenant: TenantId,
    /// The execution and its last driver.
    pub execution: OpenExecution,
}
