//! `Interval`, by the interface of Luxon: from a moment up to another one, which is not part of it.

use weft_value::{DateTime, Value};

use super::datetime::{moment_of, text};
use super::datetime_methods::{iso_time, to_format};
use super::datetime_units::{Unit, start_of};
use super::duration::{Duration, add_duration, difference, duration_of, unit_of, units_of};
use super::{Native, Table, arg, datetime_parse};
use crate::special::{Special, date_time, special, wrap};
use crate::stop::{Outcome, misuse};
use crate::vm::Vm;

type Interval = (DateTime, DateTime);

pub(super) static STATICS: &[Native] = &[
    Native {
        name: "fromDateTimes",
        run: |vm, args| match (moment_of(vm, arg(args, 0)), moment_of(vm, arg(args, 1))) {
            (Some(start), Some(end)) => Ok(of(start, end)),
            _ => Err(misuse("fromDateTimes() needs two dates.")),
        },
    },
    Native {
        name: "after",
        run: |vm, args| {
            let (start, duration) = beside(vm, args, "after")?;
            Ok(add_duration(&start, &duration).map_or(Value::Null, |end| of(start, end.into())))
        },
    },
    Native {
        name: "before",
        run: |vm, args| {
            let (end, duration) = beside(vm, args, "before")?;
            Ok(add_duration(&end, &duration.negated()).map_or(Value::Null, |start| of(start.into(), end)))
        },
    },
    Native { name: "fromISO", run: from_iso },
    Native { name: "merge", run: merge },
    Native {
        name: "isInterval",
        run: |_, args| Ok(Value::Bool(matches!(special(arg(args, 0)), Some(Special::Interval(..))))),
    },
];

fn of(start: DateTime, end: DateTime) -> Value {
    wrap(Special::Interval(start, end))
}

/// A date and a length of time.
fn beside(vm: &mut Vm<'_>, args: &[Value], name: &str) -> Outcome<(DateTime, Duration)> {
    let Some(moment) = moment_of(vm, arg(args, 0)) else { return Err(misuse(format!("{name}() needs a date."))) };
    Ok((moment, duration_of(vm, arg(args, 1), &Value::Undefined)?))
}

/// `2026-03-01/2026-04-01`; either end may be a length of time, `2026-03-01/P1M`.
fn from_iso(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    let text = vm.text(arg(args, 0))?;
    vm.budget.scan(text.len())?;
    let zone = vm.scope.time_zone().clone();
    let Some((first, second)) = text.split_once('/') else { return Ok(Value::Null) };
    let length = |text: &str| datetime_parse::iso_duration(text).map(Duration::from_amounts);
    let moment = |text: &str| datetime_parse::iso(text, &zone);
    let ends = match (moment(first), moment(second)) {
        (Some(start), Some(end)) => Some((start, end)),
        (Some(start), None) => {
            length(second).and_then(|length| add_duration(&start, &length)).map(|end| (start, end.into()))
        }
        (None, Some(end)) => {
            length(first).and_then(|length| add_duration(&end, &length.negated())).map(|start| (start.into(), end))
        }
        (None, None) => None,
    };
    Ok(ends.map_or(Value::Null, |(start, end)| of(start, end)))
}

/// A property such as `start`.
pub(crate) fn property(start: &DateTime, end: &DateTime, name: &str) -> Option<Value> {
    match name {
        "start" => Some(Value::from(start.clone())),
        "end" => Some(Value::from(end.clone())),
        "isValid" => Some(Value::Bool(start.millis() <= end.millis())),
        "invalidReason" => Some(Value::Null),
        _ => None,
    }
}

