//! A large file passes through the store with little memory. Alone in its process, so that nothing else is measured.

#![allow(clippy::unwrap_used, clippy::panic, dead_code, reason = "this is all test code")]

mod support;

use bytes::Bytes;
use sha2::{Digest, Sha256};
use support::{TestLog, fresh};
use weft_event_log::{Files, StoredFile};
use weft_model::TenantId;

const PIECE: usize = 16 * 1024;
const SIZE: usize = 200 * 1024 * 1024;
/// Two parts for the store, some chunks and what allocators keep.
const MOST: usize = 32 * 1024 * 1024;

/// One piece as a server would send it; its number stands in it, so that no two are the same.
fn piece(index: usize) -> Bytes {
    let mut piece = vec![0xa5; PIECE];
    piece[..8].copy_from_slice(&index.to_le_bytes());
    piece.into()
}

/// The most memory that this process has held, in bytes (proc(5), `VmHWM`).
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches("kB").trim().parse::<usize>().unwrap() * 1024
}

async fn copy(files: &dyn Files, tenant: TenantId, from: &StoredFile) -> StoredFile {
    let mut reader = files.open(tenant, from.key).await.unwrap().unwrap();
    let mut writer = files.create(tenant).await.unwrap();
    while let Some(bytes) = reader.next().await.unwrap() {
        writer.write(bytes).await.unwrap();
    }
    writer.finish().await.unwrap()
}

#[tokio::test]
async fn two_hundred_megabytes_are_written_read_and_written_again_in_thirty_two() {
    let test = TestLog::open().await;
    let tenant = fresh();
    let before = peak();
    let mut writer = test.log.create(tenant).await.unwrap();
    let mut digest = Sha256::new();
    for index in 0..SIZE / PIECE {
        let piece = piece(index);
        digest.update(&piece);
        writer.write(piece).await.unwrap();
    }
    let stored = writer.finish().await.unwrap();
    let copied = copy(&test.log, tenant, &stored).await;
    assert_eq!((copied.size, copied.digest), (SIZE as u64, digest.finalize().into()));
    assert_ne!(copied.key, stored.key);
    let grown = peak() - before;
    assert!(grown < MOST, "{} MiB", grown >> 20);
}
