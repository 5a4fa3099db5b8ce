//! The three cookies of a session.
//!
//! Over HTTPS their names begin with `__Host-` (RFC 6265bis, section 4.1.3.2): the browser then takes them from this host alone and
//! sends them over HTTPS alone. `__Host-` demands the path `/`, which the refresh cookie keeps too; without HTTPS, on a
//! developer's machine, the names are plain.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use weft_tenants::{ACCESS_LIFETIME, SESSION_LIFETIME, SignedIn};

const SESSION: &str = "weft_session";
const REFRESH: &str = "weft_refresh";
const CSRF: &str = "weft_csrf";

fn name(plain: &str, is_secure: bool) -> String {
    if is_secure { format!("__Host-{plain}") } else { plain.to_owned() }
}

fn cookie(plain: &str, value: String, lifetime: std::time::Duration, is_secure: bool) -> Cookie<'static> {
    Cookie::build(name(plain, is_secure), value)
        .path("/")
        .http_only(plain != CSRF)
        .secure(is_secure)
        .same_site(SameSite::Lax)
        .max_age(Duration::try_from(lifetime).unwrap_or(Duration::ZERO))
        .finish()
}

/// The cookies that a session lives in.
pub fn of_session(signed_in: &SignedIn, is_secure: bool) -> [Cookie<'static>; 3] {
    [
        cookie(SESSION, signed_in.access_token.clone(), ACCESS_LIFETIME, is_secure),
        cookie(REFRESH, signed_in.refresh_token.clone(), SESSION_LIFETIME, is_secure),
        cookie(CSRF, signed_in.csrf_token.clone(), SESSION_LIFETIME, is_secure),
    ]
}

/// The same three, to be forgotten.
pub fn gone(is_secure: bool) -> [Cookie<'static>; 3] {
    [SESSION, REFRESH, CSRF].map(|plain| cookie(plain, String::new(), std::time::Duration::ZERO, is_secure))
}

/// The access token that a browser sent.
pub fn session(request: &HttpRequest, is_secure: bool) -> Option<String> {
    value(request, SESSION, is_secure)
}

/// The refresh token that a browser sent.
pub fn refresh(request: &HttpRequest, is_secure: bool) -> Option<String> {
    value(request, REFRESH, is_secure)
}

fn value(request: &HttpRequest, plain: &str, is_secure: bool) -> Option<String> {
    request.cookie(&name(plain, is_secure)).map(|cookie| cookie.value().to_owned()).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_https_the_browser_keeps_them_to_this_host() {
        let secure = cookie(SESSION, "x".into(), ACCESS_LIFETIME, true).to_string();
        assert!(secure.starts_with("__Host-weft_session=x; HttpOnly; SameSite=Lax; Secure; Path=/"), "{secure}");
        let plain = cookie(CSRF, "x".into(), ACCESS_LIFETIME, false).to_string();
        assert!(plain.starts_with("weft_csrf=x; SameSite=Lax; Path=/"), "{plain}");
    }
}
