//! What is true and what is allowed: ids, the graph, commands, events and the decisions between them.
//!
//! Every aggregate is a pure decider in a folder of its own: `decide` turns a command into events or a [`Rejection`], `evolve`
//! turns events into state. [`Event`] is the union of all their events, with the names and shapes in which a log stores them.
//!
//! This crate must not know any I/O, clock or source of randomness: times and new ids arrive in commands. To add an event, add
//! a variant with a frozen wire name to its aggregate's `event.rs` and follow the compiler and the tests; to change the shape
//! of one, see `upcast.rs`. To add an aggregate, add a folder and a variant of [`Event`].

pub mod access;
mod changed;
pub mod cqrs;
pub mod credential;
mod decider;
pub mod execution;
mod file;
mod graph;
mod ids;
pub mod limits;
pub mod member;
mod problems;
mod rejection;
#[cfg(test)]
mod samples;
pub mod tenant;
#[cfg(test)]
mod testing;
mod upcast;
pub mod variable;
mod wire;
pub mod workflow;

pub use decider::Decider;
pub use file::{FileFault, WorkflowFile};
pub use graph::*;
pub use ids::*;
pub use problems::{GraphProblem, problems};
pub use rejection::Rejection;
pub use wire::{DecodeError, Event};
