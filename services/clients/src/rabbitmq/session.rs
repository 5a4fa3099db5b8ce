//! One connection to a broker.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use lapin::options::{BasicPublishOptions, ConfirmSelectOptions, ExchangeDeclareOptions, QueueDeclareOptions};
use lapin::uri::{AMQPAuthority, AMQPQueryString, AMQPScheme, AMQPUri, AMQPUserInfo};
use lapin::{
    BasicProperties, Channel, Confirmation, Connection, ConnectionProperties, Error, ErrorKind, PublisherConfirm,
};
use tokio::io::{AsyncReadExt, join, split};
use tokio::time::timeout;
use weft_connectors::{Dialer, Encryption, Tls};
use zeroize::Zeroizing;

use super::{NAME, Place, Table, Traits};
use crate::{Failure, Refused, Socket, Tunnel};

/// The largest frame that is spoken; the library keeps room for 32 of them in each direction.
const MOST_FRAME: u32 = 32 * 1024;
/// How much is heard of a server: a confirmation has about twenty bytes, and messages that found no queue come back whole.
const MOST_HEARD: u64 = 64 * 1024 * 1024;
/// How many messages wait for their confirmation.
const MOST_AWAITED: usize = 64;
/// The delivery mode of messages that outlive the server, where their queue does.
const PERSISTENT: u8 = 2;
/// What the server answers to who may not sign in, or not to this virtual host.
const AT_THE_DOOR: [u16; 2] = [403, 530];

/// Where a server is and who signs in.
pub struct Server {
    /// The host.
    pub host: String,
    /// The port: mostly 5672, or 5671 where it is encrypted.
    pub port: u16,
    /// The virtual host; mostly `/`.
    pub virtual_host: String,
    /// The user.
    pub user: String,
    /// The password.
    pub password: Zeroizing<String>,
    /// Whether the connection is encrypted.
    pub tls: Tls,
}

/// A message.
pub struct Message {
    /// What it says.
    pub payload: Vec<u8>,
    /// What is said about it.
    pub headers: Table,
    /// Whether it is written down, so that it outlives the server where its queue does.
    pub is_kept: bool,
}

/// A connection that is signed in.
pub struct Session {
    channel: Option<Channel>,
    /// What was published and not confirmed yet, oldest first, by the number that the caller gave it.
    awaited: VecDeque<(usize, PublisherConfirm)>,
    refused: Vec<(usize, Failure)>,
    connection: Connection,
    _tunnel: Tunnel,
}

impl Session {
    /// Connects and signs in. `limit` is for all of it.
    pub async fn open(dialer: &Dialer, server: &Server, limit: Duration) -> Result<Self, Failure> {
        let late = |_| Failure::Timeout { server: NAME, limit };
        timeout(limit, Self::connect(dialer, server, limit)).await.map_err(late)?
    }

    async fn connect(dialer: &Dialer, server: &Server, limit: Duration) -> Result<Self, Failure> {
        let stream = dialer.dial(&server.host, server.port, limit).await?;
        let socket: Box<dyn Socket> = if server.tls.encryption == Encryption::Off {
            Box::new(stream)
        } else {
            Box::new(server.tls.secure(stream, &server.host).await?)
        };
        let (hears, says) = split(socket);
        let tunnel = Tunnel::to(join(hears.take(MOST_HEARD), says)).await;
        let tunnel = tunnel.map_err(|source| Failure::Broken { server: NAME, source })?;
        let uri = AMQPUri {
            scheme: AMQPScheme::AMQP,
            authority: AMQPAuthority {
                userinfo: AMQPUserInfo { username: server.user.clone(), password: server.password.as_str().to_owned() },
                host: tunnel.address().ip().to_string(),
                port: tunnel.address().port(),
            },
            vhost: server.virtual_host.clone(),
            query: AMQPQueryString { frame_max: Some(MOST_FRAME), ..AMQPQueryString::default() },
        };
        let properties = ConnectionProperties::default().with_connection_name("Weft".into());
        let connection = Connection::connect_uri(uri, properties).await.map_err(|error| not_let_in(&error))?;
        Ok(Self { channel: None, awaited: VecDeque::new(), refused: Vec::new(), connection, _tunnel: tunnel })
    }

