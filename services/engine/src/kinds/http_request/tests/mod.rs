use std::time::Duration;

use weft_connectors::{HttpError, HttpRequest as Request, HttpResponse, TokenError};
use weft_model::CredentialId;
use weft_nodes::testing::{TestStep, import};
use weft_value::from_json;

use super::*;
use crate::sign_in::Unsent;

mod old;
mod pages;

fn node(parameters_json: &str) -> Parameters {
    parameters(&DESCRIPTOR, &from_json(parameters_json).unwrap()).unwrap()
}

fn request(node_json: &str) -> Result<Request, NodeError> {
    node(node_json).request(&TestStep::new(&["[{}]"]), 0)
}

fn answer(media: &str, body: &'static str) -> HttpResponse {
    HttpResponse {
        status: 200,
        reason: Some("OK"),
        headers: vec![("content-type".into(), media.into())],
        body: body.into(),
        url: String::new(),
    }
}

#[test]
fn a_request_is_what_the_node_says() {
    let asked = request(
        r#"{"method":"POST","url":"https://example.com/a","sendQuery":true,
            "queryParameters":{"parameters":[{"name":"q","value":"a b"}]},
            "sendBody":true,"bodyParameters":{"parameters":[{"name":"n","value":1}]}}"#,
    )
    .unwrap();
    assert_eq!(asked.url, "https://example.com/a?q=a+b");
    assert_eq!(asked.headers, [("content-type".to_owned(), "application/json".to_owned())]);
    assert_eq!(asked.body.as_ref(), br#"{"n":1}"#);
    let form = request(
        r#"{"method":"POST","url":"https://example.com","sendBody":true,"contentType":"form-urlencoded",
            "bodyParameters":{"parameters":[{"name":"a","value":"1&2"}]}}"#,
    );
    assert_eq!(form.unwrap().body.as_ref(), b"a=1%262");
    assert_eq!(request(r#"{"url":"not a url"}"#).unwrap_err().field.as_deref(), Some("url"));
}

#[test]
fn query_and_headers_are_written_as_json_too() {
    let node = |json: &str| {
        format!(
            r#"{{"url":"https://example.com/?z=0","sendQuery":true,"specifyQuery":"json","jsonQuery":{json},
                "sendHeaders":true,"specifyHeaders":"json","jsonHeaders":{json}}}"#
        )
    };
    for (json, query, headers) in [
        (r#""{\"a\":\"é\",\"b\":[1,true,null]}""#, "&a=%C3%A9&b=1&b=true", vec![("a", "é"), ("b", "1"), ("b", "true")]),
        (r#""={{ {a: {b: 1}} }}""#, "&a=%7B%22b%22%3A1%7D", vec![("a", r#"{"b":1}"#)]),
        (r#""""#, "", vec![]),
    ] {
        let asked = request(&node(json)).unwrap();
        assert_eq!(asked.url, format!("https://example.com/?z=0{query}"), "{json}");
        let expected: Vec<(String, String)> = headers.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect();
        assert_eq!(asked.headers, expected, "{json}");
    }
    for json in [r#""={{ [1] }}""#, r#""={{ '{' }}""#] {
        let error = request(&node(json)).unwrap_err();
        assert_eq!((&*error.code, error.field.as_deref()), ("json", Some("jsonQuery")), "{json}");
    }
    let kept = r#"{"url":"x","sendQuery":true,"specifyQuery":"json","jsonQuery":"{}"}"#;
    let imported = import(&HttpRequest, 4.2, kept).unwrap();
    assert!(imported.parameters.get("jsonQuery").as_str() == Some("{}") && imported.remarks.is_empty());
    let text = r#"{"url":"x","sendBody":true,"contentType":"form-urlencoded","specifyBody":"string","body":"a=1"}"#;
    let imported = import(&HttpRequest, 3.0, text).unwrap();
    assert!(HttpRequest.prepare(&imported.parameters).is_ok());
    assert_eq!(imported.parameters.get("rawContentType").as_str(), Some("application/x-www-form-urlencoded"));
}

#[test]
fn the_method_says_whether_a_request_may_be_repeated() {
    for (json, retried) in [
        (r#"{"url":"x"}"#, Retried::Idempotent),
        (r#"{"url":"x","method":"PUT"}"#, Retried::Idempotent),
        (r#"{"url":"x","method":"POST"}"#, Retried::AtMostOnce),
        (r#"{"url":"x","method":"POST","options":{"idempotencyKey":true}}"#, Retried::Keyed),
    ] {
        assert_eq!(node(json).retried(), retried, "{json}");
    }
}

#[test]
fn what_may_have_arrived_and_must_not_arrive_twice_is_not_repeated() {
    let timeout = || HttpError::Timeout { host: "example.com".into(), limit: Duration::from_secs(1) };
    let unknown = || HttpError::UnknownHost { host: "example.com".into() };
    for (json, error, is_final) in [
        (r#"{"url":"x","method":"POST"}"#, timeout(), true),
        (r#"{"url":"x","method":"POST"}"#, unknown(), false),
        (r#"{"url":"x"}"#, timeout(), false),
        (r#"{"url":"x","method":"POST","options":{"idempotencyKey":true}}"#, timeout(), false),
    ] {
        let retried = node(json).retried();
        assert_eq!(not_answered(Unsent::Http(error), retried).is_final, is_final, "{json}");
    }
    let error = || NodeError::new("http_status", "The server answered 503.");
    let post = node(r#"{"url":"x","method":"POST"}"#);
    assert!(!post.once(error(), 0).is_final && post.once(error(), 1).is_final);
}

#[test]
fn answers_become_items() {
    let items = |node: Parameters, answer: HttpResponse| {
        let body = node.body_of(&answer);
        weft_nodes::testing::json_of(&node.items_of(&answer, body))
    };
    let plain = || node(r#"{"url":"x"}"#);
    assert_eq!(items(plain(), answer("application/json", r#"[{"a":1},2]"#)), r#"[{"a":1},{"data":2}]"#);
    assert_eq!(items(plain(), answer("text/plain", "hi")), r#"[{"data":"hi"}]"#);
    let full = items(node(r#"{"url":"x","options":{"fullResponse":true}}"#), answer("text/plain", "hi"));
    assert!(full.contains(r#""statusCode":200,"statusMessage":"OK""#), "{full}");
}

#[test]
fn n8n_options_are_carried_over_or_named() {
    let old = r#"{"url":"x","options":{"response":{"response":{"fullResponse":true}},"proxy":"p"}}"#;
    let imported = import(&HttpRequest, 4.2, old).unwrap();
    assert_eq!(imported.parameters.get("options").to_json(), r#"{"fullResponse":true}"#);
    assert_eq!(imported.remarks.len(), 1);
}

#[test]
fn an_n8n_node_that_signs_in_is_imported_and_says_what_it_needs() {
    for (json, wanted) in [
        (r#"{"authentication":"genericCredentialType","genericAuthType":"httpBasicAuth"}"#, "“Basic”"),
        (r#"{"authentication":"genericCredentialType","genericAuthType":"httpHeaderAuth"}"#, "“Header”"),
        (r#"{"authentication":"genericCredentialType","genericAuthType":"httpDigestAuth"}"#, "“Digest”"),
        (r#"{"authentication":"genericCredentialType","genericAuthType":"oAuth2Api"}"#, "OAuth 2.0"),
        (r#"{"authentication":"predefinedCredentialType","nodeCredentialType":"someApi"}"#, "“someApi”"),
    ] {
        let imported = import(&HttpRequest, 4.2, json).unwrap();
        assert_eq!(imported.parameters.get("authentication").as_str(), Some("credential"), "{json}");
        assert!(imported.parameters.get("genericAuthType").is_undefined(), "{json}");
        assert!(imported.remarks.len() == 1 && imported.remarks[0].contains(wanted), "{:?}", imported.remarks);
        let problems = HttpRequest.prepare(&imported.parameters).err().unwrap();
        assert!(problems.iter().any(|problem| problem.field.as_deref() == Some("credential")), "{problems:?}");
    }
    for json in [
        r#"{"authentication":"genericCredentialType"}"#,
        r#"{"authentication":"genericCredentialType","genericAuthType":"oAuth1Api"}"#,
        r#"{"authentication":"basicAuth"}"#,
    ] {
        assert!(import(&HttpRequest, 4.2, json).is_err(), "{json}");
    }
    let without = import(&HttpRequest, 4.2, r#"{"url":"x"}"#).unwrap();
    assert!(without.remarks.is_empty() && HttpRequest.prepare(&without.parameters).is_ok());
}

#[test]
fn a_request_without_a_token_says_why_and_whether_another_attempt_helps() {
    for (error, code, is_final) in [
        (TokenError::Refused { code: "invalid_client" }, "oauth_refused", true),
        (TokenError::NoToken { status: 500 }, "oauth_token", false),
        (TokenError::Http(HttpError::UnknownHost { host: "id.example".into() }), "http_unknown_host", false),
    ] {
        let told = without_token(&error);
        assert_eq!((&*told.code, told.is_final), (code, is_final), "{error}");
    }
}

#[test]
fn a_credential_is_named_by_its_id_and_never_by_an_expression() {
    let signs_in =
        |credential: &str| format!(r#"{{"url":"x","authentication":"credential","credential":"{credential}"}}"#);
    let id = CredentialId(uuid::Uuid::from_u128(7));
    assert_eq!(node(&signs_in(&id.to_string())).credential, Some(id));
    assert_eq!(node(r#"{"url":"x","credential":""}"#).credential, None);
    for wrong in ["", "Shop", "={{ $json.id }}"] {
        let given = from_json(&signs_in(wrong)).unwrap();
        let problems = parameters::<Parameters>(&DESCRIPTOR, &given).err().unwrap();
        assert_eq!(problems[0].field.as_deref(), Some("credential"), "{wrong}: {problems:?}");
    }
}

#[test]
fn redirects_of_n8n_are_followed_where_they_were() {
    for (version, options, expected) in [
        (3.0, "{}", r#"{"maxRedirects":0,"failOnRedirect":true}"#),
        (3.0, r#"{"redirect":{"redirect":{"maxRedirects":3}}}"#, r#"{"maxRedirects":0,"failOnRedirect":true}"#),
        (3.0, r#"{"redirect":{"redirect":{"followRedirects":true,"maxRedirects":3}}}"#, r#"{"maxRedirects":3}"#),
        (4.0, "{}", "{}"),
        (4.2, r#"{"redirect":{"redirect":{}}}"#, "{}"),
        (4.2, r#"{"redirect":{"redirect":{"maxRedirects":3}}}"#, r#"{"maxRedirects":3}"#),
        (4.2, r#"{"redirect":{"redirect":{"followRedirects":false}}}"#, r#"{"maxRedirects":0,"failOnRedirect":true}"#),
    ] {
        let imported = import(&HttpRequest, version, &format!(r#"{{"url":"x","options":{options}}}"#)).unwrap();
        assert_eq!(imported.parameters.get("options").to_json(), expected, "{version} {options}");
        assert!(imported.remarks.is_empty(), "{:?}", imported.remarks);
    }
    let moved = HttpResponse { status: 302, ..answer("text/plain", "moved") };
    assert!(node(r#"{"url":"x"}"#).judge(&moved).is_ok());
    let fails = r#"{"url":"x","options":{"failOnRedirect":true}}"#;
    assert_eq!(node(fails).judge(&moved).unwrap_err().status, Some(302));
    let never = r#"{"url":"x","options":{"failOnRedirect":true,"neverError":true}}"#;
    assert!(node(never).judge(&moved).is_ok());
}

#[test]
fn lists_in_the_query_are_written_as_the_node_says() {
    for (lists, query) in
        [("repeat", "a=1&a=2&b=3"), ("brackets", "a%5B%5D=1&a%5B%5D=2&b=3"), ("indices", "a%5B0%5D=1&a%5B1%5D=2&b=3")]
    {
        let node = format!(
            r#"{{"url":"https://example.com","sendQuery":true,"specifyQuery":"json","jsonQuery":"={{{{ {{a: [1, 2], b: 3}} }}}}","options":{{"queryParameterArrays":"{lists}"}}}}"#
        );
        assert_eq!(request(&node).unwrap().url, format!("https://example.com/?{query}"));
    }
    let written = r#"{"url":"x","sendQuery":true,"specifyQuery":"json","jsonQuery":"{}","options":{"queryParameterArrays":"repeat","lowercaseHeaders":true}}"#;
    let imported = import(&HttpRequest, 4.2, written).unwrap();
    assert_eq!(imported.parameters.get("options").to_json(), r#"{"queryParameterArrays":"repeat"}"#);
    assert!(imported.remarks.is_empty());
    for lost in [r#"{"lowercaseHeaders":false}"#, r#"{"allowUnauthorizedCerts":true}"#, r#"{"proxy":"http://p"}"#] {
        let imported = import(&HttpRequest, 4.2, &format!(r#"{{"url":"x","options":{lost}}}"#)).unwrap();
        assert_eq!(imported.remarks.len(), 1, "{lost}");
    }
    let imported =
        import(&HttpRequest, 4.2, r#"{"url":"x","method":"PROPFIND","provideSslCertificates":true}"#).unwrap();
    assert!(imported.remarks.len() == 1 && HttpRequest.prepare(&imported.parameters).is_ok());
}

#[test]
fn a_list_may_stay_one_item() {
    let list = answer("application/json", "[1,{\"a\":2}]");
    for (node_json, count) in [
        (r#"{"url":"x","options":{"responseFormat":"json"}}"#, 2),
        (r#"{"url":"x","options":{"responseFormat":"json","splitIntoItems":false}}"#, 1),
    ] {
        let node = node(node_json);
        assert_eq!(node.items_of(&list, node.body_of(&list)).len(), count, "{node_json}");
    }
}
