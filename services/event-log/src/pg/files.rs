//! Files in the blob store, sealed under the tenant's key. Nothing of a file is on the disk in clear, and at most one part of
//! it and one chunk are in memory.

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use object_store::MultipartUpload;
use weft_model::TenantId;

use super::PgLog;
use super::blobs::Blobs;
use crate::files::Tally;
use crate::sealing::{CHUNK, Chunk, FILE_HEADER, FileCipher, FilePlace, SEALED_CHUNK, SealFault};
use crate::{FileFault, FileKey, FileReader, FileWriter, Files, LogFault, StoredFile};

/// How much is handed to the store at once; S3 takes no smaller parts than 5 MiB.
const PART: usize = 5 * 1024 * 1024;

#[async_trait]
impl Files for PgLog {
    async fn create(&self, tenant: TenantId) -> Result<Box<dyn FileWriter>, FileFault> {
        let data_key = self.inner.keys.sealing(tenant).await?;
        let key = FileKey::fresh();
        let (cipher, header) =
            FileCipher::sealing(&data_key, FilePlace { tenant, key: key.0 }).map_err(unreadable(tenant))?;
        Ok(Box::new(Writer {
            tenant,
            key,
            cipher,
            plain: Vec::with_capacity(CHUNK),
            sealed: header.to_vec(),
            tally: Tally::default(),
            blobs: self.inner.blobs.clone(),
            upload: None,
        }))
    }

    async fn open(&self, tenant: TenantId, key: FileKey) -> Result<Option<Box<dyn FileReader>>, FileFault> {
        let Some(mut stream) = self.inner.blobs.stream(tenant, &key.0).await? else { return Ok(None) };
        let mut ahead = Vec::new();
        while ahead.len() < FILE_HEADER {
            let Some(more) = stream.next().await.transpose()? else {
                return Err(unreadable(tenant)(SealFault::Truncated).into());
            };
            ahead.extend_from_slice(&more);
        }
        let mut header = [0; FILE_HEADER];
        header.copy_from_slice(&ahead[..FILE_HEADER]);
        ahead.drain(..FILE_HEADER);
        let id = FileCipher::key_id(&header).map_err(unreadable(tenant))?;
        let data_key = self.inner.keys.opening(tenant, id).await?;
        let cipher = FileCipher::opening(&data_key, FilePlace { tenant, key: key.0 }, &header);
        let cipher = Some(cipher.map_err(unreadable(tenant))?);
        Ok(Some(Box::new(Reader { tenant, cipher, ahead, stream })))
    }
}

fn unreadable(tenant: TenantId) -> impl FnOnce(SealFault) -> LogFault {
    move |fault| LogFault::Unreadable { tenant, reason: fault.reason() }
}

struct Writer {
    tenant: TenantId,
    key: FileKey,
    cipher: FileCipher,
    /// The chunk that is not full yet.
    plain: Vec<u8>,
    /// What the store does not have yet.
    sealed: Vec<u8>,
    tally: Tally,
    blobs: Blobs,
    /// Begun with the first full part.
    upload: Option<Box<dyn MultipartUpload>>,
}

impl Writer {
    fn seal(&mut self, which: Chunk) -> Result<(), FileFault> {
        self.cipher.seal(&self.plain, which, &mut self.sealed).map_err(unreadable(self.tenant))?;
        self.plain.clear();
        Ok(())
    }

    async fn send(&mut self) -> Result<(), FileFault> {
        let part = std::mem::replace(&mut self.sealed, Vec::with_capacity(PART + SEALED_CHUNK));
        let upload = match &mut self.upload {
            Some(upload) => upload,
            none => none.insert(self.blobs.upload(self.tenant, &self.key.0).await?),
        };
        upload.put_part(part.into()).await.map_err(super::blobs::fault)?;
        Ok(())
    }
}

#[async_trait]
impl FileWriter for Writer {
    async fn write(&mut self, bytes: Bytes) -> Result<(), FileFault> {
        self.tally.add(&bytes)?;
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            // A full chunk is sealed only when another byte follows, so that the last one is known to be the last.
            if self.plain.len() == CHUNK {
                self.seal(Chunk::Inner)?;
                if self.sealed.len() >= PART {
                    self.send().await?;
                }
            }
            let (now, later) = rest.split_at(rest.len().min(CHUNK - self.plain.len()));
            self.plain.extend_from_slice(now);
            rest = later;
        }
        Ok(())
    }

    async fn finish(mut self: Box<Self>) -> Result<StoredFile, FileFault> {
        self.seal(Chunk::Last)?;
        if self.upload.is_some() {
            self.send().await?;
        }
        if let Some(upload) = &mut self.upload {
            upload.complete().await.map_err(super::blobs::fault)?;
        } else {
            let sealed = std::mem::take(&mut self.sealed);
            self.blobs.put_at(self.tenant, &self.key.0, sealed).await?;
        }
        let Self { tally, key, .. } = *self;
        Ok(tally.stored(key))
    }
}

struct Reader {
    tenant: TenantId,
    /// Gone with the last chunk.
    cipher: Option<FileCipher>,
    /// What was read and not opened yet.
    ahead: Vec<u8>,
    stream: BoxStream<'static, Result<Bytes, LogFault>>,
}

#[async_trait]
impl FileReader for Reader {
    async fn next(&mut self) -> Result<Option<Bytes>, FileFault> {
        let Some(cipher) = &mut self.cipher else { return Ok(None) };
        // Only what is followed by something is not the last chunk.
        let mut which = Chunk::Inner;
        while self.ahead.len() <= SEALED_CHUNK {
            let Some(more) = self.stream.next().await.transpose()? else {
                which = Chunk::Last;
                break;
            };
            self.ahead.extend_from_slice(&more);
        }
        let rest = self.ahead.split_off(self.ahead.len().min(SEALED_CHUNK));
        let sealed = std::mem::replace(&mut self.ahead, rest);
        let opened = cipher.open(sealed, which).map_err(unreadable(self.tenant))?;
        if which == Chunk::Last {
            self.cipher = None;
        }
        Ok(Some(opened).filter(|bytes| !bytes.is_empty()).map(Bytes::from))
    }
}
