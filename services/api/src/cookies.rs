//! The three cookies of a session.
//!
//! Over HTTPS their names begin with `__Host-` (RFC 6265bis, section 4.1.3.2): the browser then takes them from this host alone and
//! sends them over HTTPS alone. `__Host-` demands the path `/`, which the refresh cookie keeps too. Without HTTPS, on a
//! developer's machine, the names end in the port: cookies know hosts but no ports (RFC 6265, section 8.5), so that two
//! checkouts on localhost would sign each other out.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use weft_tenants::{ACCESS_LIFETIME, SESSION_LIFETIME, SignedIn};

const SESSION: &str = "weft_session";
const REFRESH: &str = "weft_refresh";
const CSRF: &str = "weft_csrf";
const HOST_PREFIX: &str = "__Host-";

/// The cookies of one installation, by the address that people use.
#[derive(Clone, Debug)]
pub struct Cookies {
    is_secure: bool,
    suffix: Arc<str>,
}

impl Cookies {
    /// Those of the installation at this address.
    pub fn of(base_url: &str) -> Self {
        let url = url::Url::parse(base_url).ok();
        let is_secure = url.as_ref().is_some_and(|url| url.scheme() == "https");
        let port = url.and_then(|url| url.port_or_known_default()).filter(|_| !is_secure);
        Self { is_secure, suffix: port.map(|port| format!("_{port}")).unwrap_or_default().into() }
    }

    /// The cookies that a session lives in.
    pub fn of_session(&self, signed_in: &SignedIn) -> [Cookie<'static>; 3] {
        [
            self.cookie(SESSION, signed_in.access_token.clone(), ACCESS_LIFETIME),
            self.cookie(REFRESH, signed_in.refresh_token.clone(), SESSION_LIFETIME),
            self.cookie(CSRF, signed_in.csrf_token.clone(), SESSION_LIFETIME),
        ]
    }

    /// The same three, to be forgotten.
    pub fn gone(&self) -> [Cookie<'static>; 3] {
        [SESSION, REFRESH, CSRF].map(|plain| self.cookie(plain, String::new(), std::time::Duration::ZERO))
    }

    /// The access token that a browser sent.
    pub fn session(&self, request: &HttpRequest) -> Option<String> {
        self.value(request, SESSION)
    }

    /// The refresh token that a browser sent.
    pub fn refresh(&self, request: &HttpRequest) -> Option<String> {
        self.value(request, REFRESH)
    }

    /// The name of the cookie that our own pages read.
    pub fn csrf_name(&self) -> String {
        self.name(CSRF)
    }

    fn name(&self, plain: &str) -> String {
        let prefix = if self.is_secure { HOST_PREFIX } else { "" };
        format!("{prefix}{plain}{}", self.suffix)
    }

    fn cookie(&self, plain: &str, value: String, lifetime: std::time::Duration) -> Cookie<'static> {
        Cookie::build(self.name(plain), value)
            .path("/")
            .http_only(plain != CSRF)
            .secure(self.is_secure)
            .same_site(SameSite::Lax)
            .max_age(Duration::try_from(lifetime).unwrap_or(Duration::ZERO))
            .finish()
    }

    fn value(&self, request: &HttpRequest, plain: &str) -> Option<String> {
        request.cookie(&self.name(plain)).map(|cookie| cookie.value().to_owned()).filter(|value| !value.is_empty())
    }
}

/// Whether a cookie of this name may be one of ours, of this installation or of another one on the same host.
pub fn is_ours(name: &str) -> bool {
    name.strip_prefix(HOST_PREFIX).unwrap_or(name).starts_with("weft_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session_and_csrf(base_url: &str) -> [String; 2] {
        [SESSION, CSRF].map(|plain| Cookies::of(base_url).cookie(plain, "x".into(), ACCESS_LIFETIME).to_string())
    }

    #[test]
    fn over_https_the_browser_keeps_them_to_this_host() {
        let [session, csrf] = session_and_csrf("https://flows.example.com:8443");
        assert!(session.starts_with("__Host-weft_session=x; HttpOnly; SameSite=Lax; Secure; Path=/"), "{session}");
        assert!(csrf.starts_with("__Host-weft_csrf=x; SameSite=Lax; Secure; Path=/"), "{csrf}");
    }

    #[test]
    fn two_installations_on_one_machine_have_cookies_of_their_own() {
        let [session, csrf] = session_and_csrf("http://localhost:8080");
        assert!(session.starts_with("weft_session_8080=x; HttpOnly; SameSite=Lax; Path=/"), "{session}");
        assert!(csrf.starts_with("weft_csrf_8080=x; SameSite=Lax; Path=/"), "{csrf}");
        assert_eq!(Cookies::of("http://localhost:8081").csrf_name(), "weft_csrf_8081");
        assert_eq!(Cookies::of("http://localhost").csrf_name(), "weft_csrf_80");
        for name in [SESSION, "weft_csrf_8081", "__Host-weft_refresh"] {
            assert!(is_ours(name), "{name}");
        }
        assert!(!is_ours("theirs_weft_session"));
    }
}
