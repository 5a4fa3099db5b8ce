//! What every graph obeys, however it came about.

use std::cmp::Reverse;
use std::collections::HashSet;

use indexmap::IndexMap;
use serde::Serialize;
use weft_value::{Item, Value};

use super::{Definition, GraphFault, NodeSetting};
use crate::limits::{
    MAX_DEPTH, MAX_EDGES, MAX_EVENT, MAX_KEY, MAX_NODE, MAX_NODES, MAX_NOTES, MAX_PARAMETER, MAX_PARAMETERS,
    MAX_PINNED, MAX_PORTS, PlainFault, check_depth, check_name, check_plain, is_time_zone,
};
use crate::{AtOnce, Edge, Graph, Node, NodeId, Retry, Settings};

impl Definition {
    /// Whether the name and the graph obey every rule.
    pub fn check(&self) -> Result<(), GraphFault> {
        check_named("the workflow", &self.name)?;
        check_settings(&self.graph.settings)?;
        check_structure(&self.graph)?;
        for node in self.graph.nodes.values() {
            check_node(node)?;
        }
        for (id, items) in &self.graph.pinned {
            let node = self.graph.nodes.get(id).ok_or(GraphFault::NoSuchNode { node: *id })?;
            check_pinned(&node.name, items)?;
        }
        Ok(())
    }

    /// How many bytes an event has that says all of it.
    pub(super) fn bytes(&self) -> usize {
        bytes_of(self)
    }

    /// Takes lists of pinned items away, the largest first, until one event can say the definition. Gives the nodes that lost
    /// theirs.
    pub fn unpin_what_is_too_much(&mut self) -> Vec<NodeId> {
        let mut excess = self.bytes().saturating_sub(MAX_EVENT);
        if excess == 0 {
            return Vec::new();
        }
        let mut lists: Vec<_> = self.graph.pinned.iter().map(|(node, items)| (bytes_of(items), *node)).collect();
        lists.sort_by_key(|(bytes, _)| Reverse(*bytes));
        let mut unpinned = Vec::new();
        for (bytes, node) in lists {
            if excess == 0 {
                break;
            }
            self.graph.pinned.shift_remove(&node);
            unpinned.push(node);
            excess = excess.saturating_sub(bytes);
        }
        unpinned
    }
}

fn bytes_of(value: &impl Serialize) -> usize {
    serde_json::to_vec(value).map_or(usize::MAX, |json| json.len())
}

/// Counts, names and edges: what can break when parts of a graph that were right on their own come together.
pub(super) fn check_structure(graph: &Graph) -> Result<(), GraphFault> {
    if graph.nodes.len() > MAX_NODES {
        return Err(GraphFault::TooManyNodes);
    }
    if graph.edges.len() > MAX_EDGES {
        return Err(GraphFault::TooManyEdges);
    }
    let mut names = HashSet::with_capacity(graph.nodes.len());
    for (id, node) in &graph.nodes {
        if node.id != *id {
            return Err(GraphFault::NoSuchNode { node: *id });
        }
        if !names.insert(node.name.as_str()) {
            return Err(name_taken(graph, &node.name));
        }
    }
    graph.edges.iter().try_for_each(|edge| check_edge(&graph.nodes, edge))
}

pub(super) fn check_named(what: &'static str, name: &str) -> Result<(), GraphFault> {
    check_name(name).map_err(|fault| GraphFault::Name { what, fault })
}

pub(super) fn name_taken(graph: &Graph, name: &str) -> GraphFault {
    GraphFault::NameTaken { name: name.to_owned(), free: free_name(graph, name) }
}

/// `name` with the first number behind it that makes it unique: `Set`, `Set 2`, `Set 3`, …
pub(super) fn free_name(graph: &Graph, name: &str) -> String {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end();
    let stem: String = if stem.is_empty() { name } else { stem }.chars().take(crate::limits::MAX_NAME - 8).collect();
    let taken: HashSet<&str> = graph.nodes.values().map(|node| node.name.as_str()).collect();
    // One more candidate than there are nodes, so that one of them is free.
    let free = (2..=taken.len() + 2).map(|number| format!("{stem} {number}")).find(|name| !taken.contains(&**name));
    free.unwrap_or_else(|| format!("{stem} {}", taken.len() + 3))
}

