//! **Schedule**: starts the workflow at certain times.
//!
//! before: nothing · after: `[{"timestamp":"2026-01-31T09:00:00.000+01:00", …}]` every day at nine

mod import;

use std::sync::LazyLock;

use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use jiff::civil::{Date, Time, date};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Span, Timestamp, ToSpan, Zoned};
use serde::Deserialize;
use weft_nodes::{
    Descriptor, Group, Imported, N8nNode, NodeKind, Parameter, ParameterType, Problem, Retried, Unsupported, choice,
    field, label, parameters, port,
};
use weft_value::{DateTime, Item, Object, Value};

use crate::action::{Trigger, TriggerKind};

/// The kind.
pub struct ScheduleTrigger;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "scheduleTrigger",
    version: 1,
    label: label("Schedule", "Planification"),
    description: label("Starts the workflow at certain times.", "Démarre le workflow à certains moments."),
    group: Group::Trigger,
    icon: "calendar-clock",
    color: "violet",
    subtitle: None,
    inputs: Vec::new(),
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "Times are in the workflow’s time zone. A time that passed while the server was down is made up for once.",
        "Les heures sont dans le fuseau du workflow. Un moment manqué pendant un arrêt du serveur est rattrapé une fois.",
    ),
});

fn form() -> Vec<Parameter> {
    vec![
        field(ParameterType::FixedCollection, "rule", label("Rules", "Règles"))
            .literal()
            .or(serde_json::json!({ "interval": [{ "field": "days" }] }))
            .fields([field(ParameterType::FixedCollection, "interval", label("Rule", "Règle"))
                .multiple()
                .fields(rule_form())]),
    ]
}

fn rule_form() -> Vec<Parameter> {
    let number = |name, text, field_name: &'static str, min: f64, max: f64, default: i64| {
        field(ParameterType::Number, name, text).literal().between(min, max).or(default).when("field", [field_name])
    };
    let at = |name, text, max: f64, shown: &[&'static str]| {
        field(ParameterType::Number, name, text).literal().between(0.0, max).or(0).when("field", shown.iter().copied())
    };
    let weekday = |value: i64, en, fr| weft_nodes::ParameterOption {
        value: value.into(),
        label: label(en, fr),
        description: None,
    };
    vec![
        field(ParameterType::Options, "field", label("Every so many", "Tous les")).or("days").choices([
            choice("seconds", label("Seconds", "Secondes")),
            choice("minutes", label("Minutes", "Minutes")),
            choice("hours", label("Hours", "Heures")),
            choice("days", label("Days", "Jours")),
            choice("weeks", label("Weeks", "Semaines")),
            choice("months", label("Months", "Mois")),
            choice("cronExpression", label("Cron expression", "Expression cron")),
        ]),
        number("secondsInterval", label("Seconds", "Secondes"), "seconds", 1.0, 86_400.0, 30),
        number("minutesInterval", label("Minutes", "Minutes"), "minutes", 1.0, 10_080.0, 5),
        number("hoursInterval", label("Hours", "Heures"), "hours", 1.0, 24.0, 1),
        number("daysInterval", label("Days", "Jours"), "days", 1.0, 365.0, 1),
        number("weeksInterval", label("Weeks", "Semaines"), "weeks", 1.0, 52.0, 1),
        number("monthsInterval", label("Months", "Mois"), "months", 1.0, 12.0, 1),
        field(ParameterType::MultiOptions, "triggerAtDay", label("On", "Le"))
            .literal()
            .or(serde_json::json!([0]))
            .choices([
                weekday(1, "Monday", "Lundi"),
                weekday(2, "Tuesday", "Mardi"),
                weekday(3, "Wednesday", "Mercredi"),
                weekday(4, "Thursday", "Jeudi"),
                weekday(5, "Friday", "Vendredi"),
                weekday(6, "Saturday", "Samedi"),
                weekday(0, "Sunday", "Dimanche"),
            ])
            .when("field", ["weeks"]),
        number("triggerAtDayOfMonth", label("Day of the month", "Jour du mois"), "months", 1.0, 31.0, 1),
        at("triggerAtHour", label("At hour", "À l’heure"), 23.0, &["days", "weeks", "months"]),
        at("triggerAtMinute", label("At minute", "À la minute"), 59.0, &["hours", "days", "weeks", "months"]),
        field(ParameterType::String, "expression", label("Cron expression", "Expression cron"))
            .literal()
            .required()
            .example("0 9 * * MON-FRI")
            .help(
                "Minute, hour, day of the month, month, day of the week; seconds may stand in front.",
                "Minute, heure, jour du mois, mois, jour de la semaine ; les secondes peuvent précéder.",
            )
            .when("field", ["cronExpression"]),
    ]
}

