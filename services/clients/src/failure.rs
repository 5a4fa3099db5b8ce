//! Why a server gave nothing.

use std::io;
use std::time::Duration;

use thiserror::Error;
use weft_connectors::DialError;

/// Why a server gave nothing. No message holds a password.
#[derive(Debug, Error)]
pub enum Failure {
    /// There is no connection.
    #[error(transparent)]
    Dial(#[from] DialError),
    /// The server refused to sign anybody in with this.
    #[error("{server} does not let the user in: {reason}.")]
    SignIn {
        /// What kind of server.
        server: &'static str,
        /// What it said.
        reason: String,
    },
    /// The server shows another key than it should.
    #[error(
        "Another server may have answered: it shows the host key {shown}, which is not the one of the credential. If the server has a \
         new key, write that into the credential."
    )]
    HostKey {
        /// The fingerprint of the key that it shows.
        shown: String,
    },
    /// The server does not offer an encrypted connection.
    #[error(
        "{server} does not offer encrypted connections. Encrypt it there, or turn encryption off in the credential."
    )]
    NotEncrypted {
        /// What kind of server.
        server: &'static str,
    },
    /// The server understood and refused.
    #[error("{0}")]
    Refused(Box<Refused>),
    /// The server gave up on something that it may have done nevertheless.
    #[error("{0}")]
    InDoubt(Box<Refused>),
    /// The connection broke.
    #[error("The connection to {server} broke.")]
    Broken {
        /// What kind of server.
        server: &'static str,
        /// What the network said.
        #[source]
        source: io::Error,
    },
    /// The server said something that its protocol does not have.
    #[error("{server} answered something that is not understood: {what}.")]
    Protocol {
        /// What kind of server.
        server: &'static str,
        /// What was not understood.
        what: String,
    },
    /// No answer in time.
    #[error("{server} did not answer within {} s.", .limit.as_secs_f64())]
    Timeout {
        /// What kind of server.
        server: &'static str,
        /// The limit.
        limit: Duration,
    },
    /// More rows than are taken.
    #[error("There are more than {limit} rows. Ask for fewer at a time.")]
    TooManyRows {
        /// The limit.
        limit: usize,
    },
    /// More bytes than are taken.
    #[error("The answer is larger than {} MiB. Ask for less at a time.", .limit.div_ceil(1 << 20))]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
}

/// What a server said when it refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct Refused {
    /// Its word for programs, such as an SQLSTATE.
    pub code: String,
    /// What it said.
    pub message: String,
    /// What else it said.
    pub detail: Option<String>,
}

impl Failure {
    /// Whether what was sent may have been done nevertheless.
    pub fn may_have_arrived(&self) -> bool {
        matches!(
            self,
            Self::InDoubt(_)
                | Self::Broken { .. }
                | Self::Protocol { .. }
                | Self::Timeout { .. }
                | Self::TooManyRows { .. }
                | Self::TooLarge { .. }
        )
    }
}
