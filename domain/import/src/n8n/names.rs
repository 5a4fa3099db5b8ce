//! Names that our workflows can have.

use weft_model::NodeId;
use weft_model::limits::{MAX_NAME, turns_direction};
use weft_model::workflow::Definition;

use crate::{Entry, Outcome};

/// `name` without characters that no name may have and not too long; `instead` where nothing is left.
pub(super) fn readable(name: &str, instead: &str) -> String {
    let name: String = name
        .chars()
        .filter(|c| !turns_direction(*c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(MAX_NAME)
        .collect();
    if name.trim().is_empty() { instead.to_owned() } else { name }
}

/// Renames every node whose name cannot stay, with all references to it.
pub(super) fn make_readable(definition: &mut Definition, report: &mut Vec<Entry>) {
    let renames: Vec<(NodeId, String, String)> = definition
        .graph
        .nodes
        .values()
        .map(|node| (node.id, node.name.clone(), readable(&node.name, "Node")))
        .filter(|(_, old, new)| old != new)
        .collect();
    for (id, _, new) in renames {
        let name = unique(&new, |name| definition.graph.node_named(name).is_some());
        definition.rename_node(id, &name);
        report.push(Entry::of_node(&name, Outcome::Replaced, "The name was too long or not readable and was changed."));
    }
}

/// `name`, or `name` with the first number behind it that is not taken.
pub(super) fn unique(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    if !is_taken(name) {
        return name.to_owned();
    }
    let stem: String = name.chars().take(MAX_NAME - 8).collect();
    // The numbers do not end before a free one is found.
    (2..u32::MAX).map(|number| format!("{stem} {number}")).find(|name| !is_taken(name)).unwrap_or(stem)
}
