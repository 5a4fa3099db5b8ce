//! What workflows can do with dates besides JavaScript and Luxon. A `Date` and an ISO string are taken as well.

use jiff::tz::TimeZone;
use weft_value::{DateTime, Object, Value};

use super::date::Date;
use super::datetime::{self, moment_of};
use super::datetime_fields::{getter, is_dst};
use super::datetime_methods::{minus, plus, to_format};
use super::datetime_units::{Unit, end_of, start_of};
use super::duration::{difference, unit_of, units_of};
use super::{Method, Table, arg, datetime_parse};
use crate::special::{Special, wrap};
use crate::stop::{Outcome, misuse};
use crate::vm::Vm;

pub(super) static EXTENSIONS: Table<DateTime> = &[
    ("beginningOf", |vm, moment, args| {
        let unit = if arg(args, 0).is_undefined() { Unit::Week } else { unit_of(vm, arg(args, 0))? };
        Ok(start_of(moment.zoned(), unit)
            .map_or_else(|| wrap(Special::InvalidDateTime), |start| Value::from(DateTime::from(start))))
    }),
    ("endOfMonth", |_, moment, _| {
        Ok(end_of(moment.zoned(), Unit::Month)
            .map_or_else(|| wrap(Special::InvalidDateTime), |end| Value::from(DateTime::from(end))))
    }),
    ("extract", extract),
    ("isBetween", is_between),
    ("isDst", |_, moment, _| Ok(Value::Bool(is_dst(moment.zoned())))),
    ("isInLast", |vm, moment, args| {
        let amount = if arg(args, 0).is_undefined() { Value::Number(0.0) } else { arg(args, 0).clone() };
        let unit = if arg(args, 1).is_undefined() { Value::from("minutes") } else { arg(args, 1).clone() };
        let now = datetime::now(vm.scope);
        let start = minus(vm, &now, &[amount, unit])?;
        let start = moment_of(vm, &start).map_or(0, |start| start.millis());
        Ok(Value::Bool((start..=now.millis()).contains(&moment.millis())))
    }),
    ("isWeekend", |_, moment, _| Ok(Value::Bool(moment.zoned().weekday().to_monday_one_offset() >= 6))),
    ("plus", plus),
    ("minus", minus),
    ("format", to_format),
    ("toDateTime", |_, moment, _| Ok(Value::from(moment.clone()))),
    ("diffTo", |vm, moment, args| diff_to(vm, moment, arg(args, 0), arg(args, 1))),
    ("diffToNow", |vm, moment, args| {
        let now = Value::from(datetime::now(vm.scope));
        diff_to(vm, moment, &now, arg(args, 0))
    }),
    ("toInt", |_, moment, _| Ok(Value::Number(moment.millis() as f64))),
    ("toFloat", |_, moment, _| Ok(Value::Number(moment.millis() as f64))),
    ("toBoolean", |_, _, _| Ok(Value::Undefined)),
    ("isEmpty", |_, _, _| Ok(Value::Bool(false))),
    ("isNotEmpty", |_, _, _| Ok(Value::Bool(true))),
];

/// On a `Date`, arithmetic gives a `Date` again.
pub(super) fn on_date(
    vm: &mut Vm<'_>,
    name: &str,
    run: Method<DateTime>,
    moment: &DateTime,
    args: &[Value],
) -> Outcome {
    let value = run(vm, moment, args)?;
    match (name, &value) {
        ("plus" | "minus" | "beginningOf" | "endOfMonth", Value::DateTime(moment)) => {
            Ok(Date::value(moment.millis() as f64))
        }
        _ => Ok(value),
    }
}

fn extract(vm: &mut Vm<'_>, moment: &DateTime, args: &[Value]) -> Outcome {
    let name = match arg(args, 0) {
        Value::Undefined => "week".into(),
        other => vm.text(other)?,
    };
    let field = match name.as_str() {
        "week" | "weeks" | "weekNumber" => "weekNumber",
        "yearDayNumber" => "ordinal",
        other => match Unit::named(other) {
            Some(unit) => unit.plural().trim_end_matches('s'),
            None => other,
        },
    };
    getter(moment, field).map_or_else(|| Err(misuse(format!("extract() does not know \"{name}\"."))), Ok)
}

fn is_between(vm: &mut Vm<'_>, moment: &DateTime, args: &[Value]) -> Outcome {
    let [a, b, ..] = args else { return Err(misuse("isBetween() needs two dates.")) };
    let (Some(a), Some(b)) = (bound(vm, a), bound(vm, b)) else {
        return Err(misuse("isBetween() needs two dates."));
    };
    let (first, last) = (a.millis().min(b.millis()), a.millis().max(b.millis()));
    Ok(Value::Bool(first < moment.millis() && moment.millis() < last))
}

/// One end of a range. A text that is a date alone begins at midnight in UTC, as for `Date`.
fn bound(vm: &mut Vm<'_>, value: &Value) -> Option<DateTime> {
    match value {
        Value::String(text) if text.len() == 10 => {
            datetime_parse::iso(text, &TimeZone::UTC).or_else(|| moment_of(vm, value))
        }
        _ => moment_of(vm, value),
    }
}

/// How many units lie between: a number for one unit, an object for several. Days where no unit is given.
fn diff_to(vm: &mut Vm<'_>, moment: &DateTime, other: &Value, units: &Value) -> Outcome {
    let Some(other) = moment_of(vm, other) else { return Err(misuse("diffTo() needs another date.")) };
    let units = if units.is_undefined() { vec![Unit::Day] } else { units_of(vm, units)? };
    let Some(duration) = difference(moment, &other, &units) else { return Ok(Value::Undefined) };
    let amount = |unit: &Unit| duration.property(unit.plural()).unwrap_or_default();
    match units.as_slice() {
        [unit] => Ok(amount(unit)),
        units => Ok(Value::from(units.iter().map(|unit| (unit.plural(), amount(unit))).collect::<Object>())),
    }
}
