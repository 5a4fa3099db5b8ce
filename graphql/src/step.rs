//! Steps.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use weft_model::ExecutionId;
use weft_model::execution::{Awaited, Part, Source};
use weft_model::workflow::Definition;
use weft_projections::executions::StepRow;
use weft_tenants::Action;

use crate::execution::{Execution, ExecutionError, execution, kind_name};
use crate::fault::refused;
use crate::guard::{Can, may};
use crate::id::plain;
use crate::items::{self, ItemPage, Place, Span};
use crate::scalars::DateTime;

/// How a step stands.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "weft_projections::executions::StepStatus")]
pub(crate) enum StepStatus {
    /// It is at work.
    Running,
    /// It waits for a moment or a signal.
    Waiting,
    /// It gave items.
    Succeeded,
    /// It gave an error.
    Failed,
    /// The execution was ended before it ended.
    Cancelled,
    /// Its process died; nobody knows how it ended.
    Unknown,
}

/// One attempt of one iteration of one node.
pub(crate) struct Step {
    execution: ExecutionId,
    row: StepRow,
    definition: Option<Arc<Definition>>,
    /// Where the items of each input are.
    inputs: Vec<Option<Place>>,
}

/// The most steps in one answer.
pub(crate) const MAX_STEPS: i32 = 1000;

/// The cost of a list of steps: as many as there may be, each with its fields.
pub(crate) fn cost(first: i32, last: Option<i32>, child: usize) -> usize {
    1 + last.unwrap_or(first).clamp(1, MAX_STEPS) as usize * child
}

/// Which steps of an execution are asked for.
pub(crate) struct Wanted {
    pub node: Option<ID>,
    pub step: Option<ID>,
    pub first: i32,
    pub after: Option<ID>,
    pub last: Option<i32>,
}

impl Wanted {
    /// Refuses more steps than one answer may hold.
    pub(crate) fn checked(self) -> Result<Self> {
        let limit = self.last.unwrap_or(self.first);
        if (0..=MAX_STEPS).contains(&limit) {
            return Ok(self);
        }
        Err(refused("BAD_PAGE", format!("first and last must be between 0 and {MAX_STEPS}; this is {limit}.")))
    }

    fn of(&self, execution: ExecutionId, steps: &[StepRow]) -> Vec<StepRow> {
        let is = |wanted: &ID, step: &StepRow| *wanted == step_id(execution, step);
        let begin = self.after.as_ref().map_or(0, |after| {
            let at = steps.iter().position(|step| is(after, step));
            at.map_or(steps.len(), |at| at + 1)
        });
        let mut found: Vec<_> = steps[begin..]
            .iter()
            .filter(|step| self.node.as_ref().is_none_or(|id| id.as_str() == step.step.node.to_string()))
            .filter(|step| self.step.as_ref().is_none_or(|id| is(id, step)))
            .cloned()
            .collect();
        match self.last {
            Some(last) => found.drain(..found.len().saturating_sub(last as usize)).for_each(drop),
            None => found.truncate(self.first as usize),
        }
        found
    }
}

fn step_id(execution: ExecutionId, row: &StepRow) -> ID {
    let step = row.step;
    ID(STANDARD.encode(format!("Step:{execution}:{}:{}:{}", step.node, step.iteration, step.attempt)))
}

impl Step {
    /// The steps of an execution that are asked for.
    pub(crate) fn all(
        execution: ExecutionId,
        steps: &[StepRow],
        definition: Option<&Arc<Definition>>,
        wanted: &Wanted,
    ) -> Vec<Self> {
        let step = |row: StepRow| Self {
            execution,
            inputs: row.sources.iter().map(|source| place_of(steps, source.as_ref()?)).collect(),
            row,
            definition: definition.cloned(),
        };
        wanted.of(execution, steps).into_iter().map(step).collect()
    }
}

/// Where the items are that a source names: with the step that gave them.
fn place_of(steps: &[StepRow], source: &Source) -> Option<Place> {
    let gave = |step: &&StepRow| {
        step.step.node == source.node && step.step.iteration == source.iteration && !step.output.is_empty()
    };
    let step = steps.iter().rfind(gave)?;
    place(step, *step.output.get(usize::from(source.port))?)
}

fn place(step: &StepRow, part: Part) -> Option<Place> {
    Some(Place { payload: step.payload?, part })
}

/// What one node did, once: one attempt of one iteration.
#[Object]
impl Step {
    async fn id(&self) -> ID {
        step_id(self.execution, &self.row)
    }

    async fn node_id(&self) -> ID {
        plain(self.row.step.node)
    }

    async fn node_name(&self) -> String {
        let node = self.row.step.node;
        let named = self.definition.as_ref().and_then(|definition| definition.graph.nodes.get(&node));
        named.map_or_else(|| node.to_string(), |node| node.name.clone())
    }

