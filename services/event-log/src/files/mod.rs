//! Files that items name: written and read as streams, by whoever executes steps.
//!
//! [`Files`] is the port. [`MemoryFiles`] keeps bytes in memory (tests, `weft execute`); [`crate::PgLog`] seals them into the
//! blob store. A file is durable when it is finished, and kept once the payload of an append names its key
//! ([`crate::NewPayload::files`]): as long as that payload. One that nobody names is collected like every orphan.

mod memory;

use std::fmt;
use std::str::FromStr;

use async_trait::async_trait;
use bytes::Bytes;
use sha2::{Digest, Sha256};
use weft_model::TenantId;

use crate::LogFault;
use crate::sealing::CHUNK;

pub use memory::MemoryFiles;

/// The most bytes of one file.
pub const MAX_FILE: u64 = 1 << 30;

/// The address of a file below its tenant's prefix: random, so that whoever was not given it cannot name it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileKey(pub(crate) [u8; 32]);

impl FileKey {
    pub(crate) fn fresh() -> Self {
        Self(rand::random())
    }
}

impl fmt::Display for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileKey({self})")
    }
}

/// A text that is no key of a file: 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not the key of a file")]
pub struct NotAFileKey;

impl FromStr for FileKey {
    type Err = NotAFileKey;

    fn from_str(text: &str) -> Result<Self, NotAFileKey> {
        let mut key = [0; 32];
        hex::decode_to_slice(text, &mut key).map_err(|_| NotAFileKey)?;
        Ok(Self(key))
    }
}

/// Where files are.
#[async_trait]
pub trait Files: Send + Sync + 'static {
    /// Begins a file of the tenant. Dropping the writer leaves nothing behind.
    async fn create(&self, tenant: TenantId) -> Result<Box<dyn FileWriter>, FileFault>;

    /// A file of the tenant, from its beginning; `None` where there is none (any more).
    async fn open(&self, tenant: TenantId, key: FileKey) -> Result<Option<Box<dyn FileReader>>, FileFault>;
}

/// A file that is being written.
#[async_trait]
pub trait FileWriter: Send {
    /// Adds bytes to its end.
    async fn write(&mut self, bytes: Bytes) -> Result<(), FileFault>;

    /// Ends it. It is durable as soon as this says so.
    async fn finish(self: Box<Self>) -> Result<StoredFile, FileFault>;
}

/// A file that is being read.
#[async_trait]
pub trait FileReader: Send {
    /// The next bytes, at most a few 100 KiB; `None` at the end, which nobody can have moved forward.
    async fn next(&mut self) -> Result<Option<Bytes>, FileFault>;
}

/// A file that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredFile {
    /// Its address.
    pub key: FileKey,
    /// The number of bytes.
    pub size: u64,
    /// The SHA-256 of the bytes.
    pub digest: [u8; 32],
}

/// Why a file cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum FileFault {
    /// It has become larger than files may be.
    #[error("the file has more than {} MiB", .limit >> 20)]
    TooLarge {
        /// The most bytes.
        limit: u64,
    },
    /// Who keeps files failed.
    #[error(transparent)]
    Fault(#[from] LogFault),
}

/// Counts and digests what is written.
#[derive(Default)]
pub(crate) struct Tally {
    size: u64,
    digest: Sha256,
}

impl Tally {
    pub(crate) fn add(&mut self, bytes: &[u8]) -> Result<(), FileFault> {
        self.size += bytes.len() as u64;
        if self.size > MAX_FILE {
            return Err(FileFault::TooLarge { limit: MAX_FILE });
        }
        self.digest.update(bytes);
        Ok(())
    }

    pub(crate) fn stored(self, key: FileKey) -> StoredFile {
        StoredFile { key, size: self.size, digest: self.digest.finalize().into() }
    }
}
