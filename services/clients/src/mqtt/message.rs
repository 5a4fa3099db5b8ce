//! What is published.

use bytes::Bytes;
use rumqttc::{Publish, QoS};
use thiserror::Error;

/// The longest text that the protocol has room for (section 1.5.3).
pub(super) const MOST_TEXT: usize = u16::MAX as usize;
/// The largest message that a packet has room for (section 2.2.3), beside its topic and its number.
const MOST_PAYLOAD: usize = 268_435_455 - MOST_TEXT - 4;

/// How hard the broker and this side try (section 4.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quality {
    /// Once or never.
    #[default]
    AtMostOnce,
    /// Once or several times.
    AtLeastOnce,
    /// Once.
    ExactlyOnce,
}

/// Why a message cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unsendable {
    /// It has no topic.
    #[error("A message needs a topic.")]
    NoTopic,
    /// Its topic names several.
    #[error("A topic to publish to must not contain + or #: those stand for many topics, and a message has one.")]
    ManyTopics,
    /// Its topic holds what no text of the protocol may hold.
    #[error("A topic must not contain the character with the number 0.")]
    ZeroInTopic,
    /// Its topic is too long.
    #[error("A topic must not be longer than {MOST_TEXT} bytes.")]
    LongTopic,
    /// It is too large.
    #[error("A message must not be larger than {MOST_PAYLOAD} bytes.")]
    Large,
}

/// A message that can be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message(Publish);

impl Message {
    /// A message that the broker forwards to whoever listens.
    pub fn new(topic: &str, payload: impl Into<Bytes>) -> Result<Self, Unsendable> {
        let payload = payload.into();
        match topic {
            "" => Err(Unsendable::NoTopic),
            topic if topic.contains(['+', '#']) => Err(Unsendable::ManyTopics),
            topic if topic.contains('\0') => Err(Unsendable::ZeroInTopic),
            topic if topic.len() > MOST_TEXT => Err(Unsendable::LongTopic),
            _ if payload.len() > MOST_PAYLOAD => Err(Unsendable::Large),
            topic => Ok(Self(Publish::from_bytes(topic, QoS::AtMostOnce, payload))),
        }
    }

    /// Sent with this quality.
    #[must_use]
    pub fn of_quality(mut self, quality: Quality) -> Self {
        self.0.qos = match quality {
            Quality::AtMostOnce => QoS::AtMostOnce,
            Quality::AtLeastOnce => QoS::AtLeastOnce,
            Quality::ExactlyOnce => QoS::ExactlyOnce,
        };
        self
    }

    /// Kept by the broker for whoever begins to listen later, in place of the one before.
    #[must_use]
    pub fn retained(mut self) -> Self {
        self.0.retain = true;
        self
    }

    /// As a packet; only what is confirmed has a number.
    pub(super) fn into_packet(self) -> Publish {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_protocol_can_carry_is_a_message() {
        let long = "t".repeat(MOST_TEXT + 1);
        for (topic, expected) in [
            ("", Unsendable::NoTopic),
            ("a/+/b", Unsendable::ManyTopics),
            ("a/#", Unsendable::ManyTopics),
            ("a\0", Unsendable::ZeroInTopic),
            (long.as_str(), Unsendable::LongTopic),
        ] {
            assert_eq!(Message::new(topic, "x").err(), Some(expected), "{topic:.20}");
        }
        assert!(Message::new(&long[1..], "x").is_ok());
        assert!(Message::new("maison/cuisine/température", "").is_ok());
        assert_eq!(Message::new("t", vec![0; MOST_PAYLOAD + 1]).err(), Some(Unsendable::Large));
    }
}
