//! Members: who belongs to the tenant, in which role. Names and addresses are of identities, which no log holds.

mod query;

#[cfg(test)]
mod tests;

use async_trait::async_trait;
use sqlx::PgConnection;
use weft_model::member::{MemberEvent, Role};
use weft_model::{Event, TenantId};

pub use query::{Cursor, MemberRow, by_identities, by_ids, count, list};

use crate::stored::{bigint, timestamptz};
use crate::{Fact, FoldFault, Projection};

/// The projection.
pub struct Members;

/// The word for a role in the column `role`.
pub(crate) fn role_word(role: Role) -> &'static str {
    match role {
        Role::Owner => "owner",
        Role::Admin => "admin",
        Role::Editor => "editor",
        Role::Operator => "operator",
        Role::Viewer => "viewer",
    }
}

pub(crate) fn role_of_word(word: &str) -> Option<Role> {
    [Role::Owner, Role::Admin, Role::Editor, Role::Operator, Role::Viewer]
        .into_iter()
        .find(|role| role_word(*role) == word)
}

#[async_trait]
impl Projection for Members {
    fn name(&self) -> &'static str {
        "members"
    }

    fn reads(&self, wire_type: &str) -> bool {
        wire_type.starts_with("member.")
    }

    async fn fold(&self, tenant: TenantId, connection: &mut PgConnection, facts: &[Fact]) -> Result<(), FoldFault> {
        for fact in facts {
            if let Event::Member(event) = &fact.event {
                apply(tenant, connection, fact, event).await?;
            }
        }
        Ok(())
    }
}

async fn apply(
    tenant: TenantId,
    connection: &mut PgConnection,
    fact: &Fact,
    event: &MemberEvent,
) -> Result<(), FoldFault> {
    let statement = match event {
        // Somebody who left and came back is the same member again.
        MemberEvent::Joined { identity, role } => sqlx::query(
            "insert into members (tenant_id, member_id, position, identity_id, role, joined_at) values ($1, $2, $3, $4, $5, $6) \
             on conflict (tenant_id, member_id) do update set position = excluded.position, role = excluded.role, \
             joined_at = excluded.joined_at, removed_at = null",
        )
        .bind(tenant.0)
        .bind(fact.stream.0)
        .bind(bigint(fact.position))
        .bind(identity.0)
        .bind(role_word(*role))
        .bind(timestamptz(fact.recorded_at)),
        MemberEvent::RoleChanged { role } => {
            sqlx::query("update members set position = $3, role = $4 where tenant_id = $1 and member_id = $2")
                .bind(tenant.0)
                .bind(fact.stream.0)
                .bind(bigint(fact.position))
                .bind(role_word(*role))
        }
        // The row stays, since history names who did something.
        MemberEvent::Removed {} => {
            sqlx::query("update members set position = $3, removed_at = $4 where tenant_id = $1 and member_id = $2")
                .bind(tenant.0)
                .bind(fact.stream.0)
                .bind(bigint(fact.position))
                .bind(timestamptz(fact.recorded_at))
        }
    };
    statement.execute(connection).await?;
    Ok(())
}
