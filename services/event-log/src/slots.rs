//! How many executions of a workflow, and of a tenant, progress at once.

use weft_model::{ExecutionId, WorkflowId};

/// Who asks for a slot, and how many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotRequest {
    /// The execution; it must be open.
    pub execution: ExecutionId,
    /// Its workflow.
    pub workflow: WorkflowId,
    /// A digest of what the workflow's key gave; zeros where there is none.
    pub key: [u8; 16],
    /// The most executions of the workflow.
    pub most: Option<u32>,
    /// The most executions of the workflow that have this key.
    pub most_per_key: Option<u32>,
    /// The most executions of the tenant that hold a slot.
    pub most_of_tenant: Option<u32>,
}
