//! Who is let in: by where they call from and what they are, then by what they prove.

use actix_web::http::header::USER_AGENT;
use actix_web::{HttpRequest, web};
use weft_engine::{Access, Admitted, CallerCheck, NotAdmitted, StartExecution, WaitingStep};
use weft_model::CredentialId;

use super::Hooks;
use super::problems::check_problem;
use crate::caller::TrustedProxies;
use crate::problem::Problem;

impl Hooks {
    /// Lets a caller in who proves what the webhook asks for. Where that cannot be known now, nobody is let in.
    pub(super) async fn admit(&self, request: &HttpRequest, start: &mut StartExecution) -> Result<Admitted, Problem> {
        self.prove(request, start).await?.map_err(not_admitted)
    }

    /// How a caller proved what is asked for, or why it is not let in.
    pub(super) async fn prove(
        &self,
        request: &HttpRequest,
        start: &mut StartExecution,
    ) -> Result<Result<Admitted, NotAdmitted>, Problem> {
        let access = self.engine.caller_access(start).await.map_err(|fault| check_problem(&fault))?;
        may_call(request, &access)?;
        let check = self.engine.caller_check(start).await.map_err(|fault| check_problem(&fault))?;
        Ok(check.map_or_else(|| Ok(Admitted::default()), |check| proof(request, &check)))
    }

    /// The same of whoever calls a step that waits, where that names a credential.
    pub(super) async fn prove_waiting(
        &self,
        request: &HttpRequest,
        waiting: WaitingStep,
        credential: Option<CredentialId>,
    ) -> Result<Result<Admitted, NotAdmitted>, Problem> {
        let Some(credential) = credential else { return Ok(Ok(Admitted::default())) };
        let check = self.engine.waiting_check(waiting, credential).await.map_err(|fault| check_problem(&fault))?;
        Ok(proof(request, &check))
    }
}

/// Turns away who may not call at all. The address is that of the connection, or what a trusted proxy says of it.
pub(super) fn may_call(request: &HttpRequest, access: &Access) -> Result<(), Problem> {
    let proxies = request.app_data::<web::Data<TrustedProxies>>();
    let address = proxies.map_or_else(|| TrustedProxies::default().caller(request), |proxies| proxies.caller(request));
    let agent = request.headers().get(USER_AGENT).map(|agent| String::from_utf8_lossy(agent.as_bytes()));
    let admitted = access.admit(address, agent.as_deref());
    admitted.map_err(|refused| Problem::forbidden("caller_refused", refused.to_string()))
}

pub(super) fn not_admitted(refused: NotAdmitted) -> Problem {
    match refused {
        NotAdmitted::Missing { challenge } => Problem::challenged("caller_unknown", challenge, refused.to_string()),
        NotAdmitted::Wrong => Problem::forbidden("caller_refused", refused.to_string()),
    }
}

fn proof(request: &HttpRequest, check: &CallerCheck) -> Result<Admitted, NotAdmitted> {
    check.admit(|name| {
        let texts = request.headers().get_all(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        texts.collect()
    })
}
