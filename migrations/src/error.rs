//! Why a database could not be brought up to date, in sentences that name the way out.

use sqlx::migrate::MigrateError;

/// Why [`migrate`](crate::migrate) failed.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The address cannot be read.
    #[error(
        "The database's address is not of the form postgres://user:password@host:port/database. Correct DATABASE_URL."
    )]
    Address(#[source] url::ParseError),
    /// Nothing answers at the address, or it refuses the user.
    #[error("The database cannot be reached with the given address. Check that it runs, and DATABASE_URL.")]
    Unreachable(#[source] sqlx::Error),
    /// The server is older than our SQL.
    #[error("This server runs PostgreSQL {version}, but Weft needs 15 or newer. Update it, or leave DATABASE_URL out.")]
    TooOld {
        /// What it runs.
        version: String,
    },
    /// The given user may not make what is missing.
    #[error(
        "The user of DATABASE_URL may not {what}. As a superuser execute: alter role {user} createrole; alter database \
         {database} owner to {user}; or give a superuser in DATABASE_URL."
    )]
    NotAllowed {
        /// What was tried.
        what: &'static str,
        /// The user.
        user: String,
        /// The database.
        database: String,
        /// What the server said.
        #[source]
        source: sqlx::Error,
    },
    /// The roles exist but the server does not let them in.
    #[error(
        "The server does not let the role {role} sign in. Allow it in pg_hba.conf (method scram-sha-256, with a password \
         in DATABASE_URL; or trust, on a private socket)."
    )]
    SignIn {
        /// The role.
        role: String,
        /// What the server said.
        #[source]
        source: sqlx::Error,
    },
    /// A newer program was here.
    #[error(
        "This database was made by a newer version of Weft (file {version} is unknown to this one). Start that version."
    )]
    Newer {
        /// The number of the file.
        version: i64,
    },
    /// A file was edited after it had been applied.
    #[error(
        "The SQL file {version} is not the one that was applied to this database. A released file is never edited; a \
         database of an unreleased version has to be made anew (another WEFT_DATA_DIR or DATABASE_URL)."
    )]
    Changed {
        /// The number of the file.
        version: i64,
    },
    /// A file failed; nothing of it was kept.
    #[error("The SQL files could not be applied; the database is as it was before the one that failed.")]
    Apply(#[source] MigrateError),
    /// The server refused something or went away.
    #[error("The database did not do what was asked while the schema was prepared.")]
    Statement(#[source] sqlx::Error),
}

impl MigrationError {
    pub(crate) fn unreachable(source: sqlx::Error) -> Self {
        Self::Unreachable(source)
    }

    pub(crate) fn statement(source: sqlx::Error) -> Self {
        Self::Statement(source)
    }
}

impl From<MigrateError> for MigrationError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::VersionMissing(version) => Self::Newer { version },
            MigrateError::VersionMismatch(version) => Self::Changed { version },
            other => Self::Apply(other),
        }
    }
}
