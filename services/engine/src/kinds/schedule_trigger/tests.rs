//! When schedules come true.

use jiff::Zoned;
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
        (r#"{"field":"months","triggerAtDayOfMonth":31}"#, "2026-01-31T10:00:00[Europe/Paris]", "2026-02-28 00:00:00"),
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
        (1..=24, minute.clone())
            .prop_map(|(n, minute)| format!(r#"{{"field":"hours","hoursInterval":{n},"triggerAtMinute":{minute}}}"#)),
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
