//! What a step sees: its inputs, and the rest of the execution through expressions.

use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use weft_code_runner_client::Keepsake;
use weft_expressions::{Budget, NodeFault, Nth, Previous, Template};
use weft_model::execution::{ExecutedVersion, ExecutionMode, Parent};
use weft_model::{CorrelationId, ExecutionId, NodeId, OnError, TenantId, WorkflowId};
use weft_nodes::{NodeError, Portion, Step};
use weft_value::{Item, Object, Value};

use super::blocks::Blocks;
use super::kept::Kept;
use super::list::List;
use super::lists::Lists;
use super::origins::unreadable;
use super::recorder::Room;
use super::schedule::{Items, Run, Schedule, Task};
use super::scope::AtItem;
use super::signal::{CallEnd, Resumed};
use crate::clock::Clock;
use crate::plan::Plan;

/// What stays the same for a whole execution.
#[derive(Clone, Debug)]
pub struct ExecutionInfo {
    /// The tenant.
    pub tenant: TenantId,
    /// The execution.
    pub execution: ExecutionId,
    /// The workflow.
    pub workflow: WorkflowId,
    /// The version.
    pub version: ExecutedVersion,
    /// Who asked for it.
    pub mode: ExecutionMode,
    /// What caused it.
    pub correlation: CorrelationId,
    /// The node that started it.
    pub trigger: NodeId,
    /// The seed of all randomness in it.
    pub seed: u64,
    /// The time zone.
    pub time_zone: TimeZone,
    /// `$vars`.
    pub variables: Value,
    /// `$env`.
    pub environment: Value,
    /// The step of another execution that asked for it.
    pub parent: Option<Parent>,
    /// `$execution.resumeUrl`: what is called to let it go on; nothing where nobody can call.
    pub resume_url: Option<Arc<str>>,
    /// `$execution.resumeFormUrl`: where the pages that it waits for are filled in; nothing where nobody can call.
    pub form_url: Option<Arc<str>>,
    /// The workflow that is executed when this execution fails.
    pub error_workflow: Option<WorkflowId>,
}

impl ExecutionInfo {
    /// Whether pinned items stand in for what nodes give: in what a person executes in the editor, not in what that calls.
    pub(crate) fn uses_pinned(&self) -> bool {
        self.mode == ExecutionMode::Manual && self.parent.is_none()
    }
}

/// One step, as its node sees it. Owned, so that code in another process can ask it while the step lasts.
#[derive(Clone)]
pub struct StepView {
    /// The execution.
    pub info: Arc<ExecutionInfo>,
    /// The compiled workflow.
    pub plan: Arc<Plan>,
    /// What was executed so far.
    pub schedule: Arc<Schedule>,
    /// The node and its inputs.
    pub task: Task,
    /// The items of each input, which are in memory as long as the step lasts.
    pub(super) inputs: Vec<Option<Items>>,
    /// Which time the node runs, from 0.
    pub iteration: u32,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// `$now`: when the step began.
    pub now: Timestamp,
    /// The seed of this step's randomness.
    pub seed: u64,
    /// How many bytes of items the execution may still make.
    pub room: Room,
    /// What code of the execution keeps.
    pub kept: Kept,
    /// What a step waits by that cannot go on yet; its own time is `now`.
    pub(crate) clock: Arc<dyn Clock>,
    /// Whether the step waited for a moment or a signal, and how that ended.
    pub resumed: Resumed,
    /// What came of the executions that the step asked for, in the order in which it did.
    pub calls: Arc<Vec<CallEnd>>,
    /// How many items of the first input came before those that the step sees.
    pub(crate) before: usize,
    /// Where long lists of earlier steps are.
    pub(crate) lists: Lists,
    /// What executes blocks of expressions that are beyond the expression language.
    pub(crate) blocks: Blocks,
}

impl StepView {
    /// The planned node.
    pub fn node(&self) -> &crate::plan::PlanNode {
        &self.plan.nodes[self.task.node]
    }

    /// `$workflow`.
    pub fn workflow_value(&self) -> Value {
        let active = matches!(self.info.version, ExecutedVersion::Published(_));
        let object: Object = [
            ("id", Value::from(self.info.workflow.to_string())),
            ("name", Value::from(self.plan.workflow_name.as_str())),
            ("active", Value::Bool(active)),
        ]
        .into_iter()
        .collect();
        object.into()
    }

    /// `$execution`.
    pub fn execution_value(&self) -> Value {
        let mode = if self.info.mode == ExecutionMode::Production { "production" } else { "test" };
        let mut object: Object = [
            ("id", Value::from(self.info.execution.to_string())),
            ("mode", mode.into()),
            ("customData", self.kept.get(Keepsake::CustomData, self.node().id)),
        ]
        .into_iter()
        .collect();
        for (name, url) in [("resumeUrl", &self.info.resume_url), ("resumeFormUrl", &self.info.form_url)] {
            if let Some(url) = url {
                object.insert(name, &**url);
            }
        }
        object.into()
    }

    /// `$prevNode`.
    pub fn previous_value(&self) -> Value {
        let Some(previous) = self.previous() else { return Value::Undefined };
        let object: Object = [
            ("name", Value::from(previous.name)),
            ("outputIndex", Value::Number(previous.output as f64)),
            ("runIndex", Value::Number(previous.run as f64)),
        ]
        .into_iter()
        .collect();
        object.into()
    }

