//! RabbitMQ over AMQP 0-9-1 (<https://www.rabbitmq.com/amqp-0-9-1-reference>), as a program speaks it that publishes.
//!
//! The client is lapin. It opens its own socket and reads what comes as it comes, so that it is given a tunnel that ends after
//! more bytes than a broker has to say to whoever only publishes.

mod session;
mod table;
mod target;

pub use session::{Message, Server, Session};
pub use table::{Scalar, Table};
pub use target::{LongName, Name, Place, Routing, Traits};

/// Its name in messages.
pub(crate) const NAME: &str = "RabbitMQ";
