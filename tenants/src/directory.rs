//! Which tenant a host name belongs to, and what its pages look like.

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use sqlx::FromRow;
use uuid::Uuid;
use weft_model::TenantId;
use weft_model::tenant::Branding;
use weft_scope::SystemPool;

use crate::fault::Fault;

/// A change made by another process shows after this long; one of this process at once.
const FRESH_FOR: Duration = Duration::from_secs(10);
/// Host names come from outside: what is remembered of them is bounded.
const REMEMBERED: u64 = 20_000;

/// What is known of a tenant before anything else is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantProfile {
    /// The tenant.
    pub tenant: TenantId,
    /// The first label of its host name.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// How its pages look.
    pub branding: Branding,
}

#[derive(FromRow)]
struct Row {
    tenant_id: Uuid,
    slug: String,
    name: String,
    product_name: String,
    accent_color: String,
    logo_url: Option<String>,
}

impl From<Row> for TenantProfile {
    fn from(row: Row) -> Self {
        let Row { tenant_id, slug, name, product_name, accent_color, logo_url } = row;
        Self { tenant: TenantId(tenant_id), slug, name, branding: Branding { product_name, accent_color, logo_url } }
    }
}

/// Finds tenants by host name.
#[derive(Clone)]
pub struct TenantDirectory {
    system: SystemPool,
    base_host: Arc<str>,
    by_host: Cache<String, Option<Arc<TenantProfile>>>,
}

impl TenantDirectory {
    /// `<slug>.<base_host>` belongs to the tenant of that slug; other hosts must have been added to one.
    pub fn new(system: SystemPool, base_host: &str) -> Self {
        let by_host = Cache::builder().max_capacity(REMEMBERED).time_to_live(FRESH_FOR).support_invalidation_closures();
        Self { system, base_host: base_host.to_ascii_lowercase().into(), by_host: by_host.build() }
    }

    /// The tenant that a `Host` header (with or without a port) asks for.
    pub async fn by_host(&self, header: &str) -> Result<Option<Arc<TenantProfile>>, Fault> {
        let Some(host) = host_name(header) else { return Ok(None) };
        let found = self.by_host.try_get_with_by_ref(&host, self.look_up(&host)).await;
        found.map_err(|fault| Fault::Unavailable(Box::new(fault)))
    }

    /// The tenant of a slug, as it is now; for the command line.
    pub async fn by_slug(&self, slug: &str) -> Result<Option<TenantProfile>, Fault> {
        let mut connection = self.system.acquire().await?;
        let row: Option<Row> =
            sqlx::query_as("select * from tenant_by_slug($1)").bind(slug).fetch_optional(&mut *connection).await?;
        Ok(row.map(TenantProfile::from))
    }

    /// Every tenant, by slug.
    pub async fn all(&self) -> Result<Vec<TenantProfile>, Fault> {
        let mut connection = self.system.acquire().await?;
        let rows: Vec<Row> = sqlx::query_as("select * from all_tenants()").fetch_all(&mut *connection).await?;
        Ok(rows.into_iter().map(TenantProfile::from).collect())
    }

    /// Lets a host, proven to be the tenant's, answer for it. False if it answers for another one.
    pub async fn add_host(&self, tenant: TenantId, host: &str) -> Result<bool, Fault> {
        let Some(host) = host_name(host) else { return Ok(false) };
        let mut connection = self.system.acquire().await?;
        let added = sqlx::query_scalar("select add_host($1, $2)").bind(tenant.0).bind(&host);
        let added = added.fetch_one(&mut *connection).await?;
        self.by_host.invalidate(&host).await;
        Ok(added)
    }

    /// Reads this tenant's profile anew when it is next asked for: its brand, its name or its hosts changed. To be called
    /// for every `TenantProfile` companion that this process appends.
    pub async fn forget(&self, profile: &TenantProfile) {
        self.by_host.invalidate(&format!("{}.{}", profile.slug, self.base_host)).await;
        let tenant = profile.tenant;
        let is_this =
            move |_: &String, known: &Option<Arc<TenantProfile>>| known.as_ref().is_some_and(|p| p.tenant == tenant);
        // Refused only where closures were not switched on above.
        let _ = self.by_host.invalidate_entries_if(is_this);
    }

    async fn look_up(&self, host: &str) -> Result<Option<Arc<TenantProfile>>, Fault> {
        let slug = host.strip_suffix(&*self.base_host).and_then(|rest| rest.strip_suffix('.'));
        let (statement, key) = match slug {
            Some(slug) => ("select * from tenant_by_slug($1)", slug),
            None => ("select * from tenant_by_host($1)", host),
        };
        let mut connection = self.system.acquire().await?;
        let row: Option<Row> = sqlx::query_as(statement).bind(key).fetch_optional(&mut *connection).await?;
        Ok(row.map(|row| Arc::new(row.into())))
    }
}

/// The name without its port, in lower case; none for what cannot be a name of a tenant (an IPv6 address for instance).
fn host_name(header: &str) -> Option<String> {
    let name = header
        .rsplit_once(':')
        .map_or(header, |(name, port)| if port.bytes().all(|b| b.is_ascii_digit()) { name } else { header });
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    let is_plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
    (is_plain && !name.is_empty() && name.len() <= 253).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_the_case_and_the_final_dot_do_not_matter() {
        for header in ["acme.localhost:8080", "ACME.localhost", "acme.localhost.", "acme.localhost.:80"] {
            assert_eq!(host_name(header).as_deref(), Some("acme.localhost"), "{header}");
        }
        for header in ["", ":80", "[::1]:80", "a b", "acme/localhost", "acme.localhost:80:90", &"a".repeat(254)] {
            assert_eq!(host_name(header), None, "{header}");
        }
    }
}
