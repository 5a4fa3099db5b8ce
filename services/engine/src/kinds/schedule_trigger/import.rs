//! n8n's three nodes that start by the clock: Schedule Trigger, and its ancestors Cron and Interval.

use weft_nodes::{Imported, N8nNode, Unsupported};
use weft_value::{Object, Value};

/// The types of the nodes.
pub(super) const TYPES: [&str; 3] =
    ["n8n-nodes-base.scheduleTrigger", "n8n-nodes-base.cron", "n8n-nodes-base.interval"];

/// What a node of one of [`TYPES`] says, here.
pub(super) fn import(node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
    let given = node.parameters;
    let rules = match node.node_type {
        "n8n-nodes-base.cron" => cron(given)?,
        "n8n-nodes-base.interval" => vec![interval(given)?],
        _ => {
            let mut new = given.as_object().cloned().unwrap_or_default();
            new.remove("misfirePolicy");
            return Ok(Value::from(new).into());
        }
    };
    let rule: Object = [("interval", Value::from(rules))].into_iter().collect();
    let new: Object = [("rule", Value::from(rule))].into_iter().collect();
    Ok(Value::from(new).into())
}

/// The rule of n8n's Interval node: so many seconds, minutes or hours.
fn interval(given: &Value) -> Result<Value, Unsupported> {
    let every = number(given, "interval", 1);
    match given.get("unit").as_str().unwrap_or("seconds") {
        "seconds" => Ok(rule("seconds", [("secondsInterval", every)])),
        "minutes" => Ok(rule("minutes", [("minutesInterval", every)])),
        "hours" => Ok(hours(every, 0)),
        other => Err(unknown(other, "unit")),
    }
}

/// The rules of n8n's Cron node.
fn cron(given: &Value) -> Result<Vec<Value>, Unsupported> {
    let items = given.get("triggerTimes").get("item");
    match items.as_array() {
        Some(items) if !items.is_empty() => items.iter().map(time).collect(),
        _ => Ok(vec![time(&Value::empty_object())?]),
    }
}

/// The rule of one of its times.
pub(super) fn time(item: &Value) -> Result<Value, Unsupported> {
    let at = [("triggerAtHour", number(item, "hour", 14)), ("triggerAtMinute", number(item, "minute", 0))];
    Ok(match item.get("mode").as_str().unwrap_or("everyDay") {
        "everyMinute" => rule("minutes", [("minutesInterval", Value::from(1))]),
        "everyHour" => hours(Value::from(1), item.get("minute").as_f64().unwrap_or_default() as i32),
        "everyDay" => rule("days", at),
        "everyWeek" => {
            let day = item.get("weekday");
            let day = day.as_f64().or_else(|| day.as_str()?.parse().ok()).unwrap_or(1.0);
            rule("weeks", at.into_iter().chain([("triggerAtDay", Value::from(vec![Value::from(day)]))]))
        }
        "everyMonth" => rule("months", at.into_iter().chain([("triggerAtDayOfMonth", number(item, "dayOfMonth", 1))])),
        "everyX" => match item.get("unit").as_str().unwrap_or("hours") {
            "minutes" => rule("minutes", [("minutesInterval", number(item, "value", 2))]),
            "hours" => hours(number(item, "value", 2), 0),
            other => return Err(unknown(other, "triggerTimes")),
        },
        "custom" => {
            let expression = item.get("cronExpression").as_str().unwrap_or("* * * * * *").trim();
            rule("cronExpression", [("expression", Value::from(expression))])
        }
        other => return Err(unknown(other, "triggerTimes")),
    })
}

/// Every so many hours. A rule for hours counts within a day; more than a day are minutes.
fn hours(every: Value, minute: i32) -> Value {
    match every.as_f64() {
        Some(hours) if hours > 24.0 => rule("minutes", [("minutesInterval", Value::from(hours * 60.0))]),
        _ => rule("hours", [("hoursInterval", every), ("triggerAtMinute", Value::from(minute))]),
    }
}

fn rule(field: &'static str, more: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let rule: Object = [("field", Value::from(field))].into_iter().chain(more).collect();
    rule.into()
}

