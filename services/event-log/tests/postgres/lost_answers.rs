use std::time::{Duration, Instant};

use sqlx::Connection as _;
use weft_event_log::{
    AppendError, AppendRequest, Expected, Log, MasterKey, PgLog, PgLogSettings, PgLogTuning, SystemLog,
};
use weft_migrations::testing::TestDatabase;
use weft_model::{Position, StreamId, StreamVersion, TenantId};
use weft_scope::{PoolLimits, Scope, SystemPool};

use crate::proxy::{Loss, MARKED, Proxy};
use crate::support::{TestLog, event, fresh, held_up, request, with_payload};

struct Lossy {
    log: PgLog,
    proxy: Proxy,
    database: TestDatabase,
    _folder: tempfile::TempDir,
}

/// A log whose one writer reaches the database through a proxy.
async fn lossy(tuning: PgLogTuning) -> Lossy {
    let tuning = PgLogTuning { writers: 1, ..tuning };
    let database = TestDatabase::create().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let proxy = Proxy::before(&database.urls.system);
    let limits = PoolLimits { connections: 6, wait: Duration::from_millis(500) };
    let settings = PgLogSettings {
        scope: Scope::connect(&database.urls.app, limits).await.unwrap(),
        system: SystemPool::connect(&proxy.url(&database.urls.system), limits).await.unwrap(),
        master_key: MasterKey::generate(),
        blob_folder: folder.path().to_owned(),
        tuning,
    };
    let log = PgLog::open(settings).await.unwrap();
    Lossy { log, proxy, database, _folder: folder }
}

fn marked(tenant: TenantId, stream: StreamId, expected: Expected) -> AppendRequest {
    let mut request = request(tenant, stream, expected);
    request.events = vec![event("{}"), event("{}")];
    request.events[0].wire_type = MARKED;
    request
}

#[tokio::test]
async fn an_append_whose_answer_is_lost_is_made_once_and_acknowledged() {
    let Lossy { log, proxy, .. } = &lossy(PgLogTuning::default()).await;
    for loss in [Loss::Answer, Loss::Request] {
        for expected in [Expected::Any, Expected::NoStream] {
            let (tenant, stream): (TenantId, StreamId) = (fresh(), fresh());
            // The second round meets a connection whose statement is already prepared.
            log.append(request(tenant, fresh(), Expected::NoStream)).await.unwrap();
            proxy.lose(loss);
            let appended = log.append(marked(tenant, stream, expected)).await.unwrap();
            assert_eq!((appended.first, appended.last), (Position(2), Position(3)), "{loss:?} {expected:?}");
            assert_eq!(appended.version, StreamVersion(2));
            assert_eq!(log.read_stream(tenant, stream, StreamVersion(0), 10).await.unwrap().len(), 2);
            log.append(request(tenant, stream, Expected::Exactly(StreamVersion(2)))).await.unwrap();
            assert_eq!(log.head(tenant).await.unwrap(), Position(4));
            assert!(log.verify(tenant).await.unwrap().is_sound());
        }
    }
}

/// What insists on no version would be appended twice, and a payload cannot be; the second call must find the answer, also when it
/// gets its locks only after its callers' patience should have ended.
#[tokio::test]
async fn a_batch_that_is_sent_again_while_the_server_is_still_at_it_is_made_once() {
    let follow_up = Duration::from_millis(200);
    let Lossy { log, proxy, database, .. } = &lossy(PgLogTuning { follow_up, ..PgLogTuning::default() }).await;
    let mut superuser = sqlx::PgConnection::connect(&database.admin_url()).await.unwrap();
    let mut onlooker = sqlx::PgConnection::connect(&database.admin_url()).await.unwrap();
    for expected in [Expected::Any, Expected::NoStream] {
        let (tenant, stream): (TenantId, StreamId) = (fresh(), fresh());
        log.append(with_payload(request(tenant, fresh(), Expected::NoStream), &[b"[]"])).await.unwrap();
        let mut hold = superuser.begin().await.unwrap();
        let lock = "select from weft.log_heads where tenant_id = $1 for update";
        sqlx::query(lock).bind(tenant.0).execute(&mut *hold).await.unwrap();
        proxy.lose(Loss::Connection);
        let appending = tokio::spawn({
            let log = log.clone();
            let first = with_payload(marked(tenant, stream, expected), &[b"[1]"]);
            let second = request(tenant, fresh(), expected);
            async move { tokio::join!(log.append(first), log.append(second)) }
        });
        let mut sent_again = None;
        while sent_again.is_none_or(|since: Instant| since.elapsed() <= follow_up) {
            assert!(!appending.is_finished(), "it waits for the lock");
            if held_up(&mut onlooker).await == 2 {
                sent_again.get_or_insert_with(Instant::now);
            }
        }
        hold.commit().await.unwrap();
        let (first, second) = appending.await.unwrap();
        let (first, second) = (first.unwrap(), second.unwrap());
        assert_eq!((first.first, first.last, second.last), (Position(2), Position(3), Position(4)), "{expected:?}");
        assert_eq!(log.head(tenant).await.unwrap(), Position(4));
        assert!(log.verify(tenant).await.unwrap().is_sound());
    }
}

