//! Events as the log stores them: a frozen name, the version of their shape, and a JSON object of their fields.

use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::access::AccessEvent;
use crate::credential::CredentialEvent;
use crate::execution::ExecutionEvent;
use crate::member::MemberEvent;
use crate::tenant::TenantEvent;
use crate::upcast::{self, UPCASTERS, Upcaster};
use crate::variable::VariableEvent;
use crate::workflow::WorkflowEvent;

/// Declares the frozen wire names of an aggregate's events, `workflow.published.v1` for instance, which are also their
/// serde tags. A test holds the two together, since a sample of every name is encoded and decoded.
macro_rules! wire_names {
    ($event:ident { $($variant:ident => $name:literal),+ $(,)? }) => {
        impl $event {
            /// The wire name of every variant, with its version.
            pub const WIRE_NAMES: &'static [&'static str] = &[$($name),+];

            /// The frozen wire name of this event, with its version.
            pub fn wire_name(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $name),+
                }
            }
        }
    };
}
pub(crate) use wire_names;

/// A fact in a tenant's log, of whichever aggregate.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// About the tenant itself.
    Tenant(TenantEvent),
    /// About a person's membership.
    Member(MemberEvent),
    /// About a workflow.
    Workflow(WorkflowEvent),
    /// About an execution.
    Execution(ExecutionEvent),
    /// About a variable.
    Variable(VariableEvent),
    /// About a credential.
    Credential(CredentialEvent),
    /// About who was let in and who was not.
    Access(AccessEvent),
}

/// Stored bytes that are not an event this program knows.
#[derive(Debug, Error)]
pub enum DecodeError {
    /// The name is unknown, or a newer program wrote this shape.
    #[error("The event type {wire_type} in version {version} is unknown to this program. Start a newer version of it.")]
    Unknown {
        /// The name without its version.
        wire_type: String,
        /// The version of the shape.
        version: i16,
    },
    /// The name is known and the body does not fit it.
    #[error("The body of an event {wire_type} in version {version} has not the shape of such an event.")]
    Malformed {
        /// The name without its version.
        wire_type: String,
        /// The version of the shape.
        version: i16,
        /// Where it does not fit.
        #[source]
        source: serde_json::Error,
    },
}

impl Event {
    /// The wire name of every event that this program writes, with its version.
    pub fn wire_names() -> impl Iterator<Item = &'static str> {
        [
            TenantEvent::WIRE_NAMES,
            MemberEvent::WIRE_NAMES,
            WorkflowEvent::WIRE_NAMES,
            ExecutionEvent::WIRE_NAMES,
            VariableEvent::WIRE_NAMES,
            CredentialEvent::WIRE_NAMES,
            AccessEvent::WIRE_NAMES,
        ]
        .into_iter()
        .flatten()
        .copied()
    }

    /// The frozen name with its version, `execution.queued.v1`.
    pub fn wire_name(&self) -> &'static str {
        match self {
            Self::Tenant(event) => event.wire_name(),
            Self::Member(event) => event.wire_name(),
            Self::Workflow(event) => event.wire_name(),
            Self::Execution(event) => event.wire_name(),
            Self::Variable(event) => event.wire_name(),
            Self::Credential(event) => event.wire_name(),
            Self::Access(event) => event.wire_name(),
        }
    }

    /// The frozen name without its version, `execution.queued`.
    pub fn wire_type(&self) -> &'static str {
        split_name(self.wire_name()).0
    }

    /// The version of the shape, from 1.
    pub fn wire_version(&self) -> i16 {
        split_name(self.wire_name()).1
    }

    /// The fields as a JSON object, without the name.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Tenant(event) => encode(event, event.wire_name()),
            Self::Member(event) => encode(event, event.wire_name()),
            Self::Workflow(event) => encode(event, event.wire_name()),
            Self::Execution(event) => encode(event, event.wire_name()),
            Self::Variable(event) => encode(event, event.wire_name()),
            Self::Credential(event) => encode(event, event.wire_name()),
            Self::Access(event) => encode(event, event.wire_name()),
        }
    }

    /// The event that was stored under this name and version, whatever version wrote it: an old shape is upcast first.
    pub fn decode(wire_type: &str, version: i16, body: &[u8]) -> Result<Self, DecodeError> {
        Self::decode_with(UPCASTERS, wire_type, version, body)
    }

    pub(crate) fn decode_with(
        upcasters: &[Upcaster],
        wire_type: &str,
        version: i16,
        body: &[u8],
    ) -> Result<Self, DecodeError> {
        let malformed = |source| DecodeError::Malformed { wire_type: wire_type.to_owned(), version, source };
        match upcast::upcast(upcasters, wire_type, version, body).map_err(malformed)? {
            None => decode_current(wire_type, version, body),
            Some((current, upcast)) => decode_current(wire_type, current, &upcast),
        }
    }
}

