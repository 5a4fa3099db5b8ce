//! How much of everything there may be. Each bound is far above what people draw and far below what would hurt their
//! neighbours; a command beyond one is rejected with the bound in its sentence.

use thiserror::Error;
use weft_value::Value;

/// The most bytes of an expression in the settings of a workflow.
pub const MAX_KEY: usize = 10_000;
/// The most nodes of one graph.
pub const MAX_NODES: usize = 2_000;
/// The most edges of one graph.
pub const MAX_EDGES: usize = 10_000;
/// The most inputs or outputs of one node.
pub const MAX_PORTS: u16 = 256;
/// The longest name of a tenant, workflow or node, in characters.
pub const MAX_NAME: usize = 128;
/// The longest remark on a node, in characters.
pub const MAX_NOTES: usize = 10_000;
/// The largest value of one parameter, in bytes of its JSON.
pub const MAX_PARAMETER: usize = 256 * 1024;
/// The most parameters that one node sets.
pub const MAX_PARAMETERS: usize = 500;
/// The largest set of parameters of one node, in bytes of its JSON.
pub const MAX_NODE: usize = 512 * 1024;
/// The largest list of pinned items of one node, in bytes of its JSON.
pub const MAX_PINNED: usize = 512 * 1024;
/// The most edits that one command makes.
pub const MAX_EDITS: usize = 5_000;
/// The most that one event says, in bytes; below the bound of a log, which counts the frame too.
pub const MAX_EVENT: usize = 1000 * 1024;
/// How deep lists and objects may be nested in a parameter or pinned item.
pub const MAX_DEPTH: usize = 64;
/// The longest value of a variable, in bytes.
pub const MAX_VARIABLE: usize = 64 * 1024;

/// What is wrong with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NameFault {
    /// There is nothing to read.
    #[error("must not be empty")]
    Empty,
    /// It is too long.
    #[error("must not be longer than {max} characters")]
    TooLong {
        /// The most characters.
        max: usize,
    },
    /// It has line breaks or other control characters.
    #[error("must not contain line breaks or other control characters")]
    Control,
    /// It has characters that turn the direction of what follows, so that people read another name than there is.
    #[error("must not contain characters that change the direction of writing")]
    Direction,
}

/// Whether a character turns the direction of the text that follows it (UAX #9, explicit directional formatting): with one of
/// them `fdp.exe` is read as `exe.pdf`. The marks that Arabic and Hebrew are written with are none of them.
pub fn turns_direction(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether people can read and write `name`. Blanks around it stay: imported expressions refer to names to the letter.
pub(crate) fn check_name(name: &str) -> Result<(), NameFault> {
    if name.trim().is_empty() {
        Err(NameFault::Empty)
    } else if name.chars().count() > MAX_NAME {
        Err(NameFault::TooLong { max: MAX_NAME })
    } else if name.chars().any(char::is_control) {
        Err(NameFault::Control)
    } else if name.chars().any(turns_direction) {
        Err(NameFault::Direction)
    } else {
        Ok(())
    }
}

/// What is wrong with a value that is to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PlainFault {
    /// It is too large.
    #[error("is larger than {max} bytes")]
    TooLarge {
        /// The most bytes of its JSON.
        max: usize,
    },
    /// It is nested too deeply.
    #[error("is nested more than {MAX_DEPTH} levels deep")]
    TooDeep,
    /// It has something that JSON cannot say.
    #[error("holds something that JSON has no place for")]
    NotJson,
}

/// Whether `value` comes back from JSON as it is and is at most `max` bytes long there.
pub(crate) fn check_plain(value: &Value, max: usize) -> Result<(), PlainFault> {
    check_depth(value, MAX_DEPTH)?;
    if value.to_json().len() > max { Err(PlainFault::TooLarge { max }) } else { Ok(()) }
}

/// Whether `value` comes back from JSON as it is.
pub(crate) fn check_depth(value: &Value, levels: usize) -> Result<(), PlainFault> {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => Ok(()),
        Value::Number(number) if number.is_finite() => Ok(()),
        Value::Array(_) | Value::Object(_) if levels == 0 => Err(PlainFault::TooDeep),
        Value::Array(array) => array.iter().try_for_each(|value| check_depth(value, levels - 1)),
        Value::Object(object) => object.values().try_for_each(|value| check_depth(value, levels - 1)),
        _ => Err(PlainFault::NotJson),
    }
}

/// Whether `name` is a time zone of the IANA database. The database is part of the program, so that the answer does not
/// depend on the machine.
pub fn is_time_zone(name: &str) -> bool {
    jiff::tz::TimeZoneDatabase::bundled().get(name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_be_written_from_right_to_left_and_says_what_it_seems_to() {
        for name in ["متجر", "חנות\u{200f}!", "می\u{200c}خواهم", "👩\u{200d}💻", " a "] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
        for turn in "\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}".chars() {
            assert_eq!(check_name(&format!("a{turn}b")), Err(NameFault::Direction), "{turn:?}");
        }
    }
}
