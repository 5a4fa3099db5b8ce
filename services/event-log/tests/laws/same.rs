//! The log in memory and the log in PostgreSQL answer every history alike.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use uuid::Uuid;
use weft_event_log::{AppendRequest, Companion, Expected, Log, MemoryLog, PgLog, SystemLog};
use weft_model::{Position, StreamId, StreamVersion, TenantId, TimerId};

use crate::support::{TestLog, fresh, microsecond, request, with_events};

const HISTORIES: usize = 20;

/// A small world, so that appends meet each other.
fn small(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn companion() -> impl Strategy<Value = Companion> {
    let name = prop::sample::select(vec!["a", "b"]);
    prop_oneof![
        (name.clone(), 0..3u128).prop_map(|(name, owner)| Companion::ReserveName {
            scope: "test".into(),
            name: name.into(),
            owner: small(owner),
        }),
        name.clone().prop_map(|name| Companion::ReleaseName { scope: "test".into(), name: name.into() }),
        (-2..3i64, prop::option::of(0..4i64)).prop_map(|(amount, limit)| Companion::AddUsage {
            counter: "c".into(),
            amount,
            limit
        }),
        (0..20u8).prop_map(|key| Companion::IdempotencyKey { key: key.to_string() }),
        (0..3u128).prop_map(|id| Companion::ClearTimer { id: TimerId(small(id)) }),
        (0..3u128).prop_map(|id| Companion::FireTimer { id: TimerId(small(id)), due_at: microsecond() }),
    ]
}

fn append() -> impl Strategy<Value = (u128, Expected, usize, Vec<Companion>)> {
    let expected = prop_oneof![
        3 => Just(Expected::Any),
        1 => Just(Expected::NoStream),
        2 => (0..4u32).prop_map(|version| Expected::Exactly(StreamVersion(version))),
    ];
    (0..4u128, expected, 1..4usize, prop::collection::vec(companion(), 0..3))
}

fn build(
    tenant: TenantId,
    (stream, expected, events, companions): (u128, Expected, usize, Vec<Companion>),
) -> AppendRequest {
    let request = with_events(request(tenant, StreamId(small(stream)), expected), events);
    AppendRequest { companions, ..request }
}

#[tokio::test]
async fn both_logs_answer_any_history_alike() {
    let test = TestLog::open().await;
    let mut runner = TestRunner::deterministic();
    let histories = prop::collection::vec(append(), 1..30);
    for _ in 0..HISTORIES {
        let history = histories.new_tree(&mut runner).unwrap().current();
        compare(&test.log, history).await;
    }
}

async fn compare(pg: &PgLog, history: Vec<(u128, Expected, usize, Vec<Companion>)>) {
    let memory = MemoryLog::new();
    let tenant: TenantId = fresh();
    for step in history {
        let request = build(tenant, step.clone());
        let expected = format!("{:?}", memory.append(request.clone()).await);
        assert_eq!(format!("{:?}", pg.append(request).await), expected, "{step:?}");
    }
    let mut left = memory.read(tenant, Position(0), 1000).await.unwrap();
    let right = pg.read(tenant, Position(0), 1000).await.unwrap();
    for (left, right) in left.iter_mut().zip(&right) {
        left.recorded_at = right.recorded_at;
    }
    assert_eq!(left, right);
    for name in ["a", "b"] {
        let owner = memory.name_owner(tenant, "test", name).await.unwrap();
        assert_eq!(pg.name_owner(tenant, "test", name).await.unwrap(), owner);
    }
    assert_eq!(pg.usage(tenant, "c").await.unwrap(), memory.usage(tenant, "c").await.unwrap());
}
