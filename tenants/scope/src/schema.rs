//! The name of a generation's schema: it goes into SQL text, so only harmless names can be made.

use std::fmt;

/// The schema of one generation of one projection, such as `executions_3`: a lower-case letter, then lower-case letters,
/// digits and underscores, at most 63 bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SchemaName(String);

/// A schema was named with something else than lower-case letters, digits and underscores.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" cannot name a schema: use a lower-case letter, then lower-case letters, digits and underscores, at most 63."
)]
pub struct InvalidSchemaName(String);

impl SchemaName {
    /// Checks the name.
    pub fn new(name: impl Into<String>) -> Result<Self, InvalidSchemaName> {
        let name = name.into();
        let starts_well = name.starts_with(|first: char| first.is_ascii_lowercase());
        let is_plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if starts_well && is_plain && name.len() <= 63 { Ok(Self(name)) } else { Err(InvalidSchemaName(name)) }
    }

    /// The name, safe to stand in SQL text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SchemaName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_could_end_the_statement_is_refused() {
        assert!(SchemaName::new("executions_3").is_ok());
        for name in ["", "3a", "_a", "A", "a;drop", "a\"", "a'", "a b", "é", &"a".repeat(64)] {
            assert!(SchemaName::new(name).is_err(), "{name}");
        }
    }
}
