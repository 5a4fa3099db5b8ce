//! The right to progress now. There are only so many; whoever merely waits gives its own back.
//!
//! Who waits is served by the priority of its workflow, and nobody for ever after others: of turns that all three classes wait
//! for, the high one gets eight while the normal one gets four and the low one gets one. Within a class the first is the first.
//!
//! Tenants take turns, too: within a class the tenants that wait are served one after the other, and each one's executions in their
//! order. And none holds all turns: an eighth of them is for the others, so that one whose executions take long keeps nobody waiting.
//! Fewer than eight are not divided.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;
use weft_model::{Priority, TenantId};

/// The turns of a process.
pub(crate) struct Turns(Mutex<State>);

struct State {
    free: usize,
    /// The most turns that one tenant holds.
    most: usize,
    held: HashMap<TenantId, usize>,
    classes: [Class; 3],
}

/// Those of one priority that wait.
#[derive(Default)]
struct Class {
    /// Of each tenant that waits, its executions in their order; the tenant that was served longest ago is first.
    lines: VecDeque<(TenantId, VecDeque<oneshot::Sender<Held>>)>,
    /// Grows with every turn that the class gets; the class that has had the least, by its weight, is next.
    pass: u64,
}

/// How much `pass` grows with a turn: the more, the less often.
const STRIDES: [u64; 3] = [1, 2, 8];

/// How many of so many places one tenant may take. The last one of a few is nobody's privilege.
pub(crate) fn most_of_one(places: usize) -> usize {
    places - places / 8
}

/// A tenant's turn; given back when dropped.
struct Held {
    turns: Option<Arc<Turns>>,
    tenant: TenantId,
}

impl Turns {
    pub(crate) fn new(count: usize) -> Self {
        let (most, held, classes) = (most_of_one(count), HashMap::new(), Default::default());
        Self(Mutex::new(State { free: count, most, held, classes }))
    }

    /// Waits for a turn. Whoever stops waiting takes none.
    async fn take(self: &Arc<Self>, tenant: TenantId, priority: Priority) -> Option<Held> {
        let receiver = {
            let mut state = self.state();
            // Where turns are free, everybody who waits holds as many as one may.
            if state.free > 0 && state.may_hold(tenant) {
                state.free -= 1;
                state.hold(tenant);
                return Some(Held { turns: Some(Arc::clone(self)), tenant });
            }
            state.queue(tenant, priority)
        };
        // The sender lives as long as the turns, which `self` keeps.
        receiver.await.ok()
    }

