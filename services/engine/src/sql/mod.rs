//! What kinds share that ask databases in SQL: the parameters of operations on tables, the parts of statements, how statements are
//! executed together, the form and the import.
//!
//! A kind brings what is its database's own: how names and values are written ([`Dialect`]) and how statements are executed
//! ([`Database`]).

mod batch;
pub(crate) mod form;
pub(crate) mod import;
mod parts;

pub(crate) use crate::collected::Collected;
pub(crate) use batch::{Batch, Database, success};
pub(crate) use parts::{
    Batching, ColumnValue, Combine, Condition, DataMode, DeleteCommand, Dialect, EmptyTexts, Listed, Operation, SortBy,
    all_matched, assignments, columns, condition, limit, matching, missing, order, replacement, row, split_replacement,
};
