//! What nodes have seen in earlier executions: the port, and its values.
//!
//! It lies beside the log, and is claimed while a step is at work rather than written by its append: of two executions at once, one
//! gets a value. A claim names its step, so that whoever repeats the step, after a crash for instance, gets the same answer. Whoever
//! claims has recorded before that its step begins; otherwise nobody would repeat it.

use async_trait::async_trait;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use weft_model::{ExecutionId, NodeId, TenantId, WorkflowId};

use crate::LogFault;

/// The longest history of one place, in values.
pub const MAX_SEEN: u32 = 100_000;

/// Who shares what was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SeenPlace {
    /// The workflow.
    pub workflow: WorkflowId,
    /// The node whose own it is; nothing where it is the workflow's.
    pub node: Option<NodeId>,
}

impl SeenPlace {
    /// The digest of a value at this place. What a value is cannot be read from it.
    pub fn digest(&self, value: &str) -> SeenDigest {
        let mut hash = Sha256::new();
        hash.update(self.workflow.0.as_bytes());
        hash.update(self.node_or_nil().as_bytes());
        hash.update(value.as_bytes());
        let mut half = [0; 16];
        half.copy_from_slice(&hash.finalize()[..16]);
        SeenDigest(half)
    }

    pub(crate) fn node_or_nil(&self) -> Uuid {
        self.node.map_or(Uuid::nil(), |node| node.0)
    }
}

/// The first half of the SHA-256 of a value and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SeenDigest(pub(crate) [u8; 16]);

/// The step that claims. Every attempt of it is the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SeenBy {
    /// Its execution; what it claimed is forgotten once this has ended.
    pub execution: ExecutionId,
    /// An identity made of the execution, the node and the iteration.
    pub step: Uuid,
}

/// What a mark is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MarkKind {
    /// A number.
    Number,
    /// A moment, in milliseconds since 1970.
    Date,
}

impl MarkKind {
    /// Its name in tables.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Date => "date",
        }
    }
}

/// Where it is known what was seen.
#[async_trait]
pub trait Seen: Send + Sync + 'static {
    /// For each of `values`, which are distinct, whether it is new: nobody has claimed it, or `by` has. From now on it is `by`'s;
    /// without `by`, nothing changes. The place remembers the last `history` values, at most [`MAX_SEEN`].
    async fn see_values(
        &self,
        tenant: TenantId,
        place: SeenPlace,
        by: Option<SeenBy>,
        values: &[SeenDigest],
        history: u32,
    ) -> Result<Vec<bool>, LogFault>;

    /// The place's mark before `by` raised it to at least `mark`, which it does now; nothing where there was none. Without `by`,
    /// nothing changes.
    async fn see_mark(
        &self,
        tenant: TenantId,
        place: SeenPlace,
        by: Option<SeenBy>,
        mark: (MarkKind, f64),
    ) -> Result<Option<f64>, LogFault>;

    /// Forgets everything of a place.
    async fn forget_seen(&self, tenant: TenantId, place: SeenPlace) -> Result<(), LogFault>;
}
