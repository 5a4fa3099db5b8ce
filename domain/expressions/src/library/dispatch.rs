//! Which function answers a method call.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use weft_value::{DateTime, Object, Text, Value};

use super::date::Date;
use super::duration::Duration;
use super::regexp::RegExp;
use super::{
    Method, Table, array, array_callbacks, array_extensions, boolean, collections, custom_data, date, date_extensions,
    datetime_fields, datetime_methods, datetime_parse, duration, function, interval, intl, nodes, number,
    number_extensions, object, object_extensions, regexp, string, string_extensions, string_patterns,
};
use crate::collection::Handle;
use crate::special::{Special, special};
use crate::stop::{Outcome, misuse, type_error};
use crate::vm::Vm;

/// Everything that the library has under one name.
#[derive(Debug, Default)]
pub(crate) struct MethodSet {
    name: &'static str,
    string: Option<Entry<Text>>,
    number: Option<Entry<f64>>,
    boolean: Option<Entry<bool>>,
    array: Option<Entry<Arc<Vec<Value>>>>,
    object: Option<Entry<Arc<Object>>>,
    /// JavaScript's `Date`.
    date: Option<Entry<Date>>,
    datetime: Option<Entry<DateTime>>,
    /// The extensions that dates and ISO strings share.
    moment: Option<Entry<DateTime>>,
    duration: Option<Entry<Duration>>,
    regexp: Option<Entry<RegExp>>,
    interval: Option<Entry<(DateTime, DateTime)>>,
    set: Option<Entry<Handle>>,
    map: Option<Entry<Handle>>,
    function: Option<Entry<Value>>,
    /// `Intl.NumberFormat` and its kin.
    format: Option<Entry<Value>>,
    /// `$execution.customData`, by its data.
    custom_data: Option<Entry<Value>>,
    /// `$input` and `$('Name')`.
    node: Option<Entry<Value>>,
    /// What all that is none of the above has: errors, for instance.
    special: Option<Entry<Value>>,
    /// Whether a list that is asked for this changes.
    changes_lists: bool,
    /// Whether the name is an extension of any type: its misuse fails instead of being `undefined`.
    extension: bool,
    /// `isEmpty` and `isNotEmpty` answer for nothing too.
    empty: Option<bool>,
}

impl MethodSet {
    /// Whether a list that is asked for this changes.
    pub(crate) fn changes_lists(&self) -> bool {
        self.changes_lists
    }
}

/// One function.
#[derive(Debug)]
struct Entry<T> {
    run: Method<T>,
    extension: bool,
}

/// What the library has under `name`.
pub(crate) fn method_set(name: &str) -> Option<&'static MethodSet> {
    static SETS: OnceLock<HashMap<&'static str, MethodSet>> = OnceLock::new();
    SETS.get_or_init(collect).get(name)
}

/// What every value has that is more than data.
const SPECIAL_METHODS: Table<Value> = &[("toString", |vm, this, _| Ok(Value::String(vm.text(this)?)))];