    /// Gives a turn that `tenant` held to whoever is next. One who went away meanwhile is passed over.
    fn give_on(self: Arc<Self>, mut tenant: TenantId) {
        loop {
            let next = {
                let mut state = self.state();
                state.let_go(tenant);
                let next = state.next();
                match &next {
                    Some((tenant, _)) => state.hold(*tenant),
                    None => state.free += 1,
                }
                next
            };
            let Some((served, next)) = next else { return };
            match next.send(Held { turns: Some(Arc::clone(&self)), tenant: served }) {
                Ok(()) => return,
                // It comes back unused: the loop still has it to give.
                Err(mut unused) => drop(unused.turns.take()),
            }
            tenant = served;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn may_hold(&self, tenant: TenantId) -> bool {
        self.held.get(&tenant).is_none_or(|held| *held < self.most)
    }

    fn hold(&mut self, tenant: TenantId) {
        *self.held.entry(tenant).or_default() += 1;
    }

    fn let_go(&mut self, tenant: TenantId) {
        if let Some(held) = self.held.get_mut(&tenant) {
            *held -= 1;
            if *held == 0 {
                self.held.remove(&tenant);
            }
        }
    }

    fn queue(&mut self, tenant: TenantId, priority: Priority) -> oneshot::Receiver<Held> {
        // A class that nobody waited in has saved nothing up.
        let least = self.classes.iter().filter(|class| !class.lines.is_empty()).map(|class| class.pass).min();
        let class = &mut self.classes[priority as usize];
        if class.lines.is_empty() {
            class.pass = class.pass.max(least.unwrap_or_default());
        }
        let (sender, receiver) = oneshot::channel();
        match class.lines.iter_mut().find(|(waiting, _)| *waiting == tenant) {
            Some((_, line)) => line.push_back(sender),
            None => class.lines.push_back((tenant, VecDeque::from([sender]))),
        }
        receiver
    }

    /// Whoever is next, and whose it is: of the class that has had the least, the tenant that may hold one more and was served
    /// longest ago.
    fn next(&mut self) -> Option<(TenantId, oneshot::Sender<Held>)> {
        let (held, most) = (&self.held, self.most);
        let may_hold = |tenant: &TenantId| held.get(tenant).is_none_or(|held| *held < most);
        let waiting = self.classes.iter_mut().zip(STRIDES).filter_map(|(class, stride)| {
            let place = class.lines.iter().position(|(tenant, _)| may_hold(tenant))?;
            Some((class, stride, place))
        });
        let (class, stride, place) = waiting.min_by_key(|(class, _, _)| class.pass)?;
        class.pass += stride;
        let (tenant, mut line) = class.lines.remove(place)?;
        let next = line.pop_front()?;
        if !line.is_empty() {
            class.lines.push_back((tenant, line));
        }
        Some((tenant, next))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(turns) = self.turns.take() {
            turns.give_on(self.tenant);
        }
    }
}

/// An execution's turn; the default one may always progress.
#[derive(Default)]
pub(crate) struct Turn {
    turns: Option<(Arc<Turns>, TenantId)>,
    priority: Priority,
    held: Option<Held>,
}

impl Turn {
    /// One of `turns`, not taken yet.
    pub(crate) fn of(turns: Arc<Turns>, tenant: TenantId, priority: Priority) -> Self {
        Self { turns: Some((turns, tenant)), priority, held: None }
    }

    /// Waits until it is this one's turn.
    pub(crate) async fn take(&mut self) {
        if let (Some((turns, tenant)), None) = (&self.turns, &self.held) {
            self.held = turns.take(*tenant, self.priority).await;
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

    const ONE: TenantId = TenantId(uuid::Uuid::from_u128(1));
    const OTHER: TenantId = TenantId(uuid::Uuid::from_u128(2));
    const ALL: [Priority; 3] = [Priority::High, Priority::Normal, Priority::Low];

    /// In which order those who wait get the only turn, each giving it back at once.
    async fn order(waiting: &[Priority]) -> Vec<Priority> {
        let turns = Arc::new(Turns::new(1));
        let first = turns.take(ONE, Priority::Normal).await;
        let served = Arc::new(Mutex::new(Vec::new()));
        let tasks: Vec<_> = waiting
            .iter()
            .map(|priority| {
                let (turns, served, priority) = (Arc::clone(&turns), Arc::clone(&served), *priority);
                tokio::spawn(async move {
                    let held = turns.take(ONE, priority).await;
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
        let mut held = turns.take(ONE, Priority::High).await;
        // The high class gets a hundred turns one after the other.
        for _ in 0..100 {
            let next = turns.take(ONE, Priority::High);
            tokio::pin!(next);
            assert!(futures_util::poll!(&mut next).is_pending());
            drop(held.take());
            held = next.await;
        }
        let (low, high) = (turns.take(ONE, Priority::Low), turns.take(ONE, Priority::High));
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
        let held = turns.take(ONE, Priority::High).await;
        let mut gone = Box::pin(turns.take(ONE, Priority::High));
        assert!(futures_util::poll!(&mut gone).is_pending());
        let mut told = Box::pin(turns.take(ONE, Priority::High));
        assert!(futures_util::poll!(&mut told).is_pending());
        drop(gone);
        drop(held);
        // The turn was given to one who never looked: it goes on to the next.
        drop(told);
        assert_eq!(turns.state().free, 1);
        assert!(futures_util::poll!(Box::pin(turns.take(ONE, Priority::Low))).is_ready());
    }

    #[tokio::test]
    async fn tenants_that_wait_are_served_one_after_the_other() {
        let turns = Arc::new(Turns::new(1));
        let first = turns.take(ONE, Priority::Normal).await;
        let served = Arc::new(Mutex::new(Vec::new()));
        let many = [ONE; 50].into_iter().chain([OTHER; 3]);
        let tasks: Vec<_> = many
            .map(|tenant| {
                let (turns, served) = (Arc::clone(&turns), Arc::clone(&served));
                tokio::spawn(async move {
                    let held = turns.take(tenant, Priority::Normal).await;
                    served.lock().unwrap().push(tenant);
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
        assert_eq!(served[..6].iter().filter(|tenant| **tenant == OTHER).count(), 3, "{:?}", &served[..8]);
        let state = turns.state();
        assert_eq!((state.free, state.held.len(), served.len()), (1, 0, 53));
    }

    #[tokio::test]
    async fn no_tenant_holds_all_turns() {
        let turns = Arc::new(Turns::new(8));
        let mut own = Vec::new();
        for _ in 0..7 {
            own.push(turns.take(ONE, Priority::High).await);
        }
        let mut eighth = Box::pin(turns.take(ONE, Priority::High));
        assert!(futures_util::poll!(&mut eighth).is_pending(), "one is for the others");
        let theirs = turns.take(OTHER, Priority::Low).await;
        let mut more = Box::pin(turns.take(OTHER, Priority::Low));
        assert!(futures_util::poll!(&mut more).is_pending(), "all are taken");
        // What the other tenant gives back is for itself, since the first one has its share.
        drop(theirs);
        assert!(futures_util::poll!(&mut more).is_ready());
        assert!(futures_util::poll!(&mut eighth).is_pending());
        own.pop();
        assert!(futures_util::poll!(&mut eighth).is_ready());
    }
}
