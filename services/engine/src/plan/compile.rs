//! From a graph to a plan, and everything that is wrong on the way.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use weft_expressions::references;
use weft_model::execution::ExecutedVersion;
use weft_model::{ExecutionOrder, Graph, Node, NodeId};
use weft_nodes::{NodeError, Ports};
use weft_value::Value;

use super::keys::Keys;
use super::{Plan, PlanNode, PlanStep, Successor};
use crate::kinds::{Kind, Kinds};
use crate::{Problem, Trigger};

const UNKNOWN_KIND: &str = "unknown_kind";

/// Compiles `graph`. There is always a plan; [`Plan::problems`] says what is wrong with it.
pub fn compile(kinds: &Kinds, workflow_name: &str, version: ExecutedVersion, graph: &Graph) -> Plan {
    let mut problems = Vec::new();
    let by_id: HashMap<NodeId, usize> = graph.nodes.keys().enumerate().map(|(number, id)| (*id, number)).collect();
    let by_name = names(graph, &mut problems);
    let mut nodes: Vec<PlanNode> = graph.nodes.values().map(|node| prepare(kinds, node, &mut problems)).collect();
    for (number, node) in graph.nodes.keys().enumerate() {
        nodes[number].pinned = graph.pinned.get(node).map(|items| Arc::new(items.clone()));
    }
    connect(graph, &by_id, &mut nodes, &mut problems);
    check_references(graph, &by_name, &mut problems);
    if !nodes.iter().any(|node| node.is_trigger && !node.disabled) {
        problems.push(Problem::error("no_trigger", "Nothing starts this workflow: add a trigger node."));
    }
    let time_zone = time_zone(graph, &mut problems);
    let keys = Keys::compile(graph, &mut problems);
    Plan {
        workflow_name: workflow_name.to_owned(),
        version,
        nodes,
        order: graph.settings.execution_order,
        time_zone,
        max_steps: graph.settings.max_steps,
        timeout_seconds: graph.settings.timeout_seconds,
        max_wait: graph.settings.max_wait_seconds.map(Duration::from_secs),
        retention: graph.settings.retention_days.map(|days| Duration::from_hours(24 * u64::from(days))),
        priority: graph.settings.priority,
        callers: graph.settings.callers.clone(),
        error_workflow: graph.settings.error_workflow,
        problems,
        digest: digest(graph),
        keys,
        by_id,
        by_name,
    }
}

fn time_zone(graph: &Graph, problems: &mut Vec<Problem>) -> Option<TimeZone> {
    let name = graph.settings.timezone.as_deref()?;
    let found = TimeZone::get(name).ok();
    if found.is_none() {
        let message = format!("There is no time zone “{name}”. Choose one like “Europe/Paris”.");
        problems.push(Problem { field: Some("settings.timezone".into()), ..Problem::error("time_zone", message) });
    }
    found
}

/// Identifies a graph: SHA-256 over its JSON.
pub fn digest(graph: &Graph) -> String {
    // A graph is data with text for keys, so that writing it as JSON cannot fail.
    hex::encode(Sha256::digest(serde_json::to_vec(graph).unwrap_or_default()))
}

fn names(graph: &Graph, problems: &mut Vec<Problem>) -> HashMap<String, usize> {
    let mut by_name = HashMap::with_capacity(graph.nodes.len());
    for (number, node) in graph.nodes.values().enumerate() {
        if by_name.insert(node.name.clone(), number).is_some() {
            let message = format!("Two nodes are named “{}”. Rename one of them.", node.name);
            problems.push(Problem::at("duplicate_name", message, (node.id, &node.name), "name"));
        }
    }
    by_name
}

fn prepare(kinds: &Kinds, node: &Node, problems: &mut Vec<Problem>) -> PlanNode {
    let (step, ports, is_trigger) = match kinds.kind(&node.kind, node.kind_version) {
        Err(unknown) => {
            problems.push(Problem::at(UNKNOWN_KIND, unknown.to_string(), (node.id, &node.name), "kind"));
            let error = NodeError::new(UNKNOWN_KIND, unknown.to_string()).finally();
            let ports = Ports { inputs: Vec::new(), outputs: Vec::new(), required_inputs: 1 };
            (PlanStep::Broken(error), ports, false)
        }
        Ok(kind) => {
            let step = kind_step(kind, &node.parameters).unwrap_or_else(|found| {
                let first = found.first().map_or_else(String::new, |problem| problem.message.clone());
                let found = found.into_iter().map(|problem| Problem::of_parameters(problem, node.id, &node.name));
                // Nobody reads the parameters of a node that passes its items on.
                problems.extend(found.map(|problem| if node.disabled { problem.into_warning() } else { problem }));
                PlanStep::Broken(NodeError::new("parameters", first).finally())
            });
            let kind = kind.node_kind();
            (step, kind.ports(&node.parameters), kind.descriptor().is_trigger())
        }
    };
    PlanNode {
        id: node.id,
        name: node.name.clone(),
        kind: format!("{}@{}", node.kind, node.kind_version),
        position: node.position,
        pinned: None,
        parameters: node.parameters.clone(),
        is_itemwise: is_itemwise(&step) && sees_one_item(&node.parameters),
        takes_portions: takes_portions(&step) && sees_one_item(&node.parameters),
        step,
        is_trigger,
        disabled: node.disabled,
        on_error: node.on_error,
        retry: node.retry,
        always_output_data: node.always_output_data,
        execute_once: node.execute_once,
        timeout: node.timeout_seconds.map(Duration::from_secs),
        inputs: ports.inputs.len(),
        outputs: ports.outputs.len(),
        required_inputs: ports.required_inputs,
        incoming: Vec::new(),
        successors: Vec::new(),
    }
}

