//! The properties of a `DateTime`.

use jiff::Zoned;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use weft_value::{DateTime, Object, Value};

use super::date::Date;
use super::datetime_format::{format, quarter, zone_name};
use super::datetime_week::Week;
use crate::special::{Special, wrap};

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
        "localWeekday" | "localWeekNumber" | "localWeekYear" | "weeksInLocalWeekYear" => {
            Week::of(moment).number(z, name)
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
        "offsetNameShort" | "offsetNameLong" if is_fixed(z) => Value::from(zone_name(z)),
        "offsetNameShort" => Value::from(format(moment, "ZZZZ")),
        "offsetNameLong" => Value::from(format(moment, "ZZZZZ")),
        "isValid" => Value::Bool(true),
        "c" => {
            let names = ["year", "month", "day", "hour", "minute", "second", "millisecond"];
            names.into_iter().filter_map(|name| Some((name, getter(moment, name)?))).collect::<Object>().into()
        }
        "isWeekend" => Value::Bool(matches!(z.weekday(), Weekday::Saturday | Weekday::Sunday)),
        "isInLeapYear" => Value::Bool(z.in_leap_year()),
        "isInDST" => Value::Bool(is_dst(z)),
        "isOffsetFixed" => Value::Bool(is_fixed(z)),
        "locale" => Value::from(moment.language().map_or("en-US", |name| if &**name == "en" { "en-US" } else { name })),
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
        "zoneName" => Some(Value::Null),
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

/// Whether its zone has one offset for ever, and no rules.
pub(super) fn is_fixed(zoned: &Zoned) -> bool {
    zoned.time_zone() == &TimeZone::UTC || zoned.time_zone().iana_name().is_none()
}

pub(super) fn is_dst(zoned: &Zoned) -> bool {
    zoned.time_zone().to_offset_info(zoned.timestamp()).dst().is_dst()
}
