//! MQTT 3.1.1 (<https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html>), as a program speaks it that publishes.
//!
//! The packets are rumqttc's. Its event loop is not used: it opens its own socket, dials again by itself, and does not say which
//! message the broker took.

mod message;
mod session;

pub use message::{Message, Quality, Unsendable};
pub use session::{Server, Session};

/// Its name in messages.
pub(crate) const NAME: &str = "MQTT";
