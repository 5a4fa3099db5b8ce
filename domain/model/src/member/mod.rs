//! A person's membership in a tenant.

mod event;

pub use event::*;

use serde::{Deserialize, Serialize};

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
