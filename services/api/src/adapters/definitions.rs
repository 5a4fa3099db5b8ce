//! Workflows as the engine sees them: read from the log, kept in memory.
//!
//! What a version says never changes, so it is kept as long as there is room. What may change (which version is active, the
//! tenant's settings and variables) is kept for a second, and dropped at once by the commands of this process: another process
//! may act on what was true a second ago. Variables come from the read side, so that after a command they are believed again only
//! when it has come as far.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use jiff::tz::TimeZone;
use moka::future::Cache;
use weft_engine::{Definition, DefinitionFault, Definitions, TenantSettings, Versions};
use weft_event_log::Log;
use weft_model::execution::ExecutedVersion;
use weft_model::tenant::Tenant;
use weft_model::workflow::{Publication, Workflow, WorkflowEvent};
use weft_model::{Position, StreamVersion, TenantId, WorkflowId};
use weft_projections::Projection;
use weft_projections::variables::{self, Variables};
use weft_projector::folded_in;
use weft_value::{Object, Value};

use super::catalogue::slug_in;
use super::store::{StreamFault, load};
use crate::hooks::HookAddresses;
use weft_scope::Scope;

/// How long something that may change is believed.
const BELIEVED_FOR: Duration = Duration::from_secs(1);
/// How long a command is remembered that the read side has to fold: long past what it takes, short enough not to hold up executions
/// of a tenant whose variables are parked.
const REMEMBERED_FOR: Duration = Duration::from_secs(10);
/// How long the read side is waited for.
const PATIENCE: Duration = Duration::from_millis(1500);
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// How often something is read anew that was overtaken by a command.
const ROUNDS: usize = 2;
/// Versions that are kept.
const VERSIONS: u64 = 2_000;

/// Definitions from the log.
pub struct LogDefinitions {
    log: Arc<dyn Log>,
    scope: Scope,
    versions: Cache<(TenantId, WorkflowId, VersionKey), Definition>,
    current: Cache<(TenantId, WorkflowId), Option<Current>>,
    tenants: Cache<TenantId, Arc<Believed>>,
    /// Up to where the read side must have folded a tenant's log to be believed: commands of this process came so far.
    commanded: Cache<TenantId, Position>,
    hooks: HookAddresses,
}

/// Which versions of a workflow there are now.
#[derive(Clone, Copy)]
struct Current {
    versions: Versions,
    /// Whether triggers start the published one.
    is_active: bool,
}

/// What a tenant's executions begin with.
struct Believed {
    settings: Arc<TenantSettings>,
    /// Up to where the variables among it were folded.
    folded: Position,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum VersionKey {
    Published(u32),
    Draft(u32),
}

type Fault = Box<dyn std::error::Error + Send + Sync>;

impl LogDefinitions {
    /// Definitions from `log`; variables from the read side.
    pub fn new(log: Arc<dyn Log>, scope: Scope, hooks: HookAddresses) -> Self {
        let brief = || Cache::builder().max_capacity(100_000).time_to_live(BELIEVED_FOR);
        Self {
            log,
            scope,
            versions: Cache::new(VERSIONS),
            current: brief().build(),
            tenants: Cache::builder().max_capacity(10_000).time_to_live(BELIEVED_FOR).build(),
            commanded: Cache::builder().max_capacity(10_000).time_to_live(REMEMBERED_FOR).build(),
            hooks,
        }
    }

    /// Something about a workflow changed.
    pub async fn forget_workflow(&self, tenant: TenantId, workflow: WorkflowId) {
        self.current.invalidate(&(tenant, workflow)).await;
    }

