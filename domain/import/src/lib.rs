//! Foreign workflow formats to ours.
//!
//! An importer reads the structure of a foreign file (nodes, connections, settings, pinned items) and gives a definition and
//! a report that says what became of everything in it. What the parameters of a node mean, each node kind knows itself
//! ([`weft_nodes::NodeKind::import_n8n`]); what has no counterpart becomes a [placeholder](PLACEHOLDER) that keeps all of it.
//!
//! This crate must not know any I/O, clock or source of randomness: files arrive as text and new ids from the caller. To add
//! a format, add a folder beside `n8n/` and a function beside [`import_n8n`].

mod n8n;
mod report;

pub use n8n::import_n8n;
pub use report::{Entry, Outcome};

use thiserror::Error;
use weft_model::workflow::{Definition, GraphFault};

/// The kind of a node that stands for a foreign one without a counterpart here. Its parameters are
/// `{"type", "typeVersion", "parameters"}` as they were, and `numberInputs` and
/// `numberOutputs` where it does not have one of each.
pub const PLACEHOLDER: &str = "placeholder";

/// A foreign workflow as one of ours.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// What to create the workflow from; obeys every rule of the model.
    pub definition: Definition,
    /// What became of what, in the order of the file.
    pub report: Vec<Entry>,
}

/// Why a text cannot be imported at all.
#[derive(Debug, Error)]
pub enum ImportError {
    /// Not JSON.
    #[error("The file is not JSON. Export the workflow again as JSON.")]
    NotJson(#[from] weft_value::JsonError),
    /// JSON of something else.
    #[error("The file is not an n8n workflow: it has no list “nodes”. Export one workflow and import that file.")]
    NotN8n,
    /// More than one.
    #[error("The file holds {count} workflows. Import them one by one.")]
    Several {
        /// How many.
        count: usize,
    },
    /// A node that is not one.
    #[error("The node number {index} of the file has no {missing}.")]
    Node {
        /// Its place in the list, from 0.
        index: usize,
        /// `name` or `type`.
        missing: &'static str,
    },
    /// A rule of our workflows, mostly a limit.
    #[error(transparent)]
    Graph(#[from] GraphFault),
}