/// Whether the step treats each item by itself as far as its kind says. What only passes items on does.
fn is_itemwise(step: &PlanStep) -> bool {
    match step {
        PlanStep::Transform(transform) => transform.is_itemwise(),
        PlanStep::Trigger(_) => true,
        PlanStep::Action(_) | PlanStep::Broken(_) => false,
    }
}

fn takes_portions(step: &PlanStep) -> bool {
    matches!(step, PlanStep::Transform(transform) if transform.takes_portions())
}

fn sees_one_item(parameters: &Value) -> bool {
    let mut sees_others = false;
    walk(parameters, "", &mut |text, _| sees_others |= !weft_expressions::sees_one_item(text));
    !sees_others
}

fn kind_step(kind: Kind, parameters: &Value) -> Result<PlanStep, Vec<weft_nodes::Problem>> {
    match kind {
        Kind::Transform(kind) if kind.descriptor().is_trigger() => {
            kind.prepare(parameters).map(|_| PlanStep::Trigger(Trigger::Manual))
        }
        Kind::Transform(kind) => kind.prepare(parameters).map(PlanStep::Transform),
        Kind::Action(kind) => kind.prepare(parameters).map(PlanStep::Action),
        Kind::Trigger(kind) => kind.prepare(parameters).map(PlanStep::Trigger),
    }
}

fn connect(graph: &Graph, by_id: &HashMap<NodeId, usize>, nodes: &mut [PlanNode], problems: &mut Vec<Problem>) {
    for edge in &graph.edges {
        let (Some(&from), Some(&to)) = (by_id.get(&edge.from.node), by_id.get(&edge.to.node)) else {
            let message = "An edge leads to a node that does not exist. Remove the edge.";
            let known = [edge.from.node, edge.to.node].into_iter().find_map(|id| graph.nodes.get(&id));
            problems.push(known.map_or_else(
                || Problem::error("dangling_edge", message),
                |node| Problem::at("dangling_edge", message, (node.id, &node.name), "edges"),
            ));
            continue;
        };
        let (output, input) = (usize::from(edge.from.port), usize::from(edge.to.port));
        check_ports(&nodes[from], output, &nodes[to], input, problems);
        nodes[from].successors.push(Successor { output, node: to, input });
        let incoming = &mut nodes[to].incoming;
        if incoming.len() <= input {
            incoming.resize(input + 1, Vec::new());
        }
        incoming[input].push((from, output));
    }
    sort_successors(graph.settings.execution_order, nodes);
}

fn check_ports(from: &PlanNode, output: usize, to: &PlanNode, input: usize, problems: &mut Vec<Problem>) {
    let is_known = |node: &PlanNode| !matches!(&node.step, PlanStep::Broken(error) if error.code == UNKNOWN_KIND);
    if is_known(from) && output >= from.all_outputs() {
        let message = format!("“{}” has no output {output}. Remove the edge.", from.name);
        problems.push(Problem::at("unknown_port", message, (from.id, &from.name), "edges"));
    }
    if is_known(to) && input >= to.inputs {
        let message = format!("“{}” has no input {input}. Remove the edge.", to.name);
        problems.push(Problem::at("unknown_port", message, (to.id, &to.name), "edges"));
    }
}

/// Version 1 hands items on from the lowest and rightmost node to the highest and leftmost, each on top of the stack, so that
/// the highest is executed first. Version 0 hands them on in the order of outputs and, for each, in the order in which its
/// edges were drawn, each at the end of the queue.
fn sort_successors(order: ExecutionOrder, nodes: &mut [PlanNode]) {
    let positions: Vec<_> = nodes.iter().map(|node| node.position).collect();
    for node in nodes {
        node.successors.sort_by_key(|next| next.output);
        if order == ExecutionOrder::V1 {
            node.successors.sort_by_key(|next| Reverse((positions[next.node].y, positions[next.node].x)));
        }
    }
}

/// A name that no node has is worth a warning: at run time the expression fails only if it is reached.
fn check_references(graph: &Graph, by_name: &HashMap<String, usize>, problems: &mut Vec<Problem>) {
    for node in graph.nodes.values().filter(|node| !node.disabled) {
        let mut missing = Vec::new();
        walk(&node.parameters, "", &mut |text, path| {
            for reference in references(text) {
                if !by_name.contains_key(&reference.name) {
                    missing.push((reference, path.to_owned()));
                }
            }
        });
        for (reference, path) in missing {
            let message = format!("No node is named “{}”.", reference.name);
            let problem = Problem::at("unknown_node", message, (node.id, &node.name), &path).into_warning();
            problems.push(Problem { line: Some(reference.line), column: Some(reference.column), ..problem });
        }
    }
}

/// Calls `found` with every expression inside `value` and its path.
fn walk(value: &Value, path: &str, found: &mut dyn FnMut(&str, &str)) {
    match value {
        Value::String(text) => {
            if let Some(source) = text.strip_prefix('=') {
                found(source, path);
            }
        }
        Value::Array(array) => {
            for (index, entry) in array.iter().enumerate() {
                walk(entry, &format!("{path}[{index}]"), found);
            }
        }
        Value::Object(object) => {
            for (key, entry) in object.iter() {
                let path = if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
                walk(entry, &path, found);
            }
        }
        _ => {}
    }
}