fn number(given: &Value, name: &str, default: i32) -> Value {
    let given = given.get(name);
    if given.as_f64().is_some() { given.clone() } else { Value::from(default) }
}

fn unknown(what: &str, field: &str) -> Unsupported {
    Unsupported { message: format!("There is no schedule “{what}”."), field: Some(field.into()) }
}

#[cfg(test)]
mod tests {
    use weft_value::from_json;

    use super::super::ScheduleTrigger;
    use super::*;
    use crate::action::TriggerKind;

    fn imported(node_type: &str, json: &str) -> Result<String, Unsupported> {
        let parameters = from_json(json).unwrap();
        let imported = import(&N8nNode { node_type, version: 1.0, parameters: &parameters })?;
        assert!(ScheduleTrigger.prepare(&imported.parameters).is_ok(), "{json}");
        Ok(imported.parameters.get("rule").get("interval").to_json())
    }

    #[test]
    fn a_cron_node_becomes_rules() {
        for (times, expected) in [
            ("", r#"{"field":"days","triggerAtHour":14,"triggerAtMinute":0}"#),
            (r#"{"mode":"everyMinute"}"#, r#"{"field":"minutes","minutesInterval":1}"#),
            (r#"{"mode":"everyHour","minute":7}"#, r#"{"field":"hours","hoursInterval":1,"triggerAtMinute":7}"#),
            (r#"{"hour":8,"minute":30}"#, r#"{"field":"days","triggerAtHour":8,"triggerAtMinute":30}"#),
            (
                r#"{"mode":"everyWeek","weekday":"0"}"#,
                r#"{"field":"weeks","triggerAtHour":14,"triggerAtMinute":0,"triggerAtDay":[0]}"#,
            ),
            (
                r#"{"mode":"everyMonth","dayOfMonth":31,"hour":1}"#,
                r#"{"field":"months","triggerAtHour":1,"triggerAtMinute":0,"triggerAtDayOfMonth":31}"#,
            ),
            (r#"{"mode":"everyX"}"#, r#"{"field":"hours","hoursInterval":2,"triggerAtMinute":0}"#),
            (r#"{"mode":"everyX","value":48}"#, r#"{"field":"minutes","minutesInterval":2880}"#),
            (r#"{"mode":"everyX","unit":"minutes","value":10}"#, r#"{"field":"minutes","minutesInterval":10}"#),
            (
                r#"{"mode":"custom","cronExpression":" 0 9 * * 1-5 "}"#,
                r#"{"field":"cronExpression","expression":"0 9 * * 1-5"}"#,
            ),
            (r#"{"mode":"custom"}"#, r#"{"field":"cronExpression","expression":"* * * * * *"}"#),
        ] {
            let node = format!(r#"{{"triggerTimes":{{"item":[{times}]}}}}"#);
            assert_eq!(imported("n8n-nodes-base.cron", &node).as_deref(), Ok(&*format!("[{expected}]")), "{times}");
        }
        let odd = r#"{"triggerTimes":{"item":[{"mode":"everyFullMoon"}]}}"#;
        assert_eq!(imported("n8n-nodes-base.cron", odd).unwrap_err().field.as_deref(), Some("triggerTimes"));
    }

    #[test]
    fn an_interval_node_becomes_a_rule() {
        for (node, expected) in [
            ("{}", r#"[{"field":"seconds","secondsInterval":1}]"#),
            (r#"{"interval":5,"unit":"minutes"}"#, r#"[{"field":"minutes","minutesInterval":5}]"#),
            (r#"{"unit":"hours"}"#, r#"[{"field":"hours","hoursInterval":1,"triggerAtMinute":0}]"#),
        ] {
            assert_eq!(imported("n8n-nodes-base.interval", node).as_deref(), Ok(expected), "{node}");
        }
        assert!(imported("n8n-nodes-base.interval", r#"{"unit":"aeons"}"#).is_err());
    }

    #[test]
    fn a_schedule_stays_what_it_is() {
        let node = r#"{"rule":{"interval":[{"field":"hours"}]},"misfirePolicy":"skip"}"#;
        assert_eq!(imported("n8n-nodes-base.scheduleTrigger", node).as_deref(), Ok(r#"[{"field":"hours"}]"#));
    }
}
