//! What a [`PgLog`](super::PgLog) is opened with.

use std::num::NonZero;
use std::path::PathBuf;
use std::time::Duration;

use weft_scope::{Scope, SystemPool, Unavailable};

use crate::{LogFault, MasterKey};

/// What the log needs of its surroundings.
pub struct PgLogSettings {
    /// Reads go through here.
    pub scope: Scope,
    /// Appends and the platform's questions go through here.
    pub system: SystemPool,
    /// Wraps the tenants' data keys.
    pub master_key: MasterKey,
    /// Where payloads over 64 KiB are kept; made if it does not exist. Processes that share a database share it.
    pub blob_folder: PathBuf,
    /// How much the log takes at once and how long it waits.
    pub tuning: PgLogTuning,
}

/// How much the log takes at once and how long it waits. The defaults suit a small machine.
#[derive(Clone, Debug)]
pub struct PgLogTuning {
    /// Writer tasks, each with a connection of its own. With fewer of them more tenants share a commit; with more of them the
    /// database works on more commits at once. The default is twice the number of processors, from four to
    /// sixteen.
    pub writers: usize,
    /// Appends that may wait, a quarter of them of one tenant; more are refused with
    /// [`AppendError::Overloaded`](crate::AppendError).
    pub queue: usize,
    /// The most appends in one commit.
    pub batch: usize,
    /// How long a commit whose answer was lost is followed up before its callers are told
    /// [`AppendError::InDoubt`](crate::AppendError).
    pub follow_up: Duration,
    /// How often other processes' commits are looked up, in case a notification was lost.
    pub poll: Duration,
    /// The least time between two notifications to other processes.
    pub notify: Duration,
}

impl Default for PgLogTuning {
    fn default() -> Self {
        Self {
            writers: (2 * std::thread::available_parallelism().map_or(2, NonZero::get)).clamp(4, 16),
            queue: 16_384,
            batch: 1024,
            follow_up: Duration::from_secs(30),
            poll: Duration::from_secs(5),
            notify: Duration::from_millis(10),
        }
    }
}

/// Why a log cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database was encrypted with another master key.
    #[error(
        "this database belongs to another master key; name the file with the right one in WEFT_MASTER_KEY_FILE \
         (without it nothing that was recorded can be read)"
    )]
    WrongMasterKey,
    /// The database cannot be reached.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// The database answered with an error; perhaps its schema is older than this program.
    #[error("the log in the database cannot be used")]
    Database(#[source] sqlx::Error),
    /// The folder for large payloads cannot be used.
    #[error("the folder for large payloads cannot be used")]
    Blobs(#[source] LogFault),
}

impl From<sqlx::Error> for OpenError {
    fn from(source: sqlx::Error) -> Self {
        if weft_scope::is_unavailable(&source) { Self::Unavailable(source.into()) } else { Self::Database(source) }
    }
}
