//! Tries a credential: whether the other side takes it.
//!
//! A trial is honest. What the other side would answer to anybody proves nothing, so that an address is asked a second time without
//! the credential; and an answer that is about something else (a page that is missing, a server that is broken) is neither a yes nor
//! a no.

use std::time::Duration;

use thiserror::Error;
use url::Url;
use weft_connectors::{HttpClient, HttpError, HttpRequest, TokenError};
use weft_model::credential::TestOutcome;
use weft_model::{CredentialId, TenantId};
use weft_nodes::NodeError;

use crate::credentials::Opened;
use crate::kinds::http_request;
use crate::server_trial;
use crate::sign_in::{HTTP_TYPES, SignIn, Unsent};
use crate::tokens::{Tokens, fetch};

/// How long the other side may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// An address that proves nothing.
const SERVES_ANYBODY: &str =
    "This address answers without the credential, too, so that it says nothing about it. Choose another one.";

/// What a trial of a type needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trial {
    /// An address that only serves who signs in.
    Url,
    /// Nothing: a token is asked for, or the server that it names is signed in to. An address, where one is given, is asked with
    /// that token.
    Token,
}

/// How credentials of that type are tried; `None` where they cannot be.
pub fn trial_of(kind: &str) -> Option<Trial> {
    match kind {
        "oauth2ClientCredentials" => Some(Trial::Token),
        kind if server_trial::target(kind).is_some() => Some(Trial::Token),
        kind => HTTP_TYPES.contains(&kind).then_some(Trial::Url),
    }
}

/// How a trial ended.
#[derive(Clone, Debug)]
pub struct Tried {
    /// In a word.
    pub outcome: TestOutcome,
    /// What happened, with its code. It repeats nothing that the other side wrote.
    pub said: NodeError,
    /// The host that this installation does not permit, for the audit.
    pub refused_host: Option<String>,
}

/// Why there was no trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TrialRefused {
    /// What it signs in to is unknown.
    #[error("A credential of this type cannot be tried by itself: use it in a node.")]
    Untestable,
    /// No address was given.
    #[error("Give an address that answers only to those who sign in.")]
    NoUrl,
    /// The address is none.
    #[error("This is not an address that begins with https:// or http://.")]
    BadUrl,
}

impl TrialRefused {
    /// A word for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Untestable => "trial_impossible",
            Self::NoUrl => "trial_url_missing",
            Self::BadUrl => "trial_url_invalid",
        }
    }
}

/// Tries a credential. `url` is an address that only serves who signs in.
pub async fn try_credential(client: &HttpClient, opened: &Opened, url: Option<&str>) -> Result<Tried, TrialRefused> {
    let url = url.map(str::trim).filter(|url| !url.is_empty());
    if let Some(target) = server_trial::target(&opened.kind) {
        return Ok(server_trial::try_server(client, target, opened, PATIENCE).await);
    }
    match (trial_of(&opened.kind).ok_or(TrialRefused::Untestable)?, url) {
        (Trial::Url, None) => Err(TrialRefused::NoUrl),
        (Trial::Token, None) => Ok(try_token(client, opened).await),
        (Trial::Url | Trial::Token, Some(url)) => try_url(client, opened, url).await,
    }
}

async fn try_token(client: &HttpClient, opened: &Opened) -> Tried {
    match fetch(client, opened).await {
        Ok(_) => ended(TestOutcome::Accepted, "trial_token", "The token server gave a token."),
        Err(error) => without_token(&error),
    }
}

async fn try_url(client: &HttpClient, opened: &Opened, url: &str) -> Result<Tried, TrialRefused> {
    let is_web = Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if !is_web {
        return Err(TrialRefused::BadUrl);
    }
    // A trial shares no token with the nodes: a token that was kept would say nothing about the secret of now.
    let tokens = Tokens::default();
    let owner = (TenantId(uuid::Uuid::nil()), CredentialId(uuid::Uuid::nil()));
    let signed = SignIn { opened, owner, tokens: &tokens }.send(client, request(url)).await;
    let answer = match signed {
        Ok(answer) => answer,
        Err(Unsent::Unsigned(said)) => {
            return Ok(Tried { outcome: TestOutcome::Refused, said, refused_host: None });
        }
        Err(Unsent::Token(error)) => return Ok(without_token(&error)),
        Err(Unsent::Http(error)) => return Ok(unreachable(&error)),
    };
    let status = answer.status;
    let says = format!("The server answered {status}.");
    if matches!(status, 401 | 403 | 407) {
        return Ok(ended(TestOutcome::Refused, "http_status", says));
    }
    if status >= 400 {
        return Ok(ended(TestOutcome::Unreachable, "http_status", says));
    }
    match client.send(request(url)).await {
        Ok(without) if without.status < 400 => {
            Ok(ended(TestOutcome::Unreachable, "trial_says_nothing", SERVES_ANYBODY))
        }
        Ok(_) => Ok(ended(TestOutcome::Accepted, "http_status", says)),
        Err(error) => Ok(unreachable(&error)),
    }
}

fn request(url: &str) -> HttpRequest {
    HttpRequest { timeout: PATIENCE, ..HttpRequest::new("GET", url) }
}

