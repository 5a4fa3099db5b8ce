//! One connection to a broker.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use bytes::BytesMut;
use rumqttc::{Connect, ConnectReturnCode, Error as PacketError, Packet, PubRel, QoS};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;
use weft_connectors::{Dialer, Encryption, Tls};
use zeroize::{Zeroize, Zeroizing};

use super::message::MOST_TEXT;
use super::{Message, NAME};
use crate::{Failure, Refused, Socket};

/// The largest packet that is taken from a broker: whoever only publishes is sent confirmations, of four bytes each.
const MOST_PACKET: usize = 1024;
/// How many messages wait for their confirmation. Brokers permit few: Mosquitto twenty.
const MOST_AWAITED: usize = 16;
/// How many bytes are gathered before they are sent.
const MOST_GATHERED: usize = 32 * 1024;
/// After how many seconds of silence the broker may forget this side (section 3.1.2.10).
const KEEP_ALIVE: u16 = 300;

/// Where a broker is and who signs in.
pub struct Server {
    /// The host.
    pub host: String,
    /// The port: mostly 1883, or 8883 where it is encrypted.
    pub port: u16,
    /// The user; empty where nobody signs in.
    pub user: String,
    /// The password.
    pub password: Zeroizing<String>,
    /// What this side calls itself. A broker ends the connection of another one of the same name.
    pub client: String,
    /// Whether the connection is encrypted.
    pub tls: Tls,
}

/// What the broker has yet to say about a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Awaited {
    /// That it took it, at least once.
    Acknowledgement,
    /// That it took it and will know it again.
    Receipt,
    /// That it will not be asked about it again.
    Completion,
}

/// A connection that the broker let in, in a session of its own that ends with it.
pub struct Session {
    socket: Box<dyn Socket>,
    heard: BytesMut,
    gathered: BytesMut,
    awaited: BTreeMap<u16, Awaited>,
    last_number: u16,
    has_asked: bool,
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
        Self::greet(socket, server).await
    }

    async fn greet(socket: Box<dyn Socket>, server: &Server) -> Result<Self, Failure> {
        if [&server.user, &*server.password, &server.client].iter().any(|text| text.len() > MOST_TEXT) {
            let reason = format!("a user, a password or a client id cannot be longer than {MOST_TEXT} bytes");
            return Err(Failure::SignIn { server: NAME, reason });
        }
        let mut session = Self {
            socket,
            heard: BytesMut::with_capacity(MOST_PACKET),
            gathered: BytesMut::new(),
            awaited: BTreeMap::new(),
            last_number: 0,
            has_asked: false,
        };
        let mut connect = Connect::new(&server.client);
        connect.keep_alive = KEEP_ALIVE;
        connect.set_login(&server.user, server.password.as_str());
        connect.write(&mut session.gathered).map_err(|error| broken(&error))?;
        let sent = session.send().await;
        if let Some(login) = &mut connect.login {
            login.password.zeroize();
        }
        sent?;
        match session.hear().await? {
            Packet::ConnAck(answer) => let_in(answer.code).map(|()| session),
            _ => Err(not_understood("something else than a welcome")),
        }
    }

    /// Hands a message to the broker. Whether it took it is certain after [`Session::settle`].
    pub async fn publish(&mut self, message: Message) -> Result<(), Failure> {
        let mut packet = message.into_packet();
        if packet.qos != QoS::AtMostOnce {
            while self.awaited.len() >= MOST_AWAITED {
                self.send().await?;
                self.take_in().await?;
            }
            packet.pkid = self.next_number();
            let is_once = packet.qos == QoS::ExactlyOnce;
            let awaited = if is_once { Awaited::Receipt } else { Awaited::Acknowledgement };
            self.awaited.insert(packet.pkid, awaited);
        }
        packet.write(&mut self.gathered).map_err(|error| broken(&error))?;
        if self.gathered.len() >= MOST_GATHERED { self.send().await } else { Ok(()) }
    }

    /// Waits until the broker has taken all that was published. What needs no confirmation has arrived when the broker answers a
    /// question that was asked behind it.
    pub async fn settle(&mut self) -> Result<(), Failure> {
        self.has_asked = true;
        self.say(&Packet::PingReq)?;
        self.send().await?;
        while self.has_asked || !self.awaited.is_empty() {
            self.take_in().await?;
            self.send().await?;
        }
        Ok(())
    }

    /// Says goodbye. What was settled is settled, whether the broker hears this or not.
    pub async fn close(mut self) {
        if self.say(&Packet::Disconnect).is_ok() && self.send().await.is_ok() {
            self.socket.shutdown().await.ok();
        }
    }

    /// A number that no awaited message has (section 2.3.1).
    fn next_number(&mut self) -> u16 {
        loop {
            self.last_number = self.last_number.checked_add(1).unwrap_or(1);
            if !self.awaited.contains_key(&self.last_number) {
                return self.last_number;
            }
        }
    }

    /// One packet of the broker and what follows from it.
    async fn take_in(&mut self) -> Result<(), Failure> {
        match self.hear().await? {
            Packet::PubAck(packet) => self.confirmed(packet.pkid, Awaited::Acknowledgement),
            Packet::PubRec(packet) => {
                self.confirmed(packet.pkid, Awaited::Receipt)?;
                self.awaited.insert(packet.pkid, Awaited::Completion);
                self.say(&Packet::PubRel(PubRel::new(packet.pkid)))
            }
            Packet::PubComp(packet) => self.confirmed(packet.pkid, Awaited::Completion),
            Packet::PingResp if self.has_asked => {
                self.has_asked = false;
                Ok(())
            }
            _ => Err(not_understood("a packet that nobody asked for")),
        }
    }

    fn confirmed(&mut self, number: u16, what: Awaited) -> Result<(), Failure> {
        match self.awaited.remove(&number) {
            Some(awaited) if awaited == what => Ok(()),
            _ => Err(not_understood("a confirmation of what was not sent")),
        }
    }

    fn say(&mut self, packet: &Packet) -> Result<(), Failure> {
        packet.write(&mut self.gathered, MOST_PACKET).map(|_| ()).map_err(|error| broken(&error))
    }

    async fn send(&mut self) -> Result<(), Failure> {
        let sent = async {
            self.socket.write_all(&self.gathered).await?;
            self.socket.flush().await
        };
        let sent = sent.await;
        // It may have held a password.
        self.gathered.zeroize();
        self.gathered.clear();
        sent.map_err(|source| Failure::Broken { server: NAME, source })
    }

    /// The next packet, of at most [`MOST_PACKET`] bytes.
    async fn hear(&mut self) -> Result<Packet, Failure> {
        loop {
            match Packet::read(&mut self.heard, MOST_PACKET) {
                Ok(packet) => return Ok(packet),
                Err(PacketError::InsufficientBytes(_)) => {}
                Err(error) => return Err(not_understood(&error.to_string())),
            }
            let source = match self.socket.read_buf(&mut self.heard).await {
                Ok(0) => io::ErrorKind::UnexpectedEof.into(),
                Ok(_) => continue,
                Err(source) => source,
            };
            return Err(Failure::Broken { server: NAME, source });
        }
    }
}

