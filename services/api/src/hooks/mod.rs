//! `/hooks`: what starts workflows from outside.
//!
//! `/hooks/<hook>/<path>` calls the published version, `/hooks/test/<hook>/<path>` the draft, once, while somebody waits for it in the
//! editor. The hook is unguessable and belongs to one tenant; it is looked up in the tenant whose host was asked.

mod body;
mod path;
mod routes;

use actix_web::dev::Decompress;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_LENGTH, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::StreamExt;
use weft_engine::{Answer, Engine, HookCall, StartError, StartExecution, Started};
use weft_event_log::RouteMatch;
use weft_model::HookId;
use weft_model::execution::{ExecutedVersion, ExecutionMode};
use weft_tenants::TenantProfile;
use weft_value::{Object, Value};

pub use routes::{HookAddresses, Routes};

use crate::context::{Doors, logged};
use crate::problem::Problem;
use path::match_path;
use routes::parse_hook;

/// Makes a call happen once: whoever repeats it with the same key gets the identity of the first execution.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Names the execution in every answer.
const EXECUTION_ID: HeaderName = HeaderName::from_static("weft-execution-id");
/// The longest key, in bytes.
const KEY_LIMIT: usize = 255;

/// What the handlers work with.
pub struct Hooks {
    /// Hosts and tenants.
    pub doors: Doors,
    /// Which workflow a hook starts.
    pub routes: std::sync::Arc<Routes>,
    /// Starts it.
    pub engine: Engine,
    /// The largest body, in bytes.
    pub body_limit: usize,
}

/// The routes below `/hooks`.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/test/{hook}", web::route().to(test_call))
        .route("/test/{hook}/{path:.*}", web::route().to(test_call))
        .route("/{hook}", web::route().to(call))
        .route("/{hook}/{path:.*}", web::route().to(call));
}

/// One call, read as far as every call is.
struct Call<'a> {
    request: &'a HttpRequest,
    tenant: &'a TenantProfile,
    hook: HookId,
    path: &'a str,
    body: web::Bytes,
}

async fn call(request: HttpRequest, payload: web::Payload, hooks: web::Data<Hooks>) -> Result<HttpResponse, Problem> {
    let tenant = hooks.doors.tenant(&request).await?;
    let hook = hook_of(&request)?;
    let found = hooks.routes.of(tenant.tenant, hook).await.map_err(|fault| log_problem(&fault))?;
    let (path, method) = (request.match_info().get("path").unwrap_or_default(), request.method().as_str());
    let (route, params) = choose(&found, path, method)?;
    let body = read_all(&request, payload, hooks.body_limit).await?;
    let wants_raw = route.route.data["rawBody"].as_bool().unwrap_or_default();
    let call = Call { request: &request, tenant: &tenant, hook, path, body };
    let version = ExecutedVersion::Published(route.route.version);
    let mut start = StartExecution::new(tenant.tenant, route.workflow, version, route.route.node);
    start.idempotency_key = idempotency_key(&request, hook)?;
    let read = call.read(&params, wants_raw, false)?;
    respond(hooks.engine.call_webhook(start, read).await)
}

async fn test_call(
    request: HttpRequest,
    payload: web::Payload,
    hooks: web::Data<Hooks>,
) -> Result<HttpResponse, Problem> {
    let tenant = hooks.doors.tenant(&request).await?;
    let hook = hook_of(&request)?;
    let body = read_all(&request, payload, hooks.body_limit).await?;
    let Some(listener) = hooks.engine.listener(tenant.tenant, hook) else {
        return Err(Problem::not_found(
            "not_listening",
            "Nobody waits for a call at this test address. Press “Listen” in the editor, then call again.",
        ));
    };
    let version = ExecutedVersion::Draft(listener.draft);
    let path = request.match_info().get("path").unwrap_or_default();
    let (params, wants_raw) = hooks.test_shape(&listener, version, path, request.method().as_str()).await?;
    let call = Call { request: &request, tenant: &tenant, hook, path, body };
    let read = call.read(&params, wants_raw, true)?;
    // Only a call that can be read uses the wait up.
    if hooks.engine.take_listener(tenant.tenant, hook).is_none() {
        return Err(Problem::not_found("not_listening", "Another call was faster. Press “Listen” again."));
    }
    let mut start = StartExecution::new(listener.tenant, listener.workflow, version, listener.node);
    start.mode = ExecutionMode::Test;
    respond(hooks.engine.call_webhook(start, read).await)
}

