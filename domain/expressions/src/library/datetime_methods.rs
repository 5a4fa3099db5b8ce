//! The methods of a `DateTime`, by the interface of Luxon.

use jiff::tz::TimeZone;
use weft_value::{DateTime, Object, Text, Value};

use super::date::Date;
use super::datetime::{in_zone, made, moment_of, now, text, zone_named};
use super::datetime_fields::{getter, with_fields};
use super::datetime_format::{format, format_in, offset};
use super::datetime_localized::{Style, localized};
use super::datetime_units::{Unit, end_of, start_of};
use super::duration::{add_duration, difference, duration_of, unit_of, units_of};
use super::{Table, arg, locale};
use crate::special::{Special, wrap};
use crate::stop::{Outcome, misuse};
use crate::vm::Vm;

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
    ("toJSDate", |_, moment, _| Ok(Date::value(moment.millis() as f64))),
    ("toISOString", |_, moment, _| text(super::date::to_iso(moment.millis() as f64).unwrap_or_default())),
    ("getTime", |_, moment, _| Ok(Value::Number(moment.millis() as f64))),
    ("toSQL", |_, moment, _| text(format(moment, "yyyy-MM-dd HH:mm:ss.SSS ZZ"))),
    ("toSQLDate", |_, moment, _| text(format(moment, "yyyy-MM-dd"))),
    ("toSQLTime", |_, moment, _| text(format(moment, "HH:mm:ss.SSS ZZ"))),
    ("toRFC2822", |_, moment, _| text(format_in(moment, locale::english(), "EEE, dd LLL yyyy HH:mm:ss ZZZ"))),
    ("toHTTP", |_, moment, _| {
        let pattern = "EEE, dd LLL yyyy HH:mm:ss 'GMT'";
        text(format_in(&in_zone(moment, TimeZone::UTC), locale::english(), pattern))
    }),
    ("toLocaleString", |_, moment, args| {
        let language = asked_language(arg(args, 1)).or_else(|| asked_language(arg(args, 0)));
        let name = language.unwrap_or_else(|| locale::of(moment).tag.to_owned());
        text(localized(moment, &name, arg(args, 0), Style::Plain))
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
    ("setLocale", |vm, moment, args| {
        let name = vm.text(arg(args, 0))?;
        Ok(Value::from(DateTime::clone(moment).in_language(Some(locale::named(&name).tag))))
    }),
    ("reconfigure", |_, moment, args| {
        let language = asked_language(arg(args, 0)).map(|name| locale::named(&name).tag);
        Ok(Value::from(DateTime::clone(moment).in_language(language.or(moment.language()))))
    }),
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
    ("toBSON", |_, moment, _| Ok(Date::value(moment.millis() as f64))),
    ("toRelative", |vm, moment, args| {
        let base = moment_of(vm, arg(args, 0).get("base")).unwrap_or_else(|| now(vm.scope));
        let unit = match arg(args, 0).get("unit") {
            Value::Undefined => None,
            name => Some(unit_of(vm, name)?),
        };
        text(relative(moment, &base, unit))
    }),
    ("toRelativeCalendar", |vm, moment, args| {
        let base = moment_of(vm, arg(args, 0).get("base")).unwrap_or_else(|| now(vm.scope));
        text(relative_day(moment, &base))
    }),
];

/// The language that options name.
fn asked_language(options: &Value) -> Option<String> {
    options.get("locale").as_str().map(str::to_owned)
}

pub(super) fn plus(vm: &mut Vm<'_>, moment: &DateTime, args: &[Value]) -> Outcome {
    let duration = duration_of(vm, arg(args, 0), arg(args, 1))?;
    Ok(made(add_duration(moment, &duration)))
}

pub(super) fn minus(vm: &mut Vm<'_>, moment: &DateTime, args: &[Value]) -> Outcome {
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
    vm.string(format(moment, &pattern))
}

/// How long before or after `base`, in `unit` or in the largest one of which there is a whole one.
fn relative(moment: &DateTime, base: &DateTime, unit: Option<Unit>) -> String {
    const UNITS: [Unit; 8] =
        [Unit::Year, Unit::Quarter, Unit::Month, Unit::Week, Unit::Day, Unit::Hour, Unit::Minute, Unit::Second];
    let past = moment.millis() < base.millis();
    let length = |unit: Unit| difference(moment, base, &[unit]).map_or(0.0, |length| length.amount(unit).abs());
    let unit = unit.unwrap_or_else(|| UNITS.into_iter().find(|unit| length(*unit) >= 1.0).unwrap_or(Unit::Second));
    let amount = length(unit).trunc();
    let name = if amount == 1.0 { unit.plural().trim_end_matches('s') } else { unit.plural() };
    if past { format!("{amount} {name} ago") } else { format!("in {amount} {name}") }
}

/// The day in words, or the largest unit of the calendar that differs from `base`.
fn relative_day(moment: &DateTime, base: &DateTime) -> String {
    let moment = in_zone(moment, base.zoned().time_zone().clone());
    let starts = |unit: Unit| {
        let (a, b) = (start_of(moment.zoned(), unit)?, start_of(base.zoned(), unit)?);
        difference(&a.into(), &b.into(), &[unit]).map(|length| length.amount(unit).round())
    };
    for unit in [Unit::Year, Unit::Month, Unit::Day] {
        let amount = starts(unit).unwrap_or(0.0);
        let name = unit.plural().trim_end_matches('s');
        return match (unit, amount as i64) {
            (Unit::Day, 0) => "today".to_owned(),
            (_, 0) => continue,
            (Unit::Day, 1) => "tomorrow".to_owned(),
            (Unit::Day, -1) => "yesterday".to_owned(),
            (_, 1) => format!("next {name}"),
            (_, -1) => format!("last {name}"),
            (_, amount) if amount < 0 => format!("{} {}s ago", -amount, name),
            (_, amount) => format!("in {amount} {name}s"),
        };
    }
    "today".to_owned()
}
