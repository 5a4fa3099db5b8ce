//! Secrets: sealed before an append writes them (see [`Companion::KeepSecret`]), opened for one call.
//!
//! They lie beside the log and not in it, since a log is for ever and a secret must be destroyed for good when it is replaced or
//! deleted. What replaces and destroys them is the append that says so.

use std::collections::HashMap;

use uuid::Uuid;
use weft_model::{CredentialId, TenantId};
use zeroize::Zeroizing;

use super::PgLog;
use crate::sealing::{SealFault, SecretPart, SecretPlace};
use crate::{Companion, LogFault, SealedSecret};

/// The two halves of a secret, each as its owner encoded it. Neither printed nor serialised, and wiped from memory when it goes.
#[derive(Clone, Default)]
pub struct Secret {
    /// What nobody is shown again.
    pub hidden: Zeroizing<Vec<u8>>,
    /// What people may read again. Sealed all the same: it may be a user name or an address.
    pub shown: Zeroizing<Vec<u8>>,
}

/// A secret that was opened.
pub struct OpenedSecret {
    /// The number of its version.
    pub version: u32,
    /// What it is.
    pub secret: Secret,
}

#[derive(sqlx::FromRow)]
struct Row {
    secret_id: Uuid,
    version: i32,
    key_id: i32,
    hidden: Vec<u8>,
    shown: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct ShownRow {
    secret_id: Uuid,
    version: i32,
    key_id: i32,
    shown: Vec<u8>,
}

impl PgLog {
    /// Seals a secret as version `version` of a credential. It is kept by the append that carries what this gives.
    pub async fn seal_secret(
        &self,
        tenant: TenantId,
        credential: CredentialId,
        version: u32,
        secret: &Secret,
    ) -> Result<Companion, LogFault> {
        let key = self.inner.keys.sealing(tenant).await?;
        let seal = |part, plain: &[u8]| {
            let place = SecretPlace { tenant, credential, version, part };
            key.seal_secret(place, plain).map_err(|fault| unreadable(tenant, fault))
        };
        Ok(Companion::KeepSecret(SealedSecret {
            credential,
            version,
            key: key.id,
            hidden: seal(SecretPart::Hidden, &secret.hidden)?,
            shown: seal(SecretPart::Shown, &secret.shown)?,
        }))
    }

    /// The secret of a credential; `None` once it is destroyed. Whoever calls this has checked and recorded why.
    pub async fn open_secret(
        &self,
        tenant: TenantId,
        credential: CredentialId,
    ) -> Result<Option<OpenedSecret>, LogFault> {
        let mut transaction = self.inner.scope.tenant(tenant).begin().await?;
        let row: Option<Row> = sqlx::query_as(
            "select secret_id, version, key_id, hidden, shown from secrets where tenant_id = $1 and secret_id = $2",
        )
        .bind(tenant.0)
        .bind(credential.0)
        .fetch_optional(&mut *transaction)
        .await?;
        transaction.commit().await?;
        let Some(Row { secret_id, version, key_id, hidden, shown }) = row else { return Ok(None) };
        let row = (CredentialId(secret_id), version as u32, key_id);
        let hidden = self.open_part(tenant, row, SecretPart::Hidden, &hidden).await?;
        let shown = self.open_part(tenant, row, SecretPart::Shown, &shown).await?;
        Ok(Some(OpenedSecret { version: version as u32, secret: Secret { hidden, shown } }))
    }

    /// What may be shown of these credentials; those that are destroyed are left out. The hidden halves are not even read.
    pub async fn shown_of_secrets(
        &self,
        tenant: TenantId,
        credentials: &[CredentialId],
    ) -> Result<HashMap<CredentialId, Zeroizing<Vec<u8>>>, LogFault> {
        let mut transaction = self.inner.scope.tenant(tenant).begin().await?;
        let rows: Vec<ShownRow> = sqlx::query_as(
            "select secret_id, version, key_id, shown from secrets where tenant_id = $1 and secret_id = any($2)",
        )
        .bind(tenant.0)
        .bind(credentials.iter().map(|credential| credential.0).collect::<Vec<_>>())
        .fetch_all(&mut *transaction)
        .await?;
        transaction.commit().await?;
        let mut found = HashMap::with_capacity(rows.len());
        for ShownRow { secret_id, version, key_id, shown } in rows {
            let row = (CredentialId(secret_id), version as u32, key_id);
            found.insert(row.0, self.open_part(tenant, row, SecretPart::Shown, &shown).await?);
        }
        Ok(found)
    }

    async fn open_part(
        &self,
        tenant: TenantId,
        (credential, version, key): (CredentialId, u32, i32),
        part: SecretPart,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, LogFault> {
        let key = self.inner.keys.opening(tenant, key).await?;
        let place = SecretPlace { tenant, credential, version, part };
        key.open_secret(place, sealed).map_err(|fault| unreadable(tenant, fault))
    }
}

fn unreadable(tenant: TenantId, fault: SealFault) -> LogFault {
    LogFault::Unreadable { tenant, reason: fault.reason() }
}
