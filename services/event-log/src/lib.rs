//! Each tenant's log: append-only, gapless, chained by hashes, encrypted, with group commit.
//!
//! [`Log`] is the port. [`MemoryLog`] keeps everything in memory (tests, `weft execute`); [`PgLog`] keeps it in PostgreSQL.
//! One law suite (`tests/laws.rs`) holds for both. [`Files`] keeps what items name beside the log, [`Seen`] what nodes
//! have seen. [`SystemLog`] is what the engine's housekeeping asks across tenants.
//!
//! This crate must not know what an event means: a body is bytes. It must never give out a position before the event at
//! that position, and everything before it, is durable.

mod append;
mod companion;
mod error;
mod event;
mod files;
mod log;
mod memory;
mod pg;
mod sealing;
mod seen;
mod signed_head;
mod slots;
mod validate;

pub use append::{AppendRequest, Appended, Expected, NewEvent, NewPayload};
pub use companion::{
    Companion, OpenExecution, Orphan, RouteMatch, SealedSecret, StaticEntry, Timer, TimerKind, TriggerRoute,
};
pub use error::{AppendError, LogFault};
pub use event::{Committed, LogHead, Payload, Recorded};
pub use files::{FileFault, FileKey, FileReader, FileWriter, Files, MAX_FILE, MemoryFiles, NotAFileKey, StoredFile};
pub use log::{DueTimer, Log, SystemLog};
pub use memory::{Clock, MemoryLog};
pub use pg::{Finding, OpenError, OpenedSecret, PgLog, PgLogSettings, PgLogTuning, Secret, Verification, WriterCounts};
pub use sealing::{MasterKey, MasterKeyError, MasterKeyOrigin};
pub use seen::{MAX_SEEN, MarkKind, Seen, SeenBy, SeenDigest, SeenPlace};
pub use signed_head::{HeadKey, HeadRefused, SignedHead};
pub use slots::SlotRequest;
pub use validate::{MAX_BODY, MAX_COMPANIONS, MAX_EVENTS, MAX_FILES, MAX_PAYLOAD, MAX_SECRET, MAX_TIMER_DATA};
