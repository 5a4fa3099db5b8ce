//! The methods of a `DateTime`, by the interface of Luxon.

use std::sync::Arc;

use jiff::Zoned;
use jiff::tz::TimeZone;
use weft_value::{DateTime, Object, Text, Value};

use super::date::Date;
use super::datetime::{in_zone, made, moment_of, now, text, zone_named};
use super::datetime_fields::getter;
use super::datetime_format::{format, format_in, offset, zone_name};
use super::datetime_localized::localized_by_luxon;
use super::datetime_set::with_fields;
use super::datetime_units::{Unit, add, start_of};
use super::datetime_week::Week;
use super::duration::{add_duration, difference, duration_of, unit_of, units_of};
use super::{Table, arg, locale};
use crate::special::{Special, wrap};
use crate::stop::{Outcome, misuse};
use crate::vm::Vm;

pub(super) static METHODS: Table<DateTime> = &[
    ("toISO", |_, moment, args| match args {
        [] => text(moment.to_iso()),
        [options, ..] => text(format!("{}T{}", iso_date(moment, options), iso_time(moment, options))),
    }),
    ("toISODate", |_, moment, args| text(iso_date(moment, arg(args, 0)))),
    ("toISOTime", |_, moment, args| {
        let prefix = if is_asked(arg(args, 0), "includePrefix") { "T" } else { "" };
        text(format!("{prefix}{}", iso_time(moment, arg(args, 0))))
    }),
    ("toISOWeekDate", |_, moment, _| text(format(moment, "kkkk-'W'WW-c"))),
    ("toString", |_, moment, _| text(moment.to_iso())),
    ("toJSON", |_, moment, _| text(moment.to_iso())),
    ("toFormat", to_format),
    ("toMillis", |_, moment, _| Ok(Value::Number(moment.millis() as f64))),
    ("valueOf", |_, moment, _| Ok(Value::Number(moment.millis() as f64))),
    ("toSeconds", |_, moment, _| Ok(Value::Number(moment.millis() as f64 / 1000.0))),
    ("toUnixInteger", |_, moment, _| Ok(Value::Number((moment.millis() as f64 / 1000.0).floor()))),
    ("toJSDate", |_, moment, _| Ok(Date::value(moment.millis() as f64))),
    ("toISOString", |_, moment, _| text(super::date::to_iso(moment.millis() as f64).unwrap_or_default())),
    ("getTime", |_, moment, _| Ok(Value::Number(moment.millis() as f64))),
    ("toSQL", |_, moment, args| text(format(moment, "yyyy-MM-dd ") + &sql_time(moment, arg(args, 0)))),
    ("toSQLDate", |_, moment, _| text(format(moment, "yyyy-MM-dd"))),
    ("toSQLTime", |_, moment, args| text(sql_time(moment, arg(args, 0)))),
    ("toRFC2822", |_, moment, _| text(format_in(moment, &locale::english(), "EEE, dd LLL yyyy HH:mm:ss ZZZ"))),
    ("toHTTP", |_, moment, _| {
        let pattern = "EEE, dd LLL yyyy HH:mm:ss 'GMT'";
        text(format_in(&in_zone(moment, TimeZone::UTC), &locale::english(), pattern))
    }),
    ("toLocaleString", |_, moment, args| {
        let language = asked_language(arg(args, 1)).or_else(|| asked_language(arg(args, 0)));
        let locale = language.map_or_else(|| locale::of(moment), |name| locale::named(&name));
        text(localized_by_luxon(moment, &locale.icu, arg(args, 0)))
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
        Ok(made(with_fields(vm, moment.zoned(), &fields)?))
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
    ("setLocale", |vm, moment, args| {
        let name = vm.text(arg(args, 0))?;
        Ok(Value::from(DateTime::clone(moment).in_language(Some(Arc::clone(&locale::named(&name).tag)))))
    }),
    ("reconfigure", |_, moment, args| {
        let language = asked_language(arg(args, 0)).map(|name| Arc::clone(&locale::named(&name).tag));
        Ok(Value::from(DateTime::clone(moment).in_language(language.or_else(|| moment.language().cloned()))))
    }),
    ("startOf", |vm, moment, args| {
        let unit = unit_of(vm, arg(args, 0))?;
        Ok(made(start_asked(moment, unit, arg(args, 1))))
    }),
    ("endOf", |vm, moment, args| {
        let unit = unit_of(vm, arg(args, 0))?;
        let start = start_asked(moment, unit, arg(args, 1));
        Ok(made(start.and_then(|start| add(&add(&start, unit, 1.0)?, Unit::Millisecond, -1.0))))
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
    ("toBSON", |_, moment, _| Ok(Date::value(moment.millis() as f64))),
    ("toRelative", super::datetime_relative::to_relative),
    ("toRelativeCalendar", super::datetime_relative::to_relative_calendar),
    ("toLocaleParts", super::datetime_relative::to_locale_parts),
    ("resolvedLocaleOptions", super::datetime_relative::resolved_locale_options),
];

fn is_asked(options: &Value, name: &str) -> bool {
    options.get(name).as_bool() == Some(true)
}

fn is_basic(options: &Value) -> bool {
    options.get("format").as_str() == Some("basic")
}

/// `2026-03-01`, or `20260301` where that is asked for.
fn iso_date(moment: &DateTime, options: &Value) -> String {
    format(moment, if is_basic(options) { "yyyyMMdd" } else { "yyyy-MM-dd" })
}

/// `08:30:45.123-05:00`, with what the options leave out.
pub(super) fn iso_time(moment: &DateTime, options: &Value) -> String {
    let z = moment.zoned();
    let (minutes, seconds) = if is_basic(options) { ("HHmm", "ss") } else { ("HH:mm", ":ss") };
    let mut pattern = minutes.to_owned();
    if !(is_asked(options, "suppressSeconds") && z.second() == 0 && z.millisecond() == 0) {
        pattern.push_str(seconds);
        if !(is_asked(options, "suppressMilliseconds") && z.millisecond() == 0) {
            pattern.push_str(".SSS");
        }
    }
    let zone = match options.get("includeOffset").as_bool() {
        Some(false) => String::new(),
        _ if z.time_zone() == &TimeZone::UTC => "Z".to_owned(),
        _ => offset(z, ":", false),
    };
    format(moment, &pattern) + &zone
}

/// `08:30:45.123 -05:00`, with what the options leave out.
fn sql_time(moment: &DateTime, options: &Value) -> String {
    let z = moment.zoned();
    let zone = if is_asked(options, "includeZone") {
        zone_name(z)
    } else if options.get("includeOffset").as_bool() == Some(false) {
        return format(moment, "HH:mm:ss.SSS");
    } else if z.time_zone() == &TimeZone::UTC {
        "Z".to_owned()
    } else {
        offset(z, ":", false)
    };
    let space = if options.get("includeOffsetSpace").as_bool() == Some(false) { "" } else { " " };
    format(moment, "HH:mm:ss.SSS") + space + &zone
}

/// The first moment of a unit; with the option `useLocaleWeeks`, weeks are those of the language.
fn start_asked(moment: &DateTime, unit: Unit, options: &Value) -> Option<Zoned> {
    let z = moment.zoned();
    if unit == Unit::Week && options.get("useLocaleWeeks").as_bool() == Some(true) {
        let date = Week::of(moment).start(z.date())?;
        return date.to_zoned(z.time_zone().clone()).ok();
    }
    start_of(z, unit)
}

/// The language that options name.
pub(super) fn asked_language(options: &Value) -> Option<String> {
    options.get("locale").as_str().map(str::to_owned)
}

pub(super) fn plus(vm: &mut Vm<'_>, moment: &DateTime, args: &[Value]) -> Outcome {
    if arg(args, 0).is_undefined() {
        return Ok(Value::from(moment.clone()));
    }
    let duration = duration_of(vm, arg(args, 0), arg(args, 1))?;
    Ok(made(add_duration(moment, &duration)))
}

pub(super) fn minus(vm: &mut Vm<'_>, moment: &DateTime, args: &[Value]) -> Outcome {
    if arg(args, 0).is_undefined() {
        return Ok(Value::from(moment.clone()));
    }
    let duration = duration_of(vm, arg(args, 0), arg(args, 1))?.negated();
    Ok(made(add_duration(moment, &duration)))
}

fn diff(vm: &mut Vm<'_>, moment: &DateTime, other: &Value, units: &Value) -> Outcome {
    let Some(other) = moment_of(vm, other) else { return Err(misuse("diff() needs another date.")) };
    let units = units_of(vm, units)?;
    Ok(difference(moment, &other, &units).map_or(Value::Null, |duration| wrap(Special::Duration(duration))))
}

pub(super) fn to_format(vm: &mut Vm<'_>, moment: &DateTime, args: &[Value]) -> Outcome {
    let pattern = if arg(args, 0).is_undefined() { Text::from("yyyy-MM-dd") } else { vm.text(arg(args, 0))? };
    vm.budget.text(pattern.len().saturating_mul(24))?;
    match asked_language(arg(args, 1)) {
        Some(name) => vm.string(format_in(moment, &locale::named(&name), &pattern)),
        None => vm.string(format(moment, &pattern)),
    }
}
