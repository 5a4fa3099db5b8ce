//! A variable of a tenant: `$vars.<name>` in every workflow.

mod event;

pub use event::*;
