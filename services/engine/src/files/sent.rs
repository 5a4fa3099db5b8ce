//! Bodies of requests that are made of files: read while they are sent, as often as they are sent.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream;
use weft_connectors::{Pieces, Upload, UploadSource};
use weft_event_log::MAX_FILE;
use weft_nodes::NodeError;
use weft_value::BinaryRef;

use super::{FileStream, StepFiles, inline, named};

/// What a body is made of, in order.
#[derive(Clone, Default)]
pub(crate) struct SentParts {
    parts: Vec<Part>,
    length: u64,
    /// Whether a part is not in memory.
    is_stored: bool,
}

#[derive(Clone)]
enum Part {
    /// It is here.
    Held(Bytes),
    /// It is in the store.
    Stored(BinaryRef),
}

/// What is sent.
pub(crate) enum SentBody {
    /// As it is.
    Whole(Bytes),
    /// Read while it is sent.
    Read(Upload),
}

impl SentParts {
    /// Adds bytes.
    pub(crate) fn push(&mut self, bytes: impl Into<Bytes>) -> Result<(), NodeError> {
        let bytes = bytes.into();
        self.grow(bytes.len() as u64)?;
        self.parts.push(Part::Held(bytes));
        Ok(())
    }

    /// Adds a file. It is not read before it is sent, unless it is in its item.
    pub(crate) fn push_file(&mut self, file: &BinaryRef) -> Result<(), NodeError> {
        if file.key.is_none() {
            return self.push(inline(file)?);
        }
        self.grow(file.size)?;
        self.is_stored = true;
        self.parts.push(Part::Stored(BinaryRef { data: None, ..file.clone() }));
        Ok(())
    }

    fn grow(&mut self, more: u64) -> Result<(), NodeError> {
        self.length = self.length.saturating_add(more);
        if self.length <= MAX_FILE {
            return Ok(());
        }
        let message = format!("What is sent has more than {} MiB.", MAX_FILE >> 20);
        Err(NodeError::new("file_too_large", message)
            .describe("Send the files in requests of their own, or smaller ones.")
            .finally())
    }

    /// All of it.
    pub(crate) fn body(self, files: &StepFiles) -> SentBody {
        if self.is_stored {
            let source = Source { files: files.clone(), parts: self.parts.into() };
            return SentBody::Read(Upload::new(self.length, source));
        }
        let mut whole = Vec::new();
        for part in self.parts {
            if let Part::Held(bytes) = part {
                whole.extend_from_slice(&bytes);
            }
        }
        SentBody::Whole(whole.into())
    }
}

struct Source {
    files: StepFiles,
    parts: Arc<[Part]>,
}

impl UploadSource for Source {
    fn open(&self) -> Pieces {
        let reading = Reading { files: self.files.clone(), parts: Arc::clone(&self.parts), next: 0, file: None };
        let pieces = stream::unfold(reading, |mut reading| async move {
            let piece = reading.piece().await.transpose()?;
            Some((piece.map_err(Into::into), reading))
        });
        pieces.boxed()
    }
}

/// A body that is being read.
struct Reading {
    files: StepFiles,
    parts: Arc<[Part]>,
    /// Which part comes next.
    next: usize,
    /// The file that is being read, and how many bytes of it are to come.
    file: Option<(FileStream, u64)>,
}

