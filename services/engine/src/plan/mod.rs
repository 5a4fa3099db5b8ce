//! A version of a workflow, compiled once and executed many times.

mod compile;
mod keys;
mod node;
mod pages;
mod routes;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use jiff::tz::TimeZone;
use weft_model::execution::ExecutedVersion;
use weft_model::{Callers, ErrorWorkflow, ExecutionOrder, NodeId, Priority};
use weft_nodes::Severity;

use crate::action::Trigger;
use crate::{Problem, Returns};

pub use compile::{compile, digest};
pub(crate) use keys::Beginning;
use keys::Keys;
pub use node::{PlanNode, PlanStep, Successor};

/// A graph with its kinds resolved and its expressions compiled.
pub struct Plan {
    /// The workflow's name.
    pub workflow_name: String,
    /// The version.
    pub version: ExecutedVersion,
    /// The nodes, in the graph's order; a place in this list is a node's number.
    pub nodes: Vec<PlanNode>,
    /// The order of branches.
    pub order: ExecutionOrder,
    /// The time zone, where the workflow names one.
    pub time_zone: Option<TimeZone>,
    /// The most steps of one execution, where the workflow names it.
    pub max_steps: Option<u32>,
    /// The longest an execution may take, in seconds.
    pub timeout_seconds: Option<u64>,
    /// The longest an execution may be queued or wait.
    pub max_wait: Option<Duration>,
    /// How long items are kept, where the workflow says so.
    pub retention: Option<Duration>,
    /// How soon an execution gets its turn.
    pub priority: Priority,
    /// Which workflows may execute it.
    pub callers: Callers,
    /// Which workflow is told of executions that fail.
    pub error_workflow: ErrorWorkflow,
    /// What is wrong with it. A plan with errors can be executed by hand: a broken node fails when it is reached.
    pub problems: Vec<Problem>,
    /// Identifies the graph that was checked: SHA-256 in hexadecimal.
    pub digest: String,
    keys: Keys,
    by_id: HashMap<NodeId, usize>,
    by_name: HashMap<String, usize>,
}

impl Plan {
    /// The number of the node with this id.
    pub fn number_of(&self, node: NodeId) -> Option<usize> {
        self.by_id.get(&node).copied()
    }

    /// The number of the node with this name.
    pub fn number_named(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// The node with this id.
    pub fn node(&self, node: NodeId) -> Option<&PlanNode> {
        self.number_of(node).and_then(|number| self.nodes.get(number))
    }

    /// Whether it may be published.
    pub fn is_publishable(&self) -> bool {
        self.problems.iter().all(|problem| problem.severity != Severity::Error)
    }

    /// What an execution that `trigger` started gives whoever called it.
    pub(crate) fn returns(&self, trigger: NodeId) -> Returns {
        match self.node(trigger).map(|node| &node.step) {
            Some(PlanStep::Trigger(Trigger::Called(trigger))) => trigger.returns(),
            _ => Returns::default(),
        }
    }

    /// The node that starts it when an execution failed.
    pub(crate) fn error_trigger(&self) -> Option<NodeId> {
        self.triggers().find(|node| matches!(node.step, PlanStep::Trigger(Trigger::Failure))).map(|node| node.id)
    }

    /// The nodes that can start it and from which a path leads to `until`.
    pub fn triggers_of(&self, until: NodeId) -> Vec<NodeId> {
        let Some(until) = self.number_of(until) else { return Vec::new() };
        let leads = crate::execution::leading_to(self, until);
        let leading = self.nodes.iter().zip(leads).filter(|(_, leads)| *leads).map(|(node, _)| node);
        leading.filter(|node| node.is_trigger && !node.disabled).map(|node| node.id).collect()
    }

    /// The nodes that may have their turn in an execution that `trigger` starts: those that a path leads to from there, and, where
    /// it ends at `until`, from which one leads on to that.
    pub fn reached(&self, trigger: NodeId, until: Option<NodeId>) -> HashSet<NodeId> {
        let leads =
            until.and_then(|until| self.number_of(until)).map(|until| crate::execution::leading_to(self, until));
        let may_follow = |node: usize| leads.as_ref().is_none_or(|leads| leads[node]);
        let (mut open, mut seen) = (Vec::from_iter(self.number_of(trigger)), vec![false; self.nodes.len()]);
        let mut reached = HashSet::new();
        while let Some(node) = open.pop() {
            if may_follow(node) && !std::mem::replace(&mut seen[node], true) {
                reached.insert(self.nodes[node].id);
                open.extend(self.nodes[node].successors.iter().map(|successor| successor.node));
            }
        }
        reached
    }

    /// The nodes that can start it.
    pub fn triggers(&self) -> impl Iterator<Item = &PlanNode> {
        self.nodes.iter().filter(|node| node.is_trigger && !node.disabled)
    }
}
