//! When a trigger looks, in n8n's form: every minute, hour, day, week or month, every so many, or as a cron expression says.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use weft_model::TimerId;
use weft_nodes::{Label, Parameter, ParameterType, Problem, choice, field, label};
use weft_value::{Object, Value};

use crate::clock::later;
use crate::kinds::schedule_trigger::Schedule;

/// The name of the parameter.
pub(crate) const NAME: &str = "pollTimes";

/// When a trigger looks.
pub struct PollTimes {
    schedule: Schedule,
    /// Somebody wrote down the very second.
    is_exact: bool,
}

impl PollTimes {
    /// The parameter `pollTimes` of a kind.
    pub(crate) fn form() -> Parameter {
        let times = field(ParameterType::FixedCollection, "item", label("Time", "Moment")).multiple().fields(fields());
        field(ParameterType::FixedCollection, NAME, label("Look", "Regarder"))
            .literal()
            .or(serde_json::json!({ "item": [{ "mode": "everyMinute" }] }))
            .fields([times])
            .help(
                "When the trigger looks for what is new; with several times, at each of them.",
                "Quand le déclencheur cherche du nouveau ; avec plusieurs moments, à chacun d’eux.",
            )
    }

    /// Reads what was filled in.
    pub(crate) fn read(given: &Value) -> Result<Self, Vec<Problem>> {
        let every_minute = || vec![[("mode", Value::from("everyMinute"))].into_iter().collect::<Object>().into()];
        let items = given.get("item").as_array().map_or_else(every_minute, <[Value]>::to_vec);
        if items.is_empty() {
            return Err(vec![Problem::error("parameter_required", "Say when the trigger is to look.", NAME)]);
        }
        let is_exact = items.iter().any(|item| item.get("mode").as_str() == Some("custom"));
        let schedule = Schedule::of_poll_times(&items).map_err(|(place, message)| {
            vec![Problem::error("parameter_invalid", message, format!("{NAME}.item[{place}]"))]
        })?;
        Ok(Self { schedule, is_exact })
    }

    /// n8n's parameter of this name, as the form here has it.
    pub(crate) fn import(given: &Value) -> Option<Value> {
        let items = given.get("item").as_array()?;
        let read = |item: &Value| {
            let mut item = item.as_object().cloned().unwrap_or_default();
            if let Some(day) = item.get("weekday").and_then(Value::as_f64) {
                item.insert("weekday", day.to_string());
            }
            Value::from(item)
        };
        let items: Vec<Value> = items.iter().map(read).collect();
        let times: Object = [("item", Value::from(items))].into_iter().collect();
        Some(times.into())
    }

    /// The next time after `after`, in `zone`. Triggers do not all look in the same second: each has its own within the minute,
    /// unless its cron expression names one.
    pub(crate) fn next_after(&self, after: Timestamp, zone: &TimeZone, timer: TimerId) -> Option<Timestamp> {
        let second = if self.is_exact { 0 } else { timer.0.as_u128() % 60 };
        let shift = Duration::from_secs(second as u64);
        let earlier = after.checked_sub(SignedDuration::try_from(shift).ok()?).ok()?;
        self.schedule.next_after(earlier, zone).map(|next| later(next, shift))
    }
}

