//! What waits to be appended, and whose turn it is.
//!
//! A tenant is in one batch at a time: its appends would only wait for each other's locks. Any writer takes any tenant that waits,
//! and as many of them as it takes for every idle writer to have its share. So a few tenants under load are spread over the
//! writers, many tenants go into few large commits, and nobody waits for one writer while another is idle.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, oneshot};
use weft_model::TenantId;

use super::prepare::Prepared;
use crate::{AppendError, Appended};

/// The most bytes in one batch, roughly; a single larger append makes a batch of its own.
const BATCH_BYTES: usize = 16 * 1024 * 1024;

/// An append that waits for its batch.
pub(super) struct Queued {
    pub(super) prepared: Prepared,
    pub(super) answer: oneshot::Sender<Result<Appended, AppendError>>,
}

/// The line before the writers.
pub(super) struct Line {
    state: Mutex<State>,
    changed: Notify,
    /// The most appends that wait.
    limit: usize,
    /// The most appends in one batch.
    most: usize,
}

struct State {
    tenants: HashMap<TenantId, Tenant>,
    /// Tenants that wait and that no writer is at; the one that has waited for longest is first.
    ready: VecDeque<TenantId>,
    /// How many appends wait.
    waiting: usize,
    /// How many writers there are, and how many of them are at no batch.
    writers: usize,
    idle: usize,
    is_closed: bool,
}

#[derive(Default)]
struct Tenant {
    waiting: VecDeque<Queued>,
    place: Place,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// In the line.
    #[default]
    Ready,
    /// A writer is at a batch of it; what arrives waits for the next one.
    AtWork,
    /// The answer to its batch is lost and is followed up; what arrives is turned away.
    Lost,
}

/// A writer's claim on the tenants of its batch; given up when it is dropped.
pub(super) struct Claim {
    line: Arc<Line>,
    tenants: Vec<TenantId>,
}

/// The way in. The writers end when it is gone and nobody waits any more.
pub(super) struct Entrance(Arc<Line>);

