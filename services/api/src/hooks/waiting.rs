//! Calls that let an execution go on.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use weft_engine::{SendSignal, SignalError, Wait, WaitState, WaitingStep, Webhook};
use weft_model::ExecutionId;
use weft_model::execution::Awaited;
use weft_tenants::TenantProfile;

use super::brought::Wanted;
use super::path::match_path;
use super::problems::{start_problem, wrong_method};
use super::reply::{respond, unwanted};
use super::{Call, Hooks, Shape, cors, guard};
use crate::context::logged;
use crate::problem::Problem;

/// How long a call that comes before the execution waits is held: whoever was told the address may be faster than the
/// execution that told it.
const PATIENCE: Duration = Duration::from_secs(5);

/// The parts of the address of a waiting execution.
pub(super) struct Address<'a> {
    token: &'a str,
    path: &'a str,
}

impl<'a> Address<'a> {
    /// Reads what follows `/hooks`; nothing where it is the address of a trigger.
    pub(super) fn parse(rest: &'a str) -> Option<Self> {
        let rest = rest.trim_start_matches('/').strip_prefix("waiting/")?;
        let (token, path) = rest.split_once('/').unwrap_or((rest, ""));
        Some(Self { token, path })
    }
}

impl Hooks {
    /// Lets the execution of this address go on.
    pub(super) async fn resume(
        &self,
        request: &HttpRequest,
        payload: web::Payload,
        tenant: &TenantProfile,
        address: &Address<'_>,
    ) -> Result<HttpResponse, Problem> {
        let known = self.addresses.resume(tenant.tenant, &tenant.slug).read(address.token);
        let execution = known.ok_or_else(unknown)?;
        let wait = self.wait(tenant, execution).await?;
        let webhook = Webhook::of_details(&wait.details).ok_or_else(unknown)?;
        let params = match_path(&webhook.path, address.path).ok_or_else(unknown)?;
        if let Some(wanted) = cors::preflight(request) {
            return Ok(cors::allowed(request, &webhook.origins(), wanted));
        }
        cors::mark(request, &webhook.origins());
        let method = request.method().as_str();
        if !webhook.takes(method) {
            return Err(wrong_method(&webhook.methods().join(", "), method));
        }
        guard::may_call(request, webhook.access())?;
        let waiting = WaitingStep { tenant: tenant.tenant, execution, workflow: wait.workflow, node: wait.step.node };
        let proved = self.prove_waiting(request, waiting, webhook.credential()).await?;
        let admitted = proved.map_err(guard::not_admitted)?;
        let brought = self.receiver(request, tenant).bring(payload, &Wanted::of(&webhook)).await?;
        let authorization = self.authorization(request).await;
        let root = format!("waiting/{}", address.token);
        let call = Call { request, root, path: address.path, brought, authorization, admitted };
        let read = call.read(&Shape { params: &params, is_test: false, scheme: self.addresses.scheme() });
        let item = read.into_item();
        if !self.engine.wants(tenant.tenant, &webhook, &item).await.map_err(signal_problem)? {
            return Ok(unwanted(webhook.unwanted()));
        }
        let send = SendSignal {
            tenant: tenant.tenant,
            execution,
            signal: wait.signal,
            items: vec![item],
            respond: webhook.respond(),
        };
        let started = self.engine.signal(send).await.map_err(signal_problem)?;
        respond(Ok(started))
    }

    /// What the execution waits for, which must be a call.
    async fn wait(&self, tenant: &TenantProfile, execution: ExecutionId) -> Result<Box<Wait>, Problem> {
        match self.engine.awaited_soon(tenant.tenant, execution, PATIENCE).await.map_err(signal_problem)? {
            WaitState::Waits(wait) if wait.awaited == Awaited::Call => Ok(wait),
            WaitState::Waits(_) | WaitState::Busy => {
                Err(conflict("not_waiting", "The execution does not wait for a call: not yet, or not any longer."))
            }
            WaitState::Ended => Err(ended()),
            WaitState::Unknown => Err(unknown()),
        }
    }
}

pub(super) fn signal_problem(error: SignalError) -> Problem {
    match error {
        SignalError::NotFound => unknown(),
        SignalError::Ended => ended(),
        SignalError::Late => conflict("not_waiting", error.to_string()),
        SignalError::TooLarge => Problem::too_large(error.to_string()),
        SignalError::Start(error) => start_problem(&error),
        SignalError::Unreadable(_) => logged(&error),
    }
}

pub(super) fn unknown() -> Problem {
    Problem::not_found("unknown_webhook", "Nothing waits at this address. Compare it with the one that you were given.")
}

fn ended() -> Problem {
    let detail = "The execution that waited here has ended; nothing was changed.";
    Problem::new(StatusCode::GONE, "execution_ended", "It is over", detail)
}

fn conflict(code: &'static str, detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::CONFLICT, code, "It is not the time for this", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_apart() {
        let parts = |rest| Address::parse(rest).map(|Address { token, path }| (token, path));
        assert_eq!(parts("/waiting/abc"), Some(("abc", "")));
        assert_eq!(parts("/waiting/abc/a/b"), Some(("abc", "a/b")));
        assert_eq!(parts("/waiting/"), Some(("", "")));
        assert_eq!(parts("/fb82eaae-6784-8a7f-a78b-4cbcd4294627/waiting/x"), None);
    }
}
