//! Members.

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use weft_model::MemberId;
use weft_projections::members::{self, Cursor, MemberRow};
use weft_tenants::Action;

use crate::errors::{UserError, told};
use crate::guard::Can;
use crate::id::{global, member_id};
use crate::loaders::{MemberOf, PersonOf, load};
use crate::paging::{PageArguments, Paged, Total, connection};
use crate::ports::AddMember;
use crate::scalars::{DateTime, Position};
use crate::session::{asked, ports, reading, request, tenant};
use crate::viewer::fresh;

/// What a member may do.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "weft_model::member::Role")]
pub(crate) enum Role {
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

/// A person's membership in the tenant.
pub(crate) struct Member(pub MemberRow);

/// A person's membership in the tenant.
#[Object]
impl Member {
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    async fn name(&self, context: &Context<'_>) -> Result<String> {
        let person = load(context, PersonOf(self.0.identity)).await?;
        Ok(person.map(|person| person.name).unwrap_or_default())
    }

    async fn email(&self, context: &Context<'_>) -> Result<String> {
        let person = load(context, PersonOf(self.0.identity)).await?;
        Ok(person.map(|person| person.email).unwrap_or_default())
    }

    async fn role(&self) -> Role {
        self.0.role.into()
    }

    async fn joined_at(&self) -> DateTime {
        self.0.joined_at.into()
    }
}

/// The member of this id, those who left included.
pub(crate) async fn member(context: &Context<'_>, id: MemberId) -> Result<Option<Member>> {
    Ok(load(context, MemberOf(id)).await?.map(Member))
}

#[derive(Default)]
pub(crate) struct MemberQueries;

#[Object]
impl MemberQueries {
    #[graphql(
        guard = "Can::new(Action::ReadMember)",
        complexity = "crate::limits::page(first, last, child_complexity)"
    )]
    async fn members(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<Paged<Member>> {
        let page = PageArguments { first, after, last, before }.read::<Cursor>()?;
        let tenant = tenant(context)?;
        let mut rows = reading(context).await?;
        let page = asked(context, members::list(tenant, &mut rows, &page).await)?;
        Ok(connection::<_, Cursor, _>(page, Total::Members, Member))
    }
}

#[derive(InputObject)]
struct AddMemberInput {
    email: String,
    name: String,
    role: Role,
    /// The first password; the person changes it.
    password: String,
}

#[derive(InputObject)]
struct ChangeMemberRoleInput {
    member_id: ID,
    role: Role,
}

#[derive(InputObject)]
struct RemoveMemberInput {
    member_id: ID,
}

#[derive(SimpleObject)]
struct MemberPayload {
    member: Option<Member>,
    position: Option<Position>,
    errors: Vec<UserError>,
}

impl MemberPayload {
    fn error(error: UserError) -> Self {
        Self { member: None, position: None, errors: vec![error] }
    }
}

#[derive(SimpleObject)]
struct RemoveMemberPayload {
    position: Option<Position>,
    errors: Vec<UserError>,
}

#[derive(Default)]
pub(crate) struct MemberMutations;

#[Object]
impl MemberMutations {
    #[graphql(guard = "Can::new(Action::AddMember)")]
    async fn add_member(&self, context: &Context<'_>, input: AddMemberInput) -> Result<MemberPayload> {
        let AddMemberInput { email, name, role, password } = input;
        let add = AddMember { email, name, role: role.into(), password };
        let told = told(context, ports(context)?.commands.add_member(request(context)?, add).await, "member")?;
        payload(context, told.value, told.position, told.errors).await
    }

    #[graphql(guard = "Can::new(Action::ChangeMemberRole)")]
    async fn change_member_role(&self, context: &Context<'_>, input: ChangeMemberRoleInput) -> Result<MemberPayload> {
        let Some(id) = member_id(&input.member_id) else {
            return Ok(MemberPayload::error(UserError::not_found("member")));
        };
        let commands = &ports(context)?.commands;
        let outcome = commands.change_member_role(request(context)?, id, input.role.into()).await;
        let told = told(context, outcome, "member")?;
        payload(context, told.value.map(|()| id), told.position, told.errors).await
    }

    #[graphql(guard = "Can::new(Action::RemoveMember)")]
    async fn remove_member(&self, context: &Context<'_>, input: RemoveMemberInput) -> Result<RemoveMemberPayload> {
        let Some(id) = member_id(&input.member_id) else {
            return Ok(RemoveMemberPayload { position: None, errors: vec![UserError::not_found("member")] });
        };
        let told = told(context, ports(context)?.commands.remove_member(request(context)?, id).await, "member")?;
        Ok(RemoveMemberPayload { position: told.position, errors: told.errors })
    }
}

async fn payload(
    context: &Context<'_>,
    id: Option<MemberId>,
    position: Option<Position>,
    errors: Vec<UserError>,
) -> Result<MemberPayload> {
    fresh(context, position).await?;
    let member = match id {
        Some(id) => member(context, id).await?,
        None => None,
    };
    Ok(MemberPayload { member, position, errors })
}
