use std::sync::Arc;

use tokio::sync::Barrier;
use uuid::Uuid;
use weft_event_log::MemoryFiles;
use weft_value::BinaryRef;
use zeroize::Zeroizing;

use super::*;
use crate::files::{SentBody, SentParts, StepFiles};
use crate::test_server::{Server, answer};

fn signed(kind: &str, fields: &[(&str, &str)], body: &'static str) -> Result<HttpRequest, NodeError> {
    let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), Zeroizing::new((*value).to_owned())));
    let opened = Opened { kind: kind.into(), fields: fields.collect() };
    let mut request = HttpRequest::new("POST", "https://example.com/a?x=1&key=old");
    request.headers = vec![("Authorization".into(), "old".into()), ("x-other".into(), "1".into())];
    request.body = body.into();
    sign_in(&opened, &mut request).map(|()| request)
}

#[test]
fn a_challenge_is_answered_where_it_was_asked_and_nowhere_else() {
    let asked = |method: &str, answered: &str| {
        let answer = HttpResponse {
            status: 401,
            reason: None,
            headers: vec![],
            body: bytes::Bytes::new(),
            url: answered.into(),
        };
        where_it_was_asked(HttpRequest::new(method, "https://a.example/x?y=1"), &answer).map(|(_, target)| target)
    };
    assert_eq!(asked("POST", "https://a.example/x?y=1").as_deref(), Some("/x?y=1"));
    assert_eq!(asked("GET", "https://a.example/z").as_deref(), Some("/z"));
    assert_eq!(asked("POST", "https://a.example/z"), None, "a redirect made it another request");
    for elsewhere in ["https://b.example/x?y=1", "http://a.example/x?y=1", "https://a.example:8443/x?y=1"] {
        assert_eq!(asked("GET", elsewhere), None, "{elsewhere}");
    }
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> Vec<&'a str> {
    let named = request.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
    named.map(|(_, value)| value.as_str()).collect()
}