/// Extensions come after JavaScript's own, so that they win where both have a name, as they do for workflows.
fn collect() -> HashMap<&'static str, MethodSet> {
    let mut sets = HashMap::new();
    for (methods, extension) in
        [(string::METHODS, false), (string_patterns::METHODS, false), (string_extensions::EXTENSIONS, true)]
    {
        add(&mut sets, methods, extension, |set| &mut set.string);
    }
    for (methods, extension) in [(number::METHODS, false), (number_extensions::EXTENSIONS, true)] {
        add(&mut sets, methods, extension, |set| &mut set.number);
    }
    for (methods, extension) in
        [(array::METHODS, false), (array_callbacks::METHODS, false), (array_extensions::EXTENSIONS, true)]
    {
        add(&mut sets, methods, extension, |set| &mut set.array);
    }
    for (methods, extension) in [(object::METHODS, false), (object_extensions::EXTENSIONS, true)] {
        add(&mut sets, methods, extension, |set| &mut set.object);
    }
    add(&mut sets, boolean::METHODS, false, |set| &mut set.boolean);
    add(&mut sets, boolean::EXTENSIONS, true, |set| &mut set.boolean);
    for table in date::TABLES {
        add(&mut sets, table, false, |set| &mut set.date);
    }
    add(&mut sets, datetime_methods::METHODS, false, |set| &mut set.datetime);
    add(&mut sets, date_extensions::EXTENSIONS, true, |set| &mut set.moment);
    add(&mut sets, duration::METHODS, false, |set| &mut set.duration);
    add(&mut sets, regexp::METHODS, false, |set| &mut set.regexp);
    add(&mut sets, interval::METHODS, false, |set| &mut set.interval);
    add(&mut sets, collections::SET_METHODS, false, |set| &mut set.set);
    add(&mut sets, collections::MAP_METHODS, false, |set| &mut set.map);
    add(&mut sets, function::METHODS, false, |set| &mut set.function);
    add(&mut sets, intl::METHODS, false, |set| &mut set.format);
    add(&mut sets, custom_data::METHODS, false, |set| &mut set.custom_data);
    add(&mut sets, nodes::METHODS, false, |set| &mut set.node);
    add(&mut sets, SPECIAL_METHODS, false, |set| &mut set.special);
    for name in array::CHANGING {
        sets.entry(name).or_insert_with(|| MethodSet { name, ..MethodSet::default() }).changes_lists = true;
    }
    for (name, answer) in [("isEmpty", true), ("isNotEmpty", false)] {
        sets.entry(name).or_insert_with(|| MethodSet { name, ..MethodSet::default() }).empty = Some(answer);
    }
    sets
}

fn add<T>(
    sets: &mut HashMap<&'static str, MethodSet>,
    table: Table<T>,
    extension: bool,
    place: impl Fn(&mut MethodSet) -> &mut Option<Entry<T>>,
) {
    for (name, run) in table {
        let set = sets.entry(name).or_insert_with(|| MethodSet { name, ..MethodSet::default() });
        set.extension |= extension;
        *place(set) = Some(Entry { run: *run, extension });
    }
}

/// Calls the method that `set` has for `this`.
pub(crate) fn call_method(vm: &mut Vm<'_>, set: &MethodSet, this: &Value, args: &[Value]) -> Outcome {
    vm.budget.step()?;
    let answered = match this {
        Value::String(text) => return string_method(vm, set, text, args),
        Value::Array(elements) => set.array.as_ref().map(|entry| (entry.run)(vm, elements, args)),
        Value::Object(object) => set.object.as_ref().map(|entry| (entry.run)(vm, object, args)),
        Value::Number(number) => set.number.as_ref().map(|entry| (entry.run)(vm, number, args)),
        Value::Bool(truth) => set.boolean.as_ref().map(|entry| (entry.run)(vm, truth, args)),
        Value::DateTime(moment) => {
            let entry = set.datetime.as_ref().or(set.moment.as_ref());
            entry.map(|entry| (entry.run)(vm, moment, args).map(|answer| in_language_of(moment, answer)))
        }
        Value::Undefined | Value::Null => return on_nothing(set, this),
        Value::Opaque(_) => return special_method(vm, set, this, args),
    };
    answered.unwrap_or_else(|| Err(not_callable(set, this)))
}

/// What a method makes of a moment is written in the language of the moment.
fn in_language_of(moment: &DateTime, answer: Value) -> Value {
    match answer {
        Value::DateTime(made) if moment.language().is_some() && made.language().is_none() => {
            Value::from(DateTime::clone(&made).in_language(moment.language().cloned()))
        }
        other => other,
    }
}

/// A string that is an ISO date takes the extensions of dates that strings lack; written as `Date` writes itself, it takes the others of
/// dates too.
fn string_method(vm: &mut Vm<'_>, set: &MethodSet, text: &Text, args: &[Value]) -> Outcome {
    if let Some(entry) = &set.moment
        && !matches!(set.name, "toDate" | "toDateTime")
        && (set.string.is_none() || datetime_parse::is_as_dates_write_it(text))
        && let Some(moment) = datetime_parse::iso(text, vm.scope.time_zone())
    {
        return (entry.run)(vm, &moment, args);
    }
    match &set.string {
        // Nearly all of them read the whole text, if only to count it. So it is paid for here, once for all.
        Some(entry) => {
            vm.budget.scan(text.len())?;
            (entry.run)(vm, text, args)
        }
        None => Err(not_callable(set, &Value::String(text.clone()))),
    }
}

