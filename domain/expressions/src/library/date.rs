//! JavaScript's `Date` (ECMA-262, section 21.4). Its local time is that of the workflow's time zone.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::civil;
use jiff::tz::TimeZone;
use weft_value::Value;

use super::date_parse::parse;
use super::{Native, Table, arg, datetime, datetime_format, datetime_localized};
use crate::convert::to_integer;
use crate::special::{Special, date_time, special, wrap};
use crate::stop::{Outcome, range_error};
use crate::vm::Vm;

/// A `Date`: milliseconds since the epoch, `NaN` where invalid. It is shared by all of its names, so that what sets one of
/// its fields is seen by each.
#[derive(Debug)]
pub(crate) struct Date(AtomicU64);

impl Date {
    /// A date, as a value.
    pub(crate) fn value(millis: f64) -> Value {
        wrap(Special::Date(Self(AtomicU64::new(millis.to_bits()))))
    }

    pub(crate) fn millis(&self) -> f64 {
        f64::from_bits(self.0.load(Ordering::Relaxed))
    }

    /// Moves the date; gives the new milliseconds, as the setters do.
    fn set(&self, millis: f64) -> Value {
        self.0.store(millis.to_bits(), Ordering::Relaxed);
        Value::Number(millis)
    }
}

pub(super) static STATICS: &[Native] = &[
    Native { name: "now", run: |vm, _| Ok(Value::Number(vm.scope.now().as_millisecond() as f64)) },
    Native {
        name: "parse",
        run: |vm, args| {
            let text = vm.text(arg(args, 0))?;
            Ok(Value::Number(parse(&text, vm.scope.time_zone())))
        },
    },
    Native {
        name: "UTC",
        run: |vm, args| {
            let fields = fields(vm, args)?;
            Ok(Value::Number(assemble(&fields, &TimeZone::UTC)))
        },
    },
];

/// `new Date(…)`.
pub(super) fn construct(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    let millis = match args {
        [] => vm.scope.now().as_millisecond() as f64,
        [only] => match (only, special(only)) {
            (_, Some(Special::Date(date))) => date.millis(),
            (Value::String(text), _) => parse(text, vm.scope.time_zone()),
            _ => {
                let primitive = vm.primitive_number(only)?;
                match &primitive {
                    Value::String(text) => parse(text, vm.scope.time_zone()),
                    other => clip(vm.number(other)?),
                }
            }
        },
        _ => {
            let fields = fields(vm, args)?;
            let zone = vm.scope.time_zone().clone();
            assemble(&fields, &zone)
        }
    };
    Ok(Date::value(millis))
}

fn clip(millis: f64) -> f64 {
    if millis.abs() <= 8.64e15 { millis.trunc() } else { f64::NAN }
}

fn fields(vm: &mut Vm<'_>, args: &[Value]) -> Outcome<[f64; 7]> {
    let mut fields = [f64::NAN, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0];
    for (field, arg) in fields.iter_mut().zip(args) {
        *field = vm.number(arg)?.trunc();
    }
    if (0.0..=99.0).contains(&fields[0]) {
        fields[0] += 1900.0;
    }
    Ok(fields)
}

/// Milliseconds of year, month (from 0), day, hour, minute, second, millisecond, each of which may overflow.
pub(super) fn assemble(fields: &[f64; 7], zone: &TimeZone) -> f64 {
    if fields.iter().any(|field| !field.is_finite() || field.abs() > 1e14) {
        return f64::NAN;
    }
    let months = fields[0] * 12.0 + fields[1];
    let (year, month) = ((months / 12.0).floor(), months.rem_euclid(12.0));
    // The calendar repeats itself every 400 years, which are 146 097 days: days of years that no calendar of ours knows are
    // counted all the same, since other fields may lead back.
    let (cycles, within) = ((year / 400.0).floor(), year.rem_euclid(400.0));
    let Ok(first) = civil::Date::new(within as i16, month as i8 + 1, 1) else { return f64::NAN };
    let days = datetime::days_from_epoch(first) as f64 + cycles * 146_097.0 + fields[2] - 1.0;
    let time = fields[3] * 3_600_000.0 + fields[4] * 60_000.0 + fields[5] * 1000.0 + fields[6];
    let local = days * 86_400_000.0 + time;
    // The offset is looked up at the wall clock's reading.
    let Some(wall) = date_time(local, TimeZone::UTC) else { return f64::NAN };
    match wall.zoned().datetime().to_zoned(zone.clone()) {
        Ok(zoned) => zoned.timestamp().as_millisecond() as f64,
        Err(_) => f64::NAN,
    }
}

