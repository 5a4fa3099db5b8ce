//! Units of time and arithmetic on the calendar.

use jiff::civil::{Date, Time, Weekday};
use jiff::{SignedDuration, Span, ToSpan, Zoned};

/// A unit, from the largest to the smallest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Unit {
    Year,
    Quarter,
    Month,
    Week,
    Day,
    Hour,
    Minute,
    Second,
    Millisecond,
}

pub(super) const UNITS: [Unit; 9] = [
    Unit::Year,
    Unit::Quarter,
    Unit::Month,
    Unit::Week,
    Unit::Day,
    Unit::Hour,
    Unit::Minute,
    Unit::Second,
    Unit::Millisecond,
];

impl Unit {
    /// The unit called `name`, in singular, plural or short.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "M" => Self::Month,
            "m" => Self::Minute,
            _ => match name.to_lowercase().as_str() {
                "year" | "years" | "y" => Self::Year,
                "quarter" | "quarters" | "q" => Self::Quarter,
                "month" | "months" => Self::Month,
                "week" | "weeks" | "w" => Self::Week,
                "day" | "days" | "d" => Self::Day,
                "hour" | "hours" | "h" => Self::Hour,
                "minute" | "minutes" | "min" | "mins" => Self::Minute,
                "second" | "seconds" | "s" | "sec" | "secs" => Self::Second,
                "millisecond" | "milliseconds" | "ms" => Self::Millisecond,
                _ => return None,
            },
        })
    }

    /// Its name in plural.
    pub(super) fn plural(self) -> &'static str {
        ["years", "quarters", "months", "weeks", "days", "hours", "minutes", "seconds", "milliseconds"][self as usize]
    }

    /// Its milliseconds, of the units of the calendar the usual ones.
    pub(super) fn millis(self) -> f64 {
        const DAY: f64 = 86_400_000.0;
        [365.0 * DAY, 91.0 * DAY, 30.0 * DAY, 7.0 * DAY, DAY, 3_600_000.0, 60_000.0, 1000.0, 1.0][self as usize]
    }
}

/// The moment `amount` of `unit` after `moment`; `None` beyond the calendar. Fractions of a unit of the calendar count in
/// the next smaller one.
pub(super) fn add(moment: &Zoned, unit: Unit, amount: f64) -> Option<Zoned> {
    if !amount.is_finite() {
        return None;
    }
    let whole = amount.trunc();
    let rest = amount - whole;
    let span = |make: fn(Span, i64) -> Result<Span, jiff::Error>| make(Span::new(), whole as i64).ok();
    match unit {
        Unit::Year => add(&moment.checked_add(span(Span::try_years)?).ok()?, Unit::Month, rest * 12.0),
        Unit::Quarter => add(moment, Unit::Month, amount * 3.0),
        Unit::Month => add(&moment.checked_add(span(Span::try_months)?).ok()?, Unit::Day, rest * 30.0),
        Unit::Week => add(moment, Unit::Day, amount * 7.0),
        Unit::Day => add(&moment.checked_add(span(Span::try_days)?).ok()?, Unit::Hour, rest * 24.0),
        _ => {
            let millis = amount * unit.millis();
            (millis.abs() < 1e17).then(|| moment.checked_add(SignedDuration::from_millis(millis as i64)).ok())?
        }
    }
}

/// The first moment of the `unit` that `moment` lies in.
pub(super) fn start_of(moment: &Zoned, unit: Unit) -> Option<Zoned> {
    let date = moment.date();
    let day = |date: Date| date.to_datetime(Time::midnight()).to_zoned(moment.time_zone().clone()).ok();
    let time = moment.time();
    let at = |time: Time| moment.with().time(time).build().ok();
    match unit {
        Unit::Year => day(date.first_of_year()),
        Unit::Quarter => day(Date::new(date.year(), (date.month() - 1) / 3 * 3 + 1, 1).ok()?),
        Unit::Month => day(date.first_of_month()),
        Unit::Week => {
            let since = i64::from(date.weekday().since(Weekday::Monday));
            day(date.checked_sub(since.days()).ok()?)
        }
        Unit::Day => day(date),
        Unit::Hour => at(Time::new(time.hour(), 0, 0, 0).ok()?),
        Unit::Minute => at(Time::new(time.hour(), time.minute(), 0, 0).ok()?),
        Unit::Second => at(Time::new(time.hour(), time.minute(), time.second(), 0).ok()?),
        Unit::Millisecond => Some(moment.clone()),
    }
}

/// The last millisecond of the `unit` that `moment` lies in.
pub(super) fn end_of(moment: &Zoned, unit: Unit) -> Option<Zoned> {
    let next = add(&start_of(moment, unit)?, unit, 1.0)?;
    add(&next, Unit::Millisecond, -1.0)
}

/// How many of each of `units` lie between `earlier` and `later`; what is left over is a fraction of the smallest one.
pub(super) fn between(earlier: &Zoned, later: &Zoned, units: &[Unit]) -> Option<Vec<(Unit, f64)>> {
    let mut cursor = earlier.clone();
    let mut out = Vec::with_capacity(units.len());
    for (index, unit) in units.iter().enumerate() {
        let is_last = index + 1 == units.len();
        let millis = (later.timestamp().as_millisecond() - cursor.timestamp().as_millisecond()) as f64;
        if *unit >= Unit::Hour {
            let exact = millis / unit.millis();
            let amount = if is_last { exact } else { exact.floor() };
            cursor = add(&cursor, *unit, amount)?;
            out.push((*unit, amount));
            continue;
        }
        let mut whole = (millis / unit.millis()).floor();
        while whole > 0.0 && add(&cursor, *unit, whole)? > *later {
            whole -= 1.0;
        }
        while add(&cursor, *unit, whole + 1.0)? <= *later {
            whole += 1.0;
        }
        let reached = add(&cursor, *unit, whole)?;
        let mut amount = whole;
        if is_last {
            let next = add(&cursor, *unit, whole + 1.0)?;
            let part = (later.timestamp().as_millisecond() - reached.timestamp().as_millisecond()) as f64;
            let length = (next.timestamp().as_millisecond() - reached.timestamp().as_millisecond()) as f64;
            amount += if length > 0.0 { part / length } else { 0.0 };
        }
        cursor = reached;
        out.push((*unit, amount));
    }
    Some(out)
}
