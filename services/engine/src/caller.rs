//! Who may call a webhook: whoever proves it with what the node's credential holds.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use thiserror::Error;
use weft_model::{CorrelationId, CredentialId, ExecutionId, NodeId, TenantId, WorkflowId};
use weft_value::Value;
use zeroize::Zeroizing;

use crate::clock::fresh_id;
use crate::credentials::{CredentialUse, NotOpened, Opened};
use crate::engine::{CompileError, Engine, StartExecution};
use crate::jwt::{Lenience, algorithm, verify};
use crate::kinds::webhook::Access;
use crate::plan::PlanStep;
use crate::{DefinitionFault, Trigger};

/// The types of credentials that callers can prove themselves with.
pub(crate) const CALLER_TYPES: [&str; 3] = ["basic", "header", "jwt"];

/// How a browser is told to ask for a user name and a password (RFC 7617).
pub const BASIC_CHALLENGE: &str = "Basic realm=\"webhook\", charset=\"UTF-8\"";

/// What a caller has to prove.
pub struct CallerCheck {
    opened: Opened,
    /// When the caller called, in seconds of Unix.
    now: i64,
}

/// A step that waits for somebody to call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitingStep {
    /// The tenant.
    pub tenant: TenantId,
    /// The execution.
    pub execution: ExecutionId,
    /// The workflow that it executes.
    pub workflow: WorkflowId,
    /// The node.
    pub node: NodeId,
}

/// A caller who proved it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Admitted {
    /// The header that holds the proof, in small letters: no workflow sees it, and no log keeps it.
    pub withheld: Option<String>,
    /// The claims of the caller's token.
    pub claims: Option<Value>,
}

/// Why a caller is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotAdmitted {
    /// Nothing was proved.
    #[error("This webhook asks its callers to sign in.")]
    Missing {
        /// How to, as the header `WWW-Authenticate` says it, where HTTP has a name for it.
        challenge: Option<&'static str>,
    },
    /// What was sent proves nothing.
    #[error("What this caller sent to sign in is wrong.")]
    Wrong,
}

/// Why it is not known what a caller has to prove: nobody is let in.
#[derive(Debug, Error)]
pub enum CheckFault {
    /// The version cannot be compiled.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// The credential cannot be opened.
    #[error(transparent)]
    NotOpened(#[from] NotOpened),
    /// It is of a type that callers cannot prove themselves with.
    #[error("the credential of this webhook is of another type")]
    WrongType,
    /// There are none here.
    #[error("this installation keeps no credentials")]
    NoCredentials,
}

impl From<DefinitionFault> for CheckFault {
    fn from(fault: DefinitionFault) -> Self {
        Self::Compile(fault.into())
    }
}

impl Engine {
    /// Who may call the webhook or form node `start.trigger` at all.
    pub async fn caller_access(&self, start: &StartExecution) -> Result<Access, CheckFault> {
        let plan = self.0.plan(start.tenant, start.workflow, start.version).await?;
        Ok(match plan.node(start.trigger).map(|node| &node.step) {
            Some(PlanStep::Trigger(Trigger::Webhook(webhook))) => webhook.access().clone(),
            Some(PlanStep::Trigger(Trigger::Form(form))) => form.access().clone(),
            _ => Access::default(),
        })
    }

    /// What callers of the webhook or form node `start.trigger` have to prove; nothing where it lets everybody in. The execution is given
    /// its identity here, since the use of the credential is recorded with it; that of a caller who is refused never begins.
    pub async fn caller_check(&self, start: &mut StartExecution) -> Result<Option<CallerCheck>, CheckFault> {
        let plan = self.0.plan(start.tenant, start.workflow, start.version).await?;
        let step = plan.node(start.trigger).map(|node| &node.step);
        let credential = match step {
            Some(PlanStep::Trigger(Trigger::Webhook(webhook))) => webhook.credential(),
            Some(PlanStep::Trigger(Trigger::Form(form))) => form.credential(),
            _ => None,
        };
        let Some(credential) = credential else { return Ok(None) };
        let fresh = || ExecutionId(fresh_id(&*self.0.clock, &*self.0.entropy));
        let execution = *start.execution.get_or_insert_with(fresh);
        let correlation = *start.correlation.get_or_insert(CorrelationId(execution.0));
        let (tenant, workflow, node) = (start.tenant, start.workflow, start.trigger);
        let asked = CredentialUse { tenant, workflow, node, execution, correlation, credential };
        self.check_of(asked).await.map(Some)
    }

