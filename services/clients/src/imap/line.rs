//! What the library speaks over: a socket that gives so many bytes in all, and announces so many at a time.
//!
//! A server says how long a text is before it sends it (a literal, RFC 3501, section 4.3), and the library makes room for as much as
//! is announced. So it is judged here what may be announced.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::Socket;
use crate::bounded::{Bounded, Over};

/// How much of a line is looked at: an announcement stands at its end, what it answers at its beginning.
const HEAD: usize = 64;
/// How much more room than that the library may make.
const SLACK: usize = 1 << 20;

/// A bounded socket, as the library wants it.
pub(super) struct Line {
    socket: Bounded<Box<dyn Socket>>,
    most: usize,
    announced: Announced,
}

impl Line {
    /// A socket that gives `most` bytes in all.
    pub(super) fn new(socket: Box<dyn Socket>, most: usize) -> (Self, Over) {
        let (socket, over) = Bounded::new(socket, most);
        (Self { socket, most, announced: Announced::default() }, over)
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Line")
    }
}

impl AsyncRead for Line {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        // Where an announcement went unheard, there is room for it now.
        if into.remaining() > self.most.saturating_add(SLACK) {
            return Poll::Ready(Err(io::ErrorKind::FileTooLarge.into()));
        }
        let before = into.filled().len();
        let read = Pin::new(&mut self.socket).poll_read(context, into);
        let given = into.filled().get(before..).unwrap_or_default();
        if self.announced.hear(given) <= self.most as u64 {
            return read;
        }
        into.set_filled(before);
        Poll::Ready(Err(io::ErrorKind::FileTooLarge.into()))
    }
}

impl AsyncWrite for Line {
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

/// What a server announces, heard byte by byte.
#[derive(Default)]
struct Announced {
    /// How many bytes of a literal are still to come.
    literal: u64,
    /// The beginning of the line, or of what follows a literal in it.
    head: Vec<u8>,
    /// Its last bytes.
    tail: Vec<u8>,
}

impl Announced {
    /// The most that is announced in these bytes.
    fn hear(&mut self, mut bytes: &[u8]) -> u64 {
        let mut most = 0;
        while !bytes.is_empty() {
            let skipped = usize::try_from(self.literal).unwrap_or(usize::MAX).min(bytes.len());
            self.literal -= skipped as u64;
            bytes = &bytes[skipped..];
            let ends = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
            let (line, rest) = bytes.split_at(ends);
            self.keep(line);
            if line.ends_with(b"\n") {
                self.literal = self.length();
                most = most.max(self.literal);
                self.head.clear();
                self.tail.clear();
            }
            bytes = rest;
        }
        most
    }

    fn keep(&mut self, line: &[u8]) {
        let room = HEAD.saturating_sub(self.head.len()).min(line.len());
        self.head.extend_from_slice(&line[..room]);
        self.tail.extend_from_slice(&line[line.len().saturating_sub(HEAD)..]);
        let surplus = self.tail.len().saturating_sub(HEAD);
        self.tail.drain(..surplus);
    }

    /// How long the literal is that this line announces at its end. What answers a command, and what a server says in words,
    /// announces none, whatever it looks like.
    fn length(&self) -> u64 {
        let words = String::from_utf8_lossy(&self.head).to_ascii_uppercase();
        let mut words = words.split([' ', '\r', '\n']);
        let (tag, status) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        if tag == "+" || ["OK", "NO", "BAD", "BYE", "PREAUTH"].contains(&status) {
            return 0;
        }
        let announced = self.tail.strip_suffix(b"}\r\n").or_else(|| self.tail.strip_suffix(b"}\n"));
        let digits = announced.and_then(|line| line.rsplit(|byte| *byte == b'{').next());
        let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok()).unwrap_or_default();
        let digits = digits.trim_end_matches('+');
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return 0;
        }
        digits.parse().unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    /// What is announced, whether it is heard at once or byte by byte.
    fn announced(said: &str) -> u64 {
        let mut slowly = Announced::default();
        let most = said.bytes().map(|byte| slowly.hear(&[byte])).max().unwrap_or_default();
        assert_eq!(Announced::default().hear(said.as_bytes()), most, "{said}");
        most
    }

    #[test]
    fn what_is_announced_is_told_from_what_looks_like_it() {
        let long = format!("* 1 FETCH (FLAGS ({}) BODY[] {{7}}\r\n", "\\Seen ".repeat(50));
        for (said, expected) in [
            ("* OK {900}\r\n* 1 FETCH (BODY[] {5}\r\nab{12\r\n UID 3)\r\n", 5),
            ("* 1 FETCH (BODY[] {9}\r\na {900}\r\n)\r\nA1 OK done {800}\r\n", 9),
            ("* 1 FETCH (BODY[HEADER] {2}\r\nab BODY[TEXT] {40}\r\n", 40),
            ("* ok [ALERT] {900}\r\n* 1 FETCH (BODY[] {99999999999999999999999}\r\n", u64::MAX),
            ("+ go on {900}\r\n* LIST () \"/\" {3}\r\na{x\r\n", 3),
            ("* 1 FETCH (BODY[] {6+}\n", 6),
            ("* SEARCH 1 2 3\r\n* 3 EXISTS\r\n* BYE {1}\r\n", 0),
            (&long, 7),
        ] {
            assert_eq!(announced(said), expected, "{said}");
        }
    }

    #[tokio::test]
    async fn nothing_is_heard_of_what_is_announced_too_large() {
        let (near, mut far) = duplex(256);
        let (mut line, over) = Line::new(Box::new(near), 1_000);
        far.write_all(b"* OK hello\r\n").await.unwrap();
        let mut heard = [0; 12];
        line.read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"* OK hello\r\n");
        far.write_all(b"* 1 FETCH (BODY[] {1001}\r\n").await.unwrap();
        let error = line.read(&mut heard).await;
        let error = match error {
            Ok(_) => line.read_exact(&mut [0; 14]).await.unwrap_err(),
            Err(error) => error,
        };
        assert_eq!((error.kind(), over.is_over()), (io::ErrorKind::FileTooLarge, false));
    }
}
