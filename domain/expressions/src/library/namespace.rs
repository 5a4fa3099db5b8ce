//! What stands under a name: `Math`, `JSON`, `Date`, and the functions that belong to no value.

use weft_value::{Text, Value};

use super::{
    Native, arg, array_callbacks, collections, date, datetime_statics, duration, globals, interval, intl, json, math,
    object,
};
use crate::convert::{truthy, type_of};
use crate::special::{Special, special, wrap};
use crate::stop::{Outcome, type_error};
use crate::vm::Vm;

/// A name with properties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Namespace {
    Math,
    Json,
    Object,
    Array,
    Number,
    String,
    Boolean,
    Date,
    RegExp,
    Set,
    Map,
    /// `Error` and its kin, by name.
    Error(&'static str),
    DateTime,
    Duration,
    Interval,
    BigInt,
    Intl,
    /// A name that exists for `typeof` and `instanceof` alone.
    Inert,
    /// The same, for a class.
    InertClass,
}

impl Namespace {
    /// Whether it can be called or constructed.
    pub(crate) fn is_constructor(self) -> bool {
        !matches!(self, Self::Math | Self::Json | Self::Intl | Self::Inert)
    }
}

const ERRORS: &[&str] = &["Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError"];

/// The namespace called `name`.
pub(crate) fn namespace(name: &str) -> Option<Namespace> {
    Some(match name {
        "Math" => Namespace::Math,
        "JSON" => Namespace::Json,
        "Object" => Namespace::Object,
        "Array" => Namespace::Array,
        "Number" => Namespace::Number,
        "String" => Namespace::String,
        "Boolean" => Namespace::Boolean,
        "Date" => Namespace::Date,
        "RegExp" => Namespace::RegExp,
        "Set" | "WeakSet" => Namespace::Set,
        "Map" | "WeakMap" => Namespace::Map,
        "DateTime" => Namespace::DateTime,
        "Duration" => Namespace::Duration,
        "Interval" => Namespace::Interval,
        "BigInt" => Namespace::BigInt,
        "Intl" => Namespace::Intl,
        "Atomics" => Namespace::Inert,
        "Symbol" => Namespace::InertClass,
        _ if ARRAYS.iter().any(|native| native.name == name) => Namespace::InertClass,
        _ => Namespace::Error(ERRORS.iter().find(|error| **error == name)?),
    })
}

/// The static function `name` of a namespace.
pub(crate) fn static_method(namespace: Namespace, name: &str) -> Option<&'static Native> {
    tables(namespace).into_iter().flatten().find(|native| native.name == name)
}

fn tables(namespace: Namespace) -> [&'static [Native]; 2] {
    match namespace {
        Namespace::Math => [math::ONE, math::MANY],
        Namespace::Json => [json::STATICS, &[]],
        Namespace::Object => [object::STATICS, &[]],
        Namespace::Array => [ARRAY, &[]],
        Namespace::Number => [NUMBER, &[]],
        Namespace::String => [STRING, &[]],
        Namespace::Date => [date::STATICS, &[]],
        Namespace::Map => [MAP, &[]],
        Namespace::DateTime => [datetime_statics::STATICS, &[]],
        Namespace::Duration => [duration::STATICS, &[]],
        Namespace::Interval => [interval::STATICS, &[]],
        Namespace::Intl => [intl::STATICS, &[]],
        _ => [&[], &[]],
    }
}

/// Every static function and every global one with the receiver of the catalogue that lists it.
#[cfg(test)]
pub(crate) fn known_functions() -> Vec<(&'static str, &'static str)> {
    const NAMESPACES: &[&str] = &[
        "Math", "JSON", "Object", "Array", "Number", "String", "Date", "Map", "DateTime", "Duration", "Interval",
        "Intl",
    ];
    let statics = NAMESPACES.iter().flat_map(|receiver| {
        let tables = namespace(receiver).map(tables).into_iter().flatten().flatten();
        tables.map(move |native| (*receiver, native.name))
    });
    let globals = globals::GLOBALS.iter().map(|native| ("global", native.name));
    statics.chain(globals).collect()
}

