//! The engine's way to a secret: opened for one call, and told to the audit before it is given.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::tz::TimeZone;
use moka::future::Cache;
use weft_engine::{Clock, CredentialUse, Credentials, NotOpened, Opened};
use weft_event_log::{AppendError, AppendRequest, Companion, Expected, Log, LogFault, NewEvent, PgLog};
use weft_model::credential::{CredentialEvent, use_key};
use weft_model::{Actor, Event, TenantId};

use super::fields::read;

/// How many uses of the day are remembered; a forgotten one costs a refused append.
const REMEMBERED: u64 = 100_000;
const A_DAY: Duration = Duration::from_hours(24);

/// Opens the credentials of tenants for the steps of their executions.
pub struct CredentialDoor {
    log: Arc<PgLog>,
    clock: Arc<dyn Clock>,
    /// What was told today, by this process or another one.
    told: Cache<(TenantId, String), ()>,
}

impl CredentialDoor {
    /// A door to the secrets beside `log`.
    pub fn new(log: Arc<PgLog>, clock: Arc<dyn Clock>) -> Self {
        Self { log, clock, told: Cache::builder().max_capacity(REMEMBERED).time_to_live(A_DAY).build() }
    }

    /// Tells the first use of the day by this node; the others find the key taken.
    async fn tell(&self, asked: &CredentialUse) -> Result<(), AppendError> {
        let CredentialUse { tenant, workflow, node, execution, correlation, credential } = *asked;
        let day = self.clock.now().to_zoned(TimeZone::UTC).date();
        let key = use_key(credential, workflow, node, day);
        if self.told.contains_key(&(tenant, key.clone())) {
            return Ok(());
        }
        let event = CredentialEvent::Used { workflow, node, execution };
        let request = AppendRequest {
            tenant,
            stream: credential.into(),
            expected: Expected::Any,
            actor: Actor::System,
            correlation,
            causation: None,
            events: vec![NewEvent::from(&Event::Credential(event))],
            payload: None,
            companions: vec![Companion::IdempotencyKey { key: key.clone() }],
        };
        match self.log.append(request).await {
            Ok(_) | Err(AppendError::Duplicate { .. }) => {}
            Err(error) => return Err(error),
        }
        self.told.insert((tenant, key), ()).await;
        Ok(())
    }
}

#[async_trait]
impl Credentials for CredentialDoor {
    async fn open(&self, asked: CredentialUse) -> Result<Opened, NotOpened> {
        // Another tenant's credential is not there: neither the row nor the key that would open it is this tenant's.
        let opened = self.log.open_secret(asked.tenant, asked.credential).await;
        let opened = opened.map_err(unread)?.ok_or(NotOpened::Missing)?;
        // A stream is told of nothing that never was, so that this comes after the look; the secret is given after both.
        self.tell(&asked).await.map_err(untold)?;
        let (kind, fields) = read(&opened.secret).map_err(|error| NotOpened::Fault(Box::new(error)))?;
        Ok(Opened { kind, fields })
    }
}

fn unread(fault: LogFault) -> NotOpened {
    if fault.is_unavailable() { NotOpened::Unavailable(Box::new(fault)) } else { NotOpened::Fault(Box::new(fault)) }
}

/// An append of which nobody knows whether it succeeded may be repeated: its key is taken then.
fn untold(error: AppendError) -> NotOpened {
    match error {
        AppendError::Fault(fault) => unread(fault),
        AppendError::Unavailable(_) | AppendError::InDoubt | AppendError::Overloaded => {
            NotOpened::Unavailable(Box::new(error))
        }
        lasting => NotOpened::Fault(Box::new(lasting)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_told_from_what_lasts() {
        for passing in [AppendError::Unavailable(None), AppendError::InDoubt, AppendError::Overloaded] {
            assert!(matches!(untold(passing), NotOpened::Unavailable(_)));
        }
        let disk = || LogFault::Blob("the disk is gone".into());
        for lasting in [untold(AppendError::Malformed("it")), untold(disk().into()), unread(disk())] {
            assert!(matches!(lasting, NotOpened::Fault(_)));
        }
    }
}
