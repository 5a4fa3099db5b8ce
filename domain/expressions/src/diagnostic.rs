//! What is wrong with an expression, said before it is evaluated.

use std::fmt;

use serde::Serialize;

/// The kind of a diagnostic; its name in `snake_case` is part of the public contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The text is not JavaScript.
    Syntax,
    /// A `{{` without its `}}`.
    Unclosed,
    /// JavaScript that expressions refuse for safety (`import`, assignment to anything but their own variables …).
    Refused,
    /// JavaScript with classes, generators, getters …: right in itself, but only a code runner can execute it. Found within
    /// [`compile`](crate::compile), which does not take it for a mistake.
    NeedsCodeRunner,
    /// Longer or more deeply nested than an expression may be.
    TooLarge,
    /// A regular expression that cannot be understood.
    Pattern,
}

/// One finding, with its place in the source that was given to [`compile`](crate::compile).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// What is wrong: a sentence.
    pub message: String,
    /// The line, from 1.
    pub line: u32,
    /// The column in UTF-16 units, from 1.
    pub column: u32,
    /// What to do about it, where that is known.
    pub hint: Option<String>,
    /// The kind.
    pub code: Code,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (line {}, column {})", self.message, self.line, self.column)?;
        self.hint.as_ref().map_or(Ok(()), |hint| write!(f, " {hint}"))
    }
}

/// Line and column (both from 1, the column in UTF-16 units) of the byte `offset` in `source`.
pub(crate) fn place(source: &str, offset: usize) -> (u32, u32) {
    let mut end = offset.min(source.len());
    while !source.is_char_boundary(end) {
        end -= 1;
    }
    let before = &source[..end];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before[line_start..].encode_utf16().count() + 1;
    (line as u32, column as u32)
}
