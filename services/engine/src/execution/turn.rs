//! The right to progress now. There are only so many; whoever merely waits gives its own back.
//!
//! Who waits is served by the priority of its workflow, and nobody for ever after others: of turns that all three classes wait
//! for, the high one gets eight while the normal one gets four and the low one gets one. Within a class the first is the first.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;
use weft_model::Priority;

/// The turns of a process.
pub(crate) struct Turns(Mutex<State>);

struct State {
    free: usize,
    classes: [Class; 3],
}

/// Those of one priority that wait.
#[derive(Default)]
struct Class {
    waiting: VecDeque<oneshot::Sender<Held>>,
    /// Grows with every turn that the class gets; the class that has had the least, by its weight, is next.
    pass: u64,
}

/// How much `pass` grows with a turn: the more, the less often.
const STRIDES: [u64; 3] = [1, 2, 8];

/// A turn; given back when dropped.
struct Held(Option<Arc<Turns>>);

impl Turns {
    pub(crate) fn new(count: usize) -> Self {
        Self(Mutex::new(State { free: count, classes: Default::default() }))
    }

    /// Waits for a turn. Whoever stops waiting takes none.
    async fn take(self: &Arc<Self>, priority: Priority) -> Option<Held> {
        let receiver = {
            let mut state = self.state();
            if state.free > 0 {
                state.free -= 1;
                return Some(Held(Some(Arc::clone(self))));
            }
            state.queue(priority)
        };
        // The sender lives as long as the turns, which `self` keeps.
        receiver.await.ok()
    }

    /// Gives a turn to whoever is next. One who went away meanwhile is passed over.
    fn give_on(self: Arc<Self>) {
        loop {
            let next = {
                let mut state = self.state();
                let next = state.next();
                state.free += usize::from(next.is_none());
                next
            };
            let Some(next) = next else { return };
            match next.send(Held(Some(Arc::clone(&self)))) {
                Ok(()) => return,
                // It comes back unused: the loop still has it to give.
                Err(mut unused) => drop(unused.0.take()),
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn queue(&mut self, priority: Priority) -> oneshot::Receiver<Held> {
        // A class that nobody waited in has saved nothing up.
        let least = self.classes.iter().filter(|class| !class.waiting.is_empty()).map(|class| class.pass).min();
        let class = &mut self.classes[priority as usize];
        if class.waiting.is_empty() {
            class.pass = class.pass.max(least.unwrap_or_default());
        }
        let (sender, receiver) = oneshot::channel();
        class.waiting.push_back(sender);
        receiver
    }

    fn next(&mut self) -> Option<oneshot::Sender<Held>> {
        let waiting = self.classes.iter_mut().zip(STRIDES).filter(|(class, _)| !class.waiting.is_empty());
        let (class, stride) = waiting.min_by_key(|(class, _)| class.pass)?;
        class.pass += stride;
        class.waiting.pop_front()
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(turns) = self.0.take() {
            turns.give_on();
        }
    }
}

/// An execution's turn; the default one may always progress.
#[derive(Default)]
pub(crate) struct Turn {
    turns: Option<Arc<Turns>>,
    priority: Priority,
    held: Option<Held>,
}

impl Turn {
    /// One of `turns`, not taken yet.
    pub(crate) fn of(turns: Arc<Turns>, priority: Priority) -> Self {
        Self { turns: Some(turns), priority, held: None }
    }

    /// Waits until it is this one's turn.
    pub(crate) async fn take(&mut self) {
        if let (Some(turns), None) = (&self.turns, &self.held) {
            self.held = turns.take(self.priority).await;
        }
    }

    /// Somebody else may progress.
    pub(crate) fn give_back(&mut self) {
        self.held = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Priority; 3] = [Priority::High, Priority::Normal, Priority::Low];

    /// In which order those who wait get the only turn, each giving it back at once.
    async fn order(waiting: &[Priority]) -> Vec<Priority> {
        let turns = Arc::new(Turns::new(1));
        let first = turns.take(Priority::Normal).await;
        let served = Arc::new(Mutex::new(Vec::new()));
        let tasks: Vec<_> = waiting
            .iter()
            .map(|priority| {
                let (turns, served, priority) = (Arc::clone(&turns), Arc::clone(&served), *priority);
                tokio::spawn(async move {
                    let held = turns.take(priority).await;
                    served.lock().unwrap().push(priority);
                    drop(held);
                })
            })
            .collect();
        tokio::task::yield_now().await;
        drop(first);
        for task in tasks {
            task.await.unwrap();
        }
        let served = served.lock().unwrap().clone();
        assert_eq!(turns.state().free, 1);
        served
    }

    #[tokio::test]
    async fn the_higher_come_first_and_the_low_ones_are_not_left_for_the_end() {
        let many: Vec<Priority> = [Priority::Low, Priority::Normal, Priority::High].repeat(40);
        let served = order(&many).await;
        assert_eq!(served.len(), 120);
        let share = |part: &[Priority]| ALL.map(|wanted| part.iter().filter(|one| **one == wanted).count());
        let [high, normal, low] = share(&served[..39]);
        assert!(high > normal && normal > low && low >= 2, "{high} {normal} {low}");
        // None waits behind all of a higher class.
        assert!(served[..16].contains(&Priority::Low));
    }

    #[tokio::test]
    async fn of_one_class_the_first_is_the_first() {
        assert_eq!(order(&[Priority::Low, Priority::High, Priority::Low]).await[0], Priority::High);
        assert_eq!(order(&[]).await, []);
    }

    #[tokio::test]
    async fn a_class_saves_nothing_up_while_nobody_waits_in_it() {
        let turns = Arc::new(Turns::new(1));
        let mut held = turns.take(Priority::High).await;
        // The high class gets a hundred turns one after the other.
        for _ in 0..100 {
            let next = turns.take(Priority::High);
            tokio::pin!(next);
            assert!(futures_util::poll!(&mut next).is_pending());
            drop(held.take());
            held = next.await;
        }
        let (low, high) = (turns.take(Priority::Low), turns.take(Priority::High));
        tokio::pin!(low, high);
        assert!(futures_util::poll!(&mut low).is_pending() && futures_util::poll!(&mut high).is_pending());
        drop(held);
        // Both begin level; what was had before is not held against anybody for ever.
        let is_low = futures_util::poll!(&mut low).is_ready();
        assert!(is_low || futures_util::poll!(&mut high).is_ready());
    }

    #[tokio::test]
    async fn whoever_stops_waiting_takes_no_turn_along() {
        let turns = Arc::new(Turns::new(1));
        let held = turns.take(Priority::High).await;
        let mut gone = Box::pin(turns.take(Priority::High));
        assert!(futures_util::poll!(&mut gone).is_pending());
        let mut told = Box::pin(turns.take(Priority::High));
        assert!(futures_util::poll!(&mut told).is_pending());
        drop(gone);
        drop(held);
        // The turn was given to one who never looked: it goes on to the next.
        drop(told);
        assert_eq!(turns.state().free, 1);
        assert!(futures_util::poll!(Box::pin(turns.take(Priority::Low))).is_ready());
    }
}
