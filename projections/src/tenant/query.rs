//! Reading the tenant.

use jiff::Timestamp;
use sqlx::{PgConnection, Row};
use weft_model::tenant::{Branding, TenantSettings};
use weft_model::{TenantId, WorkflowId};

use crate::QueryFault;

/// The tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantRow {
    /// The tenant.
    pub id: TenantId,
    /// The first label of its host name.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// How its pages look.
    pub branding: Branding,
    /// How it behaves.
    pub settings: TenantSettings,
    /// Since when it exists.
    pub created_at: Timestamp,
}

/// The tenant; `None` until its first event was folded.
pub async fn get(tenant: TenantId, connection: &mut PgConnection) -> Result<Option<TenantRow>, QueryFault> {
    let row = sqlx::query(
        "select slug, name, product_name, accent_color, logo_url, timezone, retention_days, error_workflow, \
         executions_at_once, created_at from tenant where tenant_id = $1",
    )
    .bind(tenant.0)
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(TenantRow {
        id: tenant,
        slug: row.try_get("slug")?,
        name: row.try_get("name")?,
        branding: Branding {
            product_name: row.try_get("product_name")?,
            accent_color: row.try_get("accent_color")?,
            logo_url: row.try_get("logo_url")?,
        },
        settings: TenantSettings {
            timezone: row.try_get("timezone")?,
            retention_days: row.try_get::<i32, _>("retention_days")?.try_into().unwrap_or(u16::MAX),
            error_workflow: row.try_get::<Option<uuid::Uuid>, _>("error_workflow")?.map(WorkflowId),
            executions_at_once: row
                .try_get::<Option<i64>, _>("executions_at_once")?
                .map(|most| u32::try_from(most).unwrap_or(u32::MAX)),
        },
        created_at: row.try_get::<jiff_sqlx::Timestamp, _>("created_at")?.to_jiff(),
    }))
}
