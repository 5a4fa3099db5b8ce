//! Writes a list while it is made: in memory as long as it is short, chunk by chunk into the store of files when it is not.

use std::collections::BTreeSet;
use std::sync::Arc;

use weft_nodes::NodeError;
use weft_value::{Item, Value};

use super::list::{List, StoredChunk, StoredList};
use super::schedule::Items;
use super::step::unhurried;
use crate::files::{StepFiles, named_files};

/// How many bytes of JSON make a chunk: little enough to have several in memory, enough to be worth a file.
const CHUNK: usize = 4 * 1024 * 1024;
/// What an item takes beside its data.
const ITEM: usize = 40;

/// A list that is being made.
pub(crate) struct ListWriter {
    files: StepFiles,
    /// The most bytes that stay in memory.
    most_held: usize,
    chunk: usize,
    held: Vec<Item>,
    weight: usize,
    /// The JSON of the chunk that is not full yet, without its last bracket, and how many items it has.
    json: Vec<u8>,
    count: u32,
    chunks: Vec<StoredChunk>,
    named: BTreeSet<String>,
}

/// The list as it stays: in memory where it is short enough or there is no store.
pub(crate) async fn kept(items: Items, files: &StepFiles, most_held: usize) -> Result<List, NodeError> {
    let is_short = !files.has_store() || unhurried(items.len(), || weight(&items, most_held)) <= most_held;
    if is_short {
        return Ok(List::Held(items));
    }
    let mut writer = ListWriter::new(files.clone(), 0);
    writer.push(&items).await?;
    writer.finish().await
}

impl ListWriter {
    /// An empty list, which goes to the store when it has more bytes than these.
    pub(crate) fn new(files: StepFiles, most_held: usize) -> Self {
        Self {
            files,
            most_held,
            chunk: CHUNK,
            held: Vec::new(),
            weight: 0,
            json: Vec::new(),
            count: 0,
            chunks: Vec::new(),
            named: BTreeSet::new(),
        }
    }

    #[cfg(test)]
    pub(crate) fn in_chunks_of(self, chunk: usize) -> Self {
        Self { chunk, ..self }
    }

    /// Adds items to its end.
    pub(crate) async fn push(&mut self, items: &Items) -> Result<(), NodeError> {
        if self.is_held() {
            self.weight += unhurried(items.len(), || weight(items, self.most_held));
            if self.weight <= self.most_held || !self.files.has_store() {
                self.held.extend(items.iter().cloned());
                return Ok(());
            }
            let held = std::mem::take(&mut self.held);
            self.write(&held).await?;
        }
        self.write(items).await
    }

    /// Whether nothing of it was written yet.
    fn is_held(&self) -> bool {
        self.chunks.is_empty() && self.count == 0
    }

    /// The bytes of JSON in the store.
    pub(crate) fn stored(&self) -> u64 {
        self.chunks.iter().map(|chunk| u64::from(chunk.bytes)).sum()
    }

    /// The list; what of it is in the store is durable.
    pub(crate) async fn finish(mut self) -> Result<List, NodeError> {
        if self.is_held() {
            return Ok(List::Held(Arc::new(self.held)));
        }
        self.end_chunk().await?;
        Ok(List::Stored(Arc::new(StoredList::new(self.chunks, self.named.into_iter().collect()))))
    }

    async fn write(&mut self, mut items: &[Item]) -> Result<(), NodeError> {
        while !items.is_empty() {
            let taken = unhurried(items.len(), || self.fill(items))?;
            items = &items[taken..];
            if self.json.len() >= self.chunk {
                self.end_chunk().await?;
            }
        }
        Ok(())
    }

    /// Takes items until the chunk is full, and says how many it took.
    fn fill(&mut self, items: &[Item]) -> Result<usize, NodeError> {
        for (place, item) in items.iter().enumerate() {
            if self.json.len() >= self.chunk {
                return Ok(place);
            }
            self.json.push(if self.count == 0 { b'[' } else { b',' });
            serde_json::to_writer(&mut self.json, item)
                .map_err(|_| NodeError::new("items_broken", "An item cannot be written.").finally())?;
            self.named.extend(named_files(std::slice::from_ref(item)).map(|key| key.to_string()));
            self.count += 1;
        }
        Ok(items.len())
    }

