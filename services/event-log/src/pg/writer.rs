//! Group commit. A writer takes whatever has arrived and commits it at once; what arrives meanwhile is the next batch.
//!
//! # When the connection is lost
//!
//! A commit whose answer does not arrive may have happened or not, and may even still happen: the server may not have
//! noticed yet that nobody listens any more. So a batch carries its writer's id and a number, and `append_events` makes
//! each batch of a writer once: the writer sends *the same batch again* over a new connection until it hears the answer.
//! The locks of the tenants' heads order the two calls, and the one that comes second is rolled back; asked once more, it finds
//! the first one's answers. Hence nothing is ever appended
//! twice, and nobody is told of success before it is known. Only when the database stays away for
//! [`PgLogTuning::follow_up`] are the callers told that the outcome is unknown ([`AppendError::InDoubt`]).
//!
//! Whoever arrives while a lost batch is followed up is told [`AppendError::Unavailable`] at once: it was never sent.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use sqlx::PgConnection;
use tokio::time::Instant;
use uuid::Uuid;
use weft_model::{Position, TenantId};
use weft_scope::{SystemPool, is_unavailable};

use super::Counters;
use super::batch::Batch;
use super::bus::Outbox;
use super::heads::Heads;
use super::line::{Line, Queued, Turn};
use super::settings::PgLogTuning;
use crate::{AppendError, Appended, Committed, LogFault};

/// The first pause between two attempts to reach the database; doubled up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

type Answer = Result<Appended, AppendError>;

pub(super) struct Writer {
    id: Uuid,
    /// The number of the last batch that was begun.
    number: i64,
    system: SystemPool,
    connection: Option<PgConnection>,
    line: Arc<Line>,
    heads: Arc<Heads>,
    outbox: Outbox,
    counters: Arc<Counters>,
    tuning: PgLogTuning,
}

/// How a batch ended that has no answers.
enum Failure {
    /// It was not sent.
    NotSent(weft_scope::Unavailable),
    /// Nobody knows.
    InDoubt,
    /// The server refused the call as a whole.
    Refused(sqlx::Error),
}

impl Writer {
    /// Takes from the line until it is over.
    pub(super) fn start(
        line: &Arc<Line>,
        system: &SystemPool,
        heads: &Arc<Heads>,
        outbox: &Outbox,
        counters: &Arc<Counters>,
        tuning: &PgLogTuning,
    ) {
        let writer = Self {
            id: Uuid::from_u128(rand::random()),
            number: 0,
            system: system.clone(),
            connection: None,
            line: Arc::clone(line),
            heads: heads.clone(),
            outbox: outbox.clone(),
            counters: counters.clone(),
            tuning: tuning.clone(),
        };
        tokio::spawn(writer.run());
    }

    async fn run(mut self) {
        while let Some((batch, turn)) = self.line.take().await {
            self.write(batch, &turn).await;
        }
    }