/// `toISOString`.
pub(super) fn to_iso(millis: f64) -> Option<String> {
    date_time(millis, TimeZone::UTC).map(|moment| moment.to_iso())
}

/// `toString`.
pub(crate) fn date_to_string(millis: f64, zone: &TimeZone) -> String {
    format(millis, zone, "EEE MMM dd yyyy HH:mm:ss 'GMT'ZZZ") + &zone_in_words(millis, zone)
}

/// ` (Eastern Standard Time)`.
fn zone_in_words(millis: f64, zone: &TimeZone) -> String {
    date_time(millis, zone.clone())
        .map(|moment| format!(" ({})", datetime_format::long_zone(moment.zoned())))
        .unwrap_or_default()
}

fn format(millis: f64, zone: &TimeZone, pattern: &str) -> String {
    match date_time(millis, zone.clone()) {
        Some(moment) => datetime_format::format(&moment, pattern),
        None => "Invalid Date".to_owned(),
    }
}

/// Makes the table of what is read from the local (or UTC) calendar.
macro_rules! fields {
    ($($local:literal $utc:literal => $read:expr),* $(,)?) => {
        &[$(($local, |vm, date, _| Ok(field(date, vm.scope.time_zone(), $read))), ($utc, |_, date, _| Ok(field(date, &TimeZone::UTC, $read)))),*]
    };
}

static FIELDS: Table<Date> = fields! {
    "getFullYear" "getUTCFullYear" => |z| f64::from(z.year()),
    "getMonth" "getUTCMonth" => |z| f64::from(z.month() - 1),
    "getDate" "getUTCDate" => |z| f64::from(z.day()),
    "getDay" "getUTCDay" => |z| f64::from(z.weekday().to_sunday_zero_offset()),
    "getHours" "getUTCHours" => |z| f64::from(z.hour()),
    "getMinutes" "getUTCMinutes" => |z| f64::from(z.minute()),
    "getSeconds" "getUTCSeconds" => |z| f64::from(z.second()),
    "getMilliseconds" "getUTCMilliseconds" => |z| f64::from(z.millisecond()),
};

fn field(date: &Date, zone: &TimeZone, read: fn(&jiff::Zoned) -> f64) -> Value {
    Value::Number(date_time(date.millis(), zone.clone()).map_or(f64::NAN, |moment| read(moment.zoned())))
}

/// Sets the calendar's fields from `first` on.
fn set(vm: &mut Vm<'_>, date: &Date, args: &[Value], first: usize, zone: &TimeZone) -> Outcome {
    let Some(moment) = date_time(date.millis(), zone.clone()) else { return Ok(Value::Number(f64::NAN)) };
    let z = moment.zoned();
    let mut fields = [
        f64::from(z.year()),
        f64::from(z.month() - 1),
        f64::from(z.day()),
        f64::from(z.hour()),
        f64::from(z.minute()),
        f64::from(z.second()),
        f64::from(z.millisecond()),
    ];
    let last = if first < 3 { 3 } else { 7 };
    for (field, arg) in fields[first..last].iter_mut().zip(args) {
        *field = to_integer(vm.number(arg)?);
    }
    Ok(date.set(assemble(&fields, zone)))
}

macro_rules! setters {
    ($($local:literal $utc:literal $first:literal),* $(,)?) => {
        &[$(
            ($local, |vm, date, args| { let zone = vm.scope.time_zone().clone(); set(vm, date, args, $first, &zone) }),
            ($utc, |vm, date, args| set(vm, date, args, $first, &TimeZone::UTC))
        ),*]
    };
}

