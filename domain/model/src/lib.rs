//! What is true and what is allowed: ids, the graph, commands, events and the decisions between them.
//!
//! This crate must not know any I/O, clock or source of randomness: times and new ids arrive in commands.

pub mod execution;
mod graph;
mod ids;

pub use graph::*;
pub use ids::*;