/// The wire name in its two halves.
pub(crate) fn split_name(name: &'static str) -> (&'static str, i16) {
    // Every name is a literal of `wire_names!`; a test reads all of them through here.
    name.rsplit_once(".v").map_or((name, 1), |(wire_type, version)| (wire_type, version.parse().unwrap_or(1)))
}

fn decode_current(wire_type: &str, version: i16, body: &[u8]) -> Result<Event, DecodeError> {
    let name = format!("{wire_type}.v{version}");
    let result = match wire_type.split('.').next() {
        _ if !Event::wire_names().any(|known| known == name) => {
            return Err(DecodeError::Unknown { wire_type: wire_type.to_owned(), version });
        }
        Some("tenant") => tagged(&name, body).map(Event::Tenant),
        Some("member") => tagged(&name, body).map(Event::Member),
        Some("workflow") => tagged(&name, body).map(Event::Workflow),
        Some("execution") => tagged(&name, body).map(Event::Execution),
        Some("variable") => tagged(&name, body).map(Event::Variable),
        Some("credential") => tagged(&name, body).map(Event::Credential),
        _ => tagged(&name, body).map(Event::Access),
    };
    result.map_err(|source| DecodeError::Malformed { wire_type: wire_type.to_owned(), version, source })
}

/// Serde writes `{"<name>":{…}}`. The log keeps the name in a column of its own, so only what stands inside is stored;
/// cutting the text is far cheaper than building a tree in between, and events are written on the hottest path there is.
fn encode<E: Serialize>(event: &E, name: &str) -> Vec<u8> {
    #[expect(clippy::expect_used, reason = "every key of an event is a string, and writing to memory cannot fail")]
    let mut text = serde_json::to_vec(event).expect("an event is always JSON");
    debug_assert!(text[2..].starts_with(name.as_bytes()), "serde's tag is not the wire name {name}");
    text.pop();
    text.drain(..name.len() + r#"{"":"#.len());
    text
}

/// The reverse of [`encode`].
fn tagged<E: DeserializeOwned>(name: &str, body: &[u8]) -> Result<E, serde_json::Error> {
    let mut text = Vec::with_capacity(name.len() + body.len() + 5);
    text.extend_from_slice(b"{\"");
    text.extend_from_slice(name.as_bytes());
    text.extend_from_slice(b"\":");
    text.extend_from_slice(body);
    text.push(b'}');
    serde_json::from_slice(&text)
}

macro_rules! into_event {
    ($($event:ident => $variant:ident),+ $(,)?) => {$(
        impl From<$event> for Event {
            fn from(event: $event) -> Self {
                Self::$variant(event)
            }
        }
    )+};
}

into_event! {
    TenantEvent => Tenant,
    MemberEvent => Member,
    WorkflowEvent => Workflow,
    ExecutionEvent => Execution,
    VariableEvent => Variable,
    CredentialEvent => Credential,
    AccessEvent => Access,
}
