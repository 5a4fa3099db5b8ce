//! Executions.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use weft_model::execution::{ExecutedVersion, Partial, StepError};
use weft_model::workflow::Definition;
use weft_model::{ExecutionId, WorkflowId};
use weft_projections::calls::{self, CallRow};
use weft_projections::executions::{self, Cursor, ExecutionRow};
use weft_tenants::Action;

use crate::errors::{UserError, told};
use crate::graph::Graph;
use crate::guard::{Can, may};
use crate::id::{execution_id, global, plain, uuid, workflow_id};
use crate::loaders::{CallerOf, DraftAt, ExecutionOf, StepsOf, VersionOf, load};
use crate::paging::{PageArguments, Paged, Total, connection};
use crate::ports::{Execute, Outcome};
use crate::scalars::{DateTime, Json, Position};
use crate::session::{asked, ports, reading, request, tenant};
use crate::step::{Step, Wanted};
use crate::viewer::fresh;
use crate::workflow::{Workflow, workflow};

/// How an execution stands.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "weft_projections::executions::ExecutionStatus")]
pub(crate) enum ExecutionStatus {
    /// Accepted, not yet begun.
    Queued,
    /// A worker is at it.
    Running,
    /// A step waits for a moment or a signal.
    Waiting,
    /// Every branch ended.
    Succeeded,
    /// It ended with an error.
    Failed,
    /// A person ended it.
    Cancelled,
}

/// Who asked for an execution.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "weft_model::execution::ExecutionMode")]
enum ExecutionMode {
    /// A person in the editor.
    Manual,
    /// A trigger of the published version.
    Production,
    /// One call of a test address while the editor listens.
    Test,
}

/// An execution.
pub(crate) struct Execution(pub ExecutionRow);

/// One run of a workflow's graph, from its trigger to its end.
#[Object]
impl Execution {
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    async fn workflow(&self, context: &Context<'_>) -> Result<Option<Workflow>> {
        if !may(context, Action::ReadWorkflow) {
            return Ok(None);
        }
        workflow(context, self.0.workflow).await
    }

    /// The workflow's name when the execution was queued.
    async fn workflow_name(&self) -> &str {
        &self.0.workflow_name
    }

    async fn status(&self) -> ExecutionStatus {
        self.0.status.into()
    }

    async fn mode(&self) -> ExecutionMode {
        self.0.mode.into()
    }

    /// `v3` of a published version, `draft 17` of a draft.
    async fn version_label(&self) -> String {
        match self.0.version {
            ExecutedVersion::Published(number) => format!("v{number}"),
            ExecutedVersion::Draft(version) => format!("draft {version}"),
        }
    }

    async fn trigger_node(&self) -> Option<ID> {
        Some(plain(self.0.trigger))
    }

    async fn trigger_kind(&self) -> Option<String> {
        Some(kind_name(&self.0.trigger_kind))
    }

    async fn queued_at(&self) -> DateTime {
        self.0.queued_at.into()
    }

    async fn started_at(&self) -> Option<DateTime> {
        self.0.started_at.map(Into::into)
    }

    async fn finished_at(&self) -> Option<DateTime> {
        self.0.finished_at.map(Into::into)
    }

    async fn duration_ms(&self) -> Option<i32> {
        self.0.duration_ms().map(|ms| i32::try_from(ms).unwrap_or(i32::MAX))
    }

    /// All items that its steps gave, the trigger's included.
    async fn item_count(&self) -> i32 {
        i32::try_from(self.0.item_count).unwrap_or(i32::MAX)
    }

    async fn error(&self, context: &Context<'_>) -> Result<Option<ExecutionError>> {
        let Some(error) = &self.0.error else { return Ok(None) };
        // Only an error that names a node needs the graph, for the node's name.
        let definition = match error.node {
            Some(_) => executed(context, &self.0).await?,
            None => None,
        };
        Ok(Some(ExecutionError::of(error, definition.as_deref())))
    }

