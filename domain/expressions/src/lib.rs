//! The `{{ }}` language: split, parse, compile, evaluate over values.
//!
//! A parameter such as `Hello {{ $json.name }}` is compiled once into a [`Template`] and evaluated for every item against a
//! [`Scope`] (what the expression can see) and a [`Budget`] (what it may consume). What it means is JavaScript; what it can
//! reach is only what this crate offers: there is no host object, no prototype and no global scope behind it.
//!
//! This crate must not know nodes, executions, events, clocks, randomness or any I/O: the moment, the time zone and the
//! seed of `Math.random()` come from the scope. To add a function, add one entry to the table of its type in `library/` and
//! one to the texts in `catalogue/`, which describe it.

mod budget;
mod catalogue;
mod collection;
mod compile;
mod convert;
mod diagnostic;
mod error;
mod ir;
mod library;
mod lines;
mod locality;
mod pattern;
mod references;
mod scope;
mod special;
mod stop;
mod template;
mod vm;

pub use budget::{Budget, Exhausted, Limits};
pub use catalogue::{Entry, catalogue};
pub use diagnostic::{Code, Diagnostic};
pub use error::EvaluationError;
pub use library::dates;
pub use lines::evaluate_line;
pub use locality::sees_one_item;
pub use pattern::{InvalidPattern, Pattern};
pub use references::{Reference, references, renamed};
pub use scope::{ItemsScope, NodeFault, Nth, Previous, Scope};
pub use template::{Block, Template, compile};
