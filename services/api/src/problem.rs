//! Errors of the HTTP surface as problem documents (RFC 9457).

use std::fmt;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError, web};
use serde::Serialize;

/// One problem: a word for programs, sentences for people.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    detail: String,
    retry_after: Option<Duration>,
    allow: Option<String>,
    challenge: Option<&'static str>,
}

#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "type")]
    kind: String,
    title: &'a str,
    status: u16,
    code: &'a str,
    detail: &'a str,
}

impl Problem {
    /// A problem with this status; `code` never changes once it was published.
    pub fn new(status: StatusCode, code: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, title, detail: detail.into(), retry_after: None, allow: None, challenge: None }
    }

    /// 400: the request cannot be read.
    pub fn bad_request(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, "The request cannot be read", detail)
    }

    /// 401: nobody is signed in, or the session is over.
    pub fn unauthenticated(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", "You are not signed in", detail)
    }

    /// 401: a caller has to prove who it is, in the way that `challenge` names.
    pub fn challenged(code: &'static str, challenge: Option<&'static str>, detail: impl Into<String>) -> Self {
        let problem = Self::new(StatusCode::UNAUTHORIZED, code, "You are not signed in", detail);
        Self { challenge, ..problem }
    }

    /// 403: somebody is signed in who may not do this.
    pub fn forbidden(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, "You may not do this", detail)
    }

    /// 404: nothing is here (or it belongs to somebody else, which is the same).
    pub fn not_found(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, "Nothing was found here", detail)
    }

    /// 405 with the methods that are allowed.
    pub fn method_not_allowed(allow: impl Into<String>, detail: impl Into<String>) -> Self {
        let mut problem =
            Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "This method is not allowed here", detail);
        problem.allow = Some(allow.into());
        problem
    }

    /// 413: more bytes than are taken here.
    pub fn too_large(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "The request is too large", detail)
    }

    /// 408: the request came too slowly.
    pub fn timed_out(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "request_timeout", "The request took too long", detail)
    }

    /// 415: a content type that is not taken here.
    pub fn unsupported_media_type(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "This content type is not taken here",
            detail,
        )
    }

    /// 429: too much at once; nothing was lost, try again.
    pub fn overloaded(retry_after: Duration, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "overloaded", "Too many requests at once", detail)
            .retry_after(retry_after)
    }

    /// 503: something that we need is away; nothing was lost, try again.
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Temporarily unavailable", detail)
            .retry_after(Duration::from_secs(2))
    }

    /// 500: our fault, logged once under the correlation id that is shown.
    pub fn fault(correlation: impl fmt::Display) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "fault",
            "Something went wrong on our side",
            format!("It was logged under {correlation}; please name this number when you report it."),
        )
    }

    /// The word for programs.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// What kind of problem it is, in words.
    pub fn title(&self) -> &'static str {
        self.title
    }

    /// What was wrong here and what to do.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// Whether nobody is signed in.
    pub fn is_unauthenticated(&self) -> bool {
        self.status == StatusCode::UNAUTHORIZED
    }

    /// The same problem, with the time after which to try again.
    #[must_use]
    pub fn retry_after(mut self, after: Duration) -> Self {
        self.retry_after = Some(after);
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.title, self.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let body = Body {
            kind: format!("urn:weft:problem:{}", self.code),
            title: self.title,
            status: self.status.as_u16(),
            code: self.code,
            detail: &self.detail,
        };
        let mut response = HttpResponse::build(self.status);
        if let Some(after) = self.retry_after {
            response.insert_header((RETRY_AFTER, after.as_secs_f64().ceil().max(1.0) as u64));
        }
        if let Some(allow) = &self.allow {
            response.insert_header((ALLOW, allow.as_str()));
        }
        if let Some(challenge) = self.challenge {
            response.insert_header((WWW_AUTHENTICATE, challenge));
        }
        response.insert_header((CONTENT_TYPE, "application/problem+json"));
        response.body(serde_json::to_vec(&body).unwrap_or_default())
    }
}

/// A body that was read by the framework, which answers in plain text where ours are problems. `what` begins a sentence:
/// `A form`.
pub fn whole_body(body: Result<web::Bytes, actix_web::Error>, what: &str, limit: usize) -> Result<web::Bytes, Problem> {
    body.map_err(|error| match error.as_response_error().status_code() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(format!("{what} takes at most {limit} bytes.")),
        _ => Problem::bad_request("broken_body", format!("The body ended early or is broken: {error}.")),
    })
}

#[cfg(test)]
mod tests {
    use actix_web::FromRequest;
    use actix_web::test::TestRequest;

    use super::*;

    #[actix_web::test]
    async fn a_body_above_the_limit_is_a_problem_that_names_it() {
        let request = TestRequest::post().app_data(web::PayloadConfig::new(8)).set_payload("nine bytes");
        let (request, mut payload) = request.to_http_parts();
        let body = Result::<web::Bytes, actix_web::Error>::from_request(&request, &mut payload).await.unwrap();
        let problem = whole_body(body, "A form", 8).unwrap_err();
        assert_eq!(problem.status_code(), StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(problem.detail, "A form takes at most 8 bytes.");
    }

    #[actix_web::test]
    async fn a_problem_is_a_json_document_with_status_and_retry_time() {
        let response = Problem::overloaded(Duration::from_millis(1500), "The queue is full.").error_response();
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers().get(RETRY_AFTER).unwrap(), "2", "never before the time is over");
        assert_eq!(response.headers().get(CONTENT_TYPE).unwrap(), "application/problem+json");
        let bytes = actix_web::body::to_bytes(response.into_body()).await.unwrap();
        let body: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(body["status"], 429);
        assert_eq!(body["code"], "overloaded");
        assert_eq!(body["detail"], "The queue is full.");
    }
}
