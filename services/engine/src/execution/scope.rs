//! What an expression sees: a step at one of its items.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use weft_expressions::{EvaluationError, NodeFault, Nth, Previous, Scope};
use weft_nodes::Step;
use weft_value::{Item, Object, Value};

use super::schedule::Items;
use super::view::StepView;

/// A step at one of its items, as an expression sees it.
pub(super) struct AtItem<'a> {
    pub(super) step: &'a StepView,
    pub(super) item: usize,
    /// Names that its kind adds.
    pub(super) globals: Option<&'a Object>,
}

impl Scope for AtItem<'_> {
    fn items(&self) -> &[Item] {
        self.step.input(self.step.main_input())
    }

    fn item_index(&self) -> usize {
        self.item
    }

    fn items_before(&self) -> usize {
        self.step.before
    }

    fn now(&self) -> Timestamp {
        self.step.now
    }

    fn time_zone(&self) -> &TimeZone {
        &self.step.info.time_zone
    }

    fn node_items(&self, node: &str, output: Option<usize>, run: Option<usize>) -> Result<Items, NodeFault> {
        self.step.items_of(node, output, run)
    }

    fn node_item(
        &self,
        node: &str,
        output: Option<usize>,
        run: Option<usize>,
        which: Nth,
    ) -> Result<Option<Item>, NodeFault> {
        self.step.item_of(node, output, run, which)
    }

    fn linked_item(&self, node: &str, item: usize) -> Result<Item, NodeFault> {
        self.step.linked(node, item)
    }

    fn is_executed(&self, node: &str) -> Result<bool, NodeFault> {
        Ok(!self.step.schedule.runs(self.step.number(node)?).is_empty())
    }

    fn run_index(&self) -> usize {
        self.step.iteration as usize
    }

    fn node_run_index(&self, node: &str) -> Result<Option<usize>, NodeFault> {
        Ok(self.step.schedule.runs(self.step.number(node)?).len().checked_sub(1))
    }

    fn node_parameters(&self, node: &str) -> Result<Value, NodeFault> {
        Ok(self.step.plan.nodes[self.step.number(node)?].parameters.clone())
    }

    fn node_context(&self, node: &str) -> Result<Value, NodeFault> {
        let run = self.step.schedule.runs(self.step.number(node)?).last();
        Ok(run.and_then(|run| run.context.clone()).unwrap_or_else(Value::empty_object))
    }

    fn previous(&self) -> Option<Previous<'_>> {
        self.step.previous()
    }

    fn workflow(&self) -> Value {
        self.step.workflow_value()
    }

    fn execution(&self) -> Value {
        self.step.execution_value()
    }

    fn variables(&self) -> Value {
        self.step.info.variables.clone()
    }

    fn environment(&self) -> Value {
        self.step.info.environment.clone()
    }

    fn parameters(&self) -> Value {
        self.step.node().parameters.clone()
    }

    fn global(&self, name: &str) -> Option<Value> {
        if let Some(value) = self.globals.and_then(|globals| globals.get(name)) {
            return Some(value.clone());
        }
        let node = self.step.node();
        match name {
            "$nodeId" => Some(Value::from(node.id.to_string())),
            "$nodeVersion" => node.kind.rsplit_once('@')?.1.parse().ok().map(Value::Number),
            _ => None,
        }
    }

    fn run_code(&self, body: &str) -> Option<Result<Value, EvaluationError>> {
        self.step.run_block(body, self.item, self.globals)
    }

    fn random_seed(&self) -> u64 {
        crate::clock::mixed(self.step.seed, (self.step.before + self.item) as u64)
    }
}