/// The function called `name` that belongs to nothing.
pub(crate) fn global(name: &str) -> Option<&'static Native> {
    globals::GLOBALS.iter().find(|native| native.name == name)
}

/// What `new name(…)` does.
pub(crate) fn constructor(name: &str) -> Option<&'static Native> {
    CONSTRUCTORS.iter().copied().flatten().find(|native| native.name == name)
}

/// A property of a namespace that is no function.
pub(crate) fn constant(namespace: Namespace, name: &str) -> Option<Value> {
    let number = match (namespace, name) {
        (Namespace::Math, _) => math::constant(name)?,
        (Namespace::Number, "MAX_SAFE_INTEGER") => 9_007_199_254_740_991.0,
        (Namespace::Number, "MIN_SAFE_INTEGER") => -9_007_199_254_740_991.0,
        (Namespace::Number, "MAX_VALUE") => f64::MAX,
        (Namespace::Number, "MIN_VALUE") => 5e-324,
        (Namespace::Number, "EPSILON") => f64::EPSILON,
        (Namespace::Number, "POSITIVE_INFINITY") => f64::INFINITY,
        (Namespace::Number, "NEGATIVE_INFINITY") => f64::NEG_INFINITY,
        (Namespace::Number, "NaN") => f64::NAN,
        (Namespace::Error(class), "name") => return Some(Value::from(class)),
        (Namespace::DateTime, _) => return datetime_statics::format_constant(name),
        _ => return None,
    };
    Some(Value::Number(number))
}

/// `instanceof`.
pub(crate) fn is_instance(value: &Value, namespace: Namespace) -> bool {
    match (value, namespace) {
        (Value::Array(_), Namespace::Array) | (Value::DateTime(_), Namespace::DateTime) => true,
        (_, Namespace::Object) => type_of(value) == "object" && !matches!(value, Value::Null),
        _ => match (special(value), namespace) {
            (Some(Special::Date(_)), Namespace::Date)
            | (Some(Special::RegExp(_)), Namespace::RegExp)
            | (Some(Special::Set(_)), Namespace::Set)
            | (Some(Special::Map(_)), Namespace::Map)
            | (Some(Special::Duration(_)), Namespace::Duration)
            | (Some(Special::Interval(..)), Namespace::Interval)
            | (Some(Special::Matched { .. }), Namespace::Array)
            | (Some(Special::InvalidDateTime), Namespace::DateTime) => true,
            (Some(Special::Error { name, .. }), Namespace::Error(class)) => class == "Error" || *name == class,
            _ => false,
        },
    }
}

/// `String(x)`, `Number(x)` and their kin, called without `new`.
pub(crate) fn call_namespace(vm: &mut Vm<'_>, namespace: Namespace, args: &[Value]) -> Outcome {
    match namespace {
        Namespace::String if args.is_empty() => Ok(Value::from("")),
        Namespace::String => Ok(Value::String(vm.text(arg(args, 0))?)),
        Namespace::Number if args.is_empty() => Ok(Value::Number(0.0)),
        Namespace::Number => Ok(Value::Number(vm.number(arg(args, 0))?)),
        Namespace::BigInt => Ok(Value::Number(vm.number(arg(args, 0))?.trunc())),
        Namespace::Boolean => Ok(Value::Bool(truthy(arg(args, 0)))),
        Namespace::Array => new_array(vm, args),
        Namespace::Object => Ok(if arg(args, 0).is_nullish() { Value::empty_object() } else { arg(args, 0).clone() }),
        Namespace::Date => {
            let now = vm.scope.now().as_millisecond() as f64;
            Ok(Value::from(date::date_to_string(now, vm.scope.time_zone())))
        }
        Namespace::RegExp => new_regexp(vm, args),
        Namespace::Error(name) => new_error(vm, name, args),
        _ => Err(type_error("This is not a function")),
    }
}

