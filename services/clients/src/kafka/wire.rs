//! How questions are written and answers are read.

use bytes::{Buf as _, Bytes};
use thiserror::Error;

use super::NAME;
use crate::Failure;

/// The longest name of a topic.
const MOST_NAME: usize = 249;

/// That Kafka has no topic of such a name.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "“{beginning}” is no name of a topic of Kafka, which has 1 to {MOST_NAME} letters without accents, digits, dots, hyphens and underscores."
)]
pub struct NoTopic {
    beginning: String,
}

/// The name of a topic.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Topic(String);

impl Topic {
    /// A name that a topic may have.
    pub fn new(name: &str) -> Result<Self, NoTopic> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        let is_name = (1..=MOST_NAME).contains(&name.len()) && name.bytes().all(fits) && name != "." && name != "..";
        if is_name { Ok(Self(name.to_owned())) } else { Err(NoTopic { beginning: name.chars().take(40).collect() }) }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is asked, in the version that is spoken here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Api {
    Produce,
    /// The first version in which servers take zstd.
    ProduceZstd,
    Metadata,
    SaslHandshake,
    SaslAuthenticate,
}

impl Api {
    fn key_and_version(self) -> (i16, i16) {
        match self {
            Self::Produce => (0, 3),
            Self::ProduceZstd => (0, 7),
            Self::Metadata => (3, 4),
            Self::SaslHandshake => (17, 1),
            Self::SaslAuthenticate => (36, 0),
        }
    }
}

/// A question.
pub(super) struct Request(Vec<u8>);

impl Request {
    /// Its length is not known yet.
    pub(super) fn new(api: Api, number: i32, client: &str) -> Self {
        let (key, version) = api.key_and_version();
        let mut request = Self(vec![0; 4]);
        request.short(key).short(version).int(number).text(client);
        request
    }

    pub(super) fn short(&mut self, number: i16) -> &mut Self {
        self.put(&number.to_be_bytes())
    }

    pub(super) fn int(&mut self, number: i32) -> &mut Self {
        self.put(&number.to_be_bytes())
    }

    pub(super) fn truth(&mut self, truth: bool) -> &mut Self {
        self.put(&[truth.into()])
    }

    /// A text of at most 32 KiB; what is behind them is not said.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        let length = i16::try_from(text.len()).unwrap_or(i16::MAX);
        self.short(length).put(&text.as_bytes()[..length as usize])
    }

    pub(super) fn no_text(&mut self) -> &mut Self {
        self.short(-1)
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.count(bytes.len()).put(bytes)
    }

    pub(super) fn count(&mut self, count: usize) -> &mut Self {
        self.int(i32::try_from(count).unwrap_or(i32::MAX))
    }

    /// The whole question with its length in front of it.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let length = i32::try_from(self.0.len() - 4).unwrap_or(i32::MAX);
        self.0[..4].copy_from_slice(&length.to_be_bytes());
        self.0
    }

    fn put(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }
}

/// An answer that is read from its beginning on. Nothing is kept room for on the word of the server.
pub(super) struct Answer(Bytes);

impl Answer {
    pub(super) fn new(bytes: Bytes) -> Self {
        Self(bytes)
    }

    pub(super) fn short(&mut self) -> Result<i16, Failure> {
        self.0.try_get_i16().map_err(|_| ends())
    }

    pub(super) fn int(&mut self) -> Result<i32, Failure> {
        self.0.try_get_i32().map_err(|_| ends())
    }

    pub(super) fn long(&mut self) -> Result<i64, Failure> {
        self.0.try_get_i64().map_err(|_| ends())
    }

    pub(super) fn truth(&mut self) -> Result<bool, Failure> {
        self.0.try_get_u8().map(|byte| byte != 0).map_err(|_| ends())
    }

    /// A text, or nothing.
    pub(super) fn text(&mut self) -> Result<Option<String>, Failure> {
        let length = self.short()?;
        let bytes = self.some(length.into())?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    pub(super) fn bytes(&mut self) -> Result<Bytes, Failure> {
        let length = self.int()?;
        Ok(self.some(length)?.unwrap_or_default())
    }

    /// A list of what `read` reads.
    pub(super) fn list<T>(&mut self, read: impl Fn(&mut Self) -> Result<T, Failure>) -> Result<Vec<T>, Failure> {
        let count = self.int()?;
        let mut list = Vec::new();
        for _ in 0..count.max(0) {
            list.push(read(self)?);
        }
        Ok(list)
    }

    fn some(&mut self, length: i32) -> Result<Option<Bytes>, Failure> {
        let Ok(length) = usize::try_from(length) else { return Ok(None) };
        if length > self.0.len() { Err(ends()) } else { Ok(Some(self.0.split_to(length))) }
    }
}

fn ends() -> Failure {
    not_understood("an answer that ends too early")
}

pub(super) fn not_understood(what: impl Into<String>) -> Failure {
    Failure::Protocol { server: NAME, what: what.into() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn names_of_topics_are_those_that_kafka_has() {
        for name in ["a", "orders.v1_new-2", &"x".repeat(249)] {
            assert_eq!(Topic::new(name).unwrap().as_str(), name);
        }
        for name in ["", ".", "..", "a b", "österreich", "a/b", &"x".repeat(250)] {
            let said = Topic::new(name).unwrap_err().to_string();
            assert!(said.len() < 220, "{said}");
        }
    }

    #[test]
    fn a_question_says_how_long_it_is_and_what_it_is() {
        let mut request = Request::new(Api::Metadata, 7, "é");
        request.count(1).text("t").truth(true).no_text().bytes(b"ab");
        let expected = b"\0\0\0\x1c\0\x03\0\x04\0\0\0\x07\0\x02\xc3\xa9\0\0\0\x01\0\x01t\x01\xff\xff\0\0\0\x02ab";
        assert_eq!(request.finish(), expected);
    }

    #[test]
    fn an_answer_that_lies_about_its_length_is_not_believed() {
        for bytes in [&b"\0"[..], b"\0\x02a", b"\x7f\xff"] {
            assert!(Answer::new(Bytes::from_static(bytes)).text().is_err(), "{bytes:?}");
        }
        let mut many = Answer::new(Bytes::from_static(b"\x7f\xff\xff\xff\0\x01"));
        assert!(many.list(Answer::short).is_err());
        let mut nothing = Answer::new(Bytes::from_static(b"\xff\xff\xff\xff\xff\xff"));
        assert_eq!((nothing.text().unwrap(), nothing.list(Answer::int).unwrap()), (None, vec![]));
    }
}
