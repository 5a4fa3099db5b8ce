//! Reading a tenant's log, as `weft_app` under row-level security.

use weft_model::{PayloadId, Position, StreamId, StreamVersion, TenantId};

use super::PgLog;
use super::blobs::BlobReference;
use super::prepare::Parts;
use super::row::EventRow;
use crate::sealing::{Context, Encoding, Opener, SealFault};
use crate::{LogFault, LogHead, Payload, Recorded};

impl PgLog {
    pub(super) async fn stream_after(
        &self,
        tenant: TenantId,
        stream: StreamId,
        after: StreamVersion,
        limit: usize,
    ) -> Result<Vec<Recorded>, LogFault> {
        let mut transaction = self.inner.scope.tenant(tenant).begin().await?;
        let rows = sqlx::query_as(
            "select position, stream_id, stream_version, type, type_version, recorded_at, actor_type, actor_id, \
             correlation_id, causation, body, payload_id, key_id from events \
             where tenant_id = $1 and stream_id = $2 and stream_version > $3 order by stream_version limit $4",
        )
        .bind(tenant.0)
        .bind(stream.0)
        .bind(after.0 as i32)
        .bind(as_limit(limit))
        .fetch_all(&mut *transaction)
        .await?;
        transaction.commit().await?;
        self.open_all(tenant, rows).await
    }

    pub(super) async fn log_after(
        &self,
        tenant: TenantId,
        after: Position,
        limit: usize,
    ) -> Result<Vec<Recorded>, LogFault> {
        let mut transaction = self.inner.scope.tenant(tenant).begin().await?;
        let rows = sqlx::query_as(
            "select position, stream_id, stream_version, type, type_version, recorded_at, actor_type, actor_id, \
             correlation_id, causation, body, payload_id, key_id from events \
             where tenant_id = $1 and position > $2 order by position limit $3",
        )
        .bind(tenant.0)
        .bind(after.0 as i64)
        .bind(as_limit(limit))
        .fetch_all(&mut *transaction)
        .await?;
        transaction.commit().await?;
        self.open_all(tenant, rows).await
    }

    async fn open_all(&self, tenant: TenantId, rows: Vec<EventRow>) -> Result<Vec<Recorded>, LogFault> {
        let mut seals = Opener::default();
        let mut events = Vec::with_capacity(rows.len());
        for row in rows {
            // Thousands of events take a while; whoever shares the thread is not made to wait for all of them.
            tokio::task::consume_budget().await;
            let key = self.inner.keys.opening(tenant, row.key_id).await?;
            let context = Context::Body {
                tenant,
                stream: StreamId(row.stream_id),
                wire_type: &row.wire_type,
                wire_version: row.type_version,
            };
            let opened = seals.open(&key, context, &row.body).map_err(unreadable(tenant))?;
            events.push(row.recorded(tenant, opened.content)?);
        }
        Ok(events)
    }

    pub(super) async fn payload(&self, tenant: TenantId, payload: PayloadId) -> Result<Option<Payload>, LogFault> {
        let mut transaction = self.inner.scope.tenant(tenant).begin().await?;
        let row: Option<(i32, Vec<u8>)> = sqlx::query_as(
            "select key_id, data from payloads where tenant_id = $1 and payload_id = $2 order by expires_at limit 1",
        )
        .bind(tenant.0)
        .bind(payload.0)
        .fetch_optional(&mut *transaction)
        .await?;
        transaction.commit().await?;
        let Some((key, data)) = row else { return Ok(None) };
        let key = self.inner.keys.opening(tenant, key).await?;
        let mut seals = Opener::default();
        let opened = seals.open(&key, Context::Payload { tenant, payload }, &data).map_err(unreadable(tenant))?;
        match opened.encoding {
            Encoding::Parts => parts(&opened.content).map(Some),
            Encoding::BlobReference => {
                let reference: BlobReference = from_cbor(&opened.content)?;
                let Some(blob) = self.inner.blobs.get(tenant, &reference.digest).await? else { return Ok(None) };
                let opened = seals.open(&key, Context::Blob { tenant, payload }, &blob).map_err(unreadable(tenant))?;
                parts(&opened.content).map(Some)
            }
            Encoding::Json => Err(LogFault::Malformed("a payload holds an event's body")),
        }
    }

    /// The tenant's last position and hash; `None` for a tenant without events.
    pub async fn log_head(&self, tenant: TenantId) -> Result<Option<LogHead>, LogFault> {
        let mut transaction = self.inner.scope.tenant(tenant).begin().await?;
        let row: Option<(i64, Vec<u8>)> =
            sqlx::query_as("select position, hash from log_heads where tenant_id = $1 and position > 0")
                .bind(tenant.0)
                .fetch_optional(&mut *transaction)
                .await?;
        transaction.commit().await?;
        let head = |(position, hash): (i64, Vec<u8>)| {
            let hash = hash.try_into().map_err(|_| LogFault::Malformed("a head's hash"))?;
            Ok(LogHead { position: Position(position as u64), hash })
        };
        row.map(head).transpose()
    }
}

fn unreadable(tenant: TenantId) -> impl FnOnce(SealFault) -> LogFault {
    move |fault| LogFault::Unreadable { tenant, reason: fault.reason() }
}

fn parts(content: &[u8]) -> Result<Payload, LogFault> {
    from_cbor::<Parts>(content).map(|parts| Payload(parts.parts))
}

fn from_cbor<T: serde::de::DeserializeOwned>(content: &[u8]) -> Result<T, LogFault> {
    ciborium::from_reader(content).map_err(|_| LogFault::Malformed("a payload's content"))
}

pub(super) fn as_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
