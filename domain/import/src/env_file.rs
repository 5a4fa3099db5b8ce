//! Variables out of a `.env` file.
//!
//! The format has no standard. This reads what its common readers agree on: `NAME=value` by line, `export` before a name,
//! remarks after `#`; a value in single quotes or backticks is taken to the letter, one in double quotes knows `\n`, `\r`,
//! `\t`, `\"` and `\\`, and all three may go over several lines. `${NAME}` stays as it is written: the environment that it
//! would be filled in from is the server's.

use std::collections::HashSet;

use thiserror::Error;
use weft_model::Decider;
use weft_model::limits::{MAX_NAME, MAX_VARIABLE};
use weft_model::variable::{Variable, VariableCommand, VariableRejection};

/// The most variables that one file may set.
pub const MAX_ENV_VARIABLES: usize = 500;

/// One variable of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvVariable {
    /// Its name, which a variable may have.
    pub name: String,
    /// Its value, which a variable may have.
    pub value: String,
}

/// Why a file sets nothing. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EnvFault {
    /// There is no variable in it.
    #[error("There is no variable in this file. Each line is NAME=value.")]
    Empty,
    /// A line that sets nothing.
    #[error("Line {line} is not NAME=value. Put a # before a remark.")]
    NotOne {
        /// Which line.
        line: usize,
    },
    /// A quote without its end.
    #[error("The value that begins on line {line} has no {quote} at its end.")]
    Open {
        /// The line of the name.
        line: usize,
        /// The quote that it begins with.
        quote: char,
    },
    /// Something after the quote that ends a value.
    #[error("Something follows the {quote} that ends the value on line {line}. Put a # before a remark.")]
    Behind {
        /// The line of the quote.
        line: usize,
        /// The quote.
        quote: char,
    },
    /// A name that no expression could write.
    #[error(
        "“{name}” on line {line} cannot be the name of a variable. Begin with a letter or _ and go on with letters, \
         digits and _, at most {MAX_NAME} characters."
    )]
    Name {
        /// The line of the name.
        line: usize,
        /// What is written there.
        name: String,
    },
    /// Too much to keep.
    #[error("The value of “{name}” on line {line} is longer than {MAX_VARIABLE} bytes.")]
    TooLarge {
        /// The line of the name.
        line: usize,
        /// The name.
        name: String,
    },
    /// More than one file may set.
    #[error("The file sets more than {MAX_ENV_VARIABLES} variables. Import it in several parts.")]
    TooMany,
}

impl EnvFault {
    /// A word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "env_empty",
            Self::NotOne { .. } => "env_line_invalid",
            Self::Open { .. } => "env_quote_open",
            Self::Behind { .. } => "env_quote_followed",
            Self::Name { .. } => "env_name_invalid",
            Self::TooLarge { .. } => "env_value_too_large",
            Self::TooMany => "env_too_many",
        }
    }
}

/// The variables that a file sets, in its order; of a name that it sets twice, the last value.
pub fn read_env(text: &str) -> Result<Vec<EnvVariable>, EnvFault> {
    let mut lines = Lines { rest: text.strip_prefix('\u{feff}').unwrap_or(text), line: 0 };
    let mut found = Vec::new();
    while let Some(read) = lines.read()? {
        found.push(read);
        if found.len() > MAX_ENV_VARIABLES {
            return Err(EnvFault::TooMany);
        }
    }
    let mut seen = HashSet::new();
    found.reverse();
    found.retain(|EnvVariable { name, .. }| seen.insert(name.clone()));
    found.reverse();
    if found.is_empty() { Err(EnvFault::Empty) } else { Ok(found) }
}

/// What is left to read, and the line that was read last.
struct Lines<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let (line, rest) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
        (self.rest, self.line) = (rest, self.line + 1);
        Some(line.strip_suffix('\r').unwrap_or(line))
    }

    /// The next variable.
    fn read(&mut self) -> Result<Option<EnvVariable>, EnvFault> {
        loop {
            let Some(line) = self.next() else { return Ok(None) };
            let said = line.trim();
            if said.is_empty() || said.starts_with('#') {
                continue;
            }
            let at = self.line;
            let (name, value) = said.split_once('=').ok_or(EnvFault::NotOne { line: at })?;
            let name = name.trim();
            let name = name.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t'])).unwrap_or(name);
            let value = self.value(value.trim_start())?;
            return checked(at, name.trim(), value).map(Some);
        }
    }

    /// The value that begins like this.
    fn value(&mut self, begin: &'a str) -> Result<String, EnvFault> {
        let Some(quote) = begin.chars().next().filter(|first| ['"', '\'', '`'].contains(first)) else {
            let mut hashes = begin.match_indices('#').map(|(at, _)| at);
            let remark = hashes.find(|at| *at == 0 || begin[..*at].ends_with([' ', '\t']));
            return Ok(begin[..remark.unwrap_or(begin.len())].trim_end().to_owned());
        };
        let at = self.line;
        let mut value = String::new();
        let mut part = &begin[1..];
        loop {
            if let Some(behind) = quoted(part, quote, &mut value) {
                let behind = behind.trim_start();
                let is_clean = behind.is_empty() || behind.starts_with('#');
                return if is_clean { Ok(value) } else { Err(EnvFault::Behind { line: self.line, quote }) };
            }
            value.push('\n');
            part = self.next().ok_or(EnvFault::Open { line: at, quote })?;
        }
    }
}

