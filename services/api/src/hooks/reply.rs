//! What a workflow answers, as whoever called receives it.

use actix_web::body::SizedStream;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CLEAR_SITE_DATA, CONNECTION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, SET_COOKIE,
    STRICT_TRANSPORT_SECURITY, TRANSFER_ENCODING, UPGRADE, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::{HttpResponse, HttpResponseBuilder};
use futures_util::TryStreamExt;
use weft_engine::{Answer, StartError, Started};
use weft_value::{Object, Value};

use super::problems::start_problem;
use crate::problem::Problem;

/// Names the execution in every answer.
const EXECUTION_ID: HeaderName = HeaderName::from_static("weft-execution-id");
/// A workflow's answer comes from the host of the tenant's own web app, so a page in it is treated as a stranger's: its
/// scripts have an origin of their own and reach neither cookies nor the API.
const SANDBOX: &str = "sandbox allow-downloads allow-forms allow-modals allow-popups allow-scripts";
/// Headers that are not a workflow's to set: they would act on the host as a whole, or on the connection.
const KEPT_BACK: [HeaderName; 9] = [
    CLEAR_SITE_DATA,
    CONNECTION,
    CONTENT_LENGTH,
    CONTENT_SECURITY_POLICY,
    HeaderName::from_static("service-worker-allowed"),
    SET_COOKIE,
    STRICT_TRANSPORT_SECURITY,
    TRANSFER_ENCODING,
    UPGRADE,
];

pub fn respond(started: Result<Started, StartError>) -> Result<HttpResponse, Problem> {
    match started {
        Ok(Started { execution, answer, .. }) => {
            let answer = answer.unwrap_or_else(|| Answer::empty(200));
            Ok(to_http(answer, &execution.to_string()))
        }
        Err(StartError::Duplicate { execution }) => {
            let id: Object = [("executionId", execution.to_string())].into_iter().collect();
            Ok(to_http(Answer::json(200, &Value::from(id)), &execution.to_string()))
        }
        Err(StartError::Unwanted(answer)) => Ok(unwanted(*answer)),
        Err(error) => Err(start_problem(&error)),
    }
}

/// The answer to a call that nothing begins for.
pub fn unwanted(answer: Answer) -> HttpResponse {
    let response = answered(&answer);
    with_body(response, answer)
}

/// A conversation that asks for its earlier messages has none.
pub fn no_session() -> HttpResponse {
    HttpResponse::Ok().insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff")).json(serde_json::json!({ "data": [] }))
}

pub fn to_http(answer: Answer, execution: &str) -> HttpResponse {
    let mut response = answered(&answer);
    response.insert_header((EXECUTION_ID, execution));
    with_body(response, answer)
}

/// A file is read no faster than the caller takes it.
fn with_body(mut response: HttpResponseBuilder, answer: Answer) -> HttpResponse {
    match answer.file {
        Some(file) => response.body(SizedStream::new(file.length(), file.pieces().map_err(std::io::Error::other))),
        None => response.body(answer.body),
    }
}

/// The status and the headers of an answer.
fn answered(answer: &Answer) -> HttpResponseBuilder {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = HttpResponse::build(status);
    for (name, value) in &answer.headers {
        // A workflow may name headers freely; one that is not allowed is left out rather than failing the call.
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name.as_str()), HeaderValue::try_from(value.as_str()))
            && !KEPT_BACK.contains(&name)
        {
            response.insert_header((name, value));
        }
    }
    response.insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"));
    response.insert_header((CONTENT_SECURITY_POLICY, SANDBOX));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_can_neither_set_cookies_nor_leave_its_sandbox() {
        let headers = [("Set-Cookie", "session=1"), ("Content-Security-Policy", "default-src *"), ("X-Own", "kept")];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let answer = Answer::of_type(200, "text/html", "<script>1</script>".to_owned()).with_headers(headers);
        let response = to_http(answer, "7");
        assert!(!response.headers().contains_key(SET_COOKIE));
        assert_eq!(response.headers().get(CONTENT_SECURITY_POLICY).unwrap(), SANDBOX);
        assert_eq!(response.headers().get(X_CONTENT_TYPE_OPTIONS).unwrap(), "nosniff");
        assert_eq!(response.headers().get("x-own").unwrap(), "kept");
    }
}