    /// What whoever calls an execution that waits has to prove, where the step that waits names a credential.
    pub async fn waiting_check(
        &self,
        waiting: WaitingStep,
        credential: CredentialId,
    ) -> Result<CallerCheck, CheckFault> {
        let WaitingStep { tenant, execution, workflow, node } = waiting;
        let correlation = CorrelationId(execution.0);
        self.check_of(CredentialUse { tenant, workflow, node, execution, correlation, credential }).await
    }

    async fn check_of(&self, asked: CredentialUse) -> Result<CallerCheck, CheckFault> {
        let credentials = self.0.services.credentials.as_ref().ok_or(CheckFault::NoCredentials)?;
        let opened = credentials.open(asked).await?;
        if CALLER_TYPES.contains(&opened.kind.as_str()) {
            Ok(CallerCheck { opened, now: self.0.clock.now().as_second() })
        } else {
            Err(CheckFault::WrongType)
        }
    }
}

impl CallerCheck {
    /// Whether a caller with these headers is let in; `values` gives all values of a header.
    pub fn admit(&self, values: impl Fn(&str) -> Vec<String>) -> Result<Admitted, NotAdmitted> {
        let Self { opened, now } = self;
        match opened.kind.as_str() {
            "basic" => {
                let proof = of_scheme(&values("authorization"), "Basic")?;
                let pair = STANDARD.decode(proof).map(Zeroizing::new).map_err(|_| NotAdmitted::Wrong)?;
                let wanted = Zeroizing::new(format!("{}:{}", opened.field("user"), opened.field("password")));
                is_same(&pair, wanted.as_bytes()).then(|| withholding("authorization")).ok_or(NotAdmitted::Wrong)
            }
            "header" => {
                let name = opened.field("name").to_ascii_lowercase();
                let given = only(&values(&name), None)?;
                let wanted = opened.field("value").as_bytes();
                is_same(given.as_bytes(), wanted).then(|| withholding(&name)).ok_or(NotAdmitted::Wrong)
            }
            "jwt" => {
                let token = of_scheme(&values("authorization"), "Bearer")?;
                let data = verify(opened, algorithm(opened), &token, Lenience { now: *now, ..Lenience::default() })
                    .map_err(|fault| {
                        tracing::debug!(error = %fault, "The token of a caller was refused");
                        NotAdmitted::Wrong
                    })?;
                let claims = serde_json::to_vec(&data.claims).unwrap_or_default();
                let claims = weft_value::from_json_bytes(&claims).map_err(|_| NotAdmitted::Wrong)?;
                Ok(Admitted { claims: Some(claims), ..withholding("authorization") })
            }
            _ => Err(NotAdmitted::Wrong),
        }
    }
}

fn withholding(header: &str) -> Admitted {
    Admitted { withheld: Some(header.to_owned()), claims: None }
}

/// What follows the scheme in the one header `Authorization`. The name of a scheme has no case (RFC 9110, section 11.1).
fn of_scheme(values: &[String], scheme: &'static str) -> Result<String, NotAdmitted> {
    let challenge = if scheme == "Basic" { BASIC_CHALLENGE } else { "Bearer" };
    let value = only(values, Some(challenge))?;
    let (given, proof) = value.split_once(' ').unwrap_or((&value, ""));
    if given.eq_ignore_ascii_case(scheme) {
        Ok(proof.trim().to_owned())
    } else {
        Err(NotAdmitted::Missing { challenge: Some(challenge) })
    }
}

/// Of two values one might be checked here and the other one be believed elsewhere.
fn only(values: &[String], challenge: Option<&'static str>) -> Result<String, NotAdmitted> {
    match values {
        [] => Err(NotAdmitted::Missing { challenge }),
        [only] => Ok(only.clone()),
        [..] => Err(NotAdmitted::Wrong),
    }
}

/// Compares digests, so that the time it takes tells nothing about how much of a guess was right.
fn is_same(given: &[u8], wanted: &[u8]) -> bool {
    Sha256::digest(given) == Sha256::digest(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: &str, fields: &[(&str, &str)]) -> CallerCheck {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), Zeroizing::new((*value).to_owned())));
        CallerCheck { opened: Opened { kind: kind.into(), fields: fields.collect() }, now: 1_795_305_600 }
    }

    fn admit(check: &CallerCheck, headers: &[(&str, &str)]) -> Result<Admitted, NotAdmitted> {
        check.admit(|asked| {
            let named = headers.iter().filter(|(name, _)| *name == asked);
            named.map(|(_, value)| (*value).to_owned()).collect()
        })
    }

    const ASKED_FOR_BASIC: NotAdmitted =
        NotAdmitted::Missing { challenge: Some("Basic realm=\"webhook\", charset=\"UTF-8\"") };

    #[test]
    fn user_and_password_are_both_checked() {
        let basic = check("basic", &[("user", "Aladdin"), ("password", "open sesame")]);
        let with = |pair: &str| format!("Basic {}", STANDARD.encode(pair));
        for (header, expected) in [
            // RFC 7617, section 2.
            ("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==".to_owned(), Ok(withholding("authorization"))),
            (with("Aladdin:open sesame").replace("Basic", "bAsIc"), Ok(withholding("authorization"))),
            (with("Aladdin:open sesame "), Err(NotAdmitted::Wrong)),
            (with("aladdin:open sesame"), Err(NotAdmitted::Wrong)),
            (with("Aladdin"), Err(NotAdmitted::Wrong)),
            (with(""), Err(NotAdmitted::Wrong)),
            ("Basic é".to_owned(), Err(NotAdmitted::Wrong)),
            ("Bearer QWxhZGRpbjpvcGVuIHNlc2FtZQ==".to_owned(), Err(ASKED_FOR_BASIC)),
        ] {
            assert_eq!(admit(&basic, &[("authorization", &header)]), expected, "{header}");
        }
        assert_eq!(admit(&basic, &[]), Err(ASKED_FOR_BASIC));
        let twice = with("Aladdin:open sesame");
        let twice = [("authorization", twice.as_str()), ("authorization", twice.as_str())];
        assert_eq!(admit(&basic, &twice), Err(NotAdmitted::Wrong));
    }

    #[test]
    fn a_header_is_compared_whole() {
        let header = check("header", &[("name", "X-Key"), ("value", "hunter2")]);
        assert_eq!(admit(&header, &[("x-key", "hunter2")]), Ok(withholding("x-key")));
        assert_eq!(admit(&header, &[]), Err(NotAdmitted::Missing { challenge: None }));
        for wrong in ["", "hunter", "hunter2 ", "Hunter2"] {
            assert_eq!(admit(&header, &[("x-key", wrong)]), Err(NotAdmitted::Wrong), "{wrong}");
        }
    }

    #[test]
    fn a_token_is_checked_and_its_claims_are_handed_on() {
        let jwt = check("jwt", &[("secret", "your-256-bit-secret"), ("algorithm", "HS256")]);
        let token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";
        let admitted = admit(&jwt, &[("authorization", &format!("Bearer {token}"))]).unwrap();
        assert_eq!(admitted.claims.unwrap().get("sub").as_str(), Some("1234567890"));
        assert_eq!(admitted.withheld.as_deref(), Some("authorization"));
        let forged = format!("Bearer {}A", &token[..token.len() - 1]);
        assert_eq!(admit(&jwt, &[("authorization", &forged)]), Err(NotAdmitted::Wrong));
        assert_eq!(admit(&jwt, &[]), Err(NotAdmitted::Missing { challenge: Some("Bearer") }));
        let keyless = check("jwt", &[]);
        assert_eq!(admit(&keyless, &[("authorization", &format!("Bearer {token}"))]), Err(NotAdmitted::Wrong));
    }

    #[test]
    fn what_is_no_such_credential_lets_nobody_in() {
        for kind in ["", "bearer", "keyPair"] {
            assert_eq!(admit(&check(kind, &[]), &[("authorization", "Basic Og==")]), Err(NotAdmitted::Wrong), "{kind}");
        }
    }
}
