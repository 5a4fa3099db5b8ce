//! Commands on credentials, what may be shown of them, and how the engine opens them.
//!
//! The fields of a credential are sealed before its events are appended, and written by the same append: no moment has the one
//! without the other.

mod fields;
mod opening;
mod trial;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use async_trait::async_trait;
use weft_connectors::HttpClient;
use weft_event_log::{AppendError, Companion, PgLog};
use weft_graphql::ports::{
    CredentialUpdate, Credentials, Done, Fault, GivenField, NewCredential, Outcome, Refusal, Rejected, ShownField,
};
use weft_model::credential::{
    CREDENTIAL_NAMES, Credential, CredentialCommand, CredentialEvent, CredentialRejection, reserved_name,
};
use weft_model::{CredentialId, TenantId, WorkflowId};
use weft_nodes::credential::{CredentialType, FieldRefused, TYPES, credential_type};
use weft_projections::workflows;
use weft_scope::Scope;
use weft_tenants::RequestContext;

use super::store::{CommandFault, CompanionsOf, Executed, Target, execute};
use super::{faults, fresh};
use fields::{Fields, read, sealable, shown};
pub use opening::CredentialDoor;

/// How many workflows a refusal names.
const MOST_NAMED: usize = 5;

/// Credentials over the log and the secrets beside it.
pub struct LogCredentials {
    /// The log, which keeps the secrets.
    pub log: Arc<PgLog>,
    /// Where the names of workflows are read.
    pub scope: Scope,
    /// What credentials are tried with.
    pub http: Option<HttpClient>,
}

impl LogCredentials {
    /// Makes a credential.
    pub async fn create(&self, context: &RequestContext, new: NewCredential) -> Outcome<CredentialId> {
        let NewCredential { name, kind, fields } = new;
        let known = credential_type(&kind).ok_or_else(|| unknown_type(&kind))?;
        let fields = changed(known, Fields::new(), fields)?;
        let credential = CredentialId(fresh::id());
        let keep = self.keep(context, credential, 1, (known, &fields)).await?;
        let reserve = reserve(&name, credential);
        let command = CredentialCommand::Create { name, kind };
        let companions = |_: &Credential, _: &[CredentialEvent]| vec![keep.clone(), reserve.clone()];
        let executed = self.execute(context, credential, command, &companions).await.map_err(refusal)?;
        Ok(Done { value: credential, position: executed.position })
    }

    /// Renames a credential, changes its fields, or both.
    pub async fn update(&self, context: &RequestContext, update: CredentialUpdate) -> Outcome<CredentialId> {
        let CredentialUpdate { credential, name, fields } = update;
        let (version, keep) = if fields.is_empty() {
            (None, None)
        } else {
            let opened = self.log.open_secret(context.tenant, credential).await.map_err(faults::log)?;
            let opened = opened.ok_or(Refusal::NotFound)?;
            let (kind, before) = read(&opened.secret).map_err(internal)?;
            let known = credential_type(&kind).ok_or_else(|| unknown_type(&kind))?;
            let fields = changed(known, before, fields)?;
            // Whoever is faster takes this number, and the append of the slower one is refused by the decision.
            let version = opened.version + 1;
            (Some(version), Some(self.keep(context, credential, version, (known, &fields)).await?))
        };
        let companions = |_: &Credential, events: &[CredentialEvent]| {
            events.iter().flat_map(|event| of_change(event, credential, keep.as_ref())).collect()
        };
        let command = CredentialCommand::Update { name, version };
        let executed = self.execute(context, credential, command, &companions).await.map_err(refusal)?;
        Ok(Done { value: credential, position: executed.position })
    }

    /// Deletes a credential and destroys its secret.
    pub async fn delete(&self, context: &RequestContext, credential: CredentialId) -> Outcome<()> {
        let companions = |_: &Credential, events: &[CredentialEvent]| {
            events.iter().flat_map(|event| of_change(event, credential, None)).collect()
        };
        match self.execute(context, credential, CredentialCommand::Delete, &companions).await {
            Ok(executed) => Ok(Done { value: (), position: executed.position }),
            Err(CommandFault::Append(AppendError::SecretInUse { workflows, .. })) => {
                Err(self.in_use(context, &workflows).await?)
            }
            Err(fault) => Err(refusal(fault)),
        }
    }

    async fn execute(
        &self,
        context: &RequestContext,
        credential: CredentialId,
        command: CredentialCommand,
        companions: CompanionsOf<'_, Credential>,
    ) -> Result<Executed<Credential>, CommandFault<CredentialRejection>> {
        let target = Target {
            tenant: context.tenant,
            stream: credential.into(),
            actor: context.actor,
            correlation: context.correlation,
        };
        execute(&*self.log, target, command, companions).await
    }

