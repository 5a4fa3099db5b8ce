use weft_nodes::testing::import;
use weft_value::from_json;

use super::*;

fn webhook(parameters: &str) -> Result<Webhook, Vec<Problem>> {
    match WebhookTrigger.prepare(&from_json(parameters).unwrap())? {
        Trigger::Webhook(webhook) => Ok(*webhook),
        Trigger::Manual
        | Trigger::Schedule(_)
        | Trigger::Called(_)
        | Trigger::Failure
        | Trigger::Form(_)
        | Trigger::Poll(_) => {
            panic!("a webhook is a webhook")
        }
    }
}

#[test]
fn a_webhook_says_how_it_answers() {
    for (parameters, expected) in [
        ("{}", Respond::AtOnce(Answer::message(200, "Workflow was started"))),
        (r#"{"responseMode":"responseNode"}"#, Respond::Node),
        (
            r#"{"responseMode":"lastNode","responseData":"allEntries","responseCode":201,
                "options":{"responseHeaders":{"entries":[{"name":"x-a","value":"b"}]}}}"#,
            Respond::LastNode(LastNode {
                data: LastNodeData::AllEntries,
                status: 201,
                headers: vec![("x-a".into(), "b".into())],
                file: String::new(),
            }),
        ),
    ] {
        assert_eq!(webhook(parameters).unwrap().respond(), expected, "{parameters}");
    }
}

#[test]
fn a_path_that_climbs_is_refused() {
    for path in ["../up", "a b", "a/%2e%2e"] {
        let problems = webhook(&format!(r#"{{"path":"{path}"}}"#)).unwrap_err();
        assert_eq!(problems[0].field.as_deref(), Some("path"));
    }
    assert_eq!(webhook(r#"{"path":"orders/:id"}"#).unwrap().path, "orders/:id");
}

#[test]
fn a_call_becomes_one_item() {
    let body = from_json(r#"{"a":1}"#).unwrap();
    let call = HookCall { method: "POST".into(), url: "http://x/hooks/1".into(), body, ..HookCall::default() };
    let json = r#"{"headers":{},"params":{},"query":{},"body":{"a":1},"webhookUrl":"http://x/hooks/1","executionMode":"production"}"#;
    assert_eq!(call.into_item().json.to_json(), json);
}

#[test]
fn a_webhook_that_asks_its_callers_names_a_credential() {
    let id = CredentialId(uuid::Uuid::from_u128(7));
    let asks = |credential: &str| format!(r#"{{"authentication":"credential","credential":"{credential}"}}"#);
    assert_eq!(webhook(&asks(&id.to_string())).unwrap().credential(), Some(id));
    for wrong in ["", "Shop", "={{ $json.id }}"] {
        let problems = webhook(&asks(wrong)).unwrap_err();
        assert_eq!(problems[0].field.as_deref(), Some("credential"), "{wrong}");
    }
    let open = webhook(&format!(r#"{{"authentication":"none","credential":"{id}"}}"#)).unwrap();
    assert_eq!(open.credential(), None);
}

#[test]
fn whoever_n8n_did_not_let_in_is_not_let_in_after_an_import() {
    for version in [1.0, 1.1, 2.0, 2.1] {
        for (authentication, wanted) in
            [("basicAuth", "“Basic”"), ("headerAuth", "“Header”"), ("jwtAuth", "“JWT”"), ("n8nOAuth2", "“n8nOAuth2”")]
        {
            let json = format!(r#"{{"path":"a","authentication":"{authentication}"}}"#);
            let imported = import(&WebhookTrigger, version, &json).unwrap();
            assert!(imported.remarks.len() == 1 && imported.remarks[0].contains(wanted), "{:?}", imported.remarks);
            let problems = WebhookTrigger.prepare(&imported.parameters).err().unwrap();
            assert_eq!(problems[0].field.as_deref(), Some("credential"), "{authentication}");
        }
        for json in [r#"{"path":"a","authentication":"none"}"#, r#"{"path":"a"}"#] {
            let imported = import(&WebhookTrigger, version, json).unwrap();
            assert!(imported.remarks.is_empty() && WebhookTrigger.prepare(&imported.parameters).is_ok(), "{json}");
        }
    }
}

#[test]
fn what_n8n_asks_of_files_is_asked_here() {
    for (given, expected) in [
        (r#"{"path":"a","options":{"rawBody":true}}"#, r#"{"path":"a","options":{"binaryData":true}}"#),
        (
            r#"{"options":{"binaryData":true,"binaryPropertyName":"own"}}"#,
            r#"{"options":{"binaryData":true,"binaryPropertyName":"own"}}"#,
        ),
        (
            r#"{"responseMode":"lastNode","responseData":"firstEntryBinary","responseBinaryPropertyName":"own","options":{"rawBody":true}}"#,
            r#"{"responseMode":"lastNode","responseData":"firstEntryBinary","options":{"responseBinaryPropertyName":"own","binaryData":true}}"#,
        ),
    ] {
        let imported = import(&WebhookTrigger, 2.0, given).unwrap();
        assert_eq!(imported.parameters.to_json(), expected);
        assert!(webhook(expected).is_ok(), "{expected}");
    }
    let kept = webhook(r#"{"options":{"binaryData":true,"binaryPropertyName":" own "}}"#).unwrap();
    assert_eq!(kept.raw_file(), Some("own"));
    assert_eq!(webhook(r#"{"options":{"binaryData":true}}"#).unwrap().raw_file(), Some(FILE));
    assert_eq!(webhook("{}").unwrap().raw_file(), None);
}

#[test]
fn several_methods_of_n8n_become_any() {
    let imported = import(&WebhookTrigger, 2.0, r#"{"httpMethod":["GET","POST"]}"#).unwrap();
    assert_eq!(imported.parameters.to_json(), r#"{"httpMethod":"*"}"#);
    assert_eq!(imported.remarks.len(), 1);
}
