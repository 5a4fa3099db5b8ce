//! The running server, as its file `postmaster.pid` tells: whether it lives, where its socket is, whether it is ready.

use std::fs;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use crate::error::{Context, PostgresError};

const CHILDREN_PATIENCE: Duration = Duration::from_secs(30);

/// A server that was found alive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Postmaster {
    pub(crate) pid: i32,
    pub(crate) socket_folder: PathBuf,
    ready: bool,
}

/// What the file says, which may be about a server that is long gone.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// No file: the server was stopped in order.
    Nothing,
    /// The file's process is gone, or is another program that got the same number.
    Stale,
    /// It lives.
    Alive(Postmaster),
}

impl Postmaster {
    pub(crate) fn find(data: &Path) -> Found {
        let Ok(text) = fs::read_to_string(data.join("postmaster.pid")) else { return Found::Nothing };
        // A file that is being written has fewer lines than a whole one; its process is alive all the same.
        let Some(pid) = text.lines().next().and_then(|line| line.trim().parse().ok()) else { return Found::Stale };
        if !is_postmaster_of(pid, data) {
            return Found::Stale;
        }
        let line = |number: usize| text.lines().nth(number).unwrap_or_default().trim();
        Found::Alive(Self { pid, socket_folder: line(4).trim_matches('"').into(), ready: line(7) == "ready" })
    }

    /// Whether it accepts connections.
    pub(crate) fn is_ready(&self) -> bool {
        self.ready && UnixStream::connect(self.socket_folder.join(".s.PGSQL.5432")).is_ok()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        if let Some(pid) = Pid::from_raw(self.pid) {
            // It may have ended in this moment, which is what is wanted.
            let _ = kill_process(pid, signal);
        }
    }

    pub(crate) fn is_alive(&self, data: &Path) -> bool {
        is_postmaster_of(self.pid, data)
    }
}

/// Process numbers are used again. A server's processes stay in their data folder, which Linux shows; elsewhere a living
/// process of that number has to do.
fn is_postmaster_of(pid: i32, data: &Path) -> bool {
    let Some(number) = Pid::from_raw(pid) else { return false };
    let exists = test_kill_process(number) != Err(rustix::io::Errno::SRCH);
    if !exists || !Path::new("/proc/self").exists() {
        return exists;
    }
    fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|folder| folder == data)
}

/// Removes the file of a server that is gone. PostgreSQL does so itself unless the number is in use again; but the file
/// also keeps a new server away from the data while children of the old one still write, so they are waited for.
pub(crate) fn forget(data: &Path) -> Result<(), PostgresError> {
    if !Path::new("/proc/self").exists() {
        return Ok(());
    }
    let began = Instant::now();
    while let Some(pid) = somebody_in(data) {
        if began.elapsed() > CHILDREN_PATIENCE {
            return Err(PostgresError::NotStopped { pid, seconds: CHILDREN_PATIENCE.as_secs() });
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    tracing::info!("PostgreSQL was not stopped in order last time; it recovers now.");
    let file = data.join("postmaster.pid");
    fs::remove_file(&file).context("remove", &file)
}

fn somebody_in(data: &Path) -> Option<i32> {
    let processes = fs::read_dir("/proc").ok()?;
    let mut numbers = processes.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    numbers.find(|pid| is_postmaster_of(*pid, data))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_about_another_process_is_stale() {
        let data = tempfile::tempdir().unwrap();
        let file = data.path().join("postmaster.pid");
        assert_eq!(Postmaster::find(data.path()), Found::Nothing);
        for contents in
            [format!("{}\n/elsewhere\n", std::process::id()), "4194300\n".into(), "torn".into(), String::new()]
        {
            fs::write(&file, &contents).unwrap();
            assert_eq!(Postmaster::find(data.path()), Found::Stale, "{contents}");
        }
    }
}