#[test]
fn every_type_signs_in_its_own_way() {
    for (kind, fields, name, value) in [
        // RFC 7617, section 2.
        (
            "basic",
            &[("user", "Aladdin"), ("password", "open sesame")][..],
            "authorization",
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        ),
        ("basic", &[("user", "ada")], "authorization", "Basic YWRhOg=="),
        ("bearer", &[("token", "abc")], "authorization", "Bearer abc"),
        ("header", &[("name", "X-Key"), ("value", "abc")], "x-key", "abc"),
        ("apiKey", &[("placement", "header"), ("name", "X-Key"), ("value", "abc")], "x-key", "abc"),
        ("custom", &[("json", r#"{"headers":{"X-Key":7}}"#)], "x-key", "7"),
    ] {
        let request = signed(kind, fields, "").unwrap();
        assert_eq!(header(&request, name), [value], "{kind}");
        assert!(request.private_headers.iter().any(|known| known.eq_ignore_ascii_case(name)), "{kind}");
        assert_eq!(header(&request, "x-other"), ["1"], "{kind}");
    }
    for (kind, fields) in [
        ("query", &[("name", "key"), ("value", "a&b")][..]),
        ("apiKey", &[("placement", "query"), ("name", "key"), ("value", "a&b")]),
        ("custom", &[("json", r#"{"qs":{"key":"a&b"}}"#)]),
    ] {
        let request = signed(kind, fields, "").unwrap();
        assert_eq!(request.url, "https://example.com/a?x=1&key=a%26b", "{kind}");
        assert_eq!(header(&request, "authorization"), ["old"], "{kind}");
    }
}

#[test]
fn a_custom_credential_adds_to_a_json_body_and_goes_nowhere_else() {
    let json = [("json", r#"{"body":{"token":"t"}}"#)];
    let request = signed("custom", &json, r#"{"a":1,"token":"old"}"#).unwrap();
    assert_eq!(request.body.as_ref(), br#"{"a":1,"token":"t"}"#);
    assert_eq!((header(&request, "content-type"), request.redirects), (vec!["application/json"], 0));
    assert_eq!(signed("custom", &json, "").unwrap().body.as_ref(), br#"{"token":"t"}"#);
    for body in ["a=1", "[1]"] {
        assert_eq!(signed("custom", &json, body).unwrap_err().code, "credential");
    }
}

#[test]
fn an_unreadable_credential_is_named_and_not_repeated() {
    let error = signed("custom", &[("json", r#"{"headers":"hunter2"}"#)], "").unwrap_err();
    assert!(error.is_final && !error.message.contains("hunter2"), "{error}");
}

fn opened(kind: &str, fields: &[(&str, &str)]) -> Opened {
    let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), Zeroizing::new((*value).to_owned())));
    Opened { kind: kind.into(), fields: fields.collect() }
}

const OWNER: (TenantId, CredentialId) = (TenantId(Uuid::nil()), CredentialId(Uuid::nil()));

#[tokio::test]
async fn a_digest_is_computed_from_what_the_server_asks() {
    let asks = "www-authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n";
    let server = Server::start(move |_, head| {
        let is_in = head.contains("authorization: Digest ");
        if is_in { answer("200 OK", "", "in") } else { answer("401 Unauthorized", asks, "") }
    })
    .await;
    let (opened, tokens) = (opened("digest", &[("user", "ada"), ("password", "hunter2")]), Tokens::default());
    let sign_in = SignIn { opened: &opened, owner: OWNER, tokens: &tokens };
    let mut request = HttpRequest::new("POST", server.url("/orders?x=1"));
    request.body = "order".into();
    let got = sign_in.send(&server.client(), request).await.unwrap();
    assert_eq!((got.status, got.body.as_ref()), (200, b"in".as_ref()));
    let heads = server.heads();
    assert_eq!(heads.len(), 2);
    assert!(!heads[0].contains("authorization"), "{}", heads[0]);
    assert!(heads[1].contains("username=\"ada\"") && heads[1].contains("uri=\"/orders?x=1\""), "{}", heads[1]);
    assert!(heads.iter().all(|head| head.ends_with("order") && !head.contains("hunter2")), "{heads:?}");
}

/// What is sent from the store is read again for the answer to the challenge.
#[tokio::test]
async fn a_file_is_sent_once_more_where_a_server_asks_for_a_digest() {
    let asks = "www-authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n";
    let server = Server::start(move |_, head| {
        let is_in = head.contains("authorization: Digest ");
        if is_in { answer("200 OK", "", "in") } else { answer("401 Unauthorized", asks, "") }
    })
    .await;
    let files = StepFiles::new(OWNER.0, Some(Arc::new(MemoryFiles::default())));
    let file = files.keep(vec![b'x'; 100_000], BinaryRef::default()).await.unwrap();
    let mut parts = SentParts::default();
    parts.push_file(&file).unwrap();
    let SentBody::Read(upload) = parts.body(&files) else { panic!("it is in memory") };
    let (opened, tokens) = (opened("digest", &[("user", "ada"), ("password", "b")]), Tokens::default());
    let sign_in = SignIn { opened: &opened, owner: OWNER, tokens: &tokens };
    let request = HttpRequest { upload: Some(upload), ..HttpRequest::new("PUT", server.url("/file")) };
    assert_eq!(sign_in.send(&server.client(), request).await.unwrap().status, 200);
    let heads = server.heads();
    assert_eq!(heads.len(), 2);
    for head in heads {
        assert!(head.contains("content-length: 100000\r\n") && head.ends_with(&"x".repeat(100_000)));
    }
}

#[test]
fn a_custom_credential_adds_nothing_to_a_file() {
    let mut request = HttpRequest::new("PUT", "https://example.com");
    let files = StepFiles::new(OWNER.0, None);
    let mut parts = SentParts::default();
    parts.push_file(&BinaryRef { key: Some("ab".repeat(32)), ..BinaryRef::default() }).unwrap();
    if let SentBody::Read(upload) = parts.body(&files) {
        request.upload = Some(upload);
    }
    let error = sign_in(&opened("custom", &[("json", r#"{"body":{"a":1}}"#)]), &mut request).unwrap_err();
    assert_eq!(error.code, "credential");
}

#[tokio::test]
async fn a_server_that_asks_for_nothing_that_is_known_is_asked_once() {
    let server = Server::start(|_, _| answer("401 Unauthorized", "www-authenticate: Basic realm=\"r\"\r\n", "")).await;
    let (opened, tokens) = (opened("digest", &[("user", "ada"), ("password", "b")]), Tokens::default());
    let sign_in = SignIn { opened: &opened, owner: OWNER, tokens: &tokens };
    let got = sign_in.send(&server.client(), HttpRequest::new("GET", server.url("/"))).await.unwrap();
    assert_eq!((got.status, server.heads().len()), (401, 1));
}

/// Gives the tokens `t1`, `t2`, … and serves whoever bears the one of that number.
async fn with_tokens(valid: &'static str) -> (Server, Opened) {
    let given = std::sync::atomic::AtomicUsize::new(0);
    let server = Server::start(move |_, head| {
        if head.starts_with("POST /token") {
            let number = given.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
            return answer("200 OK", "", &format!(r#"{{"access_token":"t{number}","expires_in":3600}}"#));
        }
        let bears = head.contains(&format!("authorization: Bearer {valid}\r\n"));
        if bears { answer("200 OK", "", "in") } else { answer("401 Unauthorized", "", "") }
    })
    .await;
    let url = server.url("/token");
    let opened = opened("oauth2ClientCredentials", &[("tokenUrl", &url), ("clientId", "a"), ("clientSecret", "b")]);
    (server, opened)
}

fn fetched(heads: &[String]) -> usize {
    heads.iter().filter(|head| head.starts_with("POST /token")).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_requests_at_once_share_one_token() {
    let (server, opened) = with_tokens("t1").await;
    let (opened, tokens, client) = (Arc::new(opened), Tokens::default(), server.client());
    let (url, together) = (server.url("/orders"), Arc::new(Barrier::new(8)));
    let calls = (0..8).map(|_| {
        let (opened, tokens, client) = (Arc::clone(&opened), tokens.clone(), client.clone());
        let (url, together) = (url.clone(), Arc::clone(&together));
        tokio::spawn(async move {
            together.wait().await;
            let sign_in = SignIn { opened: &opened, owner: OWNER, tokens: &tokens };
            sign_in.send(&client, HttpRequest::new("GET", url)).await.unwrap().status
        })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap(), 200);
    }
    let heads = server.heads();
    assert_eq!((fetched(&heads), heads.len()), (1, 9));
}

#[tokio::test]
async fn a_token_that_was_taken_back_is_fetched_once_more_and_only_once() {
    let (server, opened) = with_tokens("t2").await;
    let (tokens, client) = (Tokens::default(), server.client());
    let sign_in = SignIn { opened: &opened, owner: OWNER, tokens: &tokens };
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(sign_in.send(&client, HttpRequest::new("GET", server.url("/orders"))).await.unwrap().status);
    }
    // The first one is refused with a token of this moment, which no other token of this moment would change.
    assert_eq!(statuses, [401, 200, 200]);
    assert_eq!(fetched(&server.heads()), 2);
}

#[tokio::test]
async fn without_a_token_nothing_is_sent() {
    let server = Server::start(|_, _| answer("401 Unauthorized", "", r#"{"error":"invalid_client"}"#)).await;
    let url = server.url("/token");
    let opened = opened("oauth2ClientCredentials", &[("tokenUrl", &url), ("clientId", "a"), ("clientSecret", "b")]);
    let tokens = Tokens::default();
    let sign_in = SignIn { opened: &opened, owner: OWNER, tokens: &tokens };
    let unsent = sign_in.send(&server.client(), HttpRequest::new("GET", server.url("/orders"))).await.unwrap_err();
    assert!(matches!(unsent, Unsent::Token(error) if matches!(*error, TokenError::Refused { code: "invalid_client" })));
    assert_eq!(server.heads().len(), 1);
}
