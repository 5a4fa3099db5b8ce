//! The brand of the tenant whose address is asked for, before anybody has signed in.

use weft_model::TenantId;
use weft_model::tenant::Branding;
use weft_projections::QueryFault;
use weft_scope::Scope;
use weft_tenants::{TenantDirectory, TenantProfile};

use crate::web_app::Brand;

/// A tenant's brand for the first page.
pub fn brand_of(profile: &TenantProfile) -> Brand {
    Brand {
        tenant: profile.slug.clone(),
        name: profile.name.clone(),
        product_name: profile.branding.product_name.clone(),
        accent_color: profile.branding.accent_color.clone(),
        logo_url: profile.branding.logo_url.clone(),
    }
}

/// Makes the directory forget what a command has just changed.
pub struct Brands {
    /// What hosts and pages are looked up in.
    pub directory: TenantDirectory,
    /// Where the tenant's slug is read.
    pub scope: Scope,
}

impl Brands {
    /// The tenant's name or brand changed. Where the slug cannot be read the old brand is seen for some seconds more.
    pub async fn changed(&self, tenant: TenantId, name: &str, branding: &Branding) {
        let slug = match self.slug(tenant).await {
            Ok(Some(slug)) => slug,
            Ok(None) => return,
            Err(error) => {
                tracing::warn!(%error, tenant.id = %tenant, "A changed brand shows with a delay of some seconds.");
                return;
            }
        };
        let profile = TenantProfile { tenant, slug, name: name.to_owned(), branding: branding.clone() };
        self.directory.forget(&profile).await;
    }

    async fn slug(&self, tenant: TenantId) -> Result<Option<String>, QueryFault> {
        let mut transaction = weft_projections::reading(&self.scope, tenant).await?;
        let statement = sqlx::query_scalar("select slug from tenants where tenant_id = $1").bind(tenant.0);
        Ok(statement.fetch_optional(&mut *transaction).await?)
    }
}
