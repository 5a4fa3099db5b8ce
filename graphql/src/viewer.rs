//! The one who asks, and waiting for the read side.

use async_graphql::{Context, Object, Result, SimpleObject};
use weft_tenants::permissions_of;

use crate::fault::{mask, refused};
use crate::member::{Member, member};
use crate::scalars::Position;
use crate::session::{ports, request, tenant, viewer};

/// The signed-in member.
#[derive(SimpleObject)]
pub(crate) struct Viewer {
    member: Member,
    /// What the member may do, such as `workflow:publish`.
    permissions: Vec<&'static str>,
}

#[derive(Default)]
pub(crate) struct ViewerQueries;

#[Object]
impl ViewerQueries {
    /// The signed-in member.
    async fn viewer(&self, context: &Context<'_>) -> Result<Viewer> {
        let request = request(context).map_err(|_| refused("UNAUTHENTICATED", "Sign in first."))?;
        let id =
            viewer(request).ok_or_else(|| refused("NO_MEMBER", "You are not signed in as a member of this tenant."))?;
        let member = member(context, id).await?;
        let member = member
            .ok_or_else(|| refused("NO_MEMBER", "You are no member of this tenant (yet). Try again in a moment."))?;
        Ok(Viewer { member, permissions: permissions_of(request.role) })
    }
}

/// Waits, for a bounded time, until the read side has reached `position`. A query that follows a command sees what the
/// command did; should the read side be late, the answer is a little old rather than an error.
pub(crate) async fn fresh(context: &Context<'_>, position: Option<Position>) -> Result<()> {
    if let Some(Position(position)) = position {
        let reached = ports(context)?.freshness.at_least(tenant(context)?, position).await;
        reached.map_err(|fault| mask(context, &fault))?;
    }
    Ok(())
}
