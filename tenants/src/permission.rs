//! Who may do what.

use weft_model::member::Role;
use weft_model::{CredentialId, ExecutionId, VariableId, WorkflowId};

use crate::action::Action;
use crate::context::RequestContext;

/// What an action is about. Today a role holds for the whole tenant; the resource is named all the same, so that a
/// narrower scope needs no change where permissions are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// The tenant as a whole, or a list of its things.
    Tenant,
    /// One workflow.
    Workflow(WorkflowId),
    /// One execution.
    Execution(ExecutionId),
    /// One variable.
    Variable(VariableId),
    /// One credential.
    Credential(CredentialId),
    /// A membership: the role before (none for somebody new) and after (none for somebody who leaves).
    Membership {
        /// The role now.
        now: Option<Role>,
        /// The role that it becomes.
        becomes: Option<Role>,
    },
}

/// The member's role does not allow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Your role does not allow this ({}). Ask an owner of this tenant.", action.name())]
pub struct Forbidden {
    /// What was tried.
    pub action: Action,
}

/// Whether the actor of this request may do this.
pub fn can(context: &RequestContext, action: Action, resource: Resource) -> Result<(), Forbidden> {
    let is_allowed = role_may(context.role, action) && (context.role == Role::Owner || !concerns_owners(resource));
    if is_allowed { Ok(()) } else { Err(Forbidden { action }) }
}

/// The names of everything that a role may do, sorted; what a client needs to show only what works.
pub fn permissions_of(role: Role) -> Vec<&'static str> {
    let mut names: Vec<_> =
        Action::ALL.into_iter().filter(|action| role_may(role, *action)).map(Action::name).collect();
    names.sort_unstable();
    names
}

/// Only owners make owners, and only owners take it from them.
fn concerns_owners(resource: Resource) -> bool {
    match resource {
        Resource::Membership { now, becomes } => now == Some(Role::Owner) || becomes == Some(Role::Owner),
        Resource::Tenant
        | Resource::Workflow(_)
        | Resource::Execution(_)
        | Resource::Variable(_)
        | Resource::Credential(_) => false,
    }
}

/// The table: each role may do what the roles below it may.
fn role_may(role: Role, action: Action) -> bool {
    rank(role) >= rank(least_role(action))
}

fn rank(role: Role) -> u8 {
    match role {
        Role::Owner => 4,
        Role::Admin => 3,
        Role::Editor => 2,
        Role::Operator => 1,
        Role::Viewer => 0,
    }
}

fn least_role(action: Action) -> Role {
    match action {
        Action::ReadWorkflow
        | Action::ReadExecution
        | Action::ReadCatalogue
        | Action::ReadMember
        | Action::ReadTenant => Role::Viewer,
        Action::ReadItems
        | Action::ReadFiles
        | Action::CancelExecution
        | Action::RetryExecution
        | Action::ExecuteWorkflow
        | Action::ActivateWorkflow
        | Action::ReadVariable
        | Action::ReadCredential
        | Action::ReadUsage => Role::Operator,
        Action::CreateWorkflow
        | Action::EditWorkflow
        | Action::PublishWorkflow
        | Action::ArchiveWorkflow
        | Action::ListenForWebhook
        | Action::PreviewExpression
        | Action::SetVariable
        | Action::DeleteVariable
        | Action::CreateCredential
        | Action::UpdateCredential
        | Action::TestCredential
        | Action::UseCredential => Role::Editor,
        // What is destroyed cannot be had back, and nobody here could type it in again.
        Action::DeleteCredential
        | Action::AddMember
        | Action::ChangeMemberRole
        | Action::RemoveMember
        | Action::ChangeBranding
        | Action::ChangeTenant
        | Action::ReadAudit => Role::Admin,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fmt::Write as _;

    use weft_model::{Actor, CorrelationId, TenantId};

    use super::*;

    const ROLES: [Role; 5] = [Role::Owner, Role::Admin, Role::Editor, Role::Operator, Role::Viewer];

    fn context(role: Role) -> RequestContext {
        let id = uuid::Uuid::nil();
        let (tenant, correlation) = (TenantId(id), CorrelationId(id));
        RequestContext { tenant, actor: Actor::System, role, correlation, session: None }
    }

    #[test]
    fn the_table_of_roles_and_actions() {
        let mut table = String::new();
        for action in Action::ALL {
            let roles: Vec<String> = ROLES
                .into_iter()
                .filter(|role| can(&context(*role), action, Resource::Tenant).is_ok())
                .map(|role| format!("{role:?}"))
                .collect();
            let _ = writeln!(table, "{:<22}{}", action.name(), roles.join(" "));
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn names_are_unique_and_of_one_form() {
        let names: BTreeSet<_> = Action::ALL.into_iter().map(Action::name).collect();
        assert_eq!(names.len(), Action::ALL.len());
        for name in names {
            let (resource, action) = name.split_once(':').unwrap();
            assert!([resource, action].iter().all(|part| part.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')));
        }
    }

    #[test]
    fn an_admin_changes_anybody_but_owners() {
        let owner = Some(Role::Owner);
        let editor = Some(Role::Editor);
        for (now, becomes, by_admin) in [
            (None, editor, true),
            (editor, Some(Role::Admin), true),
            (editor, None, true),
            (None, owner, false),
            (editor, owner, false),
            (owner, editor, false),
            (owner, None, false),
        ] {
            let membership = Resource::Membership { now, becomes };
            let allowed = can(&context(Role::Admin), Action::ChangeMemberRole, membership).is_ok();
            assert_eq!(allowed, by_admin, "{now:?} → {becomes:?}");
            assert!(can(&context(Role::Owner), Action::ChangeMemberRole, membership).is_ok());
            assert!(can(&context(Role::Editor), Action::ChangeMemberRole, membership).is_err());
        }
    }

    #[test]
    fn a_role_lists_what_it_may() {
        assert_eq!(
            permissions_of(Role::Viewer),
            ["catalogue:read", "execution:read", "member:read", "tenant:read", "workflow:read"]
        );
        assert_eq!(permissions_of(Role::Owner).len(), Action::ALL.len());
    }
}
