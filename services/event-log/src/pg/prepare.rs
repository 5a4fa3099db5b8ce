//! What happens in the caller's own task before an append is queued: sealing, large payloads, the payload's partition.

use std::collections::HashSet;
use std::sync::{PoisonError, RwLock};

use bytes::Bytes;
use jiff::Timestamp;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use weft_model::{Actor, CorrelationId, PayloadId, Position, StreamId, TenantId};
use weft_scope::SystemPool;

use super::PgLog;
use super::blobs::BlobReference;
use super::chain::{self, End};
use super::static_data::StaticCompanion;
use crate::memory::to_microseconds;
use crate::sealing::{Context, Encoding, SealFault, Sealer};
use crate::validate::validate;
use crate::{AppendError, AppendRequest, Companion, Expected, LogFault, NewEvent, NewPayload, Timer};

/// What is larger than this goes to the blob store.
pub(super) const INLINE_PAYLOAD: usize = 64 * 1024;

/// An append as the database takes it.
pub(super) struct Prepared {
    pub(super) tenant: TenantId,
    pub(super) stream: StreamId,
    pub(super) expected: Expected,
    pub(super) actor: Actor,
    pub(super) correlation: CorrelationId,
    pub(super) causation: Option<Position>,
    pub(super) key: i32,
    pub(super) events: Vec<PreparedEvent>,
    pub(super) payload: Option<PreparedPayload>,
    pub(super) companions: Vec<StoredCompanion>,
}

pub(super) struct PreparedEvent {
    pub(super) wire_type: &'static str,
    pub(super) wire_version: i16,
    pub(super) body: Vec<u8>,
    pub(super) uses_payload: bool,
    /// The bytes of its link before the time, and after it.
    pub(super) link_type: Vec<u8>,
    pub(super) link_end: Vec<u8>,
}

pub(super) struct PreparedPayload {
    pub(super) id: PayloadId,
    pub(super) expires_at: Timestamp,
    pub(super) data: Vec<u8>,
    /// SHA-256 of the sealed data.
    pub(super) digest: [u8; 32],
}

/// A companion as `apply_companions` takes it.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum StoredCompanion {
    Asked(Companion),
    Blob(BlobCompanion),
    Static(StaticCompanion),
}

impl StoredCompanion {
    /// Roughly what it adds to a batch, in bytes: a secret is written in hexadecimal, a timer may remember a lot, all others are
    /// small.
    fn size(&self) -> usize {
        match self {
            Self::Asked(Companion::KeepSecret(secret)) => 256 + 2 * (secret.hidden.len() + secret.shown.len()),
            Self::Static(entry) => 256 + entry.data.as_ref().map_or(0, String::len),
            Self::Asked(Companion::SetTimer(timer) | Companion::RouseTimer(timer)) => {
                256 + timer.data.to_string().len()
            }
            Self::Asked(_) | Self::Blob(_) => 256,
        }
    }
}

#[derive(Serialize)]
#[serde(tag = "kind", rename = "blobReference", rename_all = "camelCase")]
pub(super) struct BlobCompanion {
    digest: String,
    expires_at: Timestamp,
}

/// The parts of a payload, as CBOR.
#[derive(Serialize, Deserialize)]
pub(super) struct Parts {
    pub(super) parts: Vec<Bytes>,
}

impl Prepared {
    /// Roughly what it adds to a batch, in bytes.
    pub(super) fn size(&self) -> usize {
        let bodies: usize = self.events.iter().map(|event| event.body.len() + 64).sum();
        let companions: usize = self.companions.iter().map(StoredCompanion::size).sum();
        bodies + self.payload.as_ref().map_or(0, |payload| payload.data.len()) + companions
    }
}

impl PreparedEvent {
    fn new(event: &NewEvent, body: Vec<u8>, end: &End) -> Self {
        Self {
            wire_type: event.wire_type,
            wire_version: event.wire_version,
            body,
            uses_payload: event.uses_payload,
            link_type: chain::of_type(event.wire_type, event.wire_version),
            link_end: end.bytes(),
        }
    }
}

/// The letter and the id in `actor_type` and `actor_id`.
pub(super) fn stored_actor(actor: Actor) -> (i8, Option<Uuid>) {
    match actor {
        Actor::Member(member) => (b'm' as i8, Some(member.0)),
        Actor::Identity(identity) => (b'i' as i8, Some(identity.0)),
        Actor::System => (b's' as i8, None),
    }
}

