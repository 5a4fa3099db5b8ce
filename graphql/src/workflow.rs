//! Workflows.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use jiff::ToSpan;
use jiff::tz::TimeZone;
use weft_model::workflow::Definition;
use weft_model::{Actor, StreamVersion, WorkflowFile, WorkflowId};
use weft_projections::workflows::{self, Cursor, PublishedRow, WorkflowRow};
use weft_tenants::Action;

use crate::errors::{UserError, told};
use crate::execution::{Execution, ExecutionFilter, executions_of};
use crate::fault::{mask, refused};
use crate::graph::Graph;
use crate::guard::{Can, may};
use crate::id::{global, plain, workflow_id};
use crate::loaders::{DraftOf, LatestOf, StatisticsOf, UndoOf, VersionOf, WorkflowOf, load};
use crate::member::{Member, member};
use crate::paging::{PageArguments, Paged, Total, connection};
use crate::ports::{Done, Outcome};
use crate::problem::Problem;
use crate::scalars::{DateTime, Json, Position};
use crate::session::{asked, ports, reading, request, tenant};
use crate::viewer::fresh;
use crate::workflow_edit::{EditWorkflowInput, UndoEditInput};

/// Whether a workflow's triggers start it.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "weft_projections::workflows::WorkflowState")]
pub(crate) enum WorkflowState {
    /// It was never published.
    Draft,
    /// Its newest published version is executed.
    Published,
    /// It was published; its triggers start nothing for now.
    Paused,
}

/// A workflow.
pub(crate) struct Workflow(pub WorkflowRow);

/// A trigger, then nodes joined by edges.
#[Object]
impl Workflow {
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// What expressions and parameters call it: `$workflow.id`.
    async fn reference(&self) -> String {
        self.0.id.to_string()
    }

    async fn name(&self) -> &str {
        &self.0.name
    }

    async fn state(&self) -> WorkflowState {
        self.0.state.into()
    }

    /// The number of the newest published version, where there is one.
    async fn published_version(&self) -> Option<i32> {
        self.0.published.map(|number| number as i32)
    }

    /// Whether the draft differs from the published version.
    async fn has_unpublished_changes(&self) -> bool {
        self.0.has_unpublished_changes()
    }

    async fn trigger_kinds(&self, context: &Context<'_>) -> Result<Vec<String>> {
        let catalogue = &ports(context)?.catalogue;
        Ok(self.0.kinds.iter().filter(|kind| catalogue.is_trigger(kind)).cloned().collect())
    }

    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    async fn changed_at(&self) -> DateTime {
        self.0.changed_at.into()
    }

    async fn owner(&self, context: &Context<'_>) -> Result<Option<Member>> {
        match self.0.owner {
            Some(owner) => member(context, owner).await,
            None => Ok(None),
        }
    }

    async fn last_execution(&self, context: &Context<'_>) -> Result<Option<Execution>> {
        if !may(context, Action::ReadExecution) {
            return Ok(None);
        }
        Ok(load(context, LatestOf(self.0.id)).await?.map(Execution))
    }

    /// How its executions of the last days ended, today (UTC) included.
    async fn statistics(&self, context: &Context<'_>, #[graphql(default = 7)] days: i32) -> Result<WorkflowStatistics> {
        let today = ports(context)?.clock.now().to_zoned(TimeZone::UTC).date();
        let from = today.saturating_sub((days.clamp(1, 366) - 1).days());
        let statistics = load(context, StatisticsOf(self.0.id, from)).await?.unwrap_or_default();
        let number = |number: u64| i32::try_from(number).unwrap_or(i32::MAX);
        Ok(WorkflowStatistics {
            succeeded: number(statistics.succeeded),
            failed: number(statistics.failed),
            total: number(statistics.total),
        })
    }

    /// The draft, with the version of the stream that it reflects (the `seen` of the next edit).
    async fn draft(&self, context: &Context<'_>) -> Result<Draft> {
        let graph = Graph(draft(context, self.0.id).await?);
        let actor = request(context)?.actor;
        let undo = load(context, UndoOf(self.0.id, actor)).await?.unwrap_or_default();
        Ok(Draft { version: self.0.draft_version.0 as i32, graph, can_undo: undo.can_undo, can_redo: undo.can_redo })
    }

