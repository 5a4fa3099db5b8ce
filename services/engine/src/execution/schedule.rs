//! Which step comes next: a pure state machine over a plan. Given the same outcomes it always gives the same steps, which is
//! what makes recovery possible: the recorded outcomes are fed to a fresh one.
//!
//! Steps of one execution are executed one after the other. Version 1 works depth first: what a node hands on goes on top of
//! the stack. Version 0 works breadth first, and insists on the inputs of a node that has several: an empty list is handed on
//! to every input but the first, and branches that nothing else will start are started with an empty item. In return a node
//! whose first input stays empty is not executed, unless it is part of a loop that comes back by another input.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use indexmap::IndexMap;
use weft_model::ExecutionOrder;
use weft_model::execution::Source;
use weft_nodes::NodeError;
use weft_value::{Item, MAX_DEPTH, Value};

use super::holdings::address;
use super::list::List;
use crate::plan::{Plan, Successor};

/// A list of items that is shared, never copied.
pub type Items = Arc<Vec<Item>>;

/// Whether the data of one of `items` is nested so deeply that what is recorded of it could not be read again.
pub(crate) fn is_deep(items: &[Item]) -> bool {
    items.iter().any(|item| item.json.is_deeper_than(MAX_DEPTH))
}

/// Items that reached an input.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The items.
    pub items: List,
    /// The output they came from; nothing for items that nobody handed on.
    pub source: Option<Source>,
}

/// A node that is to be executed, with what reached its inputs.
#[derive(Clone, Debug)]
pub struct Task {
    /// The number of the node.
    pub node: usize,
    /// One entry an input, up to the highest that has an edge.
    pub inputs: Vec<Option<Delivery>>,
}

impl Task {
    /// Where the items of each input came from.
    pub fn sources(&self) -> Vec<Option<Source>> {
        self.inputs.iter().map(|input| input.as_ref().and_then(|delivery| delivery.source)).collect()
    }

    /// Whether the items of an input are not in memory.
    pub(crate) fn is_stored(&self) -> bool {
        self.inputs.iter().flatten().any(|delivery| matches!(delivery.items, List::Stored(_)))
    }

    /// The items of each input, which have been loaded before.
    pub(crate) fn loaded(&self) -> Result<Vec<Option<Items>>, NodeError> {
        let of_input = |input: &Option<Delivery>| {
            input.as_ref().map(|delivery| delivery.items.loaded().map(Arc::clone)).transpose()
        };
        self.inputs.iter().map(of_input).collect()
    }

    /// Whether nothing reached the input whose items expressions see.
    pub fn lacks_items(&self, plan: &Plan) -> bool {
        !has_items(self.inputs.get(self.main_input(plan)).and_then(Option::as_ref))
    }

    /// The input whose items expressions see: the first, or the first that has any where the order of branches permits that
    /// one stays empty. Version 0 permits it in a loop: where nobody sent anything to the first input, an input to which the
    /// node's own items came back stands in for it.
    pub fn main_input(&self, plan: &Plan) -> usize {
        let mut inputs = self.inputs.iter().map(Option::as_ref);
        let stands_in = match plan.order {
            ExecutionOrder::V0 if is_sent(self.inputs.first().and_then(Option::as_ref)) => None,
            ExecutionOrder::V0 => inputs.position(|input| has_items(input) && self.came_back(plan, input)),
            ExecutionOrder::V1 => inputs.position(has_items),
        };
        stands_in.unwrap_or(0)
    }

    /// Whether what reached an input was made of what this node gave before.
    fn came_back(&self, plan: &Plan, input: Option<&Delivery>) -> bool {
        let source = input.and_then(|delivery| delivery.source);
        let from = source.and_then(|source| plan.number_of(source.node));
        from.is_some_and(|from| upstream(plan, from).contains(&self.node))
    }
}

fn has_items(input: Option<&Delivery>) -> bool {
    input.is_some_and(|delivery| !delivery.items.is_empty())
}

/// Whether somebody has sent something to an input, an empty list included.
fn is_sent(input: Option<&Delivery>) -> bool {
    input.is_some_and(|delivery| delivery.source.is_some() || !delivery.items.is_empty())
}

/// A finished iteration of a node.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// What it gave, one list per output.
    pub outputs: Vec<List>,
    /// Where its items came from, one entry an input.
    pub sources: Vec<Option<Source>>,
    /// What it keeps for its next iteration; what it kept before where it says nothing.
    pub context: Option<Value>,
    /// The error that it failed with or carried on from.
    pub error: Option<String>,
}

impl Run {
    /// The first output that has items.
    fn first_list(&self) -> Option<&List> {
        self.outputs.iter().find(|items| !items.is_empty())
    }
}

