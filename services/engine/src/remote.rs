//! What kinds share that speak to a server in another protocol than HTTP.

use std::time::Duration;

use weft_clients::Failure;
use weft_clients::smtp::Begin;
use weft_connectors::{DialError, Dialer, Encryption, Tls};
use weft_model::CredentialId;
use weft_nodes::{NodeError, Retried};

use crate::action::{ActFailure, Services};
use crate::credentials::Opened;
use crate::execution::{Room, StepView};

/// How many rows or messages a step takes from a server.
pub(crate) const MOST_ROWS: usize = 1_000_000;
/// How long a server may take to let somebody in, where nobody said another time.
pub(crate) const CONNECT: Duration = Duration::from_secs(30);
/// How long a server may take for all that a step asks of it, where nobody said another time.
pub(crate) const ANSWER: Duration = Duration::from_mins(5);

/// A limit in seconds as an option says it.
pub(crate) fn seconds(given: Option<f64>, otherwise: Duration) -> Duration {
    given.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()).unwrap_or(otherwise)
}

/// Why an item gave nothing: the step's own parameters, or the server.
pub(crate) enum NotDone {
    /// The parameters, or the files of the step.
    Here(NodeError),
    /// The server.
    There(Failure),
}

impl From<NodeError> for NotDone {
    fn from(error: NodeError) -> Self {
        Self::Here(error)
    }
}

impl From<Failure> for NotDone {
    fn from(failure: Failure) -> Self {
        Self::There(failure)
    }
}

/// The dialer of this installation.
pub(crate) fn dialer(services: &Services) -> Result<Dialer, NodeError> {
    let none = || NodeError::new("connection", "This installation connects to no other server.").finally();
    services.http.as_ref().map(weft_connectors::HttpClient::dialer).ok_or_else(none)
}

/// The credential that a node was given, opened.
pub(crate) async fn opened(
    step: &StepView,
    services: &Services,
    credential: Option<CredentialId>,
    types: &[&str],
) -> Result<Opened, NodeError> {
    let id = chosen(credential)?;
    step.credential(services, id, types).await.map_err(|error| error.in_field("credential"))
}

/// The credential that a node must have.
pub(crate) fn chosen(credential: Option<CredentialId>) -> Result<CredentialId, NodeError> {
    let missing = || NodeError::new("credential", "This node needs a credential.").in_field("credential").finally();
    credential.ok_or_else(missing)
}

/// The port of a credential.
pub(crate) fn port(opened: &Opened) -> Result<u16, NodeError> {
    opened.field("port").trim().parse().ok().filter(|port| *port > 0).ok_or_else(|| {
        let message = "The port of the credential must be a whole number between 1 and 65535.";
        NodeError::new("credential", message).in_field("credential").finally()
    })
}

/// How a credential wants its connection encrypted.
pub(crate) fn tls(opened: &Opened) -> Tls {
    let encryption = match opened.field("encryption") {
        "off" => Encryption::Off,
        "unverified" => Encryption::Unverified,
        _ => Encryption::Verified,
    };
    Tls { encryption, authority: opened.field("authority").to_owned() }
}

/// How a connection begins that may be encrypted later.
pub(crate) fn begin(opened: &Opened) -> Begin {
    match opened.field("begin") {
        "tls" => Begin::Tls,
        "clear" => Begin::Clear,
        _ => Begin::StartTls,
    }
}

/// What became of a step that a server failed: the error, and the host that may not be reached, for the audit. One that may have
/// been done and must not be done twice is not repeated. What fills the execution's memory ends it.
pub(crate) fn failed(failure: &Failure, retried: Retried, room: Room) -> ActFailure {
    if let Failure::TooLarge { limit } = failure
        && *limit >= room.left()
    {
        return ActFailure::ending(room.full().into());
    }
    let error = error_of(failure, retried);
    let refused = match failure {
        Failure::Dial(DialError::Refused(refusal)) => vec![refusal.host.clone()],
        _ => Vec::new(),
    };
    ActFailure { refused, ..error.into() }
}

/// The same of a connection that was not made. Nothing was asked yet: whatever went wrong can be tried again.
pub(crate) fn not_opened(room: Room) -> impl Fn(Failure) -> ActFailure {
    move |failure| failed(&failure, Retried::Idempotent, room)
}

/// The same as the error alone.
pub(crate) fn error_of(failure: &Failure, retried: Retried) -> NodeError {
    let error = NodeError::new(code_of(failure), failure.to_string());
    match failure {
        Failure::Refused(refused) => match &refused.detail {
            Some(detail) => error.describe(detail.clone()),
            None => error,
        },
        Failure::Dial(DialError::Refused(_) | DialError::Invalid { .. } | DialError::Authority)
        | Failure::SignIn { .. }
        | Failure::HostKey { .. }
        | Failure::NotEncrypted { .. }
        | Failure::TooManyRows { .. } => error.finally(),
        _ if failure.may_have_arrived() && retried == Retried::AtMostOnce => {
            error.finally().describe("It may have been done nevertheless, so that it is not repeated.")
        }
        _ => error,
    }
}

fn code_of(failure: &Failure) -> &'static str {
    match failure {
        Failure::Dial(DialError::Refused(_)) => "egress_refused",
        Failure::Dial(_) | Failure::Broken { .. } | Failure::NotEncrypted { .. } => "connection",
        Failure::SignIn { .. } => "sign_in",
        Failure::Refused(_) | Failure::InDoubt(_) => "server_refused",
        Failure::HostKey { .. } => "host_key",
        Failure::Timeout { .. } => "server_timeout",
        Failure::Protocol { .. } | Failure::TooManyRows { .. } | Failure::TooLarge { .. } => "server_answer",
    }
}