    async fn end_chunk(&mut self) -> Result<(), NodeError> {
        if self.count == 0 {
            return Ok(());
        }
        self.json.push(b']');
        let chunk = self.files.keep_chunk(&self.json, std::mem::take(&mut self.count)).await?;
        self.json.clear();
        self.chunks.push(chunk);
        Ok(())
    }
}

/// Roughly how many bytes of JSON the items are; beyond `most` it counts no further.
pub(super) fn weight(items: &[Item], most: usize) -> usize {
    let mut sum = 0;
    for item in items {
        let files = item.binary.iter().flat_map(|files| files.iter());
        let files: usize = files.map(|(name, file)| 200 + name.len() + file.data.as_ref().map_or(0, String::len)).sum();
        sum += ITEM + weight_of(&item.json) + files;
        if sum > most {
            break;
        }
    }
    sum
}

fn weight_of(value: &Value) -> usize {
    match value {
        Value::Undefined | Value::Null | Value::Bool(_) => 4,
        Value::Number(_) | Value::Opaque(_) => 8,
        Value::DateTime(_) => 31,
        Value::String(text) => 2 + text.len(),
        Value::Array(array) => 2 + array.iter().map(|value| 1 + weight_of(value)).sum::<usize>(),
        Value::Object(object) => 2 + object.iter().map(|(key, value)| 4 + key.len() + weight_of(value)).sum::<usize>(),
    }
}

#[cfg(test)]
mod tests {
    use weft_event_log::MemoryFiles;
    use weft_model::TenantId;
    use weft_nodes::testing::{items, json_of};
    use weft_value::BinaryRef;

    use super::*;
    use crate::files::with_file;

    fn files() -> StepFiles {
        StepFiles::new(TenantId(uuid::Uuid::from_u128(1)), Some(Arc::new(MemoryFiles::default())))
    }

    #[tokio::test]
    async fn a_list_that_grows_too_long_goes_to_the_store_as_a_whole() {
        let files = files();
        let one = Arc::new(items(r#"[{"a":1},{"a":2}]"#));
        let most = weight(&one, usize::MAX);
        for (times, is_stored) in [(0, false), (1, false), (2, true), (50, true)] {
            let mut writer = ListWriter::new(files.clone(), most).in_chunks_of(100);
            for _ in 0..times {
                writer.push(&one).await.unwrap();
            }
            let list = writer.finish().await.unwrap();
            assert_eq!((list.len(), matches!(list, List::Stored(_))), (2 * times, is_stored), "{times}");
            let expected = vec![r#"{"a":1},{"a":2}"#; times].join(",");
            assert_eq!(json_of(&list.load(&files, 10_000).await.unwrap()), format!("[{expected}]"));
        }
    }

    #[tokio::test]
    async fn without_a_store_and_when_short_a_list_stays_what_it_is() {
        let list = Arc::new(items(r#"[{"a":1},{"a":2}]"#));
        let nowhere = StepFiles::new(TenantId(uuid::Uuid::from_u128(1)), None);
        for (files, most) in [(&nowhere, 0), (&files(), 1_000)] {
            let List::Held(same) = kept(Arc::clone(&list), files, most).await.unwrap() else { panic!("it is stored") };
            assert!(Arc::ptr_eq(&same, &list), "nothing was copied");
        }
        assert!(matches!(kept(list, &files(), 10).await.unwrap(), List::Stored(_)));
    }

    #[tokio::test]
    async fn the_files_that_stored_items_name_are_kept_with_them() {
        let key = "ab".repeat(32);
        let file = BinaryRef { key: Some(key.clone()), ..BinaryRef::default() };
        let named =
            Arc::new(vec![with_file(Item::default(), "a", file.clone()), with_file(Item::default(), "b", file)]);
        let List::Stored(stored) = kept(named, &files(), 0).await.unwrap() else { panic!("it is held") };
        let keys: Vec<String> = stored.files().map(|key| key.to_string()).collect();
        assert_eq!(keys, [stored.chunks()[0].key.clone(), key.clone()]);
        assert!(stored.names(&key) && !stored.names("cd"));
    }
}