    /// Its steps in the order in which they began: the first of them, those after `after` (the id of a step), or the last when
    /// `last` is given; at most 1 000. Only those of one node, or the one of that id, where it is given.
    #[graphql(complexity = "crate::step::cost(first, last, child_complexity)")]
    async fn steps(
        &self,
        context: &Context<'_>,
        node_id: Option<ID>,
        step_id: Option<ID>,
        #[graphql(default = 200)] first: i32,
        after: Option<ID>,
        last: Option<i32>,
    ) -> Result<Vec<Step>> {
        let wanted = Wanted { node: node_id, step: step_id, first, after, last }.checked()?;
        let steps = load(context, StepsOf(self.0.id)).await?.unwrap_or_default();
        let definition = executed(context, &self.0).await?;
        Ok(Step::all(self.0.id, &steps, definition.as_ref(), &wanted))
    }

    /// The graph that was executed.
    async fn graph(&self, context: &Context<'_>) -> Result<Graph> {
        Ok(Graph(executed(context, &self.0).await?.unwrap_or_default()))
    }

    /// The step of another execution that asked for this one; nothing where a trigger or a person did.
    async fn caller(&self, context: &Context<'_>) -> Result<Option<Call>> {
        Ok(load(context, CallerOf(self.0.id)).await?.map(Call))
    }

    /// What its steps asked for, oldest first: the first of them after `after`, at most 200.
    #[graphql(complexity = "crate::limits::page(Some(first), None, child_complexity)")]
    async fn calls(
        &self,
        context: &Context<'_>,
        #[graphql(default = 50)] first: i32,
        after: Option<Position>,
    ) -> Result<Vec<Call>> {
        let limit = u32::try_from(first).unwrap_or_default();
        let after = after.map(|Position(after)| after).unwrap_or_default();
        let tenant = tenant(context)?;
        let mut rows = reading(context).await?;
        let found = calls::called_by(tenant, &mut rows, self.0.id, after, limit).await;
        Ok(asked(context, found)?.into_iter().map(Call).collect())
    }

    /// The newest position of this execution's events.
    async fn position(&self) -> Position {
        self.0.position.into()
    }
}

/// `webhook` of `webhook@1`.
pub(crate) fn kind_name(kind: &str) -> String {
    kind.split_once('@').map_or(kind, |(name, _)| name).to_owned()
}

/// The definition that was executed.
async fn executed(context: &Context<'_>, row: &ExecutionRow) -> Result<Option<Arc<Definition>>> {
    Ok(match row.version {
        ExecutedVersion::Published(number) => {
            load(context, VersionOf(row.workflow, number)).await?.map(|version| Arc::new(version.definition.clone()))
        }
        ExecutedVersion::Draft(version) => {
            load(context, DraftAt(row.workflow, weft_model::StreamVersion(version))).await?
        }
    })
}

/// A call.
struct Call(CallRow);

/// One execution that a step of another one asked for.
#[Object]
impl Call {
    /// The execution that was asked for.
    async fn called(&self, context: &Context<'_>) -> Result<Option<Execution>> {
        execution(context, self.0.called).await
    }

    /// The execution that asked for it.
    async fn caller(&self, context: &Context<'_>) -> Result<Option<Execution>> {
        execution(context, self.0.caller).await
    }

    /// The node of that one.
    async fn node_id(&self) -> ID {
        plain(self.0.node)
    }

    /// Which time the node ran, from 0.
    async fn iteration(&self) -> i32 {
        self.0.iteration as i32
    }

    /// The item that it asked with, from 0; nothing where it asked once for all of them.
    async fn item_index(&self) -> Option<i32> {
        self.0.item.map(|item| item as i32)
    }

    /// Where the call stands among those of the same execution.
    async fn position(&self) -> Position {
        self.0.position.into()
    }
}

/// What went wrong.
#[derive(SimpleObject)]
pub(crate) struct ExecutionError {
    message: String,
    node_id: Option<ID>,
    node_name: Option<String>,
    item_index: Option<i32>,
    code: Option<String>,
    description: Option<String>,
    causes: Vec<String>,
}

impl ExecutionError {
    pub(crate) fn of(error: &StepError, definition: Option<&Definition>) -> Self {
        let node = error.node.and_then(|id| definition?.graph.nodes.get(&id));
        Self {
            message: error.message.clone(),
            node_id: error.node.map(plain),
            node_name: node.map(|node| node.name.clone()),
            item_index: error.item.map(|item| item as i32),
            code: Some(error.code.clone()),
            description: error.description.clone(),
            causes: error.causes.clone(),
        }
    }
}

