//! GraphQL over HTTP and WebSocket.
//!
//! HTTP follows the GraphQL-over-HTTP specification (<https://graphql.github.io/graphql-over-http/draft/>); subscriptions
//! follow `graphql-transport-ws` (<https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>).

mod body;
mod conversation;
mod negotiate;
mod request;
mod response;
pub mod socket;

pub use body::{Asked, Bodies};
pub use conversation::{Admitted, Closing};
pub use negotiate::ResponseType;
pub use request::{Operation, read_get};
pub use response::respond;
