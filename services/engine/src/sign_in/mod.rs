//! Puts a credential onto an HTTP request, and answers what the other side asks for before it takes one.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::Url;
use weft_connectors::{
    Answering, Challenge, HttpClient, HttpDownload, HttpError, HttpRequest, HttpResponse, TokenError,
};
use weft_model::{CredentialId, TenantId};
use weft_nodes::credential::RequestParts;
use weft_nodes::{NodeError, Parameter, ParameterType, choice, field, label};

use crate::clock::{Entropy, SystemEntropy};
use crate::credentials::Opened;
use crate::tokens::Tokens;

/// The types of credentials that a request can sign in with.
pub(crate) const HTTP_TYPES: [&str; 8] =
    ["basic", "digest", "header", "query", "bearer", "apiKey", "custom", "oauth2ClientCredentials"];

/// What a node is asked that signs its requests in.
pub(crate) fn sign_in_form() -> [Parameter; 2] {
    [
        field(ParameterType::Options, "authentication", label("Sign in", "Connexion"))
            .help("How the request says who sends it.", "Comment la requête dit qui l’envoie.")
            .or("none")
            .choices([
                choice("none", label("Without", "Sans")),
                choice("credential", label("With a credential", "Avec un identifiant")),
            ]),
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
            .help(
                "What it is signed in with: a key, a header, user and password, a token.",
                "De quoi se connecter : une clé, un en-tête, utilisateur et mot de passe, un jeton.",
            )
            .credentials(HTTP_TYPES)
            .required()
            .when("authentication", ["credential"]),
    ]
}

/// A credential with which requests are sent.
pub(crate) struct SignIn<'a> {
    /// What was opened for this step.
    pub opened: &'a Opened,
    /// Whose it is.
    pub owner: (TenantId, CredentialId),
    /// Tokens that were fetched before.
    pub tokens: &'a Tokens,
}

/// Why a request has no answer.
#[derive(Debug)]
pub(crate) enum Unsent {
    /// It could not be signed.
    Unsigned(NodeError),
    /// There is no token to sign it with, so that it was not sent.
    Token(Arc<TokenError>),
    /// What the client says of the request itself.
    Http(HttpError),
}

impl From<HttpError> for Unsent {
    fn from(error: HttpError) -> Self {
        Self::Http(error)
    }
}

impl From<NodeError> for Unsent {
    fn from(error: NodeError) -> Self {
        Self::Unsigned(error)
    }
}

impl SignIn<'_> {
    /// Signs a request, sends it and reads the answer.
    pub async fn send(&self, client: &HttpClient, request: HttpRequest) -> Result<HttpResponse, Unsent> {
        Ok(self.open(client, request).await?.read().await?)
    }

    /// The same, up to the headers: the body is left to be read.
    pub async fn open(&self, client: &HttpClient, mut request: HttpRequest) -> Result<HttpDownload, Unsent> {
        match self.opened.kind.as_str() {
            "digest" => self.open_digest(client, request).await,
            "oauth2ClientCredentials" => self.open_bearer(client, request).await,
            _ => {
                sign_in(self.opened, &mut request)?;
                Ok(client.open(request).await?)
            }
        }
    }

    /// RFC 7616: the first answer says how to sign. A server that refuses a request has not acted on it, so that it is sent again.
    async fn open_digest(&self, client: &HttpClient, request: HttpRequest) -> Result<HttpDownload, Unsent> {
        let first = client.open(request.clone()).await?;
        let challenge = Challenge::of(&first.head).filter(|_| first.head.status == 401);
        let (Some(challenge), Some((mut again, target))) = (challenge, where_it_was_asked(request, &first.head)) else {
            return Ok(first);
        };
        let nonce = format!("{:016x}{:016x}", SystemEntropy.bits(), SystemEntropy.bits());
        let answer = challenge.answer(&Answering {
            user: self.opened.field("user"),
            password: self.opened.field("password"),
            method: &again.method,
            target: &target,
            nonce: &nonce,
        });
        put_header(&mut again, "authorization", &answer);
        Ok(client.open(again).await?)
    }

    /// RFC 6750. A token that was kept may have been taken back meanwhile, so that one that is refused is fetched once more.
    async fn open_bearer(&self, client: &HttpClient, request: HttpRequest) -> Result<HttpDownload, Unsent> {
        let held = self.tokens.of(client, self.owner, self.opened).await.map_err(Unsent::Token)?;
        let answer = client.open(bearing(request.clone(), &held.token.secret)).await?;
        if answer.head.status != 401 || held.is_fresh {
            return Ok(answer);
        }
        self.tokens.refused(&held).await;
        let held = self.tokens.of(client, self.owner, self.opened).await.map_err(Unsent::Token)?;
        Ok(client.open(bearing(request, &held.token.secret)).await?)
    }
}

fn bearing(mut request: HttpRequest, token: &str) -> HttpRequest {
    put_header(&mut request, "authorization", &format!("Bearer {token}"));
    request
}

/// The request at the address that asked for a signature, with that address's path and query. Another origin gets none, and what a
/// redirect may have made another request of is not sent again.
fn where_it_was_asked(mut request: HttpRequest, answer: &HttpResponse) -> Option<(HttpRequest, String)> {
    let (first, last) = (Url::parse(&request.url).ok()?, Url::parse(&answer.url).ok()?);
    let is_the_same = (first.path(), first.query()) == (last.path(), last.query());
    if first.origin() != last.origin() || !is_the_same && !matches!(request.method.as_str(), "GET" | "HEAD") {
        return None;
    }
    let query = last.query().map(|query| format!("?{query}")).unwrap_or_default();
    let target = format!("{}{query}", last.path());
    request.url = last.into();
    Some((request, target))
}

/// Signs `request` in where that needs no talk with the other side. What the credential says takes the place of what the node says.
/// A redirect to another origin gets none of it.
fn sign_in(opened: &Opened, request: &mut HttpRequest) -> Result<(), NodeError> {
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

/// Sets a parameter of the URL in place of all of the same name.
pub(crate) fn put_query(request: &mut HttpRequest, name: &str, value: &str) -> Result<(), NodeError> {
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
    if request.upload.is_some() {
        return Err(refused());
    }
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
mod tests;
