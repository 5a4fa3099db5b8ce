//! Bodies that are read while they are sent, so that they may be larger than memory.

use std::{
    error::Error,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};

/// Why a body cannot be read.
pub type UploadError = Box<dyn Error + Send + Sync>;

/// The pieces of a body, in order.
pub type Pieces = BoxStream<'static, Result<Bytes, UploadError>>;

/// What gives a body from its beginning, as often as it is sent: redirects and challenges ask for it once more.
pub trait UploadSource: Send + Sync + 'static {
    /// Its pieces; nothing is read before they are asked for.
    fn open(&self) -> Pieces;
}

/// A body that is read while it is sent, one piece at a time.
#[derive(Clone)]
pub struct Upload {
    length: u64,
    source: Arc<dyn UploadSource>,
}

/// Two are the same where they are clones of one.
impl PartialEq for Upload {
    fn eq(&self, other: &Self) -> bool {
        self.length == other.length && Arc::ptr_eq(&self.source, &other.source)
    }
}

impl Eq for Upload {}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Upload({} bytes)", self.length)
    }
}

/// What a source gave is not what was announced.
#[derive(Debug, thiserror::Error)]
#[error("what is sent has another length than the {announced} bytes that were announced")]
pub struct WrongLength {
    announced: u64,
}

impl Upload {
    /// A body of `length` bytes, which the receiver is told before they come.
    pub fn new(length: u64, source: impl UploadSource) -> Self {
        Self { length, source: Arc::new(source) }
    }

    /// How many bytes it has.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Its pieces, from the first one. A body that is longer or shorter than announced fails: the receiver would take the rest of
    /// it for another request, or wait for more.
    pub fn pieces(&self) -> Pieces {
        let announced = self.length;
        let wrong = move || Some((Err(WrongLength { announced }.into()), None));
        let counted = stream::unfold(Some((self.source.open(), announced)), move |state| async move {
            let (mut pieces, left) = state?;
            let piece = match pieces.next().await {
                Some(Ok(piece)) => piece,
                Some(Err(error)) => return Some((Err(error), None)),
                None if left > 0 => return wrong(),
                None => return None,
            };
            let Some(left) = left.checked_sub(piece.len() as u64) else { return wrong() };
            if left > 0 {
                return Some((Ok(piece), Some((pieces, left))));
            }
            // Nobody asks for what comes after the last byte that was announced.
            match pieces.next().await {
                None => Some((Ok(piece), None)),
                Some(Err(error)) => Some((Err(error), None)),
                Some(Ok(_)) => wrong(),
            }
        });
        counted.boxed()
    }

    /// The same as a body of the library, and what becomes of a piece that cannot be read: the library tells less of it.
    pub(crate) fn body(&self) -> (reqwest::Body, Failed) {
        let failed = Failed::default();
        let told = failed.clone();
        let pieces = self.pieces().map(move |piece| {
            piece.map_err(|error| {
                *told.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                Stopped
            })
        });
        (reqwest::Body::wrap_stream(pieces), failed)
    }
}

/// What ended a body before its end.
#[derive(Clone, Default)]
pub(crate) struct Failed(Arc<Mutex<Option<UploadError>>>);

impl Failed {
    pub(crate) fn take(&self) -> Option<UploadError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// What the library is told.
#[derive(Debug, thiserror::Error)]
#[error("the body could not be read")]
struct Stopped;