pub(super) fn check_node(node: &Node) -> Result<(), GraphFault> {
    check_named("a node", &node.name)?;
    if node.kind.trim().is_empty() {
        return Err(GraphFault::KindEmpty { name: node.name.clone() });
    }
    let Some(parameters) = node.parameters.as_object() else {
        return Err(GraphFault::ParametersNotObject { name: node.name.clone() });
    };
    if parameters.len() > MAX_PARAMETERS {
        return Err(GraphFault::TooManyParameters { name: node.name.clone() });
    }
    for (parameter, value) in parameters {
        check_parameter(&node.name, parameter, value)?;
    }
    if node.parameters.to_json().len() > MAX_NODE {
        return Err(GraphFault::NodeTooLarge { name: node.name.clone() });
    }
    check_setting(&node.name, &NodeSetting::Notes(node.notes.clone()))?;
    check_setting(&node.name, &NodeSetting::Retry(node.retry))
}

pub(super) fn check_parameter(name: &str, parameter: &str, value: &Value) -> Result<(), GraphFault> {
    check_plain(value, MAX_PARAMETER).map_err(|fault| GraphFault::Parameter {
        name: name.to_owned(),
        parameter: parameter.to_owned(),
        fault,
    })
}

pub(super) fn check_setting(name: &str, setting: &NodeSetting) -> Result<(), GraphFault> {
    const DAY_MS: u64 = 24 * 60 * 60 * 1000;
    let name = || name.to_owned();
    match setting {
        NodeSetting::Notes(Some(notes)) if notes.chars().count() > MAX_NOTES => Err(GraphFault::Notes { name: name() }),
        NodeSetting::Retry(Some(Retry { max_attempts, wait_ms }))
            if !(1..=100).contains(max_attempts) || *wait_ms > DAY_MS =>
        {
            Err(GraphFault::Retry { name: name() })
        }
        NodeSetting::TimeoutSeconds(Some(0)) => Err(GraphFault::Timeout { name: name() }),
        NodeSetting::TimeoutSeconds(_)
        | NodeSetting::Notes(_)
        | NodeSetting::Retry(_)
        | NodeSetting::Disabled(_)
        | NodeSetting::OnError(_)
        | NodeSetting::AlwaysOutputData(_)
        | NodeSetting::ExecuteOnce(_) => Ok(()),
    }
}

pub(super) fn check_edge(nodes: &IndexMap<NodeId, Node>, edge: &Edge) -> Result<(), GraphFault> {
    for end in [edge.from, edge.to] {
        if !nodes.contains_key(&end.node) {
            return Err(GraphFault::DanglingEdge { node: end.node });
        }
        if end.port >= MAX_PORTS {
            return Err(GraphFault::Port { port: end.port });
        }
    }
    Ok(())
}

pub(super) fn check_pinned(name: &str, items: &[Item]) -> Result<(), GraphFault> {
    let fault = |fault| GraphFault::Pinned { name: name.to_owned(), fault };
    let mut size = 0;
    for item in items {
        if item.json.as_object().is_none() {
            return Err(GraphFault::PinnedNotObject { name: name.to_owned() });
        }
        check_depth(&item.json, MAX_DEPTH).map_err(fault)?;
        size += serde_json::to_vec(item).map_or(usize::MAX, |json| json.len());
        if size > MAX_PINNED {
            return Err(fault(PlainFault::TooLarge { max: MAX_PINNED }));
        }
    }
    Ok(())
}

pub(super) fn check_settings(settings: &Settings) -> Result<(), GraphFault> {
    if let Some(timezone) = settings.timezone.as_deref().filter(|zone| !is_time_zone(zone)) {
        return Err(GraphFault::Timezone { timezone: timezone.to_owned() });
    }
    let AtOnce { most, key, most_per_key } = &settings.at_once;
    let counts = [settings.max_steps, *most, *most_per_key].map(|count| count.map(u64::from));
    let bounds = [counts[0], counts[1], counts[2], settings.timeout_seconds, settings.max_wait_seconds];
    if bounds.contains(&Some(0)) {
        return Err(GraphFault::Bound);
    }
    if settings.retention_days.is_some_and(|days| !(1..=3650).contains(&days)) {
        return Err(GraphFault::Retention);
    }
    if [key, &settings.once_key].into_iter().flatten().any(|key| key.len() > MAX_KEY) {
        return Err(GraphFault::Key);
    }
    Ok(())
}
