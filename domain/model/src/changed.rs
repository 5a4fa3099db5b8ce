//! Which nodes of a graph would give something else than they gave in an earlier state of it.

use std::collections::BTreeSet;

use crate::{Edge, Graph, Node, NodeId};

impl Graph {
    /// The nodes for which what was recorded when the graph was `before` does not count any longer: those that were changed
    /// since (parameters, behaviour, edges to their inputs, pinned items), and every node after one of those. Names, places
    /// and remarks change nothing. What leaves `until` is left out, since an execution that ends there does not follow it.
    pub fn changed_since(&self, before: &Self, until: Option<NodeId>) -> BTreeSet<NodeId> {
        let settings = |graph: &Self| (graph.settings.execution_order, graph.settings.timezone.clone());
        if settings(self) != settings(before) {
            return self.nodes.keys().copied().collect();
        }
        let is_followed = |edge: &&Edge| Some(edge.from.node) != until;
        let mut changed: BTreeSet<NodeId> =
            self.nodes.values().filter(|node| self.is_changed(before, node)).map(|node| node.id).collect();
        let gone: Vec<&Edge> = before.edges.difference(&self.edges).filter(is_followed).collect();
        let new: Vec<&Edge> = self.edges.difference(&before.edges).filter(is_followed).collect();
        changed.extend(gone.into_iter().chain(new).map(|edge| edge.to.node).filter(|id| self.nodes.contains_key(id)));
        let mut open: Vec<NodeId> = changed.iter().copied().collect();
        while let Some(node) = open.pop() {
            for edge in self.edges.iter().filter(is_followed).filter(|edge| edge.from.node == node) {
                if changed.insert(edge.to.node) {
                    open.push(edge.to.node);
                }
            }
        }
        changed
    }

    fn is_changed(&self, before: &Self, node: &Node) -> bool {
        let behaviour =
            |node: &Node| (node.kind_version, node.disabled, node.on_error, node.always_output_data, node.execute_once);
        before.nodes.get(&node.id).is_none_or(|old| {
            old.kind != node.kind
                || behaviour(old) != behaviour(node)
                || old.parameters != node.parameters
                || before.pinned.get(&node.id) != self.pinned.get(&node.id)
        })
    }
}

#[cfg(test)]
mod tests {
    use weft_value::Item;

    use super::*;
    use crate::testing::{edge, graph, id, json, named};
    use crate::{Point, Retry};

    /// 1 → 2 → 3, 1 → 4, 3 → 2
    fn looped() -> Graph {
        let nodes =
            [named(1, "Start", "manualTrigger"), named(2, "A", "set"), named(3, "B", "set"), named(4, "C", "set")];
        graph(nodes, [edge(1, 0, 2, 0), edge(2, 0, 3, 0), edge(1, 0, 4, 0), edge(3, 0, 2, 0)])
    }

    fn changed(change: impl FnOnce(&mut Graph), until: Option<u128>) -> Vec<NodeId> {
        let before = looped();
        let mut now = looped();
        change(&mut now);
        now.changed_since(&before, until.map(id)).into_iter().collect()
    }

    #[test]
    fn what_comes_after_a_change_is_changed_too() {
        let fields = |graph: &mut Graph| graph.nodes[&id(2)].parameters = json(r#"{"a":1}"#);
        assert_eq!(changed(fields, None), [id(2), id(3)]);
        assert_eq!(changed(|graph| graph.nodes[&id(1)].disabled = true, None), [id(1), id(2), id(3), id(4)]);
        assert_eq!(changed(|graph| graph.nodes[&id(4)].execute_once = true, None), [id(4)]);
        let pin = |graph: &mut Graph| graph.pinned.extend([(id(4), vec![Item::new(json("{}"))])]);
        assert_eq!(changed(pin, None), [id(4)]);
    }

    #[test]
    fn a_loop_does_not_reach_back_from_where_the_execution_ends() {
        let last = |graph: &mut Graph| graph.nodes[&id(3)].parameters = json(r#"{"a":1}"#);
        assert_eq!(changed(last, None), [id(2), id(3)]);
        assert_eq!(changed(last, Some(3)), [id(3)]);
    }

    #[test]
    fn edges_change_the_node_that_they_lead_to() {
        let cut = |graph: &mut Graph| graph.edges.retain(|one| *one != edge(1, 0, 4, 0));
        let join = |graph: &mut Graph| graph.edges.extend([edge(3, 0, 4, 0)]);
        assert_eq!(changed(cut, None), [id(4)]);
        assert_eq!(changed(join, None), [id(4)]);
        assert_eq!(changed(join, Some(3)), []);
    }

    #[test]
    fn a_new_node_is_changed_and_one_that_is_gone_is_not_named() {
        let add = |graph: &mut Graph| graph.nodes.extend([(id(9), named(9, "New", "set"))]);
        assert_eq!(changed(add, None), [id(9)]);
        let remove = |graph: &mut Graph| {
            graph.nodes.shift_remove(&id(3));
            graph.edges.retain(|edge| edge.from.node != id(3) && edge.to.node != id(3));
        };
        assert_eq!(changed(remove, None), [id(2)]);
    }

    #[test]
    fn what_people_see_only_changes_nothing() {
        let cosmetic = |graph: &mut Graph| {
            let node = &mut graph.nodes[&id(2)];
            node.position = Point { x: 9, y: 9 };
            node.name = "Other".into();
            node.notes = Some("Why".into());
            node.retry = Some(Retry { max_attempts: 2, wait_ms: 1 });
        };
        assert_eq!(changed(cosmetic, None), []);
        assert_eq!(changed(|graph| graph.settings.max_steps = Some(3), None), []);
    }

    #[test]
    fn another_time_zone_changes_everything() {
        let zone = |graph: &mut Graph| graph.settings.timezone = Some("Europe/Paris".into());
        assert_eq!(changed(zone, None), [id(1), id(2), id(3), id(4)]);
    }
}
