//! The engine through the contract's ports.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use weft_engine::{Clock, Definitions, Engine, PlanStep, StartExecution, SystemClock, TestListener, Trigger};
use weft_event_log::{Log, Recorded};
use weft_graphql::ports::{Done, Execute, Executions, Listening, Outcome, Preview, Previewed, Refusal, Rejected};
use weft_model::execution::{ExecutedVersion, ExecutionEvent, ExecutionMode, Partial};
use weft_model::workflow::{Live, Workflow};
use weft_model::{Event, ExecutionId, NodeId, StreamVersion, TenantId, WorkflowId};
use weft_scope::Scope;
use weft_tenants::RequestContext;

use super::catalogue::slug;
use super::preview::Previews;
use super::store::load;
use super::{convert, credential_use, faults};
use crate::hooks::HookAddresses;

/// How long the editor waits for a call of a test address.
const LISTENS_FOR: Duration = Duration::from_mins(2);

/// Executions over the engine.
pub struct EngineExecutions {
    /// Makes executions progress.
    pub engine: Engine,
    /// Where drafts are.
    pub log: Arc<dyn Log>,
    /// Where webhooks listen.
    pub hooks: HookAddresses,
    /// The tenant's slug, which its addresses begin with.
    pub scope: Scope,
    /// Expressions as a node would see them.
    pub previews: Previews,
}

impl EngineExecutions {
    async fn live(&self, tenant: TenantId, workflow: WorkflowId) -> Result<Live, Refusal> {
        let loaded = load::<Workflow>(&*self.log, tenant, workflow.into()).await;
        let (state, _) = loaded.map_err(|fault| Refusal::Fault(faults::stream(fault)))?;
        state.live().cloned().map_err(|_| Refusal::NotFound)
    }

    /// To execute a draft again is to execute it by hand. What is published was permitted then; an execution that is not there
    /// is refused by whoever looks for it.
    async fn permit_retry(&self, context: &RequestContext, execution: ExecutionId) -> Result<(), Refusal> {
        if credential_use::may_use_all(context) {
            return Ok(());
        }
        let tenant = context.tenant;
        let first = self.log.read_stream(tenant, execution.into(), StreamVersion(0), 1).await.map_err(faults::log)?;
        let first = first.first().map(Recorded::event).transpose().map_err(faults::of)?;
        let Some(Event::Execution(ExecutionEvent::Queued { workflow, version, trigger, partial, .. })) = first else {
            return Ok(());
        };
        if let ExecutedVersion::Published(_) = version {
            return Ok(());
        }
        let plan = self.engine.plan(tenant, workflow, version).await.map_err(faults::compile)?;
        let turns = credential_use::turns(&plan, trigger, partial);
        self.permit(context, ByHand { workflow, version, turns }).await
    }

    /// Refuses to execute by hand what signs in with what the person may not use, also by the drafts that it executes.
    async fn permit(&self, context: &RequestContext, first: ByHand) -> Result<(), Refusal> {
        if credential_use::may_use_all(context) {
            return Ok(());
        }
        let (tenant, kinds) = (context.tenant, self.engine.kinds());
        let mut seen = HashSet::from([first.workflow]);
        let mut open = vec![first];
        while let Some(ByHand { workflow, version, turns }) = open.pop() {
            let definition = self.previews.definitions.definition(tenant, workflow, version).await;
            let graph = definition.map_err(faults::definition)?.ok_or(Refusal::NotFound)?.graph;
            credential_use::permit_turns(context, kinds, &graph, &turns)?;
            for called in credential_use::called(kinds, &graph, &turns)? {
                if seen.insert(called) {
                    open.extend(self.drafted(tenant, called).await?);
                }
            }
        }
        Ok(())
    }

    /// All of a workflow's draft; nothing where there is no such workflow, which the execution then says.
    async fn drafted(&self, tenant: TenantId, workflow: WorkflowId) -> Result<Option<ByHand>, Refusal> {
        let versions = self.previews.definitions.versions(tenant, workflow).await.map_err(faults::definition)?;
        let Some(versions) = versions else { return Ok(None) };
        let version = ExecutedVersion::Draft(versions.draft);
        let plan = self.engine.plan(tenant, workflow, version).await.map_err(faults::compile)?;
        Ok(Some(ByHand { workflow, version, turns: plan.nodes.iter().map(|node| node.id).collect() }))
    }
}

