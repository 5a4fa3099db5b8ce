//! Somebody with all rights changes what was recorded.

use sqlx::PgConnection;
use weft_event_log::{Expected, Finding, Log, LogHead};
use weft_model::{Position, StreamId, TenantId};

use crate::support::{TestLog, fresh, request, with_events, with_payload};

struct Tampered {
    test: TestLog,
    tenant: TenantId,
    superuser: PgConnection,
}

impl Tampered {
    /// A log of twenty events.
    async fn log() -> Self {
        let test = TestLog::open().await;
        let superuser = test.superuser().await;
        let mut tampered = Self { test, tenant: fresh(), superuser };
        tampered.begin_again().await;
        tampered
    }

    /// A sound log of twenty events of another tenant, which knows nothing of what happened to the last one.
    async fn begin_again(&mut self) {
        self.tenant = fresh();
        let stream: StreamId = fresh();
        for _ in 0..4 {
            let append = with_events(request(self.tenant, stream, Expected::Any), 3);
            self.test.log.append(append).await.unwrap();
            let append = with_events(request(self.tenant, fresh(), Expected::Any), 2);
            self.test.log.append(with_payload(append, &[b"[1]"])).await.unwrap();
        }
        assert_eq!(self.findings().await, []);
    }

    async fn findings(&self) -> Vec<Finding> {
        self.test.log.verify(self.tenant).await.unwrap().findings
    }

    async fn run(&mut self, statement: &'static str) {
        let done = sqlx::query(statement).bind(self.tenant.0).execute(&mut self.superuser).await.unwrap();
        assert!(done.rows_affected() > 0, "nothing was tampered with");
    }
}

fn changed(position: u64) -> Finding {
    Finding::Changed { position: Position(position) }
}

#[tokio::test]
async fn a_changed_byte_of_any_column_is_named() {
    let mut log = Tampered::log().await;
    for (change, what) in [
        (
            "update events set body = set_byte(body, 30, get_byte(body, 30) # 1) where tenant_id = $1 and position = 7",
            "body",
        ),
        ("update events set type = 'test.happenee' where tenant_id = $1 and position = 7", "type"),
        ("update events set type_version = 2 where tenant_id = $1 and position = 7", "type_version"),
        ("update events set stream_version = 70 where tenant_id = $1 and position = 7", "stream_version"),
        (
            "update events set recorded_at = recorded_at + interval '1 microsecond' where tenant_id = $1 and position = 7",
            "recorded_at",
        ),
        (
            "update events set actor_type = 'm', actor_id = gen_random_uuid() where tenant_id = $1 and position = 7",
            "actor",
        ),
        ("update events set correlation_id = gen_random_uuid() where tenant_id = $1 and position = 7", "correlation"),
        ("update events set causation = 1 where tenant_id = $1 and position = 7", "causation"),
        ("update events set payload_id = gen_random_uuid() where tenant_id = $1 and position = 7", "payload"),
        ("update events set payload_digest = sha256('') where tenant_id = $1 and position = 7", "payload_digest"),
        ("update events set key_id = 2 where tenant_id = $1 and position = 7", "key_id"),
        ("update events set hash = sha256(hash) where tenant_id = $1 and position = 7", "hash"),
        ("update events set hash = '' where tenant_id = $1 and position = 7", "hash length"),
    ] {
        log.begin_again().await;
        log.run(change).await;
        assert_eq!(log.findings().await, [changed(7)], "{what}");
    }
}

#[tokio::test]
async fn two_changed_neighbours_are_both_named() {
    let mut log = Tampered::log().await;
    log.run("update events set body = body || '\\x00' where tenant_id = $1 and position in (7, 8, 19)").await;
    assert_eq!(log.findings().await, [changed(7), changed(8), changed(19)]);
}