    async fn published(&self, context: &Context<'_>) -> Result<Option<PublishedVersion>> {
        match self.0.published {
            Some(number) => Ok(load(context, VersionOf(self.0.id, number)).await?.map(PublishedVersion)),
            None => Ok(None),
        }
    }

    /// The draft as a Weft workflow file, to be kept elsewhere and imported again.
    async fn file(&self, context: &Context<'_>) -> Result<Json> {
        let definition = draft(context, self.0.id).await?;
        // Every key of a file is a text, so that it is JSON for certain.
        Ok(Json(serde_json::to_value(WorkflowFile::from(&*definition)).unwrap_or_default()))
    }

    /// Where the workflow's webhooks listen.
    async fn webhooks(&self, context: &Context<'_>) -> Result<Vec<Webhook>> {
        let definition = draft(context, self.0.id).await?;
        let catalogue = &ports(context)?.catalogue;
        let webhooks = catalogue.webhooks(request(context)?, self.0.id, &definition).await;
        Ok(webhooks.map_err(|fault| mask(context, &fault))?.into_iter().map(Webhook::from).collect())
    }

    /// What stands in the way of publishing.
    async fn problems(&self, context: &Context<'_>) -> Result<Vec<Problem>> {
        let definition = draft(context, self.0.id).await?;
        Ok(ports(context)?.catalogue.problems(&definition).into_iter().map(Problem::from).collect())
    }

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
    ) -> Result<Paged<Execution>> {
        executions_of(context, &PageArguments { first, after, last, before }, filter, Some(self.0.id)).await
    }
}

/// How executions ended.
#[derive(SimpleObject)]
struct WorkflowStatistics {
    succeeded: i32,
    failed: i32,
    total: i32,
}

/// The draft.
#[derive(SimpleObject)]
struct Draft {
    version: i32,
    graph: Graph,
    /// Whether the one who asks can take back an edit.
    can_undo: bool,
    /// Whether the one who asks can make an edit again.
    can_redo: bool,
}

/// A published version.
struct PublishedVersion(Arc<PublishedRow>);

/// A published version: it never changes.
#[Object]
impl PublishedVersion {
    async fn number(&self) -> i32 {
        self.0.number as i32
    }

    async fn published_at(&self) -> DateTime {
        self.0.published_at.into()
    }

    async fn published_by(&self, context: &Context<'_>) -> Result<Option<Member>> {
        match self.0.published_by {
            Actor::Member(id) => member(context, id).await,
            Actor::Identity(_) | Actor::System => Ok(None),
        }
    }

    async fn graph(&self) -> Graph {
        Graph(Arc::new(self.0.definition.clone()))
    }
}

/// Where a trigger node listens.
#[derive(SimpleObject)]
struct Webhook {
    node_id: ID,
    method: String,
    test_url: String,
    production_url: String,
}

impl From<crate::ports::Webhook> for Webhook {
    fn from(webhook: crate::ports::Webhook) -> Self {
        let crate::ports::Webhook { node, method, test_url, production_url } = webhook;
        Self { node_id: plain(node), method, test_url, production_url }
    }
}

async fn draft(context: &Context<'_>, id: WorkflowId) -> Result<Arc<Definition>> {
    let draft = load(context, DraftOf(id)).await?;
    draft.ok_or_else(|| refused("NOT_FOUND", "The workflow is gone."))
}

/// The workflow of this id.
pub(crate) async fn workflow(context: &Context<'_>, id: WorkflowId) -> Result<Option<Workflow>> {
    Ok(load(context, WorkflowOf(id)).await?.map(Workflow))
}

/// Which workflows a list holds.
#[derive(InputObject)]
struct WorkflowFilter {
    /// Those whose name holds this.
    search: Option<String>,
    state: Option<Vec<WorkflowState>>,
}

impl From<WorkflowFilter> for workflows::Filter {
    fn from(filter: WorkflowFilter) -> Self {
        Self { search: filter.search, states: filter.state.unwrap_or_default().into_iter().map(Into::into).collect() }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "weft_projections::workflows::Order")]
enum WorkflowOrder {
    #[graphql(name = "NAME_ASC")]
    NameAscending,
    #[graphql(name = "NAME_DESC")]
    NameDescending,
    #[graphql(name = "CHANGED_AT_ASC")]
    ChangedAscending,
    #[graphql(name = "CHANGED_AT_DESC")]
    ChangedDescending,
}

