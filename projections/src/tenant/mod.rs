//! The tenant itself: its name, its brand, its settings. One row.

mod query;

#[cfg(test)]
mod tests;

use async_trait::async_trait;
use sqlx::PgConnection;
use weft_model::tenant::{Branding, TenantEvent, TenantSettings};
use weft_model::{Event, TenantId};

pub use query::{TenantRow, get};

use crate::stored::{bigint, text, timestamptz};
use crate::{Fact, FoldFault, Projection};

/// The projection.
pub struct Tenant;

#[async_trait]
impl Projection for Tenant {
    fn name(&self) -> &'static str {
        "tenant"
    }

    fn reads(&self, wire_type: &str) -> bool {
        wire_type.starts_with("tenant.")
    }

    async fn fold(&self, tenant: TenantId, connection: &mut PgConnection, facts: &[Fact]) -> Result<(), FoldFault> {
        for fact in facts {
            if let Event::Tenant(event) = &fact.event {
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
    event: &TenantEvent,
) -> Result<(), FoldFault> {
    match event {
        TenantEvent::Created { slug, name, branding, settings } => {
            create(tenant, connection, fact, (slug, name)).await?;
            set_branding(tenant, connection, branding).await?;
            set_settings(tenant, connection, settings).await
        }
        TenantEvent::Renamed { name } => {
            sqlx::query("update tenant set name = $2 where tenant_id = $1")
                .bind(tenant.0)
                .bind(text(name))
                .execute(connection)
                .await?;
            Ok(())
        }
        TenantEvent::BrandingChanged { branding } => set_branding(tenant, connection, branding).await,
        TenantEvent::SettingsChanged { settings } => set_settings(tenant, connection, settings).await,
    }
}

async fn create(
    tenant: TenantId,
    connection: &mut PgConnection,
    fact: &Fact,
    (slug, name): (&str, &str),
) -> Result<(), FoldFault> {
    sqlx::query("insert into tenant (tenant_id, position, slug, name, created_at) values ($1, $2, $3, $4, $5)")
        .bind(tenant.0)
        .bind(bigint(fact.position))
        .bind(text(slug))
        .bind(text(name))
        .bind(timestamptz(fact.recorded_at))
        .execute(connection)
        .await?;
    Ok(())
}

async fn set_branding(tenant: TenantId, connection: &mut PgConnection, branding: &Branding) -> Result<(), FoldFault> {
    sqlx::query("update tenant set product_name = $2, accent_color = $3, logo_url = $4 where tenant_id = $1")
        .bind(tenant.0)
        .bind(text(&branding.product_name))
        .bind(text(&branding.accent_color))
        .bind(branding.logo_url.as_deref().map(text))
        .execute(connection)
        .await?;
    Ok(())
}

async fn set_settings(
    tenant: TenantId,
    connection: &mut PgConnection,
    settings: &TenantSettings,
) -> Result<(), FoldFault> {
    sqlx::query(
        "update tenant set timezone = $2, retention_days = $3, error_workflow = $4, executions_at_once = $5 \
         where tenant_id = $1",
    )
    .bind(tenant.0)
    .bind(text(&settings.timezone))
    .bind(i32::from(settings.retention_days))
    .bind(settings.error_workflow.map(|workflow| workflow.0))
    .bind(settings.executions_at_once.map(i64::from))
    .execute(connection)
    .await?;
    Ok(())
}
