//! Commands on memberships, and the people behind them.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use weft_event_log::{AppendError, Companion, SystemLog};
use weft_graphql::ports::{AddMember, Done, Fault, Outcome, People, Person, Refusal, Rejected};
use weft_model::member::{Member, MemberCommand, OWNER_CHANGES, Role, owner_change_name};
use weft_model::{IdentityId, MemberId};
use weft_tenants::{
    Access, Action, Email, Identities, Joining, NotRegistered, Password, RequestContext, Resource, TenantLog, can,
};

use super::store::{CommandFault, Executed, Target, execute};
use super::tenant_log::{PEOPLE, TenantEvents};
use super::{faults, fresh};
use weft_scope::Scope;

/// How often a count of owners that somebody made stale is taken again.
const ROUNDS: usize = 16;

/// Memberships over the log.
pub struct Members {
    /// The log.
    pub log: Arc<dyn SystemLog>,
    /// The same, as the tenants' port.
    pub tenant_log: Arc<TenantEvents>,
    /// Who can sign in.
    pub identities: Identities,
    /// Sessions, which end with the membership.
    pub access: Access,
    /// Who is a member now.
    pub scope: Scope,
}

/// A member's row, as the door sees it.
struct Row {
    identity: IdentityId,
    role: Role,
    other_owners: u32,
}

impl Members {
    /// Lets a person in.
    pub async fn add(&self, context: &RequestContext, asked: AddMember) -> Outcome<MemberId> {
        let AddMember { email, name, role, password } = asked;
        permit(context, Action::AddMember, None, Some(role))?;
        let email = Email::parse(&email).map_err(|error| refused("email_invalid", "email", &error))?;
        let identity = self.identities.invite(&email, &name, &Password::new(password)).await.map_err(not_registered)?;
        let member = MemberId(fresh::id());
        let by = (context.actor, context.correlation);
        let joining = Joining { identity, role };
        if !self.tenant_log.add_member(context.tenant, member, joining, by).await.map_err(tenants_fault)? {
            return Err(refused("member_exists", "email", &"This person is a member already."));
        }
        let position = self.log.head(context.tenant).await.map_err(faults::log)?;
        Ok(Done { value: member, position })
    }

    /// Gives a member another role.
    pub async fn change_role(&self, context: &RequestContext, member: MemberId, role: Role) -> Outcome<()> {
        let executed = self
            .decide(context, member, Action::ChangeMemberRole, Some(role), |row| {
                let Row { identity, other_owners, .. } = *row;
                (
                    MemberCommand::ChangeRole { role, other_owners },
                    vec![Companion::Membership { member, identity, role }],
                )
            })
            .await?;
        self.access.forget_states();
        Ok(Done { value: (), position: executed.position })
    }

    /// Lets a member out and ends the member's sessions.
    pub async fn remove(&self, context: &RequestContext, member: MemberId) -> Outcome<()> {
        let executed = self
            .decide(context, member, Action::RemoveMember, None, |row| {
                let release = Companion::ReleaseName { scope: PEOPLE.into(), name: row.identity.to_string() };
                let command = MemberCommand::Remove { other_owners: row.other_owners };
                (command, vec![Companion::DropMembership { member }, release])
            })
            .await?;
        self.access.end_sessions(context.tenant, member).await.map_err(|fault| Refusal::Fault(fault_of(fault)))?;
        Ok(Done { value: (), position: executed.position })
    }

    /// Decides with a count of owners that the append proves to be current: where an owner is taken away, it reserves a name
    /// that stands for the position at which was counted, which only one of two rivals gets.
    async fn decide(
        &self,
        context: &RequestContext,
        member: MemberId,
        action: Action,
        becomes: Option<Role>,
        command: impl Fn(&Row) -> (MemberCommand, Vec<Companion>),
    ) -> Result<Executed<Member>, Refusal> {
        let target = Target {
            tenant: context.tenant,
            stream: member.into(),
            actor: context.actor,
            correlation: context.correlation,
        };
        for _ in 0..ROUNDS {
            let counted_at = self.log.head(context.tenant).await.map_err(faults::log)?;
            let row = self.row(context, member).await?.ok_or(Refusal::NotFound)?;
            permit(context, action, Some(row.role), becomes)?;
            let (command, mut companions) = command(&row);
            if row.role == Role::Owner {
                let name = owner_change_name(counted_at);
                companions.push(Companion::ReserveName { scope: OWNER_CHANGES.into(), name, owner: fresh::id() });
            }
            match execute::<Member>(&*self.log, target, command, &|_, _| companions.clone()).await {
                Err(CommandFault::Append(AppendError::NameTaken { .. })) => {}
                executed => return executed.map_err(|fault| faults::command(fault, faults::rejected)),
            }
        }
        Err(Refusal::Overloaded { retry_after_ms: 200 })
    }

    async fn row(&self, context: &RequestContext, member: MemberId) -> Result<Option<Row>, Fault> {
        let mut transaction = weft_projections::reading(&self.scope, context.tenant).await.map_err(faults::reading)?;
        let row: Option<(uuid::Uuid, String, i64)> = sqlx::query_as(
            "select identity_id, role, \
             (select count(*) from memberships where tenant_id = $1 and role = 'owner' and member_id <> $2) \
             from memberships where tenant_id = $1 and member_id = $2",
        )
        .bind(context.tenant.0)
        .bind(member.0)
        .fetch_optional(&mut *transaction)
        .await
        .map_err(faults::database)?;
        Ok(row.and_then(|(identity, role, others)| {
            let role = serde_json::from_value(role.into()).ok()?;
            Some(Row { identity: identity.into(), role, other_owners: others as u32 })
        }))
    }
}

fn permit(context: &RequestContext, action: Action, now: Option<Role>, becomes: Option<Role>) -> Result<(), Refusal> {
    can(context, action, Resource::Membership { now, becomes })
        .map_err(|forbidden| refused("forbidden", "role", &forbidden))
}

fn refused(code: &str, field: &str, message: &dyn std::fmt::Display) -> Refusal {
    let (code, message, field) = (code.to_owned(), message.to_string(), Some(vec![field.to_owned()]));
    Refusal::Rejected(Rejected { code, message, field })
}

fn not_registered(error: NotRegistered) -> Refusal {
    match error {
        NotRegistered::Fault(fault) => Refusal::Fault(fault_of(fault)),
        NotRegistered::WeakPassword(_) => refused("password_weak", "password", &error),
        NotRegistered::Name => refused("name_invalid", "name", &error),
        NotRegistered::EmailTaken => refused("email_taken", "email", &error),
    }
}

/// A fault of the tenants crate through the ports.
pub fn fault_of(fault: weft_tenants::Fault) -> Fault {
    match fault {
        weft_tenants::Fault::Unavailable(source) => Fault::Unavailable(source),
        weft_tenants::Fault::Internal(source) => Fault::Internal(source),
    }
}

fn tenants_fault(fault: weft_tenants::Fault) -> Refusal {
    Refusal::Fault(fault_of(fault))
}

/// Names and addresses, from the platform's identities.
pub struct IdentityPeople(pub Identities);

#[async_trait]
impl People for IdentityPeople {
    async fn people(
        &self,
        _context: &RequestContext,
        identities: &[IdentityId],
    ) -> Result<HashMap<IdentityId, Person>, Fault> {
        let people = self.0.people(identities).await.map_err(fault_of)?;
        Ok(people
            .into_iter()
            .map(|person| (person.identity, Person { name: person.name, email: person.email.as_str().to_owned() }))
            .collect())
    }
}
