//! `$execution.customData`: what the execution is marked with.

use weft_value::Value;

use super::{Table, arg};

pub(super) const METHODS: Table<Value> = &[
    ("get", |vm, data, args| {
        let name = vm.text(arg(args, 0))?;
        Ok(data.get(&name).clone())
    }),
    ("getAll", |_, data, _| Ok(data.clone())),
];
