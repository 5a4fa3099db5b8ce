//! When the database cannot be reached.

/// The database did not give a connection: it is down, restarting, or all connections stayed busy for longer than the
/// pool waits. Nothing was done; the same request may be made again. Over HTTP this is a 503 with `Retry-After`.
#[derive(Debug, thiserror::Error)]
#[error("The database is not available right now. Try again in a moment.")]
pub struct Unavailable {
    #[source]
    source: sqlx::Error,
}

impl From<sqlx::Error> for Unavailable {
    fn from(source: sqlx::Error) -> Self {
        Self { source }
    }
}

/// Whether a statement failed because the database went away (and not because of what was asked). The transaction is
/// lost then; whether a `commit` that fails this way took place is unknown.
pub fn is_unavailable(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed
        | sqlx::Error::Protocol(_)
        | sqlx::Error::Tls(_) => true,
        sqlx::Error::Database(database) => database.code().is_some_and(|code| means_unavailable(&code)),
        _ => false,
    }
}

/// Classes of SQLSTATE (PostgreSQL documentation, appendix A): 08 connection exception, 57P01..57P05 shut-down, crash,
/// starting up, database dropped, idle session ended; 53 insufficient resources (disk full, too many connections);
/// 25P03 the session sat idle in a transaction for too long and was ended.
fn means_unavailable(code: &str) -> bool {
    code.starts_with("08") || code.starts_with("57P") || code.starts_with("53") || code == "25P03"
}

/// Whether this particular connection is dead, so that another one is worth a try at once.
pub(crate) fn connection_is_dead(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed | sqlx::Error::Protocol(_) | sqlx::Error::BeginFailed => true,
        sqlx::Error::Database(database) => {
            database.code().is_some_and(|code| matches!(&*code, "57P01" | "57P02" | "57P05" | "25P03" | "08006"))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_is_told_apart_from_a_lost_server() {
        assert!(is_unavailable(&sqlx::Error::PoolTimedOut));
        assert!(is_unavailable(&sqlx::Error::Io(std::io::ErrorKind::ConnectionRefused.into())));
        assert!(!is_unavailable(&sqlx::Error::RowNotFound));
        for code in ["57P01", "57P03", "53100", "53300", "08006", "25P03"] {
            assert!(means_unavailable(code), "{code}");
        }
        for code in ["23505", "42501", "40001", "57014"] {
            assert!(!means_unavailable(code), "{code}");
        }
    }
}
