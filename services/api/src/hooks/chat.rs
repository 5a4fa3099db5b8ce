//! The page of a conversation, at the address that its messages are sent to.
//!
//! Forms need no scripts; a conversation does. Sent as a form, each message would load the page anew: a screen reader would begin at its
//! top again, and what was said before would have to travel with every message. So this page has one script, a file of ours that is
//! the same for every conversation and every tenant. The policy of the page lets that file alone act: named by a nonce, it may talk to
//! this host and no other, and the browser refuses to let it make HTML of texts.

use std::fmt::Write as _;

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse};
use weft_engine::{ChatPage, PlanStep, StartExecution, Trigger};
use weft_model::tenant::Branding;

use super::Hooks;
use super::form::{Visit, unknown_visitor};
use super::path::match_path;
use super::problems::{start_problem, unknown_path};
use super::sheet::{Extras, Sheet};
use crate::problem::Problem;
use crate::problem_page::is_french;
use crate::web_app::escape;

/// Where the script is, below `/hooks`.
pub(super) const SCRIPT: &str = "/conversation.js";
const SCRIPT_TEXT: &str = include_str!("conversation.js");
/// The longest message, in UTF-16 units.
const LONGEST: usize = 20_000;

const STYLE: &str = "#talk{max-height:55vh;overflow-y:auto;margin:0 0 12px;padding:2px}.message{margin:0 0 12px;padding:8px 12px;\
    border:1px solid var(--line);border-radius:10px;margin-right:2.5rem}.message p{margin:0;white-space:pre-wrap}.mine{margin:0 0 12px 2.5rem;\
    background:var(--ground)}.who{display:block;color:var(--dim);font-size:13px}#state{min-height:24px;margin:0 0 8px;color:var(--dim)}\
    #input{min-height:66px}.below{display:flex;gap:12px;flex-wrap:wrap;margin:12px 0 0}#anew{background:none;color:var(--ink);\
    border:1px solid var(--line)}[disabled]{opacity:.6;cursor:default}";

/// Whether a page is asked for.
pub(super) fn is_read(request: &HttpRequest) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD)
}

/// The script of the page. It changes with the server and holds no secret.
pub(super) fn script() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("cache-control", "no-cache"))
        .insert_header(("x-content-type-options", "nosniff"))
        .insert_header(("content-security-policy", "default-src 'none'"))
        .content_type("text/javascript; charset=utf-8")
        .body(SCRIPT_TEXT)
}

impl Hooks {
    /// Shows the page of a conversation; nothing where it has none.
    pub(super) async fn conversation(
        &self,
        request: &HttpRequest,
        visit: &Visit<'_>,
    ) -> Result<Option<HttpResponse>, Problem> {
        let plan = self.engine.plan(visit.tenant.tenant, visit.workflow, visit.version).await;
        let plan = plan.map_err(|error| start_problem(&error.into()))?;
        let step = plan.node(visit.node).filter(|node| !node.disabled).map(|node| &node.step);
        let Some(PlanStep::Trigger(Trigger::Webhook(webhook))) = step else { return Ok(None) };
        let Some(page) = webhook.chat_page() else { return Ok(None) };
        match_path(&webhook.path, visit.path).ok_or_else(|| unknown_path(visit.path))?;
        let mut start = StartExecution::new(visit.tenant.tenant, visit.workflow, visit.version, visit.node);
        self.prove(request, &mut start).await?.map_err(|_| unknown_visitor())?;
        let shown = Shown { page, brand: &visit.tenant.branding, french: is_french(request) };
        Ok(Some(shown.response()))
    }
}

/// The page as somebody sees it.
struct Shown<'a> {
    page: &'a ChatPage,
    brand: &'a Branding,
    french: bool,
}

