//! What goes wrong here.

use weft_event_log::LogFault;
use weft_model::Position;
use weft_projections::FoldFault;
use weft_scope::{InvalidSchemaName, Unavailable};

/// Why a pass or a rebuild failed. Nothing of it was written; it is tried again.
#[derive(Debug, thiserror::Error)]
pub enum ProjectorFault {
    /// No connection.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// A statement on checkpoints failed.
    #[error("the projections' checkpoints could not be read or written")]
    Database(#[from] sqlx::Error),
    /// The log could not be read.
    #[error("the log could not be read")]
    Log(#[from] LogFault),
    /// The read model could not be written.
    #[error("the projection {projection} could not be written")]
    Fold {
        /// Which projection.
        projection: &'static str,
        /// Why.
        #[source]
        fault: FoldFault,
    },
    /// There is no projection of this name.
    #[error("there is no projection \"{0}\"; see the list in the documentation of `weft projection rebuild`")]
    UnknownProjection(String),
    /// An event cannot be folded, so the projection cannot be rebuilt; the live generation stays as it is.
    #[error(
        "the projection {projection} cannot be rebuilt: the event at position {position:?} cannot be folded: {reason}"
    )]
    Poison {
        /// Which projection.
        projection: &'static str,
        /// The event.
        position: Position,
        /// What is wrong with it.
        reason: String,
    },
    /// Another process holds the checkpoints for too long.
    #[error("another process works on the same projections; try again in a moment")]
    Busy,
    /// A generation's name was not one; a fault of ours.
    #[error(transparent)]
    Schema(#[from] InvalidSchemaName),
}
