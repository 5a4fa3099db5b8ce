//! The data that flows through a workflow: [`Value`], [`Item`], [`BinaryRef`] and [`DateTime`].
//!
//! A `Value` has JavaScript's meaning and Rust's safety: `undefined` is not `null`, numbers are `f64`, strings count in
//! UTF-16 units, object keys keep JavaScript's order, and a clone shares instead of copying.
//!
//! This crate must not know expressions, nodes, events, clocks or any I/O. To add a kind of value, add a variant to
//! [`Value`] and follow the compiler.

mod datetime;
mod item;
mod json;
mod object;
mod opaque;
mod text;
mod value;

pub use datetime::DateTime;
pub use item::{BinaryRef, EarlierRef, Item, ItemRef, Pairing};
pub use json::{JsonError, from_json, from_json_bytes, mend_lone_halves};
pub use object::Object;
pub use opaque::{Opaque, OpaqueRef};
pub use text::Text;
pub use value::{MAX_DEPTH, Value};
