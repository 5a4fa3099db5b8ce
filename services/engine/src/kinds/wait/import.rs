//! Waits of n8n.

use weft_nodes::{Imported, N8nNode, Unsupported};
use weft_value::{Object, Value};

use crate::kinds::{form_trigger, webhook};

/// How n8n says how long something is waited for; ours is said alike.
pub(crate) const LIMITS: [&str; 5] = ["limitWaitTime", "limitType", "resumeAmount", "resumeUnit", "maxDateAndTime"];

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
        "form" => return for_a_page(node),
        other => {
            let message = format!(
                "Waiting for “{other}” is not there yet; waiting for some time, a moment, a call or a page is."
            );
            return Err(Unsupported { message, field: Some("resume".into()) });
        }
    };
    Ok(Value::from(entries.into_iter().collect::<Object>()).into())
}

/// The parameters of a wait for a call are named alike.
fn for_a_call(node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
    let mut imported = webhook::call_of_n8n(node);
    if node.parameters.get("options").get("webhookSuffix").as_str().is_some_and(|suffix| suffix.starts_with('=')) {
        let message = "The end of the address cannot be an expression: it has to be known before the execution.";
        return Err(Unsupported { message: message.into(), field: Some("options.webhookSuffix".into()) });
    }
    let mut parameters = imported.parameters.as_object().cloned().unwrap_or_default();
    let callers = parameters.remove("incomingAuthentication").unwrap_or_default();
    webhook::insert_callers(&mut parameters, &callers, &mut imported.remarks);
    imported.parameters = parameters.into();
    Ok(imported)
}

/// The fields of the page are those of a form trigger.
fn for_a_page(node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
    let (given, mut remarks) = (node.parameters, Vec::new());
    let suffix = given.get("options").get("webhookSuffix").as_str().unwrap_or_default();
    if suffix.starts_with('=') {
        let message = "The end of the address cannot be an expression: it has to be known before the execution.";
        return Err(Unsupported { message: message.into(), field: Some("options.webhookSuffix".into()) });
    }
    let mut ours: Object = [("resume", "form")].into_iter().collect();
    for name in ["formTitle", "formDescription"] {
        ours.insert(name, given.get(name).as_str().unwrap_or_default());
    }
    ours.insert("formFields", form_trigger::fields_of_n8n(given));
    form_trigger::insert_answer(&mut ours, given.get("options"));
    ours.insert("formSuffix", suffix);
    for name in LIMITS.into_iter().filter(|name| !given.get(name).is_undefined()) {
        ours.insert(name, given.get(name).clone());
    }
    webhook::insert_callers(&mut ours, given.get("incomingAuthentication"), &mut remarks);
    if given.get("responseMode").as_str().is_some_and(|mode| mode != "onReceived") {
        remarks.push("The page says at once that it was filled in; it does not wait for the workflow.".to_owned());
    }
    Ok(Imported { parameters: ours.into(), remarks })
}

#[cfg(test)]
mod tests {
    use weft_nodes::testing::import;

    use crate::action::ActionKind;
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
        let ours = r#"{"resume":"webhook","authentication":"credential"}"#;
        assert_eq!((guarded.parameters.to_json().as_str(), guarded.remarks.len()), (ours, 1));
        let problems = Wait.prepare(&guarded.parameters).err().unwrap();
        assert_eq!(problems[0].field.as_deref(), Some("credential"), "nobody is let in who was not before");
        let listed = r#"{"resume":"webhook","options":{"ipWhitelist":"10.0.0.0/8","ignoreBots":true}}"#;
        assert_eq!(import(&Wait, 1.1, listed).unwrap().parameters.to_json(), listed);
        for refused in [
            r#"{"resume":"never"}"#,
            r#"{"resume":"form","options":{"webhookSuffix":"={{ 1 }}"}}"#,
            r#"{"resume":"webhook","options":{"webhookSuffix":"={{ 1 }}"}}"#,
        ] {
            assert!(import(&Wait, 1.1, refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn a_wait_for_a_page_is_taken_over() {
        let node = r#"{"resume":"form","formTitle":"=Ok {{ 1 }}?","formFields":{"values":[{"fieldLabel":"É","requiredField":true}]},
            "incomingAuthentication":"basicAuth","responseMode":"lastNode","limitWaitTime":true,"resumeAmount":2,"resumeUnit":"days",
            "options":{"webhookSuffix":"ok","respondWithOptions":{"values":{"respondWith":"text","formSubmittedText":"Merci"}}}}"#;
        let ours = r#"{"resume":"form","formTitle":"=Ok {{ 1 }}?","formDescription":"","formFields":[{"fieldLabel":"É","fieldType":"text","requiredField":true}],"respondWith":"text","formSubmittedText":"Merci","redirectUrl":"","formSuffix":"ok","limitWaitTime":true,"resumeAmount":2,"resumeUnit":"days","authentication":"credential"}"#;
        for version in [1.0, 1.1] {
            let imported = import(&Wait, version, node).unwrap();
            assert_eq!((imported.parameters.to_json().as_str(), imported.remarks.len()), (ours, 2));
            let problems = Wait.prepare(&imported.parameters).err().unwrap();
            assert_eq!(problems[0].field.as_deref(), Some("credential"), "nobody is let in who was not before");
        }
    }
}
