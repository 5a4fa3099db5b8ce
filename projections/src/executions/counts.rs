//! How many executions there are, kept beside the rows.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;
use uuid::Uuid;
use weft_model::TenantId;

use super::row::{ExecutionRow, mode_code};
use crate::FoldFault;

/// What a batch adds to (or takes from) the counts. Sorted, so that transactions lock counters in one order.
#[derive(Debug, Default)]
pub(super) struct Counts(BTreeMap<(Uuid, Date, i16, i16), i64>);

impl Counts {
    /// The row is no longer as it was.
    pub(super) fn leave(&mut self, row: &ExecutionRow) {
        self.add(row, -1);
    }

    /// The row is as it is now.
    pub(super) fn enter(&mut self, row: &ExecutionRow) {
        self.add(row, 1);
    }

    fn add(&mut self, row: &ExecutionRow, difference: i64) {
        *self.0.entry((row.workflow.0, row.day(), row.status.code(), mode_code(row.mode))).or_default() += difference;
    }

    /// Adds the differences to both tables: per day for statistics, in all for the list.
    pub(super) async fn write(self, tenant: TenantId, connection: &mut PgConnection) -> Result<(), FoldFault> {
        let changed: Vec<_> = self.0.into_iter().filter(|(_, difference)| *difference != 0).collect();
        if changed.is_empty() {
            return Ok(());
        }
        let mut total = BTreeMap::<_, i64>::new();
        for ((workflow, _, status, mode), difference) in &changed {
            *total.entry((*workflow, *status, *mode)).or_default() += difference;
        }
        add_to_days(tenant, connection, &changed).await?;
        total.retain(|_, difference| *difference != 0);
        add_to_totals(tenant, connection, &total).await?;
        forget_nothing_left(tenant, connection, &changed).await
    }
}

async fn add_to_totals(
    tenant: TenantId,
    connection: &mut PgConnection,
    total: &BTreeMap<(Uuid, i16, i16), i64>,
) -> Result<(), FoldFault> {
    if !total.is_empty() {
        sqlx::query(
            "insert into execution_totals as t (tenant_id, workflow_id, status, mode, executions) \
             select $1, * from unnest($2::uuid[], $3::smallint[], $4::smallint[], $5::bigint[]) \
             on conflict (tenant_id, workflow_id, status, mode) do update set executions = t.executions + excluded.executions",
        )
        .bind(tenant.0)
        .bind(total.keys().map(|key| key.0).collect::<Vec<_>>())
        .bind(total.keys().map(|key| key.1).collect::<Vec<_>>())
        .bind(total.keys().map(|key| key.2).collect::<Vec<_>>())
        .bind(total.values().copied().collect::<Vec<_>>())
        .execute(connection)
        .await?;
    }
    Ok(())
}

/// Removes counters that went back to nothing. They would count right, but their being there would depend on how the events
/// were cut into batches, and a rebuild must give equal rows.
async fn forget_nothing_left(
    tenant: TenantId,
    connection: &mut PgConnection,
    changed: &[Changed],
) -> Result<(), FoldFault> {
    let taken: Vec<_> = changed.iter().filter(|(_, difference)| *difference < 0).map(|(key, _)| key).collect();
    if taken.is_empty() {
        return Ok(());
    }
    for statement in [
        "delete from execution_totals t using unnest($2::uuid[], $3::smallint[], $4::smallint[], $5::date[]) as c(id, s, m, d) \
         where t.tenant_id = $1 and t.workflow_id = c.id and t.status = c.s and t.mode = c.m and t.executions = 0",
        "delete from execution_days t using unnest($2::uuid[], $3::smallint[], $4::smallint[], $5::date[]) as c(id, s, m, d) \
         where t.tenant_id = $1 and t.workflow_id = c.id and t.status = c.s and t.mode = c.m and t.day = c.d and t.executions = 0",
    ] {
        sqlx::query(statement)
            .bind(tenant.0)
            .bind(taken.iter().map(|key| key.0).collect::<Vec<_>>())
            .bind(taken.iter().map(|key| key.2).collect::<Vec<_>>())
            .bind(taken.iter().map(|key| key.3).collect::<Vec<_>>())
            .bind(taken.iter().map(|key| key.1.to_sqlx()).collect::<Vec<_>>())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

type Changed = ((Uuid, Date, i16, i16), i64);

async fn add_to_days(tenant: TenantId, connection: &mut PgConnection, changed: &[Changed]) -> Result<(), FoldFault> {
    sqlx::query(
        "insert into execution_days as d (tenant_id, workflow_id, day, status, mode, executions) \
         select $1, * from unnest($2::uuid[], $3::date[], $4::smallint[], $5::smallint[], $6::bigint[]) \
         on conflict (tenant_id, workflow_id, day, status, mode) do update set executions = d.executions + excluded.executions",
    )
    .bind(tenant.0)
    .bind(changed.iter().map(|(key, _)| key.0).collect::<Vec<_>>())
    .bind(changed.iter().map(|(key, _)| key.1.to_sqlx()).collect::<Vec<_>>())
    .bind(changed.iter().map(|(key, _)| key.2).collect::<Vec<_>>())
    .bind(changed.iter().map(|(key, _)| key.3).collect::<Vec<_>>())
    .bind(changed.iter().map(|(_, difference)| *difference).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}
