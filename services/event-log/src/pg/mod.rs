//! The log in PostgreSQL: `append_events` (migrations/0064) with group commit, and everything that reads.

mod batch;
mod blobs;
mod bus;
mod chain;
mod files;
mod heads;
mod housekeeping;
mod keys;
mod line;
mod prepare;
mod read;
mod row;
mod secrets;
mod seen;
mod settings;
mod static_data;
mod suspects;
mod system;
mod verify;
mod writer;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use tokio::sync::{broadcast, oneshot};
use tokio::task::JoinSet;
use weft_model::{PayloadId, Position, StreamId, StreamVersion, TenantId};
use weft_scope::{Scope, SystemPool};

use crate::{AppendError, AppendRequest, Appended, Committed, Log, LogFault, Payload, Recorded};
use blobs::Blobs;
use heads::Heads;
use keys::KeyRing;
use line::{Entrance, Line, Queued};
use prepare::Months;
pub use secrets::{OpenedSecret, Secret};
pub use settings::{OpenError, PgLogSettings, PgLogTuning};
pub use verify::{Finding, Verification};
use writer::{Writer, WriterParts};

/// The log in PostgreSQL. Cheap to clone; the last clone to go ends its tasks, after what was queued is written.
#[derive(Clone)]
pub struct PgLog {
    inner: Arc<Inner>,
}

struct Inner {
    scope: Scope,
    system: SystemPool,
    keys: KeyRing,
    blobs: Blobs,
    months: Months,
    heads: Arc<Heads>,
    counters: Arc<Counters>,
    /// Where appends wait for a writer.
    entrance: Entrance,
    /// Bus and housekeeping; they end with the log.
    _tasks: JoinSet<()>,
}

#[derive(Default)]
struct Counters {
    commits: AtomicU64,
    appends: AtomicU64,
    events: AtomicU64,
}

/// What the writers of this process have done since they began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriterCounts {
    /// Commits.
    pub commits: u64,
    /// Appends answered with success.
    pub appends: u64,
    /// Events in them.
    pub events: u64,
}

impl PgLog {
    /// Proves the master key, prepares payload partitions and begins writing, listening and keeping house.
    pub async fn open(settings: PgLogSettings) -> Result<Self, OpenError> {
        let PgLogSettings { scope, system, master_key, blob_folder, tuning } = settings;
        keys::prove(&system, &master_key).await?;
        housekeeping::prepare_partitions(&system).await?;
        let blobs = Blobs::in_folder(&blob_folder).map_err(OpenError::Blobs)?;
        let heads = Arc::new(Heads::new());
        let counters = Arc::new(Counters::default());
        let mut tasks = JoinSet::new();
        let outbox = bus::start(&system, &heads, &tuning, &mut tasks).await?;
        housekeeping::start(&system, &blobs, &mut tasks);
        let writers = tuning.writers.max(1);
        let line = Line::new(writers, tuning.queue, tuning.batch);
        let entrance = Entrance::of(line.clone());
        let parts = WriterParts {
            line,
            system: system.clone(),
            heads: heads.clone(),
            outbox,
            counters: counters.clone(),
            tuning,
        };
        for _ in 0..writers {
            Writer::start(&parts);
        }
        let keys = KeyRing::new(system.clone(), master_key);
        let months = Months::default();
        let inner = Inner { scope, system, keys, blobs, months, heads, counters, entrance, _tasks: tasks };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// What this process has written; one commit may hold the appends of many callers.
    pub fn writer_counts(&self) -> WriterCounts {
        let counters = &self.inner.counters;
        WriterCounts {
            commits: counters.commits.load(Ordering::Relaxed),
            appends: counters.appends.load(Ordering::Relaxed),
            events: counters.events.load(Ordering::Relaxed),
        }
    }

    /// Deletes the blobs that no payload has referred to for a day; returns how many. Done every hour by itself.
    pub async fn collect_blobs(&self) -> Result<usize, LogFault> {
        housekeeping::collect_blobs(&self.inner.system, &self.inner.blobs).await
    }
}

#[async_trait]
impl Log for PgLog {
    async fn append(&self, request: AppendRequest) -> Result<Appended, AppendError> {
        let prepared = self.prepare(request).await?;
        let (answer, answered) = oneshot::channel();
        self.inner.entrance.enter(Queued { prepared, answer })?;
        // A writer answers everything that it took; it goes away only when the process is torn down around it.
        answered.await.unwrap_or(Err(AppendError::InDoubt))
    }

    async fn read_stream(
        &self,
        tenant: TenantId,
        stream: StreamId,
        after: StreamVersion,
        limit: usize,
    ) -> Result<Vec<Recorded>, LogFault> {
        self.stream_after(tenant, stream, after, limit).await
    }

    async fn read(&self, tenant: TenantId, after: Position, limit: usize) -> Result<Vec<Recorded>, LogFault> {
        self.log_after(tenant, after, limit).await
    }

    async fn read_payload(&self, tenant: TenantId, payload: PayloadId) -> Result<Option<Payload>, LogFault> {
        self.payload(tenant, payload).await
    }

    async fn head(&self, tenant: TenantId) -> Result<Position, LogFault> {
        Ok(self.log_head(tenant).await?.map_or(Position(0), |head| head.position))
    }

    fn watch(&self) -> broadcast::Receiver<Committed> {
        self.inner.heads.subscribe()
    }
}
