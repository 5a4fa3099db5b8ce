//! The web app's files, and its first page in the brand of the tenant whose address was asked for.
//!
//! The brand travels in the first bytes of the page (title, accent colour, a JSON block that the app reads before it draws
//! anything), so that no other brand is ever seen, not even while scripts load.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

/// What the first page shows of a tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Brand {
    /// The tenant's slug.
    pub tenant: String,
    /// The tenant's name.
    pub name: String,
    /// What the tenant calls the product.
    pub product_name: String,
    /// `#rrggbb`.
    pub accent_color: String,
    /// Where the logo is, where there is one.
    pub logo_url: Option<String>,
}

/// The built web app in memory: its first page, cut where the brand goes, and the folder of its other files.
#[derive(Clone)]
pub struct WebApp {
    before: Arc<str>,
    after: Arc<str>,
    folder: Arc<Path>,
}

/// A folder that does not hold a built web app.
#[derive(Debug, thiserror::Error)]
#[error(
    "The web app is not in {folder}. Build it with `npm run build` in frontend/, or name its folder with WEFT_WEB_DIR."
)]
pub struct NoWebApp {
    folder: String,
    #[source]
    source: Option<std::io::Error>,
}

impl WebApp {
    /// Reads the first page in `folder`.
    pub fn load(folder: &Path) -> Result<Self, NoWebApp> {
        let missing = |source| NoWebApp { folder: folder.display().to_string(), source };
        let page = std::fs::read_to_string(folder.join("index.html")).map_err(|error| missing(Some(error)))?;
        let page = without_title(&page);
        let (before, after) = page.split_once("<head>").ok_or_else(|| missing(None))?;
        Ok(Self { before: format!("{before}<head>").into(), after: after.into(), folder: PathBuf::from(folder).into() })
    }

    /// The folder of the files.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The first page in this brand. The app's scripts cannot know what the CSRF cookie is called here, so the page says it;
    /// its style element carries the `nonce` of the page's policy, which the app takes over for the styles that it makes.
    pub fn page(&self, brand: &Brand, csrf_cookie: &str, nonce: &str) -> String {
        let accent = if is_colour(&brand.accent_color) { &brand.accent_color } else { "#3b5bdb" };
        let json = serde_json::to_string(brand).unwrap_or_default().replace('<', "\\u003c");
        let mut page = String::with_capacity(self.before.len() + self.after.len() + json.len() + 512);
        page.push_str(&self.before);
        // Writing to a string cannot fail.
        let _ = write!(
            page,
            "<meta charset=\"utf-8\"><title>{}</title><style nonce=\"{nonce}\">:root{{--weft-accent:{accent}}}</style>\
             <meta name=\"weft-csrf-cookie\" content=\"{}\">\
             <script type=\"application/json\" id=\"weft-brand\">{json}</script>",
            escape(&brand.product_name),
            escape(csrf_cookie)
        );
        page.push_str(&self.after);
        page
    }
}

/// The page's policy (Content Security Policy Level 3): scripts only from files of ours, style elements with the page's nonce,
/// no frames, no plugins. Style attributes are admitted: no script of ours sets one, but a browser does while code is edited. A
/// logo may come from the address that the tenant gave.
pub fn content_security_policy(brand: &Brand, nonce: &str) -> String {
    let logo = brand.logo_url.as_deref().and_then(origin).map(|origin| format!(" {origin}")).unwrap_or_default();
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; \
         img-src 'self' data: blob:{logo}; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

fn origin(address: &str) -> Option<String> {
    let url = url::Url::parse(address).ok()?;
    (url.scheme() == "https").then(|| url.origin().ascii_serialization())
}

fn is_colour(text: &str) -> bool {
    text.len() == 7 && text.starts_with('#') && text[1..].bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Text as it stands between tags or in an attribute.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn without_title(page: &str) -> String {
    match (page.find("<title>"), page.find("</title>")) {
        (Some(start), Some(end)) if start < end => format!("{}{}", &page[..start], &page[end + "</title>".len()..]),
        _ => page.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brand(name: &str) -> Brand {
        Brand {
            tenant: "acme".into(),
            name: "Acme".into(),
            product_name: name.into(),
            accent_color: "#ff8800".into(),
            logo_url: Some("https://cdn.example.com/logo.svg".into()),
        }
    }

    fn app(page: &str) -> WebApp {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("index.html"), page).unwrap();
        WebApp::load(folder.path()).unwrap()
    }

    #[test]
    fn the_brand_comes_first_and_the_built_title_is_gone() {
        let page = app("<!doctype html><html><head><title>App</title><script src=\"/a.js\"></script></head></html>")
            .page(&brand("Acme Flow"), "weft_csrf_8080", "n0nce");
        assert!(
            page.starts_with("<!doctype html><html><head><meta charset=\"utf-8\"><title>Acme Flow</title>"),
            "{page}"
        );
        assert!(page.contains("<style nonce=\"n0nce\">:root{--weft-accent:#ff8800}</style>"), "{page}");
        assert!(page.contains("<meta name=\"weft-csrf-cookie\" content=\"weft_csrf_8080\">"), "{page}");
        assert!(!page.contains("<title>App"));
    }

    #[test]
    fn a_name_cannot_break_out_of_the_page() {
        let page =
            app("<html><head></head></html>").page(&brand("</script><script>alert(1)</script>"), "weft_csrf", "n0nce");
        assert!(!page.contains("<script>alert"), "{page}");
    }

    #[test]
    fn the_policy_admits_the_logo_and_no_foreign_script_or_style() {
        let policy = content_security_policy(&brand("x"), "n0nce");
        assert!(policy.contains("img-src 'self' data: blob: https://cdn.example.com"), "{policy}");
        assert!(
            policy.contains("script-src 'self';") && policy.contains("style-src 'self' 'nonce-n0nce';"),
            "{policy}"
        );
    }

    #[test]
    fn a_folder_without_the_app_is_named() {
        let error = WebApp::load(Path::new("/nowhere")).err().unwrap().to_string();
        assert!(error.contains("/nowhere") && error.contains("npm run build"), "{error}");
    }
}
