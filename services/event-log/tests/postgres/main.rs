//! What holds for the log in PostgreSQL beyond the laws: group commit, lost answers, verification, row-level security,
//! keys, expiry, and processes that hear of each other.

#![allow(clippy::unwrap_used, clippy::panic, reason = "this is all test code")]

#[path = "../support/mod.rs"]
mod support;

mod bus;
mod expiry;
mod files;
mod group_commit;
mod keys;
mod lost_answers;
mod proxy;
mod secrets;
mod security;
mod tampering;
