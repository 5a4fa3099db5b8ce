//! The pages of a form after the first: asked for by an execution that waits for them, at an address of its own.
//!
//! While the execution is at work, whoever fills in the form sees a page that looks again by itself, without scripts.

use actix_web::http::header::LOCATION;
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};
use weft_engine::{AnsweredPage, AskedPage, Entries, Form, FormState, FormVisit, SignalError};
use weft_model::ExecutionId;
use weft_tenants::TenantProfile;

use super::form::unknown_visitor;
use super::form_page::{FormPage, TOKEN};
use super::path::match_path;
use super::problems::wrong_method;
use super::sheet::Sheet;
use super::waiting::{signal_problem, unknown};
use super::{Hooks, body, object};
use crate::problem::Problem;
use crate::problem_page::is_french;

/// How often whoever was led here has looked for the next page.
const LED: &str = "again";
/// The same of whoever was given the address of a page by somebody.
const GIVEN: &str = "looks";
/// The longest pause between two looks, in seconds.
const LONGEST_PAUSE: u32 = 30;

/// The parts of the address of an execution's pages.
pub(super) struct Address<'a> {
    token: &'a str,
    path: &'a str,
}

impl<'a> Address<'a> {
    /// Reads what follows `/hooks`; nothing where it is another address.
    pub(super) fn parse(rest: &'a str) -> Option<Self> {
        let rest = rest.trim_start_matches('/').strip_prefix("forms/")?;
        let (token, path) = rest.split_once('/').unwrap_or((rest, ""));
        Some(Self { token, path })
    }
}

/// Somebody who looks for the next page.
struct Visitor<'a> {
    tenant: &'a TenantProfile,
    execution: ExecutionId,
    /// What the page is called while it has no title of its own.
    title: Form,
    french: bool,
    query: Vec<(String, String)>,
    /// Whether a page led here, or somebody gave the address.
    came: &'static str,
    /// How often they looked.
    looks: u32,
    path: &'a str,
    /// The most bytes of all files of a page.
    upload_limit: usize,
}

impl Hooks {
    /// Leads to the page that an execution asks for next.
    pub(super) fn next_page(&self, tenant: &TenantProfile, execution: ExecutionId) -> HttpResponse {
        let token = self.addresses.resume(tenant.tenant, &tenant.slug).token(execution);
        HttpResponse::SeeOther()
            .insert_header((LOCATION, format!("/hooks/forms/{token}?{LED}=0")))
            .insert_header(("cache-control", "no-store"))
            .insert_header(("referrer-policy", "no-referrer"))
            .finish()
    }

    /// Shows the page that the execution of this address asks for, or takes what was filled in.
    pub(super) async fn further_page(
        &self,
        request: &HttpRequest,
        payload: web::Payload,
        tenant: &TenantProfile,
        address: &Address<'_>,
    ) -> Result<HttpResponse, Problem> {
        let execution = self.addresses.resume(tenant.tenant, &tenant.slug).read(address.token).ok_or_else(unknown)?;
        let visit = self.engine.form_visit(tenant.tenant, execution).await.map_err(signal_problem)?;
        let FormVisit { trigger, state } = visit.ok_or_else(unknown)?;
        if let FormState::Asks(asked) = &state {
            let proved = self.prove_waiting(request, asked.waiting, asked.form.credential()).await?;
            proved.map_err(|_| unknown_visitor())?;
        }
        let french = is_french(request);
        let title = trigger.unwrap_or_else(|| Form::titled(if french { "Formulaire" } else { "Form" }));
        let query: Vec<(String, String)> = serde_urlencoded::from_str(request.query_string()).unwrap_or_default();
        let looks =
            |called: &str| query.iter().find(|(name, _)| name == called).map(|(_, looks)| looks.parse().unwrap_or(0));
        let (came, looks) = looks(LED).map_or_else(|| (GIVEN, looks(GIVEN).unwrap_or(0)), |looks| (LED, looks));
        let visitor = Visitor {
            tenant,
            execution,
            title,
            french,
            query,
            came,
            looks,
            path: address.path,
            upload_limit: self.upload_limit,
        };
        match *request.method() {
            Method::GET | Method::HEAD => Ok(visitor.shown(&state)),
            Method::POST => {
                let nothing = Form::default();
                let asked = if let FormState::Asks(asked) = &state { &asked.form } else { &nothing };
                let entries = self.entries(request, payload, tenant, asked).await?;
                self.answered(&visitor, &state, &entries).await
            }
            _ => Err(wrong_method("GET, POST", request.method().as_str())),
        }
    }

