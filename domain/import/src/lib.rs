//! Foreign workflow formats to ours, and variables out of `.env` files.
//!
//! An importer reads the structure of a foreign file (nodes, connections, settings, pinned items) and gives a definition and
//! a report that says what became of everything in it. What the parameters of a node mean, each node kind knows itself
//! ([`weft_nodes::NodeKind::import_n8n`]); what has no counterpart becomes a [placeholder](PLACEHOLDER) that keeps all of it.
//!
//! This crate must not know any I/O, clock or source of randomness: files arrive as text and new ids from the caller. To add
//! a format, add a folder beside `n8n/` and a variant of [`Format`].

mod env_file;
mod n8n;
mod report;
mod sign_in;

pub use env_file::{EnvFault, EnvVariable, MAX_ENV_VARIABLES, read_env};
pub use report::{Entry, Outcome};
pub use sign_in::NamedCredential;

use thiserror::Error;
use uuid::Uuid;
use weft_model::limits::MAX_EVENT;
use weft_model::workflow::{Definition, GraphFault};
use weft_model::{FileFault, NodeId, WorkflowFile, WorkflowId};
use weft_nodes::Catalogue;
use weft_value::from_json;

/// The kind of a node that stands for a foreign one without a counterpart here. Its parameters are
/// `{"type", "typeVersion", "parameters"}` as they were, and `numberInputs` and
/// `numberOutputs` where it does not have one of each.
pub const PLACEHOLDER: &str = "placeholder";

/// A foreign workflow as one of ours.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// The id to create the workflow under: the others of its file name it so.
    pub workflow: WorkflowId,
    /// What to create the workflow from; obeys every rule of the model.
    pub definition: Definition,
    /// What became of what, in the order of the file.
    pub report: Vec<Entry>,
    /// What its nodes signed in with, by name alone. Nothing in a file of ours: that has ids.
    pub credentials: Vec<NamedCredential>,
}

/// Whose format a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Weft's own (`infra/docs/workflow-file.md`).
    Weft,
    /// n8n's: an export of one or several workflows, a copy from its canvas, or an answer of its API.
    N8n,
}

/// Reads the workflows in `text`. Without a `format`, the file says itself what it is: Weft's begins with `{"weft": 1`. Node
/// kinds come from `catalogue`; workflows get `fresh` ids, and so do nodes where the file has none of ours.
pub fn import(
    text: &str,
    format: Option<Format>,
    catalogue: &Catalogue,
    mut fresh: impl FnMut() -> Uuid,
) -> Result<Vec<Import>, ImportError> {
    // Programs of Windows write a mark of UTF-8 in front of what they keep.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let file = from_json(text)?;
    let found = if file.get("weft").is_undefined() { Format::N8n } else { Format::Weft };
    let mut imports = match format.unwrap_or(found) {
        Format::Weft => {
            let definition = WorkflowFile::parse(text)?.into_definition(|| NodeId(fresh()))?;
            vec![Import { workflow: WorkflowId(fresh()), definition, report: Vec::new(), credentials: Vec::new() }]
        }
        Format::N8n => n8n::import(&file, catalogue, &mut fresh)?,
    };
    imports.iter_mut().for_each(leave_out_pinned);
    Ok(imports)
}

/// Items are pinned to try a workflow out. They are what is left out where they make it too large to be kept.
fn leave_out_pinned(import: &mut Import) {
    let Import { definition, report, .. } = import;
    for node in definition.unpin_what_is_too_much() {
        let name = definition.graph.nodes.get(&node).map_or("", |node| node.name.as_str());
        let message = format!("Its pinned items: with them, the workflow would be larger than {MAX_EVENT} bytes.");
        report.push(Entry::of_node(name, Outcome::LeftOut, message));
    }
}

/// Why a text cannot be imported at all.
#[derive(Debug, Error)]
pub enum ImportError {
    /// Not JSON.
    #[error("The file is not JSON. Export the workflow again as JSON.")]
    NotJson(#[from] weft_value::JsonError),
    /// JSON of something else.
    #[error("The file is not a workflow: it has no list “nodes”. Export the workflow and import that file.")]
    NotN8n,
    /// More than a person can look over.
    #[error("The file holds {count} workflows; at most 200 can be imported at once. Import them in several files.")]
    TooMany {
        /// How many.
        count: usize,
    },
    /// One of many is wrong; none was imported.
    #[error("Workflow {number} of {count}: {source}")]
    OneOfSeveral {
        /// Which one, from 1.
        number: usize,
        /// How many there are.
        count: usize,
        /// What is wrong with it.
        source: Box<ImportError>,
    },
    /// A file of ours that is wrong.
    #[error(transparent)]
    File(#[from] FileFault),
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