#[derive(Default)]
pub(crate) struct WorkflowQueries;

#[Object]
impl WorkflowQueries {
    #[graphql(
        guard = "Can::new(Action::ReadWorkflow)",
        complexity = "crate::limits::page(first, last, child_complexity)"
    )]
    async fn workflows(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
        filter: Option<WorkflowFilter>,
        order_by: Option<WorkflowOrder>,
        at_least: Option<Position>,
    ) -> Result<Paged<Workflow>> {
        let page = PageArguments { first, after, last, before }.read::<Cursor>()?;
        let filter: workflows::Filter = filter.map(Into::into).unwrap_or_default();
        let order = order_by.map(Into::into).unwrap_or_default();
        fresh(context, at_least).await?;
        let tenant = tenant(context)?;
        let mut rows = reading(context).await?;
        let page = asked(context, workflows::list(tenant, &mut rows, &filter, order, &page).await)?;
        Ok(connection::<_, Cursor, _>(page, Total::Workflows(filter), Workflow))
    }

    #[graphql(guard = "Can::new(Action::ReadWorkflow)")]
    async fn workflow(&self, context: &Context<'_>, id: ID, at_least: Option<Position>) -> Result<Option<Workflow>> {
        fresh(context, at_least).await?;
        match workflow_id(&id) {
            Some(id) => workflow(context, id).await,
            None => Ok(None),
        }
    }
}

#[derive(InputObject)]
struct CreateWorkflowInput {
    name: String,
    /// A Weft workflow file to begin with.
    file: Option<Json>,
}

#[derive(InputObject)]
struct PublishWorkflowInput {
    workflow_id: ID,
    /// The draft version that was looked at.
    draft_version: i32,
}

#[derive(InputObject)]
struct WorkflowInput {
    workflow_id: ID,
}

#[derive(SimpleObject)]
struct CreateWorkflowPayload {
    workflow: Option<Workflow>,
    position: Option<Position>,
    errors: Vec<UserError>,
}

#[derive(SimpleObject)]
struct EditWorkflowPayload {
    workflow: Option<Workflow>,
    /// The draft version after the edits.
    version: Option<i32>,
    position: Option<Position>,
    errors: Vec<UserError>,
}

#[derive(SimpleObject)]
struct PublishWorkflowPayload {
    workflow: Option<Workflow>,
    position: Option<Position>,
    errors: Vec<UserError>,
}

#[derive(SimpleObject)]
struct WorkflowPayload {
    workflow: Option<Workflow>,
    position: Option<Position>,
    errors: Vec<UserError>,
}

/// What every payload about a workflow holds.
struct Changed {
    workflow: Option<Workflow>,
    position: Option<Position>,
    errors: Vec<UserError>,
}

/// Tells what became of `id`, as the read side sees it after the command.
async fn changed(context: &Context<'_>, id: Option<WorkflowId>, outcome: Outcome<()>) -> Result<Changed> {
    let told = told(context, outcome, "workflow")?;
    fresh(context, told.position).await?;
    let workflow = match (id, told.value) {
        (Some(id), Some(())) => workflow(context, id).await?,
        _ => None,
    };
    Ok(Changed { workflow, position: told.position, errors: told.errors })
}

impl Changed {
    fn not_found() -> Self {
        Self { workflow: None, position: None, errors: vec![UserError::not_found("workflow")] }
    }

    fn edited(self, version: Option<StreamVersion>) -> EditWorkflowPayload {
        let version = version.map(|version| version.0 as i32);
        EditWorkflowPayload { workflow: self.workflow, version, position: self.position, errors: self.errors }
    }

    fn plain(self) -> WorkflowPayload {
        WorkflowPayload { workflow: self.workflow, position: self.position, errors: self.errors }
    }
}

/// Sets the value aside, so that outcomes of every kind are told alike.
fn apart<T: Copy>(outcome: Outcome<T>) -> (Option<T>, Outcome<()>) {
    match outcome {
        Ok(Done { value, position }) => (Some(value), Ok(Done { value: (), position })),
        Err(refusal) => (None, Err(refusal)),
    }
}

#[derive(Default)]
pub(crate) struct WorkflowMutations;

