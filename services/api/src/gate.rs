//! What every request passes first: how long its address and headers may be. And what every answer passes last: the metrics.

use std::time::Instant;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;

use crate::problem::Problem;

/// The longest address, in bytes; most clients and proxies stop earlier.
const LONGEST_ADDRESS: usize = 8 * 1024;
/// The most bytes of headers, names and values together. The server itself reads at most 128 KiB of them.
const MOST_HEADERS: usize = 32 * 1024;

/// Refuses what is too long, counts and times the rest.
pub async fn gate<B: MessageBody>(request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let began = Instant::now();
    let surface = surface_of(request.path());
    let answer = match refused(&request) {
        Some(problem) => Err(problem.into()),
        None => next.call(request).await,
    };
    let status = match &answer {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    let labels = [("surface", surface), ("status", class_of(status))];
    metrics::histogram!("weft_http_request_seconds", &labels).record(began.elapsed());
    answer
}

fn refused(request: &ServiceRequest) -> Option<Problem> {
    let address = request.uri().path_and_query().map_or(0, |address| address.as_str().len());
    if address > LONGEST_ADDRESS {
        return Some(Problem::new(
            StatusCode::URI_TOO_LONG,
            "address_too_long",
            "The address is too long",
            format!("The address has {address} bytes; at most {LONGEST_ADDRESS} are taken. Send the data in the body."),
        ));
    }
    let headers: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    (headers > MOST_HEADERS).then(|| {
        Problem::new(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "headers_too_large",
            "The headers are too large",
            format!("The headers have {headers} bytes; at most {MOST_HEADERS} are taken. Send the data in the body."),
        )
    })
}

/// The part of the server that was asked: few words, since each becomes a series of its own.
fn surface_of(path: &str) -> &'static str {
    match path.split('/').nth(1) {
        Some("hooks") => "hooks",
        Some("files") => "files",
        Some("graphql") => "graphql",
        Some("auth") => "auth",
        Some("healthz" | "readyz" | "metrics") => "health",
        _ => "web app",
    }
}

fn class_of(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn status_of(request: TestRequest) -> Option<u16> {
        use actix_web::ResponseError;
        refused(&request.to_srv_request()).map(|problem| problem.status_code().as_u16())
    }

    #[test]
    fn what_is_too_long_is_refused_and_what_just_fits_is_not() {
        let address = |length: usize| TestRequest::with_uri(&format!("/{}", "a".repeat(length - 1)));
        assert_eq!(status_of(address(LONGEST_ADDRESS)), None);
        assert_eq!(status_of(address(LONGEST_ADDRESS + 1)), Some(414));
        let header = |length: usize| TestRequest::get().insert_header(("x-long", "a".repeat(length - "x-long".len())));
        assert_eq!(status_of(header(MOST_HEADERS)), None);
        assert_eq!(status_of(header(MOST_HEADERS + 1)), Some(431));
    }

    #[test]
    fn an_address_belongs_to_one_surface() {
        for (path, surface) in
            [("/hooks/x/y", "hooks"), ("/graphql", "graphql"), ("/auth/sign-in", "auth"), ("/readyz", "health")]
        {
            assert_eq!(surface_of(path), surface);
        }
        assert_eq!(surface_of("/"), "web app");
        assert_eq!(surface_of("/hooksy"), "web app");
    }
}
