//! How much an execution may still make.

use std::io;

use thiserror::Error;
use weft_nodes::NodeError;

/// How many bytes of items an execution may still make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    pub(super) left: usize,
    pub(super) limit: usize,
}

impl Room {
    /// So many bytes less.
    pub(crate) fn take(&mut self, bytes: usize) -> Result<(), Full> {
        self.left = self.left.checked_sub(bytes).ok_or(self.full())?;
        Ok(())
    }

    /// How many bytes are left.
    pub(crate) fn left(self) -> usize {
        self.left
    }

    /// The most bytes there may be.
    pub(crate) fn limit(self) -> usize {
        self.limit
    }

    pub(crate) fn full(self) -> Full {
        Full { limit: self.limit }
    }
}

/// The execution made as many bytes of items as it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("The execution made more than {} MiB of items. Work on fewer items at a time.", .limit / (1024 * 1024))]
pub(crate) struct Full {
    pub(crate) limit: usize,
}

impl From<Full> for NodeError {
    fn from(full: Full) -> Self {
        Self::new("memory_limit", full.to_string())
    }
}

/// Text that may grow only so long.
pub(super) struct Bounded {
    pub(super) text: Vec<u8>,
    pub(super) room: Room,
}

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.room.take(bytes.len()).map_err(|_| io::ErrorKind::StorageFull)?;
        self.text.extend_from_slice(bytes);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
