use std::time::{Duration, SystemTime};

use jiff::{SignedDuration, Timestamp};
use weft_event_log::{Companion, Expected, Log, OpenExecution, Timer, TimerKind};
use weft_model::{ExecutionId, PayloadId, Position, StreamId, TenantId};

use crate::support::{TestLog, connect, fresh, now, request, timer_id, with_payload};

pub fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}

pub async fn drop_expired(test: &TestLog, at: Timestamp) -> Vec<String> {
    let mut system = connect(&test.database.urls.system).await;
    sqlx::query_scalar("select weft.drop_expired_payloads($1)")
        .bind(jiff_sqlx::Timestamp::from(at))
        .fetch_all(&mut system)
        .await
        .unwrap()
}

/// Appends to a stream with a payload that expires then.
async fn append(
    test: &TestLog,
    tenant: TenantId,
    stream: StreamId,
    expires_at: Timestamp,
    content: &[u8],
) -> PayloadId {
    let mut append = with_payload(request(tenant, stream, Expected::Any), &[content]);
    let payload = append.payload.as_mut().unwrap();
    payload.expires_at = expires_at;
    let id = payload.id;
    test.log.append(append).await.unwrap();
    id
}

#[tokio::test]
async fn expired_payloads_leave_by_partition_and_the_chain_stays_valid() {
    let test = TestLog::open().await;
    let tenant: TenantId = fresh();
    let execution: ExecutionId = fresh();
    let mut open = request(tenant, execution.into(), Expected::NoStream);
    open.companions =
        vec![Companion::OpenExecution(OpenExecution { execution, workflow: fresh(), worker: fresh(), epoch: 1 })];
    test.log.append(open).await.unwrap();
    let large = vec![7; 100_000];
    let soon = now() + days(1);
    let ended = append(&test, tenant, fresh(), soon, b"ended").await;
    let ended_large = append(&test, tenant, fresh(), soon, &large).await;
    let running = append(&test, tenant, execution.into(), soon, b"running").await;
    let running_large = append(&test, tenant, execution.into(), soon, &large).await;
    let later = append(&test, tenant, fresh(), now() + days(200), b"later").await;

    let partitions = drop_expired(&test, now() + days(70)).await;
    assert!(partitions.iter().all(|name| name.starts_with("payloads_20")), "{partitions:?}");
    assert!(!partitions.is_empty());
    let there = async |payload| test.log.read_payload(tenant, payload).await.unwrap();
    assert_eq!(there(ended).await, None);
    assert_eq!(there(ended_large).await, None);
    assert_eq!(there(running).await.unwrap().part(0).unwrap(), &b"running"[..]);
    assert_eq!(there(running_large).await.unwrap().part(0).unwrap(), &large[..]);
    assert_eq!(there(later).await.unwrap().part(0).unwrap(), &b"later"[..]);

    let verification = test.log.verify(tenant).await.unwrap();
    assert_eq!(verification.findings, []);
    assert_eq!((verification.events, verification.payloads, verification.expired_payloads), (6, 3, 2));
    assert_eq!(test.log.read(tenant, Position(0), 10).await.unwrap().len(), 6);
    // What is appended afterwards finds a partition.
    append(&test, tenant, fresh(), now() + days(500), b"much later").await;
}

#[tokio::test]
async fn what_a_waiting_execution_will_need_outlives_its_month() {
    let test = TestLog::open().await;
    let tenant: TenantId = fresh();
    let execution: ExecutionId = fresh();
    let mut waits = request(tenant, execution.into(), Expected::NoStream);
    waits.companions = vec![Companion::SetTimer(Timer {
        id: timer_id(),
        stream: execution.into(),
        kind: TimerKind::Wait,
        due_at: now() + days(120),
        data: serde_json::json!({}),
    })];
    test.log.append(waits).await.unwrap();
    let large = vec![7; 100_000];
    let small = append(&test, tenant, execution.into(), now() + days(1), b"waiting").await;
    let blob = append(&test, tenant, execution.into(), now() + days(1), &large).await;
    drop_expired(&test, now() + days(70)).await;
    let there = async |payload| test.log.read_payload(tenant, payload).await.unwrap();
    assert_eq!(there(small).await.unwrap().part(0).unwrap(), &b"waiting"[..]);
    assert_eq!(there(blob).await.unwrap().part(0).unwrap(), &large[..]);
}

#[tokio::test]
async fn many_processes_find_the_partition_of_a_new_month_at_once() {
    let test = TestLog::open().await;
    let expires_at = now() + days(700);
    let mut logs = Vec::new();
    for _ in 0..8 {
        logs.push(test.another().await);
    }
    let appends = logs.iter().map(|log| {
        let mut append = with_payload(request(fresh(), fresh(), Expected::NoStream), &[b"first"]);
        append.payload.as_mut().unwrap().expires_at = expires_at;
        log.append(append)
    });
    for appended in futures_util::future::join_all(appends).await {
        appended.unwrap();
    }
}

#[tokio::test]
async fn blobs_that_no_payload_refers_to_are_collected_after_a_day() {
    let test = TestLog::open().await;
    let tenant: TenantId = fresh();
    let kept = append(&test, tenant, fresh(), now() + days(100), &vec![1; 100_000]).await;
    let young = append(&test, tenant, fresh(), now() + days(1), &vec![2; 100_000]).await;
    drop_expired(&test, now() + days(70)).await;
    // The payload of `young` is gone, yet its file is not a day old.
    assert_eq!(test.log.read_payload(tenant, young).await.unwrap(), None);
    assert_eq!(test.log.collect_blobs().await.unwrap(), 0);
    let mut files = Vec::new();
    find_files(&test.folder.path().join("blobs"), &mut files);
    assert_eq!(files.len(), 2);
    for file in &files {
        let two_days_ago = SystemTime::now() - Duration::from_hours(48);
        std::fs::File::options().write(true).open(file).unwrap().set_modified(two_days_ago).unwrap();
    }
    assert_eq!(test.log.collect_blobs().await.unwrap(), 1);
    assert_eq!(test.log.read_payload(tenant, kept).await.unwrap().unwrap().part(0).unwrap().len(), 100_000);
}

pub fn find_files(folder: &std::path::Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { find_files(&path, files) } else { files.push(path) }
    }
}
