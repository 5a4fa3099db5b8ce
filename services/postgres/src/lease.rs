//! Who uses the cluster. Locks of the kernel end with the process that held them, however it ended.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use crate::error::{Context, PostgresError};

/// Held while the cluster is started, adopted or stopped: one process at a time.
pub(crate) struct StartLock {
    _file: File,
}

impl StartLock {
    /// Waits until no other process starts or stops the cluster of this folder.
    pub(crate) fn acquire(folder: &Path) -> Result<Self, PostgresError> {
        let path = folder.join("start.lock");
        let file = open(&path)?;
        file.lock().context("lock", &path)?;
        Ok(Self { _file: file })
    }
}

/// Held by every process that uses the cluster, as long as it does.
#[derive(Debug)]
pub(crate) struct Lease {
    file: File,
}

impl Lease {
    pub(crate) fn take(folder: &Path) -> Result<Self, PostgresError> {
        let path = folder.join("users.lock");
        let file = open(&path)?;
        file.lock_shared().context("lock", &path)?;
        Ok(Self { file })
    }

    /// Whether no other process holds a lease. Ask only under the start lock, or a newcomer could be overlooked.
    pub(crate) fn is_the_last(&self, _guard: &StartLock) -> bool {
        // A shared lock is turned into an exclusive one by giving it up first, which is why the start lock is needed.
        match self.file.unlock().map_err(TryLockError::Error).and_then(|()| self.file.try_lock()) {
            Ok(()) => true,
            Err(TryLockError::WouldBlock | TryLockError::Error(_)) => false,
        }
    }
}

fn open(path: &Path) -> Result<File, PostgresError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    options.open(path).context("open", path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_one_to_leave_is_told_so() {
        let folder = tempfile::tempdir().unwrap();
        let first = Lease::take(folder.path()).unwrap();
        let second = Lease::take(folder.path()).unwrap();
        let guard = StartLock::acquire(folder.path()).unwrap();
        assert!(!first.is_the_last(&guard));
        drop(first);
        assert!(second.is_the_last(&guard));
    }
}