/// What a broker answers to a hello (section 3.2.2.3).
fn let_in(code: ConnectReturnCode) -> Result<(), Failure> {
    let (code, message) = match code {
        ConnectReturnCode::Success => return Ok(()),
        ConnectReturnCode::BadUserNamePassword => {
            return Err(Failure::SignIn { server: NAME, reason: "the user or the password is wrong".to_owned() });
        }
        ConnectReturnCode::NotAuthorized => {
            return Err(Failure::SignIn { server: NAME, reason: "the broker does not permit it".to_owned() });
        }
        ConnectReturnCode::RefusedProtocolVersion => ("1", "The broker does not speak MQTT 3.1.1."),
        ConnectReturnCode::BadClientId => ("2", "The broker does not take this client id. Choose another one."),
        ConnectReturnCode::ServiceUnavailable => ("3", "The broker cannot serve anybody at the moment."),
    };
    Err(Failure::Refused(Box::new(Refused { code: code.to_owned(), message: message.to_owned(), detail: None })))
}

fn not_understood(what: &str) -> Failure {
    Failure::Protocol { server: NAME, what: what.to_owned() }
}

/// A packet that could not be written, which no message of ours can cause.
fn broken(error: &PacketError) -> Failure {
    Failure::Broken { server: NAME, source: io::Error::other(error.to_string()) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use tokio::io::{DuplexStream, duplex};
    use tokio::task::JoinHandle;

    use super::super::Quality;
    use super::*;

    fn server() -> Server {
        Server {
            host: "broker".into(),
            port: 1883,
            user: "ada".into(),
            password: Zeroizing::new("hunter2".into()),
            client: "weft1".into(),
            tls: Tls::default(),
        }
    }

    /// A broker that answers each packet with the bytes that `answers` gives for it.
    fn broker(mut far: DuplexStream, answers: impl Fn(&Packet) -> Vec<u8> + Send + 'static) -> JoinHandle<Vec<Packet>> {
        tokio::spawn(async move {
            let (mut heard, mut packets) = (BytesMut::new(), Vec::new());
            loop {
                match Packet::read(&mut heard, 1 << 20) {
                    Ok(packet) => {
                        far.write_all(&answers(&packet)).await.ok();
                        packets.push(packet);
                    }
                    Err(_) => {
                        if far.read_buf(&mut heard).await.unwrap_or(0) == 0 {
                            return packets;
                        }
                    }
                }
            }
        })
    }

    /// The answers of a broker that takes everything.
    fn takes(packet: &Packet) -> Vec<u8> {
        let numbered = |kind: u8, number: u16| [[kind, 2].as_slice(), &number.to_be_bytes()].concat();
        match packet {
            Packet::Connect(_) => vec![0x20, 2, 0, 0],
            Packet::Publish(publish) if publish.qos == QoS::AtLeastOnce => numbered(0x40, publish.pkid),
            Packet::Publish(publish) if publish.qos == QoS::ExactlyOnce => numbered(0x50, publish.pkid),
            Packet::PubRel(release) => numbered(0x70, release.pkid),
            Packet::PingReq => vec![0xD0, 0],
            _ => Vec::new(),
        }
    }

    async fn opened(answers: impl Fn(&Packet) -> Vec<u8> + Send + 'static) -> (Result<Session, Failure>, DuplexEnd) {
        let (near, far) = duplex(1 << 16);
        let end = broker(far, answers);
        (Session::greet(Box::new(near), &server()).await, end)
    }

    type DuplexEnd = JoinHandle<Vec<Packet>>;

    #[tokio::test]
    async fn every_quality_is_settled_when_the_broker_has_said_so() {
        let (session, end) = opened(takes).await;
        let mut session = session.unwrap();
        for number in 0..100_u32 {
            for quality in [Quality::AtMostOnce, Quality::AtLeastOnce, Quality::ExactlyOnce] {
                let message = Message::new("a/é", number.to_string()).unwrap().of_quality(quality);
                session.publish(message).await.unwrap();
                assert!(session.awaited.len() <= MOST_AWAITED);
            }
        }
        session.settle().await.unwrap();
        assert!(session.awaited.is_empty());
        session.close().await;
        let packets = end.await.unwrap();
        let published = packets.iter().filter(|packet| matches!(packet, Packet::Publish(_))).count();
        let released = packets.iter().filter(|packet| matches!(packet, Packet::PubRel(_))).count();
        assert_eq!((published, released, packets.last()), (300, 100, Some(&Packet::Disconnect)));
        let Some(Packet::Connect(connect)) = packets.first() else { panic!("{:?}", packets.first()) };
        assert!(connect.clean_session && connect.client_id == "weft1" && connect.last_will.is_none());
    }

    #[tokio::test]
    async fn a_refusal_is_told_and_no_secret_with_it() {
        for (code, expected) in [
            (1, "The broker does not speak MQTT 3.1.1."),
            (2, "The broker does not take this client id. Choose another one."),
            (3, "The broker cannot serve anybody at the moment."),
            (4, "MQTT does not let the user in: the user or the password is wrong."),
            (5, "MQTT does not let the user in: the broker does not permit it."),
        ] {
            let (session, _end) = opened(move |_| vec![0x20, 2, 0, code]).await;
            assert_eq!(session.err().unwrap().to_string(), expected);
        }
    }

    #[tokio::test]
    async fn what_no_broker_says_ends_the_connection() {
        for (answer, part) in [
            (vec![0x20, 2, 0, 9], "Invalid Connect return code: 9"),
            (vec![0xD0, 0], "something else than a welcome"),
            ([b"HTTP/1.1 400 Bad Request\r\n", [b' '; 100].as_slice()].concat(), "something else than a welcome"),
            // A packet of 256 MiB is not waited for.
            (vec![0x20, 0xFF, 0xFF, 0xFF, 0x7F], "limit"),
        ] {
            let (session, _end) = opened(move |_| answer.clone()).await;
            let failure = session.err().unwrap();
            assert!(matches!(failure, Failure::Protocol { .. }), "{failure:?}");
            assert!(failure.to_string().contains(part), "{failure}");
        }
        for wrong in [vec![0x40, 2, 0, 9], vec![0x50, 2, 0, 9], vec![0x70, 2, 0, 1], vec![0x30, 3, 0, 1, b'a']] {
            let answers = move |packet: &Packet| match packet {
                Packet::Publish(_) => wrong.clone(),
                other => takes(other),
            };
            let (session, _end) = opened(answers).await;
            let mut session = session.unwrap();
            let message = Message::new("t", "x").unwrap().of_quality(Quality::AtLeastOnce);
            session.publish(message).await.unwrap();
            assert!(matches!(session.settle().await, Err(Failure::Protocol { .. })));
        }
    }

    #[tokio::test]
    async fn a_broker_that_hangs_up_has_not_taken_what_it_did_not_confirm() {
        let (near, mut far) = duplex(1 << 16);
        let end = tokio::spawn(async move {
            let mut heard = BytesMut::new();
            far.read_buf(&mut heard).await.unwrap();
            far.write_all(&[0x20, 2, 0, 0]).await.unwrap();
            far.read_buf(&mut heard).await.unwrap();
        });
        let mut session = Session::greet(Box::new(near), &server()).await.unwrap();
        session.publish(Message::new("t", "x").unwrap()).await.unwrap();
        assert!(matches!(session.settle().await, Err(Failure::Broken { .. })));
        end.await.unwrap();
    }
}
