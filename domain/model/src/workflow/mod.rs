//! A workflow: a draft that people edit, and the versions of it that are executed.

mod change;
mod event;

pub use change::*;
pub use event::*;
