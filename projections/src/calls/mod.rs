//! Calls: which step of which execution asked for which other execution.

mod query;

#[cfg(test)]
mod tests;

use async_trait::async_trait;
use sqlx::PgConnection;
use weft_model::execution::{ExecutionEvent, Parent};
use weft_model::{Event, TenantId};

pub use query::{CallRow, MOST_CALLS, called_by, callers};

use crate::stored::bigint;
use crate::{Fact, FoldFault, Projection};

/// The projection.
pub struct Calls;

#[async_trait]
impl Projection for Calls {
    fn name(&self) -> &'static str {
        "calls"
    }

    fn reads(&self, wire_type: &str) -> bool {
        wire_type == "execution.queued"
    }

    async fn fold(&self, tenant: TenantId, connection: &mut PgConnection, facts: &[Fact]) -> Result<(), FoldFault> {
        let calls: Vec<(&Fact, Parent)> = facts.iter().filter_map(|fact| Some((fact, parent_of(fact)?))).collect();
        if calls.is_empty() {
            return Ok(());
        }
        sqlx::query(
            "insert into calls (tenant_id, execution_id, caller_id, node_id, iteration, item, position) \
             select $1, c.execution, c.caller, c.node, c.iteration, c.item, c.position \
             from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[], $6::bigint[], $7::bigint[]) \
             as c(execution, caller, node, iteration, item, position)",
        )
        .bind(tenant.0)
        .bind(calls.iter().map(|(fact, _)| fact.stream.0).collect::<Vec<_>>())
        .bind(calls.iter().map(|(_, parent)| parent.execution.0).collect::<Vec<_>>())
        .bind(calls.iter().map(|(_, parent)| parent.node.0).collect::<Vec<_>>())
        .bind(calls.iter().map(|(_, parent)| i64::from(parent.iteration)).collect::<Vec<_>>())
        .bind(calls.iter().map(|(_, parent)| parent.item.map(i64::from)).collect::<Vec<_>>())
        .bind(calls.iter().map(|(fact, _)| bigint(fact.position)).collect::<Vec<_>>())
        .execute(connection)
        .await?;
        Ok(())
    }
}

fn parent_of(fact: &Fact) -> Option<Parent> {
    match &fact.event {
        Event::Execution(ExecutionEvent::Queued { parent, .. }) => *parent,
        _ => None,
    }
}
