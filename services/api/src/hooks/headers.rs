//! The headers of a call as the workflow sees them, and keeps them, for its tenant's members to read.

use actix_web::http::header::{AUTHORIZATION, COOKIE, HeaderMap};

use weft_value::Object;

use crate::context::{CSRF_HEADER, bearer};
use crate::cookies;

/// Whether a call may show its `Authorization`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authorization {
    /// It is the workflow's.
    Shown,
    /// It is an access token of ours.
    Withheld,
}

/// The tokens after `Authorization: Bearer`.
pub fn bearers(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    headers.get_all(AUTHORIZATION).filter_map(|value| value.to_str().ok().and_then(bearer))
}

/// All headers but what proves a session of ours: a browser sends its cookies to every address of the host, and who reads the
/// execution would be the person who called.
pub fn shown(headers: &HeaderMap, authorization: Authorization) -> Object {
    let texts = headers.iter().map(|(name, value)| (name, String::from_utf8_lossy(value.as_bytes())));
    let shown = texts.filter_map(|(name, text)| match name.as_str() {
        "authorization" if authorization == Authorization::Withheld => None,
        CSRF_HEADER => None,
        name if name == COOKIE.as_str() => Some((name, others_cookies(&text)?)),
        name => Some((name, text.into_owned())),
    });
    shown.collect()
}

/// The cookies that are not ours; none if all are.
fn others_cookies(header: &str) -> Option<String> {
    let name = |pair: &str| pair.split('=').next().unwrap_or_default().trim().to_owned();
    let others: Vec<&str> =
        header.split(';').map(str::trim).filter(|pair| !pair.is_empty() && !cookies::is_ours(&name(pair))).collect();
    (!others.is_empty()).then(|| others.join("; "))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use serde_json::json;
    use weft_value::Value;

    use super::*;

    fn shown_of(sent: &[(&str, &str)], authorization: Authorization) -> serde_json::Value {
        let request = sent.iter().fold(TestRequest::default(), |request, header| request.append_header(*header));
        serde_json::to_value(Value::from(shown(request.to_http_request().headers(), authorization))).unwrap()
    }

    #[test]
    fn our_own_cookies_never_reach_a_workflow_and_others_do() {
        let cookies = "theirs=1; weft_session=a.b.c;weft_csrf_8080=x; __Host-weft_refresh=y; more=2";
        let shown = shown_of(&[("cookie", cookies), ("x-own", "kept")], Authorization::Shown);
        assert_eq!(shown, json!({ "cookie": "theirs=1; more=2", "x-own": "kept" }));
    }

    #[test]
    fn a_cookie_header_of_ours_alone_is_gone_and_so_is_the_csrf_header() {
        let sent = [("cookie", "weft_session=a.b.c; weft_refresh=y"), ("x-weft-csrf", "x")];
        assert_eq!(shown_of(&sent, Authorization::Shown), json!({}));
    }

    #[test]
    fn an_access_token_of_ours_is_withheld_and_a_partners_is_not() {
        let sent = [("authorization", "Bearer token")];
        assert_eq!(shown_of(&sent, Authorization::Shown), json!({ "authorization": "Bearer token" }));
        assert_eq!(shown_of(&sent, Authorization::Withheld), json!({}));
        let request = TestRequest::default().append_header(sent[0]).to_http_request();
        assert_eq!(bearers(request.headers()).collect::<Vec<_>>(), ["token"]);
    }
}
