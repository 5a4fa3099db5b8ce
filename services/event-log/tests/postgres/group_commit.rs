use sqlx::Connection;
use weft_event_log::{AppendError, Companion, Expected, Log, SystemLog};
use weft_model::{Position, StreamId, StreamVersion, TenantId};

use crate::support::{TestLog, carrying, fresh, held_up, request};

/// Transactions that appended to a tenant's log, by PostgreSQL's own account.
async fn transactions(test: &TestLog, tenant: TenantId) -> i64 {
    let statement = "select count(distinct xmin::text) from events where tenant_id = $1";
    sqlx::query_scalar(statement).bind(tenant.0).fetch_one(&mut test.superuser().await).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_appends_at_once_make_at_most_fifty_commits() {
    let test = TestLog::open().await;
    let tenant: TenantId = fresh();
    test.log.append(request(tenant, fresh(), Expected::NoStream)).await.unwrap();
    let before = test.log.writer_counts();
    let appends: Vec<_> = (0..1000)
        .map(|_| {
            let log = test.log.clone();
            tokio::spawn(async move { log.append(request(tenant, fresh(), Expected::NoStream)).await })
        })
        .collect();
    for append in appends {
        append.await.unwrap().unwrap();
    }
    let after = test.log.writer_counts();
    assert_eq!((after.appends - before.appends, after.events - before.events), (1000, 1000));
    assert!(after.commits - before.commits <= 50, "{} commits", after.commits - before.commits);
    assert_eq!(transactions(&test, tenant).await, (after.commits - before.commits + 1) as i64);
    assert_eq!(test.log.head(tenant).await.unwrap(), Position(1001));
}

/// Holds a tenant's head, so that what is appended meanwhile becomes one batch behind a first, lone append.
async fn held_back<T>(test: &TestLog, tenant: TenantId, appends: impl Future<Output = T>) -> T {
    test.log.append(request(tenant, fresh(), Expected::NoStream)).await.unwrap();
    let mut superuser = test.superuser().await;
    let mut onlooker = test.superuser().await;
    let mut hold = superuser.begin().await.unwrap();
    let lock = "select from log_heads where tenant_id = $1 for update";
    sqlx::query(lock).bind(tenant.0).execute(&mut *hold).await.unwrap();
    let log = test.log.clone();
    let first = tokio::spawn(async move { log.append(request(tenant, fresh(), Expected::NoStream)).await });
    while held_up(&mut onlooker).await == 0 {
        tokio::task::yield_now().await;
    }
    // All appends are queued by the time that their future first waits.
    let (outcome, released) = tokio::join!(biased; appends, hold.commit());
    released.unwrap();
    first.await.unwrap().unwrap();
    outcome
}

#[tokio::test]
async fn one_conflicting_caller_does_not_disturb_its_neighbours() {
    let test = TestLog::open().await;
    let tenant: TenantId = fresh();
    let stream: StreamId = fresh();
    test.log.append(request(tenant, stream, Expected::NoStream)).await.unwrap();
    let before = transactions(&test, tenant).await;
    let appends = (0..100).map(|number| {
        if number == 50 {
            test.log.append(request(tenant, stream, Expected::NoStream))
        } else {
            test.log.append(request(tenant, fresh(), Expected::NoStream))
        }
    });
    let outcomes = held_back(&test, tenant, futures_util::future::join_all(appends)).await;
    for (number, outcome) in outcomes.iter().enumerate() {
        match outcome {
            Ok(_) if number != 50 => {}
            Err(AppendError::Conflict { actual: StreamVersion(1), .. }) if number == 50 => {}
            other => panic!("append {number}: {other:?}"),
        }
    }
    // The append before, the lone first one, and all hundred in one.
    assert_eq!(transactions(&test, tenant).await - before, 3);
    assert_eq!(test.log.head(tenant).await.unwrap(), Position(102));
    assert!(test.log.verify(tenant).await.unwrap().is_sound());
}

#[tokio::test]
async fn an_append_that_the_database_cannot_take_does_not_disturb_its_neighbours() {
    let test = TestLog::open().await;
    let tenant: TenantId = fresh();
    // JSON may hold a NUL in a string, and PostgreSQL's text may not.
    let poison = Companion::ReserveName { scope: "test".into(), name: "a\0b".into(), owner: fresh() };
    let appends = (0..20).map(|number| {
        if number == 7 {
            test.log.append(carrying(tenant, vec![poison.clone()]))
        } else {
            test.log.append(request(tenant, fresh(), Expected::NoStream))
        }
    });
    let outcomes = held_back(&test, tenant, futures_util::future::join_all(appends)).await;
    for (number, outcome) in outcomes.iter().enumerate() {
        match outcome {
            Ok(_) if number != 7 => {}
            Err(AppendError::Fault(_)) if number == 7 => {}
            other => panic!("append {number}: {other:?}"),
        }
    }
    assert_eq!(test.log.head(tenant).await.unwrap(), Position(21));
    assert!(test.log.verify(tenant).await.unwrap().is_sound());
    test.log.append(request(tenant, fresh(), Expected::NoStream)).await.unwrap();
}

#[tokio::test]
async fn a_tenant_that_has_filled_its_quarter_of_the_line_is_turned_away() {
    let tuning = weft_event_log::PgLogTuning { queue: 20, ..Default::default() };
    let test = TestLog::tuned(tuning).await;
    let tenant: TenantId = fresh();
    let appends = (0..20).map(|_| test.log.append(request(tenant, fresh(), Expected::NoStream)));
    let outcomes = held_back(&test, tenant, futures_util::future::join_all(appends)).await;
    let overloaded = outcomes.iter().filter(|outcome| matches!(outcome, Err(AppendError::Overloaded))).count();
    let made = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!((made, overloaded), (5, 15));
    assert_eq!(test.log.head(tenant).await.unwrap(), Position(7));
    test.log.ping().await.unwrap();
}
