//! From an HTTP request to a request context: the tenant from the host, the actor from a cookie or a bearer token.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, HOST, ORIGIN};
use weft_model::CorrelationId;
use weft_tenants::{Access, Fault, NotAuthenticated, RequestContext, TenantDirectory, TenantProfile};

use crate::adapters::fresh;
use crate::cookies::Cookies;
use crate::problem::Problem;

/// The header that proves that a request of a page with cookies comes from our own page.
pub const CSRF_HEADER: &str = "x-weft-csrf";

/// Who is asking, over HTTP.
#[derive(Clone)]
pub struct Doors {
    /// Hosts and tenants.
    pub directory: TenantDirectory,
    /// Sessions.
    pub access: Access,
    /// What sessions are carried in.
    pub cookies: Cookies,
}

/// How a request shows who it is.
enum Credential {
    /// `Authorization: Bearer`; a page cannot be made to send it by another page.
    Bearer(String),
    /// The session cookie, which a browser sends by itself.
    Cookie(String),
}

impl Doors {
    /// The tenant whose host was asked for.
    pub async fn tenant(&self, request: &HttpRequest) -> Result<Arc<TenantProfile>, Problem> {
        let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        match self.directory.by_host(host).await {
            Ok(Some(tenant)) => Ok(tenant),
            Ok(None) => Err(Problem::not_found(
                "unknown_tenant",
                format!("Nobody answers at \"{}\". A tenant's address begins with its name.", printable(host)),
            )),
            Err(fault) => Err(fault_problem(&fault)),
        }
    }

    /// Who asks. A request with cookies that may change something must carry the CSRF header.
    pub async fn authenticate(&self, request: &HttpRequest) -> Result<RequestContext, Problem> {
        let tenant = self.tenant(request).await?;
        let (token, by_cookie) = match credential(request, &self.cookies) {
            Some(Credential::Bearer(token)) => (token, false),
            Some(Credential::Cookie(token)) => (token, true),
            None => return Err(Problem::unauthenticated("Sign in, or send an access token.")),
        };
        let context = self.check(tenant.tenant, &token).await?;
        if by_cookie && !matches!(*request.method(), Method::GET | Method::HEAD) {
            self.check_csrf(request, &context).await?;
        }
        Ok(context)
    }

    /// Who opens a WebSocket: its own page by cookie (then the Origin must be that page's), or a token in `connection_init`.
    pub async fn authenticate_socket(
        &self,
        tenant: Arc<TenantProfile>,
        cookie: Option<String>,
        bearer: Option<String>,
    ) -> Result<RequestContext, Problem> {
        match bearer.or(cookie) {
            Some(token) => self.check(tenant.tenant, &token).await,
            None => Err(Problem::unauthenticated("Sign in, or send an access token in connection_init.")),
        }
    }

    /// The session cookie of a WebSocket's opening request. Browsers send cookies with sockets opened by any page, so that
    /// the page's own origin is asked for.
    pub fn socket_cookie(&self, request: &HttpRequest) -> Result<Option<String>, Problem> {
        let cookie = self.cookies.session(request);
        if cookie.is_some() && !is_same_origin(request) {
            return Err(Problem::forbidden("origin", "This page may not open a connection here."));
        }
        Ok(cookie)
    }

    async fn check(&self, tenant: weft_model::TenantId, token: &str) -> Result<RequestContext, Problem> {
        let correlation = CorrelationId(fresh::id());
        self.access.authenticate(tenant, token, correlation).await.map_err(|error| match error {
            NotAuthenticated::Token(_) | NotAuthenticated::SessionEnded => Problem::unauthenticated(error.to_string()),
            NotAuthenticated::ForeignTenant => Problem::forbidden("foreign_tenant", error.to_string()),
            NotAuthenticated::Fault(fault) => fault_problem(&fault),
        })
    }

    async fn check_csrf(&self, request: &HttpRequest, context: &RequestContext) -> Result<(), Problem> {
        let given = request.headers().get(CSRF_HEADER).and_then(|value| value.to_str().ok());
        let route = format!("{} {}", request.method(), request.path());
        match self.access.check_csrf(context, given, &route).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Problem::forbidden(
                "csrf",
                format!(
                    "A request with cookies must send the header {CSRF_HEADER} with the value of the cookie {}.",
                    self.cookies.csrf_name()
                ),
            )),
            Err(fault) => Err(fault_problem(&fault)),
        }
    }
}

fn credential(request: &HttpRequest, cookies: &Cookies) -> Option<Credential> {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    match header.and_then(bearer) {
        Some(token) => Some(Credential::Bearer(token.to_owned())),
        None => cookies.session(request).map(Credential::Cookie),
    }
}

/// The token of `Bearer <token>` (RFC 6750, section 2.1).
pub fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Whether a request comes from a page of the host that it is sent to. Without an Origin it is no page.
pub fn is_same_origin(request: &HttpRequest) -> bool {
    let header =
        |name| request.headers().get(name).and_then(|value: &actix_web::http::header::HeaderValue| value.to_str().ok());
    match (header(ORIGIN), header(HOST)) {
        (None, _) => true,
        (Some(origin), Some(host)) => {
            origin.split_once("://").is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host))
        }
        (Some(_), None) => false,
    }
}

/// A fault of the tenants crate as a problem; what cannot be told is logged under a number.
pub fn fault_problem(fault: &Fault) -> Problem {
    match fault {
        Fault::Unavailable(_) => Problem::unavailable(fault.to_string()),
        Fault::Internal(_) => logged(fault),
    }
}

/// Logs a fault once and gives the problem that names the log line.
pub fn logged(fault: &(dyn std::error::Error + 'static)) -> Problem {
    let correlation = fresh::id();
    tracing::error!(error = fault, correlation.id = %correlation, "A request failed through our fault.");
    Problem::fault(correlation)
}

/// A header of somebody else's for people to read: no control characters, not endless.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_bearer_token_is_read_whatever_the_case() {
        assert_eq!(bearer("Bearer abc"), Some("abc"));
        assert_eq!(bearer("bearer  abc "), Some("abc"));
        assert_eq!(bearer("Basic abc"), None);
        assert_eq!(bearer("abc"), None);
    }

    #[test]
    fn only_the_own_page_is_of_the_same_origin() {
        let of = |origin: Option<&str>| {
            let mut request = TestRequest::default().insert_header((HOST, "acme.localhost:8080"));
            if let Some(origin) = origin {
                request = request.insert_header((ORIGIN, origin));
            }
            is_same_origin(&request.to_http_request())
        };
        assert!(of(None));
        assert!(of(Some("http://acme.localhost:8080")));
        assert!(!of(Some("http://evil.localhost:8080")));
        assert!(!of(Some("http://acme.localhost:8081")));
        assert!(!of(Some("null")));
    }
}
