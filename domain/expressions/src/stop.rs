//! How an evaluation ends early.

use weft_value::{Text, Value};

use crate::error::EvaluationError;
use crate::scope::NodeFault;
use crate::{Exhausted, special};

/// The value of an evaluation, or why there is none.
pub(crate) type Outcome<T = Value> = Result<T, Stop>;

/// Why there is no value.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The whole evaluation fails.
    Fail(Box<EvaluationError>),
    /// What JavaScript would throw; it makes the block `undefined`.
    Throw(Box<Value>),
    /// `?.` on nothing: the chain is `undefined`.
    Chain,
}

impl From<Exhausted> for Stop {
    fn from(exhausted: Exhausted) -> Self {
        Self::Fail(Box::new(exhausted.into()))
    }
}

impl From<NodeFault> for Stop {
    fn from(fault: NodeFault) -> Self {
        Self::Fail(Box::new(fault.into()))
    }
}

/// A `TypeError`.
#[cold]
pub(crate) fn type_error(message: impl Into<Text>) -> Stop {
    throw("TypeError", message)
}

/// A `RangeError`.
#[cold]
pub(crate) fn range_error(message: impl Into<Text>) -> Stop {
    throw("RangeError", message)
}

/// An error with the name of its class.
#[cold]
pub(crate) fn throw(name: &'static str, message: impl Into<Text>) -> Stop {
    Stop::Throw(Box::new(special::wrap(special::Special::Error { name, message: message.into() })))
}

/// A misuse of a function, which fails the evaluation.
#[cold]
pub(crate) fn misuse(message: impl Into<String>) -> Stop {
    Stop::Fail(Box::new(EvaluationError::Misuse(message.into())))
}

/// What only the code runner executes.
#[cold]
pub(crate) fn needs_code_runner(message: impl Into<String>) -> Stop {
    Stop::Fail(Box::new(EvaluationError::NeedsCodeRunner(message.into())))
}

/// A property that must not be touched.
#[cold]
pub(crate) fn refused(name: &str) -> Stop {
    Stop::Fail(Box::new(EvaluationError::Refused(name.to_owned())))
}

/// What is thrown where a property of `null` or `undefined` is asked for.
pub(crate) fn nothing_to_read(value: &Value, name: &str) -> Stop {
    let nothing = if matches!(value, Value::Null) { "null" } else { "undefined" };
    type_error(format!("Cannot read properties of {nothing} (reading '{name}')"))
}
