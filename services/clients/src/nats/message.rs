//! What is published.

use thiserror::Error;

/// The longest subject. A server permits lines of 4096 bytes, on which another subject stands as well.
const MOST_SUBJECT: usize = 1024;
/// The longest headers of one message.
const MOST_HEADERS: usize = 64 * 1024;

/// Why a message cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unsendable {
    /// It has no subject.
    #[error("A message needs a subject.")]
    NoSubject,
    /// Its subject names several.
    #[error(
        "A subject to publish to must not contain * or > as a word: those stand for many subjects, and a message has one."
    )]
    ManySubjects,
    /// Its subject is none.
    #[error("A subject consists of words with dots between them, without spaces.")]
    BadSubject,
    /// Its subject is too long.
    #[error("A subject must not be longer than {MOST_SUBJECT} bytes.")]
    LongSubject,
    /// A header has no name or one that cannot be sent.
    #[error("The name of a header consists of letters, digits and hyphens.")]
    BadName,
    /// The value of a header cannot be sent.
    #[error("The value of a header must not contain line breaks.")]
    BadValue,
    /// The headers are too long.
    #[error("The headers of a message must not be longer than {MOST_HEADERS} bytes.")]
    LongHeaders,
}

/// A subject that can be published to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject(String);

impl Subject {
    /// Words with dots between them.
    pub fn new(text: &str) -> Result<Self, Unsendable> {
        let mut words = text.split('.');
        if text.is_empty() {
            Err(Unsendable::NoSubject)
        } else if text.len() > MOST_SUBJECT {
            Err(Unsendable::LongSubject)
        } else if text.chars().any(|letter| letter.is_whitespace() || letter.is_control())
            || words.clone().any(str::is_empty)
        {
            Err(Unsendable::BadSubject)
        } else if words.any(|word| matches!(word, "*" | ">")) {
            Err(Unsendable::ManySubjects)
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is said about a message, written as the protocol writes it (ADR-4 of NATS).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(String);

impl Headers {
    /// With one more.
    pub fn with(mut self, name: &str, value: &str) -> Result<Self, Unsendable> {
        let is_name = |byte: u8| byte.is_ascii_graphic() && byte != b':';
        if name.is_empty() || !name.bytes().all(is_name) {
            return Err(Unsendable::BadName);
        }
        if value.contains(['\r', '\n']) {
            return Err(Unsendable::BadValue);
        }
        for part in [name, ": ", value, "\r\n"] {
            self.0.push_str(part);
        }
        if self.0.len() > MOST_HEADERS { Err(Unsendable::LongHeaders) } else { Ok(self) }
    }

    /// The lines between the first one and the empty one.
    pub(super) fn lines(&self) -> &str {
        &self.0
    }
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Where it goes.
    pub subject: Subject,
    /// Where answers go, for whoever wants to give one.
    pub reply_to: Option<Subject>,
    /// What is said about it.
    pub headers: Headers,
    /// What it says.
    pub payload: Vec<u8>,
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_words_with_dots_between_them() {
        let long = "s".repeat(MOST_SUBJECT + 1);
        for (text, expected) in [
            ("", Unsendable::NoSubject),
            ("a b", Unsendable::BadSubject),
            ("a\r\nPUB x 0", Unsendable::BadSubject),
            ("a..b", Unsendable::BadSubject),
            (".a", Unsendable::BadSubject),
            ("a.*", Unsendable::ManySubjects),
            (">", Unsendable::ManySubjects),
            (long.as_str(), Unsendable::LongSubject),
        ] {
            assert_eq!(Subject::new(text), Err(expected), "{text:.20}");
        }
        for text in ["a", "order.créée.7", "a*b", "$JS.API.INFO"] {
            assert_eq!(Subject::new(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn a_header_cannot_say_more_than_itself() {
        let headers = Headers::default().with("A", "é").unwrap().with("A", "").unwrap();
        assert_eq!(headers.lines(), "A: é\r\nA: \r\n");
        for (name, value, expected) in [
            ("", "x", Unsendable::BadName),
            ("A:B", "x", Unsendable::BadName),
            ("A\r\nB", "x", Unsendable::BadName),
            ("A", "x\r\nB: y", Unsendable::BadValue),
        ] {
            assert_eq!(Headers::default().with(name, value), Err(expected), "{name} {value}");
        }
        assert_eq!(Headers::default().with("A", &"x".repeat(MOST_HEADERS)), Err(Unsendable::LongHeaders));
    }
}
