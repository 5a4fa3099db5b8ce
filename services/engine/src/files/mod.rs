//! Files as steps see them: an item names a file, its bytes are in the store of files, small ones in the item itself.
//!
//! A file of no more than [`INLINE`] bytes costs less in the items than it would in the store. What came in longer
//! (pinned data, what code made) is settled into the store before it is handed on.

mod chunks;
mod sent;
mod settle;
#[cfg(test)]
pub(crate) mod testing;

use std::sync::Arc;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use indexmap::IndexMap;
use weft_event_log::{FileFault, FileReader, FileWriter, Files};
use weft_file_formats::FormatError;
use weft_model::TenantId;
use weft_nodes::NodeError;
use weft_value::{BinaryRef, Item};

pub(crate) use sent::{SentBody, SentParts};
pub(crate) use settle::named_files;

use crate::action::Services;
use crate::execution::StepView;

/// The most bytes that a file may have to stay in its item.
pub const INLINE: usize = 4 * 1024;

/// Base64 as people write it: with padding or without.
pub(crate) const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The files of one tenant.
#[derive(Clone)]
pub struct StepFiles {
    tenant: TenantId,
    store: Option<Arc<dyn Files>>,
}

impl StepView {
    /// The files that this step reads and writes.
    pub fn files(&self, services: &Services) -> StepFiles {
        StepFiles::new(self.info.tenant, services.files.clone())
    }
}

impl StepFiles {
    /// The files of this tenant; without a store, small ones alone.
    pub fn new(tenant: TenantId, store: Option<Arc<dyn Files>>) -> Self {
        Self { tenant, store }
    }

    /// A file from its beginning.
    pub async fn open(&self, file: &BinaryRef) -> Result<FileStream, NodeError> {
        let Some(key) = &file.key else {
            let bytes = inline(file)?;
            return Ok(FileStream::Inline(Some(bytes.into())));
        };
        let key = key.parse().map_err(|_| gone(file))?;
        let found = self.store()?.open(self.tenant, key).await.map_err(failed)?;
        found.map(FileStream::Stored).ok_or_else(|| gone(file))
    }

    /// A whole file; one that is larger than `most` bytes is refused.
    pub async fn read(&self, file: &BinaryRef, most: usize) -> Result<Vec<u8>, NodeError> {
        let too_large = || {
            NodeError::new(
                "file_too_large",
                format!("The file {} is larger than the {} MiB that can be read here.", named(file), most >> 20),
            )
            .finally()
        };
        if file.size > most as u64 {
            return Err(too_large());
        }
        let mut stream = self.open(file).await?;
        // What an item says of a file may be wrong: it can come from code.
        let mut bytes = Vec::with_capacity((file.size as usize).min(most));
        while let Some(more) = stream.next().await? {
            if bytes.len() + more.len() > most {
                return Err(too_large());
            }
            bytes.extend_from_slice(&more);
        }
        Ok(bytes)
    }

    /// Begins a file.
    pub fn create(&self) -> FileSink {
        FileSink { files: self.clone(), head: Vec::new(), writer: None }
    }

    /// A file of these bytes, of which `described` says what else there is to know.
    pub async fn keep(&self, bytes: impl Into<Bytes>, described: BinaryRef) -> Result<BinaryRef, NodeError> {
        let mut sink = self.create();
        sink.write(bytes.into()).await?;
        sink.finish(described).await
    }

    fn store(&self) -> Result<&Arc<dyn Files>, NodeError> {
        let none = || NodeError::new("files", "This installation keeps no files.").finally();
        self.store.as_ref().ok_or_else(none)
    }
}

/// A file that is being read.
pub enum FileStream {
    /// It is in its item.
    Inline(Option<Bytes>),
    /// It is in the store.
    Stored(Box<dyn FileReader>),
}

impl FileStream {
    /// The next bytes; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Bytes>, NodeError> {
        match self {
            Self::Inline(bytes) => Ok(bytes.take().filter(|bytes| !bytes.is_empty())),
            Self::Stored(reader) => reader.next().await.map_err(failed),
        }
    }
}