impl Reading {
    async fn piece(&mut self) -> Result<Option<Bytes>, NodeError> {
        loop {
            if let Some((stream, left)) = &mut self.file {
                let bytes = stream.next().await?;
                let rest = left.checked_sub(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64));
                let Some(rest) = rest.filter(|rest| bytes.is_some() || *rest == 0) else {
                    return Err(self.changed());
                };
                *left = rest;
                if bytes.is_some() {
                    return Ok(bytes);
                }
                self.file = None;
            }
            let Some(part) = self.parts.get(self.next) else { return Ok(None) };
            self.next += 1;
            match part {
                Part::Held(bytes) if bytes.is_empty() => {}
                Part::Held(bytes) => return Ok(Some(bytes.clone())),
                Part::Stored(file) => self.file = Some((self.files.open(file).await?, file.size)),
            }
        }
    }

    /// The size of a file was announced as its item says it, and an item may come from code.
    fn changed(&self) -> NodeError {
        let name = match self.parts.get(self.next.saturating_sub(1)) {
            Some(Part::Stored(file)) => named(file),
            Some(Part::Held(_)) | None => String::new(),
        };
        NodeError::new("file_invalid", format!("The file {name} has not as many bytes as its item says.")).finally()
    }
}

#[cfg(test)]
mod tests {
    use weft_event_log::MemoryFiles;
    use weft_model::TenantId;

    use super::*;
    use crate::files::INLINE;

    async fn sent(upload: &Upload) -> Result<Vec<u8>, String> {
        let mut pieces = upload.pieces();
        let mut bytes = Vec::new();
        while let Some(piece) = pieces.next().await {
            bytes.extend_from_slice(&piece.map_err(|error| error.to_string())?);
        }
        Ok(bytes)
    }

    fn files() -> StepFiles {
        StepFiles::new(TenantId(uuid::Uuid::from_u128(1)), Some(Arc::new(MemoryFiles::default())))
    }

    #[tokio::test]
    async fn files_are_read_in_their_order_as_often_as_they_are_sent() {
        let files = files();
        let large = files.keep(vec![b'x'; INLINE + 1], BinaryRef::default()).await.unwrap();
        let small = files.keep(vec![b'y'; 3], BinaryRef::default()).await.unwrap();
        let mut parts = SentParts::default();
        parts.push("<").unwrap();
        for file in [&large, &small, &large] {
            parts.push_file(file).unwrap();
        }
        parts.push(">").unwrap();
        let SentBody::Read(upload) = parts.body(&files) else { panic!("it is all in memory") };
        let expected = [b"<".to_vec(), vec![b'x'; INLINE + 1], b"yyy".to_vec(), vec![b'x'; INLINE + 1], b">".to_vec()];
        let expected = expected.concat();
        assert_eq!(upload.length(), expected.len() as u64);
        for _ in 0..2 {
            assert_eq!(sent(&upload).await.unwrap(), expected);
        }
    }

    #[tokio::test]
    async fn what_is_in_memory_is_sent_as_it_is() {
        let small = files().keep(vec![b'y'; 3], BinaryRef::default()).await.unwrap();
        let mut parts = SentParts::default();
        parts.push("x").unwrap();
        parts.push_file(&small).unwrap();
        let SentBody::Whole(bytes) = parts.body(&files()) else { panic!("it is read") };
        assert_eq!(bytes.as_ref(), b"xyyy");
    }

    #[tokio::test]
    async fn a_file_that_is_not_what_its_item_says_ends_the_request() {
        let files = files();
        let stored = files.keep(vec![b'x'; INLINE + 1], BinaryRef::default()).await.unwrap();
        for (file, wanted) in [
            (BinaryRef { size: stored.size - 1, ..stored.clone() }, "has not as many bytes"),
            (BinaryRef { size: stored.size + 1, ..stored.clone() }, "has not as many bytes"),
            (BinaryRef { key: Some("ab".repeat(32)), ..stored.clone() }, "is not kept"),
        ] {
            let mut parts = SentParts::default();
            parts.push_file(&file).unwrap();
            let SentBody::Read(upload) = parts.body(&files) else { panic!("it is all in memory") };
            let error = sent(&upload).await.unwrap_err();
            assert!(error.contains(wanted), "{error}");
        }
        let huge = BinaryRef { size: MAX_FILE, ..stored };
        let mut parts = SentParts::default();
        parts.push_file(&huge).unwrap();
        assert_eq!(parts.push("x").unwrap_err().code, "file_too_large");
    }
}
