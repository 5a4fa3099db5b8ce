//! Lines and counted bytes, as the protocols send them that can be read by eye.

use std::io;

use bytes::{Buf as _, Bytes, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{Failure, Socket};

/// A socket that is read in lines.
pub(crate) struct Wire {
    socket: Box<dyn Socket>,
    buffer: BytesMut,
    /// What kind of server is at the other end.
    server: &'static str,
}

impl Wire {
    pub(crate) fn new(socket: Box<dyn Socket>, server: &'static str) -> Self {
        Self { socket, buffer: BytesMut::with_capacity(4096), server }
    }

    /// The next line without its end, of at most so many bytes.
    pub(crate) async fn line(&mut self, most: usize) -> Result<Bytes, Failure> {
        let mut searched = 0;
        loop {
            if let Some(at) = self.buffer[searched..].iter().position(|byte| *byte == b'\n') {
                let mut line = self.buffer.split_to(searched + at + 1);
                let end = if line.ends_with(b"\r\n") { 2 } else { 1 };
                line.truncate(line.len() - end);
                return Ok(line.freeze());
            }
            searched = self.buffer.len();
            if searched > most {
                return Err(Failure::TooLarge { limit: most });
            }
            self.fill().await?;
        }
    }

    /// The next `count` bytes and the end of the line behind them. The caller has checked that so many are permitted.
    pub(crate) async fn counted(&mut self, count: usize) -> Result<Bytes, Failure> {
        while self.buffer.len() < count + 2 {
            self.fill().await?;
        }
        let bytes = self.buffer.split_to(count).freeze();
        self.buffer.advance(2);
        Ok(bytes)
    }

    pub(crate) async fn send(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let sent = async {
            self.socket.write_all(bytes).await?;
            self.socket.flush().await
        };
        sent.await.map_err(|source| self.broken(source))
    }

    /// The socket again, to be encrypted from here on. What has arrived too early was said in clear by somebody else.
    pub(crate) fn into_socket(self) -> Result<Box<dyn Socket>, Failure> {
        if self.buffer.is_empty() { Ok(self.socket) } else { Err(self.not_understood("something before TLS began")) }
    }

    pub(crate) fn not_understood(&self, what: impl Into<String>) -> Failure {
        Failure::Protocol { server: self.server, what: what.into() }
    }

    fn broken(&self, source: io::Error) -> Failure {
        Failure::Broken { server: self.server, source }
    }

    async fn fill(&mut self) -> Result<(), Failure> {
        match self.socket.read_buf(&mut self.buffer).await {
            Ok(0) => Err(self.broken(io::ErrorKind::UnexpectedEof.into())),
            Ok(_) => Ok(()),
            Err(source) => Err(self.broken(source)),
        }
    }
}
