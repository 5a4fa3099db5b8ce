//! Makes executions progress.
