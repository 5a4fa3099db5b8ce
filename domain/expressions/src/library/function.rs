//! Methods of functions.

use weft_value::Value;

use super::{Table, arg};

pub(super) const METHODS: Table<Value> = &[
    ("call", |vm, this, args| vm.call(this, args.get(1..).unwrap_or(&[]))),
    ("apply", |vm, this, args| {
        let given = match arg(args, 1) {
            Value::Undefined | Value::Null => Vec::new(),
            list => vm.iterate(list)?.into_owned(),
        };
        vm.call(this, &given)
    }),
    ("bind", |_, this, _| Ok(this.clone())),
];
