//! The audit log: who did what to the tenant's members, settings, variables, credentials and workflows, and who was refused.
//!
//! Single edits of a draft and the steps of executions are not in it: they are history of their own. Values are never in it.

mod query;

#[cfg(test)]
mod tests;

use async_trait::async_trait;
use serde_json::{Value, json};
use sqlx::PgConnection;
use weft_model::access::AccessEvent;
use weft_model::credential::CredentialEvent;
use weft_model::execution::ExecutionEvent;
use weft_model::member::MemberEvent;
use weft_model::tenant::TenantEvent;
use weft_model::variable::VariableEvent;
use weft_model::workflow::WorkflowEvent;
use weft_model::{Actor, Event, TenantId};

pub use query::{AuditRow, COUNTED, by_positions, count, list};

use crate::stored::{actor, bigint, timestamptz};
use crate::{Fact, FoldFault, Projection};

/// The projection.
pub struct AuditLog;

/// What is told of an event beside its name.
struct Entry {
    /// A word for people: a name, an address; the subject's id says the rest.
    label: Option<String>,
    detail: Value,
}

impl Entry {
    fn new(label: Option<&str>, detail: Value) -> Self {
        Self { label: label.map(str::to_owned), detail }
    }

    /// The entry of `fact`; `None` where it is none of the audit's business.
    fn of(fact: &Fact) -> Option<Self> {
        match &fact.event {
            Event::Tenant(event) => Some(Self::of_tenant(event)),
            Event::Member(event) => Some(Self::of_member(event)),
            Event::Workflow(event) => Self::of_workflow(event),
            Event::Execution(event) => Self::of_execution(fact.actor, event),
            Event::Variable(event) => Some(Self::of_variable(event)),
            Event::Credential(event) => Some(Self::of_credential(event)),
            Event::Access(event) => Some(Self::of_access(event)),
        }
    }

    fn of_tenant(event: &TenantEvent) -> Self {
        match event {
            TenantEvent::Created { slug, name, .. } => Self::new(Some(name), json!({ "slug": slug })),
            TenantEvent::Renamed { name } => Self::new(Some(name), json!({})),
            TenantEvent::BrandingChanged { branding } => Self::new(Some(&branding.product_name), json!(branding)),
            TenantEvent::SettingsChanged { settings } => Self::new(None, json!(settings)),
        }
    }

    fn of_member(event: &MemberEvent) -> Self {
        match event {
            MemberEvent::Joined { role, .. } | MemberEvent::RoleChanged { role } => {
                Self::new(None, json!({ "role": role }))
            }
            MemberEvent::Removed {} => Self::new(None, json!({})),
        }
    }

    fn of_workflow(event: &WorkflowEvent) -> Option<Self> {
        Some(match event {
            WorkflowEvent::Created { definition } => Self::new(Some(&definition.name), json!({})),
            WorkflowEvent::Edited { .. } => return None,
            WorkflowEvent::Published { number, draft, digest } => {
                Self::new(None, json!({ "number": number, "draftVersion": draft, "digest": digest }))
            }
            WorkflowEvent::Activated { number } => Self::new(None, json!({ "number": number })),
            WorkflowEvent::Deactivated {} | WorkflowEvent::Archived {} => Self::new(None, json!({})),
        })
    }

    /// What a person started or ended by hand.
    fn of_execution(actor: Actor, event: &ExecutionEvent) -> Option<Self> {
        Some(match (actor, event) {
            (Actor::Member(_), ExecutionEvent::Queued { workflow, workflow_name, mode, retry_of, .. }) => {
                Self::new(Some(workflow_name), json!({ "workflow": workflow, "mode": mode, "retryOf": retry_of }))
            }
            (Actor::Member(_), ExecutionEvent::Cancelled { .. }) => Self::new(None, json!({})),
            _ => return None,
        })
    }

    fn of_variable(event: &VariableEvent) -> Self {
        match event {
            VariableEvent::Set { name, value: _ } | VariableEvent::Deleted { name } => Self::new(Some(name), json!({})),
        }
    }

    fn of_credential(event: &CredentialEvent) -> Self {
        match event {
            CredentialEvent::Created { name, kind } => Self::new(Some(name), json!({ "type": kind })),
            CredentialEvent::Renamed { name, was } => Self::new(Some(name), json!({ "was": was })),
            CredentialEvent::Rotated { version } => Self::new(None, json!({ "version": version })),
            CredentialEvent::Tested { version, outcome, at: _ } => {
                Self::new(None, json!({ "version": version, "outcome": outcome }))
            }
            CredentialEvent::Used { workflow, node, execution } => {
                Self::new(None, json!({ "workflow": workflow, "node": node, "execution": execution }))
            }
            CredentialEvent::Deleted { name } => Self::new(Some(name), json!({})),
        }
    }

    fn of_access(event: &AccessEvent) -> Self {
        match event {
            AccessEvent::SignedIn { identity, member } | AccessEvent::PasswordChanged { identity, member } => {
                Self::new(None, json!({ "identity": identity, "member": member }))
            }
            AccessEvent::Refused { reason, action, subject, identity } => {
                Self::new(subject.as_deref(), json!({ "reason": reason, "action": action, "identity": identity }))
            }
        }
    }
}

#[async_trait]
impl Projection for AuditLog {
    fn name(&self) -> &'static str {
        "audit"
    }

    fn reads(&self, wire_type: &str) -> bool {
        !wire_type.starts_with("execution.step_")
    }

    async fn fold(&self, tenant: TenantId, connection: &mut PgConnection, facts: &[Fact]) -> Result<(), FoldFault> {
        let entries: Vec<(&Fact, Entry)> = facts.iter().filter_map(|fact| Some((fact, Entry::of(fact)?))).collect();
        if entries.is_empty() {
            return Ok(());
        }
        let details =
            entries.iter().map(|(_, entry)| serde_json::to_string(&entry.detail)).collect::<Result<Vec<_>, _>>()?;
        let labels = entries
            .iter()
            .map(|(_, entry)| entry.label.as_ref().map(serde_json::to_string).transpose())
            .collect::<Result<Vec<_>, _>>()?;
        sqlx::query(
            "insert into audit (tenant_id, position, at, actor, action, subject_id, label, detail) \
             select $1, a.position, a.at, a.actor, a.action, a.subject, a.label::json, a.detail::json \
             from unnest($2::bigint[], $3::timestamptz[], $4::text[], $5::text[], $6::uuid[], $7::text[], $8::text[]) \
             as a(position, at, actor, action, subject, label, detail)",
        )
        .bind(tenant.0)
        .bind(entries.iter().map(|(fact, _)| bigint(fact.position)).collect::<Vec<_>>())
        .bind(entries.iter().map(|(fact, _)| timestamptz(fact.recorded_at)).collect::<Vec<_>>())
        .bind(entries.iter().map(|(fact, _)| actor(fact.actor)).collect::<Vec<_>>())
        .bind(entries.iter().map(|(fact, _)| fact.event.wire_type()).collect::<Vec<_>>())
        .bind(entries.iter().map(|(fact, _)| fact.stream.0).collect::<Vec<_>>())
        .bind(labels)
        .bind(details)
        .execute(connection)
        .await?;
        Ok(())
    }
}
