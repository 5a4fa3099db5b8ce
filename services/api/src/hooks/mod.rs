//! `/hooks`: what starts workflows from outside.
//!
//! `/hooks/<hook>/<path>` calls the published version, `/hooks/test/<hook>/<path>` the draft, once, while somebody waits for it in the
//! editor. The hook is unguessable and belongs to one tenant; it is looked up in the tenant whose host was asked.
//! `/hooks/waiting/<token>/<suffix>` lets an execution go on that waits for a call, `/hooks/forms/<token>/<suffix>` shows the pages of
//! a form that an execution asks for. `/hooks/conversation.js` is the script of the pages of conversations.

mod body;
mod brought;
mod chat;
mod cors;
mod form;
mod form_page;
mod guard;
mod headers;
mod next_page;
mod path;
mod problems;
mod reply;
mod routes;
mod sheet;
mod waiting;

use actix_web::http::header::HOST;
use actix_web::{HttpRequest, HttpResponse, web};
use weft_engine::{Admitted, Engine, HookCall, StartExecution, Webhook};
use weft_event_log::RouteMatch;
use weft_model::execution::{ExecutedVersion, ExecutionMode};
use weft_model::{HookId, NodeId, WorkflowId};
use weft_tenants::TenantProfile;
use weft_value::{Object, Value};

pub use routes::{HookAddresses, Routes, is_called, tenant_address};

use crate::context::Doors;
use crate::problem::Problem;
use crate::problem_page::{self, wants_page};
use crate::receive::Room;
use brought::{Brought, Receiver, Wanted};
use headers::Authorization;
use path::match_path;
use problems::{log_problem, start_problem, unknown_path, wrong_method};
use reply::{no_session, respond};
use routes::parse_hook;

/// Makes a call happen once: whoever repeats it with the same key gets the identity of the first execution.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// The method by which a browser asks whether it may call.
const OPTIONS: &str = "OPTIONS";
/// The longest key, in bytes.
const KEY_LIMIT: usize = 255;

/// What the handlers work with.
pub struct Hooks {
    /// Hosts and tenants.
    pub doors: Doors,
    /// Which workflow a hook starts.
    pub routes: std::sync::Arc<Routes>,
    /// Where executions that wait are called.
    pub addresses: HookAddresses,
    /// Starts it.
    pub engine: Engine,
    /// The largest body that is read, in bytes.
    pub body_limit: usize,
    /// The most bytes of the files of one call.
    pub upload_limit: usize,
    /// What bodies hold together.
    pub room: Room,
}

/// Everything below `/hooks`. The path is taken apart by hand: a route with variable parts is a regular expression, which every
/// call would pay for.
pub fn configure(config: &mut web::ServiceConfig) {
    config.default_service(web::route().to(called));
}

/// The parts of a webhook's address.
struct Address<'a> {
    hook: HookId,
    path: &'a str,
    is_test: bool,
}

impl<'a> Address<'a> {
    /// Reads what follows `/hooks`.
    fn parse(rest: &'a str) -> Option<Self> {
        let rest = rest.trim_start_matches('/');
        let (rest, is_test) = rest.strip_prefix("test/").map_or((rest, false), |rest| (rest, true));
        let (hook, path) = rest.split_once('/').unwrap_or((rest, ""));
        Some(Self { hook: parse_hook(hook)?, path, is_test })
    }
}

/// One call, read as far as every call is.
struct Call<'a> {
    request: &'a HttpRequest,
    /// What the address begins with below `/hooks/`.
    root: String,
    path: &'a str,
    brought: Brought,
    authorization: Authorization,
    /// How the caller proved itself.
    admitted: Admitted,
}

async fn called(request: HttpRequest, payload: web::Payload, hooks: web::Data<Hooks>) -> Result<HttpResponse, Problem> {
    let answer = match answered(&request, payload, &hooks).await {
        // Whoever follows a link to a form that is not published yet reads a page.
        Err(problem) if wants_page(&request) => Ok(problem_page::page(&request, &problem)),
        answer => answer,
    };
    cors::marked(&request, answer)
}

