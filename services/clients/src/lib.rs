//! Clients of databases, brokers, mail servers, storage servers and other machines.
//!
//! No client here opens a socket: each is given a [`weft_connectors::Dialer`], which judges where it leads. What a server sends
//! is bounded in bytes before it is kept. Errors say what the server said and hold no secret. A library that insists on opening its
//! own socket is given the near end of a [`Tunnel`] instead, whose far end was dialled.
//!
//! This crate must not know nodes, the log or executions. To add a client, add a folder or a file for its protocol.

mod bounded;
mod budget;
mod failure;
pub mod ftp;
pub mod imap;
pub mod kafka;
pub mod ldap;
pub mod mongodb;
pub mod mqtt;
pub mod mssql;
pub mod mysql;
pub mod nats;
pub mod postgres;
pub mod rabbitmq;
pub mod redis;
pub mod s3;
mod scram;
pub mod smtp;
mod socket;
pub mod ssh;
mod tunnel;
mod wire;

pub use budget::Budget;
pub use failure::{Failure, Refused};
pub use socket::Socket;
pub use tunnel::Tunnel;
