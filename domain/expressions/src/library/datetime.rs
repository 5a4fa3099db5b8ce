//! `DateTime`, `Duration` and `Interval`, by the interface of Luxon.

use std::fmt::Write;

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};
use weft_value::{DateTime, Object, Text, Value};

use super::datetime_format::{MONTHS as MONTHS_LONG, WEEKDAYS as WEEKDAYS_LONG};
use super::datetime_format::{Style, format, localized, offset, quarter, zone_name};
use super::datetime_units::{UNITS, Unit, add, between, end_of, start_of};
use super::{Native, Table, arg, datetime_parse};
use crate::scope::Scope;
use crate::special::{Special, date_time, special, wrap};
use crate::stop::{Outcome, misuse};
use crate::vm::Vm;

/// A length of time, unit by unit in the order of [`UNITS`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Duration {
    amounts: [f64; 9],
    /// Which units were given, so that they are shown.
    given: u16,
}

impl Duration {
    fn of(unit: Unit, amount: f64) -> Self {
        let mut duration = Self::default();
        duration.set(unit, amount);
        duration
    }

    fn set(&mut self, unit: Unit, amount: f64) {
        self.amounts[unit as usize] = amount;
        self.given |= 1 << unit as u16;
    }

    fn units(&self) -> impl Iterator<Item = (Unit, f64)> + '_ {
        UNITS
            .into_iter()
            .filter(|unit| self.given & (1 << *unit as u16) != 0)
            .map(|unit| (unit, self.amounts[unit as usize]))
    }

    /// All of it in milliseconds; a month counts 30 days and a year 365.
    pub(crate) fn millis(&self) -> f64 {
        UNITS.into_iter().map(|unit| self.amounts[unit as usize] * unit.millis()).sum()
    }

    fn negated(mut self) -> Self {
        self.amounts = self.amounts.map(|amount| -amount);
        self
    }

    /// The same length in `units` alone.
    fn shifted(&self, units: &[Unit]) -> Self {
        let mut rest = self.millis();
        let mut shifted = Self::default();
        for (index, unit) in units.iter().enumerate() {
            let exact = rest / unit.millis();
            let amount = if index + 1 == units.len() { exact } else { exact.trunc() };
            rest -= amount * unit.millis();
            shifted.set(*unit, amount);
        }
        shifted
    }

    fn object(&self) -> Value {
        Value::from(self.units().map(|(unit, amount)| (unit.plural(), Value::Number(amount))).collect::<Object>())
    }

    /// ISO 8601, `P1DT2H` for instance.
    pub(crate) fn to_iso(self) -> String {
        let number = |index: usize| crate::convert::number_to_string(self.amounts[index]);
        let mut out = "P".to_owned();
        let months = self.amounts[2] + self.amounts[1] * 3.0;
        for (amount, sign, text) in [
            (self.amounts[0], 'Y', number(0)),
            (months, 'M', crate::convert::number_to_string(months)),
            (self.amounts[3], 'W', number(3)),
            (self.amounts[4], 'D', number(4)),
        ] {
            if amount != 0.0 {
                out.push_str(&text);
                out.push(sign);
            }
        }
        let seconds = ((self.amounts[7] + self.amounts[8] / 1000.0) * 1000.0).round() / 1000.0;
        let time = [(self.amounts[5], 'H'), (self.amounts[6], 'M'), (seconds, 'S')];
        if time.iter().any(|(amount, _)| *amount != 0.0) {
            out.push('T');
            for (amount, sign) in time.iter().filter(|(amount, _)| *amount != 0.0) {
                out.push_str(&crate::convert::number_to_string(*amount));
                out.push(*sign);
            }
        }
        if out.len() == 1 { "PT0S".to_owned() } else { out }
    }

    /// A property such as `days`.
    pub(crate) fn property(&self, name: &str) -> Option<Value> {
        match name {
            "isValid" => Some(Value::Bool(true)),
            "values" => Some(self.object()),
            _ => UNITS
                .into_iter()
                .find(|unit| unit.plural() == name)
                .map(|unit| Value::Number(self.amounts[unit as usize])),
        }
    }

    fn to_format(self, pattern: &str) -> String {
        let mut rest = self.millis().abs();
        let tokens = super::datetime_format::tokens(pattern);
        let letters: Vec<char> =
            tokens.iter().filter(|(literal, _)| !literal).filter_map(|(_, token)| token.chars().next()).collect();
        let mut amounts = Vec::new();
        for (letter, unit) in [
            ('y', Unit::Year),
            ('M', Unit::Month),
            ('w', Unit::Week),
            ('d', Unit::Day),
            ('h', Unit::Hour),
            ('m', Unit::Minute),
            ('s', Unit::Second),
            ('S', Unit::Millisecond),
        ] {
            if letters.contains(&letter) {
                let amount = (rest / unit.millis()).trunc();
                rest -= amount * unit.millis();
                amounts.push((letter, amount));
            }
        }
        let mut out = if self.millis() < 0.0 { "-".to_owned() } else { String::new() };
        for (literal, token) in tokens {
            match amounts.iter().find(|(letter, _)| !literal && token.starts_with(*letter)) {
                Some((_, amount)) => {
                    let _ = write!(out, "{:0width$}", *amount as i64, width = token.len());
                }
                None => out.push_str(&token),
            }
        }
        out
    }
}

