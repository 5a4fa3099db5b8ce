//! Packets: a length of three bytes, a number of one, and what is said.

use bytes::{Buf as _, Bytes, BytesMut};
use mysql_common::constants::CapabilityFlags;
use mysql_common::io::ParseBuf;
use mysql_common::packets::{OkPacket, OkPacketDeserializer, OkPacketKind};
use mysql_common::proto::MySerialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::NAME;
use crate::{Failure, Refused, Socket};

/// What is as long goes on in the next packet.
const MOST_IN_ONE: usize = 0xff_ff_ff;

/// A socket that is read in packets.
pub(super) struct Packets {
    socket: Box<dyn Socket>,
    buffer: BytesMut,
    /// The number of the next packet: both sides count on from a command.
    next: u8,
}

impl Packets {
    pub(super) fn new(socket: Box<dyn Socket>) -> Self {
        Self { socket, buffer: BytesMut::with_capacity(8192), next: 0 }
    }

    /// The socket and the number of the next packet, to be encrypted from here on. What has arrived too early was said in clear.
    pub(super) fn into_socket(self) -> Result<(Box<dyn Socket>, u8), Failure> {
        if self.buffer.is_empty() {
            Ok((self.socket, self.next))
        } else {
            Err(not_understood("something before TLS began"))
        }
    }

    pub(super) fn going_on(socket: Box<dyn Socket>, next: u8) -> Self {
        Self { next, ..Self::new(socket) }
    }

    /// What the server says next, of at most so many bytes.
    pub(super) async fn read(&mut self, most: usize) -> Result<Bytes, Failure> {
        let mut whole = BytesMut::new();
        loop {
            self.fill(4).await?;
            let length = usize::try_from(self.buffer.get_uint_le(3)).unwrap_or(usize::MAX);
            self.next = self.buffer.get_u8().wrapping_add(1);
            if whole.len() + length > most {
                return Err(Failure::TooLarge { limit: most });
            }
            self.fill(length).await?;
            let part = self.buffer.split_to(length);
            if whole.is_empty() {
                whole = part;
            } else {
                whole.extend_from_slice(&part);
            }
            if length < MOST_IN_ONE {
                return Ok(whole.freeze());
            }
        }
    }

    /// Reads until so many bytes are there.
    async fn fill(&mut self, count: usize) -> Result<(), Failure> {
        while self.buffer.len() < count {
            if self.socket.read_buf(&mut self.buffer).await.map_err(broken)? == 0 {
                return Err(broken(std::io::ErrorKind::UnexpectedEof.into()));
            }
        }
        Ok(())
    }

    /// Begins a command.
    pub(super) async fn command(&mut self, said: &[u8]) -> Result<(), Failure> {
        self.next = 0;
        self.write(said).await
    }

    pub(super) async fn write_packet(&mut self, packet: &impl MySerialize) -> Result<(), Failure> {
        let mut said = zeroize::Zeroizing::new(Vec::new());
        packet.serialize(&mut said);
        self.write(&said).await
    }

    pub(super) async fn write(&mut self, said: &[u8]) -> Result<(), Failure> {
        let mut rest = said;
        loop {
            let (now, later) = rest.split_at(rest.len().min(MOST_IN_ONE));
            let mut head = [0; 4];
            head[..3].copy_from_slice(&u32::try_from(now.len()).unwrap_or_default().to_le_bytes()[..3]);
            head[3] = self.next;
            self.next = self.next.wrapping_add(1);
            self.socket.write_all(&head).await.map_err(broken)?;
            self.socket.write_all(now).await.map_err(broken)?;
            rest = later;
            // What is exactly as long as a packet can be ends with an empty one.
            if now.len() < MOST_IN_ONE {
                return self.socket.flush().await.map_err(broken);
            }
        }
    }

    pub(super) async fn shut_down(mut self) {
        // Whoever does not hear it sees the socket closed.
        let _ = self.socket.shutdown().await;
    }
}

pub(super) fn broken(source: std::io::Error) -> Failure {
    Failure::Broken { server: NAME, source }
}

pub(super) fn not_understood(what: impl Into<String>) -> Failure {
    Failure::Protocol { server: NAME, what: what.into() }
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
pub(super) fn unreadable(error: std::io::Error) -> Failure {
    not_understood(error.to_string())
}

/// That something is done, in the form that is expected here.
pub(super) fn ok<K: OkPacketKind>(packet: &[u8], capabilities: CapabilityFlags) -> Result<OkPacket<'static>, Failure> {
    let read = ParseBuf(packet).parse::<OkPacketDeserializer<'_, K>>(capabilities).map_err(unreadable)?;
    Ok(read.into_inner().into_owned())
}

/// What the server says when it refuses: a number, perhaps an SQLSTATE behind a `#`, and words.
pub(super) fn refused(packet: &[u8]) -> Refused {
    let number = packet.get(1..3).map_or(0, |mut bytes| bytes.get_u16_le());
    let rest = packet.get(3..).unwrap_or_default();
    let (state, words) = match rest.split_first_chunk::<6>() {
        Some((state, words)) if state[0] == b'#' => (Some(String::from_utf8_lossy(&state[1..]).into_owned()), words),
        _ => (None, rest),
    };
    let message = String::from_utf8_lossy(words).into_owned();
    Refused {
        code: number.to_string(),
        message,
        detail: state.map(|state| format!("Error {number}, SQLSTATE {state}")),
    }
}