    /// Commits one batch and answers its callers.
    async fn write(&mut self, batch: Vec<Queued>, turn: &Turn) {
        match self.commit(&batch, turn).await {
            Ok(answers) => self.acknowledge(batch, answers),
            // One append that the database cannot take must not harm its neighbours: each gets a batch of its own.
            Err(Failure::Refused(_)) if batch.len() > 1 => {
                for queued in batch {
                    Box::pin(self.write(vec![queued], turn)).await;
                }
            }
            Err(Failure::Refused(error)) => {
                tracing::error!(error = &error as &dyn std::error::Error, "The database refused an append.");
                answer_all(batch, Some(AppendError::Fault(LogFault::Database(error))));
            }
            Err(Failure::NotSent(error)) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "The database cannot be reached for an append."
                );
                answer_all(batch, Some(AppendError::Unavailable(Some(error))));
            }
            Err(Failure::InDoubt) => answer_all(batch, None),
        }
    }

    async fn commit(&mut self, queued: &[Queued], turn: &Turn) -> Result<Vec<Answer>, Failure> {
        let batch = Batch::new(queued.iter().map(|queued| &queued.prepared).collect());
        self.number += 1;
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.connect().await.map_err(Failure::NotSent)?,
        };
        let deadline = Instant::now() + self.tuning.follow_up;
        let (mut pause, mut again) = (FIRST_PAUSE, false);
        loop {
            match batch.send(&mut connection, (self.id, self.number), again).await {
                Ok(answers) => {
                    self.connection = Some(connection);
                    return Ok(answers);
                }
                Err(error) if is_rolled_back(&error) => {
                    self.connection = Some(connection);
                    return Err(Failure::NotSent(error.into()));
                }
                Err(error) if may_have_committed(&error) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "A commit's answer was lost; following it up."
                    );
                }
                Err(error) => {
                    self.connection = Some(connection);
                    return Err(Failure::Refused(error));
                }
            }
            connection = self.reconnect(turn, deadline, &mut pause).await.ok_or(Failure::InDoubt)?;
            again = true;
        }
    }

    async fn connect(&self) -> Result<PgConnection, weft_scope::Unavailable> {
        Ok(self.system.acquire().await?.detach())
    }

    /// A new connection before the deadline. Whoever arrives meanwhile is turned away.
    async fn reconnect(&self, turn: &Turn, deadline: Instant, pause: &mut Duration) -> Option<PgConnection> {
        while Instant::now() < deadline {
            if let Ok(connection) = self.connect().await {
                return Some(connection);
            }
            for queued in turn.turn_away() {
                let _ = queued.answer.send(Err(AppendError::Unavailable(None)));
            }
            tokio::time::sleep_until(deadline.min(Instant::now() + *pause)).await;
            *pause = (*pause * 2).min(LONGEST_PAUSE);
        }
        None
    }

    /// Tells watchers and other processes first, then the callers.
    fn acknowledge(&self, batch: Vec<Queued>, answers: Vec<Answer>) {
        self.counters.commits.fetch_add(1, Ordering::Relaxed);
        let mut head: Option<Committed> = None;
        for (queued, answer) in batch.iter().zip(&answers) {
            let Ok(appended) = answer else { continue };
            self.counters.appends.fetch_add(1, Ordering::Relaxed);
            self.counters.events.fetch_add(queued.prepared.events.len() as u64, Ordering::Relaxed);
            let committed = Committed { tenant: queued.prepared.tenant, head: appended.last };
            if let Some(previous) = head.filter(|previous| previous.tenant != committed.tenant) {
                self.announce(previous.tenant, previous.head);
            }
            head = Some(committed);
        }
        if let Some(last) = head {
            self.announce(last.tenant, last.head);
        }
        for (queued, answer) in batch.into_iter().zip(answers) {
            // The caller may have gone away; what it asked for is recorded all the same.
            let _ = queued.answer.send(answer);
        }
    }

    fn announce(&self, tenant: TenantId, head: Position) {
        let committed = Committed { tenant, head };
        self.heads.advance(committed);
        self.outbox.post(committed);
    }
}

/// Answers with what went wrong. An error goes to one caller, since it cannot be copied; the others hear the kind of it.
fn answer_all(batch: Vec<Queued>, mut error: Option<AppendError>) {
    let was_sent = error.is_none();
    for queued in batch {
        let other = || if was_sent { AppendError::InDoubt } else { AppendError::Unavailable(None) };
        let _ = queued.answer.send(Err(error.take().unwrap_or_else(other)));
    }
}

/// The server itself said that it lacks disk, memory or connections: it has rolled the call back.
fn is_rolled_back(error: &sqlx::Error) -> bool {
    sqlstate(error).is_some_and(|code| code.starts_with("53"))
}

/// A deadlock or serialisation failure (class 40) is rolled back, and the same batch may be sent again like a lost one.
fn may_have_committed(error: &sqlx::Error) -> bool {
    is_unavailable(error) || sqlstate(error).is_some_and(|code| code.starts_with("40"))
}

fn sqlstate(error: &sqlx::Error) -> Option<std::borrow::Cow<'_, str>> {
    error.as_database_error().and_then(sqlx::error::DatabaseError::code)
}
