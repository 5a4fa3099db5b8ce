//! `DateTime.fromObject` and `set`: a moment of the values of its fields.
//!
//! A date is told by year, month and day, by the ISO week and its day, or by the day of the year. What is set may overflow, as the 30th
//! of February does, which is the first or second of March.

use jiff::Zoned;
use jiff::civil::ISOWeekDate;
use weft_value::{DateTime, Object};

use super::date::assemble;
use super::datetime_units::{Unit, add};
use crate::special::date_time;
use crate::stop::{Outcome, type_error};
use crate::vm::Vm;

/// The fields that tell a moment, by their names in singular.
const NAMES: [&str; 12] = [
    "year",
    "month",
    "day",
    "hour",
    "minute",
    "second",
    "millisecond",
    "weekYear",
    "weekNumber",
    "weekday",
    "ordinal",
    "quarter",
];

/// What is given of the fields.
#[derive(Default)]
struct Given([Option<f64>; 12]);

impl Given {
    fn read(vm: &mut Vm<'_>, fields: &Object) -> Outcome<Self> {
        let mut given = Self::default();
        for (name, value) in fields.iter().filter(|(_, value)| !value.is_nullish()) {
            let one = name.strip_suffix('s').unwrap_or(name);
            let place = NAMES.iter().position(|known| known.eq_ignore_ascii_case(one));
            let place = place.ok_or_else(|| type_error(format!("\"{name}\" is not a field of a date")))?;
            given.0[place] = Some(vm.number(value)?);
        }
        given.tells_one_date()?;
        Ok(given)
    }

    /// Refuses two ways of telling a date at once: which one counts would be a guess.
    fn tells_one_date(&self) -> Outcome<()> {
        let by_month = self.has(&["month", "day"]);
        let other = self.has(&["year", "ordinal"]) || by_month;
        if other && self.has(&["weekYear", "weekNumber"]) {
            return Err(type_error("weekYear and weekNumber do not go with year, month, day or ordinal"));
        }
        if by_month && self.has(&["ordinal"]) {
            return Err(type_error("ordinal does not go with month or day"));
        }
        Ok(())
    }

    fn get(&self, name: &str) -> Option<f64> {
        NAMES.iter().position(|known| *known == name).and_then(|place| self.0[place])
    }

    fn has(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.get(name).is_some())
    }

    fn by_week(&self) -> bool {
        self.has(&["weekYear", "weekNumber"]) || (self.get("weekday").is_some() && !self.has(&["year", "month", "day"]))
    }
}

/// `moment` with other values for `fields`, such as `{ year: 2026 }`; `None` where there is no such moment.
pub(super) fn with_fields(vm: &mut Vm<'_>, moment: &Zoned, fields: &Object) -> Outcome<Option<Zoned>> {
    let given = Given::read(vm, fields)?;
    let week = moment.date().iso_week_date();
    let own = |name: &str| match name {
        "year" => f64::from(moment.year()),
        "month" => f64::from(moment.month()),
        "hour" => f64::from(moment.hour()),
        "minute" => f64::from(moment.minute()),
        "second" => f64::from(moment.second()),
        "millisecond" => f64::from(moment.millisecond()),
        "weekYear" => f64::from(week.year()),
        "weekNumber" => f64::from(week.week()),
        "weekday" => f64::from(week.weekday().to_monday_one_offset()),
        _ => f64::from(moment.day()),
    };
    let value = |name: &str| given.get(name).unwrap_or_else(|| own(name));
    // A day that was not set is the last one of a shorter month.
    let day = given.get("day").unwrap_or_else(|| own("day").min(days_in(value("year"), value("month"))));
    let moment = made(&given, &value, day, moment);
    Ok(match given.get("quarter") {
        Some(quarter) => {
            moment.and_then(|moment| add(&moment, Unit::Quarter, quarter - f64::from((moment.month() - 1) / 3 + 1)))
        }
        None => moment,
    })
}

