//! Large payloads: files that are addressed by the digest of what they hold, under their tenant's prefix.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::TryStreamExt;
use object_store::local::LocalFileSystem;
use object_store::path::Path as BlobPath;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
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
        Ok(Self { store: Arc::new(store) })
    }

    /// Keeps sealed content; returns its digest once it is durable.
    pub(super) async fn put(&self, tenant: TenantId, sealed: Vec<u8>) -> Result<Vec<u8>, LogFault> {
        let digest = Sha256::digest(&sealed).to_vec();
        self.store.put(&path(tenant, &digest), PutPayload::from(sealed)).await.map_err(fault)?;
        Ok(digest)
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

fn fault(error: object_store::Error) -> LogFault {
    LogFault::Blob(Box::new(error))
}

/// One folder a tenant, so that a tenant's data can be found and removed; a second level keeps folders small.
fn path(tenant: TenantId, digest: &[u8]) -> BlobPath {
    let name = hex::encode(digest);
    BlobPath::from_iter([tenant.to_string().as_str(), &name[..2], &name])
}
