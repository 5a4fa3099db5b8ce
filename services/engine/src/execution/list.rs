//! What a node gave on one output: in memory, or, where that is much, chunk by chunk in the store of files.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use weft_event_log::FileKey;
use weft_nodes::NodeError;
use weft_value::Item;

use super::recorded::RecordedPart;
use super::schedule::Items;
use crate::files::StepFiles;

/// The items of one output.
#[derive(Clone, Debug)]
pub enum List {
    /// In memory, shared.
    Held(Items),
    /// In the store of files, or in a payload.
    Stored(Arc<StoredList>),
}

/// Items that are not in memory: what is recorded of those in the store of files, in place of the items.
#[derive(Debug, Deserialize, Serialize)]
pub struct StoredList {
    chunks: Vec<StoredChunk>,
    /// The files that the items name, which must be kept as long as they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    files: Vec<String>,
    /// Where they are, if they are not in files but in a payload: of a list that was in memory and was let go.
    #[serde(skip)]
    recorded: Option<RecordedPart>,
}

/// Some of the items, one after the other: JSON in a file of its own, compressed.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct StoredChunk {
    /// The key of the file.
    pub key: String,
    /// How many items it has.
    pub count: u32,
    /// How many bytes of JSON they are.
    pub bytes: u32,
}

impl Default for List {
    fn default() -> Self {
        Self::Held(Items::default())
    }
}

impl From<Items> for List {
    fn from(items: Items) -> Self {
        Self::Held(items)
    }
}

