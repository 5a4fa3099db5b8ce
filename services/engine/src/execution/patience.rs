//! How long and for what the recorder waits when the log cannot take an append.

use std::time::Duration;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use weft_event_log::{AppendError, LogFault};
use weft_nodes::NodeError;

use super::recorder::Lost;
use super::view::StepView;
use crate::clock::{Clock, later};

/// How long an error is believed to pass that the database or the blob store gives for reasons of its own. An absent database
/// is waited for without end; one that refuses the same statement all the time will go on doing so.
const LONGEST: Duration = Duration::from_mins(10);
/// The longest pause between two tries.
const MAX_PAUSE: Duration = Duration::from_secs(1);

/// Pauses between tries, each twice as long as the one before.
pub(crate) struct Pauses(Duration);

impl Default for Pauses {
    fn default() -> Self {
        Self(Duration::from_millis(20))
    }
}

impl Pauses {
    pub(crate) async fn rest(&mut self, clock: &dyn Clock) {
        let wake = later(clock.now(), self.0);
        self.0 = (self.0 * 2).min(MAX_PAUSE);
        clock.sleep_until(wake).await;
    }
}

impl StepView {
    /// Asks the log about what lies beside it; waits for a database that is away. Whoever ends the execution drops the action that
    /// asks, so that it does not fail for that.
    pub(crate) async fn patiently<T, F: Future<Output = Result<T, LogFault>>>(
        &self,
        ask: impl FnMut() -> F,
    ) -> Result<T, NodeError> {
        let tell = |fault: &LogFault| {
            tracing::warn!(
                execution.id = %self.info.execution,
                error = fault as &dyn std::error::Error,
                "What was remembered could not be looked up."
            );
        };
        let answer = patiently((&*self.clock, &CancellationToken::new()), tell, ask).await;
        answer.map_err(|_| NodeError::new("remembered", "What was remembered could not be looked up. Try again later."))
    }
}

/// Why the log did not answer.
#[derive(Debug)]
pub(super) enum Unanswered {
    /// The process ends.
    Stopping,
    /// It will say the same again.
    Fault(LogFault),
}

impl From<Unanswered> for Lost {
    fn from(unanswered: Unanswered) -> Self {
        match unanswered {
            Unanswered::Stopping => Self::Stopping,
            Unanswered::Fault(fault) => Self::Refused(fault.into()),
        }
    }
}

/// Asks the log until it answers; waits for a database that is away, until the process ends. What else may end the wait, whoever
/// waits hears: nothing is lost by letting go of it. Every fault is told.
pub(super) async fn patiently<T, F: Future<Output = Result<T, LogFault>>>(
    (clock, stop): (&dyn Clock, &CancellationToken),
    tell: impl Fn(&LogFault),
    mut ask: impl FnMut() -> F,
) -> Result<T, Unanswered> {
    let mut patience = Patience::begin(clock.now());
    loop {
        let fault = match ask().await {
            Ok(answer) => return Ok(answer),
            Err(fault) => fault,
        };
        tell(&fault);
        if !patience.bears(&fault, clock.now()) {
            return Err(Unanswered::Fault(fault));
        }
        patience.rest(clock, stop).await.map_err(|_| Unanswered::Stopping)?;
    }
}

/// Tries with growing pauses.
pub(super) struct Patience {
    pauses: Pauses,
    until: Timestamp,
}

impl Patience {
    pub(super) fn begin(now: Timestamp) -> Self {
        Self { pauses: Pauses::default(), until: later(now, LONGEST) }
    }

    /// Whether the same append may still succeed later.
    pub(super) fn lasts(&self, error: &AppendError, now: Timestamp) -> bool {
        match error {
            AppendError::Unavailable(_) | AppendError::InDoubt | AppendError::Overloaded => true,
            AppendError::Fault(fault) => self.bears(fault, now),
            AppendError::Conflict { .. }
            | AppendError::NameTaken { .. }
            | AppendError::Duplicate { .. }
            | AppendError::TimerGone { .. }
            | AppendError::QuotaExceeded { .. }
            | AppendError::SecretInUse { .. }
            | AppendError::SecretMissing { .. }
            | AppendError::TooLarge { .. }
            | AppendError::Malformed(_) => false,
        }
    }

    /// Whether the same may still succeed later: a cancelled statement or a lock that was waited for too long (SQLSTATE 57014,
    /// 55P03) and a full disk are nobody's mistake.
    pub(super) fn bears(&self, fault: &LogFault, now: Timestamp) -> bool {
        match fault {
            LogFault::Unavailable(_) => true,
            LogFault::Database(_) | LogFault::Blob(_) => now < self.until,
            LogFault::Unreadable { .. }
            | LogFault::KeyGone { .. }
            | LogFault::WrongMasterKey { .. }
            | LogFault::TooLarge { .. }
            | LogFault::Malformed(_) => false,
        }
    }

    pub(super) async fn rest(&mut self, clock: &dyn Clock, stop: &CancellationToken) -> Result<(), Lost> {
        tokio::select! {
            () = self.pauses.rest(clock) => Ok(()),
            () = stop.cancelled() => Err(Lost::Stopping),
        }
    }
}

/// Whether a first append may be refused for this on an ordinary day: its caller is told, and nobody has to look into it.
pub(super) fn is_ordinary(error: &AppendError) -> bool {
    match error {
        AppendError::Unavailable(_)
        | AppendError::Overloaded
        | AppendError::Duplicate { .. }
        | AppendError::QuotaExceeded { .. } => true,
        AppendError::Fault(fault) => fault.is_unavailable(),
        AppendError::InDoubt
        | AppendError::Conflict { .. }
        | AppendError::NameTaken { .. }
        | AppendError::TimerGone { .. }
        | AppendError::SecretInUse { .. }
        | AppendError::SecretMissing { .. }
        | AppendError::TooLarge { .. }
        | AppendError::Malformed(_) => false,
    }
}
