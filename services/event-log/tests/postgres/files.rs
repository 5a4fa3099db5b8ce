//! Files that items name: sealed, streamed, kept as long as a payload names them.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use sha2::{Digest, Sha256};
use weft_event_log::{Expected, FileKey, Files, Log, MemoryFiles, PgLog, StoredFile};
use weft_model::TenantId;

use crate::expiry::{days, drop_expired, find_files};
use crate::support::{TestLog, fresh, now, request, with_payload};

/// What sealing adds to a chunk of 64 KiB, and what a sealed file begins with.
const SEALED_CHUNK: usize = 64 * 1024 + 16;
const HEADER: usize = 21;

/// Bytes that do not repeat in any chunk: counted from `from`.
fn counted(from: u64, length: usize) -> Bytes {
    (from..).flat_map(u64::to_le_bytes).take(length).collect()
}

async fn write(files: &dyn Files, tenant: TenantId, pieces: &[Bytes]) -> StoredFile {
    let mut writer = files.create(tenant).await.unwrap();
    for piece in pieces {
        writer.write(piece.clone()).await.unwrap();
    }
    writer.finish().await.unwrap()
}

async fn read(files: &dyn Files, tenant: TenantId, key: FileKey) -> Option<Vec<u8>> {
    let mut reader = files.open(tenant, key).await.unwrap()?;
    let mut bytes = Vec::new();
    while let Some(more) = reader.next().await.unwrap() {
        bytes.extend_from_slice(&more);
    }
    Some(bytes)
}

/// The one file in the blob store.
fn on_disk(test: &TestLog) -> std::path::PathBuf {
    let mut found = Vec::new();
    find_files(&test.folder.path().join("blobs"), &mut found);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

fn age(file: &std::path::Path) {
    let two_days_ago = SystemTime::now() - Duration::from_hours(48);
    std::fs::File::options().write(true).open(file).unwrap().set_modified(two_days_ago).unwrap();
}

#[tokio::test]
async fn a_file_of_any_length_is_read_as_it_was_written_by_its_tenant_alone() {
    let test = TestLog::open().await;
    let (tenant, other): (TenantId, TenantId) = (fresh(), fresh());
    let (pg, memory): (PgLog, MemoryFiles) = (test.log.clone(), MemoryFiles::default());
    let both: [&dyn Files; 2] = [&pg, &memory];
    for files in both {
        for length in [0, 1, 65_535, 65_536, 65_537, 131_072, 6 * 1024 * 1024 + 5] {
            let content = counted(length as u64, length);
            let pieces: Vec<Bytes> = content.chunks(10_000).map(Bytes::copy_from_slice).collect();
            let stored = write(files, tenant, &pieces).await;
            assert_eq!(stored.size, length as u64);
            assert_eq!(stored.digest[..], Sha256::digest(&content)[..]);
            assert!(read(files, tenant, stored.key).await.unwrap() == content, "{length} bytes");
            assert_eq!(read(files, other, stored.key).await, None);
        }
        assert_eq!(read(files, tenant, "ab".repeat(32).parse().unwrap()).await, None);
    }
}

#[tokio::test]
async fn what_is_on_the_disk_is_sealed_and_every_change_is_noticed() {
    let test = TestLog::open().await;
    let tenant = fresh();
    let content = Bytes::from(b"confidential".repeat(20_000));
    let stored = write(&test.log, tenant, &[content]).await;
    let path = on_disk(&test);
    let sealed = std::fs::read(&path).unwrap();
    assert!(!sealed.windows(12).any(|window| window == b"confidential"));
    let mut changed = sealed.clone();
    changed[HEADER + SEALED_CHUNK + 7] ^= 1;
    let mut swapped = sealed.clone();
    let (first, second) = swapped[HEADER..].split_at_mut(SEALED_CHUNK);
    first.swap_with_slice(&mut second[..SEALED_CHUNK]);
    let shortened = sealed[..HEADER + 2 * SEALED_CHUNK].to_vec();
    let without_first = [&sealed[..HEADER], &sealed[HEADER + SEALED_CHUNK..]].concat();
    for tampered in [changed, swapped, shortened, without_first, sealed[..10].to_vec()] {
        std::fs::write(&path, tampered).unwrap();
        let fault = match test.log.open(tenant, stored.key).await {
            Err(fault) => fault,
            Ok(reader) => {
                let mut reader = reader.unwrap();
                loop {
                    match reader.next().await {
                        Ok(more) => assert!(more.is_some(), "the file seems to be whole"),
                        Err(fault) => break fault,
                    }
                }
            }
        };
        assert!(fault.to_string().contains("cannot be opened"), "{fault}");
    }
}

#[tokio::test]
async fn a_file_that_a_payload_names_lives_as_long_as_that_and_one_that_nothing_names_a_day() {
    let test = TestLog::open().await;
    let tenant: TenantId = fresh();
    let named = write(&test.log, tenant, &[counted(1, 100)]).await;
    let mut append = with_payload(request(tenant, fresh(), Expected::NoStream), &[b"items"]);
    let payload = append.payload.as_mut().unwrap();
    (payload.files, payload.expires_at) = (vec![named.key], now() + days(100));
    test.log.append(append).await.unwrap();
    write(&test.log, tenant, &[counted(2, 100)]).await;
    assert_eq!(test.log.collect_blobs().await.unwrap(), 0, "neither is a day old");
    let mut found = Vec::new();
    find_files(&test.folder.path().join("blobs"), &mut found);
    for file in &found {
        age(file);
    }
    assert_eq!(test.log.collect_blobs().await.unwrap(), 1);
    assert!(read(&test.log, tenant, named.key).await.is_some());
    drop_expired(&test, now() + days(150)).await;
    assert_eq!(test.log.collect_blobs().await.unwrap(), 1);
    assert_eq!(read(&test.log, tenant, named.key).await, None);
}

#[tokio::test]
async fn what_a_dead_process_began_to_write_is_swept_after_a_day() {
    let test = TestLog::open().await;
    write(&test.log, fresh(), &[counted(1, 100)]).await;
    let whole = on_disk(&test);
    let begun = whole.with_file_name(format!("{}#1", whole.file_name().unwrap().to_string_lossy()));
    std::fs::write(&begun, b"begun").unwrap();
    assert_eq!(test.log.collect_blobs().await.unwrap(), 0);
    age(&begun);
    assert_eq!(test.log.collect_blobs().await.unwrap(), 1);
    assert!(whole.exists() && !begun.exists());
}

#[tokio::test]
async fn a_dropped_writer_leaves_nothing_behind() {
    let test = TestLog::open().await;
    let mut writer = test.log.create(fresh()).await.unwrap();
    writer.write(counted(1, 7 * 1024 * 1024)).await.unwrap();
    assert!(on_disk(&test).to_string_lossy().ends_with("#1"), "the first part is on its way");
    drop(writer);
    let mut patience = 0;
    loop {
        let mut found = Vec::new();
        find_files(&test.folder.path().join("blobs"), &mut found);
        if found.is_empty() {
            break;
        }
        patience += 1;
        assert!(patience < 1_000_000, "{found:?}");
        tokio::task::yield_now().await;
    }
}