async fn answered(request: &HttpRequest, payload: web::Payload, hooks: &Hooks) -> Result<HttpResponse, Problem> {
    let tenant = hooks.doors.tenant(request).await?;
    let rest = request.match_info().unprocessed();
    if rest == chat::SCRIPT && chat::is_read(request) {
        return Ok(chat::script());
    }
    if let Some(address) = waiting::Address::parse(rest) {
        return Box::pin(hooks.resume(request, payload, &tenant, &address)).await;
    }
    if let Some(address) = next_page::Address::parse(rest) {
        return form_or_page(request, Box::pin(hooks.further_page(request, payload, &tenant, &address)).await);
    }
    let Some(address) = Address::parse(rest) else { return Err(unknown_path(rest)) };
    // What a call needs while it waits is large, and the server moves a handler's future several times before it polls it.
    if address.is_test {
        Box::pin(hooks.test_call(request, payload, &tenant, &address)).await
    } else {
        Box::pin(hooks.call(request, payload, &tenant, &address)).await
    }
}

impl Hooks {
    async fn call(
        &self,
        request: &HttpRequest,
        payload: web::Payload,
        tenant: &TenantProfile,
        &Address { hook, path, .. }: &Address<'_>,
    ) -> Result<HttpResponse, Problem> {
        let found = self.routes.of(tenant.tenant, hook).await.map_err(|fault| log_problem(&fault))?;
        if chat::is_read(request)
            && let Some(route) = found.iter().find(|found| has_page(found, path))
        {
            let version = ExecutedVersion::Published(route.route.version);
            let (workflow, node) = (route.workflow, route.route.node);
            let visit = form::Visit { tenant, hook, workflow, version, node, path, is_test: false };
            let page = self.conversation(request, &visit).await.and_then(|page| page.ok_or_else(|| unknown_path(path)));
            return form_or_page(request, page);
        }
        let preflight = cors::preflight(request).filter(|_| !lists_options(&found, path));
        let method = preflight.unwrap_or_else(|| request.method().as_str());
        let (route, params) = choose(&found, path, method)?;
        if route.route.data["form"].as_bool() == Some(true) {
            let version = ExecutedVersion::Published(route.route.version);
            let (workflow, node) = (route.workflow, route.route.node);
            let visit = form::Visit { tenant, hook, workflow, version, node, path, is_test: false };
            return form_or_page(request, self.form(request, payload, visit).await);
        }
        let version = ExecutedVersion::Published(route.route.version);
        let webhook = self.webhook(tenant, route.workflow, version, route.route.node).await?;
        if let Some(wanted) = preflight {
            return Ok(cors::allowed(request, &webhook.origins(), wanted));
        }
        cors::mark(request, &webhook.origins());
        let idempotency_key = idempotency_key(request, hook)?;
        let wanted = Wanted {
            raw_text: route.route.data["rawBody"].as_bool().unwrap_or_default(),
            raw_file: route.route.data["rawFile"].as_str().map(str::to_owned),
        };
        let mut start = StartExecution::new(tenant.tenant, route.workflow, version, route.route.node);
        start.idempotency_key = idempotency_key;
        // Nobody's body is received who is not let in.
        let admitted = self.admit(request, &mut start).await?;
        let brought = self.receiver(request, tenant).bring(payload, &wanted).await?;
        let authorization = self.authorization(request).await;
        tracing::debug!(tenant.id = %tenant.tenant, hook.id = %hook, "A webhook was called");
        let call =
            Call { request, root: hook.to_string(), path: called_path(request), brought, authorization, admitted };
        let read = call.read(&Shape { params: &params, is_test: false, scheme: self.addresses.scheme() });
        if route.route.data["chat"].as_bool() == Some(true) && read.asks_for_session() {
            return Ok(no_session());
        }
        respond(self.engine.call_webhook(start, read).await)
    }

