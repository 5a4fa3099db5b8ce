//! What may be asked of a tenant.

use super::{Branding, TenantSettings};
use crate::WorkflowId;

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TenantCommand {
    /// Make it. That no other tenant has the slug is a reservation of the append.
    Create {
        /// The first label of its host name.
        slug: String,
        /// Its name for people.
        name: String,
        /// How its pages look.
        branding: Branding,
        /// How it behaves.
        settings: TenantSettings,
    },
    /// Give it another name.
    Rename {
        /// The new name.
        name: String,
    },
    /// Make its pages look different.
    ChangeBranding {
        /// How they shall look.
        branding: Branding,
    },
    /// Execute this workflow when an execution of one fails that names none itself, or none.
    ChooseErrorWorkflow {
        /// Which.
        workflow: Option<WorkflowId>,
    },
    /// Let so many of its executions progress at once, or as many as the installation permits.
    LimitExecutions {
        /// How many.
        at_once: Option<u32>,
    },
    /// Make it behave differently.
    ChangeSettings {
        /// How it shall behave.
        settings: TenantSettings,
    },
}
