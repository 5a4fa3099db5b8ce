//! Dates for callers outside of the language: read, written and calculated with as expressions do it.

use jiff::tz::TimeZone;
use weft_value::{DateTime, Object, Value};

use super::datetime_units::Unit;
use super::{
    date_parse, datetime, datetime_fields, datetime_format, datetime_parse, datetime_statics, datetime_units, duration,
};
use crate::special::date_time;

/// `moment` by a pattern of Luxon's tokens (its manual, “Table of tokens”): `yyyy-MM-dd`.
pub fn format(moment: &DateTime, pattern: &str) -> String {
    datetime_format::format(moment, pattern)
}

/// `text` by a pattern of Luxon's tokens; what names no zone is read, and everything is shown, in `zone`.
pub fn parse(text: &str, pattern: &str, zone: &TimeZone) -> Option<DateTime> {
    datetime_parse::with_format(text, pattern, &super::locale::english(), zone)
}

/// ISO 8601, SQL or RFC 2822; what names no zone is read, and everything is shown, in `zone`.
pub fn read(text: &str, zone: &TimeZone) -> Option<DateTime> {
    datetime_parse::any(text, zone)
}

/// What `new Date(text)` reads besides: `1/31/2026`, `Jan 31, 2026 10:00`.
pub fn read_loosely(text: &str, zone: &TimeZone) -> Option<DateTime> {
    date_time(date_parse::parse(text, zone), zone.clone())
}

/// The moment on the clocks of the offset that its text names, `2026-01-31T10:00:00+02:00` for instance.
pub fn in_own_offset(text: &str, moment: &DateTime) -> DateTime {
    datetime_statics::own_offset(text.trim_end(), moment)
}

/// The zone called `name`: an IANA name, `utc`, `UTC+3`.
pub fn zone_named(name: &str) -> Option<TimeZone> {
    datetime::zone_named(name)
}

/// The moment on the clocks of `zone`.
pub fn in_zone(moment: &DateTime, zone: TimeZone) -> DateTime {
    datetime::in_zone(moment, zone)
}

/// The moment `amount` of `unit` (`days`) after `moment`; `None` beyond the calendar, or where there is no such unit.
pub fn plus(moment: &DateTime, amount: f64, unit: &str) -> Option<DateTime> {
    datetime_units::add(moment.zoned(), Unit::named(unit)?, amount).map(DateTime::from)
}

/// The first moment of the `unit` that `moment` lies in; `None` where there is no such unit.
pub fn start_of(moment: &DateTime, unit: &str) -> Option<DateTime> {
    datetime_units::start_of(moment.zoned(), Unit::named(unit)?).map(DateTime::from)
}

/// A field of `moment`: `year`, `month`, `week`, `hour`, …
pub fn part(moment: &DateTime, name: &str) -> Option<Value> {
    datetime_fields::getter(moment, if name == "week" { "weekNumber" } else { name })
}

/// The time from one moment to another, in units that somebody chose.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// `{ "days": 2 }`.
    pub amounts: Object,
    /// ISO 8601: `P2D`.
    pub iso: String,
}

/// The time from `start` to `end`, negative where that lies before; `None` where a unit is unknown.
pub fn difference(start: &DateTime, end: &DateTime, units: &[&str]) -> Option<Difference> {
    let units: Vec<Unit> = units.iter().map(|name| Unit::named(name)).collect::<Option<_>>()?;
    let duration = duration::difference(end, start, &units)?;
    let values = duration.property("values")?;
    Some(Difference { amounts: values.as_object()?.clone(), iso: duration.to_iso() })
}
