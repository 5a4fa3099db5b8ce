//! Pages that start workflows: a form is shown, checked and answered.
//!
//! A page that takes files is sent in parts, and they go straight to the store of files, before what was filled in is checked: the sender
//! of a page that is refused chooses them again. Who may open a form is asked as callers of webhooks are, in the way that browsers
//! know: by a user name and a password. Further pages ask only where their node says so: their address is a secret of whoever sent the first
//! one.
//!
//! Whoever opens the page needs no scripts and no cookies. Each page carries a token of its own, so that a form that is sent twice
//! starts one execution.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};
use weft_engine::{BASIC_CHALLENGE, Entries, Form, FormCall, PlanStep, StartError, StartExecution, Started, Trigger};
use weft_model::execution::{ExecutedVersion, ExecutionMode};
use weft_model::{HookId, NodeId, WorkflowId};
use weft_tenants::{TenantProfile, fresh_token};

use super::brought::Parts;
use super::form_page::{FormPage, TOKEN};
use super::path::match_path;
use super::problems::{start_problem, unknown_path, wrong_method};
use super::{Hooks, body, object};
use crate::problem::Problem;
use crate::problem_page::is_french;
use crate::receive::receive;

/// Who visits which form.
pub(super) struct Visit<'a> {
    pub(super) tenant: &'a TenantProfile,
    pub(super) hook: HookId,
    pub(super) workflow: WorkflowId,
    pub(super) version: ExecutedVersion,
    pub(super) node: NodeId,
    pub(super) path: &'a str,
    /// Whether the editor waits for it.
    pub(super) is_test: bool,
}

/// A form that was sent.
struct Sent {
    start: StartExecution,
    entries: Entries,
    call: FormCall,
    leads_on: bool,
}

impl Hooks {
    /// Shows the form, or takes what was filled in.
    pub(super) async fn form(
        &self,
        request: &HttpRequest,
        payload: web::Payload,
        visit: Visit<'_>,
    ) -> Result<HttpResponse, Problem> {
        let (form, leads_on) = self.form_of(&visit).await?;
        let mut start = StartExecution::new(visit.tenant.tenant, visit.workflow, visit.version, visit.node);
        self.prove(request, &mut start).await?.map_err(|_| unknown_visitor())?;
        let page = FormPage {
            form: &form,
            brand: &visit.tenant.branding,
            french: is_french(request),
            upload_limit: self.upload_limit,
        };
        let query: Vec<(String, String)> = serde_urlencoded::from_str(request.query_string()).unwrap_or_default();
        match *request.method() {
            Method::GET | Method::HEAD => Ok(page.asking(&Entries::untouched(&form, &query), &fresh_token())),
            Method::POST => {
                let entries = self.entries(request, payload, visit.tenant, &form).await?;
                let call = FormCall { query: object(&body::gather(query)), is_test: visit.is_test };
                let sent = Sent { start, entries, call, leads_on };
                self.submitted(&page, &visit, sent).await
            }
            _ => Err(wrong_method("GET, POST", request.method().as_str())),
        }
    }

    /// What a page sent.
    pub(super) async fn entries(
        &self,
        request: &HttpRequest,
        payload: web::Payload,
        tenant: &TenantProfile,
        form: &Form,
    ) -> Result<Entries, Problem> {
        let receiver = self.receiver(request, tenant);
        let payload = match receiver.page(payload, &|name| form.takes_files(name)).await? {
            Ok(Parts { texts, files }) => return Ok(Entries::new(texts).with_files(files)),
            Err(payload) => payload,
        };
        check_content_type(request)?;
        let body = receive(request, payload, self.body_limit, &self.room).await?;
        let pairs = serde_urlencoded::from_bytes(&body.bytes)
            .map_err(|error| Problem::bad_request("invalid_form", format!("The form cannot be read: {error}.")))?;
        Ok(Entries::new(pairs))
    }

    async fn submitted(&self, page: &FormPage<'_>, visit: &Visit<'_>, sent: Sent) -> Result<HttpResponse, Problem> {
        let Sent { mut start, entries, call, leads_on } = sent;
        let filled = match page.form.read(&entries) {
            Ok(filled) => filled,
            Err(faults) => return Ok(page.refusing(&entries, &faults)),
        };
        if visit.is_test {
            if self.engine.take_listener(visit.tenant.tenant, visit.hook).is_none() {
                return Err(Problem::not_found(
                    "not_listening",
                    "Another call was faster. Press “Wait for a test call” again.",
                ));
            }
            start.mode = ExecutionMode::Test;
        }
        let token = entries.text(TOKEN).filter(|token| is_token(token));
        start.idempotency_key = token.map(|token| format!("form {} {token}", visit.hook));
        match self.engine.submit_form(start, page.form, filled, &call).await {
            Ok(Started { execution, .. }) | Err(StartError::Duplicate { execution }) if leads_on => {
                Ok(self.next_page(visit.tenant, execution))
            }
            Ok(Started { answer: Some(answer), .. }) if answer.status >= 400 => Ok(page.failed()),
            Ok(_) | Err(StartError::Duplicate { .. }) => Ok(page.done()),
            Err(error) => Err(start_problem(&error)),
        }
    }

    /// The form, and whether pages follow it.
    async fn form_of(&self, visit: &Visit<'_>) -> Result<(Form, bool), Problem> {
        let plan = self.engine.plan(visit.tenant.tenant, visit.workflow, visit.version).await;
        let plan = plan.map_err(|error| start_problem(&error.into()))?;
        let step = plan.node(visit.node).filter(|node| !node.disabled).map(|node| &node.step);
        let Some(PlanStep::Trigger(Trigger::Form(form))) = step else {
            return Err(Problem::not_found("unknown_webhook", "This node is no form."));
        };
        match_path(&form.path, visit.path).ok_or_else(|| unknown_path(visit.path))?;
        Ok((form.as_ref().clone(), plan.leads_to_pages(visit.node)))
    }
}

/// Whoever gave a wrong password is asked again: a browser asks its reader for another one only when it is told 401.
pub(super) fn unknown_visitor() -> Problem {
    let detail =
        "Whoever opens this page signs in first. Reload it and give the user name and the password that belong to it.";
    Problem::challenged("visitor_unknown", Some(BASIC_CHALLENGE), detail)
}

fn check_content_type(request: &HttpRequest) -> Result<(), Problem> {
    let sent = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = sent.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported_media_type",
        "This is not how a form is sent",
        "A form takes application/x-www-form-urlencoded or multipart/form-data.",
    ))
}

fn is_token(token: &str) -> bool {
    (16..=128).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}
