//! Why a request had no answer.

use std::{io, net::IpAddr, time::Duration};

use thiserror::Error;
use url::Url;

use crate::{address::Network, upload::UploadError};

/// A request that this installation does not permit; the engine writes it into the audit.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("The request to {host} is not permitted: {reason}.")]
pub struct EgressRefusal {
    /// The host as it stands in the URL. The rest of the URL may hold secrets and is not kept.
    pub host: String,
    /// The port.
    pub port: Option<u16>,
    /// The address it led to, where that is what was refused.
    pub address: Option<IpAddr>,
    /// Why.
    pub reason: RefusalReason,
}

impl EgressRefusal {
    pub(crate) fn of_url(url: &Url, address: Option<IpAddr>, reason: RefusalReason) -> Self {
        let host = url.host_str().unwrap_or_default().to_owned();
        Self { host, port: url.port_or_known_default(), address, reason }
    }
}

/// Why a request is not permitted.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum RefusalReason {
    /// Of URLs, only those of http and https leave.
    #[error("only http and https are")]
    Scheme,
    /// It leads to a network that is not the internet.
    #[error("it leads to {}", describe(*.0))]
    Network(Network),
}

fn describe(network: Network) -> &'static str {
    match network {
        Network::Public => "the internet",
        Network::Loopback | Network::Unspecified => "the server itself",
        Network::Private => "a private network",
        Network::LinkLocal => "the server's local link",
        Network::Metadata => "a cloud's metadata service",
        Network::Shared => "a carrier's private network",
        Network::Multicast => "a multicast address",
        Network::Reserved => "a reserved address",
    }
}

/// Why a request had no answer. Messages name the host alone: paths and queries may hold secrets.
#[derive(Debug, Error)]
pub enum HttpError {
    /// This installation does not permit it.
    #[error(transparent)]
    Refused(#[from] EgressRefusal),
    /// The URL, a header or the method cannot be sent.
    #[error("The request cannot be sent: {0}.")]
    Invalid(String),
    /// The name of the host leads nowhere.
    #[error("The host {host} could not be found.")]
    UnknownHost {
        /// The host.
        host: String,
    },
    /// No connection, or it broke.
    #[error("The connection to {host} failed.")]
    Connection {
        /// The host.
        host: String,
        /// Whether the request may have arrived: what is not idempotent must then not simply be repeated.
        sent: bool,
        /// What the network said.
        #[source]
        source: reqwest::Error,
    },
    /// What was to be sent could not be read, so that the request never came to its end.
    #[error("What was to be sent could not be read.")]
    Unread {
        /// Why.
        #[source]
        source: UploadError,
    },
    /// No answer in time.
    #[error("{host} did not answer within {} s.", .limit.as_secs_f64())]
    Timeout {
        /// The host.
        host: String,
        /// The limit.
        limit: Duration,
    },
    /// The request or the answer is larger than permitted.
    #[error("The {what} is larger than {limit} bytes.")]
    TooLarge {
        /// `request` or `answer`.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// Too many redirects, or one that leads nowhere.
    #[error("{host} redirected more than {limit} times.")]
    TooManyRedirects {
        /// The host that redirected last.
        host: String,
        /// The limit.
        limit: usize,
    },
}

/// Why there is no connection. Messages name the host alone.
#[derive(Debug, Error)]
pub enum DialError {
    /// This installation does not permit it.
    #[error(transparent)]
    Refused(#[from] EgressRefusal),
    /// What was given is no name of a host and no address.
    #[error("“{host}” is no name of a server.")]
    Invalid {
        /// What was given.
        host: String,
    },
    /// The name of the host leads nowhere.
    #[error("The host {host} could not be found.")]
    UnknownHost {
        /// The host.
        host: String,
    },
    /// Nobody listens there, or the network leads nowhere.
    #[error("{host} could not be reached on port {port}.")]
    Unreachable {
        /// The host.
        host: String,
        /// The port.
        port: u16,
        /// What the network said.
        #[source]
        source: io::Error,
    },
    /// No connection in time.
    #[error("{host} did not answer within {} s.", .limit.as_secs_f64())]
    Timeout {
        /// The host.
        host: String,
        /// The limit.
        limit: Duration,
    },
    /// The encrypted connection was not made: mostly a certificate that is not trusted.
    #[error("No encrypted connection to {host} could be made: {source}.")]
    Tls {
        /// The host.
        host: String,
        /// What TLS said.
        #[source]
        source: io::Error,
    },
    /// The certificates to trust cannot be read.
    #[error("The certificate to trust cannot be read. It must be in PEM, from -----BEGIN CERTIFICATE----- to the end.")]
    Authority,
}
