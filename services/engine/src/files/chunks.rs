//! Chunks of long lists, each a file of its own.

use weft_nodes::NodeError;

use super::{StepFiles, failed};
use crate::execution::StoredChunk;

/// The fastest of zstd's usual levels: items are compressed while their step lasts.
const LEVEL: i32 = 1;

impl StepFiles {
    /// Whether there is a store.
    pub(crate) fn has_store(&self) -> bool {
        self.store.is_some()
    }

    /// Keeps the JSON of so many items; durable when it comes back.
    pub(crate) async fn keep_chunk(&self, json: &[u8], count: u32) -> Result<StoredChunk, NodeError> {
        let compressed = zstd::bulk::compress(json, LEVEL).map_err(|_| unkept())?;
        let mut writer = self.store()?.create(self.tenant).await.map_err(failed)?;
        writer.write(compressed.into()).await.map_err(failed)?;
        let stored = writer.finish().await.map_err(failed)?;
        let bytes = u32::try_from(json.len()).map_err(|_| unkept())?;
        Ok(StoredChunk { key: stored.key.to_string(), count, bytes })
    }

    /// The JSON of the items of a chunk.
    pub async fn chunk(&self, chunk: &StoredChunk) -> Result<Vec<u8>, NodeError> {
        let key = chunk.key.parse().map_err(|_| gone())?;
        let found = self.store()?.open(self.tenant, key).await.map_err(failed)?;
        let mut reader = found.ok_or_else(gone)?;
        let mut compressed = Vec::new();
        while let Some(more) = reader.next().await.map_err(failed)? {
            compressed.extend_from_slice(&more);
        }
        zstd::bulk::decompress(&compressed, chunk.bytes as usize).map_err(|_| gone())
    }
}

fn unkept() -> NodeError {
    NodeError::new("memory_limit", "An item is too large to be kept in the store of files.").finally()
}

fn gone() -> NodeError {
    NodeError::new("items_gone", "Items of an earlier step are not kept (any more).")
        .describe("Items are kept as long as the settings of the workflow say. Execute it again.")
        .finally()
}
