//! Which nodes show pages to whoever fills in a form.

use weft_model::NodeId;

use super::Plan;

impl Plan {
    /// Whether somebody who fills in the form of `trigger` is led to further pages.
    pub fn leads_to_pages(&self, trigger: NodeId) -> bool {
        self.number_of(trigger).is_some_and(|trigger| {
            let follows = self.after(trigger);
            (0..self.nodes.len()).any(|node| follows[node] && self.shows_page(node))
        })
    }

    /// Whether this node shows a page: it waits for one to be filled in, or ends the form.
    pub(crate) fn shows_page(&self, node: usize) -> bool {
        let node = &self.nodes[node];
        let waits = || node.kind.starts_with("wait@") && node.parameters.get("resume").as_str() == Some("form");
        !node.disabled && (node.kind.starts_with("form@") || waits())
    }

    /// The nodes that a path leads to from this one.
    pub(crate) fn after(&self, node: usize) -> Vec<bool> {
        let mut found = vec![false; self.nodes.len()];
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            for next in self.nodes[node].successors.iter().map(|successor| successor.node) {
                if !std::mem::replace(&mut found[next], true) {
                    open.push(next);
                }
            }
        }
        found
    }
}
