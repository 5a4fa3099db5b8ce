//! Files in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use weft_model::TenantId;

use super::{FileFault, FileKey, FileReader, FileWriter, Files, StoredFile, Tally};

type Kept = Arc<Mutex<HashMap<(TenantId, FileKey), Bytes>>>;

/// Files in memory, for tests and for executions that leave nothing behind. Clones share them.
#[derive(Clone, Default)]
pub struct MemoryFiles(Kept);

struct Writer {
    tenant: TenantId,
    bytes: BytesMut,
    tally: Tally,
    kept: Kept,
}

struct Reader(Option<Bytes>);

fn all(kept: &Kept) -> MutexGuard<'_, HashMap<(TenantId, FileKey), Bytes>> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl Files for MemoryFiles {
    async fn create(&self, tenant: TenantId) -> Result<Box<dyn FileWriter>, FileFault> {
        let (bytes, tally) = (BytesMut::new(), Tally::default());
        Ok(Box::new(Writer { tenant, bytes, tally, kept: Arc::clone(&self.0) }))
    }

    async fn open(&self, tenant: TenantId, key: FileKey) -> Result<Option<Box<dyn FileReader>>, FileFault> {
        let found = all(&self.0).get(&(tenant, key)).cloned();
        Ok(found.map(|bytes| Box::new(Reader(Some(bytes))) as Box<dyn FileReader>))
    }
}

#[async_trait]
impl FileWriter for Writer {
    async fn write(&mut self, bytes: Bytes) -> Result<(), FileFault> {
        self.tally.add(&bytes)?;
        self.bytes.extend_from_slice(&bytes);
        Ok(())
    }

    async fn finish(self: Box<Self>) -> Result<StoredFile, FileFault> {
        let Self { tenant, bytes, tally, kept } = *self;
        let stored = tally.stored(FileKey::fresh());
        all(&kept).insert((tenant, stored.key), bytes.freeze());
        Ok(stored)
    }
}

#[async_trait]
impl FileReader for Reader {
    async fn next(&mut self) -> Result<Option<Bytes>, FileFault> {
        let Some(rest) = &mut self.0 else { return Ok(None) };
        let next = rest.split_to(rest.len().min(super::CHUNK));
        if next.is_empty() {
            self.0 = None;
            return Ok(None);
        }
        Ok(Some(next))
    }
}