impl PgLog {
    pub(super) async fn prepare(&self, request: AppendRequest) -> Result<Prepared, AppendError> {
        validate(&request)?;
        let AppendRequest { tenant, stream, expected, actor, correlation, causation, events, payload, companions } =
            request;
        let key = self.inner.keys.sealing(tenant).await.map_err(refused)?;
        let unsealed = |fault: SealFault| AppendError::Fault(LogFault::Unreadable { tenant, reason: fault.reason() });
        let mut sealer = key.sealer().map_err(unsealed)?;
        let mut bodies = Vec::with_capacity(events.len());
        for event in &events {
            let context =
                Context::Body { tenant, stream, wire_type: event.wire_type, wire_version: event.wire_version };
            bodies.push(sealer.seal(context, Encoding::Json, &event.body).map_err(unsealed)?);
        }
        let mut companions = companions
            .into_iter()
            .map(|companion| match companion {
                Companion::KeepStaticData { workflow, entry } => {
                    StaticCompanion::seal(tenant, workflow, &entry, key.id, &mut sealer)
                        .map(StoredCompanion::Static)
                        .map_err(unsealed)
                }
                other => Ok(StoredCompanion::Asked(in_microseconds(other))),
            })
            .collect::<Result<Vec<_>, AppendError>>()?;
        let payload = match payload {
            None => None,
            Some(payload) => {
                Some(self.prepare_payload(tenant, payload, &mut sealer, &mut companions).await.map_err(refused)?)
            }
        };
        let key = key.id;
        let (actor_type, actor_id) = stored_actor(actor);
        let events = events.iter().zip(bodies).map(|(event, body)| {
            let used = payload.as_ref().filter(|_| event.uses_payload);
            let end = End {
                actor_type,
                actor: actor_id,
                correlation: correlation.0,
                causation: causation.map(|position| position.0 as i64),
                payload: used.map(|payload| payload.id.0),
                key,
                body_digest: Sha256::digest(&body).into(),
                payload_digest: used.map(|payload| payload.digest.to_vec()),
            };
            PreparedEvent::new(event, body, &end)
        });
        let events = events.collect();
        Ok(Prepared { tenant, stream, expected, actor, correlation, causation, key, events, payload, companions })
    }

    async fn prepare_payload(
        &self,
        tenant: TenantId,
        payload: NewPayload,
        sealer: &mut Sealer,
        companions: &mut Vec<StoredCompanion>,
    ) -> Result<PreparedPayload, LogFault> {
        let NewPayload { id, parts, expires_at, files } = payload;
        self.inner.months.ensure(&self.inner.system, expires_at).await?;
        let unsealed = |fault: SealFault| LogFault::Unreadable { tenant, reason: fault.reason() };
        let named = files.iter().map(|file| BlobCompanion { digest: file.to_string(), expires_at });
        companions.extend(named.map(StoredCompanion::Blob));
        let is_large = parts.iter().map(Bytes::len).sum::<usize>() > INLINE_PAYLOAD;
        let content = to_cbor(&Parts { parts })?;
        if !is_large {
            let data =
                sealer.seal(Context::Payload { tenant, payload: id }, Encoding::Parts, &content).map_err(unsealed)?;
            return Ok(PreparedPayload { id, expires_at, digest: Sha256::digest(&data).into(), data });
        }
        let blob = sealer.seal(Context::Blob { tenant, payload: id }, Encoding::Parts, &content).map_err(unsealed)?;
        let digest = self.inner.blobs.put(tenant, blob).await?;
        companions.push(StoredCompanion::Blob(BlobCompanion { digest: hex::encode(&digest), expires_at }));
        let reference = to_cbor(&BlobReference { digest })?;
        let data = sealer
            .seal(Context::Payload { tenant, payload: id }, Encoding::BlobReference, &reference)
            .map_err(unsealed)?;
        Ok(PreparedPayload { id, expires_at, digest: Sha256::digest(&data).into(), data })
    }
}

/// PostgreSQL would round a finer moment; the log in memory cuts it, and so do we.
fn in_microseconds(companion: Companion) -> Companion {
    match companion {
        Companion::SetTimer(timer) => Companion::SetTimer(Timer { due_at: to_microseconds(timer.due_at), ..timer }),
        Companion::RouseTimer(timer) => Companion::RouseTimer(Timer { due_at: to_microseconds(timer.due_at), ..timer }),
        Companion::FireTimer { id, due_at } => Companion::FireTimer { id, due_at: to_microseconds(due_at) },
        other => other,
    }
}

fn to_cbor<T: Serialize>(value: &T) -> Result<Vec<u8>, LogFault> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).map_err(|_| LogFault::Malformed("a payload does not encode"))?;
    Ok(bytes)
}

/// Nothing was sent yet, so whatever went wrong, nothing was appended.
fn refused(fault: LogFault) -> AppendError {
    match fault {
        LogFault::Unavailable(source) => AppendError::Unavailable(Some(source)),
        fault => AppendError::Fault(fault),
    }
}

/// The months whose payload partition is known to exist: an append must never find none.
#[derive(Default)]
pub(super) struct Months {
    known: RwLock<HashSet<(i16, i8)>>,
    /// One at a time asks the database; the others find the answer.
    asking: tokio::sync::Mutex<()>,
}

impl Months {
    async fn ensure(&self, system: &SystemPool, expires_at: Timestamp) -> Result<(), LogFault> {
        let date = Offset::UTC.to_datetime(expires_at).date();
        let month = (date.year(), date.month());
        if self.knows(month) {
            return Ok(());
        }
        let _asking = self.asking.lock().await;
        if self.knows(month) {
            return Ok(());
        }
        let mut transaction = system.begin().await?;
        sqlx::query("select ensure_payload_partition($1)")
            .bind(jiff_sqlx::Timestamp::from(expires_at))
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        self.known.write().unwrap_or_else(PoisonError::into_inner).insert(month);
        Ok(())
    }

    fn knows(&self, month: (i16, i8)) -> bool {
        self.known.read().unwrap_or_else(PoisonError::into_inner).contains(&month)
    }
}