    /// Makes sure that the place is there and like that. What was published before is settled first: a refusal ends the channel
    /// that it is confirmed on.
    pub async fn declare(&mut self, place: &Place, traits: &Traits) -> Result<(), Failure> {
        self.await_all().await?;
        let channel = self.channel().await?;
        let Traits { durable, auto_delete, .. } = *traits;
        let arguments = traits.arguments.to_fields();
        match place {
            Place::Queue { name, exclusive } => {
                let options = QueueDeclareOptions {
                    durable,
                    auto_delete,
                    exclusive: *exclusive,
                    ..QueueDeclareOptions::default()
                };
                channel.queue_declare(name.text(), options, arguments).await.map(|_| ())
            }
            Place::Exchange { name, routing, .. } => {
                let options = ExchangeDeclareOptions { durable, auto_delete, ..ExchangeDeclareOptions::default() };
                channel.exchange_declare(name.text(), (*routing).into(), options, arguments).await
            }
        }
        .map_err(|error| failure_of(&error))
    }

    /// Hands a message over, which is called `number` from here on. Whether the server took it is known after
    /// [`Session::settle`].
    pub async fn publish(&mut self, number: usize, place: &Place, message: Message) -> Result<(), Failure> {
        while self.awaited.len() >= MOST_AWAITED {
            self.await_oldest().await?;
        }
        // A queue that is gone gives its messages back. An exchange without queues loses them, as it shall.
        let options = BasicPublishOptions { mandatory: matches!(place, Place::Queue { .. }), immediate: false };
        let mut properties = BasicProperties::default().with_headers(message.headers.to_fields());
        if message.is_kept {
            properties = properties.with_delivery_mode(PERSISTENT);
        }
        let (exchange, key) = place.route();
        let channel = self.channel().await?;
        let published = channel.basic_publish(exchange, key, options, &message.payload, properties).await;
        self.awaited.push_back((number, published.map_err(|error| failure_of(&error))?));
        Ok(())
    }

    /// Waits until the server has said of every message whether it took it, and gives those that it refused, or that
    /// were on their way when it gave up.
    pub async fn settle(&mut self) -> Result<Vec<(usize, Failure)>, Failure> {
        self.await_all().await?;
        Ok(std::mem::take(&mut self.refused))
    }

    /// Says goodbye. What was settled is settled, whether the server hears this or not.
    pub async fn close(self) {
        self.connection.close(200, "OK".into()).await.ok();
    }

    /// The channel, which is another one after the server refused something.
    async fn channel(&mut self) -> Result<Channel, Failure> {
        if let Some(channel) = self.channel.as_ref().filter(|channel| channel.status().connected()) {
            return Ok(channel.clone());
        }
        let opened = async {
            let channel = self.connection.create_channel().await?;
            channel.confirm_select(ConfirmSelectOptions::default()).await?;
            Ok::<_, Error>(channel)
        };
        let channel = opened.await.map_err(|error| failure_of(&error))?;
        self.channel = Some(channel.clone());
        Ok(channel)
    }

    async fn await_all(&mut self) -> Result<(), Failure> {
        while !self.awaited.is_empty() {
            self.await_oldest().await?;
        }
        Ok(())
    }

    async fn await_oldest(&mut self) -> Result<(), Failure> {
        let Some((number, confirmed)) = self.awaited.pop_front() else { return Ok(()) };
        let failure = match confirmed.await {
            Ok(Confirmation::Ack(None) | Confirmation::NotRequested) => return Ok(()),
            Ok(Confirmation::Ack(Some(_))) => refused("312", "RabbitMQ has no such queue (any more)."),
            Ok(Confirmation::Nack(_)) => {
                refused("nack", "RabbitMQ did not take the message: its queue is full, or failed.")
            }
            Err(error) => match failure_of(&error) {
                Failure::Refused(said) => Failure::InDoubt(said),
                other => return Err(other),
            },
        };
        self.refused.push((number, failure));
        Ok(())
    }
}

fn refused(code: &str, message: &str) -> Failure {
    Failure::Refused(Box::new(Refused { code: code.to_owned(), message: message.to_owned(), detail: None }))
}

fn not_let_in(error: &Error) -> Failure {
    match failure_of(error) {
        Failure::Refused(said) if AT_THE_DOOR.iter().any(|code| code.to_string() == said.code) => {
            Failure::SignIn { server: NAME, reason: said.message.trim_end_matches('.').to_owned() }
        }
        other => other,
    }
}

fn failure_of(error: &Error) -> Failure {
    match error.kind() {
        ErrorKind::ProtocolError(said) => refused(&said.get_id().to_string(), said.get_message().as_str()),
        ErrorKind::IOError(source) | ErrorKind::RuntimeShutdownError(source) => {
            Failure::Broken { server: NAME, source: io::Error::new(source.kind(), source.to_string()) }
        }
        ErrorKind::ParsingError(_) | ErrorKind::InvalidProtocolVersion(_) => {
            Failure::Protocol { server: NAME, what: error.to_string() }
        }
        _ => Failure::Broken { server: NAME, source: io::Error::other(error.to_string()) },
    }
}
