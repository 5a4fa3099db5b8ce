//! An execution: one run of a workflow's graph, from its trigger to its end.

mod event;

pub use event::*;
