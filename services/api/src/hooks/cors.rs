//! Calls from pages of other origins (the Fetch standard, "CORS protocol"): a browser asks before it calls, and shows the page the
//! answer only where it is allowed to. No call carries the cookies of this host: that is never allowed.

use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue, ORIGIN, VARY,
};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, ResponseError};
use weft_engine::Origins;

use crate::problem::Problem;

/// How long a browser believes what it was told, in seconds.
const BELIEVED_FOR: u32 = 300;

/// What an answer says of who may read it.
struct Readable(HeaderValue);

/// The method that a browser asks for, where it asks.
pub(super) fn preflight(request: &HttpRequest) -> Option<&str> {
    let asks = request.method() == Method::OPTIONS && request.headers().contains_key(ORIGIN);
    let wanted = request.headers().get(ACCESS_CONTROL_REQUEST_METHOD).filter(|_| asks)?;
    wanted.to_str().ok()
}

/// What a browser is told that asks whether a page may call with the method `wanted`. Nothing begins.
pub(super) fn allowed(request: &HttpRequest, origins: &Origins, wanted: &str) -> HttpResponse {
    let mut response = HttpResponse::NoContent();
    response.insert_header((VARY, "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"));
    if let Some(origin) = readable_by(request, origins) {
        response.insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, origin));
        response.insert_header((ACCESS_CONTROL_ALLOW_METHODS, wanted.to_owned()));
        response.insert_header((ACCESS_CONTROL_MAX_AGE, BELIEVED_FOR));
        if let Some(headers) = request.headers().get(ACCESS_CONTROL_REQUEST_HEADERS) {
            response.insert_header((ACCESS_CONTROL_ALLOW_HEADERS, headers.clone()));
        }
    }
    response.finish()
}

/// Keeps with a request who may read its answer, whatever that is.
pub(super) fn mark(request: &HttpRequest, origins: &Origins) {
    if let Some(origin) = readable_by(request, origins) {
        request.extensions_mut().insert(Readable(origin));
    }
}

/// The answer with what was kept. What a workflow says itself counts.
pub(super) fn marked(request: &HttpRequest, answer: Result<HttpResponse, Problem>) -> Result<HttpResponse, Problem> {
    let Some(Readable(origin)) = request.extensions_mut().remove::<Readable>() else { return answer };
    let mut answer = answer.unwrap_or_else(|problem| problem.error_response());
    let headers: &mut HeaderMap = answer.headers_mut();
    if !headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN) {
        if origin != "*" {
            headers.append(VARY, HeaderValue::from_static("Origin"));
        }
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    Ok(answer)
}

/// The origin of the page that calls, where it may; `*` where all may.
fn readable_by(request: &HttpRequest, origins: &Origins) -> Option<HeaderValue> {
    let origin = request.headers().get(ORIGIN)?;
    if origins.are_all() {
        return Some(HeaderValue::from_static("*"));
    }
    origin.to_str().is_ok_and(|origin| origins.contain(origin)).then(|| origin.clone())
}