impl Shown<'_> {
    fn response(&self) -> HttpResponse {
        let title = match self.page.title.trim() {
            "" => "Conversation",
            title => title,
        };
        let sheet = Sheet { title, brand: self.brand, french: self.french };
        let script = format!("/hooks{SCRIPT}");
        sheet.with_extras(&self.content(&sheet), &Extras { style: STYLE, script: &script })
    }

    fn content(&self, sheet: &Sheet<'_>) -> String {
        let mut html = String::new();
        if !self.page.subtitle.trim().is_empty() {
            let _ = write!(html, "<p class=\"about\">{}</p>", escape(self.page.subtitle.trim()));
        }
        let they = escape(&self.brand.product_name);
        let first = self.page.first_messages().map(|text| {
            format!("<div class=\"message first\"><span class=\"who\">{they}</span><p>{}</p></div>", escape(text))
        });
        let first: String = first.collect();
        let said = sheet.say("What was said", "Ce qui a été dit");
        let _ = write!(html, "<div id=\"talk\" role=\"log\" aria-label=\"{said}\" tabindex=\"0\">{first}</div>");
        html.push_str("<p id=\"state\" role=\"status\"></p>");
        html.push_str(&self.writing(sheet, &they));
        let needs = sheet.say("This page needs JavaScript.", "Cette page a besoin de JavaScript.");
        let _ = write!(html, "<noscript><p class=\"faults\">{needs}</p></noscript>");
        html
    }

    /// Where a message is written. The script finds its words here.
    fn writing(&self, sheet: &Sheet<'_>, they: &str) -> String {
        let placeholder = escape(self.page.input_placeholder.trim());
        let words = [
            ("you", sheet.say("You", "Vous")),
            ("they", they),
            ("busy", sheet.say("One moment, please…", "Un instant, s’il vous plaît…")),
            (
                "failed",
                sheet.say(
                    "Your message was not answered. Send it again in a moment.",
                    "Votre message n’a pas reçu de réponse. Renvoyez-le dans un instant.",
                ),
            ),
        ];
        let words: Vec<_> = words.iter().map(|(name, text)| format!("data-{name}=\"{text}\"")).collect();
        let words = words.join(" ");
        let label = sheet.say("Your message", "Votre message");
        let keys = sheet.say(
            "Enter sends it; Shift and Enter begin a new line.",
            "Entrée l’envoie ; Maj et Entrée commencent une ligne.",
        );
        let (send, anew) = (sheet.say("Send", "Envoyer"), sheet.say("New conversation", "Nouvelle conversation"));
        format!(
            "<form id=\"write\" {words}><label for=\"input\">{label}</label><textarea id=\"input\" rows=\"2\" \
             maxlength=\"{LONGEST}\" placeholder=\"{placeholder}\" aria-describedby=\"keys\" required></textarea>\
             <p class=\"hint\" id=\"keys\">{keys}</p><p class=\"below\"><button type=\"submit\" id=\"send\">{send}</button>\
             <button type=\"button\" id=\"anew\">{anew}</button></p></form>"
        )
    }
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;

    use super::*;

    async fn shown(page: &ChatPage, french: bool) -> (String, String) {
        let brand = Branding { product_name: "Acme & Sons".into(), accent_color: "#0f766e".into(), logo_url: None };
        let response = Shown { page, brand: &brand, french }.response();
        let policy = response.headers().get("content-security-policy").unwrap().to_str().unwrap().to_owned();
        (policy, String::from_utf8(to_bytes(response.into_body()).await.unwrap().to_vec()).unwrap())
    }

    #[actix_web::test]
    async fn a_page_lets_its_own_script_act_and_nothing_else() {
        let page = ChatPage {
            title: "<b>Été</b>".into(),
            subtitle: "\"Ask\" <script>1</script>".into(),
            initial_messages: "Hi\n\n <i>you</i> \n".into(),
            input_placeholder: "\" onfocus=\"x".into(),
        };
        let (policy, html) = shown(&page, false).await;
        let nonce = policy.split("script-src 'nonce-").nth(1).unwrap().split('\'').next().unwrap();
        assert!(html.contains(&format!("<script nonce=\"{nonce}\" src=\"/hooks/conversation.js\" defer></script>")));
        for part in
            ["default-src 'none'", "connect-src 'self'", "form-action 'none'", "require-trusted-types-for 'script'"]
        {
            assert!(policy.contains(part), "{part}: {policy}");
        }
        assert_eq!(html.matches("<script").count(), 1, "{html}");
        assert!(!html.contains("<i>") && !html.contains("<b>") && !html.contains(" onfocus=\"x"), "{html}");
        assert!(html.contains("<p>Hi</p></div><div class=\"message first\">"), "{html}");
        assert!(html.contains("data-they=\"Acme &amp; Sons\"") && html.contains("role=\"log\""), "{html}");
    }

    #[actix_web::test]
    async fn a_page_speaks_the_language_of_its_reader() {
        for (french, lang, send) in [(false, "lang=\"en\"", ">Send<"), (true, "lang=\"fr\"", ">Envoyer<")] {
            let (_, html) = shown(&ChatPage::default(), french).await;
            assert!(html.contains(lang) && html.contains(send) && html.contains("<h1>Conversation</h1>"), "{html}");
            assert!(!html.contains("message first"), "nobody has said anything");
        }
    }
}
