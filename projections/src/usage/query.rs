//! Reading usage.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;
use weft_model::TenantId;

use crate::QueryFault;

/// What was used on one day (UTC).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsageRow {
    /// The day.
    pub day: Date,
    /// Executions that were accepted.
    pub executions: u64,
    /// Attempts of steps that ended.
    pub steps: u64,
    /// How long code of the tenant ran, in milliseconds.
    pub code_ms: u64,
}

/// The days from `from` to `to`, both included, on which anything was used.
pub async fn between(
    tenant: TenantId,
    connection: &mut PgConnection,
    from: Date,
    to: Date,
) -> Result<Vec<UsageRow>, QueryFault> {
    let rows: Vec<(jiff_sqlx::Date, i64, i64, i64)> = sqlx::query_as(
        "select day, executions, steps, code_ms from usage where tenant_id = $1 and day between $2 and $3 order by day",
    )
    .bind(tenant.0)
    .bind(from.to_sqlx())
    .bind(to.to_sqlx())
    .fetch_all(connection)
    .await?;
    let row = |(day, executions, steps, code_ms): (jiff_sqlx::Date, i64, i64, i64)| UsageRow {
        day: day.to_jiff(),
        executions: executions as u64,
        steps: steps as u64,
        code_ms: code_ms as u64,
    };
    Ok(rows.into_iter().map(row).collect())
}
