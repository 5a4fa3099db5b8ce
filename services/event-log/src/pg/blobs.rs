//! Blobs under their tenant's prefix: large payloads, addressed by the digest of what they hold, and files of items, addressed
//! by a random key of the same length.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path as BlobPath;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use weft_model::TenantId;

use crate::LogFault;

/// What a payload's row holds instead of its parts.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct BlobReference {
    pub(super) digest: Vec<u8>,
}

#[derive(Clone)]
pub(super) struct Blobs {
    store: Arc<dyn ObjectStore>,
    folder: PathBuf,
}

/// A blob that is in the store.
pub(super) struct StoredBlob {
    pub(super) tenant: TenantId,
    pub(super) digest: Vec<u8>,
    pub(super) path: BlobPath,
    pub(super) age_seconds: i64,
}

impl Blobs {
    pub(super) fn in_folder(folder: &Path) -> Result<Self, LogFault> {
        std::fs::create_dir_all(folder).map_err(|error| LogFault::Blob(Box::new(error)))?;
        // A file is durable, its name included, before the append that refers to it is sent.
        let store = LocalFileSystem::new_with_prefix(folder).map_err(fault)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), folder: folder.to_owned() })
    }

    /// Keeps sealed content; returns its digest once it is durable.
    pub(super) async fn put(&self, tenant: TenantId, sealed: Vec<u8>) -> Result<Vec<u8>, LogFault> {
        let digest = Sha256::digest(&sealed).to_vec();
        self.put_at(tenant, &digest, sealed).await?;
        Ok(digest)
    }

    /// Keeps sealed content at an address; it is durable afterwards.
    pub(super) async fn put_at(&self, tenant: TenantId, address: &[u8], sealed: Vec<u8>) -> Result<(), LogFault> {
        self.store.put(&path(tenant, address), PutPayload::from(sealed)).await.map_err(fault)?;
        Ok(())
    }

    /// Begins content that is sent in parts; nobody sees it before it is complete, and it is durable from then on.
    pub(super) async fn upload(&self, tenant: TenantId, address: &[u8]) -> Result<Box<dyn MultipartUpload>, LogFault> {
        self.store.put_multipart(&path(tenant, address)).await.map_err(fault)
    }

    /// Sealed content piece by piece; `None` where there is none (any more).
    pub(super) async fn stream(
        &self,
        tenant: TenantId,
        address: &[u8],
    ) -> Result<Option<BoxStream<'static, Result<Bytes, LogFault>>>, LogFault> {
        match self.store.get(&path(tenant, address)).await {
            Ok(found) => Ok(Some(found.into_stream().map_err(fault).boxed())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(fault(error)),
        }
    }

    /// Sealed content; `None` once it was collected.
    pub(super) async fn get(&self, tenant: TenantId, digest: &[u8]) -> Result<Option<Bytes>, LogFault> {
        match self.store.get(&path(tenant, digest)).await {
            Ok(found) => Ok(Some(found.bytes().await.map_err(fault)?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(fault(error)),
        }
    }

    pub(super) async fn delete(&self, path: &BlobPath) -> Result<(), LogFault> {
        self.store.delete(path).await.map_err(fault)
    }

    /// Removes what was begun before `oldest` (seconds of the epoch) and never completed, because its process died: the store
    /// writes beside the final name, with `#` and a number at the end, and lists no such file. Returns how many there were.
    pub(super) async fn sweep_unfinished(&self, oldest: i64) -> Result<usize, LogFault> {
        let folder = self.folder.clone();
        let swept = tokio::task::spawn_blocking(move || sweep_folder(&folder, oldest)).await;
        swept.map_err(|error| LogFault::Blob(Box::new(error)))?.map_err(|error| LogFault::Blob(Box::new(error)))
    }

    /// Every blob; `now_seconds` is the moment that ages are counted from.
    pub(super) async fn list(&self, now_seconds: i64) -> Result<Vec<StoredBlob>, LogFault> {
        let files: Vec<_> = self.store.list(None).try_collect().await.map_err(fault)?;
        let blob = |file: object_store::ObjectMeta| {
            let mut parts = file.location.parts();
            let tenant = parts.next()?.as_ref().parse().ok()?;
            let digest = hex::decode(parts.nth(1)?.as_ref()).ok()?;
            let age_seconds = now_seconds - file.last_modified.timestamp();
            Some(StoredBlob { tenant, digest, path: file.location, age_seconds })
        };
        Ok(files.into_iter().filter_map(blob).collect())
    }
}

fn sweep_folder(folder: &Path, oldest: i64) -> std::io::Result<usize> {
    let mut swept = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            swept += sweep_folder(&entry.path(), oldest)?;
        } else if is_unfinished(&entry.file_name().to_string_lossy()) {
            let changed = entry.metadata()?.modified()?.duration_since(std::time::UNIX_EPOCH);
            if changed.is_ok_and(|changed| (changed.as_secs() as i64) < oldest) {
                std::fs::remove_file(entry.path())?;
                swept += 1;
            }
        }
    }
    Ok(swept)
}

fn is_unfinished(name: &str) -> bool {
    name.rsplit_once('#').is_some_and(|(_, number)| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

pub(super) fn fault(error: object_store::Error) -> LogFault {
    LogFault::Blob(Box::new(error))
}

/// One folder a tenant, so that a tenant's data can be found and removed; a second level keeps folders small.
fn path(tenant: TenantId, digest: &[u8]) -> BlobPath {
    let name = hex::encode(digest);
    BlobPath::from_iter([tenant.to_string().as_str(), &name[..2], &name])
}
