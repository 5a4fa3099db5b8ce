//! What can be done. Resolvers and routes name an action; the table in `permission.rs` says who may.

/// Something that a member may be allowed to do. Its name, `workflow:publish`, is what clients see and what audits record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// See workflows, their drafts and published versions.
    ReadWorkflow,
    /// Make a workflow, also from a file.
    CreateWorkflow,
    /// Change a draft, undo and redo.
    EditWorkflow,
    /// Publish a draft and activate it.
    PublishWorkflow,
    /// Pause a workflow's triggers and let them start it again.
    ActivateWorkflow,
    /// Put a workflow away.
    ArchiveWorkflow,
    /// Execute a draft by hand.
    ExecuteWorkflow,
    /// Wait for a call of a draft's webhook.
    ListenForWebhook,
    /// See executions, their steps and how they ended.
    ReadExecution,
    /// See the items that flowed, which may be confidential.
    ReadItems,
    /// Have the files that items name.
    ReadFiles,
    /// End an execution.
    CancelExecution,
    /// Execute again what an execution executed.
    RetryExecution,
    /// Evaluate an expression against items of an execution.
    PreviewExpression,
    /// See the node kinds.
    ReadCatalogue,
    /// See variables.
    ReadVariable,
    /// Make or change a variable.
    SetVariable,
    /// Delete a variable.
    DeleteVariable,
    /// See credentials, without their secrets, which nobody sees.
    ReadCredential,
    /// Make a credential.
    CreateCredential,
    /// Rename a credential or give it another secret.
    UpdateCredential,
    /// Try whether the other side takes a credential.
    TestCredential,
    /// Delete a credential and destroy its secret.
    DeleteCredential,
    /// Let a workflow use a credential.
    UseCredential,
    /// See who belongs to the tenant.
    ReadMember,
    /// Let a person in.
    AddMember,
    /// Give a member another role.
    ChangeMemberRole,
    /// Let a member out.
    RemoveMember,
    /// See the tenant's name and brand.
    ReadTenant,
    /// Change the tenant's brand.
    ChangeBranding,
    /// Change how the tenant behaves.
    ChangeTenant,
    /// See what was used.
    ReadUsage,
    /// See who did what.
    ReadAudit,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 33] = [
        Self::ReadWorkflow,
        Self::CreateWorkflow,
        Self::EditWorkflow,
        Self::PublishWorkflow,
        Self::ActivateWorkflow,
        Self::ArchiveWorkflow,
        Self::ExecuteWorkflow,
        Self::ListenForWebhook,
        Self::ReadExecution,
        Self::ReadItems,
        Self::ReadFiles,
        Self::CancelExecution,
        Self::RetryExecution,
        Self::PreviewExpression,
        Self::ReadCatalogue,
        Self::ReadVariable,
        Self::SetVariable,
        Self::DeleteVariable,
        Self::ReadCredential,
        Self::CreateCredential,
        Self::UpdateCredential,
        Self::TestCredential,
        Self::DeleteCredential,
        Self::UseCredential,
        Self::ReadMember,
        Self::AddMember,
        Self::ChangeMemberRole,
        Self::RemoveMember,
        Self::ReadTenant,
        Self::ChangeBranding,
        Self::ChangeTenant,
        Self::ReadUsage,
        Self::ReadAudit,
    ];

    /// `resource:action`.
    pub fn name(self) -> &'static str {
        match self {
            Self::ReadWorkflow => "workflow:read",
            Self::CreateWorkflow => "workflow:create",
            Self::EditWorkflow => "workflow:edit",
            Self::PublishWorkflow => "workflow:publish",
            Self::ActivateWorkflow => "workflow:activate",
            Self::ArchiveWorkflow => "workflow:archive",
            Self::ExecuteWorkflow => "workflow:execute",
            Self::ListenForWebhook => "workflow:listen",
            Self::ReadExecution => "execution:read",
            Self::ReadItems => "execution:read-items",
            Self::ReadFiles => "execution:read-files",
            Self::CancelExecution => "execution:cancel",
            Self::RetryExecution => "execution:retry",
            Self::PreviewExpression => "expression:preview",
            Self::ReadCatalogue => "catalogue:read",
            Self::ReadVariable => "variable:read",
            Self::SetVariable => "variable:set",
            Self::DeleteVariable => "variable:delete",
            Self::ReadCredential => "credential:read",
            Self::CreateCredential => "credential:create",
            Self::UpdateCredential => "credential:update",
            Self::TestCredential => "credential:test",
            Self::DeleteCredential => "credential:delete",
            Self::UseCredential => "credential:use",
            Self::ReadMember => "member:read",
            Self::AddMember => "member:add",
            Self::ChangeMemberRole => "member:change-role",
            Self::RemoveMember => "member:remove",
            Self::ReadTenant => "tenant:read",
            Self::ChangeBranding => "tenant:brand",
            Self::ChangeTenant => "tenant:change",
            Self::ReadUsage => "usage:read",
            Self::ReadAudit => "audit:read",
        }
    }
}