pub(super) static METHODS: Table<Interval> = &[
    ("length", |vm, interval, args| {
        let units = units_of(vm, arg(args, 0))?;
        let unit = units.first().copied().unwrap_or(Unit::Millisecond);
        Ok(difference(&interval.1, &interval.0, &[unit])
            .map_or(Value::Number(f64::NAN), |length| Value::Number(length.amount(unit))))
    }),
    ("count", count),
    ("toDuration", |vm, interval, args| {
        let units = units_of(vm, arg(args, 0))?;
        Ok(difference(&interval.1, &interval.0, &units).map_or(Value::Null, |length| wrap(Special::Duration(length))))
    }),
    ("contains", |vm, interval, args| {
        let moment = moment_of(vm, arg(args, 0)).map(|moment| moment.millis());
        Ok(Value::Bool(moment.is_some_and(|at| (interval.0.millis()..interval.1.millis()).contains(&at))))
    }),
    ("isEmpty", |_, interval, _| Ok(Value::Bool(interval.0.millis() == interval.1.millis()))),
    ("isBefore", |vm, interval, args| {
        let moment = moment_of(vm, arg(args, 0));
        Ok(Value::Bool(moment.is_some_and(|at| interval.1.millis() <= at.millis())))
    }),
    ("isAfter", |vm, interval, args| {
        let moment = moment_of(vm, arg(args, 0));
        Ok(Value::Bool(moment.is_some_and(|at| interval.0.millis() > at.millis())))
    }),
    ("hasSame", |vm, interval, args| {
        let unit = unit_of(vm, arg(args, 0))?;
        let start = |moment: &DateTime| start_of(moment.zoned(), unit).map(|start| start.timestamp());
        Ok(Value::Bool(start(&interval.0) == start(&interval.1)))
    }),
    ("overlaps", |_, interval, args| {
        other(args, "overlaps")
            .map(|(start, end)| Value::Bool(ms(&interval.1) > ms(&start) && ms(&interval.0) < ms(&end)))
    }),
    ("engulfs", |_, interval, args| {
        other(args, "engulfs")
            .map(|(start, end)| Value::Bool(ms(&interval.0) <= ms(&start) && ms(&interval.1) >= ms(&end)))
    }),
    ("equals", |_, interval, args| {
        other(args, "equals")
            .map(|(start, end)| Value::Bool(ms(&interval.0) == ms(&start) && ms(&interval.1) == ms(&end)))
    }),
    ("abutsStart", |_, interval, args| {
        other(args, "abutsStart").map(|(start, _)| Value::Bool(ms(&interval.1) == ms(&start)))
    }),
    ("abutsEnd", |_, interval, args| other(args, "abutsEnd").map(|(_, end)| Value::Bool(ms(&interval.0) == ms(&end)))),
    ("intersection", |_, interval, args| {
        let (start, end) = other(args, "intersection")?;
        let (start, end) = (later(&interval.0, &start), earlier(&interval.1, &end));
        Ok(if ms(&start) >= ms(&end) { Value::Null } else { of(start, end) })
    }),
    ("union", |_, interval, args| {
        let (start, end) = other(args, "union")?;
        Ok(of(earlier(&interval.0, &start), later(&interval.1, &end)))
    }),
    ("splitBy", split_by),
    ("splitAt", |vm, interval, args| {
        let mut cuts: Vec<DateTime> = args.iter().filter_map(|arg| moment_of(vm, arg)).collect();
        cuts.retain(|cut| (ms(&interval.0) + 1..ms(&interval.1)).contains(&ms(cut)));
        cuts.sort_by_key(ms);
        cuts.dedup_by_key(|cut| ms(cut));
        pieces(vm, interval, cuts)
    }),
    ("divideEqually", |vm, interval, args| {
        let count = vm.number(arg(args, 0))?.trunc();
        if !(1.0..=1e6).contains(&count) {
            return Err(misuse("divideEqually() needs the number of pieces."));
        }
        vm.budget.elements(count as usize)?;
        let length = (ms(&interval.1) - ms(&interval.0)) as f64 / count;
        let zone = interval.0.zoned().time_zone();
        let cut = |index: usize| date_time((ms(&interval.0) as f64 + length * index as f64).trunc(), zone.clone());
        let cuts = (1..count as usize).filter_map(cut).collect();
        pieces(vm, interval, cuts)
    }),
    ("mapEndpoints", |vm, interval, args| {
        let start = vm.call(arg(args, 0), &[Value::from(interval.0.clone())])?;
        let end = vm.call(arg(args, 0), &[Value::from(interval.1.clone())])?;
        match (moment_of(vm, &start), moment_of(vm, &end)) {
            (Some(start), Some(end)) => Ok(of(start, end)),
            _ => Err(misuse("mapEndpoints() needs a function that gives a date.")),
        }
    }),
    ("toFormat", |vm, interval, args| {
        let (start, end) = (to_format(vm, &interval.0, args)?, to_format(vm, &interval.1, args)?);
        let separator = arg(args, 1).get("separator").as_str().unwrap_or(" – ").to_owned();
        let text = format!("{}{separator}{}", vm.text(&start)?, vm.text(&end)?);
        vm.string(text)
    }),
    ("toLocaleString", super::interval_localized::to_locale_string),
    ("toISOTime", |_, interval, args| {
        text(format!("{}/{}", iso_time(&interval.0, arg(args, 0)), iso_time(&interval.1, arg(args, 0))))
    }),
    ("toISO", |_, interval, _| text(format!("{}/{}", interval.0.to_iso(), interval.1.to_iso()))),
    ("toISODate", |_, interval, _| text(format!("{}/{}", interval.0.zoned().date(), interval.1.zoned().date()))),
    ("toString", |_, interval, _| text(format!("[{} – {})", interval.0.to_iso(), interval.1.to_iso()))),
];

