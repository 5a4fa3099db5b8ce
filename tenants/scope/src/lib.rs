//! The only way to a database connection: one tenant per transaction.