/// The moment of `fields`: what stands before the first one that is given is that of `now`, what follows it is the least there is.
pub(super) fn of_fields(vm: &mut Vm<'_>, now: &Zoned, fields: &Object) -> Outcome<Option<Zoned>> {
    let given = Given::read(vm, fields)?;
    let week = now.date().iso_week_date();
    let date: &[(&str, f64)] = if given.by_week() {
        &[
            ("weekYear", f64::from(week.year())),
            ("weekNumber", f64::from(week.week())),
            ("weekday", f64::from(week.weekday().to_monday_one_offset())),
        ]
    } else if given.get("ordinal").is_some() {
        &[("year", f64::from(now.year())), ("ordinal", f64::from(now.day_of_year()))]
    } else {
        &[("year", f64::from(now.year())), ("month", f64::from(now.month())), ("day", f64::from(now.day()))]
    };
    let time = [
        ("hour", f64::from(now.hour())),
        ("minute", f64::from(now.minute())),
        ("second", f64::from(now.second())),
        ("millisecond", f64::from(now.millisecond())),
    ];
    let mut filled = Given::default();
    let mut begun = false;
    for (name, of_now) in date.iter().chain(&time) {
        let least = f64::from(u8::from(!is_of_time(name)));
        begun |= given.get(name).is_some();
        let place = NAMES.iter().position(|known| known == name).unwrap_or_default();
        filled.0[place] = Some(given.get(name).unwrap_or(if begun { least } else { *of_now }));
    }
    let value = |name: &str| filled.get(name).unwrap_or(1.0);
    let ends_day = value("hour") == 24.0 && ["minute", "second", "millisecond"].iter().all(|name| value(name) == 0.0);
    let limits = [
        ("month", 12.0),
        ("day", days_in(value("year"), value("month"))),
        ("ordinal", if days_in(value("year"), 2.0) == 29.0 { 366.0 } else { 365.0 }),
        ("weekNumber", weeks_in(value("weekYear"))),
        ("weekday", 7.0),
        ("hour", if ends_day { 24.0 } else { 23.0 }),
        ("minute", 59.0),
        ("second", 59.0),
        ("millisecond", 999.0),
    ];
    let least = |name: &str| f64::from(u8::from(!is_of_time(name)));
    let fits = |(name, most): &(&str, f64)| filled.get(name).is_none_or(|value| (least(name)..=*most).contains(&value));
    let are_whole = filled.0.iter().flatten().all(|value| value.fract() == 0.0);
    if !are_whole || !limits.iter().all(fits) {
        return Ok(None);
    }
    let moment = made(&filled, &value, value("day"), now);
    // A day of the week beside a date is a claim.
    let is_so = |moment: &Zoned| {
        let of_week = f64::from(moment.weekday().to_monday_one_offset());
        filled.by_week() || given.get("weekday").is_none_or(|claimed| claimed == of_week)
    };
    Ok(moment.filter(is_so))
}

fn is_of_time(name: &str) -> bool {
    matches!(name, "hour" | "minute" | "second" | "millisecond")
}

fn made(given: &Given, value: &dyn Fn(&str) -> f64, day: f64, like: &Zoned) -> Option<Zoned> {
    let (year, month, day) = if given.by_week() {
        let year = value("weekYear");
        let first = ISOWeekDate::new(whole(year)?, 1, jiff::civil::Weekday::Monday).ok()?.date();
        let days = (value("weekNumber") - 1.0) * 7.0 + value("weekday") - 1.0;
        (f64::from(first.year()), f64::from(first.month()), f64::from(first.day()) + days)
    } else if let Some(ordinal) = given.get("ordinal") {
        (value("year"), 1.0, ordinal)
    } else {
        (value("year"), value("month"), day)
    };
    let fields = [year, month - 1.0, day, value("hour"), value("minute"), value("second"), value("millisecond")];
    let zone = like.time_zone().clone();
    date_time(assemble(&fields.map(f64::trunc), &zone), zone).map(|moment: DateTime| moment.zoned().clone())
}

fn whole(year: f64) -> Option<i16> {
    (year.trunc().abs() <= 9999.0).then_some(year as i16)
}

/// How many ISO weeks a year has: its 28th of December is in the last one.
fn weeks_in(year: f64) -> f64 {
    let last = whole(year).and_then(|year| jiff::civil::Date::new(year, 12, 28).ok());
    last.map_or(53.0, |last| f64::from(last.iso_week_date().week()))
}

fn days_in(year: f64, month: f64) -> f64 {
    let first = whole(year).and_then(|year| jiff::civil::Date::new(year, (month.clamp(1.0, 12.0)) as i8, 1).ok());
    first.map_or(31.0, |first| f64::from(first.days_in_month()))
}
