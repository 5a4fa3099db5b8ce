//! What the fold gives.

use uuid::Uuid;
use weft_migrations::testing::TestDatabase;
use weft_scope::{PoolLimits, Scope};

use super::*;
use crate::reading;
use crate::testing::{Story, fold};
use weft_model::WorkflowId;

#[tokio::test]
async fn the_tenant_is_as_its_last_events_say() {
    let database = TestDatabase::create().await.unwrap();
    let scope = Scope::connect(&database.urls.app, PoolLimits::default()).await.unwrap();
    let mut other = Story::of(2);
    other.founded("globex");
    fold(&scope, other.tenant, &other.facts).await.unwrap();
    let mut story = Story::of(1);
    story.founded("acme");
    let branding =
        Branding { product_name: "Flow".into(), accent_color: "#ff0000".into(), logo_url: Some("/l.svg".into()) };
    story.tell(story.tenant, TenantEvent::BrandingChanged { branding: branding.clone() });
    story.tell(story.tenant, TenantEvent::Renamed { name: "Acme".into() });
    let settings = TenantSettings {
        timezone: "Europe/Paris".into(),
        retention_days: 30,
        error_workflow: Some(WorkflowId(Uuid::from_u128(9))),
        executions_at_once: Some(u32::MAX),
    };
    story.tell(story.tenant, TenantEvent::SettingsChanged { settings: settings.clone() });
    fold(&scope, story.tenant, &story.facts).await.unwrap();

    let mut rows = reading(&scope, story.tenant).await.unwrap();
    let row = get(story.tenant, &mut rows).await.unwrap().unwrap();
    assert_eq!((row.slug.as_str(), row.name.as_str()), ("acme", "Acme"));
    assert_eq!((row.branding, row.settings), (branding, settings));
    assert!(get(other.tenant, &mut rows).await.unwrap().is_none());
}