fn new_array(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    match args {
        [Value::Number(length)] => {
            if *length < 0.0 || length.fract() != 0.0 || *length > 4_294_967_295.0 {
                return Err(crate::stop::range_error("Invalid array length"));
            }
            vm.budget.elements(*length as usize)?;
            Ok(Value::from(vec![Value::Undefined; *length as usize]))
        }
        _ => vm.list(args.to_vec()),
    }
}

fn new_regexp(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    let (source, flags) = match special(arg(args, 0)) {
        Some(Special::RegExp(regexp)) => (Text::from(regexp.source()), Text::from(regexp.flags())),
        _ if arg(args, 0).is_undefined() => (Text::from(""), Text::from("")),
        _ => (vm.text(arg(args, 0))?, Text::from("")),
    };
    let flags = if arg(args, 1).is_undefined() { flags } else { vm.text(arg(args, 1))? };
    vm.budget.walk(100 + source.len())?;
    super::regexp::RegExp::new(&source, &flags)
        .map(|regexp| wrap(Special::RegExp(regexp)))
        .map_err(|reason| crate::stop::throw("SyntaxError", reason))
}

fn new_error(vm: &mut Vm<'_>, name: &'static str, args: &[Value]) -> Outcome {
    let message = if arg(args, 0).is_undefined() { Text::from("") } else { vm.text(arg(args, 0))? };
    Ok(wrap(Special::Error { name, message }))
}

/// A list of so many zeros (a typed array), or of what is given.
fn zeros(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    let length = match arg(args, 0) {
        Value::Undefined => 0.0,
        Value::Array(list) => return vm.list(list.to_vec()),
        other => vm.number(other)?,
    };
    let length = if length >= 0.0 { length.min(1e15) as usize } else { 0 };
    vm.budget.elements(length)?;
    Ok(Value::from(vec![Value::Number(0.0); length]))
}

/// A buffer, of which only the length can be seen.
fn buffer(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    let length = match arg(args, 0) {
        Value::Object(other) => other.get("byteLength").cloned().unwrap_or_default(),
        other => Value::Number(vm.number(other)?),
    };
    Ok(Value::from([("byteLength", length)].into_iter().collect::<weft_value::Object>()))
}

macro_rules! natives {
    ($run:expr; $($name:literal),* $(,)?) => { &[$(Native { name: $name, run: $run }),*] };
}

static ARRAYS: &[Native] = natives! { zeros;
    "Uint8Array", "Uint8ClampedArray", "Int8Array", "Uint16Array", "Int16Array", "Uint32Array", "Int32Array",
    "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array",
};

static CONSTRUCTORS: &[&[Native]] = &[
    ARRAYS,
    natives! { buffer; "ArrayBuffer", "SharedArrayBuffer", "DataView" },
    &[
        Native { name: "Date", run: date::construct },
        Native { name: "String", run: |vm, args| call_namespace(vm, Namespace::String, args) },
        Native { name: "Number", run: |vm, args| call_namespace(vm, Namespace::Number, args) },
        Native { name: "Boolean", run: |vm, args| call_namespace(vm, Namespace::Boolean, args) },
        Native { name: "Array", run: |vm, args| call_namespace(vm, Namespace::Array, args) },
        Native { name: "Object", run: |vm, args| call_namespace(vm, Namespace::Object, args) },
        Native { name: "RegExp", run: new_regexp },
        Native { name: "Error", run: |vm, args| new_error(vm, "Error", args) },
        Native { name: "TypeError", run: |vm, args| new_error(vm, "TypeError", args) },
        Native { name: "RangeError", run: |vm, args| new_error(vm, "RangeError", args) },
        Native { name: "SyntaxError", run: |vm, args| new_error(vm, "SyntaxError", args) },
        Native { name: "ReferenceError", run: |vm, args| new_error(vm, "ReferenceError", args) },
        Native { name: "EvalError", run: |vm, args| new_error(vm, "EvalError", args) },
        Native { name: "URIError", run: |vm, args| new_error(vm, "URIError", args) },
        Native { name: "Set", run: collections::NEW_SET.run },
        Native { name: "WeakSet", run: collections::NEW_SET.run },
        Native { name: "Map", run: collections::NEW_MAP.run },
        Native { name: "WeakMap", run: collections::NEW_MAP.run },
    ],
];

