//! Subscriptions: what was recorded after a cursor, then what is recorded from now on, without a gap between the two.

mod follow;
mod hub;

use std::sync::Arc;

use async_graphql::{Context, ID, Result, SimpleObject, Subscription};
use futures_util::{Stream, StreamExt, stream};
use weft_model::execution::{ExecutionEvent as Happened, StepKey};
use weft_model::workflow::WorkflowEvent;
use weft_model::{Actor, Event, ExecutionId, StreamId, WorkflowId};
use weft_tenants::Action;

use crate::execution::Execution;
use crate::fault::refused;
use crate::guard::{Can, may};
use crate::id::{execution_id, global, plain, workflow_id};
use crate::member::{Member, member};
use crate::ports::LiveEvent;
use crate::scalars::{DateTime, Json, Position};
use crate::session::{state, tenant};
use crate::step::StepStatus;

pub(crate) use follow::Start;
pub(crate) use hub::Hubs;
#[cfg(test)]
pub(crate) use hub::LOOK_AGAIN;

/// An event of an execution. `type` is the frozen wire name, `execution.step_succeeded` for instance; `data` its fields.
/// `position` is the resume cursor.
#[derive(SimpleObject)]
pub(crate) struct ExecutionEvent {
    position: Position,
    at: DateTime,
    #[graphql(name = "type")]
    wire_type: &'static str,
    execution_id: ID,
    node_id: Option<ID>,
    iteration: Option<i32>,
    attempt: Option<i32>,
    status: Option<StepStatus>,
    output_counts: Option<Vec<i32>>,
    data: Json,
}

impl ExecutionEvent {
    pub(crate) fn of(live: &LiveEvent) -> Option<Self> {
        let Event::Execution(event) = &live.event else { return None };
        let step = step_of(event);
        let output = match event {
            Happened::StepSucceeded { output, .. } | Happened::Queued { output, .. } => Some(output),
            _ => None,
        };
        Some(Self {
            position: live.position.into(),
            at: live.at.into(),
            wire_type: live.event.wire_type(),
            execution_id: global(ExecutionId(live.stream.0)),
            node_id: step.map(|step| plain(step.node)),
            iteration: step.map(|step| step.iteration as i32),
            attempt: step.map(|step| step.attempt as i32),
            status: status_of(event),
            output_counts: output.map(|parts| parts.iter().map(|part| part.count as i32).collect()),
            data: fields(&live.event),
        })
    }
}

/// The fields of an event as JSON.
fn fields(event: &Event) -> Json {
    Json(serde_json::from_slice(&event.encode()).unwrap_or_default())
}

/// The fields of a workflow's event without the items that are pinned in it: `pinned` of a new workflow's graph, `items` of a
/// change that pins some.
fn without_items(mut data: serde_json::Value) -> serde_json::Value {
    if let Some(serde_json::Value::Object(graph)) = data.pointer_mut("/definition/graph") {
        graph.remove("pinned");
    }
    let changes = data.get_mut("changes").and_then(serde_json::Value::as_array_mut);
    for change in changes.into_iter().flatten() {
        if let Some(serde_json::Value::Object(pinned)) = change.get_mut("itemsPinned") {
            pinned.remove("items");
        }
    }
    data
}

fn step_of(event: &Happened) -> Option<StepKey> {
    match event {
        Happened::StepStarted { step, .. }
        | Happened::StepSucceeded { step, .. }
        | Happened::StepReused { step, .. }
        | Happened::StepFailed { step, .. }
        | Happened::StepOutcomeUnknown { step, .. }
        | Happened::StepWaiting { step, .. }
        | Happened::StepAwaits { step, .. }
        | Happened::StepSignalled { step, .. }
        | Happened::StepResumed { step, .. } => Some(*step),
        // The trigger's step is over when the execution is queued.
        Happened::Queued { trigger, .. } => Some(StepKey { node: *trigger, iteration: 0, attempt: 1 }),
        Happened::Started { .. }
        | Happened::Adopted { .. }
        | Happened::Succeeded { .. }
        | Happened::Failed { .. }
        | Happened::Cancelled { .. } => None,
    }
}

fn status_of(event: &Happened) -> Option<StepStatus> {
    match event {
        Happened::Queued { .. } | Happened::StepSucceeded { .. } | Happened::StepReused { .. } => {
            Some(StepStatus::Succeeded)
        }
        Happened::StepStarted { .. } | Happened::StepResumed { .. } | Happened::StepSignalled { .. } => {
            Some(StepStatus::Running)
        }
        Happened::StepWaiting { .. } | Happened::StepAwaits { .. } => Some(StepStatus::Waiting),
        Happened::StepFailed { .. } => Some(StepStatus::Failed),
        Happened::StepOutcomeUnknown { .. } => Some(StepStatus::Unknown),
        Happened::Started { .. }
        | Happened::Adopted { .. }
        | Happened::Succeeded { .. }
        | Happened::Failed { .. }
        | Happened::Cancelled { .. } => None,
    }
}

/// A change of a workflow.
struct WorkflowChange(Arc<LiveEvent>);

/// A change of a workflow. `position` is the resume cursor, `version` the `seen` of an edit that knows of it.
#[async_graphql::Object]
impl WorkflowChange {
    async fn position(&self) -> Position {
        self.0.position.into()
    }

    async fn at(&self) -> DateTime {
        self.0.at.into()
    }