impl Hooks {
    /// The path's parameters and whether the body stays raw, as the draft says.
    async fn test_shape(
        &self,
        listener: &weft_engine::TestListener,
        version: ExecutedVersion,
        path: &str,
        method: &str,
    ) -> Result<(Value, bool), Problem> {
        let plan = self.engine.plan(listener.tenant, listener.workflow, version).await;
        let plan = plan.map_err(|error| Problem::not_found("unknown_webhook", error.to_string()))?;
        let step = plan.node(listener.node).map(|node| &node.step);
        let Some(weft_engine::PlanStep::Trigger(weft_engine::Trigger::Webhook(webhook))) = step else {
            return Err(Problem::not_found("unknown_webhook", "This node is no webhook."));
        };
        if webhook.http_method != "*" && webhook.http_method != method {
            return Err(wrong_method(&webhook.http_method, method));
        }
        let params = match_path(&webhook.path, path).ok_or_else(|| unknown_path(path))?;
        Ok((params, webhook.wants_raw_body()))
    }
}

impl Call<'_> {
    fn read(self, params: &Value, wants_raw: bool, is_test: bool) -> Result<HookCall, Problem> {
        let headers = self.request.headers();
        let body = if wants_raw {
            Value::from(String::from_utf8_lossy(&self.body).into_owned())
        } else {
            body::read_body(headers, &self.body)?
        };
        let texts = headers.iter().map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())));
        let query: Vec<(String, String)> = serde_urlencoded::from_str(self.request.query_string()).unwrap_or_default();
        let path = if self.path.is_empty() { String::new() } else { format!("/{}", self.path) };
        let host = self.request.connection_info().host().to_owned();
        let test = if is_test { "test/" } else { "" };
        tracing::debug!(tenant.id = %self.tenant.tenant, hook.id = %self.hook, "A webhook was called");
        Ok(HookCall {
            method: self.request.method().to_string(),
            url: format!("{}://{host}/hooks/{test}{}{path}", self.request.connection_info().scheme(), self.hook),
            headers: texts.map(|(name, value)| (name, value.into_owned())).collect(),
            params: object(params),
            query: object(&body::gather(query)),
            body,
            is_test,
        })
    }
}

fn object(value: &Value) -> Object {
    value.as_object().cloned().unwrap_or_default()
}

fn hook_of(request: &HttpRequest) -> Result<HookId, Problem> {
    request.match_info().get("hook").and_then(parse_hook).ok_or_else(|| unknown_path(request.path()))
}

fn unknown_path(path: &str) -> Problem {
    let shown: String = path.chars().filter(|c| !c.is_control()).take(200).collect();
    Problem::not_found(
        "unknown_webhook",
        format!("No published workflow listens at \"{shown}\". Compare it with the address in the editor."),
    )
}

fn wrong_method(allowed: &str, method: &str) -> Problem {
    Problem::method_not_allowed(allowed, format!("This webhook is called with {allowed}, not with {method}."))
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

/// The whole body, unpacked, as long as it keeps to the limit; what is longer is not even held.
async fn read_all(request: &HttpRequest, payload: web::Payload, limit: usize) -> Result<web::Bytes, Problem> {
    let too_large = || Problem::too_large(format!("A webhook takes at most {limit} bytes."));
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|announced| announced > limit) {
        return Err(too_large());
    }
    let mut payload = Decompress::from_headers(payload, request.headers());
    let mut body = web::BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| {
            Problem::bad_request("broken_body", format!("The body ended early or is broken: {error}."))
        })?;
        if body.len() + chunk.len() > limit {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

fn respond(started: Result<Started, StartError>) -> Result<HttpResponse, Problem> {
    match started {
        Ok(Started { execution, answer, .. }) => {
            let answer = answer.unwrap_or_else(|| Answer::empty(200));
            Ok(to_http(answer, &execution.to_string()))
        }
        Err(StartError::Duplicate { execution }) => {
            let id: Object = [("executionId", execution.to_string())].into_iter().collect();
            Ok(to_http(Answer::json(200, &Value::from(id)), &execution.to_string()))
        }
        Err(error) => Err(start_problem(&error)),
    }
}

fn to_http(answer: Answer, execution: &str) -> HttpResponse {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = HttpResponse::build(status);
    for (name, value) in &answer.headers {
        // A workflow may name headers freely; one that HTTP does not allow is left out rather than failing the call.
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name.as_str()), HeaderValue::try_from(value.as_str())) {
            response.insert_header((name, value));
        }
    }
    response.insert_header((EXECUTION_ID, execution));
    response.body(answer.body)
}

fn start_problem(error: &StartError) -> Problem {
    match error {
        StartError::Overloaded { retry_after } => Problem::overloaded(*retry_after, error.to_string()),
        StartError::Stopping | StartError::Unavailable | StartError::Lost => Problem::unavailable(error.to_string()),
        StartError::UnknownWorkflow | StartError::UnknownTrigger => {
            Problem::not_found("unknown_webhook", error.to_string())
        }
        StartError::Duplicate { .. } | StartError::Refused(_) | StartError::Definition(_) => logged(error),
    }
}

fn log_problem(fault: &weft_event_log::LogFault) -> Problem {
    if fault.is_unavailable() {
        Problem::unavailable("The database is not available right now. Try again in a moment.")
    } else {
        logged(fault)
    }
}
