//! Writing a GraphQL answer.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_TYPE;
use async_graphql::Response;
use serde_json::json;

use super::ResponseType;

/// The answer over HTTP. An error before execution began (the document does not parse or validate, a variable has the
/// wrong type) has no `data`, and is 400 in the newer media type; once execution began, the status is 200.
pub fn respond(response: &Response, media_type: ResponseType) -> HttpResponse {
    let before_execution = !response.errors.is_empty() && response.errors.iter().all(|error| error.path.is_empty());
    let status = match media_type {
        ResponseType::GraphQlResponse if before_execution => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    };
    let body = if before_execution {
        serde_json::to_vec(&json!({ "errors": response.errors }))
    } else {
        serde_json::to_vec(response)
    };
    HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, media_type.content_type()))
        .insert_header(("cache-control", "no-store"))
        .body(body.unwrap_or_default())
}