    #[graphql(name = "type")]
    async fn wire_type(&self) -> &'static str {
        self.0.event.wire_type()
    }

    async fn version(&self) -> i32 {
        self.0.version.0 as i32
    }

    async fn actor(&self, context: &Context<'_>) -> Result<Option<Member>> {
        match self.0.actor {
            Actor::Member(id) => member(context, id).await,
            Actor::Identity(_) | Actor::System => Ok(None),
        }
    }

    async fn group_id(&self) -> Option<ID> {
        if let Event::Workflow(WorkflowEvent::Edited { group, .. }) = &self.0.event {
            Some(ID(group.to_string()))
        } else {
            None
        }
    }

    /// The fields of the event. Pinned items are left out for those who may not see items.
    async fn data(&self, context: &Context<'_>) -> Json {
        let data = fields(&self.0.event);
        if may(context, Action::ReadItems) { data } else { Json(without_items(data.0)) }
    }
}

/// An execution that changed.
#[derive(SimpleObject)]
struct ExecutionFeedEntry {
    position: Position,
    execution: Execution,
}

#[derive(Default)]
pub(crate) struct LiveSubscriptions;

#[Subscription]
impl LiveSubscriptions {
    /// Every event of one execution after `after` (from its beginning when left out): first those recorded, then live.
    #[graphql(guard = "Can::new(Action::ReadExecution)")]
    async fn execution_events(
        &self,
        context: &Context<'_>,
        execution_id: ID,
        after: Option<Position>,
    ) -> Result<impl Stream<Item = Result<Arc<ExecutionEvent>>> + use<>> {
        let id = self::execution_id(&execution_id).ok_or_else(not_found)?;
        let start = Start::AfterOrBeginning(after.map(|Position(position)| position));
        let events = one_stream(context, id.into(), start, |event| matches!(event, Event::Execution(_))).await?;
        Ok(events.filter_map(|told| std::future::ready(told.map(|told| told.execution_event()).transpose())))
    }

    /// Every change of one workflow after `after` (from now on when left out).
    #[graphql(guard = "Can::new(Action::ReadWorkflow)")]
    async fn workflow_changes(
        &self,
        context: &Context<'_>,
        workflow_id: ID,
        after: Option<Position>,
    ) -> Result<impl Stream<Item = Result<WorkflowChange>> + use<>> {
        let id = self::workflow_id(&workflow_id).ok_or_else(not_found)?;
        let start = Start::AfterOrNow(after.map(|Position(position)| position));
        let events = one_stream(context, id.into(), start, |event| matches!(event, Event::Workflow(_))).await?;
        Ok(events.map(|told| told.map(|told| WorkflowChange(Arc::clone(&told.live)))))
    }

    /// One message for every execution of the tenant that changes after `after` (from now on when left out). Several changes
    /// in a row come as one.
    #[graphql(guard = "Can::new(Action::ReadExecution)")]
    async fn execution_feed(
        &self,
        context: &Context<'_>,
        after: Option<Position>,
        workflow_id: Option<ID>,
    ) -> Result<impl Stream<Item = Result<ExecutionFeedEntry>> + use<>> {
        let of_workflow = workflow_id.map(|id| self::workflow_id(&id).ok_or_else(not_found)).transpose()?;
        let state = Arc::clone(state(context)?);
        let tenant = tenant(context)?;
        let start = Start::AfterOrNow(after.map(|Position(position)| position));
        let batches = follow::tenant(Arc::clone(&state), tenant, start);
        let entries = batches.flat_map(move |batch| {
            let state = Arc::clone(&state);
            stream::once(async move { follow::feed(&state, tenant, batch).await })
                .flat_map(move |changed| stream::iter(entries(changed, of_workflow)))
        });
        Ok(follow::until_error(entries))
    }
}

fn entries(
    changed: Result<Arc<Vec<hub::Changed>>>,
    of_workflow: Option<WorkflowId>,
) -> Vec<Result<ExecutionFeedEntry>> {
    let wanted = |changed: &&hub::Changed| of_workflow.is_none_or(|id| changed.row.workflow == id);
    let entry = |changed: &hub::Changed| ExecutionFeedEntry {
        position: changed.position.into(),
        execution: Execution(changed.row.clone()),
    };
    match changed {
        Ok(changed) => changed.iter().filter(wanted).map(|changed| Ok(entry(changed))).collect(),
        Err(error) => vec![Err(error)],
    }
}

fn not_found() -> async_graphql::Error {
    refused("NOT_FOUND", "There is nothing of this id here.")
}

/// The events of one aggregate. One that does not exist (in this tenant), or is of another kind, is refused. The log is asked and
/// not the read side, which may not know yet of what was made a moment ago.
async fn one_stream(
    context: &Context<'_>,
    stream: StreamId,
    start: Start,
    is_of_kind: fn(&Event) -> bool,
) -> Result<impl Stream<Item = Result<Arc<hub::Told>>> + use<>> {
    let state = Arc::clone(state(context)?);
    let tenant = tenant(context)?;
    let first = state.ports.events.read_stream(tenant, stream, weft_model::StreamVersion(0), 1).await;
    let (first, read_to) = first.map_err(|fault| crate::fault::mask(context, &fault))?;
    // A first event that this program cannot decode stands for a stream all the same.
    if read_to.0 == 0 || first.first().is_some_and(|first| !is_of_kind(&first.event)) {
        return Err(not_found());
    }
    Ok(follow::until_error(follow::stream(state, tenant, stream, start)))
}