fn fields() -> Vec<Parameter> {
    const CLOCK: [&str; 3] = ["everyDay", "everyWeek", "everyMonth"];
    let number = |name, text: Label, most: f64, usual: i64, shown: &[&'static str]| {
        let least = if usual == 0 || name == "hour" { 0.0 } else { 1.0 };
        let number = field(ParameterType::Number, name, text).literal().between(least, most).or(usual);
        number.when("mode", shown.iter().copied())
    };
    vec![
        field(ParameterType::Options, "mode", label("How often", "Fréquence")).or("everyDay").choices([
            choice("everyMinute", label("Every minute", "Chaque minute")),
            choice("everyHour", label("Every hour", "Chaque heure")),
            choice("everyDay", label("Every day", "Chaque jour")),
            choice("everyWeek", label("Every week", "Chaque semaine")),
            choice("everyMonth", label("Every month", "Chaque mois")),
            choice("everyX", label("Every so many", "À intervalle régulier")),
            choice("custom", label("Cron expression", "Expression cron")),
        ]),
        number("hour", label("At hour", "À l’heure"), 23.0, 14, &CLOCK).help(
            "From 0 (midnight) to 23, in the workflow’s time zone.",
            "De 0 (minuit) à 23, dans le fuseau du workflow.",
        ),
        number(
            "minute",
            label("At minute", "À la minute"),
            59.0,
            0,
            &["everyHour", "everyDay", "everyWeek", "everyMonth"],
        )
        .help("From 0 to 59, after the full hour.", "De 0 à 59, après l’heure pleine."),
        number("dayOfMonth", label("Day of the month", "Jour du mois"), 31.0, 1, &["everyMonth"]).help(
            "From 1 to 31; in a shorter month, its last day.",
            "De 1 à 31 ; dans un mois plus court, son dernier jour.",
        ),
        field(ParameterType::Options, "weekday", label("On", "Le"))
            .or("1")
            .choices([
                choice("1", label("Monday", "Lundi")),
                choice("2", label("Tuesday", "Mardi")),
                choice("3", label("Wednesday", "Mercredi")),
                choice("4", label("Thursday", "Jeudi")),
                choice("5", label("Friday", "Vendredi")),
                choice("6", label("Saturday", "Samedi")),
                choice("0", label("Sunday", "Dimanche")),
            ])
            .when("mode", ["everyWeek"]),
        number("value", label("Every", "Tous les"), 1_000.0, 2, &["everyX"]).help(
            "How many of the units below lie between two looks.",
            "Combien d’unités ci-dessous séparent deux regards.",
        ),
        field(ParameterType::Options, "unit", label("Unit", "Unité"))
            .or("hours")
            .choices([choice("minutes", label("Minutes", "Minutes")), choice("hours", label("Hours", "Heures"))])
            .when("mode", ["everyX"]),
        field(ParameterType::String, "cronExpression", label("Cron expression", "Expression cron"))
            .literal()
            .or("* * * * * *")
            .help(
                "Minute, hour, day of the month, month, day of the week; seconds may stand in front.",
                "Minute, heure, jour du mois, mois, jour de la semaine ; les secondes peuvent précéder.",
            )
            .when("mode", ["custom"]),
    ]
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;
    use weft_value::from_json;

    use super::*;

    fn times(items: &str) -> Result<PollTimes, Vec<Problem>> {
        PollTimes::read(&from_json(&format!(r#"{{"item":[{items}]}}"#)).unwrap())
    }

    #[test]
    fn each_mode_gives_the_next_time() {
        let zone = TimeZone::get("Europe/Paris").unwrap();
        // 0x2a: 42 seconds into the minute.
        let timer = TimerId(Uuid::from_u128(42));
        for (items, expected) in [
            (r#"{"mode":"everyMinute"}"#, "10:00:42 31"),
            (r#"{"mode":"everyHour","minute":7}"#, "10:07:42 31"),
            (r#"{"mode":"everyDay","hour":9}"#, "09:00:42 01"),
            ("{}", "14:00:42 31"),
            (r#"{"mode":"everyWeek","weekday":"1","hour":8,"minute":30}"#, "08:30:42 02"),
            (r#"{"mode":"everyMonth","dayOfMonth":5}"#, "14:00:42 05"),
            (r#"{"mode":"everyX","value":10,"unit":"minutes"}"#, "10:00:42 31"),
            (r#"{"mode":"everyX"}"#, "10:00:42 31"),
            (r#"{"mode":"custom","cronExpression":"*/20 * * * * *"}"#, "10:00:20 31"),
            (r#"{"mode":"everyDay","hour":9},{"mode":"everyHour"}"#, "10:00:42 31"),
        ] {
            let after: Timestamp = "2026-01-31T09:00:03Z".parse().unwrap();
            let next = times(items).unwrap().next_after(after, &zone, timer).unwrap();
            assert_eq!(next.to_zoned(zone.clone()).strftime("%H:%M:%S %d").to_string(), expected, "{items}");
        }
        // One look follows another a minute later, never in the same one.
        let every = times(r#"{"mode":"everyMinute"}"#).unwrap();
        let first = every.next_after("2026-01-31T09:00:42Z".parse().unwrap(), &zone, timer).unwrap();
        assert_eq!(first, "2026-01-31T09:01:42Z".parse().unwrap());
    }

    #[test]
    fn times_that_make_no_sense_are_problems_of_their_place() {
        for items in [
            r#"{"mode":"everyMinute"},{"mode":"custom","cronExpression":"now and then"}"#,
            r#"{"mode":"everyMinute"},{"mode":"everyFullMoon"}"#,
            r#"{"mode":"everyMinute"},{"mode":"everyX","value":0}"#,
        ] {
            let problems = times(items).err().unwrap();
            assert_eq!(problems[0].field.as_deref(), Some("pollTimes.item[1]"), "{items}");
        }
        assert_eq!(times("").err().unwrap()[0].code, "parameter_required");
    }

    #[test]
    fn what_n8n_wrote_is_what_the_form_has() {
        let given = from_json(r#"{"item":[{"mode":"everyWeek","weekday":3}]}"#).unwrap();
        let imported = PollTimes::import(&given).unwrap();
        assert_eq!(imported.to_json(), r#"{"item":[{"mode":"everyWeek","weekday":"3"}]}"#);
        assert!(PollTimes::read(&imported).is_ok());
        assert_eq!(PollTimes::import(&Value::Undefined), None);
        assert!(PollTimes::read(&Value::Undefined).is_ok());
    }
}
