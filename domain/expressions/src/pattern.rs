//! JavaScript's regular expressions for callers outside of an evaluation.

use thiserror::Error;

use crate::Exhausted;
use crate::library::regexp::RegExp;

/// A regular expression in JavaScript's syntax. Cheap to clone; the last few hundred are kept compiled.
#[derive(Clone, Debug)]
pub struct Pattern(RegExp);

/// Text that is no regular expression; says why.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("This is not a regular expression. {0}")]
pub struct InvalidPattern(String);

impl Pattern {
    /// The pattern `source` with `flags` (`i`, `m`, `s`, `u`, …).
    pub fn new(source: &str, flags: &str) -> Result<Self, InvalidPattern> {
        RegExp::new(source, flags).map(Self).map_err(InvalidPattern)
    }

    /// Whether `text` has a match. Work is bounded: a pattern with look-around or references to groups gives up on a long text.
    pub fn is_match(&self, text: &str) -> Result<bool, Exhausted> {
        self.0.is_match(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_mean_what_they_mean_in_javascript() {
        for (source, flags, text, expected) in [
            ("^a.c$", "", "abc", true),
            ("ABC", "i", "xabc", true),
            ("b(?!c)", "", "abc", false),
            (r"(\w)\1", "", "hello", true),
            ("b", "y", "ab", false),
            (r"^\d$", "", "٣", false),
            ("", "", "anything", true),
        ] {
            assert_eq!(Pattern::new(source, flags).unwrap().is_match(text), Ok(expected), "/{source}/{flags}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_told_and_work_is_bounded() {
        assert!(Pattern::new("(", "").unwrap_err().to_string().starts_with("This is not a regular expression."));
        assert!(Pattern::new("a", "q").is_err());
        let hostile = Pattern::new("^(?=(a+)+$)b", "").unwrap();
        assert_eq!(hostile.is_match(&"a".repeat(100_000)), Err(Exhausted::Pattern));
    }
}
