//! Where a step finds items of earlier steps that are not in memory.
//!
//! Expressions cannot wait, so whoever looks waits for them, for a few seconds: a thread is kept as long. What was found stays
//! until the step is over, as far as a step may need it again: it goes through long lists from their beginnings to their ends,
//! and looks at one place of each at a time.

use std::future::Future;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::{Builder, Handle, RuntimeFlavor};
use weft_nodes::NodeError;
use weft_value::{Item, Pairing};

use super::holdings::address;
use super::interruption::{Interruption, Interruptions};
use super::list::{List, StoredList};
use super::recorded::unreadable;
use super::schedule::Items;
use crate::clock::later;
use crate::files::StepFiles;

/// How many chunks of items a step keeps that it looked into.
const MOST_CHUNKS: usize = 12;
/// How many chunks it keeps of which it knows what their items were made from, and no more: there may be many long lists one after
/// the other between an item and the one that it goes back to.
const MOST_PAIRED: usize = 48;
/// How many of them may be of one list: where it is, and its first and its last, which expressions like to look at.
const MOST_OF_ONE: usize = 3;
/// How long a thread is kept for one chunk of what an expression asks for. Others need threads, too: a database that is away is
/// away for all.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Where a step finds lists that are not in memory.
#[derive(Clone)]
pub(crate) struct Lists {
    files: StepFiles,
    interruptions: Interruptions,
    found: Arc<Mutex<Found>>,
}

#[derive(Default)]
struct Found {
    /// Why the step was kept from seeing something.
    interruption: Option<Interruption>,
    /// Something was waited for in vain: what is asked for after it is not waited for.
    is_given_up: bool,
    whole: Vec<(Arc<StoredList>, Items)>,
    items: Recent<Items>,
    /// Where the items in memory are that portions were taken of.
    used: Vec<usize>,
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

    fn remove(&mut self, list: &Arc<StoredList>, chunk: usize) {
        self.0.retain(|(known, number, _)| *number != chunk || !Arc::ptr_eq(known, list));
    }

    fn put(&mut self, list: &Arc<StoredList>, chunk: usize, held: T) -> &T {
        self.0.push((Arc::clone(list), chunk, held));
        &self.0[self.0.len() - 1].2
    }
}

impl Lists {
    pub(super) fn new(files: StepFiles, interruptions: Interruptions) -> Self {
        Self { files, interruptions, found: Arc::default() }
    }

    /// Why the step was kept from seeing something that it asked for, if it was.
    pub(super) fn interruption(&self) -> Option<Interruption> {
        self.found().interruption
    }

    /// Waits for what is read, as long as a thread may be kept for it and the execution is not interrupted. The lock is not held
    /// meanwhile: at worst, two that look for the same read it twice.
    fn wait<T: Send>(&self, reading: impl Future<Output = Result<T, NodeError>> + Send) -> Result<T, NodeError> {
        if self.found().is_given_up {
            return Err(unreadable());
        }
        let Interruptions { clock, .. } = &self.interruptions;
        let end = later(clock.now(), LONGEST_WAIT);
        let bounded = async {
            tokio::select! {
                biased;
                read = self.interruptions.read(reading) => read.map_err(Some),
                () = clock.sleep_until(end) => Err(None),
            }
        };
        let read = wait_here(async { Ok(bounded.await) })?;
        read.unwrap_or_else(|interruption| {
            let mut found = self.found();
            found.interruption = found.interruption.or(interruption);
            found.is_given_up = true;
            Err(unreadable())
        })
    }

    /// Waits for code that an expression of the step has executed, as long as the execution is not interrupted.
    pub(super) fn wait_for_code<T: Send>(&self, code: impl Future<Output = T> + Send) -> Result<T, NodeError> {
        let ended = wait_here(async { Ok(self.interruptions.unless_first(code).await) })?;
        ended.map_err(|interruption| {
            let mut found = self.found();
            found.interruption = found.interruption.or(Some(interruption));
            found.is_given_up = true;
            unreadable()
        })
    }

    fn found(&self) -> MutexGuard<'_, Found> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All items, if they have no more than `most` bytes together with those of other lists that the step has looked at as a whole.
    pub(super) fn whole(&self, list: &List, most: usize) -> Result<Items, NodeError> {
        let stored = match list {
            List::Held(items) => return Ok(Arc::clone(items)),
            List::Stored(stored) => stored,
        };
        if let Some((_, items)) = self.found().whole.iter().find(|(known, _)| Arc::ptr_eq(known, stored)) {
            return Ok(Arc::clone(items));
        }
        stored.fits(most)?;
        // What was let go has been in memory at once, and may be so again: an execution must not fail for having let go of it.
        if !list.is_let_go() {
            let sum = self.found().bytes_of_long().saturating_add(stored.bytes());
            if sum > most as u64 {
                return Err(too_many_together(sum, most));
            }
        }
        let mut all = Vec::with_capacity(stored.len());
        for number in 0..stored.chunks().len() {
            all.append(&mut Arc::unwrap_or_clone(self.wait(stored.chunk(number, &self.files))?));
        }
        let items = Arc::new(all);
        self.found().whole.push((Arc::clone(stored), Arc::clone(&items)));
        Ok(items)
    }

