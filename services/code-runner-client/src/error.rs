//! Why a step did not return items.

use thiserror::Error;
use weft_code_runner_protocol::{Failure, FailureKind, Log};

/// A step of code that failed. Its `Display` is a sentence for the author of the code.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{message}")]
pub struct CodeError {
    /// What kind of failure.
    pub kind: CodeErrorKind,
    /// What happened and, where it helps, what to do.
    pub message: String,
    /// The line in the code, from 1.
    pub line: Option<u32>,
    /// The column in that line, from 1.
    pub column: Option<u32>,
    /// The item at which it happened.
    pub item: Option<u32>,
    /// The exception's stack in lines of the code.
    pub stack: Option<String>,
    /// What `console.*` said before.
    pub logs: Vec<Log>,
    /// Processor time that the step used, in milliseconds.
    pub cpu_ms: u64,
}

/// What kind of failure a [`CodeError`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CodeErrorKind {
    /// The code does not parse.
    Syntax,
    /// The code threw.
    Thrown,
    /// The code awaits a promise that nothing will settle.
    NeverSettles,
    /// What it returned is not items.
    InvalidReturn,
    /// It ran longer than allowed.
    TimeLimit,
    /// It used more processor time than allowed.
    CpuLimit,
    /// It used more memory than allowed.
    MemoryLimit,
    /// It returned more than allowed.
    OutputLimit,
    /// Its process ended by itself.
    Crashed,
    /// Every process is busy and so is the queue; worth trying again.
    Busy,
    /// No process can be started: the installation is broken.
    Unavailable,
}

impl CodeError {
    pub(crate) fn new(kind: CodeErrorKind, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { kind, message, line: None, column: None, item: None, stack: None, logs: Vec::new(), cpu_ms: 0 }
    }

    pub(crate) fn at_item(mut self, item: usize) -> Self {
        self.item = Some(item as u32);
        self
    }
}

impl From<Failure> for CodeError {
    fn from(failure: Failure) -> Self {
        let kind = match failure.kind {
            FailureKind::Syntax => CodeErrorKind::Syntax,
            FailureKind::Thrown => CodeErrorKind::Thrown,
            FailureKind::NeverSettles => CodeErrorKind::NeverSettles,
            FailureKind::Memory => CodeErrorKind::MemoryLimit,
            FailureKind::Output => CodeErrorKind::OutputLimit,
            FailureKind::NotJson => CodeErrorKind::InvalidReturn,
        };
        let Failure { message, line, column, item, stack, .. } = failure;
        Self { line, column, item, stack, ..Self::new(kind, message) }
    }
}
