//! Workflows as the engine sees them: read from the log, kept in memory.
//!
//! What a version says never changes, so it is kept as long as there is room. What may change (which version is active, the
//! tenant's settings and variables) is kept for a second, and dropped at once by the commands of this process: another process
//! may act on what was true a second ago.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::tz::TimeZone;
use moka::future::Cache;
use weft_engine::{Definition, DefinitionFault, Definitions, TenantSettings};
use weft_event_log::Log;
use weft_model::execution::ExecutedVersion;
use weft_model::tenant::Tenant;
use weft_model::workflow::{Publication, Workflow, WorkflowEvent};
use weft_model::{StreamVersion, TenantId, WorkflowId};
use weft_projections::variables;
use weft_value::{Object, Value};

use super::store::{StreamFault, load};
use weft_scope::Scope;

/// How long something that may change is believed.
const BELIEVED_FOR: Duration = Duration::from_secs(1);
/// Versions that are kept.
const VERSIONS: u64 = 2_000;

/// Definitions from the log.
pub struct LogDefinitions {
    log: Arc<dyn Log>,
    scope: Scope,
    versions: Cache<(TenantId, WorkflowId, VersionKey), Definition>,
    active: Cache<(TenantId, WorkflowId), Option<u32>>,
    tenants: Cache<TenantId, Arc<TenantSettings>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum VersionKey {
    Published(u32),
    Draft(u32),
}

type Fault = Box<dyn std::error::Error + Send + Sync>;

impl LogDefinitions {
    /// Definitions from `log`; variables from the read side.
    pub fn new(log: Arc<dyn Log>, scope: Scope) -> Self {
        let brief = || Cache::builder().max_capacity(100_000).time_to_live(BELIEVED_FOR);
        Self {
            log,
            scope,
            versions: Cache::new(VERSIONS),
            active: brief().build(),
            tenants: Cache::builder().max_capacity(10_000).time_to_live(BELIEVED_FOR).build(),
        }
    }

    /// Something about a workflow changed.
    pub async fn forget_workflow(&self, tenant: TenantId, workflow: WorkflowId) {
        self.active.invalidate(&(tenant, workflow)).await;
    }

    /// The tenant's settings or variables changed.
    pub async fn forget_tenant(&self, tenant: TenantId) {
        self.tenants.invalidate(&tenant).await;
    }

    async fn read_version(
        &self,
        tenant: TenantId,
        workflow: WorkflowId,
        version: ExecutedVersion,
    ) -> Result<Option<Definition>, Fault> {
        let events = read_workflow(&*self.log, tenant, workflow).await?;
        let draft = match version {
            ExecutedVersion::Draft(draft) => Some(draft),
            ExecutedVersion::Published(number) => events.iter().find_map(|(_, event)| match event {
                WorkflowEvent::Published { number: this, draft, .. } if *this == number => Some(draft.0),
                _ => None,
            }),
        };
        let Some(draft) = draft else { return Ok(None) };
        let mut definition: Option<weft_model::workflow::Definition> = None;
        for (version, event) in events {
            if version.0 > draft {
                break;
            }
            match event {
                WorkflowEvent::Created { definition: created } => definition = Some(*created),
                WorkflowEvent::Edited { changes, .. } => definition = definition.map(|now| now.with(&changes)),
                WorkflowEvent::Published { .. }
                | WorkflowEvent::Activated { .. }
                | WorkflowEvent::Deactivated {}
                | WorkflowEvent::Archived {} => {}
            }
        }
        Ok(definition.map(|d| Definition { name: d.name, graph: Arc::new(d.graph) }))
    }

    async fn read_active(&self, tenant: TenantId, workflow: WorkflowId) -> Result<Option<u32>, Fault> {
        let (state, _) = load::<Workflow>(&*self.log, tenant, workflow.into()).await?;
        Ok(match state.live().map(weft_model::workflow::Live::publication) {
            Ok(Publication::Active(published)) => Some(published.number),
            Ok(Publication::Never | Publication::Paused(_)) | Err(_) => None,
        })
    }

    async fn read_tenant(&self, tenant: TenantId) -> Result<Arc<TenantSettings>, Fault> {
        let (state, _) = load::<Tenant>(&*self.log, tenant, tenant.into()).await?;
        let mut settings = TenantSettings::default();
        if let Tenant::Present { settings: known, .. } = state {
            settings.time_zone = TimeZone::get(&known.timezone).unwrap_or(TimeZone::UTC);
            settings.retention = Duration::from_hours(24 * u64::from(known.retention_days));
        }
        let mut transaction = weft_projections::reading(&self.scope, tenant).await?;
        let variables = variables::all(tenant, &mut transaction).await?;
        let object: Object = variables.into_iter().map(|variable| (variable.name, variable.value)).collect();
        settings.variables = Value::from(object);
        Ok(Arc::new(settings))
    }
}

/// A workflow's events with their versions.
async fn read_workflow(
    log: &dyn Log,
    tenant: TenantId,
    workflow: WorkflowId,
) -> Result<Vec<(StreamVersion, WorkflowEvent)>, StreamFault> {
    const PAGE: usize = 1_000;
    let mut events = Vec::new();
    loop {
        let after = events.last().map_or(StreamVersion(0), |(version, _)| *version);
        let page = log.read_stream(tenant, workflow.into(), after, PAGE).await?;
        let is_last = page.len() < PAGE;
        for recorded in page {
            if let weft_model::Event::Workflow(event) = recorded.event()? {
                events.push((recorded.version, event));
            }
        }
        if is_last {
            return Ok(events);
        }
    }
}

fn fault(error: Arc<Fault>) -> DefinitionFault {
    DefinitionFault(Box::new(Shared(error)))
}

/// A fault that several callers waited for.
#[derive(Debug)]
struct Shared(Arc<Fault>);

impl std::fmt::Display for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Shared {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

#[async_trait]
impl Definitions for LogDefinitions {
    async fn definition(
        &self,
        tenant: TenantId,
        workflow: WorkflowId,
        version: ExecutedVersion,
    ) -> Result<Option<Definition>, DefinitionFault> {
        let key = match version {
            ExecutedVersion::Published(number) => VersionKey::Published(number),
            ExecutedVersion::Draft(draft) => VersionKey::Draft(draft),
        };
        let key = (tenant, workflow, key);
        if let Some(definition) = self.versions.get(&key).await {
            return Ok(Some(definition));
        }
        // What is missing is not kept: it may be written a moment later.
        let read = self.read_version(tenant, workflow, version).await.map_err(DefinitionFault)?;
        if let Some(definition) = &read {
            self.versions.insert(key, definition.clone()).await;
        }
        Ok(read)
    }

    async fn active_version(&self, tenant: TenantId, workflow: WorkflowId) -> Result<Option<u32>, DefinitionFault> {
        self.active.try_get_with((tenant, workflow), self.read_active(tenant, workflow)).await.map_err(fault)
    }

    async fn tenant(&self, tenant: TenantId) -> Result<Arc<TenantSettings>, DefinitionFault> {
        self.tenants.try_get_with(tenant, self.read_tenant(tenant)).await.map_err(fault)
    }
}