#[tokio::test]
async fn missing_events_are_named_wherever_they_stood() {
    let missing = |first, last| Finding::Missing { first: Position(first), last: Position(last) };
    let mut log = Tampered::log().await;
    log.run("delete from events where tenant_id = $1 and position in (1, 9, 10, 20)").await;
    assert_eq!(log.findings().await, [missing(1, 1), missing(9, 10), missing(20, 20)]);
    log.run("update events set body = '' where tenant_id = $1 and position = 13").await;
    assert_eq!(log.findings().await, [missing(1, 1), missing(9, 10), changed(13), missing(20, 20)]);
}

#[tokio::test]
async fn swapped_events_are_named_as_a_pair() {
    let swap = |first, second| Finding::Swapped { first: Position(first), second: Position(second) };
    let mut log = Tampered::log().await;
    for (first, second) in [(6, 7), (3, 17), (1, 20)] {
        // Whole rows change places, their hashes included.
        log.begin_again().await;
        for (from, to) in [(first, -1), (second, first), (-1, second)] {
            sqlx::query("update events set position = $3 where tenant_id = $1 and position = $2")
                .bind(log.tenant.0)
                .bind(from)
                .bind(to)
                .execute(&mut log.superuser)
                .await
                .unwrap();
        }
        let mut expected = vec![swap(first as u64, second as u64)];
        if second == 20 {
            expected.push(Finding::HeadChanged { last: Position(20) });
        }
        assert_eq!(log.findings().await, expected);
    }
    // The contents change places and the hashes stay.
    log.begin_again().await;
    log.run(
        "update events e set (stream_id, stream_version, body, payload_id, payload_digest, recorded_at) = \
         (select o.stream_id, o.stream_version + 1000, o.body, o.payload_id, o.payload_digest, o.recorded_at \
          from events o where o.tenant_id = e.tenant_id and o.position = case e.position when 6 then 9 else 6 end) \
         where e.tenant_id = $1 and e.position in (6, 9)",
    )
    .await;
    log.run("update events set stream_version = stream_version - 1000 where tenant_id = $1 and position in (6, 9)")
        .await;
    assert_eq!(log.findings().await, [swap(6, 9)]);
}

#[tokio::test]
async fn a_changed_payload_and_a_changed_head_are_named() {
    let mut log = Tampered::log().await;
    let events = log.test.log.read(log.tenant, Position(0), 20).await.unwrap();
    let payload = events[3].payload.unwrap();
    sqlx::query("update payloads set data = set_byte(data, 40, get_byte(data, 40) # 255) where payload_id = $1")
        .bind(payload.0)
        .execute(&mut log.superuser)
        .await
        .unwrap();
    log.run("update log_heads set hash = sha256(hash) where tenant_id = $1").await;
    let expected =
        [Finding::PayloadChanged { position: Position(4), payload }, Finding::HeadChanged { last: Position(20) }];
    assert_eq!(log.findings().await, expected);
    assert!(log.test.log.read_payload(log.tenant, payload).await.is_err());
}

#[tokio::test]
async fn a_log_that_was_written_anew_is_told_from_the_one_that_a_kept_head_names() {
    let test = TestLog::open().await;
    let tenant: TenantId = fresh();
    for _ in 0..3 {
        test.log.append(request(tenant, fresh(), Expected::NoStream)).await.unwrap();
    }
    let kept = test.log.log_head(tenant).await.unwrap().unwrap();
    test.log.append(request(tenant, fresh(), Expected::NoStream)).await.unwrap();
    assert!(test.log.verify_against(tenant, kept).await.unwrap().is_sound());
    let other = LogHead { hash: [7; 32], ..kept };
    let report = test.log.verify_against(tenant, other).await.unwrap();
    assert_eq!(report.findings, [Finding::NotAsSigned { position: Position(3) }]);
    let later = LogHead { position: Position(9), ..kept };
    let report = test.log.verify_against(tenant, later).await.unwrap();
    assert_eq!(report.findings, [Finding::NotAsSigned { position: Position(9) }], "a log that was cut off");
}