/// Which iterations of the node that was executed last an execution gives whoever called it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Returns {
    /// All of them, one after the other.
    #[default]
    #[serde(rename = "allRuns")]
    AllRuns,
    /// The last one.
    #[serde(rename = "lastRunOnly")]
    LastRun,
}

/// Deliveries to a node with several inputs, by the number of its set.
type Sets = BTreeMap<u32, Vec<Option<Delivery>>>;

/// The state of one execution.
#[derive(Clone, Debug, Default)]
pub struct Schedule {
    ready: VecDeque<Task>,
    waiting: IndexMap<usize, Sets>,
    runs: Vec<Vec<Run>>,
    order: Vec<usize>,
    /// Where it ends, where that is before the end of the graph.
    end: Option<Ending>,
}

/// The node at which an execution ends, and what leads to it.
#[derive(Clone, Debug)]
struct Ending {
    until: usize,
    /// Whether a node leads there, by its number.
    leads: Arc<[bool]>,
}

impl Schedule {
    /// An execution whose trigger gave `outputs` and that ends at the node `until`: nothing is executed but what leads there.
    pub fn begin_until(plan: &Plan, trigger: usize, outputs: Vec<List>, until: Option<usize>) -> Self {
        let end = until.map(|until| Ending { until, leads: leading_to(plan, until).into() });
        let mut schedule = Self { runs: vec![Vec::new(); plan.nodes.len()], end, ..Self::default() };
        schedule.complete(plan, trigger, Run { outputs, ..Run::default() });
        schedule
    }

    /// An execution whose trigger gave `outputs`.
    pub fn begin(plan: &Plan, trigger: usize, outputs: Vec<List>) -> Self {
        Self::begin_until(plan, trigger, outputs, None)
    }

    /// The iterations of a node so far.
    pub fn runs(&self, node: usize) -> &[Run] {
        self.runs.get(node).map_or(&[], Vec::as_slice)
    }

    /// Which time a node would run now.
    pub fn iteration(&self, node: usize) -> u32 {
        self.runs(node).len() as u32
    }

    /// The numbers of the nodes in the order in which they were executed.
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// What the node that was executed last gave: its first output that has items.
    pub fn last_list(&self) -> List {
        let last = self.order.last().and_then(|node| self.runs(*node).last());
        last.and_then(Run::first_list).cloned().unwrap_or_default()
    }

    /// What the execution gives whoever called it: the items of the node that was executed last, list by list.
    pub fn given_lists(&self, returns: Returns) -> Vec<List> {
        match returns {
            Returns::LastRun => vec![self.last_list()],
            Returns::AllRuns => {
                let runs = self.order.last().map_or(&[][..], |node| self.runs(*node));
                runs.iter().filter_map(Run::first_list).cloned().collect()
            }
        }
    }

    /// The next node to execute; `None` when everything has ended.
    pub fn next(&mut self, plan: &Plan) -> Option<Task> {
        loop {
            let task = self.next_task(plan)?;
            if !is_left_out(plan, &task) {
                return Some(task);
            }
        }
    }

    fn next_task(&mut self, plan: &Plan) -> Option<Task> {
        if self.ready.is_empty() {
            self.release_waiting(plan);
        }
        let task = self.ready.pop_front()?;
        if plan.order == ExecutionOrder::V0 { self.first_complete(plan, task) } else { Some(task) }
    }

    /// Version 0 lets a task that lacks a third input or a later one go to the end of the queue. When each one has had its turn,
    /// what there is must do. The second input may be missing: a branch that was started for a waiting node has only the first.
    fn first_complete(&mut self, plan: &Plan, mut task: Task) -> Option<Task> {
        for _ in 0..=self.ready.len() {
            let incoming = &plan.nodes[task.node].incoming;
            let lacks = |input: usize| input > task.inputs.len() || matches!(task.inputs.get(input), Some(None));
            if !(0..incoming.len()).any(|input| !incoming[input].is_empty() && lacks(input)) {
                return Some(task);
            }
            self.ready.push_back(task);
            task = self.ready.pop_front()?;
        }
        Some(task)
    }

    /// How soon lists in memory are worked on, by where their items are: 0 for those of the node that is executed next.
    pub(super) fn needed(&self) -> HashMap<usize, usize> {
        let mut needed = HashMap::new();
        for (place, task) in self.ready.iter().enumerate() {
            for delivery in task.inputs.iter().flatten() {
                if let List::Held(items) = &delivery.items {
                    needed.entry(address(items)).or_insert(place);
                }
            }
        }
        needed
    }

