//! Reading variables.

use std::collections::HashMap;

use jiff::Timestamp;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};
use weft_model::{TenantId, VariableId};

use crate::{Page, PageRequest, QueryFault};

/// One variable. Its place in the list is its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableRow {
    /// The variable.
    pub id: VariableId,
    /// Its name, unique in the tenant.
    pub name: String,
    /// Its value.
    pub value: String,
    /// When it was set.
    pub changed_at: Timestamp,
}

fn from_columns(row: &PgRow) -> Result<VariableRow, QueryFault> {
    Ok(VariableRow {
        id: VariableId(row.try_get("variable_id")?),
        name: row.try_get("name")?,
        value: serde_json::from_str(row.try_get("value")?)?,
        changed_at: row.try_get::<jiff_sqlx::Timestamp, _>("changed_at")?.to_jiff(),
    })
}

macro_rules! list_statement {
    ($direction:literal) => {
        concat!(
            "select variable_id, name, value::text, changed_at from variables where tenant_id = $1 \
             and ($2::text is null or name collate \"C\" > $2) and ($3::text is null or name collate \"C\" < $3) \
             order by name collate \"C\" ",
            $direction,
            " limit $4"
        )
    };
}

/// A page of variables, by name.
pub async fn list(
    tenant: TenantId,
    connection: &mut PgConnection,
    page: &PageRequest<String>,
) -> Result<Page<VariableRow>, QueryFault> {
    let statement = if page.is_forward() { list_statement!("asc") } else { list_statement!("desc") };
    let rows = sqlx::query(statement)
        .bind(tenant.0)
        .bind(page.after.as_deref())
        .bind(page.before.as_deref())
        .bind(page.probe())
        .fetch_all(connection)
        .await?;
    Ok(page.page(rows.iter().map(from_columns).collect::<Result<_, _>>()?))
}

/// Every variable by name, as an execution sees them.
pub async fn all(tenant: TenantId, connection: &mut PgConnection) -> Result<Vec<VariableRow>, QueryFault> {
    let rows = sqlx::query(
        "select variable_id, name, value::text, changed_at from variables where tenant_id = $1 order by name collate \"C\"",
    )
    .bind(tenant.0)
    .fetch_all(connection)
    .await?;
    rows.iter().map(from_columns).collect()
}

/// How many variables there are.
pub async fn count(tenant: TenantId, connection: &mut PgConnection) -> Result<u64, QueryFault> {
    let count: i64 = sqlx::query_scalar("select count(*) from variables where tenant_id = $1")
        .bind(tenant.0)
        .fetch_one(connection)
        .await?;
    Ok(count as u64)
}

/// The variables with these ids.
pub async fn by_ids(
    tenant: TenantId,
    connection: &mut PgConnection,
    ids: &[VariableId],
) -> Result<HashMap<VariableId, VariableRow>, QueryFault> {
    let rows = sqlx::query(
        "select variable_id, name, value::text, changed_at from variables where tenant_id = $1 and variable_id = any($2)",
    )
    .bind(tenant.0)
    .bind(ids.iter().map(|id| id.0).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| from_columns(row).map(|row| (row.id, row))).collect()
}