/// The execution of this id.
pub(crate) async fn execution(context: &Context<'_>, id: ExecutionId) -> Result<Option<Execution>> {
    Ok(load(context, ExecutionOf(id)).await?.map(Execution))
}

/// Which executions a list holds. Moments are those at which executions were queued.
#[derive(InputObject)]
pub(crate) struct ExecutionFilter {
    workflow_id: Option<ID>,
    status: Option<Vec<ExecutionStatus>>,
    mode: Option<Vec<ExecutionMode>>,
    started_after: Option<DateTime>,
    started_before: Option<DateTime>,
}

impl ExecutionFilter {
    fn read(self) -> executions::Filter {
        // An id that is none of ours filters everything out, like an id of nothing.
        let workflow = self.workflow_id.map(|id| workflow_id(&id).unwrap_or(WorkflowId(::uuid::Uuid::nil())));
        executions::Filter {
            workflow,
            statuses: self.status.unwrap_or_default().into_iter().map(Into::into).collect(),
            modes: self.mode.unwrap_or_default().into_iter().map(Into::into).collect(),
            from: self.started_after.map(|DateTime(at)| at),
            until: self.started_before.map(|DateTime(at)| at),
        }
    }
}

/// A page of executions, of one workflow or of all.
pub(crate) async fn executions_of(
    context: &Context<'_>,
    page: &PageArguments,
    filter: Option<ExecutionFilter>,
    workflow: Option<WorkflowId>,
) -> Result<Paged<Execution>> {
    let page = page.read::<Cursor>()?;
    let mut filter = filter.map(ExecutionFilter::read).unwrap_or_default();
    filter.workflow = workflow.or(filter.workflow);
    let tenant = tenant(context)?;
    let mut rows = reading(context).await?;
    let page = asked(context, executions::list(tenant, &mut rows, &filter, &page).await)?;
    Ok(connection::<_, Cursor, _>(page, Total::Executions(filter), Execution))
}

#[derive(Default)]
pub(crate) struct ExecutionQueries;

#[Object]
impl ExecutionQueries {
    #[graphql(
        guard = "Can::new(Action::ReadExecution)",
        complexity = "crate::limits::page(first, last, child_complexity)"
    )]
    async fn executions(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
        filter: Option<ExecutionFilter>,
        at_least: Option<Position>,
    ) -> Result<Paged<Execution>> {
        fresh(context, at_least).await?;
        executions_of(context, &PageArguments { first, after, last, before }, filter, None).await
    }

    #[graphql(guard = "Can::new(Action::ReadExecution)")]
    async fn execution(&self, context: &Context<'_>, id: ID, at_least: Option<Position>) -> Result<Option<Execution>> {
        fresh(context, at_least).await?;
        match execution_id(&id) {
            Some(id) => execution(context, id).await,
            None => Ok(None),
        }
    }
}

#[derive(InputObject)]
struct ExecuteWorkflowInput {
    workflow_id: ID,
    trigger_node_id: Option<ID>,
    /// The node at which the execution ends: only what leads to it is executed. All of the graph when left out.
    until_node_id: Option<ID>,
    /// An execution of this workflow. What it recorded stands for the nodes that lead to `untilNodeId` and that nothing has
    /// changed for since; they are not executed again. Has no say where items are given.
    reuse_execution_id: Option<ID>,
    /// Items to begin with; one empty item when left out.
    items: Option<Json>,
}

impl ExecuteWorkflowInput {
    fn read(self) -> Option<Execute> {
        let node = |id: &Option<ID>| match id {
            Some(id) => uuid(id).map(|id| Some(id.into())),
            None => Some(None),
        };
        let reuses = match &self.reuse_execution_id {
            Some(id) => Some(execution_id(id)?),
            None => None,
        };
        Some(Execute {
            workflow: workflow_id(&self.workflow_id)?,
            trigger: node(&self.trigger_node_id)?,
            partial: node(&self.until_node_id)?.map(|until| Partial { until, reuses }),
            items: self.items.map(|Json(items)| items),
        })
    }
}

#[derive(SimpleObject)]
struct ExecuteWorkflowPayload {
    execution: Option<ExecutionRef>,
    errors: Vec<UserError>,
}

