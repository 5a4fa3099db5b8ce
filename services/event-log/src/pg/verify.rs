//! Whether a tenant's log is what was appended: every hash is made again. No key is needed, and no payload.

use std::collections::HashMap;

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use weft_model::{PayloadId, Position, TenantId};

use super::PgLog;
use super::chain::{End, GENESIS, Link};
use super::row::EventRow;
use super::suspects::{Suspect, explain};
use crate::{LogFault, LogHead};

/// Events read at once.
const PAGE: i64 = 1000;

/// What [`PgLog::verify`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// How many events were read.
    pub events: u64,
    /// The head that the log was verified up to.
    pub head: Option<LogHead>,
    /// Payloads that are there and what they were.
    pub payloads: u64,
    /// Payloads that have expired; the chain holds without them.
    pub expired_payloads: u64,
    /// What is wrong, in the order of positions; empty for a sound log.
    pub findings: Vec<Finding>,
}

impl Verification {
    /// Whether the log is what was appended.
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Something in a log that was not appended like that.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// A field, the body or the hash of an event was changed.
    #[error("event {} was changed after it was recorded", position.0)]
    Changed {
        /// Which.
        position: Position,
    },
    /// Events are gone. The event behind a gap cannot be checked.
    #[error("events {} to {} are missing", first.0, last.0)]
    Missing {
        /// From here …
        first: Position,
        /// … to here.
        last: Position,
    },
    /// Two events stand in each other's place.
    #[error("events {} and {} were swapped", first.0, second.0)]
    Swapped {
        /// The earlier place.
        first: Position,
        /// The later place.
        second: Position,
    },
    /// The stored payload is not the one that was appended.
    #[error("the payload {payload} of event {} was changed after it was recorded", position.0)]
    PayloadChanged {
        /// The first event that uses it.
        position: Position,
        /// The payload.
        payload: PayloadId,
    },
    /// The event at this position is not the one that a head which was kept elsewhere names.
    #[error("what was recorded up to event {} is not what the signed head says", position.0)]
    NotAsSigned {
        /// The position of that head.
        position: Position,
    },
    /// The head does not belong to the last event.
    #[error("the head of the log does not belong to its last event, {}", last.0)]
    HeadChanged {
        /// The last event.
        last: Position,
    },
}

#[derive(sqlx::FromRow)]
struct ChainedRow {
    #[sqlx(flatten)]
    event: EventRow,
    payload_digest: Option<Vec<u8>>,
    hash: Vec<u8>,
}

impl ChainedRow {
    fn link(self, tenant: TenantId) -> (i64, Link, Option<[u8; 32]>) {
        let hash = self.hash.try_into().ok();
        let event = self.event;
        let link = Link {
            tenant: tenant.0,
            stream: event.stream_id,
            stream_version: event.stream_version,
            wire_type: event.wire_type,
            type_version: event.type_version,
            recorded_at: Timestamp::from(event.recorded_at).as_microsecond(),
            end: End {
                actor_type: event.actor_type,
                actor: event.actor_id,
                correlation: event.correlation_id,
                causation: event.causation,
                payload: event.payload_id,
                key: event.key_id,
                body_digest: Sha256::digest(&event.body).into(),
                payload_digest: self.payload_digest,
            },
        };
        (event.position, link, hash)
    }
}

/// How far the chain was followed.
struct Walk {
    tenant: TenantId,
    events: u64,
    position: i64,
    /// The stored hash of the last event; `None` behind a gap.
    stored: Option<[u8; 32]>,
    /// The hash that the last event should have, where that is another one.
    computed: Option<[u8; 32]>,
    suspects: Vec<Suspect>,
    findings: Vec<Finding>,
    /// Digests that events name, with the first event that does.
    payloads: HashMap<Uuid, (i64, Vec<u8>)>,
}

impl Walk {
    fn new(tenant: TenantId) -> Self {
        Self {
            tenant,
            events: 0,
            position: 0,
            stored: Some(GENESIS),
            computed: None,
            suspects: Vec::new(),
            findings: Vec::new(),
            payloads: HashMap::new(),
        }
    }

    fn step(&mut self, row: ChainedRow) {
        let (position, link, hash) = row.link(self.tenant);
        self.skip_to(position);
        self.events += 1;
        self.position = position;
        if let (Some(payload), Some(digest)) = (link.end.payload, &link.end.payload_digest) {
            self.payloads.entry(payload).or_insert_with(|| (position, digest.clone()));
        }
        let computed = self.stored.map(|previous| (previous, link.hash(position, &previous)));
        let follows_computed = self.computed.take().map(|previous| link.hash(position, &previous));
        match (computed, hash) {
            // The event before has another hash than it should, and this one was chained to the right one.
            (_, Some(hash)) if follows_computed == Some(hash) => {}
            (Some((_, computed)), Some(hash)) if computed == hash => {}
            (Some((previous, computed)), Some(hash)) => {
                self.computed = Some(computed);
                self.suspects.push(Suspect { position, link, previous, hash });
            }
            (None, Some(_)) => {}
            (_, None) => self.findings.push(Finding::Changed { position: Position(position as u64) }),
        }
        self.stored = hash;
    }