/// A file that is being written. Dropped, it leaves nothing behind.
pub struct FileSink {
    files: StepFiles,
    /// What there is of it, as long as it may stay in its item.
    head: Vec<u8>,
    writer: Option<Box<dyn FileWriter>>,
}

impl FileSink {
    /// Adds bytes to its end.
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), NodeError> {
        if let Some(writer) = &mut self.writer {
            return writer.write(bytes).await.map_err(failed);
        }
        if self.head.len() + bytes.len() <= INLINE {
            self.head.extend_from_slice(&bytes);
            return Ok(());
        }
        let mut writer = self.files.store()?.create(self.files.tenant).await.map_err(failed)?;
        writer.write(std::mem::take(&mut self.head).into()).await.map_err(failed)?;
        writer.write(bytes).await.map_err(failed)?;
        self.writer = Some(writer);
        Ok(())
    }

    /// Ends it; it is durable from now on. `described` says what else there is to know of it.
    pub async fn finish(self, described: BinaryRef) -> Result<BinaryRef, NodeError> {
        let Some(writer) = self.writer else {
            let (size, data) = (self.head.len() as u64, Some(BASE64.encode(&self.head)));
            return Ok(BinaryRef { size, data, key: None, digest: None, ..described });
        };
        let stored = writer.finish().await.map_err(failed)?;
        let (key, digest) = (Some(stored.key.to_string()), Some(hex::encode(stored.digest)));
        Ok(BinaryRef { size: stored.size, key, digest, data: None, ..described })
    }
}

/// The file of an item that a parameter names.
pub fn file_of<'a>(item: &'a Item, property: &str) -> Result<&'a BinaryRef, NodeError> {
    let found = item.binary.as_ref().and_then(|files| files.get(property));
    found.ok_or_else(|| {
        NodeError::new("file_missing", format!("The item has no file “{property}”."))
            .describe("Look at the items that come in: the names of their files stand beside their fields.")
    })
}

/// The item with one more file, or another one of that name.
pub fn with_file(mut item: Item, property: impl Into<String>, file: BinaryRef) -> Item {
    let files = item.binary.get_or_insert_with(|| Arc::new(IndexMap::new()));
    Arc::make_mut(files).insert(property.into(), file);
    item
}

fn inline(file: &BinaryRef) -> Result<Vec<u8>, NodeError> {
    let data = file.data.as_deref().ok_or_else(|| gone(file))?;
    from_base64(data).ok_or_else(|| {
        NodeError::new("file_invalid", format!("What the file {} holds is not base64.", named(file))).finally()
    })
}

/// The bytes of a text in base64, which may have blanks and line ends.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    let is_plain = !text.bytes().any(|byte| byte.is_ascii_whitespace());
    if is_plain {
        return BASE64.decode(text).ok();
    }
    let text: String = text.split_ascii_whitespace().collect();
    BASE64.decode(text).ok()
}

fn named(file: &BinaryRef) -> String {
    file.file_name.as_ref().map_or_else(|| "of this item".to_owned(), |name| format!("“{name}”"))
}

fn gone(file: &BinaryRef) -> NodeError {
    NodeError::new("file_gone", format!("The file {} is not kept (any more).", named(file)))
        .describe("Files are kept as long as the items of the execution that made them.")
        .finally()
}

fn failed(fault: FileFault) -> NodeError {
    match fault {
        FileFault::TooLarge { limit } => {
            NodeError::new("file_too_large", format!("A file may have {} MiB at most.", limit >> 20)).finally()
        }
        FileFault::Fault(fault) => {
            tracing::error!(error = &fault as &dyn std::error::Error, "A file could not be kept or read.");
            NodeError::new("file_store", "The store of files failed. Try again in a moment.")
        }
    }
}