/// A version that is executed by hand.
struct ByHand {
    workflow: WorkflowId,
    version: ExecutedVersion,
    /// The nodes that have their turn.
    turns: HashSet<NodeId>,
}

#[async_trait]
impl Executions for EngineExecutions {
    async fn execute(&self, context: &RequestContext, asked: Execute) -> Outcome<ExecutionId> {
        let live = self.live(context.tenant, asked.workflow).await?;
        let version = ExecutedVersion::Draft(live.version().0);
        let plan = self.engine.plan(context.tenant, asked.workflow, version).await;
        let plan = plan.map_err(faults::compile)?;
        let trigger = match asked.trigger {
            Some(node) => node,
            None => match asked.partial {
                Some(Partial { until, .. }) => only_trigger(&plan.triggers_of(until))?,
                None => only_trigger(&plan.triggers().map(|node| node.id).collect::<Vec<_>>())?,
            },
        };
        let turns = credential_use::turns(&plan, trigger, asked.partial);
        self.permit(context, ByHand { workflow: asked.workflow, version, turns }).await?;
        let mut start = StartExecution::new(context.tenant, asked.workflow, version, trigger);
        start.mode = ExecutionMode::Manual;
        start.partial = asked.partial;
        start.actor = context.actor;
        start.correlation = Some(context.correlation);
        start.items = asked.items.map(|items| convert::items(items, &["items"])).transpose()?.unwrap_or_default();
        let started = self.engine.start(start).await.map_err(faults::start)?;
        Ok(Done { value: started.execution, position: started.position })
    }

    async fn listen_for_webhook(
        &self,
        context: &RequestContext,
        workflow: WorkflowId,
        node: NodeId,
    ) -> Result<Listening, Refusal> {
        let live = self.live(context.tenant, workflow).await?;
        let version = ExecutedVersion::Draft(live.version().0);
        let plan = self.engine.plan(context.tenant, workflow, version).await;
        let plan = plan.map_err(faults::compile)?;
        let step = plan.node(node).map(|node| &node.step);
        let path = match step {
            Some(PlanStep::Trigger(Trigger::Webhook(webhook))) => &webhook.path,
            Some(PlanStep::Trigger(Trigger::Form(form))) => &form.path,
            _ => {
                return Err(rejected(
                    "not_a_webhook",
                    "This node is no webhook that can be called. Check its parameters.",
                ));
            }
        };
        self.permit(context, ByHand { workflow, version, turns: plan.reached(node, None) }).await?;
        let hook = self.hooks.of(context.tenant, workflow, node);
        let until = SystemClock.now().checked_add(LISTENS_FOR).unwrap_or(Timestamp::MAX);
        let draft = live.version().0;
        self.engine.listen(TestListener { tenant: context.tenant, hook, workflow, node, draft, until });
        let slug = slug(&self.scope, context.tenant).await?;
        Ok(Listening { test_url: self.hooks.test_url(&slug, hook, path), until })
    }

    async fn cancel(&self, context: &RequestContext, execution: ExecutionId) -> Outcome<()> {
        let position = self.engine.cancel(context.tenant, execution, context.actor).await.map_err(faults::cancel)?;
        Ok(Done { value: (), position })
    }

    async fn retry(&self, context: &RequestContext, execution: ExecutionId) -> Outcome<ExecutionId> {
        self.permit_retry(context, execution).await?;
        let started = self.engine.retry(context.tenant, execution, context.actor).await.map_err(faults::retry)?;
        Ok(Done { value: started.execution, position: started.position })
    }

    async fn preview(&self, context: &RequestContext, asked: Preview) -> Result<Previewed, Refusal> {
        let live = self.live(context.tenant, asked.workflow).await?;
        self.previews.evaluate(context, &live, &asked).await
    }
}

fn only_trigger(triggers: &[NodeId]) -> Result<NodeId, Refusal> {
    match triggers {
        [only] => Ok(*only),
        [] => Err(rejected("no_trigger", "Nothing starts this workflow. Add a trigger node.")),
        _ => Err(rejected("several_triggers", "This workflow has several triggers. Say which one starts it.")),
    }
}

fn rejected(code: &str, message: &str) -> Refusal {
    Refusal::Rejected(Rejected { code: code.to_owned(), message: message.to_owned(), field: None })
}
