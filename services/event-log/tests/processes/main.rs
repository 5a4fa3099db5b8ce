//! Sixteen writers in two processes, and a reader that polls meanwhile: positions have no gap, and the reader sees every
//! event exactly once. The program starts itself twice as a writing process.

#![allow(clippy::unwrap_used, clippy::panic, reason = "this is all test code")]

#[path = "../support/mod.rs"]
mod support;

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::{Child, Command};
use weft_event_log::{Expected, Log, MasterKey, PgLog, PgLogSettings, PgLogTuning};
use weft_model::{Position, StreamId, StreamVersion, TenantId};
use weft_scope::{PoolLimits, Scope, SystemPool};

use support::{TestLog, fresh, request, with_events};

const PROCESSES: usize = 2;
const WRITERS: usize = 8;
const APPENDS: usize = 150;
/// Each writer appends one event, two, three, one, …
const EVENTS: usize = PROCESSES * WRITERS * APPENDS * 2;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [word, app, system, folder, tenant] if word == "write" => {
            write_all(app, system, Path::new(folder), tenant.parse().unwrap()).await;
        }
        // What cargo passes to every test program does not concern this one, except when it only wants a list.
        rest if rest.iter().any(|word| word == "--list") => {}
        _ => {
            sixteen_writers_in_two_processes_leave_no_gap().await;
            println!("test sixteen_writers_in_two_processes_leave_no_gap ... ok");
        }
    }
}

async fn sixteen_writers_in_two_processes_leave_no_gap() {
    let (master_key, folder) = key_folder();
    let test = TestLog::with_key(master_key, folder).await;
    let tenant: TenantId = fresh();
    let mut children: Vec<Child> = (0..PROCESSES).map(|_| start_writer(&test, tenant)).collect();

    let mut seen = Vec::with_capacity(EVENTS);
    while seen.len() < EVENTS {
        let last = Position(seen.last().copied().unwrap_or_default());
        let page = test.log.read(tenant, last, 100).await.unwrap();
        seen.extend(page.iter().map(|event| event.position.0));
        let failed = children.iter_mut().any(|child| child.try_wait().unwrap().is_some_and(|status| !status.success()));
        assert!(!failed, "a writing process failed");
    }
    assert_eq!(seen, (1..=EVENTS as u64).collect::<Vec<_>>());
    for child in &mut children {
        assert!(child.wait().await.unwrap().success());
    }
    assert_eq!(test.log.head(tenant).await.unwrap(), Position(EVENTS as u64));
    assert!(test.log.verify(tenant).await.unwrap().is_sound());
}

fn key_folder() -> (MasterKey, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let (key, _) = MasterKey::load_or_create(&folder.path().join("master.key")).unwrap();
    (key, folder)
}

fn start_writer(test: &TestLog, tenant: TenantId) -> Child {
    let urls = &test.database.urls;
    Command::new(std::env::current_exe().unwrap())
        .args(["write", &urls.app, &urls.system, test.folder.path().to_str().unwrap(), &tenant.to_string()])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// A writing process: every writer has a stream of its own and shares one with all others.
async fn write_all(app: &str, system: &str, folder: &Path, tenant: TenantId) {
    let log = open(app, system, folder).await;
    let shared = StreamId(uuid::Uuid::from_u128(1));
    let writers = (0..WRITERS).map(|_| {
        let log = log.clone();
        tokio::spawn(async move {
            let own: StreamId = fresh();
            let mut version = StreamVersion(0);
            for number in 0..APPENDS {
                let (stream, expected) =
                    if number % 2 == 0 { (own, Expected::Exactly(version)) } else { (shared, Expected::Any) };
                let count = number % 3 + 1;
                let appended = log.append(with_events(request(tenant, stream, expected), count)).await.unwrap();
                assert_eq!(appended.last.0 - appended.first.0 + 1, count as u64);
                if stream == own {
                    version = appended.version;
                }
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
}

async fn open(app: &str, system: &str, folder: &Path) -> PgLog {
    let limits = PoolLimits { connections: 6, ..PoolLimits::default() };
    let blob_folder: PathBuf = folder.join("blobs");
    let settings = PgLogSettings {
        scope: Scope::connect(app, limits).await.unwrap(),
        system: SystemPool::connect(system, limits).await.unwrap(),
        master_key: MasterKey::from_file(&folder.join("master.key")).unwrap(),
        blob_folder,
        tuning: PgLogTuning::default(),
    };
    PgLog::open(settings).await.unwrap()
}