/// Does work on files that may take long where it keeps nobody from progressing. Dropping the future does not end the work, which
/// is bounded by what it may read and make.
pub(crate) fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, FormatError> + Send + 'static,
) -> impl Future<Output = Result<T, NodeError>> + Send {
    let working = tokio::task::spawn_blocking(work);
    async move {
        match working.await {
            Ok(done) => done.map_err(|error| badly_formed(&error)),
            Err(_) => {
                Err(NodeError::new("file_format", "The file could not be worked on: this is a fault of the server."))
            }
        }
    }
}

/// A file that is not what it should be, or cannot be made; another attempt would find the same.
pub(crate) fn badly_formed(error: &FormatError) -> NodeError {
    NodeError::new("file_format", error.to_string()).finally()
}

/// A number of bytes as n8n writes it for people: `61 B`, `1.23 kB`.
pub fn prettify(size: u64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let (mut number, mut unit) = (size as f64, 0);
    while number >= 999.5 && unit + 1 < UNITS.len() {
        number /= 1000.0;
        unit += 1;
    }
    let digits = if unit == 0 || number >= 100.0 {
        0
    } else if number >= 10.0 {
        1
    } else {
        2
    };
    let text = format!("{number:.digits$}");
    let text = if digits > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use weft_event_log::MemoryFiles;

    use super::*;

    fn files() -> StepFiles {
        StepFiles::new(TenantId(uuid::Uuid::from_u128(1)), Some(Arc::new(MemoryFiles::default())))
    }

    fn text() -> BinaryRef {
        BinaryRef { mime_type: "text/plain".into(), file_name: Some("a.txt".into()), ..BinaryRef::default() }
    }

    #[tokio::test]
    async fn a_small_file_stays_in_its_item_and_a_larger_one_is_stored() {
        for (length, is_inline) in [(0, true), (1, true), (INLINE, true), (INLINE + 1, false), (300_000, false)] {
            let files = files();
            let bytes = vec![b'x'; length];
            let mut sink = files.create();
            for piece in bytes.chunks(1_000) {
                sink.write(Bytes::copy_from_slice(piece)).await.unwrap();
            }
            let file = sink.finish(text()).await.unwrap();
            assert_eq!((file.size, file.data.is_some(), file.key.is_none()), (length as u64, is_inline, is_inline));
            assert_eq!(files.read(&file, length).await.unwrap(), bytes);
            if length > 0 {
                assert_eq!(files.read(&file, length - 1).await.unwrap_err().code, "file_too_large");
            }
        }
    }

    #[tokio::test]
    async fn a_file_is_read_within_its_limit_whatever_its_item_says_of_its_size() {
        let file = BinaryRef { size: 0, data: Some(BASE64.encode([0; 100])), ..text() };
        assert_eq!(files().read(&file, 99).await.unwrap_err().code, "file_too_large");
    }

    #[tokio::test]
    async fn files_that_are_not_there_or_not_readable_say_so() {
        let nowhere = StepFiles::new(TenantId(uuid::Uuid::from_u128(1)), None);
        for (files, file, code) in [
            (files(), text(), "file_gone"),
            (files(), BinaryRef { key: Some("ab".repeat(32)), ..text() }, "file_gone"),
            (files(), BinaryRef { key: Some("../../etc/passwd".into()), ..text() }, "file_gone"),
            (files(), BinaryRef { data: Some("%".into()), ..text() }, "file_invalid"),
            (nowhere, BinaryRef { key: Some("ab".repeat(32)), ..text() }, "files"),
        ] {
            assert_eq!(files.read(&file, 10).await.unwrap_err().code, code);
        }
        let wrapped = BinaryRef { data: Some("aGVs\nbG8".into()), ..text() };
        assert_eq!(files().read(&wrapped, 10).await.unwrap(), b"hello");
    }

    #[test]
    fn sizes_are_written_for_people() {
        for (size, text) in
            [(0, "0 B"), (61, "61 B"), (999, "999 B"), (1_000, "1 kB"), (1_234, "1.23 kB"), (12_345_678, "12.3 MB")]
        {
            assert_eq!(prettify(size), text);
        }
    }
}
