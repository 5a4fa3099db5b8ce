//! What the globals show: items, other nodes, the execution.

use weft_value::{Item, ItemRef, Object, Pairing, Text, Value};

use super::Vm;
use crate::ir::GlobalName;
use crate::library::datetime;
use crate::scope::Nth;
use crate::special::{Special, wrap};
use crate::stop::{Outcome, misuse};

/// An item as an object of `json`, `binary` and `pairedItem`.
pub(crate) fn item_value(item: &Item) -> Value {
    let mut object = Object::with_capacity(3);
    object.insert("json", item.json.clone());
    if item.binary.is_some() {
        object.insert("binary", binary(item));
    }
    match &item.pairing {
        Pairing::Unknown => {}
        Pairing::One(one) => object.insert("pairedItem", item_ref(*one)),
        Pairing::Earlier(earlier) => {
            let entries = [("item", Value::from(earlier.item)), ("iteration", Value::from(earlier.iteration))];
            object.insert("pairedItem", entries.into_iter().collect::<Object>());
        }
        Pairing::Many(many) => object.insert("pairedItem", many.iter().map(|one| item_ref(*one)).collect::<Vec<_>>()),
    }
    Value::from(object)
}

fn item_ref(reference: ItemRef) -> Value {
    let mut object: Object = [("item", Value::from(reference.item))].into_iter().collect();
    if reference.input != 0 {
        object.insert("input", reference.input);
    }
    Value::from(object)
}

/// The files of an item: what is known of them, without their bytes.
pub(crate) fn binary(item: &Item) -> Value {
    let Some(files) = &item.binary else { return Value::empty_object() };
    let mut object = Object::with_capacity(files.len());
    for (name, file) in files.iter() {
        let mut entry = Object::with_capacity(5);
        entry.insert("mimeType", file.mime_type.as_str());
        if let Some(file_name) = &file.file_name {
            entry.insert("fileName", file_name.as_str());
        }
        if let Some(extension) = file.extension() {
            entry.insert("fileExtension", extension);
        }
        if let Some(word) = file.file_type() {
            entry.insert("fileType", word);
        }
        entry.insert("fileSize", Value::Number(file.size as f64));
        object.insert(name.as_str(), entry);
    }
    Value::from(object)
}

impl Vm<'_> {
    /// `$('Name')`: fails at once where there is no such node.
    pub(super) fn node(&mut self, name: &Text) -> Outcome {
        self.scope.is_executed(name)?;
        Ok(wrap(Special::Node(name.clone())))
    }

    pub(super) fn node_by_name(&mut self, name: &Value) -> Outcome {
        let Value::String(name) = name else {
            return Err(misuse("$() needs the name of a node."));
        };
        self.node(name)
    }

    pub(super) fn named_global(&self, name: GlobalName) -> Value {
        let scope = self.scope;
        match name {
            GlobalName::Now => Value::from(datetime::now(scope)),
            GlobalName::Today => Value::from(datetime::today(scope)),
            GlobalName::Workflow => scope.workflow(),
            GlobalName::Execution => scope.execution(),
            GlobalName::ExecutionId => scope.execution().get("id").clone(),
            GlobalName::Vars => scope.variables(),
            GlobalName::Env => scope.environment(),
            GlobalName::Mode => scope.global("$mode").unwrap_or_else(|| scope.execution().get("mode").clone()),
            GlobalName::CustomData => match scope.execution().get("customData") {
                data @ Value::Object(_) => wrap(Special::CustomData(data.clone())),
                _ => wrap(Special::CustomData(Value::empty_object())),
            },
            GlobalName::Parameter => scope.parameters(),
            GlobalName::ItemIndex => Value::Number(self.item_place() as f64),
            GlobalName::RunIndex => Value::Number(scope.run_index() as f64),
            GlobalName::PrevNode => self.previous_node(),
            GlobalName::NodeMap => wrap(Special::NodeMap(self.item_place())),
            GlobalName::Item => scope.items().get(self.item).map(item_value).unwrap_or_default(),
        }
    }

    fn previous_node(&self) -> Value {
        let Some(previous) = self.scope.previous() else { return Value::empty_object() };
        let entries = [
            ("name", Value::from(previous.name)),
            ("outputIndex", Value::Number(previous.output as f64)),
            ("runIndex", Value::Number(previous.run as f64)),
        ];
        Value::from(entries.into_iter().collect::<Object>())
    }

    /// A list of items, paid for.
    pub(crate) fn items_value(&mut self, items: &[Item]) -> Outcome {
        self.budget.elements(items.len().saturating_mul(2))?;
        self.list(items.iter().map(item_value).collect())
    }

    pub(super) fn input_property(&mut self, name: &str) -> Outcome<Option<Value>> {
        let scope = self.scope;
        Ok(match name {
            "item" => Some(scope.items().get(self.item).map(item_value).unwrap_or_default()),
            "params" | "context" => match scope.previous() {
                Some(previous) if name == "params" => Some(scope.node_parameters(previous.name)?),
                Some(previous) => Some(scope.node_context(previous.name)?),
                None => Some(Value::empty_object()),
            },
            _ => None,
        })
    }

    pub(super) fn node_property(&mut self, node: &Text, name: &str) -> Outcome<Option<Value>> {
        let scope = self.scope;
        Ok(match name {
            "item" | "pairedItem" => Some(item_value(&scope.linked_item(node, self.item_place())?)),
            "isExecuted" => Some(Value::Bool(scope.is_executed(node)?)),
            "params" => Some(scope.node_parameters(node)?),
            "context" => Some(scope.node_context(node)?),
            "runIndex" => Some(run_index(scope.node_run_index(node)?)),
            _ => None,
        })
    }

    pub(super) fn legacy_node_property(&mut self, node: &Text, at: usize, name: &str) -> Outcome<Option<Value>> {
        let scope = self.scope;
        let item = || scope.node_item(node, None, None, Nth::At(at));
        Ok(match name {
            "json" | "data" => Some(item()?.map(|item| item.json).unwrap_or_default()),
            "binary" => Some(item()?.map(|item| binary(&item)).unwrap_or_default()),
            "parameter" => Some(scope.node_parameters(node)?),
            "context" => Some(scope.node_context(node)?),
            "runIndex" => Some(run_index(scope.node_run_index(node)?)),
            _ => None,
        })
    }

    /// `$item(index).$json` and its kin: the same globals, seen from another item.
    pub(super) fn item_at_property(&self, index: usize, name: &str) -> Option<Value> {
        let scope = self.scope;
        let item = scope.items().get(index);
        Some(match name {
            "$json" | "$data" => item.map(|item| item.json.clone()).unwrap_or_default(),
            "$binary" => item.map(binary).unwrap_or_default(),
            "$itemIndex" => Value::Number(index as f64),
            "$input" => {
                let entry = item.map(item_value).unwrap_or_default();
                Value::from([("item", entry)].into_iter().collect::<Object>())
            }
            "$node" => wrap(Special::NodeMap(index)),
            _ => return None,
        })
    }
}

/// Which time a node ran last; as in n8n, -1 where it has not run.
fn run_index(last: Option<usize>) -> Value {
    Value::Number(last.map_or(-1.0, |last| last as f64))
}