static SETTERS: Table<Date> = setters! {
    "setFullYear" "setUTCFullYear" 0, "setMonth" "setUTCMonth" 1, "setDate" "setUTCDate" 2, "setHours" "setUTCHours" 3,
    "setMinutes" "setUTCMinutes" 4, "setSeconds" "setUTCSeconds" 5, "setMilliseconds" "setUTCMilliseconds" 6,
};

/// All tables of `Date`.
pub(super) static TABLES: &[Table<Date>] = &[METHODS, FIELDS, SETTERS];

static METHODS: Table<Date> = &[
    ("getTime", |_, date, _| Ok(Value::Number(date.millis()))),
    ("valueOf", |_, date, _| Ok(Value::Number(date.millis()))),
    ("setTime", |vm, date, args| Ok(date.set(clip(vm.number(arg(args, 0))?)))),
    ("getYear", |vm, date, _| Ok(field(date, vm.scope.time_zone(), |z| f64::from(z.year()) - 1900.0))),
    ("getTimezoneOffset", |vm, date, _| {
        Ok(field(date, vm.scope.time_zone(), |z| -f64::from(z.offset().seconds()) / 60.0))
    }),
    ("toISOString", |_, date, _| match to_iso(date.millis()) {
        Some(iso) => Ok(Value::from(iso)),
        None => Err(range_error("Invalid time value")),
    }),
    ("toJSON", |_, date, _| Ok(to_iso(date.millis()).map_or(Value::Null, Value::from))),
    ("toString", |vm, date, _| Ok(Value::from(date_to_string(date.millis(), vm.scope.time_zone())))),
    ("toDateString", |vm, date, _| Ok(Value::from(format(date.millis(), vm.scope.time_zone(), "EEE MMM dd yyyy")))),
    ("toTimeString", |vm, date, _| {
        let zone = vm.scope.time_zone();
        Ok(Value::from(format(date.millis(), zone, "HH:mm:ss 'GMT'ZZZ") + &zone_in_words(date.millis(), zone)))
    }),
    ("toUTCString", |_, date, _| {
        Ok(Value::from(format(date.millis(), &TimeZone::UTC, "EEE, dd MMM yyyy HH:mm:ss 'GMT'")))
    }),
    ("toGMTString", |_, date, _| {
        Ok(Value::from(format(date.millis(), &TimeZone::UTC, "EEE, dd MMM yyyy HH:mm:ss 'GMT'")))
    }),
    ("toLocaleDateString", |vm, date, args| locale(vm, date.millis(), args, datetime_localized::Usual::Date)),
    ("toLocaleTimeString", |vm, date, args| locale(vm, date.millis(), args, datetime_localized::Usual::Time)),
    ("toLocaleString", |vm, date, args| locale(vm, date.millis(), args, datetime_localized::Usual::Both)),
];

/// `Intl.DateTimeFormat(locale, options).format(date)`.
pub(super) fn to_intl_string(vm: &mut Vm<'_>, millis: f64, args: &[Value]) -> Outcome {
    locale(vm, millis, args, datetime_localized::Usual::Plain)
}

fn locale(vm: &mut Vm<'_>, millis: f64, args: &[Value], usual: datetime_localized::Usual) -> Outcome {
    let moment = in_asked_zone(vm, millis, arg(args, 1))?;
    let tag = super::locale::asked(arg(args, 0))?;
    Ok(Value::from(match moment {
        Some(moment) => datetime_localized::localized(&moment, &tag, arg(args, 1), usual),
        None => "Invalid Date".to_owned(),
    }))
}

/// The moment in the zone that options name, else in the workflow's.
pub(super) fn in_asked_zone(vm: &Vm<'_>, millis: f64, options: &Value) -> Outcome<Option<weft_value::DateTime>> {
    let zone = match options.get("timeZone").as_str().map(datetime::zone_named) {
        Some(None) => return Err(range_error("Invalid time zone specified")),
        Some(Some(zone)) => zone,
        None => vm.scope.time_zone().clone(),
    };
    Ok(date_time(millis, zone))
}
