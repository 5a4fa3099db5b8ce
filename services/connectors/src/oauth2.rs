//! OAuth 2.0, client credentials (RFC 6749, section 4.4): a token for the program itself.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use thiserror::Error;
use url::form_urlencoded;
use zeroize::Zeroizing;

use crate::client::HttpClient;
use crate::error::HttpError;
use crate::message::{HttpRequest, HttpResponse};

/// How long a token server may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How large its answer may be.
const ANSWER_BYTES: usize = 1 << 20;

/// Who asks for a token, and where.
pub struct ClientCredentials<'a> {
    /// The token endpoint.
    pub token_url: &'a str,
    /// The client's id.
    pub client_id: &'a str,
    /// The client's secret.
    pub client_secret: &'a str,
    /// What the token shall be good for; empty for what the server thinks best.
    pub scope: &'a str,
    /// Where id and secret are put.
    pub sent_in: SentIn,
}

/// Where a client's id and secret are put (RFC 6749, section 2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SentIn {
    /// The header `Authorization`, which the standard prefers.
    Header,
    /// The body, for servers that know nothing else.
    Body,
}

/// A token. Neither printed nor serialised, and wiped from memory when it goes.
pub struct Token {
    /// What is sent after `Bearer`.
    pub secret: Zeroizing<String>,
    /// How long it holds from now on, where the server says so.
    pub lifetime: Option<Duration>,
}

/// Why there is no token. Nothing that the server wrote is repeated: it may repeat what it was sent.
#[derive(Debug, Error)]
pub enum TokenError {
    /// The server could not be asked.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The server gives this client no such token.
    #[error("The token server refused the client ({code}).")]
    Refused {
        /// Its reason, a word of RFC 6749, section 5.2.
        code: &'static str,
    },
    /// What it answered holds no token.
    #[error("The token server answered {status} without a token that can be used.")]
    NoToken {
        /// The status.
        status: u16,
    },
}

/// RFC 6749, section 5.1. A lifetime is a number, and a text at some servers.
#[derive(Deserialize)]
struct Granted {
    access_token: Wiped,
    token_type: Option<String>,
    expires_in: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
}

struct Wiped(Zeroizing<String>);

impl<'de> Deserialize<'de> for Wiped {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Zeroizing::new).map(Self)
    }
}

/// RFC 6749, section 5.2.
const REFUSALS: [&str; 6] = [
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "invalid_scope",
    "unsupported_grant_type",
    "invalid_request",
];

impl HttpClient {
    /// Asks for a token. A redirect is not followed: it would carry the secret to another place.
    pub async fn client_token(&self, asked: &ClientCredentials<'_>) -> Result<Token, TokenError> {
        read(&self.send(request(asked)).await?)
    }
}

fn request(asked: &ClientCredentials<'_>) -> HttpRequest {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "client_credentials");
    if !asked.scope.is_empty() {
        form.append_pair("scope", asked.scope);
    }
    let mut request = HttpRequest::new("POST", asked.token_url);
    match asked.sent_in {
        SentIn::Header => {
            let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let pair = Zeroizing::new(format!("{}:{}", encoded(asked.client_id), encoded(asked.client_secret)));
            let value = format!("Basic {}", STANDARD.encode(pair.as_bytes()));
            request.headers.push(("authorization".into(), value));
        }
        SentIn::Body => {
            form.append_pair("client_id", asked.client_id).append_pair("client_secret", asked.client_secret);
        }
    }
    request.headers.push(("content-type".into(), "application/x-www-form-urlencoded".into()));
    request.headers.push(("accept".into(), "application/json".into()));
    request.body = form.finish().into();
    HttpRequest { timeout: PATIENCE, redirects: 0, answer_bytes: ANSWER_BYTES, ..request }
}

fn read(answer: &HttpResponse) -> Result<Token, TokenError> {
    let nothing = TokenError::NoToken { status: answer.status };
    if answer.status >= 400 {
        let told = serde_json::from_slice(&answer.body).ok().and_then(|Refusal { error }| known(&error));
        let unexplained = (answer.status == 401).then_some("invalid_client");
        return Err(told.or(unexplained).map_or(nothing, |code| TokenError::Refused { code }));
    }
    let Ok(Granted { access_token: Wiped(secret), token_type, expires_in }) = serde_json::from_slice(&answer.body)
    else {
        return Err(nothing);
    };
    let is_bearer = token_type.is_none_or(|kind| kind.eq_ignore_ascii_case("bearer"));
    if !is_bearer || secret.is_empty() || !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(nothing);
    }
    let seconds = expires_in.and_then(|told| told.as_f64().or_else(|| told.as_str()?.parse().ok()));
    Ok(Token { secret, lifetime: seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()) })
}

fn known(error: &str) -> Option<&'static str> {
    REFUSALS.into_iter().find(|known| *known == error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(sent_in: SentIn) -> HttpRequest {
        request(&ClientCredentials {
            token_url: "https://id.example/token",
            client_id: "weft:é",
            client_secret: "s c&ret",
            scope: "read write",
            sent_in,
        })
    }

    #[test]
    fn the_client_proves_itself_where_the_credential_says() {
        let in_header = asked(SentIn::Header);
        assert_eq!(in_header.body.as_ref(), b"grant_type=client_credentials&scope=read+write");
        let pair = STANDARD.encode("weft%3A%C3%A9:s+c%26ret");
        assert_eq!(in_header.headers[0], ("authorization".to_owned(), format!("Basic {pair}")));
        let in_body = asked(SentIn::Body);
        let expected: &[u8] =
            b"grant_type=client_credentials&scope=read+write&client_id=weft%3A%C3%A9&client_secret=s+c%26ret";
        assert_eq!(in_body.body.as_ref(), expected);
        assert!(in_body.headers.iter().all(|(name, _)| name != "authorization"));
        assert_eq!((in_body.method.as_str(), in_body.redirects), ("POST", 0));
    }

    fn answer(status: u16, body: &'static str) -> Result<Token, TokenError> {
        read(&HttpResponse { status, reason: None, headers: vec![], body: body.into(), url: String::new() })
    }

    #[test]
    fn a_token_is_taken_with_its_lifetime() {
        for (body, lifetime) in [
            (r#"{"access_token":"abc","token_type":"bearer","expires_in":3600}"#, Some(3600)),
            (r#"{"access_token":"abc","token_type":"Bearer","expires_in":"60"}"#, Some(60)),
            (r#"{"access_token":"abc"}"#, None),
            (r#"{"access_token":"abc","expires_in":-5}"#, None),
        ] {
            let token = answer(200, body).ok().unwrap();
            assert_eq!((token.secret.as_str(), token.lifetime), ("abc", lifetime.map(Duration::from_secs)), "{body}");
        }
    }

    #[test]
    fn an_answer_without_a_token_is_told_and_never_repeated() {
        for (status, body, said) in [
            (400, r#"{"error":"invalid_scope","error_description":"hunter2"}"#, "(invalid_scope)"),
            (401, "hunter2", "(invalid_client)"),
            (400, r#"{"error":"hunter2"}"#, "answered 400"),
            (500, "hunter2", "answered 500"),
            (302, "", "answered 302"),
            (200, "hunter2", "answered 200"),
            (200, r#"{"access_token":"hunter2","token_type":"mac"}"#, "answered 200"),
            (200, "{\"access_token\":\"hunter2\\n\"}", "answered 200"),
        ] {
            let error = answer(status, body).err().unwrap().to_string();
            assert!(error.contains(said) && !error.contains("hunter2"), "{error}");
        }
    }
}
