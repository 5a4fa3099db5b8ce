//! A private PostgreSQL cluster in a data folder: find the binaries, make the cluster, start or adopt it, stop it.
//!
//! The cluster listens on a Unix socket in a private folder and nowhere else. Several `weft` processes on one data folder
//! share it: each holds a lease, and the last one to leave stops it. A cluster that a killed process left running is
//! adopted by the next. Started as root, PostgreSQL runs as an unprivileged account, also when that account cannot enter
//! the data folder or the folder of the binaries: then the cluster (or a copy of the binaries) is kept where it can.
//!
//! This crate must not know any table or anything else of ours. To support another place where PostgreSQL may be
//! installed, add it to `binaries.rs`; to change a setting of the server, see `configuration.rs`.
//!
//! With the feature `testing`, [`testing`] lends a database to each test.

mod account;
mod binaries;
mod cluster;
mod configuration;
mod error;
mod lease;
mod place;
mod postmaster;
#[cfg(feature = "testing")]
pub mod testing;

pub use binaries::Binaries;
pub use cluster::{Arrival, Cluster, Departure, StopMode};
pub use configuration::{ClusterSettings, Durability};
pub use error::PostgresError;

/// The superuser of a private cluster; its socket's folder is what keeps others out.
pub const SUPERUSER: &str = "weft_admin";
