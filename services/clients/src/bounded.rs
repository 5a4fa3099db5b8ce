//! A bound on what a server may send to a library that keeps whatever it is sent.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A socket that gives so many bytes and breaks before it gives more.
pub(crate) struct Bounded<S> {
    socket: S,
    left: usize,
    over: Arc<AtomicBool>,
}

/// Whether a server sent more than it may.
#[derive(Clone)]
pub(crate) struct Over(Arc<AtomicBool>);

impl Over {
    pub(crate) fn is_over(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl<S> Bounded<S> {
    pub(crate) fn new(socket: S, most: usize) -> (Self, Over) {
        let over = Arc::new(AtomicBool::new(false));
        (Self { socket, left: most, over: Arc::clone(&over) }, Over(over))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Bounded<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let read = Pin::new(&mut self.socket).poll_read(context, into);
        let given = into.filled().len().saturating_sub(before);
        if let Some(left) = self.left.checked_sub(given) {
            self.left = left;
            return read;
        }
        self.over.store(true, Ordering::Release);
        into.set_filled(before);
        Poll::Ready(Err(io::Error::other("the server sends more than is taken")))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Bounded<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
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
    async fn what_is_permitted_passes_and_nothing_after_it() {
        let (near, mut far) = duplex(64);
        let (mut bounded, over) = Bounded::new(near, 6);
        far.write_all(b"abcd").await.unwrap();
        let mut heard = [0; 4];
        bounded.read_exact(&mut heard).await.unwrap();
        assert_eq!((&heard, over.is_over()), (b"abcd", false));
        far.write_all(b"efgh").await.unwrap();
        assert!(bounded.read(&mut heard).await.is_err());
        assert!(over.is_over());
        bounded.write_all(b"bye").await.unwrap();
        let mut said = [0; 3];
        far.read_exact(&mut said).await.unwrap();
        assert_eq!(&said, b"bye");
    }
}
