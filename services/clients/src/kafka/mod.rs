//! Kafka: its binary protocol (<https://kafka.apache.org/protocol.html>), as much of it as sending needs.
//!
//! It is spoken in versions that every server since Kafka 1.0 knows (zstd: since 2.1), Kafka 4 included, so that nothing has to be agreed upon
//! before. A cluster says itself where its servers are: each of them is dialled through the same [`weft_connectors::Dialer`],
//! which judges it, as is the first one. Libraries that know Kafka open such connections by themselves.

mod answers;
mod connection;
mod errors;
mod partition;
mod records;
mod session;
mod sign_in;
mod wire;

pub use records::{Compression, Message};
pub use session::{Acks, Delivery, Placed, Server, Session};
pub use sign_in::{Mechanism, SignIn};
pub use wire::Topic;

/// Its name in messages.
pub(crate) const NAME: &str = "Kafka";