    /// Notes a gap before that position.
    fn skip_to(&mut self, position: i64) {
        if position > self.position + 1 {
            self.findings.push(Finding::Missing {
                first: Position(self.position as u64 + 1),
                last: Position(position as u64 - 1),
            });
            self.stored = None;
            self.computed = None;
        }
    }
}

impl PgLog {
    /// Follows a tenant's chain from the first event to the head that it has now, and names every event that was changed,
    /// removed or swapped. Reads in pages; holds the digests of one page's payloads and the suspects.
    pub async fn verify(&self, tenant: TenantId) -> Result<Verification, LogFault> {
        let head = self.log_head(tenant).await?;
        let mut walk = Walk::new(tenant);
        let (mut payloads, mut expired_payloads) = (0, 0);
        loop {
            let rows = self.chained_page(tenant, walk.position, head).await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                walk.step(row);
            }
            let (there, gone) = self.check_payloads(&mut walk).await?;
            payloads += there;
            expired_payloads += gone;
        }
        let findings = conclude(walk.findings, &walk.suspects, walk.position, walk.stored, head);
        Ok(Verification { events: walk.events, head, payloads, expired_payloads, findings })
    }

    /// As [`PgLog::verify`]; the log must also go on from a head that was kept elsewhere.
    pub async fn verify_against(&self, tenant: TenantId, kept: LogHead) -> Result<Verification, LogFault> {
        let mut report = self.verify(tenant).await?;
        if self.hash_at(tenant, kept.position).await? != Some(kept.hash) {
            report.findings.push(Finding::NotAsSigned { position: kept.position });
            report.findings.sort_by_key(Finding::position);
        }
        Ok(report)
    }

    async fn hash_at(&self, tenant: TenantId, position: Position) -> Result<Option<[u8; 32]>, LogFault> {
        let mut transaction = self.inner.scope.tenant(tenant).begin().await?;
        let hash: Option<Vec<u8>> =
            sqlx::query_scalar("select hash from events where tenant_id = $1 and position = $2")
                .bind(tenant.0)
                .bind(position.0 as i64)
                .fetch_optional(&mut *transaction)
                .await?;
        transaction.commit().await?;
        Ok(hash.and_then(|hash| hash.try_into().ok()))
    }

    async fn chained_page(
        &self,
        tenant: TenantId,
        after: i64,
        head: Option<LogHead>,
    ) -> Result<Vec<ChainedRow>, LogFault> {
        let until = head.map_or(i64::MAX, |head| head.position.0 as i64);
        let mut transaction = self.inner.scope.tenant(tenant).begin().await?;
        let rows = sqlx::query_as(
            "select position, stream_id, stream_version, type, type_version, recorded_at, actor_type, actor_id, \
             correlation_id, causation, body, payload_id, key_id, payload_digest, hash from events \
             where tenant_id = $1 and position > $2 and position <= $3 order by position limit $4",
        )
        .bind(tenant.0)
        .bind(after)
        .bind(until)
        .bind(PAGE)
        .fetch_all(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(rows)
    }

    /// How many of the page's payloads are there and how many are gone.
    async fn check_payloads(&self, walk: &mut Walk) -> Result<(u64, u64), LogFault> {
        let named = std::mem::take(&mut walk.payloads);
        if named.is_empty() {
            return Ok((0, 0));
        }
        let ids: Vec<Uuid> = named.keys().copied().collect();
        let mut transaction = self.inner.scope.tenant(walk.tenant).begin().await?;
        let stored: Vec<(Uuid, Vec<u8>)> = sqlx::query_as(
            "select payload_id, sha256(data) from payloads where tenant_id = $1 and payload_id = any ($2)",
        )
        .bind(walk.tenant.0)
        .bind(ids)
        .fetch_all(&mut *transaction)
        .await?;
        transaction.commit().await?;
        let gone = named.len().saturating_sub(stored.len()) as u64;
        let mut there = 0;
        for (payload, digest) in &stored {
            match named.get(payload) {
                Some((position, named)) if named != digest => walk.findings.push(Finding::PayloadChanged {
                    position: Position(*position as u64),
                    payload: PayloadId(*payload),
                }),
                _ => there += 1,
            }
        }
        Ok((there, gone))
    }
}

fn conclude(
    mut findings: Vec<Finding>,
    suspects: &[Suspect],
    last: i64,
    last_hash: Option<[u8; 32]>,
    head: Option<LogHead>,
) -> Vec<Finding> {
    findings.extend(explain(suspects));
    let last = Position(last as u64);
    match head {
        Some(head) if head.position > last => {
            findings.push(Finding::Missing { first: Position(last.0 + 1), last: head.position });
        }
        Some(head) if last_hash == Some(head.hash) => {}
        None if last == Position(0) => {}
        _ => findings.push(Finding::HeadChanged { last }),
    }
    findings.sort_by_key(Finding::position);
    findings
}

impl Finding {
    /// The first event that it is about.
    pub fn position(&self) -> Position {
        match self {
            Self::Changed { position } | Self::PayloadChanged { position, .. } | Self::NotAsSigned { position } => {
                *position
            }
            Self::Missing { first, .. } | Self::Swapped { first, .. } => *first,
            Self::HeadChanged { last } => *last,
        }
    }
}
