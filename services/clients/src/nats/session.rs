//! One connection to a server.

use std::time::Duration;

use tokio::time::Instant;
use weft_connectors::Dialer;

use super::sign_in::{About, Server, open};
use super::wire::{Event, Heard, next, refused};
use super::{Message, Subject};
use crate::wire::Wire;
use crate::{Budget, Failure, Refused};

/// How many messages are sent before the server is asked whether it has taken them.
const MOST_UNSETTLED: usize = 512;
/// How many bytes are gathered before they are sent.
const MOST_GATHERED: usize = 32 * 1024;
/// The first line of headers.
const FIRST_LINE: &str = "NATS/1.0";

/// An answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// What is said about it, in its order.
    pub headers: Vec<(String, String)>,
    /// What it says.
    pub payload: Vec<u8>,
}

/// A connection that is signed in.
pub struct Session {
    wire: Wire,
    about: About,
    gathered: Vec<u8>,
    /// What was published and not settled yet, by the number that the caller gave it.
    unsettled: Vec<(usize, Subject)>,
    refused: Vec<(usize, Failure)>,
    /// Where answers come in, and how many questions were asked.
    inbox: Option<(String, u64)>,
}

impl Session {
    /// Connects and signs in. `limit` is for all of it.
    pub async fn open(dialer: &Dialer, server: &Server, limit: Duration) -> Result<Self, Failure> {
        let (wire, about) = open(dialer, server, limit).await?;
        Ok(Self { wire, about, gathered: Vec::new(), unsettled: Vec::new(), refused: Vec::new(), inbox: None })
    }

    /// Publishes a message, which is called `number` from here on. Whether the server took it is known after
    /// [`Session::settle`].
    pub async fn publish(&mut self, number: usize, message: &Message) -> Result<(), Failure> {
        let reply_to = message.reply_to.as_ref().map(Subject::as_str);
        self.gather(message, reply_to)?;
        self.unsettled.push((number, message.subject.clone()));
        if self.unsettled.len() >= MOST_UNSETTLED {
            self.take_stock().await
        } else if self.gathered.len() >= MOST_GATHERED {
            self.send().await
        } else {
            Ok(())
        }
    }

    /// Waits until the server has taken or refused all that was published, and gives what it refused.
    pub async fn settle(&mut self) -> Result<Vec<(usize, Failure)>, Failure> {
        self.take_stock().await?;
        Ok(std::mem::take(&mut self.refused))
    }

    /// Publishes a message and waits for the first answer to it. `name` is a word that nobody else listens to.
    pub async fn ask(
        &mut self,
        message: &Message,
        name: &str,
        limit: Duration,
        budget: &mut Budget,
    ) -> Result<Reply, Failure> {
        let inbox = self.listen(name);
        self.gather(message, Some(&inbox))?;
        self.send().await?;
        let until = Instant::now() + limit;
        loop {
            let event = match next(&mut self.wire, Some(until)).await {
                Err(Failure::Timeout { .. }) => return Err(unanswered(limit)),
                other => other?,
            };
            match event {
                // One that comes late is the answer to a question that nobody waits for any more.
                Event::Message(heard) if heard.subject == inbox => return reply(heard, budget),
                Event::Ping => self.wire.send(b"PONG\r\n").await?,
                Event::Refused(said) => return Err(refused(&said)),
                Event::Message(_) | Event::Pong | Event::Said => {}
            }
        }
    }

    /// Where the next answer comes in. The first call subscribes.
    fn listen(&mut self, name: &str) -> String {
        let (prefix, asked) = self.inbox.get_or_insert_with(|| {
            let prefix = format!("_INBOX.{name}");
            self.gathered.extend_from_slice(format!("SUB {prefix}.* 1\r\n").as_bytes());
            (prefix, 0)
        });
        *asked += 1;
        format!("{prefix}.{asked}")
    }

