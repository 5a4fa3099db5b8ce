//! A database, a log in memory, and what the tables hold.

use std::sync::Arc;
use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use weft_event_log::{AppendRequest, Expected, Log, MemoryLog, NewEvent};
use weft_migrations::testing::TestDatabase;
use weft_model::{Actor, CorrelationId, StreamId, TenantId};
use weft_projections::{Fact, Projection};
use weft_scope::{OwnerConnection, PoolLimits, Scope};

use crate::{Options, Projector};

pub(super) struct Stage {
    pub database: TestDatabase,
    pub scope: Scope,
    pub log: Arc<MemoryLog>,
}

/// Small batches and no rests, so that a test sees many batches.
pub(super) const QUICK: Options = Options {
    batch: 7,
    pause: Duration::ZERO,
    poll: Duration::from_mins(1),
    workers: 2,
    patience: Duration::from_millis(150),
    grace: Duration::ZERO,
};

impl Stage {
    pub(super) async fn new() -> Self {
        let database = TestDatabase::create().await.unwrap();
        let scope = Scope::connect(&database.urls.app, PoolLimits::default()).await.unwrap();
        Self { database, scope, log: Arc::new(MemoryLog::new()) }
    }

    pub(super) fn projector(&self) -> Projector {
        Projector::new(self.log.clone(), self.scope.clone(), None, QUICK)
    }

    pub(super) fn projector_with(&self, more: Box<dyn Projection>) -> Projector {
        let mut projections = weft_projections::all();
        projections.push(more);
        Projector::with(self.log.clone(), self.scope.clone(), None, QUICK, projections)
    }

    pub(super) async fn owner(&self) -> OwnerConnection {
        OwnerConnection::connect(&self.database.urls.owner).await.unwrap()
    }

    /// Records what a story tells; positions come out as the story has them.
    pub(super) async fn record(&self, tenant: TenantId, facts: &[Fact]) {
        for fact in facts {
            let events = vec![NewEvent { uses_payload: false, ..NewEvent::from(&fact.event) }];
            self.append(tenant, fact.stream, fact.actor, events).await;
        }
    }

    pub(super) async fn append(&self, tenant: TenantId, stream: StreamId, actor: Actor, events: Vec<NewEvent>) {
        let request = AppendRequest {
            tenant,
            stream,
            expected: Expected::Any,
            actor,
            correlation: CorrelationId(uuid::Uuid::nil()),
            causation: None,
            events,
            payload: None,
            companions: Vec::new(),
        };
        self.log.append(request).await.unwrap();
    }

    pub(super) async fn admin(&self) -> PgConnection {
        PgConnection::connect(&self.database.admin_url()).await.unwrap()
    }

    /// The tables of a generation, in order.
    pub(super) async fn tables(&self, generation: i32) -> Vec<String> {
        let tables: Vec<String> =
            sqlx::query_scalar("select tablename::text from pg_tables where schemaname = $1 order by tablename")
                .bind(format!("projections_g{generation}"))
                .fetch_all(&mut self.admin().await)
                .await
                .unwrap();
        assert!(tables.len() > 10, "{tables:?}");
        tables
    }

    /// Every row of a tenant in one generation, as sorted text.
    pub(super) async fn rows(&self, tenant: TenantId, generation: i32) -> String {
        let mut admin = self.admin().await;
        let mut text = String::new();
        for table in self.tables(generation).await {
            let statement = format!(
                "select coalesce(string_agg(t::text, E'\\n' order by t::text), '') from projections_g{generation}.{table} t \
                 where tenant_id = $1"
            );
            let rows: String =
                sqlx::query_scalar(AssertSqlSafe(statement)).bind(tenant.0).fetch_one(&mut admin).await.unwrap();
            text.extend([&table, ":\n", &rows, "\n"]);
        }
        text
    }
}

/// That two dumps agree; names the first line that does not, since dumps are long.
pub(super) fn assert_equal_rows(left: &str, right: &str) {
    for (number, (left, right)) in left.lines().zip(right.lines()).enumerate() {
        assert_eq!(left, right, "row {number}");
    }
    assert_eq!(left.lines().count(), right.lines().count(), "one has more rows");
}

/// Numbers that look random and are the same in every run (xorshift, Marsaglia 2003).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}
