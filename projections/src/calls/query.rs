//! Reading calls.

use std::collections::HashMap;

use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};
use weft_model::{ExecutionId, NodeId, Position, TenantId};

use crate::QueryFault;
use crate::stored::{bigint, position};

/// The most calls of one execution in one answer.
pub const MOST_CALLS: u32 = 200;

/// An execution that a step of another one asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallRow {
    /// The execution that was asked for.
    pub called: ExecutionId,
    /// The execution that asked for it.
    pub caller: ExecutionId,
    /// The node of that one.
    pub node: NodeId,
    /// Which time the node ran.
    pub iteration: u32,
    /// The item that it asked with; nothing where it asked once for all of them.
    pub item: Option<u32>,
    /// Where it stands among the calls.
    pub position: Position,
}

fn from_columns(row: &PgRow) -> Result<CallRow, QueryFault> {
    Ok(CallRow {
        called: ExecutionId(row.try_get("execution_id")?),
        caller: ExecutionId(row.try_get("caller_id")?),
        node: NodeId(row.try_get("node_id")?),
        iteration: row.try_get::<i64, _>("iteration")? as u32,
        item: row.try_get::<Option<i64>, _>("item")?.map(|item| item as u32),
        position: position(row.try_get("position")?),
    })
}

/// Who asked for these executions; those that nobody asked for are left out.
pub async fn callers(
    tenant: TenantId,
    connection: &mut PgConnection,
    executions: &[ExecutionId],
) -> Result<HashMap<ExecutionId, CallRow>, QueryFault> {
    let rows = sqlx::query(
        "select execution_id, caller_id, node_id, iteration, item, position from calls \
         where tenant_id = $1 and execution_id = any($2)",
    )
    .bind(tenant.0)
    .bind(executions.iter().map(|id| id.0).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| from_columns(row).map(|row| (row.called, row))).collect()
}

/// What an execution asked for, oldest first: at most `limit` calls, and never more than [`MOST_CALLS`], after `after`.
pub async fn called_by(
    tenant: TenantId,
    connection: &mut PgConnection,
    caller: ExecutionId,
    after: Position,
    limit: u32,
) -> Result<Vec<CallRow>, QueryFault> {
    let rows = sqlx::query(
        "select execution_id, caller_id, node_id, iteration, item, position from calls \
         where tenant_id = $1 and caller_id = $2 and position > $3 order by position limit $4",
    )
    .bind(tenant.0)
    .bind(caller.0)
    .bind(bigint(after))
    .bind(i64::from(limit.min(MOST_CALLS)))
    .fetch_all(connection)
    .await?;
    rows.iter().map(from_columns).collect()
}