fn special_method(vm: &mut Vm<'_>, set: &MethodSet, this: &Value, args: &[Value]) -> Outcome {
    let Some(special) = special(this) else { return Err(not_callable(set, this)) };
    let answered = match special {
        Special::Date(date) => date_method(vm, set, date, args),
        Special::Duration(invalid) if !invalid.is_valid() && set.duration.is_some() => {
            return Ok(duration::invalid_method(set.name));
        }
        Special::Duration(duration) => answer(vm, set.duration.as_ref(), duration, args),
        Special::RegExp(regexp) => answer(vm, set.regexp.as_ref(), regexp, args),
        Special::Interval(start, end) => answer(vm, set.interval.as_ref(), &(start.clone(), end.clone()), args),
        Special::Set(handle) => answer(vm, set.set.as_ref(), handle, args),
        Special::Map(handle) => answer(vm, set.map.as_ref(), handle, args),
        Special::Closure(..) | Special::Native(_) | Special::Method(..) | Special::Bound(..) => {
            answer(vm, set.function.as_ref(), this, args)
        }
        Special::Format(..) => answer(vm, set.format.as_ref(), this, args),
        Special::CustomData(data) => answer(vm, set.custom_data.as_ref(), data, args),
        Special::Input | Special::Node(_) => answer(vm, set.node.as_ref(), this, args),
        Special::Matched { list, .. } => return call_method(vm, set, &Value::Array(Arc::clone(list)), args),
        Special::InvalidDateTime if set.datetime.is_some() || set.moment.is_some() => {
            return Ok(datetime_fields::invalid_method(set.name));
        }
        Special::Namespace(namespace) => {
            super::static_method(*namespace, set.name).map(|native| (native.run)(vm, args))
        }
        Special::InvalidDateTime
        | Special::Error { .. }
        | Special::NodeMap(_)
        | Special::LegacyNode(..)
        | Special::ItemAt(_) => None,
    };
    match answered.or_else(|| answer(vm, set.special.as_ref(), this, args)) {
        Some(answered) => answered,
        None => own_method(vm, set, this, args),
    }
}

fn answer<T>(vm: &mut Vm<'_>, entry: Option<&Entry<T>>, this: &T, args: &[Value]) -> Option<Outcome> {
    entry.map(|entry| (entry.run)(vm, this, args))
}

fn date_method(vm: &mut Vm<'_>, set: &MethodSet, date: &Date, args: &[Value]) -> Option<Outcome> {
    if let Some(entry) = &set.date {
        return Some((entry.run)(vm, date, args));
    }
    let entry = set.moment.as_ref()?;
    let moment = crate::special::date_time(date.millis(), vm.scope.time_zone().clone())?;
    Some(date_extensions::on_date(vm, set.name, entry.run, &moment, args))
}

/// A function that the value has as a property of its own.
fn own_method(vm: &mut Vm<'_>, set: &MethodSet, this: &Value, args: &[Value]) -> Outcome {
    let name = Text::from(set.name);
    match vm.property(this, &name)? {
        own if special(&own).is_some_and(|s| s.is_callable() && !matches!(s, Special::Method(..))) => {
            vm.call(&own, args)
        }
        _ => Err(not_callable(set, this)),
    }
}

fn on_nothing(set: &MethodSet, this: &Value) -> Outcome {
    if let Some(answer) = set.empty {
        return Ok(Value::Bool(answer));
    }
    let nothing = if matches!(this, Value::Null) { "null" } else { "undefined" };
    if set.extension {
        return Err(misuse(format!(
            "{}() cannot be used on {nothing}. Write ?.{}() where the value may be missing.",
            set.name, set.name
        )));
    }
    Err(type_error(format!("Cannot read properties of {nothing} (reading '{}')", set.name)))
}

