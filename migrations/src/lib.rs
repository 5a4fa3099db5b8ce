//! The SQL schema and the runner that applies it.