    async fn answered(
        &self,
        visitor: &Visitor<'_>,
        state: &FormState,
        entries: &Entries,
    ) -> Result<HttpResponse, Problem> {
        // The page says which signal it sends: one that was answered before sends none.
        let asked = match state {
            FormState::Asks(asked) if entries.text(TOKEN) == Some(asked.signal.to_string().as_str()) => asked,
            _ => return Ok(visitor.late()),
        };
        let page = visitor.page(&asked.form);
        let filled = match asked.form.read(entries) {
            Ok(filled) => filled,
            Err(faults) => return Ok(page.refusing(entries, &faults)),
        };
        let (tenant, execution) = (visitor.tenant.tenant, visitor.execution);
        let query: Vec<_> = visitor.query.iter().filter(|(name, _)| name != LED && name != GIVEN).cloned().collect();
        let query = object(&body::gather(query));
        match self.engine.answer_page(AnsweredPage { tenant, execution, page: asked, filled, query }).await {
            Ok(()) if asked.leads_on => Ok(self.next_page(visitor.tenant, execution)),
            Ok(()) => Ok(page.done()),
            Err(SignalError::Late | SignalError::Ended) => Ok(visitor.late()),
            Err(error) => Err(signal_problem(error)),
        }
    }
}

impl<'a> Visitor<'a> {
    fn page<'b>(&'b self, form: &'b Form) -> FormPage<'b>
    where
        'a: 'b,
    {
        FormPage { form, brand: &self.tenant.branding, french: self.french, upload_limit: self.upload_limit }
    }

    fn sheet(&self) -> Sheet<'_> {
        Sheet { title: &self.title.form_title, brand: &self.tenant.branding, french: self.french }
    }

    /// What there is to see.
    fn shown(&self, state: &FormState) -> HttpResponse {
        match state {
            FormState::Asks(asked) if self.may_see(asked) => {
                let untouched = Entries::untouched(&asked.form, &self.query);
                self.page(&asked.form).asking(&untouched, &asked.signal.to_string())
            }
            FormState::Completed(completion) => self.page(&self.title).completed(completion),
            FormState::AtWork => self.patience(),
            // Who was led here has just answered; who was given the address comes late.
            FormState::Answered if self.came == LED => self.page(&self.title).done(),
            FormState::Asks(_) | FormState::Answered => self.stale(),
            FormState::Failed => self.page(&self.title).failed(),
            FormState::Over => self.over(),
        }
    }

    /// Who was led here sees whatever comes; an address that was given to somebody is that of one page.
    fn may_see(&self, asked: &AskedPage) -> bool {
        self.came == LED || match_path(&asked.suffix, self.path).is_some()
    }

    /// A page that looks again by itself, less and less often.
    fn patience(&self) -> HttpResponse {
        let looks = self.looks.saturating_add(1);
        let said = self.sheet().say(
            "One moment, please. The next page is being prepared.",
            "Un instant, s’il vous plaît. La page suivante se prépare.",
        );
        self.sheet().leading((looks.min(LONGEST_PAUSE), &format!("?{}={looks}", self.came)), said)
    }

    /// What was sent is not taken: its page was answered before, or its time is over.
    fn late(&self) -> HttpResponse {
        let said = self.sheet().say(
            "This page was answered before, or its time is over: what you have just sent was not recorded.",
            "Cette page avait déjà reçu une réponse, ou son délai est passé : votre envoi n’a pas été enregistré.",
        );
        self.sheet().note(StatusCode::CONFLICT, said)
    }

    fn stale(&self) -> HttpResponse {
        let said = self.sheet().say(
            "This page was answered already, or its time is over. It takes one answer only.",
            "Cette page a déjà reçu une réponse, ou son délai est passé. Elle n’en prend qu’une.",
        );
        self.sheet().note(StatusCode::GONE, said)
    }

    fn over(&self) -> HttpResponse {
        let said = self.sheet().say(
            "Nothing is asked here any longer. Ask whoever sent you here for a new address.",
            "Plus rien n’est demandé ici. Demandez une nouvelle adresse à la personne qui vous a envoyé ici.",
        );
        self.sheet().note(StatusCode::GONE, said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_apart() {
        let parts = |rest| Address::parse(rest).map(|Address { token, path }| (token, path));
        assert_eq!(parts("/forms/abc"), Some(("abc", "")));
        assert_eq!(parts("/forms/abc/a/b"), Some(("abc", "a/b")));
        assert_eq!(parts("/waiting/abc"), None);
    }
}
