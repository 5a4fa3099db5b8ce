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
    assert_eq!(asked.url, "https://example.com/a?q=a%20b");
    let sent = |name: &str| asked.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    assert_eq!(sent("content-type"), Some("application/json"));
    assert!(sent("accept").unwrap().starts_with("application/json, text/html"));
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
        let own = asked.headers.iter().filter(|(name, _)| name != "accept");
        let own: Vec<_> = own.map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(own, headers, "{json}");
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

/// What `node_json` makes of an answer.
fn answered(node_json: &str, media: &str, body: &'static str) -> Result<String, NodeError> {
    let answer = answer(media, body);
    let node = node(node_json);
    let body = node.body_of(&answer);
    let items = node.items_of((&TestStep::new(&["[{}]"]), 0), &answer, body)?;
    Ok(weft_nodes::testing::json_of(&items))
}

#[test]
fn answers_become_items() {
    for (options, media, body, expected) in [
        ("", "application/json", r#"[{"a":1},2]"#, r#"[{"a":1},{"data":2}]"#),
        ("", "application/json", "\u{feff}{\"a\":1}", r#"[{"a":1}]"#),
        ("", "application/json", " ", "[{}]"),
        ("", "application/json", "null", "[{}]"),
        ("", "application/json", r#""s""#, r#"[{"data":"s"}]"#),
        ("", "text/plain", "hi", r#"[{"data":"hi"}]"#),
        ("", "text/plain", "", "[{}]"),
        ("", "text/plain", " ", r#"[{"data":" "}]"#),
        (r#""responseFormat":"text""#, "application/json", "", "[{}]"),
        (r#""outputPropertyName":"page""#, "text/html", "<p>", r#"[{"page":"<p>"}]"#),
        (r#""responseFormat":"json""#, "text/plain", "[1]", r#"[{"data":1}]"#),
        (r#""neverError":true"#, "application/json", "{x", r#"[{"data":"{x"}]"#),
    ] {
        let made = answered(&format!(r#"{{"url":"x","options":{{{options}}}}}"#), media, body).unwrap();
        assert_eq!(made, expected, "{options} {media} {body}");
    }
}

#[test]
fn a_text_keeps_its_name_beside_the_headers() {
    for (options, media, body, expected) in [
        ("", "application/json", r#"{"a":1}"#, r#"[{"body":{"a":1},"#),
        ("", "application/json", "", r#"[{"body":{},"#),
        ("", "text/plain", "hi", r#"[{"data":"hi","#),
        (r#","outputPropertyName":"page""#, "text/plain", "hi", r#"[{"page":"hi","#),
        ("", "text/plain", "", r#"[{"headers":"#),
    ] {
        let node = format!(r#"{{"url":"x","options":{{"fullResponse":true{options}}}}}"#);
        let made = answered(&node, media, body).unwrap();
        let rest = format!(r#""headers":{{"content-type":"{media}"}},"statusCode":200,"statusMessage":"OK"}}]"#);
        assert!(made.starts_with(expected) && made.ends_with(&rest), "{made}");
    }
}

#[test]
fn what_should_be_json_and_is_not_is_an_error() {
    for (options, media) in [("", "application/json"), (r#""responseFormat":"json","neverError":true"#, "text/html")] {
        let node = format!(r#"{{"url":"x","options":{{{options}}}}}"#);
        assert_eq!(answered(&node, media, "<p>").unwrap_err().code, "http_json");
    }
}

#[test]
fn lists_in_a_query_are_written_as_the_node_says() {
    let asked = |version: f64, query: &str, options: &str| {
        let theirs =
            format!(r#"{{"url":"https://example.com/?z=1","sendQuery":true,{query},"options":{{{options}}}}}"#);
        let imported = import(&HttpRequest, version, &theirs).unwrap();
        let url = request(&imported.parameters.to_json()).unwrap().url;
        url.trim_start_matches("https://example.com/?z=1").replace("%5B", "[").replace("%5D", "]")
    };
    let list = r#""queryParameters":{"parameters":[{"name":"a","value":"={{ [1, 'x y'] }}"}]}"#;
    let twice = r#""queryParameters":{"parameters":[{"name":"a","value":"1"},{"name":"b","value":"={{ null }}"},
        {"name":"a","value":"2"},{"name":"c","value":"={{ $json.none }}"}]}"#;
    let json = r#""specifyQuery":"json","jsonQuery":"{\"a\":{\"b\":[true,1]}}""#;
    for (version, query, options, expected) in [
        (4.2, list, "", "&a[0]=1&a[1]=x%20y"),
        (4.2, list, r#""queryParameterArrays":"repeat""#, "&a=1&a=x%20y"),
        (3.0, list, r#""queryParameterArrays":"brackets""#, "&a[]=1&a[]=x%20y"),
        (4.2, twice, "", "&a=2&b="),
        (4.3, twice, "", "&a[0]=1&a[1]=2&b="),
        (4.3, twice, r#""queryParameterArrays":"repeat""#, "&a=1&a=2&b="),
        (4.2, json, "", "&a[b][0]=true&a[b][1]=1"),
    ] {
        assert_eq!(asked(version, query, options), expected, "{version} {options} {query}");
    }
    let own = r#"{"url":"https://example.com","sendQuery":true,"queryParameters":{"parameters":[{"name":"a","value":"={{ [1] }}"}]}}"#;
    assert_eq!(request(own).unwrap().url, "https://example.com/?a=%5B1%5D", "nobody asked for more");
}

#[test]
fn of_pairs_of_one_name_n8n_sends_the_last() {
    let theirs = r#"{"url":"https://example.com","method":"POST","sendHeaders":true,"sendBody":true,
        "contentType":"form-urlencoded",
        "headerParameters":{"parameters":[{"name":"X-A","value":"1"},{"name":"={{ 'x-a' }}","value":"2"},{"name":"x-a","value":"3"}]},
        "bodyParameters":{"parameters":[{"name":"a","value":"1"},{"name":"A","value":"2"},{"name":"a","value":"3"}]}}"#;
    let asked = request(&import(&HttpRequest, 4.2, theirs).unwrap().parameters.to_json()).unwrap();
    assert_eq!(asked.body.as_ref(), b"a=3&A=2");
    let own: Vec<_> = asked.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("x-a")).collect();
    assert_eq!(own.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>(), ["3", "2"]);
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
    for (options, expected) in [("", r#"[{"data":1},{"a":2}]"#), (r#","splitIntoItems":false"#, r#"[[1,{"a":2}]]"#)] {
        let node = format!(r#"{{"url":"x","options":{{"responseFormat":"json"{options}}}}}"#);
        assert_eq!(answered(&node, "application/json", r#"[1,{"a":2}]"#).unwrap(), expected, "{options}");
    }
}
