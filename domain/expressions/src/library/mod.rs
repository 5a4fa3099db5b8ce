//! The functions of the language: one table per type, one entry per function.
//!
//! To add a method, write a function and add its entry to the table `METHODS` of its type (what JavaScript has) or
//! `EXTENSIONS` (what workflows have besides). To add a global or a static function, add its entry to `GLOBALS` or `STATICS`.

mod array;
mod array_callbacks;
mod array_extensions;
mod array_sort;
mod boolean;
pub(crate) mod collections;
mod custom_data;
pub(crate) mod date;
mod date_extensions;
mod date_parse;
pub mod dates;
pub(crate) mod datetime;
pub(crate) mod datetime_fields;
mod datetime_format;
mod datetime_intl;
mod datetime_localized;
mod datetime_methods;
mod datetime_parse;
mod datetime_pattern;
mod datetime_relative;
mod datetime_set;
mod datetime_statics;
mod datetime_units;
mod datetime_week;
pub(crate) mod duration;
mod equality;
mod few;
mod function;
mod globals;
mod hash;
pub(crate) mod interval;
mod interval_localized;
mod intl;
mod jmespath;
pub(crate) mod json;
mod lists;
mod locale;
mod locale_names;
mod math;
mod nodes;
mod number;
mod number_extensions;
mod number_format;
mod number_marks;
mod object;
mod object_extensions;
pub(crate) mod regexp;
mod regexp_translate;
mod relative;
mod string;
mod string_extensions;
mod string_patterns;
pub(crate) mod text;
mod uri;
mod web;

mod dispatch;
mod namespace;

use weft_value::Value;

pub(crate) use array_callbacks::check_depth;
pub(crate) use object::keys;

use crate::stop::Outcome;
use crate::vm::Vm;

pub(crate) use dispatch::{MethodSet, call_method, has_native, is_extension, is_object_method, method_set};
pub(crate) use namespace::{
    Namespace, call_namespace, constant, constructor, global, is_instance, namespace, static_method,
};

/// Every function and method with the receiver under which the catalogue lists it.
#[cfg(test)]
pub(crate) fn known() -> Vec<(&'static str, &'static str)> {
    let mut known = dispatch::known_methods();
    known.extend(namespace::known_functions());
    known
}

/// A function that belongs to no value.
pub(crate) struct Native {
    /// Its name, for messages.
    pub name: &'static str,
    /// What it does.
    pub run: fn(&mut Vm<'_>, &[Value]) -> Outcome,
}

impl std::fmt::Debug for Native {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Native({})", self.name)
    }
}

/// A table of methods: names and functions that take the receiver as a `T`.
pub(crate) type Table<T> = &'static [(&'static str, Method<T>)];

/// A method of a `T`.
pub(crate) type Method<T> = fn(&mut Vm<'_>, &T, &[Value]) -> Outcome;

/// Argument `index`, `undefined` where it is missing.
pub(crate) fn arg(args: &[Value], index: usize) -> &Value {
    const NONE: &Value = &Value::Undefined;
    args.get(index).unwrap_or(NONE)
}
