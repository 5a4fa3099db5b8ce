//! What is true and what is allowed: ids, the graph, commands, events and the decisions between them.
//!
//! Every aggregate is a pure decider in a folder of its own: `decide` turns a command into events or a rejection, `evolve`
//! turns events into state. [`Event`] is the union of all their events, with the names and shapes in which a log stores them.
//!
//! This crate must not know any I/O, clock or source of randomness: times and new ids arrive in commands. To add an event, add
//! a variant with a frozen wire name to its aggregate's `event.rs` and follow the compiler and the tests; to change the shape
//! of one, see `upcast.rs`. To add an aggregate, add a folder and a variant of [`Event`].

pub mod access;
pub mod execution;
mod graph;
mod ids;
pub mod member;
pub mod tenant;
mod upcast;
pub mod variable;
mod wire;
pub mod workflow;

pub use graph::*;
pub use ids::*;
pub use wire::{DecodeError, Event};
