//! What stands in the way of publishing a graph, as far as the graph alone can tell. Kinds, parameters and expressions are
//! checked where they are known: by the engine's compiler.

use std::collections::{HashMap, HashSet};

use thiserror::Error;

use crate::{Edge, Graph, Node, NodeId};

/// Something wrong with a graph.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum GraphProblem {
    /// Nothing would ever start it.
    #[error("The workflow has no trigger. Add one, for instance a webhook or a schedule, and enable it.")]
    NoTrigger,
    /// Expressions could not tell two nodes apart.
    #[error("Two nodes are called “{name}”. Give one of them another name.")]
    DuplicateName {
        /// The second one.
        node: NodeId,
        /// Their name.
        name: String,
    },
    /// An edge begins or ends nowhere.
    #[error("An edge leads from or to a node that is not there. Remove the edge.")]
    DanglingEdge {
        /// The edge.
        edge: Edge,
        /// The end that is there, where one is.
        node: Option<NodeId>,
    },
    /// It would never be executed.
    #[error("No trigger leads to the node “{name}”, so that it is never executed. Join it, or remove it.")]
    Unreachable {
        /// The node.
        node: NodeId,
        /// Its name.
        name: String,
    },
}

impl GraphProblem {
    /// A word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoTrigger => "no_trigger",
            Self::DuplicateName { .. } => "duplicate_name",
            Self::DanglingEdge { .. } => "dangling_edge",
            Self::Unreachable { .. } => "unreachable",
        }
    }

    /// Whether it stands in the way of publishing; the others are warnings.
    pub fn is_error(&self) -> bool {
        !matches!(self, Self::Unreachable { .. })
    }

    /// The node to look at.
    pub fn node(&self) -> Option<NodeId> {
        match self {
            Self::NoTrigger => None,
            Self::DuplicateName { node, .. } | Self::Unreachable { node, .. } => Some(*node),
            Self::DanglingEdge { node, .. } => *node,
        }
    }
}

/// Everything wrong with `graph`, the worst first. Which nodes are triggers, the caller knows.
pub fn problems(graph: &Graph, is_trigger: impl Fn(&Node) -> bool) -> Vec<GraphProblem> {
    let triggers: Vec<NodeId> =
        graph.nodes.values().filter(|node| !node.disabled && is_trigger(node)).map(|node| node.id).collect();
    let mut problems = Vec::new();
    if triggers.is_empty() {
        problems.push(GraphProblem::NoTrigger);
    }
    let mut names = HashSet::new();
    for node in graph.nodes.values().filter(|node| !names.insert(node.name.as_str())) {
        problems.push(GraphProblem::DuplicateName { node: node.id, name: node.name.clone() });
    }
    for edge in &graph.edges {
        let ends = [edge.from.node, edge.to.node];
        if ends.iter().any(|end| !graph.nodes.contains_key(end)) {
            let node = ends.into_iter().find(|end| graph.nodes.contains_key(end));
            problems.push(GraphProblem::DanglingEdge { edge: *edge, node });
        }
    }
    // Without a trigger nothing is reachable, which need not be said of every node.
    if !triggers.is_empty() {
        let reached = reachable(graph, triggers);
        let left = graph.nodes.values().filter(|node| !reached.contains(&node.id) && !is_trigger(node));
        problems.extend(left.map(|node| GraphProblem::Unreachable { node: node.id, name: node.name.clone() }));
    }
    problems
}

fn reachable(graph: &Graph, mut pending: Vec<NodeId>) -> HashSet<NodeId> {
    let mut next: HashMap<NodeId, Vec<NodeId>> = HashMap::new();
    for edge in &graph.edges {
        next.entry(edge.from.node).or_default().push(edge.to.node);
    }
    let mut reached: HashSet<NodeId> = pending.iter().copied().collect();
    while let Some(node) = pending.pop() {
        for node in next.get(&node).into_iter().flatten() {
            if reached.insert(*node) {
                pending.push(*node);
            }
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{edge, graph, id, named};

    fn found(graph: &Graph) -> Vec<&'static str> {
        problems(graph, |node| node.kind == "manualTrigger").iter().map(GraphProblem::code).collect()
    }

    #[test]
    fn a_joined_graph_with_a_trigger_has_no_problem() {
        let graph = graph([named(1, "Start", "manualTrigger"), named(2, "Set", "set")], [edge(1, 0, 2, 0)]);
        assert_eq!(found(&graph), [""; 0]);
    }

    #[test]
    fn every_problem_names_its_node() {
        let mut graph = graph(
            [named(1, "Start", "manualTrigger"), named(2, "Set", "set"), named(3, "Set", "set")],
            [edge(1, 0, 2, 0), edge(2, 0, 9, 0)],
        );
        assert_eq!(found(&graph), ["duplicate_name", "dangling_edge", "unreachable"]);
        let nodes: Vec<_> =
            problems(&graph, |node| node.kind == "manualTrigger").iter().map(GraphProblem::node).collect();
        assert_eq!(nodes, [Some(id(3)), Some(id(2)), Some(id(3))]);
        graph.nodes[0].disabled = true;
        assert_eq!(found(&graph), ["no_trigger", "duplicate_name", "dangling_edge"]);
    }

    #[test]
    fn a_loop_is_reached_once_and_ends() {
        let nodes = [named(1, "Start", "manualTrigger"), named(2, "A", "set"), named(3, "B", "set")];
        let graph = graph(nodes, [edge(1, 0, 2, 0), edge(2, 0, 3, 0), edge(3, 0, 2, 0)]);
        assert_eq!(found(&graph), [""; 0]);
    }
}