/// A started execution; its read model may be a moment behind (`atLeast`).
#[derive(SimpleObject)]
struct ExecutionRef {
    id: ID,
    position: Position,
}

#[derive(InputObject)]
struct ListenForWebhookInput {
    workflow_id: ID,
    node_id: ID,
}

#[derive(SimpleObject)]
struct ListenForWebhookPayload {
    test_url: Option<String>,
    until: Option<DateTime>,
    errors: Vec<UserError>,
}

impl ListenForWebhookPayload {
    fn error(error: UserError) -> Self {
        Self { test_url: None, until: None, errors: vec![error] }
    }
}

#[derive(InputObject)]
struct ExecutionInput {
    execution_id: ID,
}

#[derive(SimpleObject)]
struct ExecutionPayload {
    execution: Option<Execution>,
    position: Option<Position>,
    errors: Vec<UserError>,
}

fn started(context: &Context<'_>, outcome: Outcome<ExecutionId>, what: &str) -> Result<ExecuteWorkflowPayload> {
    let told = told(context, outcome, what)?;
    let execution = told.value.zip(told.position).map(|(id, position)| ExecutionRef { id: global(id), position });
    Ok(ExecuteWorkflowPayload { execution, errors: told.errors })
}

#[derive(Default)]
pub(crate) struct ExecutionMutations;

#[Object]
impl ExecutionMutations {
    /// Executes the draft by hand from a trigger node (the only one when it is left out), to its end or to a node.
    #[graphql(guard = "Can::new(Action::ExecuteWorkflow)")]
    async fn execute_workflow(
        &self,
        context: &Context<'_>,
        input: ExecuteWorkflowInput,
    ) -> Result<ExecuteWorkflowPayload> {
        let Some(execute) = input.read() else {
            return Ok(ExecuteWorkflowPayload { execution: None, errors: vec![UserError::not_found("workflow")] });
        };
        started(context, ports(context)?.executions.execute(request(context)?, execute).await, "workflow")
    }

    /// Waits for one call of the draft's webhook at its test address; ends by itself after two minutes.
    #[graphql(guard = "Can::new(Action::ListenForWebhook)")]
    async fn listen_for_webhook(
        &self,
        context: &Context<'_>,
        input: ListenForWebhookInput,
    ) -> Result<ListenForWebhookPayload> {
        let (Some(workflow), Some(node)) = (workflow_id(&input.workflow_id), uuid(&input.node_id)) else {
            return Ok(ListenForWebhookPayload::error(UserError::not_found("workflow or node")));
        };
        match ports(context)?.executions.listen_for_webhook(request(context)?, workflow, node.into()).await {
            Ok(listening) => Ok(ListenForWebhookPayload {
                test_url: Some(listening.test_url),
                until: Some(listening.until.into()),
                errors: Vec::new(),
            }),
            Err(refusal) => Ok(ListenForWebhookPayload::error(UserError::of(context, refusal, "workflow or node")?)),
        }
    }

    #[graphql(guard = "Can::new(Action::CancelExecution)")]
    async fn cancel_execution(&self, context: &Context<'_>, input: ExecutionInput) -> Result<ExecutionPayload> {
        let Some(id) = execution_id(&input.execution_id) else {
            return Ok(ExecutionPayload {
                execution: None,
                position: None,
                errors: vec![UserError::not_found("execution")],
            });
        };
        let told = told(context, ports(context)?.executions.cancel(request(context)?, id).await, "execution")?;
        fresh(context, told.position).await?;
        let execution = if told.value.is_some() { execution(context, id).await? } else { None };
        Ok(ExecutionPayload { execution, position: told.position, errors: told.errors })
    }

    #[graphql(guard = "Can::new(Action::RetryExecution)")]
    async fn retry_execution(&self, context: &Context<'_>, input: ExecutionInput) -> Result<ExecuteWorkflowPayload> {
        let Some(id) = execution_id(&input.execution_id) else {
            return Ok(ExecuteWorkflowPayload { execution: None, errors: vec![UserError::not_found("execution")] });
        };
        started(context, ports(context)?.executions.retry(request(context)?, id).await, "execution")
    }
}
