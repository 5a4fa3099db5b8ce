//! Node kinds: the trait, the descriptors that the editor shows, and the kinds that only transform items.
//!
//! A kind is one file: a doc comment with a tiny before and after, a parameter struct, one `run` over items, a table of
//! tests. To add one, write `src/kinds/<kind>.rs` and name it in the list of `src/kinds/mod.rs`. A kind that touches the outside world lives in
//! `services/engine/src/kinds/` instead and implements the same [`NodeKind`].
//!
//! This crate must not know graphs, events, executions, clocks or any I/O: a step gets its items and a way to evaluate its
//! expressions, and gives items back.

mod catalogue;
mod coercion;
mod condition;
pub mod credential;
mod descriptor;
mod equality;
mod field;
mod globals;
mod grouping;
mod item_lists;
mod kind;
mod kinds;
mod markup;
mod matching;
mod misfit;
mod path;
mod problem;
mod random;
pub mod testing;
mod unmapped;

pub use catalogue::{Catalogue, UnknownKind};
pub use coercion::{FieldType, coerce, is_truthy};
pub use descriptor::{
    Descriptor, Group, Label, Parameter, ParameterOption, ParameterType, Port, Retried, ShowWhen, choice, field, label,
    port,
};
pub use equality::ByValue;
pub use field::Field;
pub use globals::WithGlobals;
pub use kind::{
    ErrorDetails, Imported, N8nNode, NodeError, NodeKind, Outputs, Portion, Ports, Step, Transform, TransformKind,
    Unsupported, each_item, each_items, for_each_item, reason_of,
};
pub use kinds::{all, writes_json};
pub use markup::parse_html;
pub use path::{Dots, Path, get_path, path_of_name, set_path, unset_path};
pub use problem::{Problem, Severity, parameters, parameters_with};