    /// Puts other lists in the place of those in memory, by where their items are.
    pub(super) fn let_go(&mut self, gone: &HashMap<usize, List>) {
        let given = self.runs.iter_mut().flatten().flat_map(|run| &mut run.outputs);
        let ready = self.ready.iter_mut().flat_map(|task| &mut task.inputs);
        let waiting = self.waiting.values_mut().flat_map(BTreeMap::values_mut).flatten();
        let delivered = ready.chain(waiting).flatten().map(|delivery| &mut delivery.items);
        for list in given.chain(delivered) {
            if let List::Held(items) = list
                && let Some(other) = gone.get(&address(items))
            {
                *list = other.clone();
            }
        }
    }

    /// Takes what a node gave and hands it on.
    pub fn complete(&mut self, plan: &Plan, node: usize, mut run: Run) {
        let iteration = self.iteration(node);
        run.context = run.context.or_else(|| self.runs(node).last()?.context.clone());
        let outputs = run.outputs.clone();
        self.order.push(node);
        self.runs[node].push(run);
        for next in &plan.nodes[node].successors {
            let Some(items) = outputs.get(next.output).filter(|_| self.follows(node, next.node)) else { continue };
            // In version 0 an empty list still tells a second input that nothing will come.
            if items.is_empty() && (next.input == 0 || plan.order == ExecutionOrder::V1) {
                continue;
            }
            let source = Source { node: plan.nodes[node].id, iteration, port: next.output as u16 };
            let delivery = Delivery { items: items.clone(), source: Some(source) };
            self.hand_on(plan, node, *next, delivery);
        }
    }

    /// Whether what `from` gives is handed on to `to`.
    fn follows(&self, from: usize, to: usize) -> bool {
        self.end.as_ref().is_none_or(|end| from != end.until && end.leads[to])
    }

    fn hand_on(&mut self, plan: &Plan, from: usize, next: Successor, delivery: Delivery) {
        let width = plan.nodes[next.node].incoming.len();
        if width <= 1 {
            return self.enqueue(plan, Task { node: next.node, inputs: vec![Some(delivery)] });
        }
        let is_first = !self.waiting.contains_key(&next.node);
        let sets = self.waiting.entry(next.node).or_default();
        let lacks = |set: &[Option<Delivery>]| set.get(next.input).is_none_or(Option::is_none);
        let number = sets.iter().find(|(_, set)| lacks(set)).map_or_else(|| free_number(sets), |(number, _)| *number);
        let set = sets.entry(number).or_insert_with(|| vec![None; width]);
        let was_empty = delivery.items.is_empty();
        set[next.input] = Some(delivery);
        if set.iter().all(Option::is_some) {
            let inputs = sets.remove(&number).unwrap_or_default();
            if sets.is_empty() {
                self.waiting.shift_remove(&next.node);
            }
            self.enqueue(plan, Task { node: next.node, inputs });
        } else if is_first && plan.order == ExecutionOrder::V0 {
            self.start_other_branches(plan, from, next.node, was_empty);
        }
    }

    fn enqueue(&mut self, plan: &Plan, task: Task) {
        match plan.order {
            ExecutionOrder::V1 => self.ready.push_front(task),
            ExecutionOrder::V0 => self.ready.push_back(task),
        }
    }

    /// Nothing else is left to do: the first waiting node that may executes with what it has.
    fn release_waiting(&mut self, plan: &Plan) {
        let mut place = 0;
        while let Some((&node, sets)) = self.waiting.get_index(place) {
            let Some((&number, set)) = sets.first_key_value() else {
                self.waiting.shift_remove_index(place);
                continue;
            };
            if self.must_wait_on(plan, node, set) {
                place += 1;
                continue;
            }
            let inputs = self.take_set(node, number);
            let nothing = inputs.iter().flatten().all(|delivery| delivery.items.is_empty());
            if nothing {
                // It would have nothing to work on; look again from the start, since others may have waited for it.
                place = 0;
                continue;
            }
            let fill =
                |input: Option<Delivery>| input.or_else(|| Some(Delivery { items: List::default(), source: None }));
            self.ready.push_back(Task { node, inputs: inputs.into_iter().map(fill).collect() });
            return;
        }
    }

    fn must_wait_on(&self, plan: &Plan, node: usize, set: &[Option<Delivery>]) -> bool {
        let required = plan.nodes[node].required_inputs;
        let counted = if required > 1 { required.min(set.len()) } else { set.len() };
        let lacks_required = set[..counted].iter().flatten().count() < required;
        (plan.order == ExecutionOrder::V1 && lacks_required)
            || upstream(plan, node).iter().any(|other| *other != node && self.waiting.contains_key(other))
    }