impl List {
    /// The number of items.
    pub fn len(&self) -> usize {
        match self {
            Self::Held(items) => items.len(),
            Self::Stored(stored) => stored.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The items, where they are in memory.
    pub fn held(&self) -> Option<&Items> {
        match self {
            Self::Held(items) => Some(items),
            Self::Stored(_) => None,
        }
    }

    /// The items, which somebody has loaded before: where that was forgotten, nothing goes on as if there were none.
    pub(crate) fn loaded(&self) -> Result<&Items, NodeError> {
        self.held().ok_or_else(|| {
            let message = "Items that a step needs were not read back before it: this is a fault of the server.";
            NodeError::new("items_not_loaded", message).finally()
        })
    }

    /// Whether it was in memory and its items have to be read back from where they are recorded.
    pub(crate) fn is_let_go(&self) -> bool {
        matches!(self, Self::Stored(stored) if stored.is_let_go())
    }

    /// All items; refused where they have more than `most` bytes.
    pub(crate) async fn load(&self, files: &StepFiles, most: usize) -> Result<Items, NodeError> {
        match self {
            Self::Held(items) => Ok(Arc::clone(items)),
            Self::Stored(stored) => stored.load(files, most).await,
        }
    }

    /// The first item alone.
    pub(crate) async fn first(&self, files: &StepFiles) -> Result<Items, NodeError> {
        let items = match self {
            Self::Held(items) if items.len() <= 1 => return Ok(Arc::clone(items)),
            Self::Held(items) => Arc::clone(items),
            Self::Stored(stored) => stored.chunk(0, files).await?,
        };
        Ok(Arc::new(items.iter().take(1).cloned().collect()))
    }
}

/// The items of all lists, one after the other.
pub(crate) async fn joined(mut lists: Vec<List>, files: &StepFiles, most: usize) -> Result<Items, NodeError> {
    if lists.len() == 1 {
        return lists.swap_remove(0).load(files, most).await;
    }
    let mut all = Vec::new();
    for list in lists {
        all.extend_from_slice(&list.load(files, most).await?);
    }
    Ok(Arc::new(all))
}

impl StoredList {
    pub(super) fn new(chunks: Vec<StoredChunk>, files: Vec<String>) -> Self {
        Self { chunks, files, recorded: None }
    }

    /// A list that is recorded in a payload: one chunk, which no file holds.
    pub(super) fn in_payload(recorded: RecordedPart, count: usize, bytes: usize) -> Self {
        let whole = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let chunk = StoredChunk { key: String::new(), count: whole(count), bytes: whole(bytes) };
        Self { chunks: vec![chunk], files: Vec::new(), recorded: Some(recorded) }
    }

    /// Whether it was in memory once.
    pub(super) fn is_let_go(&self) -> bool {
        self.recorded.is_some()
    }

    /// What the recorded part of a list says, where its items are not in the part itself: those would be a JSON array.
    pub fn recorded(part: &[u8]) -> Option<Self> {
        if part.first() == Some(&b'{') { serde_json::from_slice(part).ok() } else { None }
    }

    /// The chunks, in order.
    pub fn chunks(&self) -> &[StoredChunk] {
        &self.chunks
    }

    /// The number of items.
    pub fn len(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.count as usize).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes of their JSON.
    pub(crate) fn bytes(&self) -> u64 {
        self.chunks.iter().map(|chunk| u64::from(chunk.bytes)).sum()
    }

    /// The keys of all files that an append must name which records this.
    pub(crate) fn files(&self) -> impl Iterator<Item = FileKey> {
        let keys = self.chunks.iter().map(|chunk| &chunk.key).chain(&self.files);
        keys.filter_map(|key| key.parse().ok())
    }

    /// Whether an item names the file with this key.
    pub fn names(&self, key: &str) -> bool {
        self.files.iter().any(|named| named == key)
    }

    /// The items of a chunk.
    pub(crate) async fn chunk(&self, number: usize, files: &StepFiles) -> Result<Items, NodeError> {
        let Some(chunk) = self.chunks.get(number) else { return Ok(Items::default()) };
        if let Some(recorded) = &self.recorded {
            return recorded.load(chunk.count as usize).await;
        }
        let json = files.chunk(chunk).await?;
        let items = super::step::unhurried(chunk.count as usize, || serde_json::from_slice::<Vec<Item>>(&json));
        items.map(Arc::new).map_err(|_| broken())
    }

    /// Whether all of them can be in memory, where `most` bytes can.
    pub(super) fn fits(&self, most: usize) -> Result<(), NodeError> {
        if self.bytes() > most as u64 { Err(too_many(self, most)) } else { Ok(()) }
    }

    async fn load(&self, files: &StepFiles, most: usize) -> Result<Items, NodeError> {
        self.fits(most)?;
        let mut all = Vec::with_capacity(self.len());
        for number in 0..self.chunks.len() {
            all.append(&mut Arc::unwrap_or_clone(self.chunk(number, files).await?));
        }
        Ok(Arc::new(all))
    }

    /// The chunk that an item is in, and its place there.
    pub(super) fn place(&self, item: usize) -> Option<(usize, usize)> {
        let mut before = 0;
        self.chunks.iter().enumerate().find_map(|(number, chunk)| {
            let place = item - before;
            before += chunk.count as usize;
            (item < before).then_some((number, place))
        })
    }
}

fn too_many(list: &StoredList, most: usize) -> NodeError {
    let message = format!(
        "{} items with {} MiB cannot be in memory at once; {} MiB can.",
        list.len(),
        list.bytes() >> 20,
        most >> 20
    );
    NodeError::new("memory_limit", message)
        .describe("Work on fewer of them at a time: leave some out with a Filter before, or hand them on in batches.")
        .finally()
}

fn broken() -> NodeError {
    NodeError::new("items_broken", "Items that are kept in the store of files could not be understood.").finally()
}

#[cfg(test)]
mod tests {
    use weft_event_log::MemoryFiles;
    use weft_model::TenantId;
    use weft_nodes::testing::{items, json_of};

    use super::super::interruption::Interruptions;
    use super::super::lists::Lists;
    use super::super::writer::ListWriter;
    use super::*;

    fn files() -> StepFiles {
        StepFiles::new(TenantId(uuid::Uuid::from_u128(1)), Some(Arc::new(MemoryFiles::default())))
    }

    fn lists(files: &StepFiles) -> Lists {
        Lists::new(files.clone(), Interruptions::none())
    }

    async fn stored(files: &StepFiles, json: &str) -> List {
        let mut writer = ListWriter::new(files.clone(), 0).in_chunks_of(20);
        writer.push(&Arc::new(items(json))).await.unwrap();
        writer.finish().await.unwrap()
    }

    #[tokio::test]
    async fn what_was_stored_is_found_whole_in_chunks_and_item_by_item() {
        let files = files();
        let json = r#"[{"a":1},{"a":"é"},{"a":[2]},{"a":3},{"a":4}]"#;
        let list = stored(&files, json).await;
        let List::Stored(stored) = &list else { panic!("it is held") };
        assert!(list.held().is_none());
        assert_eq!(list.loaded().unwrap_err().code, "items_not_loaded");
        assert!(stored.chunks().len() > 1 && list.len() == 5, "{stored:?}");
        assert_eq!(json_of(&list.load(&files, 1_000).await.unwrap()), json);
        assert_eq!(json_of(&list.first(&files).await.unwrap()), r#"[{"a":1}]"#);
        let lists = lists(&files);
        for (place, item) in items(json).into_iter().enumerate().rev() {
            assert_eq!(lists.pairing(&list, place).unwrap(), Some(item.pairing.clone()), "{place}");
            assert_eq!(lists.item(&list, place).unwrap(), Some(item), "{place}");
        }
        assert_eq!(lists.item(&list, 5).unwrap(), None);
        let recorded = serde_json::to_vec(&**stored).unwrap();
        let again = List::Stored(Arc::new(StoredList::recorded(&recorded).unwrap()));
        assert_eq!(json_of(&again.load(&files, 1_000).await.unwrap()), json);
        assert!(StoredList::recorded(json.as_bytes()).is_none());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_item_is_found_on_a_thread_among_others() {
        let files = files();
        let list = stored(&files, r#"[{"a":1},{"a":2},{"a":3}]"#).await;
        let lists = lists(&files);
        assert_eq!(lists.item(&list, 2).unwrap().unwrap().json.to_json(), r#"{"a":3}"#);
        let [first, second] = [(); 2].map(|()| lists.whole(&list, 1_000).unwrap());
        assert!(Arc::ptr_eq(&first, &second), "it is read once");
    }

    #[tokio::test]
    async fn what_a_step_looks_at_as_a_whole_has_room_together() {
        let files = files();
        let [one, other] = [r#"[{"a":1},{"a":2},{"a":3}]"#, r#"[{"b":1},{"b":2}]"#].map(|json| stored(&files, json));
        let (one, other) = (one.await, other.await);
        let bytes = |list: &List| match list {
            List::Held(_) => panic!("it is held"),
            List::Stored(stored) => stored.bytes() as usize,
        };
        let both = bytes(&one) + bytes(&other);
        for (most, code) in [(both, None), (both - 1, Some("memory_limit"))] {
            let lists = lists(&files);
            let read = lists.whole(&one, most).unwrap();
            assert_eq!(lists.whole(&other, most).err().map(|error| error.code.to_string()).as_deref(), code);
            assert!(Arc::ptr_eq(&read, &lists.whole(&one, most).unwrap()), "what is there stays there");
        }
    }

    #[tokio::test]
    async fn what_is_too_much_or_gone_says_so() {
        let list = stored(&files(), r#"[{"a":1},{"a":2},{"a":3}]"#).await;
        assert_eq!(list.load(&files(), 10).await.unwrap_err().code, "memory_limit");
        assert_eq!(list.load(&files(), 1_000).await.unwrap_err().code, "items_gone");
        assert_eq!(lists(&files()).item(&list, 0).unwrap_err().code, "items_gone");
    }
}
