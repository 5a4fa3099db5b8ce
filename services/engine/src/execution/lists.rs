//! Where a step finds items of earlier steps that are not in memory.
//!
//! Expressions cannot wait, so whoever looks waits for them. What was found stays until the step is over, as far as a step may
//! need it again: it goes through long lists from their beginnings to their ends, and looks at one place of each at a time.

use std::future::Future;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::{Builder, Handle, RuntimeFlavor};
use weft_nodes::NodeError;
use weft_value::{Item, Pairing};

use super::list::{List, StoredList};
use super::schedule::Items;
use crate::files::StepFiles;

/// How many chunks of items a step keeps that it looked into.
const MOST_CHUNKS: usize = 12;
/// How many chunks it keeps of which it knows what their items were made from, and no more: there may be many long lists one after
/// the other between an item and the one that it goes back to.
const MOST_PAIRED: usize = 48;
/// How many of them may be of one list: where it is, and its first and its last, which expressions like to look at.
const MOST_OF_ONE: usize = 3;

/// Where a step finds lists that are not in memory.
#[derive(Clone)]
pub(crate) struct Lists {
    files: StepFiles,
    found: Arc<Mutex<Found>>,
}

#[derive(Default)]
struct Found {
    whole: Vec<(Arc<StoredList>, Items)>,
    items: Recent<Items>,
    pairings: Recent<Vec<Pairing>>,
}

/// Chunks that were looked into, the one for which that was the longest ago at the beginning.
struct Recent<T>(Vec<(Arc<StoredList>, usize, T)>);

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Recent<T> {
    fn get(&mut self, list: &Arc<StoredList>, chunk: usize) -> Option<&T> {
        let place = self.0.iter().position(|(known, number, _)| *number == chunk && Arc::ptr_eq(known, list))?;
        self.0[place..].rotate_left(1);
        self.0.last().map(|(.., held)| held)
    }

    /// Makes room for a chunk of `list`, so that it need not be in memory beside one that is not needed any longer.
    fn make_room(&mut self, list: &Arc<StoredList>, most: usize) {
        let is_same = |(known, ..): &(Arc<StoredList>, usize, T)| Arc::ptr_eq(known, list);
        let of_same = self.0.iter().filter(|chunk| is_same(chunk)).count();
        if of_same >= MOST_OF_ONE {
            let oldest = self.0.iter().position(is_same).unwrap_or_default();
            self.0.remove(oldest);
        } else if self.0.len() >= most {
            self.0.remove(0);
        }
    }

    fn put(&mut self, list: &Arc<StoredList>, chunk: usize, held: T) -> &T {
        self.0.push((Arc::clone(list), chunk, held));
        &self.0[self.0.len() - 1].2
    }
}

impl Lists {
    pub(super) fn new(files: StepFiles) -> Self {
        Self { files, found: Arc::default() }
    }

    fn found(&self) -> MutexGuard<'_, Found> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All items, if they have no more than `most` bytes.
    pub(super) fn whole(&self, list: &List, most: usize) -> Result<Items, NodeError> {
        let List::Stored(stored) = list else { return Ok(Arc::clone(list.held())) };
        let mut found = self.found();
        if let Some((_, items)) = found.whole.iter().find(|(known, _)| Arc::ptr_eq(known, stored)) {
            return Ok(Arc::clone(items));
        }
        let items = wait_here(list.load(&self.files, most))?;
        found.whole.push((Arc::clone(stored), Arc::clone(&items)));
        Ok(items)
    }

    /// One item.
    pub(super) fn item(&self, list: &List, place: usize) -> Result<Option<Item>, NodeError> {
        let stored = match list {
            List::Held(items) => return Ok(items.get(place).cloned()),
            List::Stored(stored) => stored,
        };
        let Some((number, place)) = stored.place(place) else { return Ok(None) };
        let mut found = self.found();
        if let Some(items) = found.items.get(stored, number) {
            return Ok(items.get(place).cloned());
        }
        found.items.make_room(stored, MOST_CHUNKS);
        let items = wait_here(stored.chunk(number, &self.files))?;
        Ok(found.items.put(stored, number, items).get(place).cloned())
    }

