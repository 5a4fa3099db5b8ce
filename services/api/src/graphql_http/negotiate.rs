//! Which of the two media types a client wants.

use actix_web::HttpRequest;
use actix_web::http::header::{ACCEPT, Accept, Header};

/// The media type of an answer. The older one answers 200 to a document that does not parse, the newer one 400.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseType {
    /// `application/graphql-response+json`.
    GraphQlResponse,
    /// `application/json`.
    Json,
}

impl ResponseType {
    /// The type that the `Accept` header prefers among the two; `application/json` when there is none; `None` when neither
    /// is accepted.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        if !request.headers().contains_key(ACCEPT) {
            return Some(Self::Json);
        }
        let accept = Accept::parse(request).ok()?;
        accept.ranked().iter().find_map(|range| match (range.type_().as_str(), range.essence_str()) {
            (_, "application/graphql-response+json") => Some(Self::GraphQlResponse),
            (_, "application/json" | "application/*" | "*/*") => Some(Self::Json),
            _ => None,
        })
    }

    /// The value of `Content-Type`.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::GraphQlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_preferred_of_the_two_types_is_taken() {
        let of =
            |accept: &str| ResponseType::of(&TestRequest::default().insert_header((ACCEPT, accept)).to_http_request());
        assert_eq!(of("application/json"), Some(ResponseType::Json));
        assert_eq!(of("application/graphql-response+json"), Some(ResponseType::GraphQlResponse));
        assert_eq!(
            of("application/json;q=0.5, application/graphql-response+json"),
            Some(ResponseType::GraphQlResponse)
        );
        assert_eq!(of("*/*"), Some(ResponseType::Json));
        assert_eq!(of("text/html"), None);
        assert_eq!(ResponseType::of(&TestRequest::default().to_http_request()), Some(ResponseType::Json));
    }
}
