//! Methods of functions.

use weft_value::Value;

use super::{Table, arg, check_depth};
use crate::special::{Special, wrap};

pub(super) const METHODS: Table<Value> = &[
    ("call", |vm, this, args| vm.call(this, args.get(1..).unwrap_or(&[]))),
    ("apply", |vm, this, args| {
        let given = match arg(args, 1) {
            Value::Undefined | Value::Null => Vec::new(),
            list => vm.iterate(list)?.into_owned(),
        };
        vm.call(this, &given)
    }),
    ("bind", |vm, this, args| match args.get(1..) {
        None | Some([]) => Ok(this.clone()),
        Some(given) => {
            vm.budget.elements(given.len())?;
            given.iter().chain([this]).try_for_each(|part| check_depth(vm, part, 0))?;
            Ok(wrap(Special::Bound(this.clone(), given.into())))
        }
    }),
];
