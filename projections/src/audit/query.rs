//! Reading the audit log.

use jiff::Timestamp;
use serde_json::Value;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};
use weft_model::{Actor, Position, StreamId, TenantId};

use crate::stored::{actor_of, bigint, position};
use crate::{Page, PageRequest, QueryFault};

/// One entry. Its place in the list is its position; the newest comes first.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditRow {
    /// Where the event is in the tenant's log.
    pub position: Position,
    /// When it was recorded.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// What was done: the event's wire type, `workflow.published`.
    pub action: String,
    /// To what.
    pub subject: StreamId,
    /// The subject in a word, where the event said it.
    pub label: Option<String>,
    /// What else is known.
    pub detail: Value,
}

fn from_columns(row: &PgRow) -> Result<AuditRow, QueryFault> {
    let label: Option<String> = row.try_get("label")?;
    Ok(AuditRow {
        position: position(row.try_get("position")?),
        at: row.try_get::<jiff_sqlx::Timestamp, _>("at")?.to_jiff(),
        actor: actor_of(row.try_get("actor")?),
        action: row.try_get("action")?,
        subject: StreamId(row.try_get("subject_id")?),
        label: label.map(|text| serde_json::from_str(&text)).transpose()?,
        detail: serde_json::from_str(row.try_get("detail")?)?,
    })
}

macro_rules! list_statement {
    ($direction:literal) => {
        concat!(
            "select position, at, actor, action, subject_id, label::text, detail::text from audit \
             where tenant_id = $1 and position < coalesce($2, 9223372036854775807) and position > coalesce($3, 0) \
             order by position ",
            $direction,
            " limit $4"
        )
    };
}

/// A page of entries, newest first.
pub async fn list(
    tenant: TenantId,
    connection: &mut PgConnection,
    page: &PageRequest<Position>,
) -> Result<Page<AuditRow>, QueryFault> {
    let statement = if page.is_forward() { list_statement!("desc") } else { list_statement!("asc") };
    let rows = sqlx::query(statement)
        .bind(tenant.0)
        .bind(page.after.map(bigint))
        .bind(page.before.map(bigint))
        .bind(page.probe())
        .fetch_all(connection)
        .await?;
    Ok(page.page(rows.iter().map(from_columns).collect::<Result<_, _>>()?))
}

/// How far entries are counted.
pub const COUNTED: u32 = 10_000;

/// How many entries there are, at most [`COUNTED`].
pub async fn count(tenant: TenantId, connection: &mut PgConnection) -> Result<u64, QueryFault> {
    let count: i64 = sqlx::query_scalar("select count(*) from (select 1 from audit where tenant_id = $1 limit $2) a")
        .bind(tenant.0)
        .bind(i64::from(COUNTED))
        .fetch_one(connection)
        .await?;
    Ok(count as u64)
}

/// The entries at these positions.
pub async fn by_positions(
    tenant: TenantId,
    connection: &mut PgConnection,
    positions: &[Position],
) -> Result<Vec<AuditRow>, QueryFault> {
    let rows = sqlx::query(
        "select position, at, actor, action, subject_id, label::text, detail::text from audit \
         where tenant_id = $1 and position = any($2) order by position",
    )
    .bind(tenant.0)
    .bind(positions.iter().copied().map(bigint).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    rows.iter().map(from_columns).collect()
}
