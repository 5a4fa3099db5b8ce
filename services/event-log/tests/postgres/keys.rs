use weft_event_log::{Expected, Log, LogFault, MasterKey, OpenError, PgLogTuning};
use weft_model::{Position, TenantId};

use crate::support::{TestLog, event, fresh, open, request, with_payload};

const SECRET: &str = "a sentence that must not be readable";

#[tokio::test]
async fn another_master_key_refuses_to_start_and_says_what_to_do() {
    let test = TestLog::open().await;
    let refused = open(&test.database, &test.folder, MasterKey::generate(), PgLogTuning::default()).await;
    let Err(error @ OpenError::WrongMasterKey) = refused else { panic!("a wrong master key was accepted") };
    assert!(error.to_string().contains("WEFT_MASTER_KEY_FILE"), "{error}");
    open(&test.database, &test.folder, test.master_key.clone(), PgLogTuning::default()).await.unwrap();
}

#[tokio::test]
async fn nothing_that_is_stored_can_be_read_without_the_key() {
    let test = TestLog::open().await;
    let tenant: TenantId = fresh();
    let large = [SECRET.as_bytes(), &vec![b'.'; 200_000]].concat();
    for content in [SECRET.as_bytes(), &large] {
        let mut append = with_payload(request(tenant, fresh(), Expected::NoStream), &[content]);
        append.events = vec![event(SECRET)];
        append.events[0].uses_payload = true;
        test.log.append(append).await.unwrap();
    }
    let mut superuser = test.superuser().await;
    let stored: Vec<Vec<u8>> = sqlx::query_scalar(
        "select body from events union all select data from payloads union all select wrapped from tenant_keys",
    )
    .fetch_all(&mut superuser)
    .await
    .unwrap();
    assert_eq!(stored.len(), 5);
    let mut files = Vec::new();
    read_files(&test.folder.path().join("blobs"), &mut files);
    assert_eq!(files.len(), 1);
    for bytes in stored.iter().chain(&files) {
        assert!(!bytes.windows(8).any(|window| window == &SECRET.as_bytes()[..8]));
    }
    assert!(stored.iter().chain(&files).all(|bytes| bytes.len() < 64 * 1024), "repetition is compressed");
}

#[tokio::test]
async fn destroyed_keys_leave_an_unreadable_log_with_a_valid_chain() {
    let test = TestLog::open().await;
    let (tenant, other): (TenantId, TenantId) = (fresh(), fresh());
    for tenant in [tenant, other] {
        test.log.append(with_payload(request(tenant, fresh(), Expected::NoStream), &[b"[1]"])).await.unwrap();
    }
    let mut superuser = test.superuser().await;
    sqlx::query("delete from tenant_keys where tenant_id = $1").bind(tenant.0).execute(&mut superuser).await.unwrap();
    // A process that knew the key forgets it when it ends; this one begins.
    let log = test.another().await;
    assert!(matches!(log.read(tenant, Position(0), 1).await, Err(LogFault::KeyGone { key: 1, .. })));
    assert!(log.verify(tenant).await.unwrap().is_sound());
    assert_eq!(log.read(other, Position(0), 1).await.unwrap().len(), 1);
}

#[tokio::test]
async fn processes_that_make_a_tenants_first_key_at_once_agree() {
    let test = TestLog::open().await;
    let other = test.another().await;
    for _ in 0..10 {
        let tenant: TenantId = fresh();
        let append = |log: &weft_event_log::PgLog| {
            let log = log.clone();
            async move { log.append(request(tenant, fresh(), Expected::NoStream)).await.unwrap() }
        };
        tokio::join!(append(&test.log), append(&other));
        for log in [&test.log, &other] {
            assert_eq!(log.read(tenant, Position(0), 10).await.unwrap().len(), 2);
        }
    }
}

fn read_files(folder: &std::path::Path, files: &mut Vec<Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { read_files(&path, files) } else { files.push(std::fs::read(path).unwrap()) }
    }
}