    /// The tenant's settings or variables changed.
    pub async fn forget_tenant(&self, tenant: TenantId) {
        // The head is at or after the change. When it cannot be asked for, nothing can be read anew either.
        match self.log.head(tenant).await {
            Ok(head) => self.commanded.insert(tenant, head).await,
            Err(error) => tracing::warn!(tenant.id = %tenant, %error, "Old variables may be used for a second."),
        }
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

    async fn read_current(&self, tenant: TenantId, workflow: WorkflowId) -> Result<Option<Current>, Fault> {
        let (state, _) = load::<Workflow>(&*self.log, tenant, workflow.into()).await?;
        let Ok(live) = state.live() else { return Ok(None) };
        let (published, is_active) = match live.publication() {
            Publication::Active(published) => (Some(published.number), true),
            Publication::Paused(published) => (Some(published.number), false),
            Publication::Never => (None, false),
        };
        Ok(Some(Current { versions: Versions { draft: live.version().0, published }, is_active }))
    }

    async fn current(&self, tenant: TenantId, workflow: WorkflowId) -> Result<Option<Current>, DefinitionFault> {
        self.current.try_get_with((tenant, workflow), self.read_current(tenant, workflow)).await.map_err(fault)
    }

    /// What the tenant's addresses begin with; its row is written with its first event.
    async fn read_slug(&self, tenant: TenantId) -> Result<Option<String>, Fault> {
        let mut transaction = self.scope.tenant(tenant).begin().await?;
        Ok(slug_in(&mut transaction, tenant).await?)
    }

    async fn read_tenant(&self, tenant: TenantId) -> Result<Arc<Believed>, Fault> {
        let (state, _) = load::<Tenant>(&*self.log, tenant, tenant.into()).await?;
        let mut settings = TenantSettings::default();
        if let Tenant::Present { settings: known, .. } = state {
            settings.time_zone = TimeZone::get(&known.timezone).unwrap_or(TimeZone::UTC);
            settings.retention = Duration::from_hours(24 * u64::from(known.retention_days));
            settings.error_workflow = known.error_workflow;
            settings.at_once = known.executions_at_once;
        }
        let (variables, folded) = self.read_variables(tenant).await?;
        settings.variables = Value::from(variables);
        let slug = self.read_slug(tenant).await?;
        settings.resume = slug.as_deref().map(|slug| self.hooks.resume(tenant, slug));
        settings.pages = slug.as_deref().map(|slug| self.hooks.pages(slug));
        Ok(Arc::new(Believed { settings: Arc::new(settings), folded }))
    }

    /// The variables and up to where they were folded: up to what was commanded here, unless the read side takes too long.
    async fn read_variables(&self, tenant: TenantId) -> Result<(Object, Position), Fault> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let mut transaction = weft_projections::reading(&self.scope, tenant).await?;
            let folded = folded_in(tenant, &mut transaction, &[Variables.name()]).await?;
            if folded >= self.commanded(tenant).await || Instant::now() >= deadline {
                let variables = variables::all(tenant, &mut transaction).await?;
                return Ok((variables.into_iter().map(|variable| (variable.name, variable.value)).collect(), folded));
            }
            drop(transaction);
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    async fn commanded(&self, tenant: TenantId) -> Position {
        self.commanded.get(&tenant).await.unwrap_or_default()
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
        f.write_str("a read that several callers waited for failed")
    }
}

impl std::error::Error for Shared {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // The fault itself: what it is, not only what it came from, tells whether the database is away.
        Some(&**self.0)
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
        let current = self.current(tenant, workflow).await?;
        Ok(current.filter(|current| current.is_active).and_then(|current| current.versions.published))
    }

    async fn versions(&self, tenant: TenantId, workflow: WorkflowId) -> Result<Option<Versions>, DefinitionFault> {
        Ok(self.current(tenant, workflow).await?.map(|current| current.versions))
    }

    async fn tenant(&self, tenant: TenantId) -> Result<Arc<TenantSettings>, DefinitionFault> {
        for _ in 0..ROUNDS {
            let believed = self.tenants.try_get_with(tenant, self.read_tenant(tenant)).await.map_err(fault)?;
            if believed.folded >= self.commanded(tenant).await {
                return Ok(Arc::clone(&believed.settings));
            }
            // Read before a command and kept after it, or read from a read side that is late: nobody else believes it.
            self.tenants.invalidate(&tenant).await;
        }
        tracing::warn!(tenant.id = %tenant, "The read side is late: an execution may begin with old variables.");
        let late = self.read_tenant(tenant).await.map_err(DefinitionFault)?;
        Ok(Arc::clone(&late.settings))
    }
}