    /// One item.
    pub(super) fn item(&self, list: &List, place: usize) -> Result<Option<Item>, NodeError> {
        let stored = match list {
            List::Held(items) => return Ok(items.get(place).cloned()),
            List::Stored(stored) => stored,
        };
        let Some((number, place)) = stored.place(place) else { return Ok(None) };
        if let Some(items) = self.found().items.get(stored, number) {
            return Ok(items.get(place).cloned());
        }
        let items = self.chunk(stored, number)?;
        Ok(self.found().items.put(stored, number, items).get(place).cloned())
    }

    /// Reads a chunk, for which there is room then.
    fn chunk(&self, stored: &Arc<StoredList>, number: usize) -> Result<Items, NodeError> {
        self.found().items.make_room(stored, MOST_CHUNKS);
        self.wait(stored.chunk(number, &self.files))
    }

    /// The items at `places`, of which the list has all. A chunk of which the rest may be asked for next stays.
    pub(super) fn portion(&self, list: &List, places: Range<usize>) -> Result<Vec<Item>, NodeError> {
        let stored = match list {
            List::Held(items) => {
                self.found().uses(address(items));
                return Ok(items.get(places).unwrap_or_default().to_vec());
            }
            List::Stored(stored) => stored,
        };
        let mut portion = Vec::with_capacity(places.len());
        let mut next = places.start;
        while next < places.end {
            let Some((number, place)) = stored.place(next) else { break };
            let left = places.end - next;
            let known = self.found().items.get(stored, number).cloned();
            let is_known = known.is_some();
            let items = known.map_or_else(|| self.chunk(stored, number), Ok)?;
            portion.extend(items[place..].iter().take(left).cloned());
            let mut found = self.found();
            if items.len() - place <= left {
                found.items.remove(stored, number);
            } else if !is_known {
                found.items.put(stored, number, items);
            }
            next = places.start + portion.len();
        }
        Ok(portion)
    }

    /// Forgets everything but the chunk that was looked into last. Says where the items in memory are that portions were taken of.
    pub(super) fn forget(&self) -> Vec<usize> {
        let mut found = self.found();
        let last = found.items.0.pop();
        let Found { used, .. } = std::mem::take(&mut *found);
        found.items.0.extend(last);
        used
    }

    /// How many bytes of JSON the chunks are that it keeps.
    pub(super) fn bytes(&self) -> usize {
        let of_chunk = |(list, number, _): &(Arc<StoredList>, usize, Items)| list.chunks()[*number].bytes as usize;
        self.found().items.0.iter().map(of_chunk).sum()
    }

    /// What one item was made from. It takes a tenth of the memory to know that alone.
    pub(super) fn pairing(&self, list: &List, place: usize) -> Result<Option<Pairing>, NodeError> {
        let stored = match list {
            List::Held(items) => return Ok(items.get(place).map(|item| item.pairing.clone())),
            List::Stored(stored) => stored,
        };
        let Some((number, place)) = stored.place(place) else { return Ok(None) };
        if let Some(known) = self.found().pairing(stored, number, place) {
            return Ok(Some(known));
        }
        let items = self.wait(stored.chunk(number, &self.files))?;
        Ok(self.found().keep_pairings(stored, number, &items).get(place).cloned())
    }

    /// Keeps what the items of a chunk were made from that is in memory anyway.
    pub(super) fn have(&self, list: &Arc<StoredList>, number: usize, items: &Items) {
        self.found().keep_pairings(list, number, items);
    }
}

impl Found {
    /// The bytes of the long lists that are there as a whole.
    fn bytes_of_long(&self) -> u64 {
        let long = self.whole.iter().filter(|(list, _)| !list.is_let_go());
        long.map(|(list, _)| list.bytes()).sum()
    }

    fn uses(&mut self, address: usize) {
        if self.used.last() != Some(&address) {
            self.used.push(address);
        }
    }

    /// What an item of a chunk was made from, if that is known of the chunk.
    fn pairing(&mut self, list: &Arc<StoredList>, number: usize, place: usize) -> Option<Pairing> {
        if let Some(pairings) = self.pairings.get(list, number) {
            return pairings.get(place).cloned();
        }
        self.items.get(list, number)?.get(place).map(|item| item.pairing.clone())
    }

    fn keep_pairings(&mut self, list: &Arc<StoredList>, number: usize, items: &Items) -> &[Pairing] {
        self.pairings.make_room(list, MOST_PAIRED);
        self.pairings.put(list, number, items.iter().map(|item| item.pairing.clone()).collect())
    }
}

/// Waits where nobody can: what an expression asks for has to be there when it goes on. Others progress meanwhile.
fn wait_here<T: Send>(work: impl Future<Output = Result<T, NodeError>> + Send) -> Result<T, NodeError> {
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

fn too_many_together(bytes: u64, most: usize) -> NodeError {
    let message = format!(
        "The lists that the node looks at as a whole have {} MiB together; {} MiB can be in memory at once.",
        bytes >> 20,
        most >> 20
    );
    NodeError::new("memory_limit", message)
        .describe("Look at single items of them, or at one of the lists in a node before this one.")
        .finally()
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