#[tokio::test]
async fn a_conflict_whose_answer_is_lost_is_still_a_conflict() {
    let Lossy { log, proxy, .. } = &lossy(PgLogTuning::default()).await;
    let (tenant, stream): (TenantId, StreamId) = (fresh(), fresh());
    log.append(request(tenant, stream, Expected::NoStream)).await.unwrap();
    proxy.lose(Loss::Answer);
    let refused = log.append(marked(tenant, stream, Expected::NoStream)).await;
    assert!(matches!(refused, Err(AppendError::Conflict { actual: StreamVersion(1), .. })), "{refused:?}");
    assert_eq!(log.head(tenant).await.unwrap(), Position(1));
}

#[tokio::test]
async fn while_the_database_is_away_callers_are_told_so_and_afterwards_it_goes_on() {
    let tuning = PgLogTuning { follow_up: Duration::from_millis(300), ..PgLogTuning::default() };
    let Lossy { log, proxy, .. } = &lossy(tuning).await;
    let (tenant, stream): (TenantId, StreamId) = (fresh(), fresh());
    log.append(request(tenant, fresh(), Expected::NoStream)).await.unwrap();
    proxy.lose_and_refuse(Loss::Answer);
    // Committed, but nobody can know.
    let lost = log.append(marked(tenant, stream, Expected::NoStream)).await;
    assert!(matches!(lost, Err(AppendError::InDoubt)), "{lost:?}");
    let away = log.append(request(tenant, fresh(), Expected::NoStream)).await;
    assert!(matches!(away, Err(AppendError::Unavailable(_))), "{away:?}");
    assert!(log.ping().await.is_err());

    proxy.recover();
    let again = log.append(marked(tenant, stream, Expected::NoStream)).await;
    assert!(matches!(again, Err(AppendError::Conflict { actual: StreamVersion(2), .. })), "{again:?}");
    log.append(request(tenant, stream, Expected::Exactly(StreamVersion(2)))).await.unwrap();
    assert_eq!(log.head(tenant).await.unwrap(), Position(4));
    log.ping().await.unwrap();
}

/// Ends the sessions of every writer again and again while appends run: what was acknowledged is there once, and what was
/// not is there at most once.
#[tokio::test(flavor = "multi_thread")]
async fn a_storm_of_ended_sessions_loses_and_doubles_nothing() {
    let test = TestLog::open().await;
    let tenant: TenantId = fresh();
    let writers: Vec<_> = (0..8)
        .map(|_| {
            let log = test.log.clone();
            tokio::spawn(async move {
                let mut outcomes = Vec::new();
                for _ in 0..100 {
                    let stream: StreamId = fresh();
                    outcomes.push((stream, log.append(request(tenant, stream, Expected::Any)).await));
                }
                outcomes
            })
        })
        .collect();
    let mut superuser = test.superuser().await;
    let (mut ended, mut commits) = (0, 0);
    while writers.iter().any(|writer| !writer.is_finished()) {
        // Only a commit after the last end earns the next one, so the appends get on.
        if test.log.writer_counts().commits == commits {
            tokio::task::yield_now().await;
            continue;
        }
        commits = test.log.writer_counts().commits;
        let end = "select count(pg_terminate_backend(pid)) from pg_stat_activity \
                   where datname = current_database() and pid <> pg_backend_pid() and query like '%append_events%'";
        ended += sqlx::query_scalar::<_, i64>(end).fetch_one(&mut superuser).await.unwrap();
    }
    let mut acknowledged = 0;
    for writer in writers {
        for (stream, outcome) in writer.await.unwrap() {
            let found = test.log.read_stream(tenant, stream, StreamVersion(0), 10).await.unwrap();
            match outcome {
                Ok(appended) => {
                    acknowledged += 1;
                    assert_eq!(found.iter().map(|event| event.position).collect::<Vec<_>>(), [appended.first]);
                }
                Err(AppendError::Unavailable(_)) => assert!(found.is_empty(), "{stream} was denied and is recorded"),
                Err(AppendError::InDoubt) => assert!(found.len() <= 1, "{stream} is recorded twice"),
                Err(error) => panic!("{error:?}"),
            }
        }
    }
    assert!(ended > 10, "only {ended} sessions were ended");
    assert!(acknowledged > 0);
    assert!(test.log.verify(tenant).await.unwrap().is_sound());
}
