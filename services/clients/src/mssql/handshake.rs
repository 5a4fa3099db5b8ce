//! TLS begins inside of packets of TDS, and goes on without them.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::greeting::{ANSWERS, GREETS, HEAD, LAST};

/// How much is said in one packet: 4096 bytes with its head.
const MOST_IN_ONE: usize = 4096 - HEAD;

/// A socket whose bytes are wrapped in packets until [`Handshake::end`].
pub(super) struct Handshake<S> {
    socket: S,
    is_over: bool,
    /// What was said since it was flushed, and how much of it, in packets, was written.
    said: Vec<u8>,
    packets: Vec<u8>,
    written: usize,
    /// The head of the packet that comes, and how much of the packet is left.
    head: Vec<u8>,
    left: usize,
}

impl<S> Handshake<S> {
    pub(super) fn new(socket: S) -> Self {
        Self {
            socket,
            is_over: false,
            said: Vec::new(),
            packets: Vec::new(),
            written: 0,
            head: Vec::with_capacity(HEAD),
            left: 0,
        }
    }

    /// From here on, bytes are what they are.
    pub(super) fn end(&mut self) {
        self.is_over = true;
    }

    fn wrap(&mut self) {
        let said = std::mem::take(&mut self.said);
        let count = said.chunks(MOST_IN_ONE).len();
        for (index, part) in said.chunks(MOST_IN_ONE).enumerate() {
            let length = u16::try_from(part.len() + HEAD).unwrap_or(u16::MAX).to_be_bytes();
            let status = if index + 1 == count { LAST } else { 0 };
            self.packets.extend_from_slice(&[GREETS, status, length[0], length[1], 0, 0, index as u8, 0]);
            self.packets.extend_from_slice(part);
        }
    }
}

impl<S: AsyncRead + Unpin> Handshake<S> {
    /// Reads the head of the next packet. Says whether there is one.
    fn poll_head(&mut self, context: &mut Context<'_>) -> Poll<io::Result<bool>> {
        while self.head.len() < HEAD {
            let mut room = [0; HEAD];
            let mut buffer = ReadBuf::new(&mut room[self.head.len()..]);
            ready!(Pin::new(&mut self.socket).poll_read(context, &mut buffer))?;
            if buffer.filled().is_empty() {
                return Poll::Ready(Ok(false));
            }
            self.head.extend_from_slice(buffer.filled());
        }
        let length = usize::from(u16::from_be_bytes([self.head[2], self.head[3]]));
        if ![GREETS, ANSWERS].contains(&self.head[0]) || length < HEAD {
            return Poll::Ready(Err(io::Error::other("the server does not begin TLS as SQL Server does")));
        }
        self.left = length - HEAD;
        self.head.clear();
        Poll::Ready(Ok(true))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Handshake<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.is_over && self.left == 0 {
            return Pin::new(&mut self.socket).poll_read(context, into);
        }
        while self.left == 0 {
            if !ready!(self.poll_head(context))? {
                return Poll::Ready(Ok(()));
            }
        }
        let mut room = [0; MOST_IN_ONE];
        let most = self.left.min(into.remaining()).min(MOST_IN_ONE);
        let mut buffer = ReadBuf::new(&mut room[..most]);
        ready!(Pin::new(&mut self.socket).poll_read(context, &mut buffer))?;
        self.left -= buffer.filled().len();
        into.put_slice(buffer.filled());
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Handshake<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.is_over {
            return Pin::new(&mut self.socket).poll_write(context, bytes);
        }
        self.said.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.wrap();
        let this = &mut *self;
        while this.written < this.packets.len() {
            let count = ready!(Pin::new(&mut this.socket).poll_write(context, &this.packets[this.written..]))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            this.written += count;
        }
        this.packets.clear();
        this.written = 0;
        Pin::new(&mut this.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(context)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    #[tokio::test]
    async fn what_is_said_travels_in_packets_until_it_is_over() {
        let (near, mut far) = duplex(16 * 1024);
        let mut handshake = Handshake::new(near);
        handshake.write_all(&[7; 4000]).await.unwrap();
        handshake.write_all(&[8; 100]).await.unwrap();
        handshake.flush().await.unwrap();
        let mut heard = vec![0; 4100 + 2 * HEAD];
        far.read_exact(&mut heard).await.unwrap();
        assert_eq!(heard[..HEAD], [GREETS, 0, 0x10, 0, 0, 0, 0, 0]);
        assert_eq!(heard[4096..4096 + HEAD], [GREETS, LAST, 0, 20, 0, 0, 1, 0]);
        far.write_all(&[ANSWERS, 0, 0, 10, 0, 0, 0, 0, 1, 2, GREETS, 1, 0, 9, 0, 0, 0, 0, 3]).await.unwrap();
        let mut said = [0; 3];
        handshake.read_exact(&mut said).await.unwrap();
        assert_eq!(said, [1, 2, 3]);
        handshake.end();
        far.write_all(b"bare").await.unwrap();
        let mut bare = [0; 4];
        handshake.read_exact(&mut bare).await.unwrap();
        handshake.write_all(b"too").await.unwrap();
        far.read_exact(&mut said).await.unwrap();
        assert_eq!((&bare, &said), (b"bare", b"too"));
    }

    #[tokio::test]
    async fn who_speaks_otherwise_is_not_followed() {
        for wrong in [&b"HTTP/1.1 400"[..], &[ANSWERS, 0, 0, 3, 0, 0, 0, 0]] {
            let (near, mut far) = duplex(64);
            far.write_all(wrong).await.unwrap();
            assert!(Handshake::new(near).read_u8().await.is_err(), "{wrong:?}");
        }
    }
}