/// When a workflow starts by itself.
pub struct Schedule {
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
struct Parameters {
    #[serde(default)]
    rule: Rules,
}

#[derive(Default, Deserialize)]
struct Rules {
    #[serde(default)]
    interval: Vec<RuleParameters>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct RuleParameters {
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
enum Every {
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
enum Rule {
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

impl Schedule {
    /// The schedule of n8n's “Poll Times”, which are those of its Cron node; or which of them is wrong, and what with it.
    pub(crate) fn of_poll_times(items: &[Value]) -> Result<Self, (usize, String)> {
        let rule = |(place, item): (usize, &Value)| {
            let given = import::time(item).map_err(|unsupported| (place, unsupported.message))?;
            let given = serde_json::to_value(&given).and_then(serde_json::from_value::<RuleParameters>);
            let given = given.map_err(|_| {
                let message = "There is no such time. Hours are whole numbers from 0 to 23, minutes from 0 to 59.";
                (place, message.to_owned())
            })?;
            rule_of(place, &given).map_err(|problem| (place, problem.message))
        };
        Ok(Self { rules: items.iter().enumerate().map(rule).collect::<Result<_, _>>()? })
    }

    /// The next time after `after`, in `zone`.
    pub fn next_after(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let now = after.to_zoned(zone.clone());
        self.rules.iter().filter_map(|rule| rule.next_after(&now)).min()
    }

    /// The trigger's item for a firing at `moment`.
    pub fn item(&self, moment: Timestamp, zone: &TimeZone) -> Item {
        let zoned = moment.to_zoned(zone.clone());
        let text = |format: &str| Value::from(zoned.strftime(format).to_string());
        let fields = [
            ("timestamp", Value::from(DateTime::from(zoned.clone()).to_iso())),
            ("Readable date", text("%B %-d, %Y, %-I:%M:%S %P")),
            ("Readable time", text("%-I:%M:%S %P")),
            ("Day of week", text("%A")),
            ("Year", text("%Y")),
            ("Month", text("%B")),
            ("Day of month", text("%d")),
            ("Hour", text("%H")),
            ("Minute", text("%M")),
            ("Second", text("%S")),
            ("Timezone", Value::from(zone.iana_name().unwrap_or("UTC"))),
        ];
        Item::new(fields.into_iter().collect::<Object>())
    }
}

impl Rule {
    fn next_after(&self, now: &Zoned) -> Option<Timestamp> {
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

impl NodeKind for ScheduleTrigger {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &import::TYPES
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        import::import(node)
    }
}

impl TriggerKind for ScheduleTrigger {
    fn prepare(&self, given: &Value) -> Result<Trigger, Vec<Problem>> {
        let parameters: Parameters = parameters(&DESCRIPTOR, given)?;
        if parameters.rule.interval.is_empty() {
            return Err(vec![Problem::error("parameter_required", "Say when the workflow is to start.", "rule")]);
        }
        let rules = parameters.rule.interval.iter().enumerate();
        let rules: Result<Vec<Rule>, Problem> = rules.map(|(place, rule)| rule_of(place, rule)).collect();
        Ok(Trigger::Schedule(Box::new(Schedule { rules: rules.map_err(|problem| vec![problem])? })))
    }
}

fn rule_of(place: usize, given: &RuleParameters) -> Result<Rule, Problem> {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;
    use weft_value::from_json;

    use super::*;

    fn schedule(rule: &str) -> Result<Schedule, Vec<Problem>> {
        let parameters = from_json(&format!(r#"{{"rule":{{"interval":[{rule}]}}}}"#)).unwrap();
        match ScheduleTrigger.prepare(&parameters)? {
            Trigger::Schedule(schedule) => Ok(*schedule),
            Trigger::Manual
            | Trigger::Webhook(_)
            | Trigger::Called(_)
            | Trigger::Failure
            | Trigger::Form(_)
            | Trigger::Poll(_) => {
                panic!("a schedule is a schedule")
            }
        }
    }

    fn next(rule: &str, after: &str) -> String {
        let after: Zoned = after.parse().unwrap();
        let next = schedule(rule).unwrap().next_after(after.timestamp(), after.time_zone()).unwrap();
        next.to_zoned(after.time_zone().clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    #[test]
    fn rules_give_the_next_time() {
        for (rule, after, expected) in [
            (r#"{"field":"seconds","secondsInterval":10}"#, "2026-01-31T10:00:03[Europe/Paris]", "2026-01-31 10:00:10"),
            (r#"{"field":"minutes","minutesInterval":15}"#, "2026-01-31T10:00:00[Europe/Paris]", "2026-01-31 10:15:00"),
            (
                r#"{"field":"hours","hoursInterval":6,"triggerAtMinute":30}"#,
                "2026-01-31T06:30:00[Europe/Paris]",
                "2026-01-31 12:30:00",
            ),
            ("{}", "2026-01-31T10:00:00[Europe/Paris]", "2026-02-01 00:00:00"),
            (r#"{"field":"days","triggerAtHour":9}"#, "2026-01-31T08:59:59[Europe/Paris]", "2026-01-31 09:00:00"),
            (
                r#"{"field":"weeks","triggerAtDay":[1,5],"triggerAtHour":8}"#,
                "2026-01-31T10:00:00[Europe/Paris]",
                "2026-02-02 08:00:00",
            ),
            (
                r#"{"field":"months","triggerAtDayOfMonth":31}"#,
                "2026-01-31T10:00:00[Europe/Paris]",
                "2026-02-28 00:00:00",
            ),
            (
                r#"{"field":"cronExpression","expression":"0 9 * * MON-FRI"}"#,
                "2026-01-31T10:00:00[Europe/Paris]",
                "2026-02-02 09:00:00",
            ),
            (
                r#"{"field":"cronExpression","expression":"*/20 * * * * *"}"#,
                "2026-01-31T10:00:01[Europe/Paris]",
                "2026-01-31 10:00:20",
            ),
        ] {
            assert_eq!(next(rule, after), expected, "{rule} after {after}");
        }
    }

    #[test]
    fn clocks_that_change_neither_skip_nor_double_a_day() {
        // In Paris, 02:30 does not exist on 2026-03-29, and exists twice on 2026-10-25.
        let rule = r#"{"field":"days","triggerAtHour":2,"triggerAtMinute":30}"#;
        assert_eq!(next(rule, "2026-03-28T03:00:00[Europe/Paris]"), "2026-03-29 03:30:00");
        assert_eq!(next(rule, "2026-10-25T02:30:00+02:00[Europe/Paris]"), "2026-10-26 02:30:00");
    }

    #[test]
    fn an_hour_is_met_where_clocks_change_by_half_of_one() {
        // On Lord Howe Island 02:00 becomes 02:30 on 2026-10-04, and 02:00 becomes 01:30 on 2026-04-05.
        let rule = r#"{"field":"hours","hoursInterval":1}"#;
        assert_eq!(next(rule, "2026-10-04T01:00:00[Australia/Lord_Howe]"), "2026-10-04 02:30:00");
        assert_eq!(next(rule, "2026-10-04T02:30:00[Australia/Lord_Howe]"), "2026-10-04 03:00:00");
        assert_eq!(next(rule, "2026-04-05T01:00:00[Australia/Lord_Howe]"), "2026-04-05 02:00:00");
        let rule = r#"{"field":"hours","hoursInterval":1,"triggerAtMinute":45}"#;
        assert_eq!(next(rule, "2026-04-05T01:45:00+11:00[Australia/Lord_Howe]"), "2026-04-05 01:45:00");
        assert_eq!(next(rule, "2026-04-05T01:45:00+10:30[Australia/Lord_Howe]"), "2026-04-05 02:45:00");
        let rule = r#"{"field":"hours","hoursInterval":12,"triggerAtMinute":10}"#;
        assert_eq!(next(rule, "2026-10-04T01:59:59[Australia/Lord_Howe]"), "2026-10-04 12:10:00");
        assert_eq!(next(rule, "2026-04-05T00:15:00[Australia/Lord_Howe]"), "2026-04-05 12:10:00");
    }

    #[test]
    fn a_rule_that_would_never_fire_is_a_problem_of_its_field() {
        for (rule, field) in [
            (r#"{"field":"weeks","triggerAtDay":[]}"#, "triggerAtDay"),
            (r#"{"field":"cronExpression","expression":"0 0 30 2 *"}"#, "expression"),
            (r#"{"field":"cronExpression","expression":"0 0 31 4,6,9,11 *"}"#, "expression"),
            (r#"{"field":"cronExpression","expression":"0 0 0 1 1 * 2020"}"#, "expression"),
            (r#"{"field":"months","monthsInterval":4000}"#, "monthsInterval"),
            (r#"{"field":"days","daysInterval":100000}"#, "daysInterval"),
            (r#"{"field":"weeks","weeksInterval":3000}"#, "weeksInterval"),
        ] {
            let problems = schedule(rule).err().unwrap_or_default();
            let named = problems.iter().map(|problem| problem.field.clone().unwrap_or_default()).collect::<Vec<_>>();
            assert_eq!(named, [format!("rule.interval[0].{field}")], "{rule}");
        }
        assert!(schedule(r#"{"field":"cronExpression","expression":"0 0 29 2 *"}"#).is_ok());
    }

    proptest! {
        #[test]
        fn a_valid_rule_always_has_a_next_time(
            rule in rules(),
            zone in select(vec![
                "UTC", "Europe/Paris", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu",
                "Pacific/Apia", "Pacific/Chatham", "Africa/Casablanca", "America/Sao_Paulo", "Asia/Beirut",
            ]),
            // From 1971 to 2100, half of them near a change of clocks.
            second in 31_536_000_i64..4_102_444_800,
            near in any::<bool>(),
            shift in -7200_i64..7200,
        ) {
            let zone = TimeZone::get(zone).unwrap();
            let mut after = Timestamp::from_second(second).unwrap();
            if near && let Some(change) = zone.following(after).next() {
                after = Timestamp::from_second(change.timestamp().as_second() + shift).unwrap();
            }
            let next = schedule(&rule).unwrap().next_after(after, &zone);
            prop_assert!(next.is_some_and(|next| next > after), "{rule} after {after}: {next:?}");
        }
    }

    fn rules() -> impl Strategy<Value = String> {
        let minute = 0..60;
        prop_oneof![
            (1..86_400).prop_map(|n| format!(r#"{{"field":"seconds","secondsInterval":{n}}}"#)),
            (1..10_080).prop_map(|n| format!(r#"{{"field":"minutes","minutesInterval":{n}}}"#)),
            (1..=24, minute.clone()).prop_map(|(n, minute)| format!(
                r#"{{"field":"hours","hoursInterval":{n},"triggerAtMinute":{minute}}}"#
            )),
            (1..=365, 0..24, minute.clone()).prop_map(|(n, hour, minute)| format!(
                r#"{{"field":"days","daysInterval":{n},"triggerAtHour":{hour},"triggerAtMinute":{minute}}}"#
            )),
            (1..=52, 0..7, 0..24).prop_map(|(n, day, hour)| format!(
                r#"{{"field":"weeks","weeksInterval":{n},"triggerAtDay":[{day}],"triggerAtHour":{hour}}}"#
            )),
            (1..=12, 1..=31, 0..24).prop_map(|(n, day, hour)| format!(
                r#"{{"field":"months","monthsInterval":{n},"triggerAtDayOfMonth":{day},"triggerAtHour":{hour}}}"#
            )),
            (minute, 0..24, select(vec!["* * *", "* * 1-5", "1 * *", "29 2 *", "31 * *", "*/3 1,7 0"])).prop_map(
                |(minute, hour, rest)| format!(r#"{{"field":"cronExpression","expression":"{minute} {hour} {rest}"}}"#)
            ),
        ]
    }

    #[test]
    fn rules_that_make_no_sense_are_problems() {
        for rule in [
            r#"{"field":"minutes","minutesInterval":0}"#,
            r#"{"field":"cronExpression","expression":"every now and then"}"#,
            r#"{"field":"days","triggerAtHour":77}"#,
        ] {
            assert!(schedule(rule).is_err(), "{rule}");
        }
    }

    #[test]
    fn several_rules_fire_at_the_first_of_their_times() {
        let both = r#"{"field":"days","triggerAtHour":9},{"field":"days","triggerAtHour":7}"#;
        assert_eq!(next(both, "2026-01-31T06:00:00[Europe/Paris]"), "2026-01-31 07:00:00");
    }
}
