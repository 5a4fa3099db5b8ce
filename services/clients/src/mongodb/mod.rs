//! MongoDB: its messages (<https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/>), as much of them as commands
//! need, with the BSON of MongoDB's own library. Every server since MongoDB 4.2 speaks them.
//!
//! MongoDB's own client for Rust is not used. It opens its sockets itself; it keeps every password that it ever signed in with in
//! memory, readable and for ever; and it lets a server choose how often a password is hashed, up to four thousand million times on
//! the thread that all executions share, and stop that thread with a challenge that is too short. Here a server is whatever a
//! tenant names. So a connection is dialled through the [`weft_connectors::Dialer`], which judges each server that a replica set
//! names as well, and a password is proven as to Kafka.

mod address;
mod answer;
mod dns;
mod errors;
mod names;
mod primary;
mod session;
mod sign_in;
mod values;
mod wire;

pub use address::{NoAddress, Place, Reach, Server};
pub use bson::Document;
pub use session::{Change, Changes, Find, Order, Refusals, Session};
pub use sign_in::{Mechanism, SignIn};
pub use values::{NotSent, document, documents, has_operator, moment, with_id};

/// Its name in messages.
pub(crate) const NAME: &str = "MongoDB";
