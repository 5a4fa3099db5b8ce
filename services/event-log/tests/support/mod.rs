//! Requests that say only what a test is about, and a log in a database of its own.

#![allow(dead_code, reason = "every test program uses a part of it")]

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use uuid::Uuid;
use weft_event_log::{
    AppendRequest, Companion, Expected, MasterKey, NewEvent, NewPayload, OpenError, PgLog, PgLogSettings, PgLogTuning,
};
use weft_migrations::testing::TestDatabase;
use weft_model::{Actor, CorrelationId, PayloadId, StreamId, TenantId, TimerId};
use weft_scope::{PoolLimits, Scope, SystemPool};

pub fn fresh<T: From<Uuid>>() -> T {
    T::from(Uuid::from_u128(rand::random()))
}

pub fn now() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "tests of the log run on the machine's clock")]
    Timestamp::now()
}

/// The present in whole microseconds, as the log keeps it.
pub fn microsecond() -> Timestamp {
    Timestamp::from_microsecond(now().as_microsecond()).unwrap()
}

pub fn in_a_month() -> Timestamp {
    now() + SignedDuration::from_hours(30 * 24)
}

pub fn event(body: &str) -> NewEvent {
    NewEvent { wire_type: "test.happened", wire_version: 1, body: body.into(), uses_payload: false }
}

/// One event with an empty body.
pub fn request(tenant: TenantId, stream: StreamId, expected: Expected) -> AppendRequest {
    AppendRequest {
        tenant,
        stream,
        expected,
        actor: Actor::System,
        correlation: CorrelationId(Uuid::from_u128(1)),
        causation: None,
        events: vec![event("{}")],
        payload: None,
        companions: Vec::new(),
    }
}

pub fn with_events(mut request: AppendRequest, count: usize) -> AppendRequest {
    request.events = (0..count).map(|number| event(&format!("{{\"number\":{number}}}"))).collect();
    request
}

pub fn with_payload(mut request: AppendRequest, parts: &[&[u8]]) -> AppendRequest {
    let parts = parts.iter().map(|part| Bytes::copy_from_slice(part)).collect();
    request.payload = Some(NewPayload { id: fresh::<PayloadId>(), parts, expires_at: in_a_month(), files: Vec::new() });
    request.events.iter_mut().for_each(|event| event.uses_payload = true);
    request
}

/// An append to a new stream that carries companions.
pub fn carrying(tenant: TenantId, companions: Vec<Companion>) -> AppendRequest {
    AppendRequest { companions, ..request(tenant, fresh(), Expected::NoStream) }
}

pub fn timer_id() -> TimerId {
    fresh()
}

/// A log in a database of its own, which goes with it.
pub struct TestLog {
    pub log: PgLog,
    pub database: TestDatabase,
    pub folder: TempDir,
    pub master_key: MasterKey,
}

impl TestLog {
    pub async fn open() -> Self {
        Self::tuned(PgLogTuning::default()).await
    }

    pub async fn tuned(tuning: PgLogTuning) -> Self {
        let database = TestDatabase::create().await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let master_key = MasterKey::generate();
        let log = open(&database, &folder, master_key.clone(), tuning).await.unwrap();
        Self { log, database, folder, master_key }
    }

    /// With a master key that lies in the folder.
    pub async fn with_key(master_key: MasterKey, folder: TempDir) -> Self {
        let database = TestDatabase::create().await.unwrap();
        let log = open(&database, &folder, master_key.clone(), PgLogTuning::default()).await.unwrap();
        Self { log, database, folder, master_key }
    }

    /// Another process's log over the same database.
    pub async fn another(&self) -> PgLog {
        open(&self.database, &self.folder, self.master_key.clone(), PgLogTuning::default()).await.unwrap()
    }

    /// A connection of the superuser, who may do what nobody else can.
    pub async fn superuser(&self) -> sqlx::PgConnection {
        let mut connection = connect(&self.database.admin_url()).await;
        sqlx::query("set search_path = weft").execute(&mut connection).await.unwrap();
        connection
    }
}

pub async fn connect(url: &str) -> sqlx::PgConnection {
    use sqlx::Connection;
    sqlx::PgConnection::connect(url).await.unwrap()
}

pub async fn open(
    database: &TestDatabase,
    folder: &TempDir,
    master_key: MasterKey,
    tuning: PgLogTuning,
) -> Result<PgLog, OpenError> {
    let limits = PoolLimits { connections: 6, ..PoolLimits::default() };
    let settings = PgLogSettings {
        scope: Scope::connect(&database.urls.app, limits).await?,
        system: SystemPool::connect(&database.urls.system, limits).await?,
        master_key,
        blob_folder: folder.path().join("blobs"),
        tuning,
    };
    PgLog::open(settings).await
}

/// How many appends wait for a lock. `onlooker` must be outside any transaction, which would see the sessions that there were
/// when it looked first.
pub async fn held_up(onlooker: &mut sqlx::PgConnection) -> i64 {
    let calls = "select count(*) from pg_stat_activity \
                 where datname = current_database() and wait_event_type = 'Lock' and query like '%append_events%'";
    sqlx::query_scalar(calls).fetch_one(onlooker).await.unwrap()
}
