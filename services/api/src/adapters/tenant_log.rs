//! Facts about tenants, members and access, appended with the rows that make them true at once.

use std::sync::Arc;

use async_trait::async_trait;
use weft_event_log::{AppendError, AppendRequest, Companion, Expected, Log, LogFault, NewEvent};
use weft_model::access::{AccessEvent, access_stream};
use weft_model::member::{Member, MemberCommand};
use weft_model::tenant::{Branding, Tenant, TenantCommand, TenantSettings};
use weft_model::{Actor, CorrelationId, Event, MemberId, TenantId};
use weft_tenants::{Fault, Joining, NewTenant, NotCreated, TenantLog};

use super::store::{CommandFault, Target, execute};

/// A person is a member of a tenant once.
pub(super) const PEOPLE: &str = "member.identity";

/// The port over the log.
pub struct TenantEvents(pub Arc<dyn Log>);

#[async_trait]
impl TenantLog for TenantEvents {
    async fn create_tenant(&self, wanted: &NewTenant) -> Result<(), NotCreated> {
        let target = Target {
            tenant: wanted.tenant,
            stream: wanted.tenant.into(),
            actor: Actor::Identity(wanted.identity),
            correlation: wanted.correlation,
        };
        let command = TenantCommand::Create {
            slug: wanted.slug.clone(),
            name: wanted.name.clone(),
            branding: wanted.branding.clone(),
            settings: TenantSettings::default(),
        };
        let profile = profile(&wanted.slug, &wanted.name, &wanted.branding);
        match execute::<Tenant>(&*self.0, target, command, &|_, _| vec![profile.clone()]).await {
            // It was made before something failed in between.
            Ok(_) | Err(CommandFault::Rejected(weft_model::tenant::TenantRejection::Exists)) => {}
            Err(CommandFault::Rejected(rejection)) => return Err(rejection.into()),
            Err(CommandFault::Append(AppendError::NameTaken { .. })) => return Err(NotCreated::SlugTaken),
            Err(fault) => return Err(fault_of(fault).into()),
        }
        let joining = Joining { identity: wanted.identity, role: weft_model::member::Role::Owner };
        let by = (Actor::Identity(wanted.identity), wanted.correlation);
        self.add_member(wanted.tenant, wanted.owner, joining, by).await?;
        Ok(())
    }

    async fn add_member(
        &self,
        tenant: TenantId,
        member: MemberId,
        joining: Joining,
        (actor, correlation): (Actor, CorrelationId),
    ) -> Result<bool, Fault> {
        let Joining { identity, role } = joining;
        let target = Target { tenant, stream: member.into(), actor, correlation };
        let reserve = Companion::ReserveName { scope: PEOPLE.into(), name: identity.to_string(), owner: member.0 };
        let let_in = Companion::Membership { member, identity, role };
        let command = MemberCommand::Join { identity, role };
        match execute::<Member>(&*self.0, target, command, &|_, _| vec![reserve.clone(), let_in.clone()]).await {
            Ok(_) => Ok(true),
            Err(CommandFault::Rejected(_) | CommandFault::Append(AppendError::NameTaken { .. })) => Ok(false),
            Err(fault) => Err(fault_of(fault)),
        }
    }

    async fn record_access(
        &self,
        tenant: TenantId,
        (actor, correlation): (Actor, CorrelationId),
        event: AccessEvent,
    ) -> Result<(), Fault> {
        let request = AppendRequest {
            tenant,
            stream: access_stream(tenant),
            expected: Expected::Any,
            actor,
            correlation,
            causation: None,
            events: vec![NewEvent::from(&Event::Access(event))],
            payload: None,
            companions: Vec::new(),
        };
        self.0.append(request).await.map(drop).map_err(append_fault)
    }
}

/// The row that hosts and pages are looked up in.
pub(super) fn profile(slug: &str, name: &str, branding: &Branding) -> Companion {
    Companion::TenantProfile {
        slug: slug.to_owned(),
        name: name.to_owned(),
        product_name: branding.product_name.clone(),
        accent_color: branding.accent_color.clone(),
        logo_url: branding.logo_url.clone(),
    }
}

fn fault_of<R: std::error::Error + Send + Sync + 'static>(fault: CommandFault<R>) -> Fault {
    match fault {
        CommandFault::Append(error) => append_fault(error),
        CommandFault::Log(fault) => log_fault(fault),
        fault @ (CommandFault::Rejected(_) | CommandFault::Decode(_) | CommandFault::Contended) => {
            Fault::Internal(Box::new(fault))
        }
    }
}

fn append_fault(error: AppendError) -> Fault {
    match error {
        AppendError::Unavailable(_) | AppendError::InDoubt | AppendError::Overloaded => {
            Fault::Unavailable(Box::new(error))
        }
        AppendError::Fault(fault) => log_fault(fault),
        error => Fault::Internal(Box::new(error)),
    }
}

fn log_fault(fault: LogFault) -> Fault {
    if fault.is_unavailable() { Fault::Unavailable(Box::new(fault)) } else { Fault::Internal(Box::new(fault)) }
}
