//! What a field does, so that a table can say who may.

use async_graphql::{Context, Guard, Result};
use weft_tenants::{Action, Resource, can};

use crate::fault::refused;
use crate::session::request;

/// The field is this action.
pub(crate) struct Can {
    action: Action,
}

impl Can {
    pub(crate) fn new(action: Action) -> Self {
        Self { action }
    }
}

impl Guard for Can {
    async fn check(&self, context: &Context<'_>) -> Result<()> {
        let request = request(context).map_err(|_| refused("UNAUTHENTICATED", "Sign in first."))?;
        can(request, self.action, Resource::Tenant).map_err(|forbidden| refused("FORBIDDEN", forbidden.to_string()))
    }
}

/// Whether the one who asks may do this: for fields that show less instead of failing.
pub(crate) fn may(context: &Context<'_>, action: Action) -> bool {
    request(context).is_ok_and(|request| can(request, action, Resource::Tenant).is_ok())
}
