//! From n8n's Switch, in each of its versions, to ours.

use weft_value::{Object, Value};

use super::{DEFAULT_OUTPUTS, MOST_OUTPUTS};
use crate::condition::{lift, of_first_version};
use crate::{Imported, N8nNode, Unsupported};

pub(super) fn import(node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
    let given = node.parameters;
    let is_expression = given.get("mode").as_str() == Some("expression");
    let rules = given.get("rules").get(if node.version < 3.0 { "rules" } else { "values" });
    let rules = rules.as_array().unwrap_or_default();
    if rules.len() > MOST_OUTPUTS {
        let message = format!("This n8n Switch has {} rules, more than {MOST_OUTPUTS}.", rules.len());
        return Err(Unsupported { message, field: Some("rules".into()) });
    }
    if is_expression {
        by_expression(node)
    } else if node.version < 3.0 {
        by_first_rules(node, rules)
    } else {
        by_rules(given, rules)
    }
}

/// The first version has four outputs; the second says how many, under another name than the third.
fn by_expression(node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
    let given = node.parameters;
    let name = if node.version < 3.0 { "outputsAmount" } else { "numberOutputs" };
    let asked = if node.version < 2.0 { &Value::Undefined } else { given.get(name) };
    let count = match asked {
        Value::Undefined => Some(DEFAULT_OUTPUTS as f64),
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_f64(),
    };
    let count = count.filter(|count| super::count(*count).is_some()).ok_or_else(|| Unsupported {
        message: format!("A switch has 1 to {MOST_OUTPUTS} outputs here, a number that is the same for every item."),
        field: Some(name.into()),
    })?;
    // Where nobody filled it in, every item goes to the first.
    let output = if given.get("output").is_undefined() { Value::Number(0.0) } else { given.get("output").clone() };
    let parameters: Object =
        [("mode", Value::from("expression")), ("numberOutputs", Value::Number(count)), ("output", output)]
            .into_iter()
            .collect();
    Ok(Value::from(parameters).into())
}

/// Versions 1 and 2: one value of one type, which every rule compares with its own.
fn by_first_rules(node: &N8nNode<'_>, rules: &[Value]) -> Result<Imported, Unsupported> {
    let given = node.parameters;
    let kind = match given.get("dataType") {
        Value::Undefined => "number",
        named => named
            .as_str()
            .filter(|name| matches!(*name, "boolean" | "dateTime" | "number" | "string"))
            .ok_or_else(|| Unsupported {
                message: "The type of the values of this n8n Switch is not known.".into(),
                field: Some("dataType".into()),
            })?,
    };
    let new_rules: Result<Vec<Value>, Unsupported> = rules
        .iter()
        .map(|rule| {
            let mut old = rule.as_object().cloned().unwrap_or_default();
            old.insert("value1", given.get("value1").clone());
            if kind == "dateTime" && rule.get("value2").is_undefined() {
                old.insert("value2", 0.0);
            }
            let old = Value::from(old);
            let mut new: Object = [("conditions", of_first_version([(kind, &old)], false)?)].into_iter().collect();
            if node.version < 2.0 {
                let output = rule.get("output");
                new.insert("output", if output.is_undefined() { Value::Number(0.0) } else { output.clone() });
            } else if let Some(name) = rule.get("outputKey").as_str() {
                new.insert("outputKey", name);
            }
            Ok(new.into())
        })
        .collect();
    let options: Object = [("fallbackOutput", fallback(given.get("fallbackOutput"))?)].into_iter().collect();
    let mut parameters: Object = [("mode", Value::from("rules")), ("rules", new_rules?.into())].into_iter().collect();
    if node.version < 2.0 {
        parameters.insert("numberOutputs", DEFAULT_OUTPUTS as f64);
    }
    parameters.insert("options", options);
    Ok(Value::from(parameters).into())
}

/// Version 3 and later: filter objects.
fn by_rules(given: &Value, rules: &[Value]) -> Result<Imported, Unsupported> {
    let fallback = fallback(given.get("options").get("fallbackOutput"))?;
    let mut lifted = lift(given, rules.iter().map(|rule| rule.get("conditions")));
    let mut new_rules = Vec::with_capacity(rules.len());
    for (rule, filter) in rules.iter().zip(lifted.filters) {
        let mut new: Object = [("conditions", filter)].into_iter().collect();
        let is_renamed = rule.get("renameOutput").as_bool() == Some(true);
        if is_renamed && let Some(name) = plain(rule.get("outputKey"), &mut lifted.remarks) {
            new.insert("outputKey", name);
        }
        new_rules.push(Value::from(new));
    }
    let mut options: Object =
        [("ignoreCase", Value::from(lifted.ignore_case)), ("fallbackOutput", fallback)].into_iter().collect();
    if let Some(name) = plain(given.get("options").get("renameFallbackOutput"), &mut lifted.remarks) {
        options.insert("renameFallbackOutput", name);
    }
    options.insert("allMatchingOutputs", given.get("options").get("allMatchingOutputs").as_bool() == Some(true));
    let parameters: Object = [
        ("mode", Value::from("rules")),
        ("rules", new_rules.into()),
        ("looseTypeValidation", lifted.loose.into()),
        ("options", options.into()),
    ]
    .into_iter()
    .collect();
    Ok(Imported { parameters: parameters.into(), remarks: lifted.remarks })
}

/// Where items go that fulfil no rule: n8n also writes -1 for nowhere.
fn fallback(given: &Value) -> Result<Value, Unsupported> {
    let number = given.as_f64().or_else(|| given.as_str()?.trim().parse().ok());
    match (given, number) {
        (Value::Undefined | Value::Null, _) => Ok("none".into()),
        (_, Some(number)) if number < 0.0 => Ok("none".into()),
        (Value::String(text), None) if text.starts_with('=') => Err(Unsupported {
            message: "The fallback output is the same for every item here: choose one.".into(),
            field: Some("fallbackOutput".into()),
        }),
        (given, _) => Ok(given.clone()),
    }
}

/// The name of an output, where it is no expression: names are the same for every item.
fn plain(name: &Value, remarks: &mut Vec<String>) -> Option<String> {
    let name = name.as_str()?;
    if name.starts_with('=') {
        remarks.push(format!("An output was named by the expression “{name}”. It has its number for a name now."));
        return None;
    }
    Some(name.to_owned())
}
