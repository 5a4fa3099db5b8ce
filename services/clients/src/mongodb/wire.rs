//! Messages: a length, numbers, and one document (`OP_MSG`).

use bson::Document;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::NAME;
use super::answer::Answer;
use crate::{Failure, Socket};

/// The largest message that a server sends (`maxMessageSizeBytes` of every version).
pub(super) const MOST_MESSAGE: usize = 48_000_000;
/// The only kind of message that is spoken here.
const MESSAGE: i32 = 2013;
/// What stands before the document of a message: its head, its flags and the kind of its only section.
const BEFORE: usize = 21;
/// That a checksum stands behind the document, and that further messages follow unasked.
const CHECKSUM: u32 = 1;
const MORE: u32 = 2;

/// A connection on which questions are asked one after the other.
pub(super) struct Wire {
    socket: Box<dyn Socket>,
    number: i32,
}

impl Wire {
    pub(super) fn new(socket: Box<dyn Socket>) -> Self {
        Self { socket, number: 0 }
    }

    /// Asks, and waits for an answer of at most so many bytes.
    pub(super) async fn ask(&mut self, command: &Document, most: usize) -> Result<Answer, Failure> {
        self.say(command).await?;
        let length = self.socket.read_i32_le().await.map_err(broken)?;
        let length = usize::try_from(length).unwrap_or_default();
        if !(BEFORE + 5..=MOST_MESSAGE).contains(&length) {
            // So begins the answer of a server that expects TLS, or speaks something else.
            return Err(not_understood(
                "something of another length than it may have; is the connection encrypted as the server wants it",
            ));
        }
        if length > most {
            return Err(Failure::TooLarge { limit: most });
        }
        // Room is made as the bytes come: a server that only says that it has many gets none.
        let mut message = Vec::new();
        let rest = length - 4;
        (&mut self.socket).take(rest as u64).read_to_end(&mut message).await.map_err(broken)?;
        if message.len() < rest {
            return Err(broken(std::io::ErrorKind::UnexpectedEof.into()));
        }
        self.body(&message)
    }

    /// Tells something whose answer nobody reads.
    pub(super) async fn say(&mut self, command: &Document) -> Result<(), Failure> {
        self.number = self.number.wrapping_add(1);
        let mut message = vec![0; BEFORE];
        command.to_writer(&mut message).map_err(|error| not_understood(error.to_string()))?;
        let length = i32::try_from(message.len()).map_err(|_| Failure::TooLarge { limit: MOST_MESSAGE })?;
        message[..4].copy_from_slice(&length.to_le_bytes());
        message[4..8].copy_from_slice(&self.number.to_le_bytes());
        message[12..16].copy_from_slice(&MESSAGE.to_le_bytes());
        self.socket.write_all(&message).await.map_err(broken)?;
        self.socket.flush().await.map_err(broken)
    }

    pub(super) async fn close(mut self) {
        // Whoever does not hear it sees the socket closed.
        let _ = tokio::time::timeout(std::time::Duration::from_secs(5), self.socket.shutdown()).await;
    }

    /// The document of a message, of which `message` is everything behind the length.
    fn body(&self, message: &[u8]) -> Result<Answer, Failure> {
        let word = |at: usize| message.get(at..at + 4).and_then(|word| word.try_into().ok()).map(u32::from_le_bytes);
        let (to, operation, flags) = (word(4), word(8), word(12));
        if operation != Some(MESSAGE as u32) {
            return Err(not_understood("another kind of message than was asked for"));
        }
        let flags = flags.unwrap_or_default();
        if to != Some(self.number as u32) || flags & MORE != 0 || message.get(16) != Some(&0) {
            return Err(not_understood("the answer to another question"));
        }
        let end = if flags & CHECKSUM == 0 { message.len() } else { message.len().saturating_sub(4) };
        Answer::new(message.get(BEFORE - 4..end).unwrap_or_default())
    }
}

fn broken(source: std::io::Error) -> Failure {
    Failure::Broken { server: NAME, source }
}

pub(super) fn not_understood(what: impl Into<String>) -> Failure {
    Failure::Protocol { server: NAME, what: what.into() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use bson::doc;
    use tokio::io::duplex;

    use super::*;

    /// An answer as a server sends it: its flags, what it answers, and its document.
    fn message(flags: u32, to: i32, body: &[u8]) -> Vec<u8> {
        let words = [9_i32.to_le_bytes(), to.to_le_bytes(), MESSAGE.to_le_bytes(), flags.to_le_bytes()].concat();
        let length = i32::try_from(4 + words.len() + 1 + body.len()).unwrap();
        [&length.to_le_bytes()[..], &words, &[0], body].concat()
    }

    async fn answered(said: &[u8]) -> Result<Answer, Failure> {
        let (near, mut far) = duplex(1 << 16);
        far.write_all(said).await.unwrap();
        let mut wire = Wire::new(Box::new(near));
        let asked = wire.ask(&doc! { "ping": 1, "$db": "é" }, 1000).await;
        drop(wire);
        let mut heard = Vec::new();
        far.read_to_end(&mut heard).await.unwrap();
        assert_eq!(heard[..21], [48, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 221, 7, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(Document::from_reader(&heard[21..]).unwrap(), doc! { "ping": 1, "$db": "é" });
        asked
    }

    #[tokio::test]
    async fn a_question_has_its_answer() {
        let body = doc! { "ok": 1.0, "n": 7 }.to_vec().unwrap();
        assert_eq!(answered(&message(0, 1, &body)).await.unwrap().number("n"), Some(7.0));
        let checked = [&body[..], &[1, 2, 3, 4]].concat();
        assert_eq!(answered(&message(1, 1, &checked)).await.unwrap().number("n"), Some(7.0));
    }

    #[tokio::test]
    async fn what_is_no_answer_is_none() {
        let body = doc! { "ok": 1.0 }.to_vec().unwrap();
        let mut other = message(0, 1, &body);
        other[12] = 1;
        let gigabyte = [&(1_i32 << 30).to_le_bytes()[..], &[0; 64]].concat();
        for said in [message(0, 2, &body), message(2, 1, &body), message(0, 1, &body[..9]), other, gigabyte] {
            assert!(matches!(answered(&said).await, Err(Failure::Protocol { .. })), "{said:?}");
        }
        let large = message(0, 1, &doc! { "ok": 1, "text": "x".repeat(2000) }.to_vec().unwrap());
        assert!(matches!(answered(&large).await, Err(Failure::TooLarge { limit: 1000 })));
        assert!(matches!(answered(b"HTTP/1.1 400 Bad Request").await, Err(Failure::Protocol { .. })));
    }

    #[tokio::test]
    async fn an_end_in_the_middle_is_a_broken_connection() {
        let (near, mut far) = duplex(64);
        let mut wire = Wire::new(Box::new(near));
        far.write_all(&[100, 0, 0, 0, 1]).await.unwrap();
        far.shutdown().await.unwrap();
        let asked = wire.ask(&doc! { "ping": 1 }, 1000).await;
        assert!(matches!(asked, Err(Failure::Broken { .. })));
    }
}
