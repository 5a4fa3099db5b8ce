//! Why an evaluation failed.

use thiserror::Error;

use crate::budget::Exhausted;
use crate::scope::NodeFault;

/// What always fails an evaluation. Errors that JavaScript would throw (a property of `undefined`, an unknown name, broken
/// JSON) are not among them: they make the value of their block `undefined`.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum EvaluationError {
    /// Another node's data could not be had.
    #[error(transparent)]
    Node(#[from] NodeFault),
    /// A limit was reached.
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
    /// A function was used in a way that it does not allow; the sentence says which.
    #[error("{0}")]
    Misuse(String),
    /// It is right, and takes what only the code runner executes; the sentence says what.
    #[error("{0}")]
    NeedsCodeRunner(String),
    /// A property that expressions must not touch.
    #[error("Expressions cannot use \"{0}\".")]
    Refused(String),
    /// The value of a block is a function.
    #[error("This is a function: add (), so that it is called.")]
    Function,
}
