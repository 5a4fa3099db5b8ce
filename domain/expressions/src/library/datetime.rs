//! Moments and zones, for the files beside that give `DateTime` its methods.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use weft_value::{DateTime, Text, Value};

use super::datetime_parse;
use super::datetime_units::{Unit, start_of};
use crate::scope::Scope;
use crate::special::{Special, date_time, special, wrap};
use crate::stop::Outcome;
use crate::vm::Vm;

/// Days from 1970-01-01 to `date`.
pub(super) fn days_from_epoch(date: Date) -> i64 {
    let epoch = Date::constant(1970, 1, 1);
    date.duration_since(epoch).as_hours() / 24
}

/// The zone called `name`: an IANA name, `utc`, `UTC+3`, `local`.
pub(crate) fn zone_named(name: &str) -> Option<TimeZone> {
    let lower = name.to_lowercase();
    if matches!(lower.as_str(), "utc" | "gmt" | "z") {
        return Some(TimeZone::UTC);
    }
    if let Some(offset) = lower
        .strip_prefix("utc")
        .or_else(|| lower.strip_prefix("gmt"))
        .or_else(|| lower.starts_with(['+', '-']).then_some(lower.as_str()))
    {
        let (hours, minutes) = offset.split_once(':').unwrap_or((offset, "0"));
        let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
        let seconds = hours
            .checked_mul(3600)?
            .checked_add(if offset.starts_with('-') { -minutes } else { minutes }.checked_mul(60)?)?;
        return Some(TimeZone::fixed(Offset::from_seconds(seconds).ok()?));
    }
    TimeZone::get(name).ok()
}

/// `$now`.
pub(crate) fn now(scope: &dyn Scope) -> DateTime {
    let millis = scope.now().as_millisecond();
    DateTime::from(Timestamp::from_millisecond(millis).unwrap_or(scope.now()).to_zoned(scope.time_zone().clone()))
}

/// `$today`.
pub(crate) fn today(scope: &dyn Scope) -> DateTime {
    let now = now(scope);
    start_of(now.zoned(), Unit::Day).map_or(now, DateTime::from)
}

/// The moment `millis` after the epoch, in the workflow's zone.
pub(super) fn from_millis(vm: &mut Vm<'_>, millis: f64) -> Value {
    let zone = vm.scope.time_zone().clone();
    date_time(millis, zone).map_or_else(|| wrap(Special::InvalidDateTime), Value::from)
}

/// A `DateTime`, invalid where there is no moment.
pub(super) fn made(moment: Option<impl Into<DateTime>>) -> Value {
    moment.map_or_else(|| wrap(Special::InvalidDateTime), |moment| Value::from(moment.into()))
}

/// The moment that a value stands for.
pub(super) fn moment_of(vm: &mut Vm<'_>, value: &Value) -> Option<DateTime> {
    let zone = vm.scope.time_zone().clone();
    match (value, special(value)) {
        (Value::DateTime(moment), _) => Some(DateTime::clone(moment)),
        (Value::String(text), _) => datetime_parse::any(text, &zone),
        (Value::Number(millis), _) => date_time(*millis, zone),
        (_, Some(Special::Date(date))) => date_time(date.millis(), zone),
        _ => None,
    }
}

/// The same moment on the clocks of `zone`.
pub(super) fn in_zone(moment: &DateTime, zone: TimeZone) -> DateTime {
    DateTime::from(moment.zoned().with_time_zone(zone))
}

/// A short text as the answer of a method.
#[expect(clippy::unnecessary_wraps, reason = "every method of the tables ends in this")]
pub(super) fn text(text: impl Into<Text>) -> Outcome {
    Ok(Value::String(text.into()))
}
