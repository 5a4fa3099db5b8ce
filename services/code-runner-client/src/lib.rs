//! Executes code steps, and queries over items, in `weft-code-runner` processes.
//!
//! [`Runner`] keeps a bounded pool. A process belongs to one tenant from its first step until it is recycled and executes one
//! step at a time; spare processes without a tenant hide the start. The parent is the judge: it measures time and memory from
//! outside, caps what comes back, checks it, and kills. So the death of a process is an ordinary outcome of a step, and nothing
//! that the code does inside its process can change the verdict.
//!
//! This crate must not know executions, nodes or the log: what code may ask about other nodes comes through [`NodeLookup`]. To
//! add a question, add a variant to [`Query`], a method to `$('Name')` in the runner and an answer in the engine.

mod error;
mod outcome;
mod pool;
mod process;
mod request;
mod settings;
mod sql;
mod step;
mod watch;

pub use error::{CodeError, CodeErrorKind};
pub use outcome::{CodeOutcome, items_from_return};
pub use pool::{PoolState, Runner};
pub use request::{CodeGlobals, CodeLimits, CodeRequest, NoNodes, NodeLookup, SqlRequest};
pub use settings::RunnerSettings;
pub use weft_code_runner_protocol::{Keepsake, Layer, Log, Mode as CodeMode, Query, Refusal, Report};
