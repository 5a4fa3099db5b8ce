//! From source to [`Expr`](crate::ir::Expr).

mod assign;
mod call;
mod function;
mod hoist;
mod lower;
mod names;
mod parse;
mod split;
mod statement;

pub(crate) use names::{is_refused, this};
pub(crate) use parse::{Finding, block, function_body};
pub(crate) use split::{Part, next_part};
