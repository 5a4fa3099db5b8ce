//! The static functions of `DateTime`, by the interface of Luxon.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use weft_value::{DateTime, Object, Value};

use super::datetime::{in_zone, made, moment_of, now, zone_named};
use super::datetime_set::of_fields;
use super::{Native, arg, datetime_parse, locale};
use crate::special::{Special, date_time, wrap};
use crate::stop::{Outcome, type_error};
use crate::vm::Vm;

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
    Native { name: "fromISO", run: from_iso },
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
            let millis = a_number(arg(args, 0), "fromMillis")?;
            let zone = option_zone(vm, arg(args, 1));
            Ok(made(zone.and_then(|zone| date_time(millis, zone))))
        },
    },
    Native {
        name: "fromSeconds",
        run: |vm, args| {
            let millis = a_number(arg(args, 0), "fromSeconds")? * 1000.0;
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
            let today = in_zone(&now(vm.scope), zone);
            Ok(made(of_fields(vm, today.zoned(), &fields)?))
        },
    },
    Native { name: "isDateTime", run: |_, args| Ok(Value::Bool(matches!(arg(args, 0), Value::DateTime(_)))) },
    Native { name: "max", run: |vm, args| Ok(extreme(vm, args, std::cmp::Ordering::Greater)) },
    Native { name: "min", run: |vm, args| Ok(extreme(vm, args, std::cmp::Ordering::Less)) },
];

/// The formats that `toLocaleString` takes.
pub(super) fn format_constant(name: &str) -> Option<Value> {
    let (date, time) = match name.strip_prefix("DATETIME_") {
        Some(rest) => {
            let (size, seconds) = rest.strip_suffix("_WITH_SECONDS").map_or((rest, false), |size| (size, true));
            let zone = match size {
                "FULL" => Some("short"),
                "HUGE" => Some("long"),
                _ => None,
            };
            (date_constant(&format!("DATE_{size}"))?, time_entries(seconds, zone, ""))
        }
        None => match date_constant(name) {
            Some(date) => (date, Vec::new()),
            None => (&[][..], time_constant(name)?),
        },
    };
    Some(Value::from(
        date.iter().copied().chain(time).map(|(key, value)| (key, Value::from(value))).collect::<Object>(),
    ))
}

type Entries = &'static [(&'static str, &'static str)];

fn date_constant(name: &str) -> Option<Entries> {
    Some(match name {
        "DATE_SHORT" => &[("year", "numeric"), ("month", "numeric"), ("day", "numeric")],
        "DATE_MED" => &[("year", "numeric"), ("month", "short"), ("day", "numeric")],
        "DATE_MED_WITH_WEEKDAY" => &[("year", "numeric"), ("month", "short"), ("day", "numeric"), ("weekday", "short")],
        "DATE_FULL" => &[("year", "numeric"), ("month", "long"), ("day", "numeric")],
        "DATE_HUGE" => &[("year", "numeric"), ("month", "long"), ("day", "numeric"), ("weekday", "long")],
        _ => return None,
    })
}

fn time_constant(name: &str) -> Option<Vec<(&'static str, &'static str)>> {
    let (rest, cycle) = match name.strip_prefix("TIME_24_") {
        Some(rest) => (rest, "h23"),
        None => (name.strip_prefix("TIME_")?, ""),
    };
    Some(match rest {
        "SIMPLE" => time_entries(false, None, cycle),
        "WITH_SECONDS" => time_entries(true, None, cycle),
        "WITH_SHORT_OFFSET" => time_entries(true, Some("short"), cycle),
        "WITH_LONG_OFFSET" => time_entries(true, Some("long"), cycle),
        _ => return None,
    })
}

/// A time of the day: with seconds, with the zone, on a clock of its own.
fn time_entries(seconds: bool, zone: Option<&'static str>, cycle: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut entries = vec![("hour", "numeric"), ("minute", "numeric")];
    if seconds {
        entries.push(("second", "numeric"));
    }
    if !cycle.is_empty() {
        entries.push(("hourCycle", cycle));
    }
    entries.extend(zone.map(|zone| ("timeZoneName", zone)));
    entries
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

/// An ISO 8601 moment; a time alone is one of today.
fn from_iso(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    if let (Value::String(text), Some(zone)) = (arg(args, 0), option_zone(vm, arg(args, 1)))
        && let Some(moment) = time_of_today(vm, text, &zone)
    {
        return Ok(Value::from(moment));
    }
    // Only SQL writes a blank between the date and the time.
    parsed(
        vm,
        args,
        1,
        |text, zone| {
            if text.contains(char::is_whitespace) { None } else { datetime_parse::iso(text, zone) }
        },
    )
}

/// The time `10:30` of today.
pub(super) fn time_of_today(vm: &Vm<'_>, text: &str, zone: &TimeZone) -> Option<DateTime> {
    let time = text.trim();
    if time.len() > 32 || time.as_bytes().get(2) != Some(&b':') {
        return None;
    }
    let today = in_zone(&now(vm.scope), zone.clone());
    datetime_parse::iso(&format!("{}T{time}", today.zoned().date()), zone)
}

/// The moment in the offset that its text names.
pub(super) fn own_offset(text: &str, moment: &DateTime) -> DateTime {
    let tail = text.get(10..).unwrap_or_default();
    let zone = match tail.rfind(['+', '-']) {
        Some(at) => zone_named(&colon(&tail[at..])),
        None => (tail.ends_with('Z') || tail.ends_with("GMT")).then_some(TimeZone::UTC),
    };
    zone.map_or_else(|| moment.clone(), |zone| in_zone(moment, zone))
}

/// `+0200` with a colon.
fn colon(offset: &str) -> String {
    match offset.split_at_checked(3) {
        Some((hours, minutes)) if minutes.len() == 2 => format!("{hours}:{minutes}"),
        _ => offset.to_owned(),
    }
}

fn a_number(value: &Value, name: &str) -> Outcome<f64> {
    match value {
        Value::Number(number) => Ok(*number),
        _ => Err(type_error(format!("{name}() needs a number"))),
    }
}

fn from_format(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    let (Value::String(text), Value::String(pattern)) = (arg(args, 0), arg(args, 1)) else {
        return Err(type_error("fromFormat() needs a text and its format"));
    };
    vm.budget.scan(text.len() + pattern.len() * 16)?;
    let zone = option_zone(vm, arg(args, 2));
    let locale = arg(args, 2).get("locale").as_str().map_or_else(locale::english, locale::named);
    Ok(made(zone.and_then(|zone| datetime_parse::with_format(text, pattern, &locale, &zone))))
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
        parts[6].min(1000.0) as i32 * 1_000_000,
    )
    .ok();
    Ok(made(date.zip(time).and_then(|(date, time)| date.to_datetime(time).to_zoned(zone).ok())))
}