    pub(super) fn previous(&self) -> Option<Previous<'_>> {
        let source = self.task.inputs.iter().flatten().find_map(|delivery| delivery.source)?;
        let name = &self.plan.node(source.node)?.name;
        Some(Previous { name, output: usize::from(source.port), run: source.iteration as usize })
    }

    pub(super) fn number(&self, node: &str) -> Result<usize, NodeFault> {
        self.plan.number_named(node).ok_or_else(|| NodeFault::Unknown(node.to_owned()))
    }

    fn run_of(&self, node: &str, run: Option<usize>) -> Result<(usize, &Run), NodeFault> {
        let number = self.number(node)?;
        let runs = self.schedule.runs(number);
        let found = run.map_or_else(|| runs.last(), |run| runs.get(run));
        found.map(|run| (number, run)).ok_or_else(|| NodeFault::NotExecuted(node.to_owned()))
    }

    /// What `node` put out. Without an output, the one that leads here is meant.
    pub fn items_of(&self, node: &str, output: Option<usize>, run: Option<usize>) -> Result<Items, NodeFault> {
        let (number, run) = self.run_of(node, run)?;
        let output = output.unwrap_or_else(|| self.output_that_leads_here(number));
        run.outputs.get(output).map_or_else(|| Ok(Items::default()), |list| self.whole(list)).map_err(unreadable(node))
    }

    /// One item of what `node` put out.
    pub(super) fn item_of(
        &self,
        node: &str,
        output: Option<usize>,
        run: Option<usize>,
        nth: Nth,
    ) -> Result<Option<Item>, NodeFault> {
        let (number, run) = self.run_of(node, run)?;
        let output = output.unwrap_or_else(|| self.output_that_leads_here(number));
        let Some(list) = run.outputs.get(output) else { return Ok(None) };
        let Some(place) = nth.place(list.len()) else { return Ok(None) };
        self.lists.item(list, place).map_err(unreadable(node))
    }

    fn whole(&self, list: &List) -> Result<Items, NodeError> {
        self.lists.whole(list, self.room.limit())
    }

    /// The output of `from` from which the current node is reached, by the shortest way; 0 where there is none.
    fn output_that_leads_here(&self, from: usize) -> usize {
        let mut seen = vec![false; self.plan.nodes.len()];
        let mut frontier = std::collections::VecDeque::from([self.task.node]);
        while let Some(node) = frontier.pop_front() {
            for (source, output) in self.plan.nodes[node].incoming.iter().flatten() {
                if *source == from {
                    return *output;
                }
                if !std::mem::replace(&mut seen[*source], true) {
                    frontier.push_back(*source);
                }
            }
        }
        0
    }

    pub(super) fn main_input(&self) -> usize {
        self.task.main_input(&self.plan)
    }
}

impl Step for StepView {
    fn input(&self, port: usize) -> &[Item] {
        self.inputs.get(port).and_then(Option::as_ref).map_or(&[], |items| items.as_slice())
    }

    fn shared_input(&self, port: usize) -> Items {
        self.inputs.get(port).cloned().flatten().unwrap_or_default()
    }

    fn items_before(&self) -> usize {
        self.before
    }

    fn is_connected(&self, port: usize) -> bool {
        self.task.inputs.get(port).is_some_and(Option::is_some)
    }

    fn input_count(&self) -> usize {
        self.node().inputs.max(self.task.inputs.len())
    }

    fn evaluate(&self, template: &Template, item: usize) -> Result<Value, NodeError> {
        Ok(template.evaluate(&AtItem { step: self, item, globals: None }, &mut Budget::default())?)
    }

    fn evaluate_with(&self, template: &Template, item: usize, globals: &Object) -> Result<Value, NodeError> {
        Ok(template.evaluate(&AtItem { step: self, item, globals: Some(globals) }, &mut Budget::default())?)
    }

    fn time_zone(&self) -> &TimeZone {
        &self.info.time_zone
    }

    fn now(&self) -> Timestamp {
        self.now
    }

    fn seed(&self) -> u64 {
        self.seed
    }

    fn carries_on(&self) -> bool {
        self.node().on_error != OnError::Stop
    }

    fn iteration(&self) -> u32 {
        self.iteration
    }

    fn portion(&self, iteration: u32, port: usize, places: Range<usize>) -> Result<Portion, NodeError> {
        let (delivery, source) = if iteration == self.iteration {
            let delivery = self.task.inputs.get(port).and_then(Option::as_ref);
            (delivery, delivery.and_then(|delivery| delivery.source))
        } else {
            let run = self.schedule.runs(self.task.node).get(iteration as usize);
            (None, run.and_then(|run| run.sources.get(port).copied().flatten()))
        };
        let given = source.and_then(|source| self.place(source, 0)).and_then(|place| self.list_at(place));
        // Of a long list, the step has the first item alone.
        let delivered = delivery.map(|delivery| &delivery.items).filter(|_| !matches!(given, Some(List::Stored(_))));
        let Some(list) = delivered.or(given) else { return Ok(Portion::default()) };
        let of = if self.node().execute_once { list.len().min(1) } else { list.len() };
        let places = places.start.min(of)..places.end.min(of);
        Ok(Portion { items: self.lists.portion(list, places)?, of })
    }

    fn context(&self) -> &Value {
        const NONE: &Value = &Value::Undefined;
        self.schedule.runs(self.task.node).last().and_then(|run| run.context.as_ref()).unwrap_or(NONE)
    }
}
