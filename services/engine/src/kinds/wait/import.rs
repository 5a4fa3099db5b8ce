//! Waits of n8n.

use weft_nodes::{Imported, N8nNode, Unsupported};
use weft_value::{Object, Value};

use crate::kinds::webhook;

pub(super) fn from_n8n(node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
    let given = node.parameters;
    let or = |key: &str, default: Value| {
        Some(given.get(key)).filter(|given| !given.is_undefined()).cloned().unwrap_or(default)
    };
    let resume = given.get("resume").as_str().unwrap_or("timeInterval");
    // The first version waited an hour unless told otherwise, the next one five seconds.
    let (amount, unit) = if node.version < 1.1 { (1, "hours") } else { (5, "seconds") };
    let entries = match resume {
        "timeInterval" => vec![("amount", or("amount", amount.into())), ("unit", or("unit", unit.into()))],
        "specificTime" => vec![("resume", resume.into()), ("dateTime", given.get("dateTime").clone())],
        "webhook" => return for_a_call(node),
        other => {
            let message =
                format!("Waiting for “{other}” is not there yet; waiting for some time, a moment or a call is.");
            return Err(Unsupported { message, field: Some("resume".into()) });
        }
    };
    Ok(Value::from(entries.into_iter().collect::<Object>()).into())
}

/// The parameters of a wait for a call are named alike.
fn for_a_call(node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
    let mut imported = webhook::call_of_n8n(node)?;
    if node.parameters.get("incomingAuthentication").as_str().is_some_and(|kind| kind != "none") {
        let remark = "Authentication of webhooks is not there yet: whoever knows the address may call it.";
        imported.remarks.push(remark.into());
    }
    if node.parameters.get("options").get("webhookSuffix").as_str().is_some_and(|suffix| suffix.starts_with('=')) {
        let message = "The end of the address cannot be an expression: it has to be known before the execution.";
        return Err(Unsupported { message: message.into(), field: Some("options.webhookSuffix".into()) });
    }
    if let Value::Object(parameters) = &imported.parameters {
        let mut parameters = parameters.as_ref().clone();
        parameters.remove("incomingAuthentication");
        imported.parameters = parameters.into();
    }
    Ok(imported)
}

#[cfg(test)]
mod tests {
    use weft_nodes::testing::import;

    use crate::kinds::wait::Wait;

    #[test]
    fn versions_of_n8n_differ_in_what_they_wait_for() {
        for (version, node, ours) in [
            (1.0, "{}", r#"{"amount":1,"unit":"hours"}"#),
            (1.1, r#"{"unit":"days"}"#, r#"{"amount":5,"unit":"days"}"#),
            (
                1.1,
                r#"{"resume":"specificTime","dateTime":"2026-01-01T00:00:00"}"#,
                r#"{"resume":"specificTime","dateTime":"2026-01-01T00:00:00"}"#,
            ),
            (
                1.1,
                r#"{"resume":"webhook","httpMethod":"POST","limitWaitTime":true,"options":{"webhookSuffix":"ok"}}"#,
                r#"{"resume":"webhook","httpMethod":"POST","limitWaitTime":true,"options":{"webhookSuffix":"ok"}}"#,
            ),
        ] {
            assert_eq!(import(&Wait, version, node).unwrap().parameters.to_json(), ours);
        }
        let guarded = import(&Wait, 1.1, r#"{"resume":"webhook","incomingAuthentication":"basicAuth"}"#).unwrap();
        assert_eq!((guarded.parameters.to_json().as_str(), guarded.remarks.len()), (r#"{"resume":"webhook"}"#, 1));
        for refused in [r#"{"resume":"form"}"#, r#"{"resume":"webhook","options":{"webhookSuffix":"={{ 1 }}"}}"#] {
            assert!(import(&Wait, 1.1, refused).is_err(), "{refused}");
        }
    }
}
