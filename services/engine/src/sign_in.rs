//! Puts a credential onto an HTTP request.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::Url;
use weft_connectors::HttpRequest;
use weft_nodes::NodeError;
use weft_nodes::credential::RequestParts;

use crate::credentials::Opened;

/// The types of credentials that a request can sign in with.
pub(crate) const HTTP_TYPES: [&str; 6] = ["basic", "header", "query", "bearer", "apiKey", "custom"];

/// Signs `request` in. What the credential says takes the place of what the node says. A redirect to another origin gets none
/// of it.
pub(crate) fn sign_in(opened: &Opened, request: &mut HttpRequest) -> Result<(), NodeError> {
    match opened.kind.as_str() {
        "basic" => {
            let pair = format!("{}:{}", opened.field("user"), opened.field("password"));
            put_header(request, "authorization", &format!("Basic {}", STANDARD.encode(pair)));
        }
        "bearer" => put_header(request, "authorization", &format!("Bearer {}", opened.field("token"))),
        "query" => put_query(request, opened.field("name"), opened.field("value"))?,
        "apiKey" if opened.field("placement") == "query" => {
            put_query(request, opened.field("name"), opened.field("value"))?;
        }
        "header" | "apiKey" => put_header(request, opened.field("name"), opened.field("value")),
        "custom" => put_parts(request, opened.field("json"))?,
        // The step has asked for nothing else.
        _ => {}
    }
    Ok(())
}

fn put_header(request: &mut HttpRequest, name: &str, value: &str) {
    request.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    request.headers.push((name.to_owned(), value.to_owned()));
    request.private_headers.push(name.to_owned());
}

fn put_query(request: &mut HttpRequest, name: &str, value: &str) -> Result<(), NodeError> {
    let mut url = Url::parse(&request.url)
        .map_err(|_| NodeError::new("parameter", "The request has no valid URL.").in_field("url"))?;
    let others: Vec<(String, String)> =
        url.query_pairs().filter(|(known, _)| known != name).map(|(n, v)| (n.into_owned(), v.into_owned())).collect();
    if url.query_pairs().count() != others.len() {
        url.query_pairs_mut().clear().extend_pairs(others);
    }
    url.query_pairs_mut().append_pair(name, value);
    request.url = url.into();
    Ok(())
}

fn put_parts(request: &mut HttpRequest, json: &str) -> Result<(), NodeError> {
    let parts = RequestParts::read(json)
        .map_err(|problem| NodeError::new("credential", format!("The JSON of the credential {problem}")).finally())?;
    for (name, value) in &parts.headers {
        put_header(request, name, &plain(value));
    }
    for (name, value) in &parts.qs {
        put_query(request, name, &plain(value))?;
    }
    if parts.body.is_empty() {
        return Ok(());
    }
    let refused = || {
        NodeError::new("credential", "The credential adds fields to the body, so that the body must be a JSON object.")
            .finally()
    };
    let mut body = if request.body.is_empty() {
        serde_json::Map::new()
    } else {
        serde_json::from_slice(&request.body).map_err(|_| refused())?
    };
    body.extend(parts.body);
    request.body = serde_json::to_vec(&body).map_err(|_| refused())?.into();
    if !request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
        request.headers.push(("content-type".into(), "application/json".into()));
    }
    // Some redirects ask for the body once more, wherever they lead.
    request.redirects = 0;
    Ok(())
}

/// A text as it is; numbers and truth values as JSON writes them.
fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    fn signed(kind: &str, fields: &[(&str, &str)], body: &'static str) -> Result<HttpRequest, NodeError> {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), Zeroizing::new((*value).to_owned())));
        let opened = Opened { kind: kind.into(), fields: fields.collect() };
        let mut request = HttpRequest::new("POST", "https://example.com/a?x=1&key=old");
        request.headers = vec![("Authorization".into(), "old".into()), ("x-other".into(), "1".into())];
        request.body = body.into();
        sign_in(&opened, &mut request).map(|()| request)
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
}
