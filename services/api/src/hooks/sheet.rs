//! What the pages of forms and conversations stand on: the tenant's brand, the reader's language, and a policy that lets nothing act
//! but what the page brings along.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use weft_model::tenant::Branding;
use weft_tenants::fresh_token;

use crate::web_app::escape;

const STYLE: &str = ":root{color-scheme:light dark;--ink:light-dark(#1a1d21,#f1f3f5);--dim:light-dark(#565d66,#a9b0b8);\
    --line:light-dark(#c6ccd3,#4a515a);--ground:light-dark(#f4f5f7,#141619);--sheet:light-dark(#fff,#1d2024);\
    --bad:light-dark(#b3261e,#ff8a80)}\
    *{box-sizing:border-box}body{margin:0;min-height:100vh;padding:24px 16px 48px;background:var(--ground);color:var(--ink);\
    font:16px/24px system-ui,sans-serif}main{max-width:34rem;margin:0 auto;padding:24px;border:1px solid var(--line);\
    border-top:4px solid var(--accent);border-radius:10px;background:var(--sheet);overflow-wrap:anywhere}\
    .brand{display:flex;align-items:center;gap:10px;margin:0 0 20px;color:var(--dim);font-size:14px}.brand img{width:28px;height:28px;\
    object-fit:contain}h1{font-size:24px;line-height:30px;margin:0 0 8px}.about{margin:0 0 20px;color:var(--dim)}\
    .field{margin:0 0 20px;padding:0;border:0;min-width:0}label,legend{display:block;padding:0;margin:0 0 6px;font-weight:600}\
    .choice{display:flex;gap:10px;align-items:start;min-height:32px;margin:0;padding:4px 0;font-weight:400}\
    .choice input{width:20px;height:20px;margin:2px 0;flex:none;accent-color:var(--accent)}\
    input:not([type=checkbox],[type=radio]),textarea,select{width:100%;min-height:44px;padding:9px 12px;border:1px solid var(--line);\
    border-radius:8px;background:var(--sheet);color:inherit;font:inherit}textarea{min-height:110px;resize:vertical}\
    :focus-visible{outline:3px solid var(--accent);outline-offset:2px}[aria-invalid=true]{border-color:var(--bad)}\
    .hint{margin:6px 0 0;color:var(--dim);font-size:14px}.fault{margin:6px 0 0;color:var(--bad);font-size:14px}.faults{margin:0 0 20px;padding:12px;border:1px solid var(--bad);\
    border-radius:8px;color:var(--bad)}.must{color:var(--bad)}button{min-height:46px;padding:10px 22px;border:0;border-radius:8px;\
    background:var(--accent);color:var(--on-accent);font:inherit;font-weight:600;cursor:pointer}.said{margin:0;white-space:pre-line}\
    .own img{max-width:100%;height:auto}@media(max-width:480px){body{padding:0}main{border-width:4px 0 0;border-radius:0;\
    min-height:100vh}button{width:100%}}";

/// What a page has beside its content.
pub(super) struct Extras<'a> {
    /// Rules of style.
    pub(super) style: &'a str,
    /// The address of a script.
    pub(super) script: &'a str,
}

/// A page without its content.
#[derive(Clone, Copy)]
pub(super) struct Sheet<'a> {
    pub(super) title: &'a str,
    pub(super) brand: &'a Branding,
    pub(super) french: bool,
}

impl Sheet<'_> {
    pub(super) fn say<'b>(&self, english: &'b str, french: &'b str) -> &'b str {
        if self.french { french } else { english }
    }

    /// A page that says one thing.
    pub(super) fn note(&self, status: StatusCode, said: &str) -> HttpResponse {
        let role = if status.is_success() { "status" } else { "alert" };
        self.page(status, &format!("<p class=\"said\" role=\"{role}\">{}</p>", escape(said)), "")
    }

    /// A page that leads to `address` after so many seconds, by a link at once.
    pub(super) fn leading(&self, (seconds, address): (u32, &str), said: &str) -> HttpResponse {
        let (address, go_on) = (escape(address), self.say("Go on", "Continuer"));
        let said = if said.is_empty() {
            String::new()
        } else {
            format!("<p class=\"said\" role=\"status\">{}</p>", escape(said))
        };
        let body = format!("{said}<p class=\"said\"><a href=\"{address}\" rel=\"noreferrer\">{go_on}</a></p>");
        let head = format!("<meta http-equiv=\"refresh\" content=\"{seconds};url={address}\">");
        self.page(StatusCode::OK, &body, &head)
    }

    /// A page of `content`, with `head` in its head.
    pub(super) fn page(&self, status: StatusCode, content: &str, head: &str) -> HttpResponse {
        let nonce = fresh_token();
        let page = self.html(content, head, (&nonce, ""));
        response(status, page, &format!("style-src 'nonce-{nonce}'; form-action 'self'"))
    }

    /// A page of `content` with a style and a script of its own, which may talk to this host alone and makes no HTML of texts.
    pub(super) fn with_extras(&self, content: &str, extras: &Extras<'_>) -> HttpResponse {
        let nonce = fresh_token();
        let script = format!("<script nonce=\"{nonce}\" src=\"{}\" defer></script>", escape(extras.script));
        let page = self.html(content, &script, (&nonce, extras.style));
        let may = "connect-src 'self'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
        response(StatusCode::OK, page, &format!("style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; {may}"))
    }

    fn html(&self, content: &str, head: &str, (nonce, style): (&str, &str)) -> String {
        let accent = &self.brand.accent_color;
        let (title, product) = (escape(self.title), escape(&self.brand.product_name));
        let logo = self.brand.logo_url.as_deref().map_or_else(String::new, |url| {
            format!("<img src=\"{}\" alt=\"\" referrerpolicy=\"no-referrer\">", escape(url))
        });
        format!(
            "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"robots\" content=\"noindex\">\
             {head}<title>{title}</title><style nonce=\"{nonce}\">:root{{--accent:{};--on-accent:{}}}{STYLE}{style}</style></head><body><main>\
             <p class=\"brand\">{logo}<span>{product}</span></p><h1>{title}</h1>{content}</main></body></html>",
            self.say("en", "fr"),
            escape(accent),
            text_on(accent),
        )
    }
}

/// A page that nothing may act on but what `may` names.
fn response(status: StatusCode, page: String, may: &str) -> HttpResponse {
    let policy =
        format!("default-src 'none'; {may}; img-src 'self' https: data:; base-uri 'none'; frame-ancestors 'none'");
    HttpResponse::build(status)
        .insert_header(("content-security-policy", policy))
        .insert_header(("cache-control", "no-store"))
        .insert_header(("x-content-type-options", "nosniff"))
        .insert_header(("referrer-policy", "no-referrer"))
        .content_type("text/html; charset=utf-8")
        .body(page)
}

/// White or black, whichever can be read on a colour (relative luminance as WCAG 2.2 defines it).
fn text_on(color: &str) -> &'static str {
    let channel = |place: usize| {
        let byte = color.get(place..place + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok()).unwrap_or(0);
        let share = f64::from(byte) / 255.0;
        if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    };
    let luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
    if luminance > 0.179 { "#000" } else { "#fff" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_button_can_be_read() {
        for (color, text) in
            [("#000000", "#fff"), ("#ffffff", "#000"), ("#1f6feb", "#fff"), ("#ffcc00", "#000"), ("", "#fff")]
        {
            assert_eq!(text_on(color), text, "{color}");
        }
    }
}