fn not_callable(set: &MethodSet, this: &Value) -> crate::stop::Stop {
    if !set.extension {
        return type_error(format!("{} is not a function", set.name));
    }
    let kinds = [
        (set.string.is_some(), "text"),
        (set.number.is_some(), "a number"),
        (set.array.is_some(), "a list"),
        (set.object.is_some(), "an object"),
        (set.moment.is_some(), "a date"),
        (set.boolean.is_some(), "true or false"),
    ];
    let kinds: Vec<_> = kinds.into_iter().filter_map(|(has, kind)| has.then_some(kind)).collect();
    misuse(format!(
        "{}() can be called on {}, but this is {}.",
        set.name,
        kinds.join(" or "),
        crate::convert::type_of(this)
    ))
}

/// Whether `value` has this method by JavaScript's own rules, so that it can be read without being called.
pub(crate) fn has_native(set: &MethodSet, value: &Value) -> bool {
    fn own<T>(entry: Option<&Entry<T>>) -> bool {
        entry.is_some_and(|entry| !entry.extension)
    }
    match value {
        Value::String(_) => own(set.string.as_ref()),
        Value::Number(_) => own(set.number.as_ref()),
        Value::Bool(_) => own(set.boolean.as_ref()),
        Value::Array(_) => own(set.array.as_ref()),
        Value::Object(_) => own(set.object.as_ref()),
        Value::DateTime(_) => own(set.datetime.as_ref()),
        Value::Opaque(_) => match special(value) {
            Some(Special::Date(_)) => own(set.date.as_ref()),
            Some(Special::Duration(_)) => own(set.duration.as_ref()),
            Some(Special::RegExp(_)) => own(set.regexp.as_ref()),
            Some(Special::Interval(..)) => own(set.interval.as_ref()),
            Some(Special::Set(_)) => own(set.set.as_ref()),
            Some(Special::Map(_)) => own(set.map.as_ref()),
            Some(Special::Input | Special::Node(_)) => own(set.node.as_ref()),
            Some(Special::CustomData(_)) => own(set.custom_data.as_ref()),
            Some(Special::Format(..)) => own(set.format.as_ref()),
            _ => false,
        },
        Value::Undefined | Value::Null => false,
    }
}

/// Whether every object has a method of this name.
pub(crate) fn is_object_method(name: &str) -> bool {
    object::METHODS.iter().any(|(method, _)| *method == name) || crate::compile::is_refused(name)
}

/// Whether the method `name` of a `receiver` of the catalogue is ours and not JavaScript's.
pub(crate) fn is_extension(receiver: &str, name: &str) -> bool {
    fn ours<T>(entry: Option<&Entry<T>>) -> bool {
        entry.is_some_and(|entry| entry.extension)
    }
    method_set(name).is_some_and(|set| match receiver {
        "string" => ours(set.string.as_ref()),
        "number" => ours(set.number.as_ref()),
        "boolean" => ours(set.boolean.as_ref()),
        "array" => ours(set.array.as_ref()),
        "object" => ours(set.object.as_ref()),
        "moment" => ours(set.moment.as_ref()),
        _ => false,
    })
}

/// Every method with the receiver under which the catalogue lists it.
#[cfg(test)]
pub(crate) fn known_methods() -> Vec<(&'static str, &'static str)> {
    let mut known = Vec::new();
    for (name, set) in collect() {
        let answers = [
            (set.string.is_some(), "string"),
            (set.number.is_some(), "number"),
            (set.boolean.is_some(), "boolean"),
            (set.array.is_some(), "array"),
            (set.object.is_some(), "object"),
            (set.date.is_some(), "date"),
            (set.datetime.is_some(), "datetime"),
            (set.moment.is_some(), "moment"),
            (set.duration.is_some(), "duration"),
            (set.interval.is_some(), "interval"),
            (set.regexp.is_some(), "regexp"),
            (set.set.is_some(), "set"),
            (set.map.is_some(), "map"),
            (set.function.is_some(), "function"),
            (set.format.is_some(), "format"),
            (set.custom_data.is_some(), "custom_data"),
            (set.node.is_some(), "node"),
            (set.special.is_some(), "error"),
        ];
        known.extend(answers.into_iter().filter(|(has, _)| *has).map(|(_, receiver)| (receiver, name)));
    }
    known
}
