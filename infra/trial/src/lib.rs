//! What benchmarks and the fault suite share: the real server on a fresh data folder, the workflows that are tried, and load.
//!
//! It must not know what is measured or which fault is injected.

mod load;
mod machine;
mod server;
pub mod workflows;

pub use load::{Seen, closed_loop, exchange, prepare};
pub use machine::{Machine, cpu_seconds};
pub use server::{Server, ServerOptions};
