//! One connection to a mail server: greeted, encrypted, signed in, asked for letters.

use std::io;
use std::time::Duration;

use async_imap::error::Error;
use async_imap::types::Fetch;
use async_imap::{Client, Session as Signed};
use base64::Engine as _;
use base64::alphabet::IMAP_MUTF7;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};
use futures_util::{Stream, TryStreamExt};
use jiff::Timestamp;
use tokio::time::timeout;
use weft_connectors::{Dialer, Tls};
use zeroize::Zeroizing;

use super::line::Line;
use super::{Criteria, NAME};
use crate::bounded::Over;
use crate::smtp::Begin;
use crate::{Failure, Refused, Socket};

/// The most letters that one search may find, and the most that are named in one command.
const MOST_FOUND: usize = 1_000_000;
const MOST_NAMED: usize = 200;
/// How much of a header is taken of a letter that is too large, in bytes.
const MOST_HEADER: usize = 256 << 10;
/// How long a server may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(3);

/// Where a mail server is and who signs in.
pub struct Server {
    /// The host.
    pub host: String,
    /// The port: mostly 993 with TLS, 143 with STARTTLS.
    pub port: u16,
    /// The user.
    pub user: String,
    /// The password.
    pub password: Zeroizing<String>,
    /// How the connection begins.
    pub begin: Begin,
    /// Whom an encrypted connection trusts.
    pub tls: Tls,
}

/// A mailbox that was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// Where it changes, the numbers of letters say nothing any longer (RFC 3501, section 2.3.1.1).
    pub validity: u32,
    /// The number that the next letter gets at least.
    pub next: u32,
}

/// What a server says of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its number in the mailbox.
    pub uid: u32,
    /// How many bytes it has.
    pub size: u32,
    /// When it arrived, to the second; nothing where the server does not say it.
    pub received: Option<Timestamp>,
}

/// A connection that was signed in to.
pub struct Session {
    signed: Signed<Line>,
    over: Over,
    most: usize,
}

impl Session {
    /// Connects, encrypts and signs in, within `limit`. The server may send `most` bytes in all.
    pub async fn open(dialer: &Dialer, server: &Server, limit: Duration, most: usize) -> Result<Self, Failure> {
        let late = |_| Failure::Timeout { server: NAME, limit };
        timeout(limit, Self::connect(dialer, server, limit, most)).await.map_err(late)?
    }

    async fn connect(dialer: &Dialer, server: &Server, limit: Duration, most: usize) -> Result<Self, Failure> {
        let stream = dialer.dial(&server.host, server.port, limit).await?;
        let socket: Box<dyn Socket> = match server.begin {
            Begin::Tls => Box::new(server.tls.secure(stream, &server.host).await?),
            Begin::StartTls | Begin::Clear => Box::new(stream),
        };
        let (line, mut over) = Line::new(socket, most);
        let mut client = Client::new(line);
        greeted(&mut client, &over, most).await?;
        if server.begin == Begin::StartTls {
            // Whatever else it refuses, nothing is said in clear. What it has sent too early is dropped with the client.
            let asked = client.run_command_and_check_ok("STARTTLS", None).await;
            asked.map_err(|error| match error {
                Error::No(_) | Error::Bad(_) => Failure::NotEncrypted { server: NAME },
                other => failed(other, &over, most),
            })?;
            let secured = server.tls.secure(client.into_inner(), &server.host).await?;
            let (line, again) = Line::new(Box::new(secured), most);
            (client, over) = (Client::new(line), again);
        }
        let signed = client.login(&server.user, server.password.as_str()).await.map_err(|(error, _)| match error {
            Error::No(said) | Error::Bad(said) => {
                Failure::SignIn { server: NAME, reason: told(&said).trim_end_matches('.').to_owned() }
            }
            Error::Validate(_) => {
                let reason = "the user and the password must be one line each".to_owned();
                Failure::SignIn { server: NAME, reason }
            }
            other => failed(other, &over, most),
        })?;
        Ok(Self { signed, over, most })
    }

