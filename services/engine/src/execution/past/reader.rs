//! Reads the items of events, as far as they are asked for.

use std::sync::Arc;

use bytes::Bytes;
use weft_event_log::{Log, Payload, Recorded};
use weft_model::execution::Part;
use weft_model::{PayloadId, TenantId};

use super::PastError;
use crate::execution::holdings::LEAST;
use crate::execution::list::{List, StoredList};
use crate::execution::recorded::{RecordedPart, Shelf};

pub(super) struct Reader<'a> {
    pub(super) log: &'a dyn Log,
    pub(super) tenant: TenantId,
    /// The payload that was read last: what several parts of it are for comes one after the other.
    payload: Option<(PayloadId, Payload)>,
    /// Where lists are left that are worth it.
    pub(super) shelf: Option<&'a Arc<Shelf>>,
    pub(super) reading: Reading,
    /// How many bytes of items were read.
    pub(super) bytes: usize,
    /// How many bytes of items are in the store of files.
    pub(super) stored: u64,
}

/// How much of an execution is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    Everything,
    /// No items.
    Pages,
    /// No items, which may be gone, and not what nodes keep.
    Waits,
    /// Neither.
    Outline,
}

impl<'a> Reader<'a> {
    pub(super) fn new(log: &'a dyn Log, tenant: TenantId, reading: Reading) -> Self {
        Self { log, tenant, payload: None, shelf: None, reading, bytes: 0, stored: 0 }
    }

    /// Lists stay where they are recorded, as far as that is worth it.
    pub(super) fn leaving_lists(self, on: &'a Arc<Shelf>) -> Self {
        Self { shelf: Some(on), ..self }
    }

    pub(super) async fn lists(&mut self, recorded: &Recorded, parts: &[Part]) -> Result<Vec<List>, PastError> {
        if self.reading != Reading::Everything {
            return Ok(Vec::new());
        }
        let mut lists = Vec::with_capacity(parts.len());
        for part in parts {
            lists.push(self.list(recorded, *part).await?);
        }
        Ok(lists)
    }

    /// A list; of one that is in the store of files, where it is.
    pub(super) async fn list(&mut self, recorded: &Recorded, part: Part) -> Result<List, PastError> {
        let bytes = self.bytes(recorded, part).await?;
        if let Some(stored) = StoredList::recorded(&bytes) {
            self.stored += stored.bytes();
            return Ok(List::Stored(Arc::new(stored)));
        }
        if let (Some(shelf), Some(payload)) = (self.shelf.filter(|_| bytes.len() >= LEAST), recorded.payload) {
            let at = RecordedPart { shelf: Arc::clone(shelf), payload, part: part.part };
            return Ok(List::Stored(Arc::new(StoredList::in_payload(at, part.count as usize, bytes.len()))));
        }
        Ok(List::Held(Arc::new(parsed(recorded, &bytes)?)))
    }

    pub(super) async fn part<T: serde::de::DeserializeOwned>(
        &mut self,
        recorded: &Recorded,
        part: Part,
    ) -> Result<T, PastError> {
        let bytes = self.bytes(recorded, part).await?;
        parsed(recorded, &bytes)
    }

    async fn bytes(&mut self, recorded: &Recorded, part: Part) -> Result<Bytes, PastError> {
        let version = recorded.version.0;
        let gone = || PastError::PayloadGone(version);
        let id = recorded.payload.ok_or_else(gone)?;
        let payload = match &self.payload {
            Some((known, payload)) if *known == id => payload,
            _ => {
                let payload = self.log.read_payload(self.tenant, id).await?.ok_or_else(gone)?;
                // A part that several steps share was made once.
                self.bytes += payload.0.iter().map(Bytes::len).sum::<usize>();
                &self.payload.insert((id, payload)).1
            }
        };
        payload.part(part.part).cloned().ok_or_else(gone)
    }
}

fn parsed<T: serde::de::DeserializeOwned>(recorded: &Recorded, bytes: &[u8]) -> Result<T, PastError> {
    serde_json::from_slice(bytes).map_err(|error| PastError::PayloadBroken(recorded.version.0, error))
}