#[Object]
impl WorkflowMutations {
    #[graphql(guard = "Can::new(Action::CreateWorkflow)")]
    async fn create_workflow(
        &self,
        context: &Context<'_>,
        input: CreateWorkflowInput,
    ) -> Result<CreateWorkflowPayload> {
        let file = input.file.map(|Json(file)| file);
        let (id, outcome) = apart(ports(context)?.commands.create_workflow(request(context)?, input.name, file).await);
        let Changed { workflow, position, errors } = changed(context, id, outcome).await?;
        Ok(CreateWorkflowPayload { workflow, position, errors })
    }

    #[graphql(guard = "Can::new(Action::EditWorkflow)")]
    async fn edit_workflow(&self, context: &Context<'_>, input: EditWorkflowInput) -> Result<EditWorkflowPayload> {
        let edits = match input.read() {
            Ok(Some(edits)) => edits,
            Ok(None) => return Ok(Changed::not_found().edited(None)),
            Err(error) => return Ok(Changed { workflow: None, position: None, errors: vec![error] }.edited(None)),
        };
        let id = edits.workflow;
        let (version, outcome) = apart(ports(context)?.commands.edit_workflow(request(context)?, edits).await);
        Ok(changed(context, Some(id), outcome).await?.edited(version))
    }

    #[graphql(guard = "Can::new(Action::EditWorkflow)")]
    async fn undo_edit(&self, context: &Context<'_>, input: UndoEditInput) -> Result<EditWorkflowPayload> {
        let Some(id) = workflow_id(&input.workflow_id) else { return Ok(Changed::not_found().edited(None)) };
        let (version, outcome) = apart(ports(context)?.commands.undo_edit(request(context)?, id).await);
        Ok(changed(context, Some(id), outcome).await?.edited(version))
    }

    #[graphql(guard = "Can::new(Action::EditWorkflow)")]
    async fn redo_edit(&self, context: &Context<'_>, input: UndoEditInput) -> Result<EditWorkflowPayload> {
        let Some(id) = workflow_id(&input.workflow_id) else { return Ok(Changed::not_found().edited(None)) };
        let (version, outcome) = apart(ports(context)?.commands.redo_edit(request(context)?, id).await);
        Ok(changed(context, Some(id), outcome).await?.edited(version))
    }

    #[graphql(guard = "Can::new(Action::PublishWorkflow)")]
    async fn publish_workflow(
        &self,
        context: &Context<'_>,
        input: PublishWorkflowInput,
    ) -> Result<PublishWorkflowPayload> {
        let (Some(id), Ok(draft)) = (workflow_id(&input.workflow_id), u32::try_from(input.draft_version)) else {
            let Changed { workflow, position, errors } = Changed::not_found();
            return Ok(PublishWorkflowPayload { workflow, position, errors });
        };
        let commands = &ports(context)?.commands;
        let (_, outcome) = apart(commands.publish_workflow(request(context)?, id, StreamVersion(draft)).await);
        let Changed { workflow, position, errors } = changed(context, Some(id), outcome).await?;
        Ok(PublishWorkflowPayload { workflow, position, errors })
    }

    #[graphql(guard = "Can::new(Action::ActivateWorkflow)")]
    async fn deactivate_workflow(&self, context: &Context<'_>, input: WorkflowInput) -> Result<WorkflowPayload> {
        let Some(id) = workflow_id(&input.workflow_id) else { return Ok(Changed::not_found().plain()) };
        let outcome = ports(context)?.commands.deactivate_workflow(request(context)?, id).await;
        Ok(changed(context, Some(id), outcome).await?.plain())
    }

    #[graphql(guard = "Can::new(Action::ActivateWorkflow)")]
    async fn activate_workflow(&self, context: &Context<'_>, input: WorkflowInput) -> Result<WorkflowPayload> {
        let Some(id) = workflow_id(&input.workflow_id) else { return Ok(Changed::not_found().plain()) };
        let outcome = ports(context)?.commands.activate_workflow(request(context)?, id).await;
        Ok(changed(context, Some(id), outcome).await?.plain())
    }

    #[graphql(guard = "Can::new(Action::ArchiveWorkflow)")]
    async fn archive_workflow(&self, context: &Context<'_>, input: WorkflowInput) -> Result<WorkflowPayload> {
        let Some(id) = workflow_id(&input.workflow_id) else { return Ok(Changed::not_found().plain()) };
        let outcome = ports(context)?.commands.archive_workflow(request(context)?, id).await;
        Ok(changed(context, Some(id), outcome).await?.plain())
    }
}