    /// Writes a message down to be sent.
    fn gather(&mut self, message: &Message, reply_to: Option<&str>) -> Result<(), Failure> {
        let refuse = |message: String| Err(Failure::Refused(Box::new(Refused { message, ..Refused::default() })));
        let lines = message.headers.lines();
        let headers = if lines.is_empty() { String::new() } else { format!("{FIRST_LINE}\r\n{lines}\r\n") };
        let total = headers.len() + message.payload.len();
        if total > self.about.most_payload {
            let most = self.about.most_payload;
            return refuse(format!("This message has {total} bytes, and the server takes at most {most}."));
        }
        if !headers.is_empty() && !self.about.has_headers {
            return refuse("This server knows no headers.".to_owned());
        }
        let (subject, reply_to) = (message.subject.as_str(), reply_to.unwrap_or_default());
        let line = if headers.is_empty() {
            format!("PUB {subject} {reply_to} {total}\r\n")
        } else {
            format!("HPUB {subject} {reply_to} {} {total}\r\n", headers.len())
        };
        for part in [line.as_bytes(), headers.as_bytes(), &message.payload, b"\r\n"] {
            self.gathered.extend_from_slice(part);
        }
        Ok(())
    }

    async fn send(&mut self) -> Result<(), Failure> {
        let sent = self.wire.send(&self.gathered).await;
        self.gathered.clear();
        sent
    }

    /// Asks the server whether it is there: it answers behind all that it had to say before.
    async fn take_stock(&mut self) -> Result<(), Failure> {
        self.gathered.extend_from_slice(b"PING\r\n");
        self.send().await?;
        loop {
            match next(&mut self.wire, None).await? {
                Event::Pong => break,
                Event::Ping => self.wire.send(b"PONG\r\n").await?,
                Event::Refused(said) => self.note(&said)?,
                Event::Message(_) | Event::Said => {}
            }
        }
        self.unsettled.clear();
        Ok(())
    }

    /// What the server refused: all messages of the subject that it names. What names none ends the connection.
    fn note(&mut self, said: &str) -> Result<(), Failure> {
        let of_subject = |subject: &Subject| said.contains(&format!("\"{}\"", subject.as_str()));
        let unsettled = std::mem::take(&mut self.unsettled);
        let (not_taken, others): (Vec<_>, Vec<_>) = unsettled.into_iter().partition(|(_, subject)| of_subject(subject));
        self.unsettled = others;
        if not_taken.is_empty() && !said.contains("ermissions") {
            return Err(refused(said));
        }
        self.refused.extend(not_taken.into_iter().map(|(number, _)| (number, refused(said))));
        Ok(())
    }
}

/// Nobody answered, though somebody may have heard the question.
fn unanswered(limit: Duration) -> Failure {
    let message = format!("Nobody answered within {} s.", limit.as_secs_f64());
    Failure::InDoubt(Box::new(Refused { code: "no_answer".to_owned(), message, detail: None }))
}