impl Line {
    /// A line before so many writers, in which at most `limit` appends wait (a quarter of that of one tenant) and of which a
    /// batch takes at most `most`.
    pub(super) fn new(writers: usize, limit: usize, most: usize) -> Arc<Self> {
        let state = State {
            tenants: HashMap::new(),
            ready: VecDeque::new(),
            waiting: 0,
            writers,
            idle: writers,
            is_closed: false,
        };
        Arc::new(Self { state: Mutex::new(state), changed: Notify::new(), limit: limit.max(1), most: most.max(1) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The appends of the next commit in the order of their tenants, as soon as there are any; nothing once the entrance is gone
    /// and all are taken.
    pub(super) async fn take(self: &Arc<Self>) -> Option<(Vec<Queued>, Claim)> {
        loop {
            if let Some(taken) = self.try_take() {
                return taken;
            }
            self.changed.notified().await;
        }
    }

    /// Nothing while there is nothing to take now; nothing in it when there never will be.
    #[expect(clippy::option_option, reason = "not yet, and never again, are two things")]
    fn try_take(self: &Arc<Self>) -> Option<Option<(Vec<Queued>, Claim)>> {
        let mut state = self.state();
        let Filling { mut appends, abandoned, tenants, .. } = state.take(self.most);
        let is_over = state.is_closed && state.waiting == 0;
        let wakes_another = if tenants.is_empty() { is_over } else { !state.ready.is_empty() };
        drop(state);
        drop(abandoned);
        if wakes_another {
            self.changed.notify_one();
        }
        if tenants.is_empty() {
            return is_over.then_some(None);
        }
        // As `append_events` wants them; the sort is stable, so each caller keeps its place.
        appends.sort_by_key(|queued| queued.prepared.tenant);
        Some(Some((appends, Claim { line: Arc::clone(self), tenants })))
    }

    /// A writer ends. After the last one nobody is let in any more, and who still waits was never sent.
    pub(super) fn writer_ends(&self) {
        let mut state = self.state();
        state.writers -= 1;
        state.idle = state.idle.saturating_sub(1);
        if state.writers > 0 {
            return;
        }
        state.is_closed = true;
        state.waiting = 0;
        let left: Vec<_> = state.tenants.drain().flat_map(|(_, tenant)| tenant.waiting).collect();
        state.ready.clear();
        drop(state);
        for queued in left {
            let _ = queued.answer.send(Err(AppendError::Unavailable(None)));
        }
    }
}

impl Claim {
    /// Nobody knows what became of the batch: who waits behind it is given back to be told so, and until the claim is given up
    /// nobody else is let in.
    pub(super) fn turn_away(&self) -> Vec<Queued> {
        let mut state = self.line.state();
        let mut turned_away = Vec::new();
        for tenant in &self.tenants {
            if let Some(tenant) = state.tenants.get_mut(tenant) {
                tenant.place = Place::Lost;
                turned_away.extend(tenant.waiting.drain(..));
            }
        }
        state.waiting -= turned_away.len();
        turned_away
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut state = self.line.state();
        state.idle += 1;
        for tenant in &self.tenants {
            state.leave(*tenant);
        }
        drop(state);
        self.line.changed.notify_one();
    }
}

impl State {
    fn take(&mut self, most: usize) -> Filling {
        let share = self.ready.len().div_ceil(self.idle.max(1));
        let mut filling = Filling { most, ..Filling::default() };
        while filling.tenants.len() < share
            && let Some(id) = self.ready.pop_front()
            && let Some(tenant) = self.tenants.get_mut(&id)
        {
            let (waited, held) = (tenant.waiting.len(), filling.appends.len());
            filling.fill(&mut tenant.waiting);
            self.waiting -= waited - tenant.waiting.len();
            if filling.appends.len() > held {
                tenant.place = Place::AtWork;
                filling.tenants.push(id);
            } else if tenant.waiting.is_empty() {
                self.tenants.remove(&id);
            } else {
                // The batch is full.
                self.ready.push_front(id);
                break;
            }
        }
        if !filling.tenants.is_empty() {
            self.idle = self.idle.saturating_sub(1);
        }
        filling
    }

    /// No writer is at the tenant any longer.
    fn leave(&mut self, id: TenantId) {
        let Some(tenant) = self.tenants.get_mut(&id) else { return };
        if tenant.waiting.is_empty() {
            self.tenants.remove(&id);
        } else {
            tenant.place = Place::Ready;
            self.ready.push_back(id);
        }
    }
}

/// A batch that is being put together.
#[derive(Default)]
struct Filling {
    appends: Vec<Queued>,
    /// Appends whose callers have gone away before they were sent, and do not want them any more.
    abandoned: Vec<Queued>,
    tenants: Vec<TenantId>,
    bytes: usize,
    /// The most appends.
    most: usize,
}

impl Filling {
    /// Takes from the front of a tenant's appends as long as there is room.
    fn fill(&mut self, waiting: &mut VecDeque<Queued>) {
        while let Some(next) = waiting.pop_front() {
            if next.answer.is_closed() {
                self.abandoned.push(next);
                continue;
            }
            let size = next.prepared.size();
            let has_room = self.appends.len() < self.most && self.bytes + size <= BATCH_BYTES;
            if !has_room && !self.appends.is_empty() {
                waiting.push_front(next);
                return;
            }
            self.bytes += size;
            self.appends.push(next);
        }
    }
}

impl Entrance {
    /// The way into this line.
    pub(super) fn of(line: Arc<Line>) -> Self {
        Self(line)
    }

    /// Gets in line.
    ///
    /// # Errors
    ///
    /// [`AppendError::Overloaded`] when the line is full, or the tenant's quarter of it; [`AppendError::Unavailable`] while an answer
    /// to the tenant's last batch is lost, or when no writer is left.
    pub(super) fn enter(&self, queued: Queued) -> Result<(), AppendError> {
        let mut state = self.0.state();
        if state.is_closed {
            return Err(AppendError::Unavailable(None));
        }
        if state.waiting >= self.0.limit {
            return Err(AppendError::Overloaded);
        }
        let id = queued.prepared.tenant;
        let tenant = state.tenants.entry(id).or_default();
        if tenant.place == Place::Lost {
            return Err(AppendError::Unavailable(None));
        }
        // Whoever is held up has no right to everybody's place.
        if tenant.waiting.len() >= self.0.limit.div_ceil(4) {
            return Err(AppendError::Overloaded);
        }
        let becomes_ready = tenant.place == Place::Ready && tenant.waiting.is_empty();
        tenant.waiting.push_back(queued);
        state.waiting += 1;
        if becomes_ready {
            state.ready.push_back(id);
        }
        drop(state);
        if becomes_ready {
            self.0.changed.notify_one();
        }
        Ok(())
    }
}

impl Drop for Entrance {
    fn drop(&mut self) {
        self.0.state().is_closed = true;
        self.0.changed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;
    use weft_model::{Actor, CorrelationId, StreamId};

    use super::super::prepare::PreparedEvent;
    use super::*;
    use crate::Expected;

    type Answered = oneshot::Receiver<Result<Appended, AppendError>>;

    const SMALL: usize = 100;

    fn tenant(number: u128) -> TenantId {
        TenantId(Uuid::from_u128(number))
    }

    fn enter(entrance: &Entrance, number: u128, bytes: usize) -> Result<Answered, AppendError> {
        let event = PreparedEvent {
            wire_type: "test",
            wire_version: 1,
            body: vec![0; bytes],
            uses_payload: false,
            link_type: Vec::new(),
            link_end: Vec::new(),
        };
        let prepared = Prepared {
            tenant: tenant(number),
            stream: StreamId(Uuid::nil()),
            expected: Expected::Any,
            actor: Actor::System,
            correlation: CorrelationId(Uuid::nil()),
            causation: None,
            key: 1,
            events: vec![event],
            payload: None,
            companions: Vec::new(),
        };
        let (answer, answered) = oneshot::channel();
        entrance.enter(Queued { prepared, answer }).map(|()| answered)
    }

    /// Lets an append of each of these tenants in; as long as the answers are held, they are wanted.
    fn fill(entrance: &Entrance, tenants: &[u128]) -> Vec<Answered> {
        tenants.iter().map(|number| enter(entrance, *number, SMALL).unwrap()).collect()
    }

    fn take(line: &Arc<Line>) -> Option<(Vec<u128>, Claim)> {
        let (appends, claim) = line.try_take()??;
        Some((appends.iter().map(|queued| queued.prepared.tenant.0.as_u128()).collect(), claim))
    }

    fn line(writers: usize) -> (Arc<Line>, Entrance) {
        let line = Line::new(writers, 100, 10);
        (Arc::clone(&line), Entrance::of(line))
    }

    #[test]
    fn a_tenant_is_in_one_batch_at_a_time_and_what_arrives_meanwhile_is_the_next() {
        let (line, entrance) = line(2);
        let _first = fill(&entrance, &[1, 1]);
        let (batch, claim) = take(&line).unwrap();
        assert_eq!(batch, [1, 1]);
        let _second = fill(&entrance, &[1, 1, 1]);
        assert!(take(&line).is_none());
        drop(claim);
        assert_eq!(take(&line).unwrap().0, [1, 1, 1]);
        assert!(take(&line).is_none());
    }

    #[test]
    fn idle_writers_share_the_tenants_and_the_last_one_takes_the_rest() {
        let (line, entrance) = line(2);
        let _first = fill(&entrance, &[4, 3, 2, 1, 4]);
        let (batch, one) = take(&line).unwrap();
        assert_eq!(batch, [3, 4, 4], "half of the tenants, in order");
        let _second = fill(&entrance, &[5, 6, 3]);
        let (batch, other) = take(&line).unwrap();
        assert_eq!(batch, [1, 2, 5, 6]);
        drop((one, other));
        assert_eq!(take(&line).unwrap().0, [3]);
    }

    #[test]
    fn a_batch_is_bounded_in_appends_and_in_bytes() {
        let (line, entrance) = line(1);
        let _many = fill(&entrance, &[1; 12]);
        assert_eq!(take(&line).unwrap().0.len(), 10);
        assert_eq!(take(&line).unwrap().0.len(), 2);
        let sizes = [BATCH_BYTES + 1, BATCH_BYTES / 2, BATCH_BYTES / 4, BATCH_BYTES / 2];
        let _large: Vec<_> = sizes.iter().map(|bytes| enter(&entrance, 1, *bytes).unwrap()).collect();
        let lengths: Vec<_> = std::iter::from_fn(|| take(&line)).map(|(batch, _)| batch.len()).collect();
        assert_eq!(lengths, [1, 2, 1]);
    }

    #[test]
    fn a_full_line_turns_away_and_a_caller_that_left_takes_no_part() {
        let line = Line::new(1, 4, 10);
        let entrance = Entrance::of(Arc::clone(&line));
        let gone = fill(&entrance, &[1]);
        assert!(matches!(enter(&entrance, 1, SMALL), Err(AppendError::Overloaded)), "a quarter is taken");
        let _stay = fill(&entrance, &[2, 3, 4]);
        assert!(matches!(enter(&entrance, 5, SMALL), Err(AppendError::Overloaded)), "everything is taken");
        drop(gone);
        assert_eq!(take(&line).unwrap().0, [2, 3, 4]);
        let _again = fill(&entrance, &[1]);
        assert_eq!(take(&line).unwrap().0, [1]);
    }

    #[test]
    fn a_full_batch_leaves_the_next_tenant_first_in_line() {
        let (line, entrance) = line(1);
        let _first = fill(&entrance, &[1; 10]);
        let _second = fill(&entrance, &[2, 3, 1]);
        let (batch, claim) = take(&line).unwrap();
        assert_eq!(batch, [1; 10]);
        assert_eq!(take(&line).unwrap().0, [2, 3]);
        drop(claim);
        assert_eq!(take(&line).unwrap().0, [1]);
    }

    #[tokio::test]
    async fn a_sleeping_writer_is_woken_by_an_append_and_by_a_claim_that_is_given_up() {
        let (line, entrance) = line(2);
        let sleeper = |line: &Arc<Line>| {
            let line = Arc::clone(line);
            tokio::spawn(async move { line.take().await.map(|(batch, _)| batch.len()) })
        };
        let writer = sleeper(&line);
        tokio::task::yield_now().await;
        let _first = fill(&entrance, &[1]);
        assert_eq!(writer.await.unwrap(), Some(1));

        let _second = fill(&entrance, &[1]);
        let (_, claim) = take(&line).unwrap();
        let writer = sleeper(&line);
        let _third = fill(&entrance, &[1, 1]);
        tokio::task::yield_now().await;
        assert!(!writer.is_finished());
        drop(claim);
        assert_eq!(writer.await.unwrap(), Some(2));
    }

    #[tokio::test]
    async fn after_the_last_writer_nobody_waits_for_ever() {
        let (line, entrance) = line(2);
        let waiting = fill(&entrance, &[1, 2]);
        line.writer_ends();
        let later = enter(&entrance, 3, SMALL).unwrap();
        line.writer_ends();
        assert!(matches!(enter(&entrance, 3, SMALL), Err(AppendError::Unavailable(_))));
        for answer in waiting.into_iter().chain([later]) {
            assert!(matches!(answer.await, Ok(Err(AppendError::Unavailable(_)))));
        }
    }

    #[test]
    fn while_an_answer_is_lost_the_tenant_is_turned_away_and_the_others_are_not() {
        let (line, entrance) = line(2);
        let _first = fill(&entrance, &[1]);
        let (_, claim) = take(&line).unwrap();
        let _behind = fill(&entrance, &[1, 1, 2]);
        assert_eq!(claim.turn_away().len(), 2);
        assert!(matches!(enter(&entrance, 1, SMALL), Err(AppendError::Unavailable(_))));
        assert_eq!(take(&line).unwrap().0, [2]);
        drop(claim);
        let _again = fill(&entrance, &[1]);
        assert_eq!(take(&line).unwrap().0, [1]);
    }

    #[tokio::test]
    async fn when_the_entrance_is_gone_the_rest_is_written_and_every_writer_ends() {
        let (line, entrance) = line(3);
        let _waiting = fill(&entrance, &[1, 2, 3, 1]);
        let writers = [(); 3].map(|()| {
            let line = Arc::clone(&line);
            tokio::spawn(async move {
                let mut written = 0;
                while let Some((batch, _claim)) = line.take().await {
                    written += batch.len();
                    tokio::task::yield_now().await;
                }
                written
            })
        });
        drop(entrance);
        let mut written = 0;
        for writer in writers {
            written += writer.await.unwrap();
        }
        assert_eq!(written, 4);
    }
}
