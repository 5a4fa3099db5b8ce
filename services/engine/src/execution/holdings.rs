//! How much of what their steps gave executions have in memory.
//!
//! What is recorded can be read back, so that it need not stay. An execution lets go of the lists that it needed least recently
//! as soon as it holds more than its share, or all executions of the process together hold more than there is room for: then whoever
//! makes a step keeps nothing. What counts are the bytes of JSON in payloads; in memory they are two to three times as many.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::list::{List, StoredList};
use super::recorded::{RecordedPart, Shelf};
use super::recorder::Durable;
use super::schedule::Items;

/// Lists of fewer bytes are not worth the trouble of reading them back; an execution has only so many steps.
pub(super) const LEAST: usize = 4 * 1024;

/// What all executions of a process hold.
#[derive(Debug)]
pub(crate) struct Holdings {
    most: usize,
    held: AtomicUsize,
}

impl Holdings {
    /// None yet, of at most so many bytes.
    pub(crate) fn new(most: usize) -> Self {
        Self { most, held: AtomicUsize::new(0) }
    }

    /// How many bytes are held.
    pub(crate) fn held(&self) -> usize {
        self.held.load(Ordering::Relaxed)
    }

    fn is_over(&self) -> bool {
        self.held() > self.most
    }
}

/// What one execution holds.
pub(crate) struct Ledger {
    /// Where what was let go is read back.
    shelf: Arc<Shelf>,
    of_all: Arc<Holdings>,
    most: usize,
    held: usize,
    /// By the address of their items; the list itself keeps that from being another one's.
    lists: HashMap<usize, Holding>,
    /// Grows with every use.
    clock: u64,
}

struct Holding {
    durable: Durable,
    used: u64,
}

impl Ledger {
    /// Nothing yet, of at most so many bytes.
    pub(crate) fn new(shelf: Arc<Shelf>, of_all: Arc<Holdings>, most: usize) -> Self {
        Self { shelf, of_all, most, held: 0, lists: HashMap::new(), clock: 0 }
    }

    /// What became durable is held from now on, and may be let go.
    pub(crate) fn hold(&mut self, durable: impl IntoIterator<Item = Durable>) {
        for durable in durable {
            self.clock += 1;
            let bytes = durable.bytes;
            let holding = Holding { used: self.clock, durable };
            if bytes >= LEAST && self.lists.insert(address(&holding.durable.items), holding).is_none() {
                self.held += bytes;
                self.of_all.held.fetch_add(bytes, Ordering::Relaxed);
            }
        }
    }

    /// A step works on these items.
    pub(crate) fn uses(&mut self, items: &Items) {
        if let Some(holding) = self.lists.get_mut(&address(items)) {
            self.clock += 1;
            holding.used = self.clock;
        }
    }

    /// What must be let go now, so that there is room for what comes next: what stands for it, by where its items are.
    pub(crate) fn let_go(&mut self) -> HashMap<usize, List> {
        let records = Arc::clone(&self.shelf);
        let in_payload = |Durable { items, payload, part, bytes }: Durable| {
            let recorded = RecordedPart { shelf: Arc::clone(&records), payload, part };
            (address(&items), List::Stored(Arc::new(StoredList::in_payload(recorded, items.len(), bytes))))
        };
        self.leaving().into_iter().map(in_payload).collect()
    }

    fn leaving(&mut self) -> Vec<Durable> {
        if self.held <= self.most && !self.of_all.is_over() {
            return Vec::new();
        }
        // Going down to a half of it, so that not every step has something to do here.
        let aim = if self.of_all.is_over() { 0 } else { self.most / 2 };
        let mut oldest: Vec<(u64, usize)> = self.lists.iter().map(|(address, list)| (list.used, *address)).collect();
        oldest.sort_unstable();
        let mut gone = Vec::new();
        for (_, address) in oldest {
            if self.held <= aim {
                break;
            }
            if let Some(Holding { durable, .. }) = self.lists.remove(&address) {
                self.release(durable.bytes);
                gone.push(durable);
            }
        }
        gone
    }

    fn release(&mut self, bytes: usize) {
        self.held -= bytes;
        self.of_all.held.fetch_sub(bytes, Ordering::Relaxed);
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        self.release(self.held);
    }
}

/// Where items are: what tells two lists apart as long as both are there.
pub(crate) fn address(items: &Items) -> usize {
    Arc::as_ptr(items).addr()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;
    use weft_event_log::MemoryLog;
    use weft_model::{PayloadId, TenantId};

    use super::*;
    use crate::clock::SystemClock;

    fn shelf() -> Arc<Shelf> {
        let (log, clock) = (Arc::new(MemoryLog::new()), Arc::new(SystemClock));
        Arc::new(Shelf { log, clock, tenant: TenantId(Uuid::from_u128(1)) })
    }

    fn durable(bytes: usize) -> Durable {
        Durable { items: Items::default(), payload: PayloadId(Uuid::from_u128(1)), part: 0, bytes }
    }

    fn sizes(gone: &[Durable]) -> Vec<usize> {
        gone.iter().map(|durable| durable.bytes).collect()
    }

    #[test]
    fn what_was_needed_least_recently_is_let_go_first() {
        let of_all = Arc::new(Holdings::new(usize::MAX));
        let mut ledger = Ledger::new(shelf(), Arc::clone(&of_all), 100_000);
        let lists = [durable(30_000), durable(40_001), durable(100), durable(30_001)];
        let first = Arc::clone(&lists[0].items);
        ledger.hold(lists);
        assert_eq!(of_all.held(), 100_002, "one hundred bytes do not count");
        ledger.uses(&first);
        assert_eq!((sizes(&ledger.leaving()), of_all.held()), (vec![40_001, 30_001], 30_000));
        assert!(ledger.leaving().is_empty());
        drop(ledger);
        assert_eq!(of_all.held(), 0);
    }

    #[test]
    fn where_all_together_hold_too_much_whoever_makes_a_step_keeps_nothing() {
        let of_all = Arc::new(Holdings::new(100_000));
        let mut ledgers = [(); 3].map(|()| Ledger::new(shelf(), Arc::clone(&of_all), 90_000));
        for ledger in &mut ledgers {
            ledger.hold([durable(40_000)]);
        }
        assert_eq!(sizes(&ledgers[1].leaving()), [40_000]);
        assert_eq!((sizes(&ledgers[0].leaving()), of_all.held()), (vec![], 80_000), "there is room again");
    }

    #[test]
    fn a_list_that_is_recorded_twice_is_held_once() {
        let of_all = Arc::new(Holdings::new(usize::MAX));
        let mut ledger = Ledger::new(shelf(), Arc::clone(&of_all), 10_000);
        let one = durable(8_000);
        ledger.hold([one.clone(), one]);
        assert_eq!((of_all.held(), ledger.leaving().len()), (8_000, 0));
    }
}