/// Days from 1970-01-01 to `date`.
pub(super) fn days_from_epoch(date: Date) -> i64 {
    let epoch = Date::constant(1970, 1, 1);
    date.duration_since(epoch).as_hours() / 24
}

/// The zone called `name`: an IANA name, `utc`, `UTC+3`, `local`.
pub(crate) fn zone_named(name: &str) -> Option<TimeZone> {
    let lower = name.to_lowercase();
    if matches!(lower.as_str(), "utc" | "gmt" | "z" | "etc/utc") {
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

fn made(moment: Option<impl Into<DateTime>>) -> Value {
    moment.map_or_else(|| wrap(Special::InvalidDateTime), |moment| Value::from(moment.into()))
}

/// The moment that a value stands for.
pub(super) fn moment_of(vm: &mut Vm<'_>, value: &Value) -> Option<DateTime> {
    let zone = vm.scope.time_zone().clone();
    match (value, special(value)) {
        (Value::DateTime(moment), _) => Some(DateTime::clone(moment)),
        (Value::String(text), _) => datetime_parse::any(text, &zone),
        (Value::Number(millis), _) | (_, Some(Special::Date(millis))) => date_time(*millis, zone),
        _ => None,
    }
}

/// The length of time that `plus(amount, unit)`, `plus({ unit: amount })` or `plus(millis)` asks for.
pub(super) fn duration_of(vm: &mut Vm<'_>, amount: &Value, unit: &Value) -> Outcome<Duration> {
    if let Some(Special::Duration(duration)) = special(amount) {
        return Ok(*duration);
    }
    if let Value::Object(object) = amount {
        let mut duration = Duration::default();
        for (name, amount) in object.iter() {
            let unit = Unit::named(name).ok_or_else(|| misuse(format!("\"{name}\" is not a unit of time.")))?;
            duration.set(unit, vm.number(amount)?);
        }
        return Ok(duration);
    }
    let unit = match unit {
        Value::Undefined => Unit::Millisecond,
        other => unit_of(vm, other)?,
    };
    Ok(Duration::of(unit, vm.number(amount)?))
}

pub(super) fn unit_of(vm: &mut Vm<'_>, value: &Value) -> Outcome<Unit> {
    let name = vm.text(value)?;
    Unit::named(&name).ok_or_else(|| misuse(format!("\"{name}\" is not a unit of time.")))
}

pub(super) fn add_duration(moment: &DateTime, duration: &Duration) -> Option<Zoned> {
    UNITS.into_iter().try_fold(moment.zoned().clone(), |moment, unit| match duration.amounts[unit as usize] {
        0.0 => Some(moment),
        amount => add(&moment, unit, amount),
    })
}

pub(super) fn plus(vm: &mut Vm<'_>, moment: &DateTime, args: &[Value]) -> Outcome {
    let duration = duration_of(vm, arg(args, 0), arg(args, 1))?;
    Ok(made(add_duration(moment, &duration)))
}

pub(super) fn minus(vm: &mut Vm<'_>, moment: &DateTime, args: &[Value]) -> Outcome {
    let duration = duration_of(vm, arg(args, 0), arg(args, 1))?.negated();
    Ok(made(add_duration(moment, &duration)))
}

/// `a − b` in `units`.
pub(super) fn difference(a: &DateTime, b: &DateTime, units: &[Unit]) -> Option<Duration> {
    let b_is_later = b.zoned() > a.zoned();
    let (earlier, later) = if b_is_later { (a, b) } else { (b, a) };
    let mut sorted = units.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut duration = Duration::default();
    for (unit, amount) in between(earlier.zoned(), later.zoned(), &sorted)? {
        duration.set(unit, amount);
    }
    Some(if b_is_later { duration.negated() } else { duration })
}

/// One unit, a list of units, or milliseconds.
pub(super) fn units_of(vm: &mut Vm<'_>, value: &Value) -> Outcome<Vec<Unit>> {
    match value {
        Value::Undefined | Value::Object(_) => Ok(vec![Unit::Millisecond]),
        Value::Array(names) => names.iter().map(|name| unit_of(vm, name)).collect(),
        one => Ok(vec![unit_of(vm, one)?]),
    }
}

fn diff(vm: &mut Vm<'_>, moment: &DateTime, other: &Value, units: &Value) -> Outcome {
    let Some(other) = moment_of(vm, other) else { return Err(misuse("diff() needs another date.")) };
    let units = units_of(vm, units)?;
    Ok(difference(moment, &other, &units).map_or(Value::Null, |duration| wrap(Special::Duration(duration))))
}

fn with_fields(vm: &mut Vm<'_>, moment: Zoned, fields: &Object) -> Outcome<Option<Zoned>> {
    let mut moment = Some(moment);
    // The year and the month come first, so that the day is checked against the right month.
    for wanted in [
        "year",
        "quarter",
        "month",
        "ordinal",
        "weekNumber",
        "weekday",
        "day",
        "hour",
        "minute",
        "second",
        "millisecond",
    ] {
        for (name, value) in fields.iter().filter(|(name, _)| name.strip_suffix('s').unwrap_or(name) == wanted) {
            let value = vm.number(value)?;
            moment = moment.and_then(|moment| with_field(&moment, name.strip_suffix('s').unwrap_or(name), value));
        }
    }
    Ok(moment)
}

fn with_field(moment: &Zoned, name: &str, value: f64) -> Option<Zoned> {
    if !value.is_finite() || value.abs() > 1e6 {
        return None;
    }
    let with = moment.with();
    let value = value as i32;
    let small = || i8::try_from(value).ok();
    match name {
        "year" => {
            let day = moment.day();
            let first = with.year(i16::try_from(value).ok()?).day(1).build().ok()?;
            first.with().day(day.min(first.days_in_month())).build().ok()
        }
        "month" => {
            let first = with.day(1).month(small()?).build().ok()?;
            first.with().day(moment.day().min(first.days_in_month())).build().ok()
        }
        "quarter" => add(moment, Unit::Quarter, f64::from(value) - quarter(moment) as f64),
        "day" => with.day(small()?).build().ok(),
        "ordinal" => with.day_of_year(i16::try_from(value).ok()?).build().ok(),
        "weekNumber" => add(moment, Unit::Week, f64::from(value) - f64::from(moment.date().iso_week_date().week())),
        "weekday" => add(moment, Unit::Day, f64::from(value) - f64::from(moment.weekday().to_monday_one_offset())),
        "hour" => with.hour(small()?).build().ok(),
        "minute" => with.minute(small()?).build().ok(),
        "second" => with.second(small()?).build().ok(),
        _ => with.millisecond(i16::try_from(value).ok()?).build().ok(),
    }
}

/// A property such as `year`.
pub(crate) fn getter(moment: &DateTime, name: &str) -> Option<Value> {
    let z = moment.zoned();
    let number = match name {
        "year" => f64::from(z.year()),
        "quarter" => quarter(z) as f64,
        "month" => f64::from(z.month()),
        "day" => f64::from(z.day()),
        "hour" => f64::from(z.hour()),
        "minute" => f64::from(z.minute()),
        "second" => f64::from(z.second()),
        "millisecond" => f64::from(z.millisecond()),
        "weekday" => f64::from(z.weekday().to_monday_one_offset()),
        "weekNumber" => f64::from(z.date().iso_week_date().week()),
        "weekYear" => f64::from(z.date().iso_week_date().year()),
        "weeksInWeekYear" => {
            if z.date().iso_week_date().in_long_year() {
                53.0
            } else {
                52.0
            }
        }
        "ordinal" => f64::from(z.day_of_year()),
        "daysInMonth" => f64::from(z.days_in_month()),
        "daysInYear" => f64::from(z.days_in_year()),
        "offset" => f64::from(z.offset().seconds()) / 60.0,
        "ts" => moment.millis() as f64,
        _ => return other_getter(moment, name),
    };
    Some(Value::Number(number))
}

fn other_getter(moment: &DateTime, name: &str) -> Option<Value> {
    let z = moment.zoned();
    let weekday = WEEKDAYS_LONG[z.weekday().to_monday_zero_offset() as usize];
    let month = MONTHS_LONG[z.month() as usize - 1];
    Some(match name {
        "monthLong" => Value::from(month),
        "monthShort" => Value::from(&month[..3]),
        "weekdayLong" => Value::from(weekday),
        "weekdayShort" => Value::from(&weekday[..3]),
        "zoneName" => Value::from(zone_name(z)),
        "zone" => Value::from([("name", Value::from(zone_name(z)))].into_iter().collect::<Object>()),
        "offsetNameShort" => Value::from(format(moment, "ZZZZ")),
        "offsetNameLong" => Value::from(format(moment, "ZZZZZ")),
        "isValid" => Value::Bool(true),
        "isInLeapYear" => Value::Bool(z.in_leap_year()),
        "isInDST" => Value::Bool(is_dst(z)),
        "isOffsetFixed" => Value::Bool(z.time_zone().iana_name().is_none()),
        "locale" => Value::from("en-US"),
        "invalidReason" | "invalidExplanation" => Value::Null,
        _ => return None,
    })
}

/// A property of a `DateTime` that could not be made.
pub(crate) fn invalid_getter(name: &str) -> Option<Value> {
    match name {
        "isValid" => Some(Value::Bool(false)),
        "invalidReason" => Some(Value::from("unparsable")),
        "year" | "month" | "day" | "hour" | "minute" | "second" | "weekday" | "ts" => Some(Value::Number(f64::NAN)),
        _ => None,
    }
}

/// What a method of a `DateTime` that could not be made gives.
pub(super) fn invalid_method(name: &str) -> Value {
    match name {
        "toISO" | "toISODate" | "toISOTime" | "toJSON" | "toSQL" | "toSQLDate" | "toHTTP" | "toRFC2822" => Value::Null,
        "toFormat" | "format" | "toString" | "toLocaleString" => Value::from("Invalid DateTime"),
        "toMillis" | "toSeconds" | "valueOf" | "diffTo" | "diffToNow" => Value::Number(f64::NAN),
        "toJSDate" => wrap(Special::Date(f64::NAN)),
        "hasSame" | "equals" | "isBetween" | "isWeekend" | "isEmpty" => Value::Bool(false),
        _ => wrap(Special::InvalidDateTime),
    }
}

pub(super) fn is_dst(zoned: &Zoned) -> bool {
    zoned.time_zone().to_offset_info(zoned.timestamp()).dst().is_dst()
}

#[expect(clippy::unnecessary_wraps, reason = "every method of the tables below ends in this")]
fn text(text: impl Into<Text>) -> Outcome {
    Ok(Value::String(text.into()))
}

pub(super) static METHODS: Table<DateTime> = &[
    ("toISO", |vm, moment, args| {
        let option = |name: &str| arg(args, 0).get(name).as_bool() == Some(true);
        let mut pattern = "yyyy-MM-dd'T'HH:mm:ss".to_owned();
        let z = moment.zoned();
        if option("suppressSeconds") && z.second() == 0 && z.millisecond() == 0 {
            "yyyy-MM-dd'T'HH:mm".clone_into(&mut pattern);
        } else if !(option("suppressMilliseconds") && z.millisecond() == 0) {
            pattern.push_str(".SSS");
        }
        if args.is_empty() {
            return vm.string(moment.to_iso());
        }
        let zone = if z.time_zone() == &TimeZone::UTC { "Z".to_owned() } else { offset(z, ":", false) };
        let zone = if arg(args, 0).get("includeOffset").as_bool() == Some(false) { String::new() } else { zone };
        vm.string(format(moment, &pattern) + &zone)
    }),
    ("toISODate", |_, moment, _| text(format(moment, "yyyy-MM-dd"))),
    ("toISOTime", |_, moment, _| text(&moment.to_iso()[11..])),
    ("toISOWeekDate", |_, moment, _| text(format(moment, "kkkk-'W'WW-c"))),
    ("toString", |_, moment, _| text(moment.to_iso())),
    ("toJSON", |_, moment, _| text(moment.to_iso())),
    ("toFormat", to_format),
    ("toMillis", |_, moment, _| Ok(Value::Number(moment.millis() as f64))),
    ("valueOf", |_, moment, _| Ok(Value::Number(moment.millis() as f64))),
    ("toSeconds", |_, moment, _| Ok(Value::Number(moment.millis() as f64 / 1000.0))),
    ("toUnixInteger", |_, moment, _| Ok(Value::Number((moment.millis() as f64 / 1000.0).floor()))),
    ("toJSDate", |_, moment, _| Ok(wrap(Special::Date(moment.millis() as f64)))),
    ("toISOString", |_, moment, _| text(super::date::to_iso(moment.millis() as f64).unwrap_or_default())),
    ("getTime", |_, moment, _| Ok(Value::Number(moment.millis() as f64))),
    ("toSQL", |_, moment, _| text(format(moment, "yyyy-MM-dd HH:mm:ss.SSS ZZ"))),
    ("toSQLDate", |_, moment, _| text(format(moment, "yyyy-MM-dd"))),
    ("toSQLTime", |_, moment, _| text(format(moment, "HH:mm:ss.SSS ZZ"))),
    ("toRFC2822", |_, moment, _| text(format(moment, "EEE, dd LLL yyyy HH:mm:ss ZZZ"))),
    ("toHTTP", |_, moment, _| text(format(&in_zone(moment, TimeZone::UTC), "EEE, dd LLL yyyy HH:mm:ss 'GMT'"))),
    ("toLocaleString", |_, moment, args| {
        let style = if matches!(arg(args, 0), Value::Object(_)) || arg(args, 0).is_undefined() {
            Style::Date
        } else {
            Style::Both
        };
        text(localized(moment, "en-US", arg(args, 0), style))
    }),
    ("toObject", |_, moment, _| {
        let fields = ["year", "month", "day", "hour", "minute", "second", "millisecond"];
        Ok(Value::from(
            fields.into_iter().map(|name| (name, getter(moment, name).unwrap_or_default())).collect::<Object>(),
        ))
    }),
    ("plus", plus),
    ("minus", minus),
    ("set", |vm, moment, args| {
        let fields = arg(args, 0).as_object().cloned().unwrap_or_default();
        Ok(made(with_fields(vm, moment.zoned().clone(), &fields)?))
    }),
    ("get", |vm, moment, args| {
        let name = vm.text(arg(args, 0))?;
        Ok(getter(moment, &name).unwrap_or_default())
    }),
    ("setZone", |vm, moment, args| {
        let name = match arg(args, 0) {
            Value::Undefined => Text::from("local"),
            Value::Number(minutes) => {
                Text::from(format!("UTC{:+}:{:02}", (minutes / 60.0).trunc(), (minutes % 60.0).abs()))
            }
            Value::Object(zone) => vm.text(zone.get("name").unwrap_or(&Value::Undefined))?,
            other => vm.text(other)?,
        };
        let zone = if matches!(name.as_str(), "local" | "system" | "default") {
            Some(vm.scope.time_zone().clone())
        } else {
            zone_named(&name)
        };
        let keeps_wall = arg(args, 1).get("keepLocalTime").as_bool() == Some(true);
        Ok(made(zone.and_then(|zone| {
            if keeps_wall {
                moment.zoned().datetime().to_zoned(zone).ok().map(DateTime::from)
            } else {
                Some(in_zone(moment, zone))
            }
        })))
    }),
    ("toUTC", |_, moment, _| Ok(Value::from(in_zone(moment, TimeZone::UTC)))),
    ("toLocal", |vm, moment, _| Ok(Value::from(in_zone(moment, vm.scope.time_zone().clone())))),
    ("setLocale", |_, moment, _| Ok(Value::from(moment.clone()))),
    ("reconfigure", |_, moment, _| Ok(Value::from(moment.clone()))),
    ("startOf", |vm, moment, args| {
        let unit = unit_of(vm, arg(args, 0))?;
        Ok(made(start_of(moment.zoned(), unit)))
    }),
    ("endOf", |vm, moment, args| {
        let unit = unit_of(vm, arg(args, 0))?;
        Ok(made(end_of(moment.zoned(), unit)))
    }),
    ("diff", |vm, moment, args| diff(vm, moment, arg(args, 0), arg(args, 1))),
    ("diffNow", |vm, moment, args| {
        let now = Value::from(now(vm.scope));
        diff(vm, moment, &now, arg(args, 0))
    }),
    ("until", |vm, moment, args| match moment_of(vm, arg(args, 0)) {
        Some(end) => Ok(wrap(Special::Interval(moment.clone(), end))),
        None => Err(misuse("until() needs another date.")),
    }),
    ("hasSame", |vm, moment, args| {
        let unit = unit_of(vm, arg(args, 1))?;
        let other = moment_of(vm, arg(args, 0)).map(|other| in_zone(&other, moment.zoned().time_zone().clone()));
        let start = |moment: &DateTime| start_of(moment.zoned(), unit).map(|start| start.timestamp());
        Ok(Value::Bool(other.is_some_and(|other| start(&other) == start(moment))))
    }),
    ("equals", |vm, moment, args| {
        let other = moment_of(vm, arg(args, 0));
        Ok(Value::Bool(other.is_some_and(|other| {
            other.millis() == moment.millis() && other.zoned().time_zone() == moment.zoned().time_zone()
        })))
    }),
    ("toRelative", |vm, moment, _| {
        let now = now(vm.scope);
        text(relative(moment, &now))
    }),
];

fn in_zone(moment: &DateTime, zone: TimeZone) -> DateTime {
    DateTime::from(moment.zoned().with_time_zone(zone))
}

pub(super) fn to_format(vm: &mut Vm<'_>, moment: &DateTime, args: &[Value]) -> Outcome {
    let pattern = if arg(args, 0).is_undefined() { Text::from("yyyy-MM-dd") } else { vm.text(arg(args, 0))? };
    vm.budget.text(pattern.len().saturating_mul(24))?;
    vm.string(format(moment, &pattern))
}

fn relative(moment: &DateTime, now: &DateTime) -> String {
    let past = moment.millis() < now.millis();
    for unit in [Unit::Year, Unit::Quarter, Unit::Month, Unit::Week, Unit::Day, Unit::Hour, Unit::Minute, Unit::Second]
    {
        let amount =
            difference(moment, now, &[unit]).map_or(0.0, |duration| duration.amounts[unit as usize].abs().trunc());
        if amount >= 1.0 || unit == Unit::Second {
            let name = if amount == 1.0 { unit.plural().trim_end_matches('s') } else { unit.plural() };
            return if past { format!("{amount} {name} ago") } else { format!("in {amount} {name}") };
        }
    }
    String::new()
}

pub(super) static STATICS: &[Native] = &[
    Native { name: "now", run: |vm, _| Ok(Value::from(now(vm.scope))) },
    Native {
        name: "local",
        run: |vm, args| {
            let zone = vm.scope.time_zone().clone();
            from_parts(vm, args, &zone)
        },
    },
    Native { name: "utc", run: |vm, args| from_parts(vm, args, &TimeZone::UTC) },
    Native { name: "fromISO", run: |vm, args| parsed(vm, args, 1, datetime_parse::iso) },
    Native {
        name: "fromSQL",
        run: |vm, args| {
            parsed(vm, args, 1, |text, zone| {
                datetime_parse::sql(text, zone).or_else(|| datetime_parse::iso(text, zone))
            })
        },
    },
    Native { name: "fromRFC2822", run: |vm, args| parsed(vm, args, 1, datetime_parse::rfc) },
    Native { name: "fromHTTP", run: |vm, args| parsed(vm, args, 1, datetime_parse::rfc) },
    Native { name: "fromFormat", run: from_format },
    Native { name: "fromString", run: from_format },
    Native {
        name: "fromMillis",
        run: |vm, args| {
            let millis = vm.number(arg(args, 0))?;
            let zone = option_zone(vm, arg(args, 1));
            Ok(made(zone.and_then(|zone| date_time(millis, zone))))
        },
    },
    Native {
        name: "fromSeconds",
        run: |vm, args| {
            let millis = vm.number(arg(args, 0))? * 1000.0;
            let zone = option_zone(vm, arg(args, 1));
            Ok(made(zone.and_then(|zone| date_time(millis, zone))))
        },
    },
    Native {
        name: "fromJSDate",
        run: |vm, args| {
            let zone = option_zone(vm, arg(args, 1));
            let moment = moment_of(vm, arg(args, 0));
            Ok(made(moment.zip(zone).map(|(moment, zone)| in_zone(&moment, zone))))
        },
    },
    Native {
        name: "fromObject",
        run: |vm, args| {
            let fields = arg(args, 0).as_object().cloned().unwrap_or_default();
            let zone = option_zone(vm, arg(args, 1)).unwrap_or(TimeZone::UTC);
            // What is not given: today's date where only a time is given, else the beginning of the year, the month, the day.
            let today = in_zone(&now(vm.scope), zone);
            let has = |names: &[&str]| names.iter().any(|name| fields.contains_key(name));
            let unit = if has(&["hour", "minute", "second", "millisecond"])
                && !has(&["year", "month", "day", "weekday", "ordinal"])
            {
                Unit::Day
            } else if has(&["day", "weekday"]) && !has(&["year", "month"]) {
                Unit::Month
            } else {
                Unit::Year
            };
            let start = start_of(today.zoned(), unit);
            Ok(made(match start {
                Some(start) => with_fields(vm, start, &fields)?,
                None => None,
            }))
        },
    },
    Native { name: "isDateTime", run: |_, args| Ok(Value::Bool(matches!(arg(args, 0), Value::DateTime(_)))) },
    Native { name: "max", run: |vm, args| Ok(extreme(vm, args, std::cmp::Ordering::Greater)) },
    Native { name: "min", run: |vm, args| Ok(extreme(vm, args, std::cmp::Ordering::Less)) },
];

/// The formats that `toLocaleString` takes.
pub(super) fn format_constant(name: &str) -> Option<Value> {
    let entries: &[(&str, &str)] = match name {
        "DATE_SHORT" => &[("year", "numeric"), ("month", "numeric"), ("day", "numeric")],
        "DATE_MED" => &[("year", "numeric"), ("month", "short"), ("day", "numeric")],
        "DATE_FULL" => &[("year", "numeric"), ("month", "long"), ("day", "numeric")],
        "DATE_HUGE" => &[("year", "numeric"), ("month", "long"), ("day", "numeric"), ("weekday", "long")],
        "TIME_SIMPLE" => &[("hour", "numeric"), ("minute", "numeric")],
        "TIME_WITH_SECONDS" => &[("hour", "numeric"), ("minute", "numeric"), ("second", "numeric")],
        "DATETIME_SHORT" => {
            &[("year", "numeric"), ("month", "numeric"), ("day", "numeric"), ("hour", "numeric"), ("minute", "numeric")]
        }
        "DATETIME_MED" => {
            &[("year", "numeric"), ("month", "short"), ("day", "numeric"), ("hour", "numeric"), ("minute", "numeric")]
        }
        "DATETIME_FULL" => {
            &[("year", "numeric"), ("month", "long"), ("day", "numeric"), ("hour", "numeric"), ("minute", "numeric")]
        }
        _ => return None,
    };
    Some(Value::from(entries.iter().map(|(key, value)| (*key, Value::from(*value))).collect::<Object>()))
}

fn extreme(vm: &mut Vm<'_>, args: &[Value], wanted: std::cmp::Ordering) -> Value {
    let moments: Vec<_> = args.iter().filter_map(|arg| moment_of(vm, arg)).collect();
    let best =
        moments.into_iter().reduce(|best, next| if next.millis().cmp(&best.millis()) == wanted { next } else { best });
    best.map(Value::from).unwrap_or_default()
}

/// The zone of an options object, else the workflow's.
fn option_zone(vm: &mut Vm<'_>, options: &Value) -> Option<TimeZone> {
    match options.get("zone").as_str() {
        Some("local" | "system" | "default") | None => Some(vm.scope.time_zone().clone()),
        Some(name) => zone_named(name),
    }
}

fn parsed(vm: &mut Vm<'_>, args: &[Value], options: usize, parse: fn(&str, &TimeZone) -> Option<DateTime>) -> Outcome {
    let Value::String(text) = arg(args, 0) else { return Ok(wrap(Special::InvalidDateTime)) };
    vm.budget.scan(text.len())?;
    let zone = option_zone(vm, arg(args, options));
    let moment = zone.and_then(|zone| parse(text, &zone));
    Ok(made(if arg(args, options).get("setZone").as_bool() == Some(true) {
        moment.map(|moment| own_offset(text, &moment))
    } else {
        moment
    }))
}

/// The moment in the offset that its text names.
fn own_offset(text: &str, moment: &DateTime) -> DateTime {
    let tail = text.get(10..).unwrap_or_default();
    let zone = match tail.rfind(['+', '-']) {
        Some(at) => zone_named(&tail[at..]),
        None => tail.ends_with('Z').then_some(TimeZone::UTC),
    };
    zone.map_or_else(|| moment.clone(), |zone| in_zone(moment, zone))
}

fn from_format(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    let (text, pattern) = (vm.text(arg(args, 0))?, vm.text(arg(args, 1))?);
    vm.budget.scan(text.len() + pattern.len() * 16)?;
    let zone = option_zone(vm, arg(args, 2));
    Ok(made(zone.and_then(|zone| datetime_parse::with_format(&text, &pattern, &zone))))
}

fn from_parts(vm: &mut Vm<'_>, args: &[Value], zone: &TimeZone) -> Outcome {
    let mut parts = [1970.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0];
    let mut zone = zone.clone();
    let mut given = 0;
    for arg in args.iter().take(8) {
        if let Value::Object(_) = arg {
            zone = option_zone(vm, arg).unwrap_or(zone);
        } else if given < 7 {
            parts[given] = vm.number(arg)?;
            given += 1;
        }
    }
    if given == 0 {
        return Ok(Value::from(in_zone(&now(vm.scope), zone)));
    }
    if parts.iter().any(|part| !(0.0..=9999.0).contains(part)) {
        return Ok(wrap(Special::InvalidDateTime));
    }
    let date = Date::new(parts[0] as i16, parts[1].min(99.0) as i8, parts[2].min(99.0) as i8).ok();
    let time = jiff::civil::Time::new(
        parts[3].min(99.0) as i8,
        parts[4].min(99.0) as i8,
        parts[5].min(99.0) as i8,
        parts[6] as i32 * 1_000_000,
    )
    .ok();
    Ok(made(date.zip(time).and_then(|(date, time)| date.to_datetime(time).to_zoned(zone).ok())))
}

pub(super) static DURATION_METHODS: Table<Duration> = &[
    ("as", |vm, duration, args| {
        let unit = unit_of(vm, arg(args, 0))?;
        Ok(Value::Number(duration.millis() / unit.millis()))
    }),
    ("get", |vm, duration, args| {
        let unit = unit_of(vm, arg(args, 0))?;
        Ok(Value::Number(duration.amounts[unit as usize]))
    }),
    ("toObject", |_, duration, _| Ok(duration.object())),
    ("toMillis", |_, duration, _| Ok(Value::Number(duration.millis()))),
    ("valueOf", |_, duration, _| Ok(Value::Number(duration.millis()))),
    ("toISO", |_, duration, _| text(duration.to_iso())),
    ("toString", |_, duration, _| text(duration.to_iso())),
    ("toJSON", |_, duration, _| text(duration.to_iso())),
    ("toFormat", |vm, duration, args| {
        let pattern = vm.text(arg(args, 0))?;
        vm.budget.text(pattern.len().saturating_mul(24))?;
        vm.string(duration.to_format(&pattern))
    }),
    ("shiftTo", |vm, duration, args| {
        let mut units: Vec<Unit> = args.iter().map(|unit| unit_of(vm, unit)).collect::<Result<_, _>>()?;
        units.sort_unstable();
        Ok(wrap(Special::Duration(duration.shifted(&units))))
    }),
    ("normalize", |_, duration, _| {
        let units: Vec<Unit> = duration.units().map(|(unit, _)| unit).collect();
        Ok(wrap(Special::Duration(duration.shifted(&units))))
    }),
    ("plus", |vm, duration, args| combined(vm, duration, args, 1.0)),
    ("minus", |vm, duration, args| combined(vm, duration, args, -1.0)),
    ("negate", |_, duration, _| Ok(wrap(Special::Duration(duration.negated())))),
    ("toHuman", |_, duration, _| {
        let part = |(unit, amount): (Unit, f64)| {
            let name = if amount == 1.0 { unit.plural().trim_end_matches('s') } else { unit.plural() };
            format!("{} {name}", crate::convert::number_to_string(amount))
        };
        text(duration.units().map(part).collect::<Vec<_>>().join(", "))
    }),
];

fn combined(vm: &mut Vm<'_>, duration: &Duration, args: &[Value], sign: f64) -> Outcome {
    let other = duration_of(vm, arg(args, 0), arg(args, 1))?;
    let mut sum = *duration;
    for (unit, amount) in other.units() {
        sum.set(unit, duration.amounts[unit as usize] + sign * amount);
    }
    Ok(wrap(Special::Duration(sum)))
}

pub(super) static DURATION_STATICS: &[Native] = &[
    Native {
        name: "fromObject",
        run: |vm, args| Ok(wrap(Special::Duration(duration_of(vm, arg(args, 0), &Value::Undefined)?))),
    },
    Native {
        name: "fromMillis",
        run: |vm, args| Ok(wrap(Special::Duration(Duration::of(Unit::Millisecond, vm.number(arg(args, 0))?)))),
    },
    Native {
        name: "fromISO",
        run: |vm, args| {
            let text = vm.text(arg(args, 0))?;
            let Some(amounts) = datetime_parse::iso_duration(&text) else { return Ok(Value::Null) };
            let mut duration = Duration::default();
            for unit in UNITS.into_iter().filter(|unit| amounts[*unit as usize] != 0.0) {
                duration.set(unit, amounts[unit as usize]);
            }
            Ok(wrap(Special::Duration(duration)))
        },
    },
];

pub(super) static INTERVAL_STATICS: &[Native] = &[Native {
    name: "fromDateTimes",
    run: |vm, args| match (moment_of(vm, arg(args, 0)), moment_of(vm, arg(args, 1))) {
        (Some(start), Some(end)) => Ok(wrap(Special::Interval(start, end))),
        _ => Err(misuse("fromDateTimes() needs two dates.")),
    },
}];