    fn take_set(&mut self, node: usize, number: u32) -> Vec<Option<Delivery>> {
        let Some(sets) = self.waiting.get_mut(&node) else { return Vec::new() };
        let inputs = sets.remove(&number).unwrap_or_default();
        if sets.is_empty() {
            self.waiting.shift_remove(&node);
        }
        inputs
    }

    /// Version 0: `waits` has heard from `from` for the first time. Branches to its other inputs that nothing will start are
    /// started where they have come to a halt, with one empty item.
    fn start_other_branches(&mut self, plan: &Plan, from: usize, waits: usize, was_empty: bool) {
        let siblings: Vec<usize> = plan.nodes[from].successors.iter().map(|next| next.node).collect();
        let others: Vec<usize> = plan.nodes[waits].incoming.iter().flatten().map(|(node, _)| *node).collect();
        for other in others.into_iter().filter(|other| *other != from) {
            if siblings.contains(&other) && !self.brings_nothing(plan, other) {
                continue;
            }
            if self.is_ready(other) || self.has_run(other) {
                continue;
            }
            let branch = upstream(plan, other);
            let Some(start) = self.halt_of(&branch, &siblings) else { continue };
            if was_empty && upstream(plan, start).contains(&from) {
                continue;
            }
            if plan.nodes[start].incoming.is_empty() || self.brings_nothing(plan, start) {
                let source = Source { node: plan.nodes[from].id, iteration: self.iteration(from) - 1, port: 0 };
                let items = List::Held(Arc::new(vec![Item::new(Value::empty_object())]));
                let inputs = vec![Some(Delivery { items, source: Some(source) })];
                self.ready.push_back(Task { node: start, inputs });
            }
        }
    }

    fn is_ready(&self, node: usize) -> bool {
        self.ready.iter().any(|task| task.node == node)
    }

    fn has_run(&self, node: usize) -> bool {
        !self.runs(node).is_empty()
    }

    /// Where `branch`, a node and everything upstream of it, has come to a halt: the last node before one that was executed.
    /// Nothing when some part of the branch will be executed anyway.
    fn halt_of(&self, branch: &[usize], siblings: &[usize]) -> Option<usize> {
        let (mut halt, rest) = branch.split_first()?;
        for part in rest {
            if siblings.contains(part) || self.is_ready(*part) {
                return None;
            }
            if self.has_run(*part) {
                break;
            }
            halt = part;
        }
        Some(*halt)
    }

    /// Whether everything that leads to a node's first input was executed and gave nothing.
    fn brings_nothing(&self, plan: &Plan, node: usize) -> bool {
        let first: &[(usize, usize)] = plan.nodes[node].incoming.first().map_or(&[], Vec::as_slice);
        first.iter().all(|(from, output)| {
            let last = self.runs(*from).last();
            last.is_none_or(|run| run.outputs.get(*output).is_none_or(List::is_empty))
        })
    }
}

/// The lowest number that no set has.
fn free_number(sets: &Sets) -> u32 {
    (0..=sets.len() as u32).find(|number| !sets.contains_key(number)).unwrap_or_default()
}

/// Version 0 does not execute a node whose first input is empty, unless its own items came back to another. A disabled one
/// passes nothing on, and one that always gives data does so all the same.
fn is_left_out(plan: &Plan, task: &Task) -> bool {
    let node = &plan.nodes[task.node];
    plan.order == ExecutionOrder::V0 && !node.disabled && !node.always_output_data && task.lacks_items(plan)
}

/// Which nodes lead to `node`, itself included, by their numbers.
pub(crate) fn leading_to(plan: &Plan, node: usize) -> Vec<bool> {
    let mut leads = vec![false; plan.nodes.len()];
    for number in upstream(plan, node) {
        leads[number] = true;
    }
    leads
}

/// `node` and every node from which a path leads to it: each one before what it gets its items from, as far as loops allow it,
/// and the branch to a first input before the branch to a second.
fn upstream(plan: &Plan, node: usize) -> Vec<usize> {
    let sources = |node: usize| plan.nodes[node].incoming.iter().flatten().map(|(from, _)| *from).collect::<Vec<_>>();
    let mut seen = vec![false; plan.nodes.len()];
    seen[node] = true;
    let mut open = vec![(node, sources(node))];
    let mut finished = Vec::new();
    // Depth first, the last source first; in reverse, the order in which nodes are finished is the one that is wanted.
    while let Some((node, left)) = open.last_mut() {
        match left.pop() {
            Some(from) if !std::mem::replace(&mut seen[from], true) => open.push((from, sources(from))),
            Some(_) => {}
            None => {
                finished.push(*node);
                open.pop();
            }
        }
    }
    finished.reverse();
    finished
}
