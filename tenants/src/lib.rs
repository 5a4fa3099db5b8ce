//! Who is asking, what may they do.
//!
//! Every request becomes a [`RequestContext`] first: the tenant from the host name, the actor from a session. What an
//! actor may do is asked with [`can`].
//!
//! This crate must not know the log, projections, GraphQL or the engine; what it needs of them are ports. To add an
//! action, add a variant and its name in `action.rs` and one word in the table of `permission.rs`.

mod action;
mod context;
mod permission;

pub use action::Action;
pub use context::{RequestContext, SessionId};
pub use permission::{Forbidden, Resource, can, permissions_of};
