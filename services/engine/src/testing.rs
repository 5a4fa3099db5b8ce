//! A clock that stands still, counted randomness and definitions in memory, for tests of the engine and of what uses it.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::watch;
use weft_model::execution::ExecutedVersion;
use weft_model::{Graph, TenantId, WorkflowId};

use crate::clock::later;
use crate::{
    Clock, Definition, DefinitionFault, Definitions, Entropy, ExecutionPages, ResumeAddress, TenantSettings, Versions,
};

/// A clock that moves only when it is told to.
#[derive(Clone, Debug)]
pub struct FakeClock(Arc<watch::Sender<Timestamp>>);

impl FakeClock {
    /// A clock that shows `now`.
    pub fn at(now: Timestamp) -> Self {
        Self(Arc::new(watch::Sender::new(now)))
    }

    /// Time passes; everybody whose moment has come wakes up.
    pub fn advance(&self, by: Duration) {
        self.0.send_modify(|now| *now = later(*now, by));
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        *self.0.borrow()
    }

    fn sleep_until(&self, moment: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let mut watched = self.0.subscribe();
        Box::pin(async move {
            // The sender lives as long as the clock that is borrowed here.
            let _ = watched.wait_for(|now| *now >= moment).await;
        })
    }
}

/// Random numbers that are the same every time: 1, 2, 3, …
#[derive(Debug, Default)]
pub struct CountedEntropy(AtomicU64);

impl CountedEntropy {
    /// Counts from `first`, so that two engines differ.
    pub fn from(first: u64) -> Self {
        Self(AtomicU64::new(first))
    }
}

impl Entropy for CountedEntropy {
    fn bits(&self) -> u64 {
        crate::clock::mixed(self.0.fetch_add(1, Ordering::Relaxed), 0)
    }
}

/// Definitions in memory: one graph for each workflow, published as version 1 and equal to every draft.
#[derive(Clone, Default)]
pub struct FixedDefinitions {
    workflows: Arc<Mutex<HashMap<(TenantId, WorkflowId), Fixed>>>,
    error_workflow: Arc<OnceLock<WorkflowId>>,
    at_once: Arc<OnceLock<u32>>,
}

#[derive(Clone)]
struct Fixed {
    definition: Definition,
    active: Option<u32>,
    /// Drafts that differ from it, by their version.
    drafts: HashMap<u32, Arc<Graph>>,
}

impl FixedDefinitions {
    /// Adds a workflow.
    pub fn add(&self, tenant: TenantId, workflow: WorkflowId, name: &str, graph: Graph) {
        let definition = Definition { name: name.to_owned(), graph: Arc::new(graph) };
        self.all().insert((tenant, workflow), Fixed { definition, active: Some(1), drafts: HashMap::new() });
    }

    /// The draft of a workflow as of `version`, where it differs from what was added.
    pub fn add_draft(&self, tenant: TenantId, workflow: WorkflowId, version: u32, graph: Graph) {
        self.all().entry((tenant, workflow)).and_modify(|fixed| {
            fixed.drafts.insert(version, Arc::new(graph));
        });
    }

    /// The workflow's triggers start nothing from now on.
    pub fn deactivate(&self, tenant: TenantId, workflow: WorkflowId) {
        self.all().entry((tenant, workflow)).and_modify(|fixed| fixed.active = None);
    }

    /// Every tenant's workflows that name none are told of by this one, from now on and for ever.
    pub fn tell_failures_to(&self, workflow: WorkflowId) {
        self.error_workflow.get_or_init(|| workflow);
    }

    /// So many executions of every tenant progress at once, from now on and for ever.
    pub fn let_progress(&self, at_once: u32) {
        self.at_once.get_or_init(|| at_once);
    }

    fn all(&self) -> MutexGuard<'_, HashMap<(TenantId, WorkflowId), Fixed>> {
        self.workflows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, tenant: TenantId, workflow: WorkflowId) -> Option<Fixed> {
        self.all().get(&(tenant, workflow)).cloned()
    }
}

#[async_trait]
impl Definitions for FixedDefinitions {
    async fn definition(
        &self,
        tenant: TenantId,
        workflow: WorkflowId,
        version: ExecutedVersion,
    ) -> Result<Option<Definition>, DefinitionFault> {
        Ok(self.find(tenant, workflow).map(|fixed| {
            let draft = match version {
                ExecutedVersion::Draft(version) => fixed.drafts.get(&version),
                ExecutedVersion::Published(_) => None,
            };
            let graph = draft.unwrap_or(&fixed.definition.graph);
            Definition { name: fixed.definition.name.clone(), graph: Arc::clone(graph) }
        }))
    }

    async fn active_version(&self, tenant: TenantId, workflow: WorkflowId) -> Result<Option<u32>, DefinitionFault> {
        Ok(self.find(tenant, workflow).and_then(|fixed| fixed.active))
    }

    async fn versions(&self, tenant: TenantId, workflow: WorkflowId) -> Result<Option<Versions>, DefinitionFault> {
        Ok(self.find(tenant, workflow).map(|fixed| Versions { draft: 1, published: fixed.active }))
    }

    async fn tenant(&self, _tenant: TenantId) -> Result<Arc<TenantSettings>, DefinitionFault> {
        let resume = Some(ResumeAddress::new("http://acme.test/hooks", [7; 32]));
        let pages = Some(ExecutionPages::new(|execution| format!("http://acme.test/executions/{execution}")));
        let error_workflow = self.error_workflow.get().copied();
        let at_once = self.at_once.get().copied();
        Ok(Arc::new(TenantSettings { resume, pages, error_workflow, at_once, ..TenantSettings::default() }))
    }
}
