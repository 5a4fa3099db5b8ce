//! A variable of a tenant: `$vars.<name>` in every workflow.

mod command;
mod event;
#[cfg(test)]
mod tests;

pub use command::*;
pub use event::*;

use thiserror::Error;

use crate::Decider;
use crate::limits::{MAX_NAME, MAX_VARIABLE};

/// A variable as its decisions see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Variable {
    /// Nothing happened yet.
    #[default]
    Absent,
    /// It has a value.
    Present {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
    /// It is gone. Who sets the name again makes a new variable.
    Deleted,
}

/// Why a variable says no.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum VariableRejection {
    /// Never set, or deleted.
    #[error("There is no such variable, or it was deleted. Make a new one.")]
    Missing,
    /// A name that no expression could write.
    #[error(
        "“{name}” cannot be the name of a variable. Begin with a letter or _ and go on with letters, digits and _, \
         at most {MAX_NAME} characters."
    )]
    Name {
        /// What was asked for.
        name: String,
    },
    /// Expressions refer to the old name.
    #[error("This variable is called “{name}” and cannot be renamed. Make a new one.")]
    Renamed {
        /// The name that it has.
        name: String,
    },
    /// Too much to keep.
    #[error("The value of a variable must not be longer than {MAX_VARIABLE} bytes.")]
    TooLarge,
}

impl VariableRejection {
    /// A word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing => "variable_missing",
            Self::Name { .. } => "name_invalid",
            Self::Renamed { .. } => "variable_renamed",
            Self::TooLarge => "value_too_large",
        }
    }

    /// The path to the refused field.
    pub fn field(&self) -> Vec<String> {
        match self {
            Self::Missing => vec![],
            Self::Name { .. } | Self::Renamed { .. } => vec!["name".into()],
            Self::TooLarge => vec!["value".into()],
        }
    }
}

impl Decider for Variable {
    type Command = VariableCommand;
    type Event = VariableEvent;
    type Rejection = VariableRejection;

    const NAME: &'static str = "variable";

    fn decide(&self, command: VariableCommand) -> Result<Vec<VariableEvent>, VariableRejection> {
        match (self, command) {
            (Self::Deleted, _) | (Self::Absent, VariableCommand::Delete) => Err(VariableRejection::Missing),
            (Self::Present { name: now, .. }, VariableCommand::Set { name, .. }) if *now != name => {
                Err(VariableRejection::Renamed { name: now.clone() })
            }
            (Self::Present { value: now, .. }, VariableCommand::Set { value, .. }) if *now == value => Ok(vec![]),
            (Self::Absent | Self::Present { .. }, VariableCommand::Set { name, value }) => set(name, value),
            (Self::Present { name, .. }, VariableCommand::Delete) => {
                Ok(vec![VariableEvent::Deleted { name: name.clone() }])
            }
        }
    }

    fn evolve(&mut self, event: &VariableEvent) {
        *self = match event {
            VariableEvent::Set { name, value } => Self::Present { name: name.clone(), value: value.clone() },
            VariableEvent::Deleted { .. } => Self::Deleted,
        };
    }
}

fn set(name: String, value: String) -> Result<Vec<VariableEvent>, VariableRejection> {
    let mut letters = name.chars();
    let begins = letters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    if !begins || name.len() > MAX_NAME || !letters.all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err(VariableRejection::Name { name });
    }
    if value.len() > MAX_VARIABLE {
        return Err(VariableRejection::TooLarge);
    }
    Ok(vec![VariableEvent::Set { name, value }])
}
