//! The methods of `$input` and `$('Name')`.

use std::sync::Arc;

use weft_value::{Item, Value};

use super::{Table, arg};
use crate::special::{Special, special};
use crate::stop::{Outcome, misuse, type_error};
use crate::vm::{Vm, item_value};

pub(super) const METHODS: Table<Value> = &[
    ("first", |vm, this, args| pick(vm, this, args, <[Item]>::first)),
    ("last", |vm, this, args| pick(vm, this, args, <[Item]>::last)),
    ("all", all),
    ("itemMatching", matching),
    ("pairedItem", matching),
];

fn pick(vm: &mut Vm<'_>, this: &Value, args: &[Value], which: fn(&[Item]) -> Option<&Item>) -> Outcome {
    let scope = vm.scope;
    Ok(match special(this) {
        Some(Special::Input) => which(scope.items()).map(item_value).unwrap_or_default(),
        _ => which(&items(vm, this, args)?).map(item_value).unwrap_or_default(),
    })
}

fn all(vm: &mut Vm<'_>, this: &Value, args: &[Value]) -> Outcome {
    let scope = vm.scope;
    if let Some(Special::Input) = special(this) {
        return vm.items_value(scope.items());
    }
    let items = items(vm, this, args)?;
    vm.items_value(&items)
}

/// The items of a node, by output and run.
fn items(vm: &mut Vm<'_>, this: &Value, args: &[Value]) -> Outcome<Arc<Vec<Item>>> {
    let Some(Special::Node(node)) = special(this) else {
        return Err(type_error("This is not a node"));
    };
    let number = |value: &Value| value.as_f64().filter(|number| *number >= 0.0).map(|number| number as usize);
    Ok(vm.scope.node_items(node, number(arg(args, 0)), number(arg(args, 1)))?)
}

fn matching(vm: &mut Vm<'_>, this: &Value, args: &[Value]) -> Outcome {
    let index = match arg(args, 0) {
        Value::Undefined => vm.item,
        Value::Number(index) if *index >= 0.0 => *index as usize,
        _ => return Err(misuse("itemMatching() needs the index of an item.")),
    };
    let scope = vm.scope;
    match special(this) {
        Some(Special::Node(node)) => Ok(item_value(&scope.linked_item(node, index)?)),
        Some(Special::Input) => Ok(scope.items().get(index).map(item_value).unwrap_or_default()),
        _ => Err(type_error("This is not a node")),
    }
}
