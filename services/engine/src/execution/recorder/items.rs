//! Items on their way into a payload, and how many there may be.

use std::sync::Arc;

use serde::Serialize;
use weft_model::execution::Part;
use weft_nodes::NodeError;

use super::Recorder;
use super::room::{Bounded, Full, Room};
use crate::execution::list::List;
use crate::execution::schedule::Items;
use crate::files::named_files;

impl Recorder {
    /// Keeps a list of items; a list that was just written is not written again.
    pub(crate) fn items(&mut self, items: &Items) -> Result<Part, Full> {
        if let Some((_, part)) = self.recent.iter().find(|(known, _)| Arc::ptr_eq(known, items)) {
            return Ok(*part);
        }
        let part = self.part(items.as_slice(), items.len())?;
        self.recent.push((Arc::clone(items), part));
        self.files.extend(named_files(items));
        Ok(part)
    }

    /// Keeps a list; of one that is in the store of files, where it is.
    pub(crate) fn list(&mut self, list: &List) -> Result<Part, Full> {
        match list {
            List::Held(items) => self.items(items),
            List::Stored(stored) => {
                let part = self.part(&**stored, stored.len())?;
                self.files.extend(stored.files());
                Ok(part)
            }
        }
    }

    /// Keeps several lists of items, or none of them.
    pub(crate) fn lists(&mut self, lists: &[List]) -> Result<Vec<Part>, NodeError> {
        // What was let go is recorded already; a step gives items.
        if lists.iter().any(List::is_let_go) {
            let message = "Items could not be recorded a second time: this is a fault of the server.";
            return Err(NodeError::new("items_let_go", message).finally());
        }
        let before = (self.parts.len(), self.recent.len(), self.bytes, self.made);
        let kept: Result<Vec<Part>, Full> = lists.iter().map(|list| self.list(list)).collect();
        if kept.is_err() {
            self.parts.truncate(before.0);
            self.recent.truncate(before.1);
            (self.bytes, self.made) = (before.2, before.3);
        }
        Ok(kept?)
    }

    /// Keeps anything that can be written as JSON. Writing stops where the execution has made as much as it may, so that what
    /// is far too large is never in memory twice.
    pub(crate) fn part<T: Serialize + ?Sized>(&mut self, value: &T, count: usize) -> Result<Part, Full> {
        let mut json = Bounded { text: Vec::with_capacity(256), room: self.room() };
        match serde_json::to_writer(&mut json, value) {
            Ok(()) => {}
            Err(error) if error.is_io() => return Err(json.room.full()),
            // Values and log lines have text for every key.
            Err(_) => json.text = b"null".to_vec(),
        }
        self.bytes += json.text.len();
        self.count(json.text.len());
        self.parts.push(json.text.into());
        Ok(Part { part: self.parts.len() as u32 - 1, count: count as u32 })
    }

    /// The execution has made so many bytes of items more.
    pub(crate) fn count(&mut self, bytes: usize) {
        self.made = self.made.saturating_add(bytes);
    }

    /// Counts what of a list is in the store of files, if there may be as much.
    pub(crate) fn count_list(&mut self, list: &List) -> Result<(), Full> {
        if let List::Stored(stored) = list {
            self.may_store(stored.bytes())?;
            self.count_stored(stored.bytes());
        }
        Ok(())
    }

    /// The execution has so many bytes of items more in the store of files.
    pub(crate) fn count_stored(&mut self, bytes: u64) {
        self.stored = self.stored.saturating_add(bytes);
    }

    /// Whether so many bytes of items more may be in the store of files.
    pub(crate) fn may_store(&self, bytes: u64) -> Result<(), Full> {
        let limit = self.target.max_stored;
        let is_within = self.stored.saturating_add(bytes) <= limit;
        if is_within { Ok(()) } else { Err(Full { limit: usize::try_from(limit).unwrap_or(usize::MAX) }) }
    }

    /// The most bytes of a list that stays in memory.
    pub(crate) fn max_held(&self) -> usize {
        self.target.max_held
    }

    /// How many bytes of items the execution may still make.
    pub(crate) fn room(&self) -> Room {
        Room { left: self.target.max_bytes.saturating_sub(self.made), limit: self.target.max_bytes }
    }
}
