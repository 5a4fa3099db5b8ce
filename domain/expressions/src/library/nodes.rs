//! The methods of `$input` and `$('Name')`.

use weft_value::{Text, Value};

use super::{Table, arg};
use crate::scope::Nth;
use crate::special::{Special, special};
use crate::stop::{Outcome, misuse, type_error};
use crate::vm::{Vm, item_value};

pub(super) const METHODS: Table<Value> = &[
    ("first", |vm, this, args| pick(vm, this, args, Nth::First)),
    ("last", |vm, this, args| pick(vm, this, args, Nth::Last)),
    ("all", all),
    ("itemMatching", matching),
    ("pairedItem", matching),
];

fn pick(vm: &mut Vm<'_>, this: &Value, args: &[Value], which: Nth) -> Outcome {
    let scope = vm.scope;
    if let Some(Special::Input) = special(this) {
        let items = scope.items();
        return Ok(which.place(items.len()).map(|place| item_value(&items[place])).unwrap_or_default());
    }
    let (node, output, run) = asked(this, args)?;
    Ok(scope.node_item(node, output, run, which)?.as_ref().map(item_value).unwrap_or_default())
}

fn all(vm: &mut Vm<'_>, this: &Value, args: &[Value]) -> Outcome {
    let scope = vm.scope;
    if let Some(Special::Input) = special(this) {
        return vm.items_value(scope.items());
    }
    let (node, output, run) = asked(this, args)?;
    let items = scope.node_items(node, output, run)?;
    vm.items_value(&items)
}

/// Whose items are asked for: of which node, of which of its outputs, in which run.
fn asked<'v>(this: &'v Value, args: &[Value]) -> Outcome<(&'v Text, Option<usize>, Option<usize>)> {
    let Some(Special::Node(node)) = special(this) else {
        return Err(type_error("This is not a node"));
    };
    let number = |value: &Value| value.as_f64().filter(|number| *number >= 0.0).map(|number| number as usize);
    Ok((node, number(arg(args, 0)), number(arg(args, 1))))
}

fn matching(vm: &mut Vm<'_>, this: &Value, args: &[Value]) -> Outcome {
    let index = match arg(args, 0) {
        Value::Undefined => vm.item_place(),
        Value::Number(index) if *index >= 0.0 => *index as usize,
        _ => return Err(misuse("itemMatching() needs the index of an item.")),
    };
    let scope = vm.scope;
    match special(this) {
        Some(Special::Node(node)) => Ok(item_value(&scope.linked_item(node, index)?)),
        Some(Special::Input) => {
            let place = index.checked_sub(scope.items_before());
            Ok(place.and_then(|place| scope.items().get(place)).map(item_value).unwrap_or_default())
        }
        _ => Err(type_error("This is not a node")),
    }
}
