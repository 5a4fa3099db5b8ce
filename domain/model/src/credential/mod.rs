//! A credential of a tenant: what a node signs in with elsewhere. Its secret is in no log.

mod command;
mod event;
#[cfg(test)]
mod tests;

pub use command::*;
pub use event::*;

use jiff::civil::Date;
use thiserror::Error;

use crate::limits::{MAX_NAME, NameFault, check_name};
use crate::{CredentialId, Decider, NodeId, WorkflowId};

/// A credential as its decisions see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Credential {
    /// Nothing happened yet.
    #[default]
    Absent,
    /// It exists.
    Present {
        /// Its name.
        name: String,
        /// Its type.
        kind: String,
        /// The number of its secret.
        version: u32,
    },
    /// It is gone. Who needs it again makes a new one.
    Deleted,
}

/// Why a credential says no.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CredentialRejection {
    /// It was made before.
    #[error("This credential exists already.")]
    Exists,
    /// Never made, or deleted.
    #[error("There is no such credential, or it was deleted. Make a new one.")]
    Missing,
    /// A name that cannot be shown.
    #[error("The name {fault}.")]
    Name {
        /// What is wrong.
        fault: NameFault,
    },
    /// No word for a type.
    #[error("“{kind}” cannot be the type of a credential: it is a word of letters and digits.")]
    Kind {
        /// What was asked for.
        kind: String,
    },
    /// Somebody gave it another secret meanwhile.
    #[error("Somebody changed this credential meanwhile. Look at it again, then change it.")]
    ChangedMeanwhile,
}

impl CredentialRejection {
    /// A word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Exists => "credential_exists",
            Self::Missing => "credential_missing",
            Self::Name { fault } => fault.code(),
            Self::Kind { .. } => "type_invalid",
            Self::ChangedMeanwhile => "changed_meanwhile",
        }
    }

    /// The path to the refused field.
    pub fn field(&self) -> Vec<String> {
        match self {
            Self::Exists | Self::Missing | Self::ChangedMeanwhile => vec![],
            Self::Name { .. } => vec!["name".into()],
            Self::Kind { .. } => vec!["type".into()],
        }
    }
}

impl Decider for Credential {
    type Command = CredentialCommand;
    type Event = CredentialEvent;
    type Rejection = CredentialRejection;

    const NAME: &'static str = "credential";

    fn decide(&self, command: CredentialCommand) -> Result<Vec<CredentialEvent>, CredentialRejection> {
        match (self, command) {
            (Self::Absent, CredentialCommand::Create { name, kind }) => create(name, kind),
            (Self::Present { .. }, CredentialCommand::Create { .. }) => Err(CredentialRejection::Exists),
            (Self::Absent | Self::Deleted, _) => Err(CredentialRejection::Missing),
            (Self::Present { name: was, version: now, .. }, CredentialCommand::Update { name, version }) => {
                update((was, *now), name, version)
            }
            (Self::Present { version: now, .. }, CredentialCommand::RecordTest { version, outcome, at }) => {
                if *now == version {
                    Ok(vec![CredentialEvent::Tested { version, outcome, at }])
                } else {
                    Err(CredentialRejection::ChangedMeanwhile)
                }
            }
            (Self::Present { name, .. }, CredentialCommand::Delete) => {
                Ok(vec![CredentialEvent::Deleted { name: name.clone() }])
            }
        }
    }

    fn evolve(&mut self, event: &CredentialEvent) {
        match (self, event) {
            (state, CredentialEvent::Created { name, kind }) => {
                *state = Self::Present { name: name.clone(), kind: kind.clone(), version: 1 };
            }
            (Self::Present { name, .. }, CredentialEvent::Renamed { name: new, was: _ }) => name.clone_from(new),
            (Self::Present { version, .. }, CredentialEvent::Rotated { version: new }) => *version = *new,
            (state, CredentialEvent::Deleted { .. }) => *state = Self::Deleted,
            // What was opened a moment before it was deleted may be told a moment after.
            (_, CredentialEvent::Tested { .. } | CredentialEvent::Used { .. })
            | (Self::Absent | Self::Deleted, CredentialEvent::Renamed { .. } | CredentialEvent::Rotated { .. }) => {}
        }
    }
}

fn create(name: String, kind: String) -> Result<Vec<CredentialEvent>, CredentialRejection> {
    check_name(&name).map_err(|fault| CredentialRejection::Name { fault })?;
    if kind.is_empty() || kind.len() > MAX_NAME || !kind.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(CredentialRejection::Kind { kind });
    }
    Ok(vec![CredentialEvent::Created { name, kind }])
}

fn update(
    (was, now): (&str, u32),
    name: Option<String>,
    version: Option<u32>,
) -> Result<Vec<CredentialEvent>, CredentialRejection> {
    let mut events = Vec::new();
    if let Some(name) = name.filter(|name| name != was) {
        check_name(&name).map_err(|fault| CredentialRejection::Name { fault })?;
        events.push(CredentialEvent::Renamed { name, was: was.to_owned() });
    }
    if let Some(version) = version {
        // The new secret was made of the one that it replaces, so that only one of two rivals may follow it.
        if now.checked_add(1) != Some(version) {
            return Err(CredentialRejection::ChangedMeanwhile);
        }
        events.push(CredentialEvent::Rotated { version });
    }
    Ok(events)
}

/// The scope of the names that [`reserved_name`] makes.
pub const CREDENTIAL_NAMES: &str = "credential.name";

/// What an append reserves for a credential of this name: names that differ only in case would be taken for each other.
pub fn reserved_name(name: &str) -> String {
    name.trim().to_lowercase()
}

/// The idempotency key of [`CredentialEvent::Used`]: what is the same all day.
pub fn use_key(credential: CredentialId, workflow: WorkflowId, node: NodeId, day: Date) -> String {
    format!("credential.used:{credential}:{workflow}:{node}:{day}")
}
