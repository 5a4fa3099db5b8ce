//! Where messages go.

use lapin::ExchangeKind;
use lapin::types::ShortString;
use thiserror::Error;

use super::Table;

/// A name that the protocol has no room for.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("RabbitMQ takes no name of more than 255 bytes: “{beginning}…”.")]
pub struct LongName {
    beginning: String,
}

/// The name of a queue, an exchange or a header, or a routing key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Name(pub(super) ShortString);

impl Name {
    /// A name that the protocol has room for.
    pub fn new(text: &str) -> Result<Self, LongName> {
        let long = |_| LongName { beginning: text.chars().take(40).collect() };
        ShortString::try_new(text).map(Self).map_err(long)
    }

    pub(super) fn text(&self) -> ShortString {
        self.0.clone()
    }
}

/// How an exchange chooses queues.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Routing {
    /// Every queue that is bound to it.
    #[default]
    Fanout,
    /// Queues that are bound with the same key.
    Direct,
    /// Queues that are bound with a pattern of the key.
    Topic,
    /// Queues that are bound with the same headers.
    Headers,
}

impl From<Routing> for ExchangeKind {
    fn from(routing: Routing) -> Self {
        match routing {
            Routing::Fanout => Self::Fanout,
            Routing::Direct => Self::Direct,
            Routing::Topic => Self::Topic,
            Routing::Headers => Self::Headers,
        }
    }
}

/// What messages are handed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A queue.
    Queue {
        /// Its name.
        name: Name,
        /// Whether it goes with this connection.
        exclusive: bool,
    },
    /// An exchange, which gives them to queues.
    Exchange {
        /// Its name.
        name: Name,
        /// How it chooses queues.
        routing: Routing,
        /// The key that it chooses them by.
        key: Name,
    },
}

impl Place {
    /// The name of the queue or the exchange.
    pub fn name(&self) -> &Name {
        match self {
            Self::Queue { name, .. } | Self::Exchange { name, .. } => name,
        }
    }

    /// The exchange and the key by which messages reach it. Every queue is reached by its name through the exchange without a
    /// name.
    pub(super) fn route(&self) -> (ShortString, ShortString) {
        match self {
            Self::Queue { name, .. } => (ShortString::default(), name.text()),
            Self::Exchange { name, key, .. } => (name.text(), key.text()),
        }
    }
}

/// What a queue or an exchange shall be like. It is made where there is none; where there is one of its name that is like
/// something else, the server refuses.
#[derive(Clone, Debug, PartialEq)]
pub struct Traits {
    /// Whether it outlives the server.
    pub durable: bool,
    /// Whether it goes when nobody uses it any more.
    pub auto_delete: bool,
    /// What else it is like.
    pub arguments: Table,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_at_most_as_long_as_the_protocol_has_room_for() {
        assert!(Name::new(&"n".repeat(255)).is_ok());
        let said = Name::new(&"é".repeat(128)).unwrap_err().to_string();
        assert!(said.contains("255 bytes") && said.len() < 150, "{said}");
    }
}
