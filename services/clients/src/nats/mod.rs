//! NATS (<https://docs.nats.io/reference/reference-protocols/nats-protocol>), as a program speaks it that publishes and asks.
//!
//! The protocol is lines and counted bytes, which we read ourselves: a server speaks in clear before it is encrypted, which no
//! tunnel can carry, and a library that dials again by itself could publish a message twice.

mod message;
mod session;
mod sign_in;
mod wire;

pub use message::{Headers, Message, Subject, Unsendable};
pub use session::{Reply, Session};
pub use sign_in::Server;

/// Its name in messages.
pub(crate) const NAME: &str = "NATS";