fn reply(heard: Heard, budget: &mut Budget) -> Result<Reply, Failure> {
    budget.row(heard.headers.len() + heard.payload.len())?;
    let headers = String::from_utf8_lossy(&heard.headers);
    let mut lines = headers.split("\r\n");
    let first = lines.next().unwrap_or_default();
    if first.strip_prefix(FIRST_LINE).is_some_and(|status| status.trim_start().starts_with("503")) {
        let message = "Nobody listens to this subject, so that nobody can answer.".to_owned();
        return Err(Failure::Refused(Box::new(Refused { code: "503".to_owned(), message, detail: None })));
    }
    let pairs = lines.filter_map(|line| line.split_once(':'));
    let headers = pairs.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect();
    Ok(Reply { headers, payload: heard.payload })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    use super::super::{Headers, NAME};
    use super::*;

    fn session(near: DuplexStream) -> Session {
        Session {
            wire: Wire::new(Box::new(near), NAME),
            about: About { most_payload: 100, has_headers: true },
            gathered: Vec::new(),
            unsettled: Vec::new(),
            refused: Vec::new(),
            inbox: None,
        }
    }

    fn message(subject: &str, payload: &str) -> Message {
        let payload = payload.as_bytes().to_vec();
        Message { subject: Subject::new(subject).unwrap(), reply_to: None, headers: Headers::default(), payload }
    }

    /// What the other side hears while it says `says`.
    async fn heard(mut far: DuplexStream, says: &str) -> String {
        far.write_all(says.as_bytes()).await.unwrap();
        let mut heard = String::new();
        far.read_to_string(&mut heard).await.unwrap();
        heard
    }

    #[tokio::test]
    async fn a_message_is_written_as_the_protocol_writes_it() {
        let (near, far) = duplex(4096);
        let mut session = session(near);
        let mut with = message("b.é", "wörld");
        with.headers = Headers::default().with("A", "1").unwrap();
        with.reply_to = Some(Subject::new("r").unwrap());
        session.publish(0, &message("a", "x")).await.unwrap();
        session.publish(1, &with).await.unwrap();
        let other = tokio::spawn(heard(far, "PONG\r\n"));
        assert!(session.settle().await.unwrap().is_empty());
        let expected = "PUB a  1\r\nx\r\nHPUB b.é r 18 24\r\nNATS/1.0\r\nA: 1\r\n\r\nwörld\r\nPING\r\n";
        drop(session);
        assert_eq!(other.await.unwrap(), expected);
    }

    #[tokio::test]
    async fn what_is_refused_is_told_by_its_number() {
        let (near, far) = duplex(4096);
        let mut session = session(near);
        for (number, subject) in ["a", "secret", "b", "secret"].into_iter().enumerate() {
            session.publish(number, &message(subject, "x")).await.unwrap();
        }
        let large = session.publish(4, &message("a", &"x".repeat(101))).await.unwrap_err();
        assert_eq!(large.to_string(), "This message has 101 bytes, and the server takes at most 100.");
        let says = "-ERR 'Permissions Violation for Publish to \"secret\"'\r\nPING\r\nPONG\r\n";
        let other = tokio::spawn(heard(far, says));
        let refused: Vec<usize> = session.settle().await.unwrap().into_iter().map(|(number, _)| number).collect();
        assert_eq!(refused, [1, 3]);
        drop(session);
        assert!(other.await.unwrap().ends_with("PING\r\nPONG\r\n"));
    }

    #[tokio::test]
    async fn what_no_server_says_ends_the_connection() {
        for says in [
            "-ERR 'Stale Connection'\r\n",
            "MSG a 1\r\n",
            "MSG a 1 x\r\n",
            "HMSG a 1 9 2\r\n",
            "MSG a 1 99999999999\r\n",
            "HTTP/1.1 400 Bad Request\r\n",
        ] {
            let (near, far) = duplex(4096);
            let mut session = session(near);
            session.publish(0, &message("a", "x")).await.unwrap();
            let other = tokio::spawn(heard(far, says));
            assert!(session.settle().await.is_err(), "{says}");
            drop(session);
            other.await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_late_answer_is_not_taken_for_another_one() {
        let (near, mut far) = duplex(4096);
        let mut session = session(near);
        let mut budget = Budget::new(10, 1000);
        let soon = Duration::from_millis(1);
        let failure = session.ask(&message("q", ""), "me", soon, &mut budget).await.unwrap_err();
        assert!(matches!(failure, Failure::InDoubt(_)), "{failure:?}");
        far.write_all(b"MSG _INBOX.me.1 1 4\r\nlate\r\n").await.unwrap();
        far.write_all(b"HMSG _INBOX.me.2 1 18 23\r\nNATS/1.0\r\nA: 1\r\n\r\nwell!\r\n").await.unwrap();
        let reply = session.ask(&message("q", ""), "me", Duration::from_mins(1), &mut budget).await.unwrap();
        assert_eq!(reply, Reply { headers: vec![("A".into(), "1".into())], payload: b"well!".to_vec() });
        far.write_all(b"HMSG _INBOX.me.3 1 16 16\r\nNATS/1.0 503\r\n\r\n\r\n").await.unwrap();
        let nobody = session.ask(&message("q", ""), "me", Duration::from_mins(1), &mut budget).await.unwrap_err();
        assert!(matches!(nobody, Failure::Refused(_)), "{nobody:?}");
    }
}
