//! What can happen to a credential.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::wire::wire_names;
use crate::{ExecutionId, NodeId, WorkflowId};

/// A fact about one credential. It never holds a field of the secret, not even one that may be shown: a log is for ever, and a
/// user name is somebody's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all_fields = "camelCase")]
pub enum CredentialEvent {
    /// It exists, with version 1 of its secret.
    #[serde(rename = "credential.created.v1")]
    Created {
        /// Its name.
        name: String,
        /// Its type.
        #[serde(rename = "type")]
        kind: String,
    },
    /// It has another name.
    #[serde(rename = "credential.renamed.v1")]
    Renamed {
        /// The new name.
        name: String,
        /// The name that is free again.
        was: String,
    },
    /// It has another secret; the one before is destroyed.
    #[serde(rename = "credential.rotated.v1")]
    Rotated {
        /// The number of the new version.
        version: u32,
    },
    /// It was tried.
    #[serde(rename = "credential.tested.v1")]
    Tested {
        /// Which version.
        version: u32,
        /// How it ended.
        outcome: TestOutcome,
        /// When.
        at: Timestamp,
    },
    /// A node of a workflow opened it for the first time on that day (UTC).
    ///
    /// One event for every execution would make a busy webhook's log twice as long and say nothing new: which steps were executed
    /// is recorded with the execution, and which credential a node names stands in the version of the workflow. What is missing
    /// there is the proof that the secret was in fact handed out, and a day is fine enough for it. The appends of all processes
    /// share one idempotency key ([`use_key`](super::use_key)), so that each day has one event however many executions there are.
    #[serde(rename = "credential.used.v1")]
    Used {
        /// By which workflow.
        workflow: WorkflowId,
        /// By which node of it.
        node: NodeId,
        /// In which execution: the first one of that day.
        execution: ExecutionId,
    },
    /// It is gone, and its secret with it.
    #[serde(rename = "credential.deleted.v1")]
    Deleted {
        /// The name that is free again.
        name: String,
    },
}

wire_names!(CredentialEvent {
    Created => "credential.created.v1",
    Renamed => "credential.renamed.v1",
    Rotated => "credential.rotated.v1",
    Tested => "credential.tested.v1",
    Used => "credential.used.v1",
    Deleted => "credential.deleted.v1",
});

/// How a trial ended. A word and never the other side's text, which may repeat what it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestOutcome {
    /// The other side took it.
    Accepted,
    /// The other side refused it.
    Refused,
    /// The other side could not be asked.
    Unreachable,
}