fn other(args: &[Value], name: &str) -> Outcome<Interval> {
    match special(arg(args, 0)) {
        Some(Special::Interval(start, end)) => Ok((start.clone(), end.clone())),
        _ => Err(misuse(format!("{name}() needs another interval."))),
    }
}

fn ms(moment: &DateTime) -> i64 {
    moment.millis()
}

fn earlier(a: &DateTime, b: &DateTime) -> DateTime {
    if ms(b) < ms(a) { b.clone() } else { a.clone() }
}

fn later(a: &DateTime, b: &DateTime) -> DateTime {
    if ms(b) > ms(a) { b.clone() } else { a.clone() }
}

/// The parts between the ends and `cuts`, which lie within in their order.
fn pieces(vm: &mut Vm<'_>, interval: &Interval, cuts: Vec<DateTime>) -> Outcome {
    let mut start = interval.0.clone();
    let mut pieces = Vec::with_capacity(cuts.len() + 1);
    for end in cuts.into_iter().chain([interval.1.clone()]) {
        pieces.push(of(start, end.clone()));
        start = end;
    }
    vm.list(pieces)
}

/// The intervals of a list, those that touch each other made one.
fn merge(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    let mut all = Vec::new();
    for value in arg(args, 0).as_array().unwrap_or_default() {
        all.push(other(std::slice::from_ref(value), "merge")?);
    }
    all.sort_by_key(|(start, _)| ms(start));
    let mut merged: Vec<Interval> = Vec::new();
    for (start, end) in all {
        match merged.last_mut() {
            Some(last) if ms(&start) <= ms(&last.1) => last.1 = later(&last.1, &end),
            _ => merged.push((start, end)),
        }
    }
    vm.list(merged.into_iter().map(|(start, end)| of(start, end)).collect())
}

/// How many units of the calendar it touches.
fn count(vm: &mut Vm<'_>, interval: &Interval, args: &[Value]) -> Outcome {
    let unit = if arg(args, 0).is_undefined() { Unit::Millisecond } else { unit_of(vm, arg(args, 0))? };
    let (start, end) = (start_of(interval.0.zoned(), unit), start_of(interval.1.zoned(), unit));
    let Some((start, end)) = start.zip(end) else { return Ok(Value::Number(f64::NAN)) };
    let (start, end) = (DateTime::from(start), DateTime::from(end));
    let ends_at_start = end.millis() == interval.1.millis();
    let between = difference(&end, &start, &[unit]).map_or(f64::NAN, |length| length.amount(unit).floor());
    Ok(Value::Number(between + f64::from(u8::from(!ends_at_start))))
}

/// Pieces of one length; the last one may be shorter.
fn split_by(vm: &mut Vm<'_>, interval: &Interval, args: &[Value]) -> Outcome {
    let step = duration_of(vm, arg(args, 0), &Value::Undefined)?;
    if step.millis() < 1.0 {
        return Err(misuse("splitBy() needs a length of time above zero."));
    }
    let mut pieces = Vec::new();
    let mut start = interval.0.clone();
    while ms(&start) < ms(&interval.1) {
        vm.budget.pairs(1)?;
        let end =
            add_duration(&start, &step).map_or_else(|| interval.1.clone(), |end| earlier(&end.into(), &interval.1));
        if ms(&end) <= ms(&start) {
            break;
        }
        pieces.push(of(start, end.clone()));
        start = end;
    }
    vm.list(pieces)
}
