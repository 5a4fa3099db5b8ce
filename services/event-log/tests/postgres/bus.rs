use std::time::Duration;

use weft_event_log::{Committed, Expected, Log, PgLogTuning};
use weft_model::{Position, TenantId};

use crate::support::{TestLog, fresh, open, request};

/// Never in a test's life.
const NEVER: Duration = Duration::from_hours(1);

async fn hears(writer: &weft_event_log::PgLog, reader: &weft_event_log::PgLog) {
    let tenant: TenantId = fresh();
    let mut watch = reader.watch();
    for expected in 1..=3 {
        writer.append(request(tenant, fresh(), Expected::NoStream)).await.unwrap();
        let heard = tokio::time::timeout(Duration::from_secs(30), watch.recv()).await.unwrap().unwrap();
        assert_eq!(heard, Committed { tenant, head: Position(expected) });
    }
}

#[tokio::test]
async fn another_process_is_notified() {
    let test = TestLog::open().await;
    let tuning = PgLogTuning { poll: NEVER, ..PgLogTuning::default() };
    let other = open(&test.database, &test.folder, test.master_key.clone(), tuning).await.unwrap();
    hears(&test.log, &other).await;
}

#[tokio::test]
async fn a_lost_notification_costs_only_time() {
    // One notification is sent at once; the pause after it swallows every other one of this process.
    let test = TestLog::tuned(PgLogTuning { notify: NEVER, ..PgLogTuning::default() }).await;
    test.log.append(request(fresh(), fresh(), Expected::NoStream)).await.unwrap();
    let tuning = PgLogTuning { poll: Duration::from_millis(20), ..PgLogTuning::default() };
    let other = open(&test.database, &test.folder, test.master_key.clone(), tuning).await.unwrap();
    let mut watch = other.watch();
    let tenant: TenantId = fresh();
    for expected in 1..=3 {
        test.log.append(request(tenant, fresh(), Expected::NoStream)).await.unwrap();
        loop {
            let heard = tokio::time::timeout(Duration::from_secs(30), watch.recv()).await.unwrap().unwrap();
            if heard == (Committed { tenant, head: Position(expected) }) {
                break;
            }
        }
    }
}
