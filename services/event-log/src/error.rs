//! Why an append is refused and what can go wrong with a log.

use uuid::Uuid;
use weft_model::{CredentialId, Position, StreamId, StreamVersion, TenantId, TimerId, WorkflowId};

use crate::Expected;

/// Why nothing was appended.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// The race for the stream was lost: load it again and decide again.
    #[error("stream {stream} is at version {}, not at the expected one ({expected:?})", actual.0)]
    Conflict {
        /// The stream.
        stream: StreamId,
        /// What the caller expected.
        expected: Expected,
        /// Where the stream is.
        actual: StreamVersion,
    },
    /// A unique name belongs to somebody else.
    #[error("the name \"{name}\" is already taken")]
    NameTaken {
        /// What the name is unique among.
        scope: String,
        /// The name.
        name: String,
        /// Who holds it.
        owner: Uuid,
    },
    /// The idempotency key was used before.
    #[error("the idempotency key \"{key}\" was already used")]
    Duplicate {
        /// The key.
        key: String,
        /// The stream of the append that used it.
        stream: StreamId,
        /// The first event of that append.
        first: Position,
    },
    /// The timer that should fire has fired, was moved or was cleared.
    #[error("timer {timer} is no longer due")]
    TimerGone {
        /// The timer.
        timer: TimerId,
    },
    /// A counter would pass its limit.
    #[error("the quota \"{counter}\" is used up: {used} of {limit}")]
    QuotaExceeded {
        /// The counter.
        counter: String,
        /// What it holds.
        used: i64,
        /// The most that it may hold.
        limit: i64,
    },
    /// A secret that shall be destroyed is used.
    #[error("the secret of credential {credential} is used by {} workflow(s)", workflows.len())]
    SecretInUse {
        /// Whose secret.
        credential: CredentialId,
        /// The workflows that use it.
        workflows: Vec<WorkflowId>,
    },
    /// A secret that shall be used does not exist.
    #[error("there is no secret of credential {credential} (any more)")]
    SecretMissing {
        /// Whose secret.
        credential: CredentialId,
    },
    /// An event, a payload or the whole request is larger than the log takes.
    #[error("{what} has {size} bytes; at most {limit} are allowed")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// Its size.
        size: usize,
        /// The most that is allowed.
        limit: usize,
    },
    /// The request contradicts itself; a fault of the caller.
    #[error("the append request is malformed: {0}")]
    Malformed(&'static str),
    /// Too many appends wait already. Nothing was appended; try again later.
    #[error("too many appends are waiting; try again in a moment")]
    Overloaded,
    /// The log's database cannot be reached. Nothing was appended.
    #[error("the database is not available; nothing was recorded")]
    Unavailable(#[source] Option<weft_scope::Unavailable>),
    /// The database went away during the commit and stayed away: the events may or may not be recorded.
    #[error("the database went away during the commit; the events may or may not be recorded")]
    InDoubt,
    /// Something else went wrong. Nothing was appended.
    #[error(transparent)]
    Fault(#[from] LogFault),
}

/// What goes wrong with a log through nobody's request.
#[derive(Debug, thiserror::Error)]
pub enum LogFault {
    /// The database cannot be reached.
    #[error("the database is not available")]
    Unavailable(#[source] weft_scope::Unavailable),
    /// The database answered with an error.
    #[error("the database refused a statement of the log")]
    Database(#[source] sqlx::Error),
    /// A stored body or payload cannot be opened.
    #[error("stored data of tenant {tenant} cannot be opened: {reason}")]
    Unreadable {
        /// Whose data.
        tenant: TenantId,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The key that the data was sealed with was destroyed or never existed.
    #[error("key {key} of tenant {tenant} does not exist (any more)")]
    KeyGone {
        /// Whose key.
        tenant: TenantId,
        /// Its number.
        key: i32,
    },
    /// The master key does not open the tenant's key.
    #[error("the master key does not open the data key of tenant {tenant}")]
    WrongMasterKey {
        /// Whose key.
        tenant: TenantId,
    },
    /// A stored value has not the shape that this program writes.
    #[error("a stored row of the log has not the expected shape: {0}")]
    Malformed(&'static str),
    /// What is to be kept beside the events is larger than the log takes. Nothing was kept.
    #[error("{what} has {size} bytes of {limit} allowed")]
    TooLarge {
        /// What is.
        what: &'static str,
        /// How large it is.
        size: usize,
        /// The most bytes.
        limit: usize,
    },
    /// A blob cannot be read or written.
    #[error("the blob store failed")]
    Blob(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<weft_scope::Unavailable> for LogFault {
    fn from(source: weft_scope::Unavailable) -> Self {
        Self::Unavailable(source)
    }
}

impl From<sqlx::Error> for LogFault {
    fn from(source: sqlx::Error) -> Self {
        if weft_scope::is_unavailable(&source) { Self::Unavailable(source.into()) } else { Self::Database(source) }
    }
}

impl LogFault {
    /// Whether trying again later may help.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}
