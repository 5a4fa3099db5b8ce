//! What the versions of n8n's Date & Time node call the parameters of this kind.

use weft_value::{Object, Value};

use crate::Unsupported;

/// Version 2, whose operations are ours.
pub(super) fn of_version_2(given: &Value) -> Value {
    let mut new = given.as_object().cloned().unwrap_or_default();
    rename(&mut new, "magnitude", "date");
    if new.get("mode").and_then(Value::as_str) == Some("roundUp") {
        new.remove("toNearest");
    }
    rename(&mut new, "to", "toNearest");
    // A format of one's own that was typed before another one was chosen is still there, and means nothing.
    if new.get("format").and_then(Value::as_str) == Some("custom") {
        new.remove("format");
        rename(&mut new, "customFormat", "format");
    } else {
        new.remove("customFormat");
    }
    let mut options = new.get("options").and_then(Value::as_object).cloned().unwrap_or_default();
    // The example that n8n fills in when the option is added stands for no format.
    if options.get("fromFormat").and_then(Value::as_str) == Some("e.g yyyyMMdd") {
        options.remove("fromFormat");
    }
    if !options.is_empty() {
        new.insert("options", options);
    }
    new.into()
}

/// Version 1: all input fields stay, patterns are Moment.js's, and what names no zone is read and shown in UTC.
pub(super) fn of_version_1(given: &Value) -> Result<Value, Unsupported> {
    let old_options = given.get("options");
    let mut options: Object =
        [("includeInputFields", Value::Bool(true)), ("dialect", "moment".into())].into_iter().collect();
    let chosen =
        |name: &str| Some(old_options.get(name)).filter(|value| !value.is_nullish() && value.as_str() != Some(""));
    for name in ["fromFormat", "fromTimezone"] {
        if let Some(value) = chosen(name) {
            options.insert(name, value.clone());
        }
    }
    let mut new = Object::new();
    new.insert("date", given.get("value").clone());
    new.insert("outputFieldName", given.get("dataPropertyName").as_str().unwrap_or("data"));
    let timezone = match given.get("action").as_str().unwrap_or("format") {
        "format" => {
            new.insert("operation", "formatDate");
            new.insert("format", given.get("toFormat").as_str().unwrap_or("MM/DD/YYYY"));
            let shown_in = chosen("toTimezone").cloned();
            let otherwise = if chosen("fromTimezone").is_some() { "workflow" } else { "UTC" };
            if shown_in.is_some() && chosen("fromTimezone").is_none() {
                options.insert("fromTimezone", "workflow");
            }
            shown_in.unwrap_or_else(|| otherwise.into())
        }
        "calculate" => {
            let subtracts = given.get("operation").as_str() == Some("subtract");
            new.insert("operation", if subtracts { "subtractFromDate" } else { "addToDate" });
            for name in ["duration", "timeUnit"] {
                if !given.get(name).is_undefined() {
                    new.insert(name, given.get(name).clone());
                }
            }
            "UTC".into()
        }
        other => {
            return Err(Unsupported {
                message: format!("Date & Time has no action “{other}” here. Format or calculate."),
                field: Some("action".into()),
            });
        }
    };
    options.insert("timezone", timezone);
    new.insert("options", options);
    Ok(new.into())
}

fn rename(object: &mut Object, from: &str, to: &str) {
    if let Some(value) = object.remove(from) {
        object.insert(to, value);
    }
}