    async fn keep(
        &self,
        context: &RequestContext,
        credential: CredentialId,
        version: u32,
        (known, fields): (&CredentialType, &Fields),
    ) -> Result<Companion, Refusal> {
        let secret = sealable(known, fields).map_err(internal)?;
        Ok(self.log.seal_secret(context.tenant, credential, version, &secret).await.map_err(faults::log)?)
    }

    /// Which of these there are in the tenant.
    pub async fn known(
        &self,
        tenant: TenantId,
        credentials: &[CredentialId],
    ) -> Result<HashSet<CredentialId>, Refusal> {
        let found = self.log.shown_of_secrets(tenant, credentials).await.map_err(faults::log)?;
        Ok(found.into_keys().collect())
    }

    /// The refusal that names the workflows that stand in the way.
    async fn in_use(&self, context: &RequestContext, users: &[WorkflowId]) -> Result<Refusal, Fault> {
        let mut rows = weft_projections::reading(&self.scope, context.tenant).await.map_err(faults::reading)?;
        let named = &users[..users.len().min(MOST_NAMED)];
        let found = workflows::by_ids(context.tenant, &mut rows, named).await.map_err(faults::reading)?;
        let name = |id: &WorkflowId| found.get(id).map_or_else(|| id.to_string(), |row| row.name.clone());
        let quoted: Vec<_> = named.iter().map(|id| format!("“{}”", name(id))).collect();
        let more = match users.len() - named.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        Ok(rejected(
            "credential_in_use",
            format!(
                "Published workflows use this credential: {}{more}. Pause them, or publish them with another credential.",
                quoted.join(", ")
            ),
            None,
        ))
    }
}

#[async_trait]
impl Credentials for LogCredentials {
    async fn shown(
        &self,
        context: &RequestContext,
        credentials: &[CredentialId],
    ) -> Result<HashMap<CredentialId, Vec<ShownField>>, Fault> {
        let halves = self.log.shown_of_secrets(context.tenant, credentials).await.map_err(faults::log)?;
        let shown = |(id, half): (&CredentialId, &zeroize::Zeroizing<Vec<u8>>)| {
            shown(half).map(|fields| (*id, fields)).map_err(|error| Fault::Internal(Box::new(error)))
        };
        halves.iter().map(shown).collect()
    }
}

/// What becomes true with an event.
fn of_change(event: &CredentialEvent, credential: CredentialId, keep: Option<&Companion>) -> Vec<Companion> {
    let release = |name: &str| Companion::ReleaseName { scope: CREDENTIAL_NAMES.into(), name: reserved_name(name) };
    match event {
        CredentialEvent::Renamed { name, was } => vec![release(was), reserve(name, credential)],
        CredentialEvent::Rotated { .. } => keep.cloned().into_iter().collect(),
        CredentialEvent::Deleted { name } => vec![release(name), Companion::DestroySecret { credential }],
        CredentialEvent::Created { .. } | CredentialEvent::Tested { .. } | CredentialEvent::Used { .. } => Vec::new(),
    }
}

fn reserve(name: &str, credential: CredentialId) -> Companion {
    Companion::ReserveName { scope: CREDENTIAL_NAMES.into(), name: reserved_name(name), owner: credential.0 }
}

/// The fields after a change, if they make a credential of this type.
fn changed(known: &CredentialType, mut fields: Fields, given: Vec<GivenField>) -> Result<Fields, Refusal> {
    for GivenField { name, value } in given {
        match value {
            Some(value) => fields.insert(name, value.into_inner()),
            None => fields.remove(&name),
        };
    }
    known.fill(&mut fields);
    known.check(&fields).map_err(field_refusal)?;
    Ok(fields)
}

fn field_refusal(FieldRefused { field, message }: FieldRefused) -> Refusal {
    rejected("field_invalid", message, Some(vec!["fields".into(), field]))
}

fn unknown_type(kind: &str) -> Refusal {
    let known: Vec<_> = TYPES.iter().map(|known| known.kind).collect();
    let message = format!("There is no type of credential “{kind}”. There are: {}.", known.join(", "));
    rejected("type_unknown", message, Some(vec!["type".into()]))
}

fn rejected(code: &str, message: String, field: Option<Vec<String>>) -> Refusal {
    Refusal::Rejected(Rejected { code: code.to_owned(), message, field })
}

fn refusal(fault: CommandFault<CredentialRejection>) -> Refusal {
    faults::command(fault, |rejection| match rejection {
        CredentialRejection::Missing => Refusal::NotFound,
        rejection => faults::rejected(rejection),
    })
}

fn internal(error: impl std::error::Error + Send + Sync + 'static) -> Refusal {
    Refusal::Fault(Fault::Internal(Box::new(error)))
}
