//! The settings of a private cluster. The file is written anew at each start; `extra.conf` beside it is yours.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What a private cluster is told.
#[derive(Clone, Debug)]
pub struct ClusterSettings {
    /// Weft's data folder; the cluster lives in `postgres/` in it.
    pub data_folder: PathBuf,
    /// The folder with `initdb`, `pg_ctl` and `postgres`; found by itself when absent.
    pub binaries: Option<PathBuf>,
    /// Whether a commit survives a power cut.
    pub durability: Durability,
    /// How many connections the server accepts.
    pub max_connections: u32,
    /// How long recovery after a crash may take before starting is given up.
    pub patience: Duration,
}

impl ClusterSettings {
    /// The settings of a real installation.
    pub fn new(data_folder: impl Into<PathBuf>) -> Self {
        Self {
            data_folder: data_folder.into(),
            binaries: None,
            durability: Durability::Full,
            max_connections: 100,
            patience: Duration::from_mins(2),
        }
    }
}

/// Whether a commit survives a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// It does.
    Full,
    /// It does not, and need not: the cluster is thrown away after the tests.
    None,
}

/// The text of `postgresql.conf`. What is not named keeps PostgreSQL's default.
pub(crate) fn server_configuration(settings: &ClusterSettings, socket_folder: &Path, major: u32) -> String {
    let mut text =
        String::from("# Written by weft at each start. Your own settings belong into extra.conf beside this file.\n");
    let socket = quoted(&format!("\"{}\"", socket_folder.display()));
    let _ = writeln!(text, "listen_addresses = ''\nunix_socket_directories = {socket}\nunix_socket_permissions = 0700");
    let _ = writeln!(text, "max_connections = {}", settings.max_connections);
    text.push_str(COMMON);
    match settings.durability {
        Durability::Full => {
            let _ = writeln!(text, "shared_buffers = {}MB", shared_buffers_megabytes());
            text.push_str(DURABLE);
        }
        Durability::None => text.push_str(THROW_AWAY),
    }
    if major >= 18 {
        // All of our reads are short; worker processes for reading ahead would only take memory.
        text.push_str("io_method = sync\n");
    }
    text.push_str("include_if_exists = 'extra.conf'\n");
    text
}

/// Only the socket's private folder decides who may connect.
pub(crate) const HOST_BASED_AUTHENTICATION: &str = "# Written by weft at each start.\nlocal all all trust\n";

/// Row counts per statement are small and known: compiling a query costs more than it saves. Checkpoints are rare and
/// spread out, so that their full-page images are few. The log tells of the server itself (starting, recovery, crashes);
/// failed statements are told to who made them, and their details may hold people's data.
const COMMON: &str = "\
jit = off
random_page_cost = 1.1
wal_buffers = 16MB
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9
max_locks_per_transaction = 256
log_timezone = 'UTC'
timezone = 'UTC'
log_checkpoints = off
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_line_prefix = '%m [%p] %q%u@%d '
password_encryption = 'scram-sha-256'
";

const DURABLE: &str = "\
fsync = on
synchronous_commit = on
full_page_writes = on
max_wal_size = 4GB
min_wal_size = 256MB
";

const THROW_AWAY: &str = "\
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 128MB
max_wal_size = 1GB
autovacuum_naptime = 5min
";

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

/// A sixteenth of the machine's memory, between 128 MB and 1 GB: the kernel's cache holds the rest.
fn shared_buffers_megabytes() -> u64 {
    let total = std::fs::read_to_string("/proc/meminfo").ok().and_then(|text| total_kilobytes(&text)).unwrap_or(0);
    (total / 1024 / 16).clamp(128, 1024)
}

fn total_kilobytes(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find(|line| line.starts_with("MemTotal:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_a_quote_or_a_comma_stays_one_folder() {
        let settings = ClusterSettings::new("/data");
        let text = server_configuration(&settings, Path::new("/it's, mine"), 15);
        assert!(text.contains("unix_socket_directories = '\"/it''s, mine\"'"), "{text}");
        assert!(text.contains("fsync = on"));
        assert!(!text.contains("io_method"));
    }

    #[test]
    fn memory_is_read_in_kilobytes() {
        assert_eq!(total_kilobytes("MemTotal:       24689764 kB\nMemFree: 1 kB\n"), Some(24_689_764));
    }
}
