use weft_nodes::testing::import;
use weft_value::{Object, from_json};

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
                ..LastNode::default()
            }),
        ),
        (
            r#"{"responseMode":"lastNode","options":{"responsePropertyName":" data.xml ","responseContentType":"text/xml"}}"#,
            Respond::LastNode(LastNode {
                status: 200,
                property: "data.xml".into(),
                media_type: "text/xml".into(),
                ..LastNode::default()
            }),
        ),
        (r#"{"responseCode":204,"options":{"noResponseBody":true}}"#, Respond::AtOnce(Answer::empty(204))),
        (
            r#"{"options":{"responseData":"Merci","noResponseBody":true}}"#,
            Respond::AtOnce(Answer::of_type(200, "text/plain; charset=utf-8", "Merci")),
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
fn several_methods_have_an_output_each() {
    for (given, expected, outputs) in [
        (
            r#"{"multipleMethods":true,"httpMethod":["PUT","DELETE"]}"#,
            r#"{"multipleMethods":true,"httpMethods":["PUT","DELETE"]}"#,
            ["PUT", "DELETE"].as_slice(),
        ),
        (
            r#"{"multipleMethods":true}"#,
            r#"{"multipleMethods":true,"httpMethods":["GET","POST"]}"#,
            ["GET", "POST"].as_slice(),
        ),
        (r#"{"multipleMethods":false,"httpMethod":"PUT"}"#, r#"{"httpMethod":"PUT"}"#, ["main"].as_slice()),
    ] {
        let imported = import(&WebhookTrigger, 2.0, given).unwrap();
        assert_eq!((imported.parameters.to_json().as_str(), imported.remarks.len()), (expected, 0));
        let ports = WebhookTrigger.ports(&imported.parameters).outputs;
        assert_eq!(ports.iter().map(|port| port.name.as_str()).collect::<Vec<_>>(), outputs);
    }
    let several = webhook(r#"{"multipleMethods":true}"#).unwrap();
    assert_eq!(
        (several.methods().join(" "), several.output_of("GET"), several.output_of("POST")),
        ("GET POST".into(), 0, 1)
    );
    assert!(several.takes("POST") && !several.takes("PUT"));
    let any = webhook(r#"{"httpMethod":"*"}"#).unwrap();
    assert_eq!((any.takes("PUT"), any.output_of("PUT")), (true, 0));
    let problems = webhook(r#"{"multipleMethods":true,"httpMethods":[]}"#).unwrap_err();
    assert_eq!(problems[0].field.as_deref(), Some("httpMethods"));
}

#[test]
fn guards_of_n8n_are_kept() {
    let node = r#"{"path":"a","options":{"ipWhitelist":"10.0.0.1, 10.1.0.0/16","ignoreBots":true,"allowedOrigins":"https://a.example"}}"#;
    let imported = import(&WebhookTrigger, 2.0, node).unwrap();
    assert_eq!((imported.parameters.to_json().as_str(), imported.remarks.len()), (node, 0));
    let guarded = webhook(node).unwrap();
    let (inside, outside) = ([10, 1, 2, 3].into(), [10, 2, 0, 1].into());
    assert_eq!(guarded.access().admit(inside, None), Ok(()));
    assert_eq!(guarded.access().admit(outside, None), Err(TurnedAway::Address));
    assert_eq!(guarded.access().admit(inside, Some("curl/8")), Err(TurnedAway::Robot));
    assert!(guarded.origins().contain("https://a.example") && !guarded.origins().contain("https://b.example"));
    assert!(webhook("{}").unwrap().origins().are_all());
    // Nobody is let in while it is not known who may be.
    for wrong in ["nowhere", "={{ $env.IPS }}"] {
        let node = format!(r#"{{"options":{{"ipWhitelist":"{wrong}"}}}}"#);
        let imported = import(&WebhookTrigger, 2.0, &node).unwrap();
        let problems = WebhookTrigger.prepare(&imported.parameters).err().unwrap();
        assert_eq!(problems[0].field.as_deref(), Some("options.ipWhitelist"), "{wrong}");
    }
    let several = import(&WebhookTrigger, 2.0, r#"{"options":{"ipWhitelist":["10.0.0.1","10.0.0.2"]}}"#).unwrap();
    assert_eq!(several.parameters.to_json(), r#"{"options":{"ipWhitelist":"10.0.0.1, 10.0.0.2"}}"#);
}

#[test]
fn answers_of_n8n_are_answered_here() {
    for (given, expected, remarks) in [
        (r#"{"options":{"responseCode":{"values":{"responseCode":401}}}}"#, r#"{"responseCode":401}"#, 0),
        (
            r#"{"options":{"responseCode":{"values":{"responseCode":"customCode","customCode":418}}}}"#,
            r#"{"responseCode":418}"#,
            0,
        ),
        (r#"{"options":{"responseCode":{"values":{"responseCode":"customCode"}}}}"#, "{}", 0),
        (
            r#"{"options":{"responseHeaders":{"entries":[{"name":"x-a","value":"=plain"},{"name":"x-b","value":7},{"name":"x-c","value":"={{ $json.a }}"}]}}}"#,
            r#"{"options":{"responseHeaders":{"entries":[{"name":"x-a","value":"plain"},{"name":"x-b","value":"7"}]}}}"#,
            1,
        ),
    ] {
        let imported = import(&WebhookTrigger, 2.1, given).unwrap();
        assert_eq!((imported.parameters.to_json().as_str(), imported.remarks.len()), (expected, remarks));
        assert!(webhook(expected).is_ok(), "{expected}");
    }
}

#[test]
fn a_call_that_is_not_wanted_begins_nothing() {
    let item = Item::new(from_json(r#"{"body":{"type":"paid"}}"#).unwrap());
    for (condition, wants) in [
        ("", true),
        ("paid", true),
        ("={{ $json.body.type === 'paid' }}", true),
        ("={{ $json.body.type === 'open' }}", false),
        ("{{ $json.body.type === 'open' }}", false),
        ("={{ $json.body.amount }}", false),
        // A call is rather taken in vain than lost.
        ("={{ $('Nobody').first().json.a }}", true),
    ] {
        let parameters: Object =
            [("options", [("onlyRunIf", condition)].into_iter().collect::<Object>())].into_iter().collect();
        let webhook = webhook(&Value::from(parameters).to_json()).unwrap();
        assert_eq!(webhook.wants(&item, Timestamp::UNIX_EPOCH, &TimeZone::UTC), wants, "{condition}");
    }
}
