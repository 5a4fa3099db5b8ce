//! The audit log.

use async_graphql::{Context, Enum, ID, Object, Result};
use weft_model::{Actor, IdentityId, WorkflowId};
use weft_projections::audit::{self, AuditRow};
use weft_tenants::Action;

use crate::guard::Can;
use crate::id::GlobalId;
use crate::loaders::{MemberOf, MembershipOf, PersonOf, WorkflowOf, load};
use crate::paging::{PageArguments, Paged, Total, connection};
use crate::scalars::{DateTime, Json, Position};
use crate::session::{asked, reading, tenant};

/// Who did something, where the tenant does not know the person.
const STRANGER: &str = "An unknown person";

/// What the platform did by itself; its own name is none of a reseller's customers' business.
const PLATFORM: &str = "System";

/// Who did something.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
enum AuditActor {
    /// Somebody who is or was a member, by their name.
    Person,
    /// Somebody who never was a member, without a name.
    Stranger,
    /// The platform by itself.
    Platform,
}

/// The person behind an actor, where the tenant knows them.
async fn identity_of(context: &Context<'_>, actor: Actor) -> Result<Option<IdentityId>> {
    let member = match actor {
        Actor::System => None,
        Actor::Identity(identity) => load(context, MembershipOf(identity)).await?,
        Actor::Member(member) => load(context, MemberOf(member)).await?,
    };
    Ok(member.map(|member| member.identity))
}

/// One entry.
pub(crate) struct AuditEntry(AuditRow);

/// Who did what.
#[Object]
impl AuditEntry {
    pub(crate) async fn id(&self) -> ID {
        GlobalId::AuditEntry(self.0.position.0).encode()
    }

    async fn position(&self) -> Position {
        self.0.position.into()
    }

    async fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// What kind of name `actor` is.
    async fn actor_kind(&self, context: &Context<'_>) -> Result<AuditActor> {
        if self.0.actor == Actor::System {
            return Ok(AuditActor::Platform);
        }
        let identity = identity_of(context, self.0.actor).await?;
        Ok(if identity.is_some() { AuditActor::Person } else { AuditActor::Stranger })
    }

    /// The person's name, or `System` for what the platform did by itself. Somebody who was refused at the door and was never a
    /// member of this tenant is nobody whom it may know the name of.
    async fn actor(&self, context: &Context<'_>) -> Result<String> {
        if self.0.actor == Actor::System {
            return Ok(PLATFORM.to_owned());
        }
        let Some(identity) = identity_of(context, self.0.actor).await? else { return Ok(STRANGER.to_owned()) };
        Ok(load(context, PersonOf(identity)).await?.map_or_else(|| identity.to_string(), |person| person.name))
    }

    /// The wire name of the event, such as `workflow.published`.
    async fn action(&self) -> &str {
        &self.0.action
    }

    /// What it was done to: its name where there is one, else its id.
    async fn subject(&self, context: &Context<'_>) -> Result<String> {
        if let Some(label) = &self.0.label {
            return Ok(label.clone());
        }
        let id = self.0.subject.0;
        let name = match self.0.action.split('.').next() {
            Some("workflow") => load(context, WorkflowOf(WorkflowId(id))).await?.map(|workflow| workflow.name),
            Some("member") => match load(context, MemberOf(id.into())).await? {
                Some(member) => load(context, PersonOf(member.identity)).await?.map(|person| person.name),
                None => None,
            },
            _ => None,
        };
        Ok(name.unwrap_or_else(|| id.to_string()))
    }

    async fn detail(&self) -> Json {
        Json(self.0.detail.clone())
    }
}

/// The entry at this position.
pub(crate) async fn entry(context: &Context<'_>, position: u64) -> Result<Option<AuditEntry>> {
    let tenant = tenant(context)?;
    let mut rows = reading(context).await?;
    let found = audit::by_positions(tenant, &mut rows, &[weft_model::Position(position)]).await;
    Ok(asked(context, found)?.pop().map(AuditEntry))
}

#[derive(Default)]
pub(crate) struct AuditQueries;

#[Object]
impl AuditQueries {
    #[graphql(guard = "Can::new(Action::ReadAudit)", complexity = "crate::limits::page(first, last, child_complexity)")]
    async fn audit_log(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<Paged<AuditEntry>> {
        let page = PageArguments { first, after, last, before }.read::<Place>()?.map(|Place(position)| position);
        let tenant = tenant(context)?;
        let mut rows = reading(context).await?;
        let page = asked(context, audit::list(tenant, &mut rows, &page).await)?;
        Ok(connection::<_, Place, _>(page, Total::Audit, AuditEntry))
    }
}

/// The place of an entry in the list.
pub(crate) struct Place(pub weft_model::Position);

impl From<&AuditRow> for Place {
    fn from(row: &AuditRow) -> Self {
        Self(row.position)
    }
}