fn ended(outcome: TestOutcome, code: &'static str, said: impl Into<String>) -> Tried {
    Tried { outcome, said: NodeError::new(code, said), refused_host: None }
}

fn unreachable(error: &HttpError) -> Tried {
    let refused_host = if let HttpError::Refused(refusal) = error { Some(refusal.host.clone()) } else { None };
    Tried { outcome: TestOutcome::Unreachable, said: http_request::failed(error), refused_host }
}

fn without_token(error: &TokenError) -> Tried {
    match error {
        TokenError::Http(error) => unreachable(error),
        TokenError::Refused { .. } => {
            let said = http_request::without_token(error);
            Tried { outcome: TestOutcome::Refused, said, refused_host: None }
        }
        TokenError::NoToken { .. } => {
            let said = http_request::without_token(error);
            Tried { outcome: TestOutcome::Unreachable, said, refused_host: None }
        }
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;
    use crate::test_server::{Server, answer};

    fn opened(kind: &str, fields: &[(&str, &str)]) -> Opened {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), Zeroizing::new((*value).to_owned())));
        Opened { kind: kind.into(), fields: fields.collect() }
    }

    async fn of_status(path: &str) -> Result<(TestOutcome, String), TrialRefused> {
        let server = Server::start(|_, head| match head.split(' ').nth(1) {
            Some("/open") => answer("200 OK", "", ""),
            Some("/gone") => answer("404 Not Found", "", ""),
            Some("/broken") => answer("503 Service Unavailable", "", ""),
            Some("/other") => answer("403 Forbidden", "", "hunter2"),
            _ if head.contains("authorization: Bearer good\r\n") => answer("200 OK", "", ""),
            _ => answer("401 Unauthorized", "", ""),
        })
        .await;
        let token = if path == "/wrong" { "bad" } else { "good" };
        let tried =
            try_credential(&server.client(), &opened("bearer", &[("token", token)]), Some(&server.url(path))).await?;
        assert!(!tried.said.message.contains("hunter2"));
        Ok((tried.outcome, tried.said.message.clone()))
    }

    #[tokio::test]
    async fn an_answer_is_a_yes_a_no_or_neither() {
        for (path, outcome, status) in [
            ("/closed", TestOutcome::Accepted, 200),
            ("/wrong", TestOutcome::Refused, 401),
            ("/other", TestOutcome::Refused, 403),
            ("/gone", TestOutcome::Unreachable, 404),
            ("/broken", TestOutcome::Unreachable, 503),
        ] {
            assert_eq!(of_status(path).await, Ok((outcome, format!("The server answered {status}."))), "{path}");
        }
        let nothing = (TestOutcome::Unreachable, SERVES_ANYBODY.to_owned());
        assert_eq!(of_status("/open").await, Ok(nothing));
    }

    #[tokio::test]
    async fn a_trial_that_cannot_be_made_says_why() {
        let server = Server::start(|_, _| answer("200 OK", "", "")).await;
        let client = server.client();
        let bearer = opened("bearer", &[("token", "t")]);
        for (credential, url, refused) in [
            (&opened("keyPair", &[]), None, TrialRefused::Untestable),
            (&bearer, None, TrialRefused::NoUrl),
            (&bearer, Some("  "), TrialRefused::NoUrl),
            (&bearer, Some("ftp://example.com"), TrialRefused::BadUrl),
            (&bearer, Some("é"), TrialRefused::BadUrl),
        ] {
            assert_eq!(try_credential(&client, credential, url).await.err(), Some(refused), "{url:?}");
        }
        assert!(server.heads().is_empty(), "nothing was sent");
    }

    #[tokio::test]
    async fn an_address_that_is_not_permitted_is_not_reached_and_told() {
        let server = Server::start(|_, _| answer("200 OK", "", "")).await;
        let bearer = opened("bearer", &[("token", "t")]);
        let tried = try_credential(&server.client(), &bearer, Some("http://127.0.0.1:1/")).await.unwrap();
        assert_eq!((tried.outcome, tried.refused_host.as_deref()), (TestOutcome::Unreachable, Some("127.0.0.1")));
        assert_eq!(tried.said.code, "egress_refused");
    }

    #[tokio::test]
    async fn a_client_is_tried_by_asking_for_a_token() {
        let server = Server::start(|_, head| match head.split(' ').nth(1) {
            Some("/token") => answer("200 OK", "", r#"{"access_token":"t"}"#),
            Some("/refuses") => answer("400 Bad Request", "", r#"{"error":"invalid_client"}"#),
            _ => answer("500 Internal Server Error", "", ""),
        })
        .await;
        for (path, outcome) in [
            ("/token", TestOutcome::Accepted),
            ("/refuses", TestOutcome::Refused),
            ("/broken", TestOutcome::Unreachable),
        ] {
            let url = server.url(path);
            let fields = [("tokenUrl", url.as_str()), ("clientId", "a"), ("clientSecret", "b")];
            let tried = try_credential(&server.client(), &opened("oauth2ClientCredentials", &fields), None).await;
            assert_eq!(tried.unwrap().outcome, outcome, "{path}");
        }
    }
}