    async fn test_call(
        &self,
        request: &HttpRequest,
        payload: web::Payload,
        tenant: &TenantProfile,
        &Address { hook, path, .. }: &Address<'_>,
    ) -> Result<HttpResponse, Problem> {
        // Nobody is made to receive a body that nobody waits for.
        let Some(listener) = self.engine.listener(tenant.tenant, hook) else {
            return Err(Problem::not_found(
                "not_listening",
                "Nobody waits for a call at this test address. Press “Wait for a test call” in the editor, then try again.",
            ));
        };
        let version = ExecutedVersion::Draft(listener.draft);
        if self.is_form(&listener, version).await? {
            let (workflow, node) = (listener.workflow, listener.node);
            let visit = form::Visit { tenant, hook, workflow, version, node, path, is_test: true };
            return form_or_page(request, self.form(request, payload, visit).await);
        }
        if chat::is_read(request) {
            let (workflow, node) = (listener.workflow, listener.node);
            let visit = form::Visit { tenant, hook, workflow, version, node, path, is_test: true };
            if let Some(page) = self.conversation(request, &visit).await.transpose() {
                return form_or_page(request, page);
            }
        }
        let webhook = self.webhook(tenant, listener.workflow, version, listener.node).await?;
        if let Some(wanted) =
            cors::preflight(request).filter(|_| !webhook.methods().iter().any(|method| method == OPTIONS))
        {
            return Ok(cors::allowed(request, &webhook.origins(), wanted));
        }
        cors::mark(request, &webhook.origins());
        let params = shape(&webhook, path, request.method().as_str())?;
        let mut start = StartExecution::new(listener.tenant, listener.workflow, version, listener.node);
        start.mode = ExecutionMode::Test;
        let admitted = self.admit(request, &mut start).await?;
        let brought = self.receiver(request, tenant).bring(payload, &Wanted::of(&webhook)).await?;
        let authorization = self.authorization(request).await;
        let root = format!("test/{hook}");
        let call = Call { request, root, path: called_path(request), brought, authorization, admitted };
        let read = call.read(&Shape { params: &params, is_test: true, scheme: self.addresses.scheme() });
        if webhook.is_chat() && read.asks_for_session() {
            return Ok(no_session());
        }
        // Only a call that can be read uses the wait up.
        if self.engine.take_listener(tenant.tenant, hook).is_none() {
            return Err(Problem::not_found(
                "not_listening",
                "Another call was faster. Press “Wait for a test call” again.",
            ));
        }
        respond(self.engine.call_webhook(start, read).await)
    }

    async fn is_form(&self, listener: &weft_engine::TestListener, version: ExecutedVersion) -> Result<bool, Problem> {
        let plan = self.engine.plan(listener.tenant, listener.workflow, version).await;
        let plan = plan.map_err(|error| start_problem(&error.into()))?;
        let step = plan.node(listener.node).map(|node| &node.step);
        Ok(matches!(step, Some(weft_engine::PlanStep::Trigger(weft_engine::Trigger::Form(_)))))
    }

    /// A member's own token opens the whole API: it is not shown to a workflow. Where that cannot be known now, none is.
    async fn authorization(&self, request: &HttpRequest) -> Authorization {
        for token in headers::bearers(request.headers()) {
            if self.doors.access.is_ours(token).await.unwrap_or(true) {
                return Authorization::Withheld;
            }
        }
        Authorization::Shown
    }

    /// What receives a call.
    fn receiver<'a>(&'a self, request: &'a HttpRequest, tenant: &TenantProfile) -> Receiver<'a> {
        let files = self.engine.files(tenant.tenant);
        Receiver { request, files, limit: self.body_limit, upload_limit: self.upload_limit, room: &self.room }
    }

    /// The webhook of a node.
    async fn webhook(
        &self,
        tenant: &TenantProfile,
        workflow: WorkflowId,
        version: ExecutedVersion,
        node: NodeId,
    ) -> Result<Box<Webhook>, Problem> {
        let plan = self.engine.plan(tenant.tenant, workflow, version).await;
        let plan = plan.map_err(|error| start_problem(&error.into()))?;
        match plan.node(node).map(|node| &node.step) {
            Some(weft_engine::PlanStep::Trigger(weft_engine::Trigger::Webhook(webhook))) => Ok(webhook.clone()),
            _ => Err(Problem::not_found("unknown_webhook", "This node is no webhook.")),
        }
    }
}

/// The path's parameters of a call that the draft takes.
fn shape(webhook: &Webhook, path: &str, method: &str) -> Result<Value, Problem> {
    if !webhook.takes(method) {
        return Err(wrong_method(&webhook.methods().join(", "), method));
    }
    match_path(&webhook.path, path).ok_or_else(|| unknown_path(path))
}

/// Whether a workflow itself answers `OPTIONS` at this path.
fn lists_options(found: &[RouteMatch], path: &str) -> bool {
    found.iter().any(|found| {
        !found.route.test && found.route.method == OPTIONS && match_path(&found.route.path, path).is_some()
    })
}

impl Call<'_> {
    fn read(self, shape: &Shape<'_>) -> HookCall {
        let headers = self.request.headers();
        let query: Vec<(String, String)> = serde_urlencoded::from_str(self.request.query_string()).unwrap_or_default();
        let mut shown = headers::shown(headers, self.authorization);
        if let Some(proof) = &self.admitted.withheld {
            shown.remove(proof);
        }
        let path = if self.path.is_empty() { String::new() } else { format!("/{}", self.path) };
        HookCall {
            method: self.request.method().to_string(),
            url: format!("{}://{}/hooks/{}{path}", shape.scheme, called_host(self.request), self.root),
            headers: shown,
            params: object(shape.params),
            query: object(&body::gather(query)),
            body: self.brought.body,
            files: self.brought.files,
            claims: self.admitted.claims,
            is_test: shape.is_test,
        }
    }
}

