//! From source to [`Expr`](crate::ir::Expr).

mod call;
mod function;
mod lower;
mod names;
mod parse;
mod split;

pub(crate) use names::{is_refused, this};
pub(crate) use parse::{Finding, block};
pub(crate) use split::{Part, next_part};
