//! The public contract: one file per noun.
//!
//! The web app uses nothing else, so that the API is the product. Resolvers decode, ask and map; decisions, work and the
//! catalogue are asked through [`ports`], the read side through `weft-projections`. A field names the action that it is
//! (`Can::new(Action::PublishWorkflow)`); the table in `weft-tenants` says who may. `schema.graphql` beside this crate's manifest
//! is generated from these types (`WEFT_UPDATE_SDL=1 cargo test -p weft-graphql`), and a test compares the two.
//!
//! This crate must not know SQL, the log or the engine. To add a field, add it to its noun's file; to add a noun, a file
//! here and a line in [`schema`].

#![expect(clippy::unused_async, reason = "async-graphql asks for it of every resolver")]
#![expect(clippy::too_many_arguments, reason = "a field has as many as the contract says")]
#![expect(clippy::duplicated_attributes, reason = "clippy takes fields of one type in an interface for one attribute")]

pub mod ports;

mod audit;
mod credential;
mod errors;
mod execution;
mod expression;
mod fault;
mod graph;
mod guard;
mod id;
mod import;
mod items;
mod limits;
mod live;
mod loaders;
mod member;
mod node;
mod node_kind;
mod paging;
mod per_language;
mod problem;
mod scalars;
mod schema;
mod session;
mod step;
mod tenant;
mod usage;
mod variable;
mod viewer;
mod workflow;
mod workflow_edit;

#[cfg(test)]
mod tests;

pub use id::GlobalId;
pub use limits::{CREDENTIAL_TYPES, EXPRESSION_ENTRIES, Limits, NODE_KINDS};
pub use schema::{WeftSchema, schema};
pub use session::{Language, session_data};