/// Adds a line of a quoted value to `value`. Gives what is behind the quote where the line ends the value.
fn quoted<'a>(line: &'a str, quote: char, value: &mut String) -> Option<&'a str> {
    let mut letters = line.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            end if end == quote => return Some(&line[at + 1..]),
            '\\' if quote == '"' => match letters.next().map(|(_, escaped)| escaped) {
                Some('n') => value.push('\n'),
                Some('r') => value.push('\r'),
                Some('t') => value.push('\t'),
                Some(same @ ('"' | '\\')) => value.push(same),
                Some(other) => value.extend(['\\', other]),
                None => value.push('\\'),
            },
            other => value.push(other),
        }
    }
    None
}

/// The variable, if there can be one like it.
fn checked(line: usize, name: &str, value: String) -> Result<EnvVariable, EnvFault> {
    let variable = EnvVariable { name: name.to_owned(), value };
    let command = VariableCommand::Set { name: variable.name.clone(), value: variable.value.clone() };
    match Variable::Absent.decide(command) {
        Ok(_) => Ok(variable),
        Err(VariableRejection::TooLarge) => Err(EnvFault::TooLarge { line, name: variable.name }),
        Err(VariableRejection::Name { .. } | VariableRejection::Missing | VariableRejection::Renamed { .. }) => {
            Err(EnvFault::Name { line, name: variable.name })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str)]) {
        let read = read_env(text).unwrap();
        let read: Vec<(&str, &str)> = read.iter().map(|one| (one.name.as_str(), one.value.as_str())).collect();
        assert_eq!(read, expected, "{text:?}");
    }

    #[test]
    fn a_file_is_read_as_its_common_readers_do() {
        check("A=1", &[("A", "1")]);
        check("\u{feff}A=1\r\nB=2\r\n", &[("A", "1"), ("B", "2")]);
        check("\n# remark\n  A = one two  \n", &[("A", "one two")]);
        check("export A=1\nexport\tB=2\nexported=3", &[("A", "1"), ("B", "2"), ("exported", "3")]);
        check("A=\nB=#nothing\nC=a#b # c", &[("A", ""), ("B", ""), ("C", "a#b")]);
        check("A=b=c&d", &[("A", "b=c&d")]);
        check(r"A='it # is' # remark", &[("A", "it # is")]);
        check(r"A='a\nb'", &[("A", r"a\nb")]);
        check(r#"A="a\nb\t\"c\" \\ \d $""#, &[("A", "a\nb\t\"c\" \\ \\d $")]);
        check("A=\"one\r\ntwo\"\nB=3", &[("A", "one\ntwo"), ("B", "3")]);
        check("A=`one\n'two' \"three\"`", &[("A", "one\n'two' \"three\"")]);
        check("A=${HOME}/é👍", &[("A", "${HOME}/é👍")]);
        check("A=1\nB=2\nA=3", &[("B", "2"), ("A", "3")]);
    }

    #[test]
    fn what_is_wrong_is_named_by_its_line() {
        let fault = |text: &str| read_env(text).unwrap_err();
        assert_eq!(fault(""), EnvFault::Empty);
        assert_eq!(fault("# nothing\n\n"), EnvFault::Empty);
        assert_eq!(fault("A=1\nB"), EnvFault::NotOne { line: 2 });
        assert_eq!(fault("A=1\nB=\"c\nd\n"), EnvFault::Open { line: 2, quote: '"' });
        assert_eq!(fault("A='b\nc' d"), EnvFault::Behind { line: 2, quote: '\'' });
        assert_eq!(fault("\nmy-name=1"), EnvFault::Name { line: 2, name: "my-name".into() });
        assert_eq!(fault("=1"), EnvFault::Name { line: 1, name: String::new() });
        assert_eq!(fault("é=1"), EnvFault::Name { line: 1, name: "é".into() });
        assert_eq!(fault("a\0b=1"), EnvFault::Name { line: 1, name: "a\0b".into() });
        let long = format!("A=1\nB={}", "x".repeat(MAX_VARIABLE + 1));
        assert_eq!(fault(&long), EnvFault::TooLarge { line: 2, name: "B".into() });
        let many: Vec<String> = (0..=MAX_ENV_VARIABLES).map(|at| format!("V{at}=1")).collect();
        assert_eq!(fault(&many.join("\n")), EnvFault::TooMany);
    }
}
