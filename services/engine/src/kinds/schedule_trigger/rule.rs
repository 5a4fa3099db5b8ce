//! A rule of a schedule, and when it comes true next.

use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use jiff::civil::{Date, Time, date};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Span, Timestamp, ToSpan, Zoned};
use serde::Deserialize;
use weft_nodes::Problem;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct RuleParameters {
    field: Every,
    seconds_interval: u32,
    minutes_interval: u32,
    hours_interval: u32,
    days_interval: u32,
    weeks_interval: u32,
    months_interval: u32,
    trigger_at_day: Vec<u8>,
    trigger_at_day_of_month: u8,
    trigger_at_hour: u8,
    trigger_at_minute: u8,
    expression: String,
}

impl Default for RuleParameters {
    fn default() -> Self {
        Self {
            field: Every::Days,
            seconds_interval: 30,
            minutes_interval: 5,
            hours_interval: 1,
            days_interval: 1,
            weeks_interval: 1,
            months_interval: 1,
            trigger_at_day: vec![0],
            trigger_at_day_of_month: 1,
            trigger_at_hour: 0,
            trigger_at_minute: 0,
            expression: String::new(),
        }
    }
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Every {
    Seconds,
    Minutes,
    Hours,
    Days,
    Weeks,
    Months,
    CronExpression,
}

/// One rule. All are anchored at a fixed moment, never at the last firing, so that the same schedule always gives the same
/// times.
pub(super) enum Rule {
    /// At multiples of so many seconds since 1970.
    Seconds(i64),
    /// When the hour is a multiple, at that minute.
    Hours { every: i8, minute: i8 },
    /// On days whose number is a multiple, at that time.
    Days { every: i64, at: Time },
    /// On these weekdays (0 is Sunday) of weeks whose number is a multiple.
    Weeks { every: i64, on: Vec<i8>, at: Time },
    /// On that day (or the last) of months whose number is a multiple.
    Months { every: i64, day: i8, at: Time },
    /// As a cron expression says.
    Cron(Box<Cron>),
}

/// A Monday, from which days, weeks and months are counted.
const ORIGIN: Date = date(1970, 1, 5);
impl Rule {
    pub(super) fn next_after(&self, now: &Zoned) -> Option<Timestamp> {
        match self {
            Self::Seconds(every) => {
                let next = (now.timestamp().as_second().div_euclid(*every) + 1) * every;
                Timestamp::from_second(next).ok()
            }
            Self::Hours { every, minute } => next_hour(now, *every, *minute),
            Self::Days { every, at } => next_day(now, *at, |day| days_since_origin(day).rem_euclid(*every) == 0),
            Self::Weeks { every, on, at } => next_day(now, *at, |day| {
                let week = days_since_origin(day).div_euclid(7);
                week.rem_euclid(*every) == 0 && on.contains(&day.weekday().to_sunday_zero_offset())
            }),
            Self::Months { every, day: wanted, at } => next_day(now, *at, |day| {
                let month = i64::from(day.year()) * 12 + i64::from(day.month()) - 1;
                month.rem_euclid(*every) == 0 && day.day() == (*wanted).min(day.days_in_month())
            }),
            Self::Cron(cron) => cron.find_next_occurrence(now, false).ok().map(|next| next.timestamp()),
        }
    }
}

fn days_since_origin(day: Date) -> i64 {
    ORIGIN.until(day).map_or(0, |span: Span| i64::from(span.get_days()))
}

/// The next local hour that is a multiple, at that minute. It is looked for on the clock on the wall and not by adding hours
/// of sixty minutes: where clocks change by half an hour (Lord Howe Island), those would never meet the minute again. A
/// doubled hour comes twice; one that is skipped is taken as the clocks do.
fn next_hour(now: &Zoned, every: i8, minute: i8) -> Option<Timestamp> {
    // From yesterday, whose hours come again where clocks go back over midnight, to the day after tomorrow.
    let days = now.date().yesterday().ok()?.series(1.day()).take(4);
    let hours = days.flat_map(|day| (0..24).step_by(every.unsigned_abs().into()).map(move |hour| (day, hour)));
    let moments = hours.flat_map(|(day, hour)| {
        let local = now.time_zone().to_ambiguous_timestamp(day.at(hour, minute, 0, 0));
        let second = matches!(local.offset(), AmbiguousOffset::Fold { .. }).then(|| local.later().ok()).flatten();
        [local.compatible().ok(), second].into_iter().flatten()
    });
    moments.filter(|moment| *moment > now.timestamp()).min()
}

/// The first day that fits, at that time of the day; a time that the clocks skip is taken as they do.
fn next_day(now: &Zoned, at: Time, fits: impl Fn(Date) -> bool) -> Option<Timestamp> {
    let mut day = now.date();
    // Twelve months, or a year of weeks or days, is the longest that a rule can pause (see `rule_of`).
    for _ in 0..=800 {
        if fits(day) {
            let moment = day.to_datetime(at).to_zoned(now.time_zone().clone()).ok()?.timestamp();
            if moment > now.timestamp() {
                return Some(moment);
            }
        }
        day = day.tomorrow().ok()?;
    }
    None
}
pub(super) fn rule_of(place: usize, given: &RuleParameters) -> Result<Rule, Problem> {
    let invalid = |name: &str, message: &str| {
        Problem::error("parameter_invalid", message, format!("rule.interval[{place}].{name}"))
    };
    let interval = |name: &str, number: u32, most: u32| match number {
        0 => Err(invalid(name, "An interval is at least 1.")),
        number if number > most => Err(invalid(name, &format!("This interval is at most {most}."))),
        number => Ok(i64::from(number)),
    };
    let at = Time::new(given.trigger_at_hour as i8, given.trigger_at_minute as i8, 0, 0)
        .map_err(|_| invalid("triggerAtHour", "There is no such time of the day."))?;
    Ok(match given.field {
        Every::Seconds => Rule::Seconds(interval("secondsInterval", given.seconds_interval, u32::MAX)?),
        Every::Minutes => Rule::Seconds(interval("minutesInterval", given.minutes_interval, u32::MAX)? * 60),
        Every::Hours => {
            let every = interval("hoursInterval", given.hours_interval, 24)? as i8;
            Rule::Hours { every, minute: at.minute() }
        }
        Every::Days => Rule::Days { every: interval("daysInterval", given.days_interval, 365)?, at },
        Every::Weeks if given.trigger_at_day.is_empty() => {
            return Err(invalid(
                "triggerAtDay",
                "Choose at least one day of the week; without one it would never start.",
            ));
        }
        Every::Weeks => {
            let on = given.trigger_at_day.iter().map(|day| (day % 7) as i8).collect();
            Rule::Weeks { every: interval("weeksInterval", given.weeks_interval, 52)?, on, at }
        }
        Every::Months => {
            let day = given.trigger_at_day_of_month.clamp(1, 31) as i8;
            Rule::Months { every: interval("monthsInterval", given.months_interval, 12)?, day, at }
        }
        Every::CronExpression => cron(&given.expression).map_err(|message| invalid("expression", &message))?,
    })
}

/// A rule from a cron expression, or a sentence on what is wrong with it.
fn cron(expression: &str) -> Result<Rule, String> {
    // Without years an expression that comes true once does so again and again, so that any moment will do to try it.
    let parser = CronParser::builder().seconds(Seconds::Optional).year(Year::Disallowed).build();
    let cron = parser
        .parse(expression.trim())
        .map_err(|error| format!("This cron expression cannot be understood: {error}."))?;
    let rule = Rule::Cron(Box::new(cron));
    match rule.next_after(&Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC)) {
        Some(_) => Ok(rule),
        None => Err("This cron expression names a day that never comes, so that it would never start.".to_owned()),
    }
}
