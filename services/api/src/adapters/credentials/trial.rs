//! Trying a credential. The one that is kept is opened for it, and the audit is told how it ended.

use weft_connectors::HttpClient;
use weft_engine::{Clock, Opened, SystemClock, TrialRefused, Tried, try_credential};
use weft_event_log::Log;
use weft_graphql::ports::{CredentialToTest, Done, GivenField, Outcome, Refusal, TestCredential, TestedCredential};
use weft_model::access::{AccessEvent, RefusalReason};
use weft_model::credential::{Credential, CredentialCommand, CredentialEvent};
use weft_model::{CredentialId, Position};
use weft_nodes::credential::credential_type;
use weft_tenants::{Action, RequestContext, TenantLog};

use super::super::{TenantEvents, faults};
use super::fields::{Fields, read};
use super::{LogCredentials, changed, internal, refusal, rejected, unknown_type};

impl LogCredentials {
    /// Tries whether the other side takes a credential.
    pub async fn test(&self, context: &RequestContext, asked: TestCredential) -> Outcome<TestedCredential> {
        let TestCredential { credential, url } = asked;
        let Some(client) = &self.http else {
            return Err(rejected("trial_impossible", "This installation makes no HTTP requests.".to_owned(), None));
        };
        match credential {
            CredentialToTest::Saved(credential) => self.test_saved(context, client, (credential, url)).await,
            CredentialToTest::Unsaved { kind, fields } => {
                let opened = unsaved(kind, fields)?;
                let tried = self.tried(context, client, (&opened, url)).await?;
                Ok(Done { value: told(&tried), position: Position(0) })
            }
        }
    }

    async fn test_saved(
        &self,
        context: &RequestContext,
        client: &HttpClient,
        (credential, url): (CredentialId, Option<String>),
    ) -> Outcome<TestedCredential> {
        let kept = self.log.open_secret(context.tenant, credential).await.map_err(faults::log)?;
        let kept = kept.ok_or(Refusal::NotFound)?;
        let (kind, fields) = read(&kept.secret).map_err(internal)?;
        let tried = self.tried(context, client, (&Opened { kind, fields }, url)).await?;
        let command =
            CredentialCommand::RecordTest { version: kept.version, outcome: tried.outcome, at: SystemClock.now() };
        let nothing = |_: &Credential, _: &[CredentialEvent]| Vec::new();
        let executed = self.execute(context, credential, command, &nothing).await.map_err(refusal)?;
        Ok(Done { value: told(&tried), position: executed.position })
    }

    /// Tries it, and tells the audit what it was not permitted to reach.
    async fn tried(
        &self,
        context: &RequestContext,
        client: &HttpClient,
        (opened, url): (&Opened, Option<String>),
    ) -> Result<Tried, Refusal> {
        let tried = try_credential(client, opened, url.as_deref()).await.map_err(not_tried)?;
        if let Some(host) = &tried.refused_host {
            let event = AccessEvent::Refused {
                reason: RefusalReason::Egress,
                action: Action::TestCredential.name().to_owned(),
                subject: Some(host.clone()),
                identity: None,
            };
            let log: std::sync::Arc<dyn Log> = std::sync::Arc::clone(&self.log) as _;
            let recorded =
                TenantEvents(log).record_access(context.tenant, (context.actor, context.correlation), event).await;
            recorded.map_err(faults::of)?;
        }
        Ok(tried)
    }
}

fn unsaved(kind: String, fields: Vec<GivenField>) -> Result<Opened, Refusal> {
    let known = credential_type(&kind).ok_or_else(|| unknown_type(&kind))?;
    Ok(Opened { fields: changed(known, Fields::new(), fields)?, kind })
}

fn told(tried: &Tried) -> TestedCredential {
    TestedCredential { outcome: tried.outcome, code: tried.said.code.to_string(), message: tried.said.message.clone() }
}

fn not_tried(refused: TrialRefused) -> Refusal {
    let field = match refused {
        TrialRefused::Untestable => None,
        TrialRefused::NoUrl | TrialRefused::BadUrl => Some(vec!["url".to_owned()]),
    };
    rejected(refused.code(), refused.to_string(), field)
}
