//! `/graphiql`: the console for developers. It loads its scripts from the address that its authors publish them at, so it
//! needs the internet; what asks our API is a script of ours in the page.

use actix_web::http::Method;
use actix_web::http::header::CONTENT_SECURITY_POLICY;
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::context::Doors;
use crate::problem::Problem;

const PAGE: &str = include_str!("graphiql.html");

/// The console's page.
pub async fn graphiql(request: HttpRequest, doors: web::Data<Doors>) -> Result<HttpResponse, Problem> {
    if request.method() != Method::GET {
        return Err(Problem::method_not_allowed("GET", "The console is a page; ask the API at /graphql."));
    }
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_SECURITY_POLICY, policy()))
        .content_type("text/html; charset=utf-8")
        .body(page(&doors.cookies.csrf_name())))
}

fn page(csrf_cookie: &str) -> String {
    PAGE.replace("{csrf-cookie}", csrf_cookie)
}

/// Scripts from the console's authors, and the one inline script, by its digest (Content Security Policy Level 3, section
/// 6.7.2.4).
fn policy() -> String {
    let digest = STANDARD.encode(Sha256::digest(inline_script()));
    format!(
        "default-src 'none'; script-src https://unpkg.com 'sha256-{digest}'; style-src https://unpkg.com 'unsafe-inline'; \
         img-src 'self' data:; font-src https://unpkg.com data:; connect-src 'self'; worker-src blob:; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'"
    )
}

/// What stands between the tags, to the byte. It does not depend on the installation.
fn inline_script() -> &'static str {
    let (_, script) = PAGE.split_once("<script>").unwrap_or_default();
    script.split_once("</script>").unwrap_or_default().0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_console_sends_the_csrf_header_from_the_cookie_that_the_page_names() {
        let page = page("weft_csrf_8080");
        assert!(page.contains("<meta name=\"weft-csrf-cookie\" content=\"weft_csrf_8080\">"));
        assert!(inline_script().contains(&format!("headers.set('{}', token())", crate::context::CSRF_HEADER)));
        assert!(inline_script().contains("fetch: askAgain"));
        assert!(page.contains(inline_script()), "naming the cookie changes no script");
    }

    #[test]
    fn only_the_pages_own_inline_script_is_allowed() {
        let digest = STANDARD.encode(Sha256::digest(inline_script()));
        let scripts = format!("script-src https://unpkg.com 'sha256-{digest}';");
        assert!(policy().contains(&scripts), "{}", policy());
        assert_eq!(PAGE.matches("<script>").count(), 1, "another inline script would be blocked");
    }
}
