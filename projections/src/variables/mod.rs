//! Variables: `$vars.<name>` with their values.

mod query;

#[cfg(test)]
mod tests;

use async_trait::async_trait;
use sqlx::PgConnection;
use weft_model::variable::VariableEvent;
use weft_model::{Event, TenantId};

pub use query::{VariableRow, all, by_ids, count, list};

use crate::stored::{bigint, text, timestamptz};
use crate::{Fact, FoldFault, Projection};

/// The projection.
pub struct Variables;

#[async_trait]
impl Projection for Variables {
    fn name(&self) -> &'static str {
        "variables"
    }

    fn reads(&self, wire_type: &str) -> bool {
        wire_type.starts_with("variable.")
    }

    async fn fold(&self, tenant: TenantId, connection: &mut PgConnection, facts: &[Fact]) -> Result<(), FoldFault> {
        for fact in facts {
            if let Event::Variable(event) = &fact.event {
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
    event: &VariableEvent,
) -> Result<(), FoldFault> {
    let statement = match event {
        VariableEvent::Set { name, value } => sqlx::query(
            "insert into variables (tenant_id, variable_id, position, name, value, changed_at) values ($1, $2, $3, $4, $5::json, $6) \
             on conflict (tenant_id, variable_id) do update set position = excluded.position, name = excluded.name, \
             value = excluded.value, changed_at = excluded.changed_at",
        )
        .bind(tenant.0)
        .bind(fact.stream.0)
        .bind(bigint(fact.position))
        .bind(text(name))
        .bind(serde_json::to_string(value)?)
        .bind(timestamptz(fact.recorded_at)),
        VariableEvent::Deleted { name: _ } => {
            sqlx::query("delete from variables where tenant_id = $1 and variable_id = $2").bind(tenant.0).bind(fact.stream.0)
        }
    };
    statement.execute(connection).await?;
    Ok(())
}
