//! How much of what their steps gave executions have in memory.
//!
//! What is recorded can be read back, so that it need not stay. An execution lets go of the lists that it needed least recently
//! as soon as it holds more than its share, or all executions of the process together hold more than there is room for: then whoever
//! makes a step makes room. What its next step works on stays: it would be read back at once. What counts are the bytes of JSON
//! in payloads; in memory they are two to three times as many.

use std::cmp::Reverse;
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
    /// How much of that is no list, but a chunk that a loop takes its portions of.
    beside: usize,
    /// By the address of their items; the list itself keeps that from being another one's.
    lists: HashMap<usize, Holding>,
    /// When lists were made or used last that are not durable yet.
    made: HashMap<usize, u64>,
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
        Self { shelf, of_all, most, held: 0, beside: 0, lists: HashMap::new(), made: HashMap::new(), clock: 0 }
    }

    /// What became durable is held from now on, and may be let go.
    pub(crate) fn hold(&mut self, durable: impl IntoIterator<Item = Durable>) {
        for durable in durable {
            self.clock += 1;
            let bytes = durable.bytes;
            let used = self.made.remove(&address(&durable.items)).unwrap_or(self.clock);
            let holding = Holding { durable, used };
            if bytes >= LEAST && self.lists.insert(address(&holding.durable.items), holding).is_none() {
                self.take(bytes);
            }
        }
    }

    /// So many bytes are held beside the lists.
    pub(crate) fn hold_beside(&mut self, bytes: usize) {
        self.release(self.beside);
        self.take(bytes);
        self.beside = bytes;
    }

    /// A step gave these items, which are not durable yet: many may become so at once, a while later.
    pub(crate) fn makes(&mut self, items: &Items) {
        self.clock += 1;
        self.made.insert(address(items), self.clock);
    }

    /// A step works on the items that are there.
    pub(crate) fn uses(&mut self, address: usize) {
        let of_made = self.made.get_mut(&address);
        if let Some(used) = of_made.or_else(|| self.lists.get_mut(&address).map(|holding| &mut holding.used)) {
            self.clock += 1;
            *used = self.clock;
        }
    }

    /// Whether something must be let go.
    pub(crate) fn is_over(&self) -> bool {
        self.held > self.most || self.of_all.is_over()
    }

    /// What must be let go now, so that there is room for what comes next: what stands for it, by where its items are. `needed`
    /// says how soon steps work on lists, as [`Schedule::needed`](super::schedule::Schedule::needed) does.
    pub(crate) fn let_go(&mut self, needed: &HashMap<usize, usize>) -> HashMap<usize, List> {
        let records = Arc::clone(&self.shelf);
        let in_payload = |Durable { items, payload, part, bytes }: Durable| {
            let recorded = RecordedPart { shelf: Arc::clone(&records), payload, part };
            (address(&items), List::Stored(Arc::new(StoredList::in_payload(recorded, items.len(), bytes))))
        };
        self.leaving(needed).into_iter().map(in_payload).collect()
    }

    fn leaving(&mut self, needed: &HashMap<usize, usize>) -> Vec<Durable> {
        if !self.is_over() {
            return Vec::new();
        }
        // Going down to a half of its share, so that not every step has something to do here.
        let aim = if self.held > self.most { self.most / 2 } else { self.held };
        let mut gone = Vec::new();
        for address in self.in_turn(needed) {
            if self.held <= aim && !self.of_all.is_over() {
                break;
            }
            if let Some(Holding { durable, .. }) = self.lists.remove(&address) {
                self.release(durable.bytes);
                gone.push(durable);
            }
        }
        gone
    }

    /// The lists that may go, in the order in which they do: those that no step is ready to work on, the one first that was
    /// needed the longest ago; then those that are worked on later than others.
    fn in_turn(&self, needed: &HashMap<usize, usize>) -> Vec<usize> {
        let mut lists: Vec<(Reverse<usize>, u64, usize)> = self
            .lists
            .iter()
            .map(|(address, list)| (needed.get(address).copied().unwrap_or(usize::MAX), list.used, *address))
            .filter(|(soon, ..)| *soon > 0)
            .map(|(soon, used, address)| (Reverse(soon), used, address))
            .collect();
        lists.sort_unstable();
        lists.into_iter().map(|(.., address)| address).collect()
    }

    fn take(&mut self, bytes: usize) {
        self.held += bytes;
        self.of_all.held.fetch_add(bytes, Ordering::Relaxed);
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
    use tokio_util::sync::CancellationToken;
    use uuid::Uuid;
    use weft_event_log::MemoryLog;
    use weft_model::{PayloadId, TenantId};

    use super::*;
    use crate::clock::SystemClock;

    fn shelf() -> Arc<Shelf> {
        let (log, clock, stop) = (Arc::new(MemoryLog::new()), Arc::new(SystemClock), CancellationToken::new());
        Arc::new(Shelf { log, clock, tenant: TenantId(Uuid::from_u128(1)), stop })
    }

    fn durable(bytes: usize) -> Durable {
        Durable { items: Items::default(), payload: PayloadId(Uuid::from_u128(1)), part: 0, bytes }
    }

    /// No step is ready.
    fn nothing() -> HashMap<usize, usize> {
        HashMap::new()
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
        ledger.uses(address(&first));
        assert_eq!((sizes(&ledger.leaving(&nothing())), of_all.held()), (vec![40_001, 30_001], 30_000));
        assert!(ledger.leaving(&nothing()).is_empty());
        drop(ledger);
        assert_eq!(of_all.held(), 0);
    }

    #[test]
    fn where_all_together_hold_too_much_whoever_makes_a_step_makes_as_much_room_as_it_takes() {
        let of_all = Arc::new(Holdings::new(100_000));
        let mut ledgers = [(); 2].map(|()| Ledger::new(shelf(), Arc::clone(&of_all), 90_000));
        for ledger in &mut ledgers {
            ledger.hold([durable(10_000), durable(20_001), durable(30_002)]);
        }
        assert_eq!((sizes(&ledgers[1].leaving(&nothing())), of_all.held()), (vec![10_000, 20_001], 90_005));
        assert_eq!((sizes(&ledgers[0].leaving(&nothing())), of_all.held()), (vec![], 90_005), "there is room again");
    }

    #[test]
    fn what_steps_are_ready_for_goes_last_and_what_the_next_one_works_on_never() {
        let of_all = Arc::new(Holdings::new(0));
        let mut ledger = Ledger::new(shelf(), Arc::clone(&of_all), usize::MAX);
        let lists = [10_000, 20_000, 30_000, 40_000].map(durable);
        let needed = [(0, 0), (1, 1), (2, 2)].map(|(list, soon): (usize, _)| (address(&lists[list].items), soon));
        ledger.hold(lists);
        let gone = ledger.leaving(&HashMap::from(needed));
        assert_eq!((sizes(&gone), of_all.held()), (vec![40_000, 30_000, 20_000], 10_000));
    }

    #[test]
    fn what_became_durable_late_is_as_old_as_it_is() {
        let mut ledger = Ledger::new(shelf(), Arc::new(Holdings::new(usize::MAX)), 50_000);
        let [early, late, later] = [10_000, 20_000, 30_000].map(durable);
        ledger.hold([early.clone()]);
        for list in [&late, &later] {
            ledger.makes(&list.items);
        }
        ledger.uses(address(&early.items));
        ledger.uses(address(&late.items));
        ledger.hold([late, later]);
        assert_eq!(sizes(&ledger.leaving(&nothing())), [30_000, 10_000]);
        assert!(ledger.made.is_empty());
    }

    #[test]
    fn what_is_held_beside_the_lists_counts() {
        let of_all = Arc::new(Holdings::new(usize::MAX));
        let mut ledger = Ledger::new(shelf(), Arc::clone(&of_all), 25_000);
        ledger.hold([durable(10_000)]);
        for (beside, is_over) in [(20_000, true), (10_000, false), (0, false)] {
            ledger.hold_beside(beside);
            assert_eq!((of_all.held(), ledger.is_over()), (10_000 + beside, is_over));
        }
        ledger.hold_beside(5_000);
        drop(ledger);
        assert_eq!(of_all.held(), 0);
    }

    #[test]
    fn a_list_that_is_recorded_twice_is_held_once() {
        let of_all = Arc::new(Holdings::new(usize::MAX));
        let mut ledger = Ledger::new(shelf(), Arc::clone(&of_all), 10_000);
        let one = durable(8_000);
        ledger.hold([one.clone(), one]);
        assert_eq!((of_all.held(), ledger.leaving(&nothing()).len()), (8_000, 0));
    }
}
