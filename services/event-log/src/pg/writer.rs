//! Group commit. A writer takes whatever has arrived and commits it at once; what arrives meanwhile is the next batch.
//!
//! # When the connection is lost
//!
//! A commit whose answer does not arrive may have happened or not, and may even still happen: the server may not have
//! noticed yet that nobody listens any more. So a batch carries its writer's id and a number, and `append_events` makes
//! each batch of a writer once: the writer sends *the same batch again* over a new connection until it hears the answer.
//! The locks of the tenants' heads order the two calls: the one that gets them second finds the answers of the first, or is rolled
//! back when it is the one that was thought lost. Hence nothing is ever appended twice, and nobody is told of success before it is
//! known. Only when the database stays away for [`PgLogTuning::follow_up`] are the callers told that the outcome is unknown
//! ([`AppendError::InDoubt`]).
//!
//! While a lost batch is followed up and the database cannot be reached, whoever arrives for its tenants is told
//! [`AppendError::Unavailable`]: it was never sent.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use sqlx::PgConnection;
use tokio::time::Instant;
use uuid::Uuid;
use weft_model::{Position, TenantId};
use weft_scope::{SystemPool, is_unavailable};

use super::Counters;
use super::batch::{Batch, Sending};
use super::bus::Outbox;
use super::heads::Heads;
use super::line::{Claim, Line, Queued};
use super::settings::PgLogTuning;
use crate::{AppendError, Appended, Committed, LogFault};

/// The first pause between two attempts to reach the database; doubled up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

type Answer = Result<Appended, AppendError>;

/// What every writer works with.
#[derive(Clone)]
pub(super) struct WriterParts {
    pub(super) line: Arc<Line>,
    pub(super) system: SystemPool,
    pub(super) heads: Arc<Heads>,
    pub(super) outbox: Outbox,
    pub(super) counters: Arc<Counters>,
    pub(super) tuning: PgLogTuning,
}

pub(super) struct Writer {
    id: Uuid,
    /// The number of the last batch that was begun.
    number: i64,
    connection: Option<PgConnection>,
    parts: WriterParts,
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.parts.line.writer_ends();
    }
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
    pub(super) fn start(parts: &WriterParts) {
        let writer = Self { id: Uuid::from_u128(rand::random()), number: 0, connection: None, parts: parts.clone() };
        tokio::spawn(writer.run());
    }

    async fn run(mut self) {
        while let Some((batch, claim)) = self.parts.line.take().await {
            self.write(batch, &claim).await;
        }
    }

    /// Commits one batch and answers its callers.
    async fn write(&mut self, batch: Vec<Queued>, claim: &Claim) {
        match self.commit(&batch, claim).await {
            Ok(answers) => self.acknowledge(batch, answers),
            // One append that the database cannot take must not harm its neighbours: each gets a batch of its own.
            Err(Failure::Refused(_)) if batch.len() > 1 => {
                for queued in batch {
                    Box::pin(self.write(vec![queued], claim)).await;
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

    async fn commit(&mut self, queued: &[Queued], claim: &Claim) -> Result<Vec<Answer>, Failure> {
        let batch = Batch::new(queued.iter().map(|queued| &queued.prepared).collect());
        self.number += 1;
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.connect().await.map_err(Failure::NotSent)?,
        };
        let deadline = Instant::now() + self.parts.tuning.follow_up;
        let (mut pause, mut sending) = (FIRST_PAUSE, Sending::First);
        loop {
            match batch.send(&mut connection, (self.id, self.number), sending).await {
                Ok(answers) => {
                    self.connection = Some(connection);
                    return Ok(answers);
                }
                // What a later call meets says nothing of the first one, which is what the callers want to know of.
                Err(error) if sending == Sending::Again => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "A lost answer cannot be had yet.");
                    rest(deadline, &mut pause).await;
                }
                Err(error) if may_have_committed(&error) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "A commit's answer was lost; following it up."
                    );
                }
                Err(error) => {
                    self.connection = Some(connection);
                    let was_undone = is_rolled_back(&error);
                    return Err(if was_undone { Failure::NotSent(error.into()) } else { Failure::Refused(error) });
                }
            }
            connection = self.reconnect(claim, deadline, &mut pause).await.ok_or(Failure::InDoubt)?;
            sending = Sending::Again;
        }
    }

    async fn connect(&self) -> Result<PgConnection, weft_scope::Unavailable> {
        Ok(self.parts.system.acquire().await?.detach())
    }

    /// A new connection before the deadline. Whoever arrives meanwhile is turned away.
    async fn reconnect(&self, claim: &Claim, deadline: Instant, pause: &mut Duration) -> Option<PgConnection> {
        while Instant::now() < deadline {
            if let Ok(connection) = self.connect().await {
                return Some(connection);
            }
            for queued in claim.turn_away() {
                let _ = queued.answer.send(Err(AppendError::Unavailable(None)));
            }
            rest(deadline, pause).await;
        }
        None
    }

    /// Tells watchers and other processes first, then the callers.
    fn acknowledge(&self, batch: Vec<Queued>, answers: Vec<Answer>) {
        self.parts.counters.commits.fetch_add(1, Ordering::Relaxed);
        let mut head: Option<Committed> = None;
        for (queued, answer) in batch.iter().zip(&answers) {
            let Ok(appended) = answer else { continue };
            self.parts.counters.appends.fetch_add(1, Ordering::Relaxed);
            self.parts.counters.events.fetch_add(queued.prepared.events.len() as u64, Ordering::Relaxed);
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
        self.parts.heads.advance(committed);
        self.parts.outbox.post(committed);
    }
}

/// Waits for the pause, but not beyond the deadline; the next one is longer.
async fn rest(deadline: Instant, pause: &mut Duration) {
    tokio::time::sleep_until(deadline.min(Instant::now() + *pause)).await;
    *pause = (*pause * 2).min(LONGEST_PAUSE);
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