static ARRAY: &[Native] = &[
    Native { name: "isArray", run: |_, args| Ok(Value::Bool(is_instance(arg(args, 0), Namespace::Array))) },
    Native { name: "of", run: |vm, args| vm.list(args.to_vec()) },
    Native { name: "from", run: array_from },
];

static MAP: &[Native] = &[Native { name: "groupBy", run: array_callbacks::group_by }];

fn array_from(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    let elements = match arg(args, 0) {
        Value::Object(object) => {
            let length = object.get("length").cloned().unwrap_or_default();
            let length = crate::convert::to_integer(vm.number(&length)?).clamp(0.0, 1e15) as usize;
            vm.budget.elements(length)?;
            (0..length).map(|index| object.get(&index.to_string()).cloned().unwrap_or_default()).collect()
        }
        other => vm.iterate(other)?.into_owned(),
    };
    let map = arg(args, 1);
    if map.is_undefined() {
        return vm.list(elements);
    }
    vm.budget.elements(elements.len())?;
    let mut mapped = Vec::with_capacity(elements.len());
    for (index, element) in elements.into_iter().enumerate() {
        mapped.push(vm.call(map, &[element, Value::Number(index as f64)])?);
    }
    Ok(Value::from(mapped))
}

static NUMBER: &[Native] = &[
    Native {
        name: "isInteger",
        run: |_, args| Ok(Value::Bool(arg(args, 0).as_f64().is_some_and(|n| n.is_finite() && n.fract() == 0.0))),
    },
    Native {
        name: "isSafeInteger",
        run: |_, args| {
            Ok(Value::Bool(
                arg(args, 0).as_f64().is_some_and(|n| n.fract() == 0.0 && n.abs() <= 9_007_199_254_740_991.0),
            ))
        },
    },
    Native { name: "isFinite", run: |_, args| Ok(Value::Bool(arg(args, 0).as_f64().is_some_and(f64::is_finite))) },
    Native { name: "isNaN", run: |_, args| Ok(Value::Bool(arg(args, 0).as_f64().is_some_and(f64::is_nan))) },
    Native { name: "parseInt", run: globals::parse_int },
    Native { name: "parseFloat", run: globals::parse_float },
];

static STRING: &[Native] = &[
    Native {
        name: "fromCharCode",
        run: |vm, args| {
            let mut units = Vec::with_capacity(args.len());
            for arg in args {
                units.push(crate::convert::to_uint32(vm.number(arg)?) as u16);
            }
            vm.string(String::from_utf16_lossy(&units))
        },
    },
    Native {
        name: "fromCodePoint",
        run: |vm, args| {
            let mut text = String::new();
            for arg in args {
                let code = vm.number(arg)?;
                text.push(char::from_u32(code as u32).unwrap_or('\u{fffd}'));
            }
            vm.string(text)
        },
    },
    Native { name: "raw", run: raw },
];

/// `String.raw({ raw: texts }, ...values)`: the texts with the values between them.
fn raw(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    let texts = vm.property(arg(args, 0), &Text::from("raw"))?;
    let texts = vm.iterate(&texts)?.into_owned();
    let mut out = String::new();
    for (index, text) in texts.iter().enumerate() {
        vm.append(&mut out, text)?;
        if index + 1 < texts.len()
            && let Some(value) = args.get(index + 1)
        {
            vm.append(&mut out, value)?;
        }
    }
    vm.string(out)
}
