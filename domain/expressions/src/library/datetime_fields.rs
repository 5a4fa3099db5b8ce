//! The properties of a `DateTime`: read, and set anew.

use jiff::Zoned;
use weft_value::{DateTime, Object, Value};

use super::date::Date;
use super::datetime_format::{format, quarter, zone_name};
use super::datetime_units::{Unit, add};
use crate::special::{Special, wrap};
use crate::stop::Outcome;
use crate::vm::Vm;

/// `moment` with other values for `fields`, such as `{ year: 2026 }`.
pub(super) fn with_fields(vm: &mut Vm<'_>, moment: Zoned, fields: &Object) -> Outcome<Option<Zoned>> {
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
    Some(match name {
        "monthLong" => Value::from(format(moment, "LLLL")),
        "monthShort" => Value::from(format(moment, "LLL")),
        "weekdayLong" => Value::from(format(moment, "cccc")),
        "weekdayShort" => Value::from(format(moment, "ccc")),
        "zoneName" => Value::from(zone_name(z)),
        "zone" => Value::from([("name", Value::from(zone_name(z)))].into_iter().collect::<Object>()),
        "offsetNameShort" => Value::from(format(moment, "ZZZZ")),
        "offsetNameLong" => Value::from(format(moment, "ZZZZZ")),
        "isValid" => Value::Bool(true),
        "isInLeapYear" => Value::Bool(z.in_leap_year()),
        "isInDST" => Value::Bool(is_dst(z)),
        "isOffsetFixed" => Value::Bool(z.time_zone().iana_name().is_none()),
        "locale" => Value::from(moment.language().filter(|language| *language != "en").unwrap_or("en-US")),
        "era" => Value::from(format(moment, "G")),
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
        "toJSDate" => Date::value(f64::NAN),
        "hasSame" | "equals" | "isBetween" | "isWeekend" | "isEmpty" => Value::Bool(false),
        _ => wrap(Special::InvalidDateTime),
    }
}

pub(super) fn is_dst(zoned: &Zoned) -> bool {
    zoned.time_zone().to_offset_info(zoned.timestamp()).dst().is_dst()
}