    async fn kind(&self) -> String {
        kind_name(&self.row.kind)
    }

    /// Which time the node ran, from 0.
    async fn iteration(&self) -> i32 {
        self.row.step.iteration as i32
    }

    /// Which attempt, from 1.
    async fn attempt(&self) -> i32 {
        self.row.step.attempt as i32
    }

    async fn status(&self) -> StepStatus {
        self.row.status.into()
    }

    async fn started_at(&self) -> Option<DateTime> {
        self.row.started_at.map(Into::into)
    }

    async fn finished_at(&self) -> Option<DateTime> {
        self.row.finished_at.map(Into::into)
    }

    async fn duration_ms(&self) -> Option<i32> {
        self.row.duration_us.map(|us| i32::try_from(us.div_ceil(1000)).unwrap_or(i32::MAX))
    }

    /// How long code of the tenant ran in it, in milliseconds.
    async fn code_ms(&self) -> Option<i32> {
        self.row.code_ms.map(|ms| i32::try_from(ms).unwrap_or(i32::MAX))
    }

    /// When it goes on at the latest, while it waits; when the next attempt begins, where it failed.
    async fn until(&self) -> Option<DateTime> {
        self.row.until.map(Into::into)
    }

    /// What it waits for, where that is not a moment.
    async fn waits_for(&self) -> Option<WaitsFor> {
        self.row
            .awaited
            .filter(|_| self.row.status == weft_projections::executions::StepStatus::Waiting)
            .map(Into::into)
    }

    /// The earlier execution that executed it: where it was not executed again, since nothing had changed for it.
    async fn reused_from(&self, context: &Context<'_>) -> Result<Option<Execution>> {
        match self.row.reused_from {
            Some(id) => execution(context, id).await,
            None => Ok(None),
        }
    }

    /// The execution whose end it waits for.
    async fn awaited_execution(&self, context: &Context<'_>) -> Result<Option<Execution>> {
        match self.row.awaited {
            Some(Awaited::Execution { execution: id }) => execution(context, id).await,
            Some(Awaited::Call) | None => Ok(None),
        }
    }

    async fn input_counts(&self) -> Vec<i32> {
        self.row.input_counts.iter().map(|count| *count as i32).collect()
    }

    async fn output_counts(&self) -> Vec<i32> {
        self.row.output.iter().map(|part| part.count as i32).collect()
    }

    async fn error(&self) -> Option<ExecutionError> {
        self.row.error.as_ref().map(|error| ExecutionError::of(error, self.definition.as_deref()))
    }

    /// The items that came in, paged.
    #[graphql(
        guard = "Can::new(Action::ReadItems)",
        complexity = "crate::limits::page(Some(first), None, child_complexity)"
    )]
    async fn input(
        &self,
        context: &Context<'_>,
        #[graphql(default = 0)] port: i32,
        #[graphql(default = 50)] first: i32,
        after: Option<i32>,
    ) -> Result<Option<ItemPage>> {
        let place = usize::try_from(port).ok().and_then(|port| *self.inputs.get(port)?);
        items::page(context, place, Span::new(first, after)?).await
    }

    /// The items that it gave, paged.
    #[graphql(
        guard = "Can::new(Action::ReadItems)",
        complexity = "crate::limits::page(Some(first), None, child_complexity)"
    )]
    async fn output(
        &self,
        context: &Context<'_>,
        #[graphql(default = 0)] port: i32,
        #[graphql(default = 50)] first: i32,
        after: Option<i32>,
    ) -> Result<Option<ItemPage>> {
        let list = usize::try_from(port).ok().and_then(|port| self.row.output.get(port));
        let place = list.and_then(|list| place(&self.row, *list));
        items::page(context, place, Span::new(first, after)?).await
    }

    /// What the code of this step printed; nothing for those who may not see items.
    async fn log(&self, context: &Context<'_>) -> Result<Vec<LogLine>> {
        let place = self.row.log.and_then(|part| place(&self.row, part));
        if !may(context, Action::ReadItems) {
            return Ok(Vec::new());
        }
        items::lines(context, place).await
    }
}

/// What a step waits for that is not a moment.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
enum WaitsFor {
    /// The end of another execution.
    Execution,
    /// A call of the address of the execution.
    Call,
}

impl From<Awaited> for WaitsFor {
    fn from(awaited: Awaited) -> Self {
        match awaited {
            Awaited::Execution { .. } => Self::Execution,
            Awaited::Call => Self::Call,
        }
    }
}

/// One line that code printed.
#[derive(SimpleObject)]
pub(crate) struct LogLine {
    pub level: String,
    pub text: String,
}
