//! Why there is no answer.

use weft_connectors::{HttpError, TokenError};
use weft_nodes::{NodeError, Retried};
use weft_value::{Item, Object, Value};

use crate::sign_in::Unsent;

/// What became of a request. One that may have arrived and must not arrive twice is not repeated.
pub(crate) fn not_answered(unsent: Unsent, retried: Retried) -> NodeError {
    match unsent {
        Unsent::Unsigned(error) => error,
        Unsent::Token(error) => without_token(&error),
        Unsent::Http(error) => no_answer(&error, retried),
    }
}

/// What became of a request. One that may have arrived and must not arrive twice is not repeated.
pub(super) fn no_answer(error: &HttpError, retried: Retried) -> NodeError {
    let may_have_arrived = matches!(error, HttpError::Connection { sent: true, .. } | HttpError::Timeout { .. });
    let failure = failed(error);
    if may_have_arrived && retried == Retried::AtMostOnce {
        return failure.finally().describe("It may have arrived nevertheless, so that it is not repeated.");
    }
    failure
}

/// The item of a request that failed, where the node carries on. As in n8n, its `error` is an object: workflows read
/// `$json.error.message` and `$json.error.status`.
pub(super) fn failed_item(error: &NodeError, item: &Item) -> Item {
    let mut failed = error.to_item(Some(item));
    let text = [("message", error.message.as_str()), ("code", &*error.code)];
    let mut says: Object = text.map(|(key, text)| (key, Value::from(text))).into_iter().collect();
    if let Some(description) = &error.description {
        says.insert("description", description.as_str());
    }
    if let Some(status) = error.status {
        says.insert("status", f64::from(status));
        says.insert("httpCode", status.to_string());
    }
    let mut json = failed.json.as_object().cloned().unwrap_or_default();
    json.insert("error", says);
    failed.json = json.into();
    failed
}

/// The host that this installation does not permit.
pub(crate) fn refused_host(unsent: &Unsent) -> Option<&String> {
    let error = match unsent {
        Unsent::Unsigned(_) => return None,
        Unsent::Token(error) => match error.as_ref() {
            TokenError::Http(error) => error,
            TokenError::Refused { .. } | TokenError::NoToken { .. } => return None,
        },
        Unsent::Http(error) => error,
    };
    if let HttpError::Refused(refusal) = error { Some(&refusal.host) } else { None }
}

/// Why there is no token. A server that knows the client and refuses it refuses it the next time, too.
pub(crate) fn without_token(error: &TokenError) -> NodeError {
    match error {
        TokenError::Http(error) => failed(error),
        TokenError::Refused { .. } => NodeError::new("oauth_refused", error.to_string()).finally(),
        TokenError::NoToken { .. } => NodeError::new("oauth_token", error.to_string()),
    }
}

pub(crate) fn failed(error: &HttpError) -> NodeError {
    if let HttpError::Unread { source } = error
        && let Some(told) = source.downcast_ref::<NodeError>()
    {
        return told.clone();
    }
    let code = match error {
        HttpError::Refused(_) => "egress_refused",
        HttpError::Invalid(_) => "http_invalid",
        HttpError::UnknownHost { .. } => "http_unknown_host",
        HttpError::Connection { .. } => "http_connection",
        HttpError::Unread { .. } => "http_unread",
        HttpError::Timeout { .. } => "http_timeout",
        HttpError::TooLarge { .. } => "http_too_large",
        HttpError::TooManyRedirects { .. } => "http_redirects",
    };
    let node_error = NodeError::new(code, error.to_string());
    if matches!(error, HttpError::Refused(_) | HttpError::Invalid(_)) { node_error.finally() } else { node_error }
}
