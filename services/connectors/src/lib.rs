//! The outside world. [`HttpClient`] and its [`Dialer`] are the only ways from Weft to an address that a tenant chose.
//!
//! A tenant may write any URL into a workflow. What stands behind it must not be this machine, its network or its cloud's
//! metadata service (server-side request forgery). So an address is looked up once, judged ([`Egress`]), and *that* address is
//! dialled; every redirect is judged again. An installation may permit names and networks of its own. A refusal is typed, so
//! that the engine can write it into the audit.
//!
//! Certificates are verified against the system's roots (an installation can add its own authority there), with rustls.
//!
//! What speaks another protocol than HTTP (databases, brokers, mail) gets its socket from [`Dialer::dial`]; its client lives in
//! `services/clients` and opens none itself.
//!
//! This crate must not know the log or the database. To add a connector, add a folder `src/<key>/` that is given an
//! [`HttpClient`], never a raw one. To refuse another network, add a row to the tables of `address.rs`.

mod address;
mod client;
mod dialer;
mod digest;
mod egress;
mod error;
mod message;
mod oauth2;
mod resolver;
mod socket;
mod tls;
mod upload;

pub use address::{Network, network_of};
pub use client::{HttpClient, HttpDownload, HttpSettings};
pub use digest::{Answering, Challenge};
pub use egress::{AllowRule, AllowRuleError, Egress};
pub use error::{DialError, EgressRefusal, HttpError, RefusalReason};
pub use message::{HttpRequest, HttpResponse};
pub use oauth2::{ClientCredentials, SentIn, Token, TokenError};
pub use resolver::{Resolver, SystemResolver};
pub use socket::Dialer;
pub use tls::{Encryption, Tls};
pub use upload::{Pieces, Upload, UploadError, UploadSource, WrongLength};