    /// Opens a mailbox to read it; `changes` says whether letters will be marked.
    pub async fn open_mailbox(&mut self, name: &str, changes: Changes) -> Result<Mailbox, Failure> {
        let name = mailbox_name(name);
        let opened = match changes {
            Changes::Marks => self.signed.select(&name).await,
            Changes::Nothing => self.signed.examine(&name).await,
        };
        let opened = opened.map_err(|error| self.failed(error))?;
        let lacks = |what: &str| Failure::Protocol { server: NAME, what: format!("a mailbox without {what}") };
        let validity = opened.uid_validity.ok_or_else(|| lacks("UIDVALIDITY"))?;
        // RFC 3501 lets a server leave it out, where nothing but a search for the last letter tells.
        let next = match opened.uid_next {
            Some(next) => next,
            None => self.search(&Criteria::all(), 1, None).await?.last().map_or(1, |last| last.saturating_add(1)),
        };
        Ok(Mailbox { validity, next })
    }

    /// The numbers of the letters from `first` on that meet the criteria, in their order; of those alone that arrived on `since` or
    /// later, to the day and a day too many.
    pub async fn search(
        &mut self,
        criteria: &Criteria,
        first: u32,
        since: Option<Timestamp>,
    ) -> Result<Vec<u32>, Failure> {
        let command = criteria.command(first, since);
        let found = self.signed.uid_search(command).await.map_err(|error| self.failed(error))?;
        if found.len() > MOST_FOUND {
            return Err(Failure::TooManyRows { limit: MOST_FOUND });
        }
        // `n:*` names the last letter, also where it came before.
        let mut found: Vec<u32> = found.into_iter().filter(|uid| *uid >= first).collect();
        found.sort_unstable();
        Ok(found)
    }

    /// What the server says of these letters, as far as they are still there, in the order of their numbers.
    pub async fn list(&mut self, uids: &[u32]) -> Result<Vec<Listed>, Failure> {
        let mut all = Vec::with_capacity(uids.len());
        for some in uids.chunks(MOST_NAMED) {
            let fetched = self.fetch(&listed(some), "(UID RFC822.SIZE INTERNALDATE)").await?;
            all.extend(fetched.iter().filter_map(|fetch| {
                let received = fetch.internal_date().and_then(|at| Timestamp::from_second(at.timestamp()).ok());
                Some(Listed { uid: fetch.uid?, size: fetch.size?, received })
            }));
        }
        all.sort_unstable_by_key(|letter| letter.uid);
        Ok(all)
    }

    /// The bytes of a letter, without marking it as read; nothing where it is gone.
    pub async fn letter(&mut self, uid: u32) -> Result<Option<Vec<u8>>, Failure> {
        let fetched = self.fetch(&uid.to_string(), "(UID BODY.PEEK[])").await?;
        let found = fetched.iter().find(|fetch| fetch.uid == Some(uid));
        Ok(found.and_then(|fetch| Some(fetch.body()?.to_vec())))
    }

    /// Those of its header alone, the first 256 KiB.
    pub async fn header(&mut self, uid: u32) -> Result<Option<Vec<u8>>, Failure> {
        let fetched = self.fetch(&uid.to_string(), &format!("(UID BODY.PEEK[HEADER]<0.{MOST_HEADER}>)")).await?;
        let found = fetched.iter().find(|fetch| fetch.uid == Some(uid));
        Ok(found.and_then(|fetch| Some(fetch.header()?.to_vec())))
    }

    /// Marks letters as read.
    pub async fn mark_read(&mut self, uids: &[u32]) -> Result<(), Failure> {
        for some in uids.chunks(MOST_NAMED) {
            let stored = match self.signed.uid_store(listed(some), "+FLAGS.SILENT (\\Seen)").await {
                Ok(answers) => drained(answers).await,
                Err(error) => Err(error),
            };
            stored.map_err(|error| self.failed(error))?;
        }
        Ok(())
    }

    /// Says goodbye.
    pub async fn close(mut self) {
        // Whoever does not hear it sees the socket closed.
        let _ = timeout(GOODBYE, self.signed.logout()).await;
    }

    async fn fetch(&mut self, uids: &str, what: &str) -> Result<Vec<Fetch>, Failure> {
        let fetched = match self.signed.uid_fetch(uids, what).await {
            Ok(answers) => answers.try_collect().await,
            Err(error) => Err(error),
        };
        fetched.map_err(|error| self.failed(error))
    }

