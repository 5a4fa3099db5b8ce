//! What an import left out in silence.
//!
//! A kind reads an n8n node as it likes: which parameters it looked at cannot be seen from outside. What can be seen is whether a
//! parameter makes a difference. It is left out, changed, and the node is imported again each time; where ours is the same every
//! time, as far as the kind knows its parameters, the parameter was lost. Lists are looked at as a whole.

use weft_value::{Object, Value};

use crate::problem::is_collection;
use crate::{Imported, N8nNode, NodeKind, Parameter, ParameterType};

/// The most trials of one node: a node of thousands of parameters is nobody's.
const MOST_TRIALS: usize = 600;
/// How deep parameters are looked into: `options.redirect.redirect.followRedirects`.
const DEEPEST: usize = 4;
/// What the editor of n8n keeps for itself.
const OF_THE_EDITOR: [&str; 8] =
    ["cachedResultName", "cachedResultUrl", "schema", "removed", "__rl", "__regex", "ruleId", "id"];
/// A text that means nothing to anybody.
const ODD: &str = "\u{fffc}odd";
/// An expression that means nothing to anybody.
const ODD_EXPRESSION: &str = "={{ $json['\u{fffc}odd'] }}";

/// The parameters that made no difference to `imported`, by their paths.
pub(crate) fn lost(kind: &dyn NodeKind, node: &N8nNode<'_>, imported: &Imported) -> Vec<String> {
    let mut trials =
        Trials { kind, node, ours: visible(kind, node.parameters, imported), left: MOST_TRIALS, lost: Vec::new() };
    if let Some(given) = node.parameters.as_object() {
        trials.look_into(given, &mut Vec::new());
    }
    trials.lost
}

struct Trials<'a> {
    kind: &'a dyn NodeKind,
    node: &'a N8nNode<'a>,
    ours: Imported,
    left: usize,
    lost: Vec<String>,
}

impl Trials<'_> {
    fn look_into(&mut self, object: &Object, path: &mut Vec<String>) {
        for (name, value) in object {
            // How conditions are written down is said inside of them.
            let is_format = name.as_str() == "version" && !path.is_empty();
            if is_format || is_of_the_editor(name.as_str()) || says_nothing(value) {
                continue;
            }
            path.push(name.to_string());
            match (self.matters(value, path), value) {
                (false, _) => self.lost.push(path.join(".")),
                // What is one value to people is one here.
                (true, Value::Object(inner)) if path.len() < DEEPEST && !is_locator(inner) => {
                    self.look_into(inner, path);
                }
                (true, _) => {}
            }
            path.pop();
        }
    }

    /// Whether it makes a difference. Where it is not tried any longer, it does.
    fn matters(&mut self, value: &Value, path: &[String]) -> bool {
        let others = others(value);
        if self.left < others.len() {
            return true;
        }
        self.left -= others.len();
        others.into_iter().any(|other| {
            let given = with(self.node.parameters, path, other);
            match self.kind.import_n8n(&N8nNode { parameters: &given, ..*self.node }) {
                Ok(imported) => visible(self.kind, &given, &imported) != self.ours,
                Err(_) => true,
            }
        })
    }
}

/// What may stand in the place of a value; nothing first.
fn others(value: &Value) -> Vec<Option<Value>> {
    let mut others = vec![None];
    match value {
        Value::Bool(truth) => others.push(Some(Value::Bool(!truth))),
        Value::Number(number) => others.push(Some(Value::from(number + 1.0))),
        Value::String(_) => others.extend([Some(ODD.into()), Some(ODD_EXPRESSION.into())]),
        Value::Array(_) => others.push(Some(Value::from(Vec::<Value>::new()))),
        _ => {}
    }
    others
}

/// The parameters with something else at a path, or without it.
fn with(parameters: &Value, path: &[String], other: Option<Value>) -> Value {
    let mut object = parameters.as_object().cloned().unwrap_or_default();
    match path {
        [] => {}
        [name] => match other {
            Some(other) => object.insert(name.as_str(), other),
            None => _ = object.remove(name.as_str()),
        },
        [name, rest @ ..] => {
            let inner = with(parameters.get(name), rest, other);
            object.insert(name.as_str(), inner);
        }
    }
    object.into()
}

/// What the kind can see of an import: all but what was handed on as it was and what none of its parameters is called.
fn visible(kind: &dyn NodeKind, given: &Value, imported: &Imported) -> Imported {
    let parameters = known(&kind.descriptor().parameters, given, &imported.parameters);
    Imported { parameters, remarks: imported.remarks.clone() }
}

fn known(descriptors: &[Parameter], given: &Value, ours: &Value) -> Value {
    let Some(object) = ours.as_object() else { return ours.clone() };
    let seen = object.iter().filter(|(_, value)| !value.is_undefined()).filter_map(|(name, value)| {
        // A name may stand in the form several times, for several cases.
        let described: Vec<&Parameter> = descriptors.iter().filter(|one| one.name == name.as_str()).collect();
        let before = given.get(name.as_str());
        if described.is_empty() {
            return before.is_undefined().then(|| (name.clone(), value.clone()));
        }
        let looks_inside = described.iter().all(|one| is_collection(one) && !one.fields.is_empty() && !one.multiple);
        if !looks_inside || described.iter().any(|one| one.kind == ParameterType::Notice) {
            return Some((name.clone(), value.clone()));
        }
        let fields: Vec<Parameter> = described.iter().flat_map(|one| one.fields.iter().cloned()).collect();
        Some((name.clone(), known(&fields, before, value)))
    });
    seen.collect::<Object>().into()
}

fn is_of_the_editor(name: &str) -> bool {
    OF_THE_EDITOR.contains(&name) || name.starts_with("__") || name.to_ascii_lowercase().ends_with("notice")
}

/// A thing that is chosen from a list by its id or a URL, a table's columns, or conditions with how they are compared.
fn is_locator(object: &Object) -> bool {
    let has_conditions = object.get("conditions").and_then(Value::as_array).is_some();
    object.contains_key("__rl") || object.contains_key("mappingMode") || has_conditions
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Undefined | Value::Null => true,
        Value::String(text) => text.as_str().trim().is_empty() || text.as_str() == "=",
        Value::Array(list) => list.iter().all(says_nothing),
        Value::Object(object) => object.values().all(says_nothing),
        _ => false,
    }
}
