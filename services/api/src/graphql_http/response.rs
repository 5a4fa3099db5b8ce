//! Writing a GraphQL answer.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, RETRY_AFTER};
use async_graphql::{Response, ServerError};
use serde_json::json;

use super::ResponseType;

/// When to try again what could not be reached: a number of seconds (RFC 9110, section 10.2.3).
const RETRY_SECONDS: &str = "2";

/// The answer over HTTP. An error before execution began (the document does not parse or validate, a variable has the
/// wrong type) has no `data`, and is 400 in the newer media type; once execution began, the status is 200. Where nothing could be
/// answered because our database is away it is 503, whatever the media type, so that proxies and clients try again.
pub fn respond(response: &Response, media_type: ResponseType) -> HttpResponse {
    let before_execution = !response.errors.is_empty() && response.errors.iter().all(|error| error.path.is_empty());
    let is_away = is_away(response);
    let status = match media_type {
        _ if is_away => StatusCode::SERVICE_UNAVAILABLE,
        ResponseType::GraphQlResponse if before_execution => StatusCode::BAD_REQUEST,
        ResponseType::GraphQlResponse | ResponseType::Json => StatusCode::OK,
    };
    let body = if before_execution {
        serde_json::to_vec(&json!({ "errors": response.errors }))
    } else {
        serde_json::to_vec(response)
    };
    let mut answer = HttpResponse::build(status);
    if is_away {
        answer.insert_header((RETRY_AFTER, RETRY_SECONDS));
    }
    answer
        .insert_header((CONTENT_TYPE, media_type.content_type()))
        .insert_header(("cache-control", "no-store"))
        .body(body.unwrap_or_default())
}

/// Whether there is no answer at all, since something of ours cannot be reached.
fn is_away(response: &Response) -> bool {
    let unavailable = async_graphql::Value::from("UNAVAILABLE");
    let code = |error: &ServerError| error.extensions.as_ref().and_then(|it| it.get("code").cloned());
    response.data == async_graphql::Value::Null
        && response.errors.iter().any(|error| code(error).as_ref() == Some(&unavailable))
}

#[cfg(test)]
mod tests {
    use async_graphql::{ErrorExtensionValues, PathSegment, Value};

    use super::*;

    fn failed(code: &str) -> Response {
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", code);
        let mut error = ServerError::new("It failed.", None);
        error.path = vec![PathSegment::Field("workflows".into())];
        error.extensions = Some(extensions);
        Response::from_errors(vec![error])
    }

    #[test]
    fn a_database_that_is_away_is_503_with_a_time_to_try_again() {
        for media_type in [ResponseType::Json, ResponseType::GraphQlResponse] {
            let answer = respond(&failed("UNAVAILABLE"), media_type);
            assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(answer.headers().get(RETRY_AFTER).unwrap(), "2");
            let internal = respond(&failed("INTERNAL"), media_type);
            assert_eq!((internal.status(), internal.headers().get(RETRY_AFTER)), (StatusCode::OK, None));
        }
    }

    #[test]
    fn a_part_of_an_answer_is_an_answer() {
        let mut part = failed("UNAVAILABLE");
        part.data = Value::from_json(json!({ "viewer": {}, "workflows": null })).unwrap();
        assert_eq!(respond(&part, ResponseType::Json).status(), StatusCode::OK);
    }
}