    fn failed(&self, error: Error) -> Failure {
        failed(error, &self.over, self.most)
    }
}

/// What is done in a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changes {
    /// Letters are marked.
    Marks,
    /// They are read alone.
    Nothing,
}

async fn greeted(client: &mut Client<Line>, over: &Over, most: usize) -> Result<(), Failure> {
    match client.read_response().await {
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err(failed(Error::ConnectionLost, over, most)),
        Err(error) => Err(failed(error.into(), over, most)),
    }
}

async fn drained(answers: impl Stream<Item = Result<Fetch, Error>>) -> Result<(), Error> {
    let mut answers = std::pin::pin!(answers);
    while answers.try_next().await?.is_some() {}
    Ok(())
}

fn failed(error: Error, over: &Over, most: usize) -> Failure {
    let broken = |source| Failure::Broken { server: NAME, source };
    match error {
        _ if over.is_over() => Failure::TooLarge { limit: most },
        Error::Io(source) if source.kind() == io::ErrorKind::FileTooLarge => Failure::TooLarge { limit: most },
        Error::No(said) | Error::Bad(said) => {
            let message = format!("The mail server refused: {}", told(&said));
            Failure::Refused(Box::new(Refused { message, ..Refused::default() }))
        }
        Error::Io(source) if source.kind() == io::ErrorKind::Other => Failure::Protocol {
            server: NAME,
            // The library repeats there what was sent.
            what: "an answer that is none of IMAP".to_owned(),
        },
        Error::Io(source) => broken(source),
        Error::Validate(_) => {
            let message = "A name or a search for a mail server must be one line.".to_owned();
            Failure::Refused(Box::new(Refused { message, ..Refused::default() }))
        }
        Error::ConnectionLost => broken(io::ErrorKind::UnexpectedEof.into()),
        _ => Failure::Protocol { server: NAME, what: "an answer that is not to what was asked".to_owned() },
    }
}

/// What the server said, out of what the library makes of it: `code: …, info: Some("…")`, or `information: Some("…")`.
fn told(said: &str) -> String {
    let begins = ["info: Some(\"", "information: Some(\""].into_iter().find_map(|begin| said.split_once(begin));
    let info = begins.and_then(|(_, info)| info.rsplit_once("\")"));
    let plain = |(info, _): (&str, &str)| info.replace("\\\"", "\"").replace("\\'", "'");
    info.map_or_else(|| "it gave no reason".to_owned(), plain)
}

fn listed(uids: &[u32]) -> String {
    uids.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
}

/// The name of a mailbox in modified UTF-7 (RFC 3501, section 5.1.3).
fn mailbox_name(name: &str) -> String {
    let coding = GeneralPurpose::new(&IMAP_MUTF7, NO_PAD);
    let (mut coded, mut foreign) = (String::with_capacity(name.len()), Vec::new());
    let end = |coded: &mut String, foreign: &mut Vec<u8>| {
        if !foreign.is_empty() {
            coded.extend(["&", &coding.encode(std::mem::take(foreign)), "-"]);
        }
    };
    for c in name.chars() {
        if matches!(c, ' '..='~') {
            end(&mut coded, &mut foreign);
            coded.push(c);
            if c == '&' {
                coded.push('-');
            }
        } else {
            foreign.extend(c.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    end(&mut coded, &mut foreign);
    coded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_mailboxes_are_coded_as_the_protocol_wants() {
        for (name, coded) in [
            ("INBOX", "INBOX"),
            ("Entwürfe", "Entw&APw-rfe"),
            ("A & B", "A &- B"),
            ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
            ("😀", "&2D3eAA-"),
        ] {
            assert_eq!(mailbox_name(name), coded);
        }
    }

    #[test]
    fn what_a_server_said_is_told_in_its_own_words() {
        assert_eq!(told(r#"code: None, info: Some("Mailbox doesn't exist: \"x\"")"#), r#"Mailbox doesn't exist: "x""#);
        let outcome = r#"outcome: StatusOutcome { code: None, information: Some("No mailbox") }"#;
        assert_eq!(told(outcome), "No mailbox");
        assert_eq!(told("code: None, info: None"), "it gave no reason");
    }
}
