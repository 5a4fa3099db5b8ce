//! A node's new name reaches everything that refers to it.

use std::sync::Arc;

use weft_value::{Object, Value};

use super::{Change, Edit, Live};
use crate::{Graph, NodeId, StreamVersion};

/// The renaming of `node` and the parameters that refer to it, rewritten.
pub(super) fn rename(graph: &Graph, node: NodeId, to: &str) -> Vec<Change> {
    let Some(from) = graph.nodes.get(&node).map(|node| node.name.as_str()) else { return Vec::new() };
    let renamed = Change::NodeRenamed { node, name: to.to_owned() };
    std::iter::once(renamed).chain(rewritten_parameters(graph, from, to)).collect()
}

/// Every parameter of the graph that refers to `from`, referring to `to`.
pub(super) fn rewritten_parameters(graph: &Graph, from: &str, to: &str) -> Vec<Change> {
    let mut changes = Vec::new();
    for node in graph.nodes.values() {
        for (name, value) in node.parameters.as_object().into_iter().flatten() {
            if let Some(value) = rewritten(value, from, to) {
                changes.push(Change::ParameterSet { node: node.id, name: name.to_string(), value });
            }
        }
    }
    changes
}

impl Live {
    /// What was written by somebody who saw the old name of a node refers to it by the new one.
    pub(super) fn catch_up(&self, edit: &mut Edit, seen: StreamVersion) {
        let value = match edit {
            Edit::AddNode { parameters, .. } => parameters,
            Edit::SetParameter { value: Some(value), .. } => value,
            _ => return,
        };
        for (_, from, to) in self.renames.iter().filter(|(version, ..)| *version > seen) {
            if let Some(new) = rewritten(value, from, to) {
                *value = new;
            }
        }
    }
}

/// `value` with every reference to the node `from` made one to `to`; `None` where there is none.
pub(super) fn rewritten(value: &Value, from: &str, to: &str) -> Option<Value> {
    match value {
        Value::String(text) => match text.strip_prefix('=') {
            Some(source) => weft_expressions::renamed(source, from, to).map(|source| format!("={source}").into()),
            None => rewritten_code(text, from, to).map(Value::from),
        },
        Value::Array(array) => {
            let new: Vec<Option<Value>> = array.iter().map(|value| rewritten(value, from, to)).collect();
            new.iter().any(Option::is_some).then(|| {
                let values = array.iter().zip(new).map(|(old, new)| new.unwrap_or_else(|| old.clone()));
                Value::Array(Arc::new(values.collect()))
            })
        }
        Value::Object(object) => {
            let new: Vec<Option<Value>> = object.values().map(|value| rewritten(value, from, to)).collect();
            new.iter().any(Option::is_some).then(|| {
                let entries = object.iter().zip(new);
                let entries = entries.map(|((key, old), new)| (key.clone(), new.unwrap_or_else(|| old.clone())));
                Value::from(entries.collect::<Object>())
            })
        }
        _ => None,
    }
}

/// The same in a text that is no expression: the program of a code node. Only the ways in which a program names a node are
/// looked for, with the name as a plain string; one that a program puts together itself cannot be seen.
fn rewritten_code(code: &str, from: &str, to: &str) -> Option<String> {
    if !code.contains('$') {
        return None;
    }
    let mut text = code.to_owned();
    for (opening, closing) in [("$(", ")"), ("$node[", "]"), ("$items(", "")] {
        for quote in ['\'', '"', '`'] {
            let (from, to) = (quoted(from, quote), quoted(to, quote));
            text = text.replace(&format!("{opening}{from}{closing}"), &format!("{opening}{to}{closing}"));
        }
    }
    (text != code).then_some(text)
}

fn quoted(name: &str, quote: char) -> String {
    let mut text = String::from(quote);
    for c in name.chars() {
        if c == quote || c == '\\' || (quote == '`' && c == '$') {
            text.push('\\');
        }
        text.push(c);
    }
    text.push(quote);
    text
}
