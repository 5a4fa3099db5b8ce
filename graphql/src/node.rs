//! Anything that has a global id.

use async_graphql::{Context, ID, Interface, Object, Result};
use weft_tenants::Action;

use crate::audit::{self, AuditEntry};
use crate::credential::{Credential, credential};
use crate::execution::{Execution, execution};
use crate::guard::may;
use crate::id::GlobalId;
use crate::member::{Member, member};
use crate::tenant::{self, Tenant};
use crate::variable::{Variable, variable};
use crate::workflow::{Workflow, workflow};

/// Anything that has a global id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID"))]
pub(crate) enum Node {
    Tenant(Tenant),
    Member(Member),
    Variable(Variable),
    Credential(Credential),
    Workflow(Workflow),
    Execution(Execution),
    AuditEntry(AuditEntry),
}

#[derive(Default)]
pub(crate) struct NodeQueries;

#[Object]
impl NodeQueries {
    /// Whatever has this id; nothing when it is not of this tenant, or when the one who asks may not see such things.
    async fn node(&self, context: &Context<'_>, id: ID) -> Result<Option<Node>> {
        let Some(id) = GlobalId::decode(&id).filter(|id| may(context, action(*id))) else { return Ok(None) };
        Ok(match id {
            GlobalId::Tenant(id) => tenant::current(context)
                .await?
                .filter(|_| crate::session::tenant(context).is_ok_and(|own| own.0 == id))
                .map(Node::Tenant),
            GlobalId::Member(id) => member(context, id.into()).await?.map(Node::Member),
            GlobalId::Variable(id) => variable(context, id.into()).await?.map(Node::Variable),
            GlobalId::Credential(id) => credential(context, id.into()).await?.map(Node::Credential),
            GlobalId::Workflow(id) => workflow(context, id.into()).await?.map(Node::Workflow),
            GlobalId::Execution(id) => execution(context, id.into()).await?.map(Node::Execution),
            GlobalId::AuditEntry(position) => audit::entry(context, position).await?.map(Node::AuditEntry),
        })
    }
}

/// What looking at it is.
fn action(id: GlobalId) -> Action {
    match id {
        GlobalId::Tenant(_) => Action::ReadTenant,
        GlobalId::Member(_) => Action::ReadMember,
        GlobalId::Variable(_) => Action::ReadVariable,
        GlobalId::Credential(_) => Action::ReadCredential,
        GlobalId::Workflow(_) => Action::ReadWorkflow,
        GlobalId::Execution(_) => Action::ReadExecution,
        GlobalId::AuditEntry(_) => Action::ReadAudit,
    }
}