/// How a call is read.
struct Shape<'a> {
    params: &'a Value,
    is_test: bool,
    /// How this installation is spoken to.
    scheme: &'a str,
}

/// The host that was called, by which its tenant was found. What a call says of itself in `X-Forwarded-Host` or
/// `X-Forwarded-Proto`, anybody can write.
pub(crate) fn called_host(request: &HttpRequest) -> &str {
    request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default()
}

/// The path of a call as it was called: what is decoded may be no address any longer.
fn called_path(request: &HttpRequest) -> &str {
    let called = request.uri().path().strip_prefix("/hooks").unwrap_or_default();
    Address::parse(called).map_or("", |address| address.path)
}

/// Whoever opens a form is a person: what stands in the way is told on a page.
fn form_or_page(request: &HttpRequest, answer: Result<HttpResponse, Problem>) -> Result<HttpResponse, Problem> {
    match answer {
        Err(problem) if problem_page::accepts_page(request) => Ok(problem_page::page(request, &problem)),
        answer => answer,
    }
}

/// Whether a conversation is held on a page at this path.
fn has_page(found: &RouteMatch, path: &str) -> bool {
    !found.route.test
        && found.route.data["page"].as_bool() == Some(true)
        && match_path(&found.route.path, path).is_some()
}

fn object(value: &Value) -> Object {
    value.as_object().cloned().unwrap_or_default()
}

/// The route of this path and method, with the path's parameters.
fn choose<'a>(found: &'a [RouteMatch], path: &str, method: &str) -> Result<(&'a RouteMatch, Value), Problem> {
    let of_path: Vec<_> = found
        .iter()
        .filter(|found| !found.route.test)
        .filter_map(|found| match_path(&found.route.path, path).map(|params| (found, params)))
        .collect();
    if of_path.is_empty() {
        return Err(unknown_path(path));
    }
    let allowed: Vec<_> = of_path.iter().map(|(found, _)| found.route.method.clone()).collect();
    let chosen = of_path.into_iter().find(|(found, _)| found.route.method == "*" || found.route.method == method);
    chosen.ok_or_else(|| wrong_method(&allowed.join(", "), method))
}

fn idempotency_key(request: &HttpRequest, hook: HookId) -> Result<Option<String>, Problem> {
    let Some(header) = request.headers().get(IDEMPOTENCY_KEY) else { return Ok(None) };
    match header.to_str() {
        Ok(key) if !key.is_empty() && key.len() <= KEY_LIMIT => Ok(Some(format!("hook {hook} {key}"))),
        _ => Err(Problem::bad_request(
            "invalid_idempotency_key",
            format!("Idempotency-Key must be 1 to {KEY_LIMIT} printable ASCII characters."),
        )),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    const HOOK: &str = "fb82eaae-6784-8a7f-a78b-4cbcd4294627";

    #[test]
    fn the_address_of_a_call_is_none_that_its_caller_made_up() {
        let request = TestRequest::default()
            .insert_header((HOST, "acme.example.com"))
            .insert_header(("x-forwarded-host", "evil.example"))
            .insert_header(("x-forwarded-proto", "javascript"))
            .insert_header(("forwarded", "host=evil.example;proto=http"))
            .to_http_request();
        let call = Call {
            request: &request,
            root: HOOK.into(),
            path: "orders",
            brought: Brought::default(),
            authorization: Authorization::Shown,
            admitted: Admitted::default(),
        };
        let scheme = HookAddresses::new([7; 32], "https://example.com/").scheme().to_owned();
        let read = call.read(&Shape { params: &Value::Null, is_test: false, scheme: &scheme });
        assert_eq!(read.url, format!("https://acme.example.com/hooks/{HOOK}/orders"));
    }

    #[test]
    fn an_address_is_taken_apart() {
        let parts = |rest: &str| {
            let Address { hook, path, is_test } = Address::parse(rest)?;
            Some((hook.to_string(), path.to_owned(), is_test))
        };
        assert_eq!(parts(&format!("/{HOOK}")), Some((HOOK.into(), String::new(), false)));
        assert_eq!(parts(&format!("/{HOOK}/orders/7")), Some((HOOK.into(), "orders/7".into(), false)));
        assert_eq!(parts(&format!("/test/{HOOK}/a")), Some((HOOK.into(), "a".into(), true)));
        assert_eq!(parts("/test/"), None);
        assert_eq!(parts("/nonsense/a"), None);
    }
}
