//! Credentials: what they are called, of which type they are, when they were changed, tried and used. Their secrets are in no event
//! and in no read model.

mod query;

#[cfg(test)]
mod tests;

use async_trait::async_trait;
use sqlx::PgConnection;
use weft_model::credential::{CredentialEvent, TestOutcome};
use weft_model::{Event, TenantId};

pub use query::{CredentialRow, Cursor, Test, by_ids, count, list, named};

use crate::stored::{bigint, text, timestamptz};
use crate::{Fact, FoldFault, Projection};

/// The projection.
pub struct Credentials;

/// The word for an outcome in the column `test_outcome`.
pub(crate) fn outcome_word(outcome: TestOutcome) -> &'static str {
    match outcome {
        TestOutcome::Accepted => "accepted",
        TestOutcome::Refused => "refused",
        TestOutcome::Unreachable => "unreachable",
    }
}

pub(crate) fn outcome_of_word(word: &str) -> Option<TestOutcome> {
    [TestOutcome::Accepted, TestOutcome::Refused, TestOutcome::Unreachable]
        .into_iter()
        .find(|outcome| outcome_word(*outcome) == word)
}

#[async_trait]
impl Projection for Credentials {
    fn name(&self) -> &'static str {
        "credentials"
    }

    fn reads(&self, wire_type: &str) -> bool {
        wire_type.starts_with("credential.")
    }

    async fn fold(&self, tenant: TenantId, connection: &mut PgConnection, facts: &[Fact]) -> Result<(), FoldFault> {
        for fact in facts {
            if let Event::Credential(event) = &fact.event {
                apply(tenant, connection, fact, event).await?;
            }
        }
        Ok(())
    }
}

async fn apply(
    tenant: TenantId,
    connection: &mut PgConnection,
    fact: &Fact,
    event: &CredentialEvent,
) -> Result<(), FoldFault> {
    let at = timestamptz(fact.recorded_at);
    let statement = match event {
        CredentialEvent::Created { .. } => {
            "insert into credentials (tenant_id, credential_id, position, name, sort_name, kind, version, created_at, changed_at) \
             values ($1, $2, $3, $4, $5, $6, 1, $7, $7)"
        }
        CredentialEvent::Renamed { .. } => {
            "update credentials set position = $3, name = $4, sort_name = $5, changed_at = $6 \
             where tenant_id = $1 and credential_id = $2"
        }
        // What was tried was the secret before.
        CredentialEvent::Rotated { .. } => {
            "update credentials set position = $3, version = $4, changed_at = $5, test_outcome = null, tested_at = null \
             where tenant_id = $1 and credential_id = $2"
        }
        CredentialEvent::Tested { .. } => {
            "update credentials set position = $3, test_outcome = $4, tested_at = $5 \
             where tenant_id = $1 and credential_id = $2"
        }
        CredentialEvent::Used { .. } => {
            "update credentials set position = $3, used_at = $4 where tenant_id = $1 and credential_id = $2"
        }
        CredentialEvent::Deleted { .. } => "delete from credentials where tenant_id = $1 and credential_id = $2",
    };
    let statement = sqlx::query(statement).bind(tenant.0).bind(fact.stream.0);
    let statement = match event {
        CredentialEvent::Created { name, kind } => {
            statement.bind(bigint(fact.position)).bind(text(name)).bind(sort_name(name)).bind(text(kind)).bind(at)
        }
        CredentialEvent::Renamed { name, was: _ } => {
            statement.bind(bigint(fact.position)).bind(text(name)).bind(sort_name(name)).bind(at)
        }
        CredentialEvent::Rotated { version } => statement.bind(bigint(fact.position)).bind(*version as i32).bind(at),
        CredentialEvent::Tested { outcome, at, .. } => {
            statement.bind(bigint(fact.position)).bind(outcome_word(*outcome)).bind(timestamptz(*at))
        }
        CredentialEvent::Used { .. } => statement.bind(bigint(fact.position)).bind(at),
        CredentialEvent::Deleted { .. } => statement,
    };
    statement.execute(connection).await?;
    Ok(())
}

/// People look for a name, not for the case of its letters.
fn sort_name(name: &str) -> String {
    text(&name.to_lowercase()).into_owned()
}