    /// The items at `places`, of which the list has all. A chunk of which the rest may be asked for next stays.
    pub(super) fn portion(&self, list: &List, places: Range<usize>) -> Result<Vec<Item>, NodeError> {
        let stored = match list {
            List::Held(items) => return Ok(items.get(places).unwrap_or_default().to_vec()),
            List::Stored(stored) => stored,
        };
        let mut portion = Vec::with_capacity(places.len());
        let (mut next, mut found) = (places.start, self.found());
        while next < places.end {
            let Some((number, place)) = stored.place(next) else { break };
            let left = places.end - next;
            if let Some(items) = found.items.get(stored, number) {
                portion.extend(items[place..].iter().take(left).cloned());
            } else {
                found.items.make_room(stored, MOST_CHUNKS);
                let items = wait_here(stored.chunk(number, &self.files))?;
                portion.extend(items[place..].iter().take(left).cloned());
                if items.len() - place > left {
                    found.items.put(stored, number, items);
                }
            }
            next = places.start + portion.len();
        }
        Ok(portion)
    }

    /// Forgets everything but the chunk that was looked into last.
    pub(super) fn forget(&self) {
        let mut found = self.found();
        let last = found.items.0.pop();
        *found = Found::default();
        found.items.0.extend(last);
    }

    /// What one item was made from. It takes a tenth of the memory to know that alone.
    pub(super) fn pairing(&self, list: &List, place: usize) -> Result<Option<Pairing>, NodeError> {
        let stored = match list {
            List::Held(items) => return Ok(items.get(place).map(|item| item.pairing.clone())),
            List::Stored(stored) => stored,
        };
        let Some((number, place)) = stored.place(place) else { return Ok(None) };
        let mut found = self.found();
        if let Some(pairings) = found.pairings.get(stored, number) {
            return Ok(pairings.get(place).cloned());
        }
        if let Some(items) = found.items.get(stored, number) {
            return Ok(items.get(place).map(|item| item.pairing.clone()));
        }
        let items = wait_here(stored.chunk(number, &self.files))?;
        Ok(found.keep_pairings(stored, number, &items).get(place).cloned())
    }

    /// Keeps what the items of a chunk were made from that is in memory anyway.
    pub(super) fn have(&self, list: &Arc<StoredList>, number: usize, items: &Items) {
        self.found().keep_pairings(list, number, items);
    }
}

impl Found {
    fn keep_pairings(&mut self, list: &Arc<StoredList>, number: usize, items: &Items) -> &[Pairing] {
        self.pairings.make_room(list, MOST_PAIRED);
        self.pairings.put(list, number, items.iter().map(|item| item.pairing.clone()).collect())
    }
}

/// Waits where nobody can: what an expression asks for has to be there when it goes on. Others progress meanwhile.
pub(super) fn wait_here<T: Send>(work: impl Future<Output = Result<T, NodeError>> + Send) -> Result<T, NodeError> {
    match Handle::try_current() {
        Ok(handle) if handle.runtime_flavor() == RuntimeFlavor::MultiThread => {
            tokio::task::block_in_place(|| handle.block_on(work))
        }
        // Only one thread makes everything progress, and it is this one.
        _ => std::thread::scope(|scope| {
            let waiting = scope.spawn(move || {
                let runtime = Builder::new_current_thread().enable_all().build().map_err(|_| cannot_wait())?;
                runtime.block_on(work)
            });
            waiting.join().unwrap_or_else(|_| Err(cannot_wait()))
        }),
    }
}

fn cannot_wait() -> NodeError {
    NodeError::new("file_store", "The store of files failed. Try again in a moment.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chunks_that_were_looked_into_last_are_kept() {
        let [one, other] = [(); 2].map(|()| Arc::new(StoredList::new(Vec::new(), Vec::new())));
        let mut recent = Recent::default();
        for (list, chunk) in [(&one, 0), (&one, 7), (&one, 1), (&other, 0)] {
            recent.make_room(list, 4);
            recent.put(list, chunk, chunk);
        }
        assert_eq!([0, 7].map(|chunk| recent.get(&one, chunk).copied()), [Some(0), Some(7)]);
        recent.make_room(&one, 4);
        recent.put(&one, 2, 2);
        assert_eq!([1, 0].map(|chunk| recent.get(&one, chunk).copied()), [None, Some(0)]);
        assert_eq!(recent.get(&other, 0), Some(&0));
        let third = Arc::new(StoredList::new(Vec::new(), Vec::new()));
        recent.make_room(&third, 4);
        assert_eq!((recent.0.len(), recent.get(&one, 7)), (3, None), "it was looked into the longest ago");
    }
}
