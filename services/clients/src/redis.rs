//! Redis: its protocol, version 2 (<https://redis.io/docs/latest/develop/reference/protocol-spec/>), which every server and its
//! kin (such as Valkey) speak.

use std::time::Duration;

use tokio::time::timeout;
use weft_connectors::{Dialer, Encryption, Tls};
use zeroize::Zeroizing;

use crate::wire::Wire;
use crate::{Budget, Failure, Refused, Socket};

/// Its name in messages.
const NAME: &str = "Redis";
/// The longest line, which is an error or a number.
const MOST_LINE: usize = 64 * 1024;
/// How deep lists may be nested.
const MOST_DEPTH: usize = 8;

/// Where a server is and who signs in.
pub struct Server {
    /// The host.
    pub host: String,
    /// The port; 6379 where nobody said another.
    pub port: u16,
    /// The user; empty for the one that every server has.
    pub user: String,
    /// The password; empty where nobody signs in.
    pub password: Zeroizing<String>,
    /// The number of the database.
    pub database: u32,
    /// Whether the connection is encrypted.
    pub tls: Tls,
}

/// What a server answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Nothing.
    Nil,
    /// A short word, such as `OK`.
    Word(String),
    /// A whole number.
    Integer(i64),
    /// Bytes, which are mostly text.
    Bytes(Vec<u8>),
    /// A list.
    List(Vec<Reply>),
}

impl Reply {
    /// As text; nothing where it is none.
    pub fn into_text(self) -> Option<String> {
        match self {
            Self::Word(text) => Some(text),
            Self::Integer(number) => Some(number.to_string()),
            Self::Bytes(bytes) => {
                Some(String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned()))
            }
            Self::Nil | Self::List(_) => None,
        }
    }

    /// As a list of texts; what is none is left out.
    pub fn into_texts(self) -> Vec<String> {
        match self {
            Self::List(list) => list.into_iter().filter_map(Self::into_text).collect(),
            _ => Vec::new(),
        }
    }
}

/// A connection that is signed in.
pub struct Session(Wire);

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
        let mut session = Self(Wire::new(socket, NAME));
        let password = server.password.as_str();
        let sign_in: &[&str] = match (server.user.as_str(), password) {
            ("", "") => &[],
            ("", password) => &["AUTH", password],
            (user, password) => &["AUTH", user, password],
        };
        if !sign_in.is_empty() {
            session.at_sign_in(sign_in).await?;
        }
        if server.database != 0 {
            session.at_sign_in(&["SELECT", &server.database.to_string()]).await?;
        }
        Ok(session)
    }

    async fn at_sign_in(&mut self, command: &[&str]) -> Result<(), Failure> {
        match self.ask(command, &mut Budget::new(1, MOST_LINE)).await {
            Err(Failure::Refused(said)) => {
                Err(Failure::SignIn { server: NAME, reason: said.message.trim_end_matches('.').to_owned() })
            }
            answered => answered.map(|_| ()),
        }
    }

    /// One command and its reply.
    pub async fn ask(&mut self, command: &[&str], budget: &mut Budget) -> Result<Reply, Failure> {
        let mut sent = Zeroizing::new(format!("*{}\r\n", command.len()).into_bytes());
        for word in command {
            sent.extend_from_slice(format!("${}\r\n", word.len()).as_bytes());
            sent.extend_from_slice(word.as_bytes());
            sent.extend_from_slice(b"\r\n");
        }
        self.0.send(&sent).await?;
        self.reply(budget, 0).await
    }

    /// Several commands of which all or none are done. Gives the last reply of them.
    pub async fn together(&mut self, commands: &[Vec<&str>], budget: &mut Budget) -> Result<Reply, Failure> {
        self.ask(&["MULTI"], budget).await?;
        for command in commands {
            // What is refused here makes the server refuse all of them.
            self.ask(command, budget).await?;
        }
        match self.ask(&["EXEC"], budget).await? {
            Reply::List(mut replies) => Ok(replies.pop().unwrap_or(Reply::Nil)),
            other => Ok(other),
        }
    }

    /// One reply. What is within a list is read with it.
    async fn reply(&mut self, budget: &mut Budget, depth: usize) -> Result<Reply, Failure> {
        let line = self.0.line(MOST_LINE).await?;
        let line = String::from_utf8_lossy(&line).into_owned();
        let (kind, rest) = line.split_at_checked(1).ok_or_else(|| self.0.not_understood("an empty line"))?;
        let number = || rest.parse::<i64>().map_err(|_| self.0.not_understood("a length that is no number"));
        match kind {
            "+" => Ok(Reply::Word(rest.to_owned())),
            "-" => Err(refused(rest)),
            ":" => Ok(Reply::Integer(number()?)),
            "$" => {
                let Ok(count) = usize::try_from(number()?) else { return Ok(Reply::Nil) };
                budget.row(count)?;
                Ok(Reply::Bytes(self.0.counted(count).await?.to_vec()))
            }
            "*" => {
                let Ok(count) = usize::try_from(number()?) else { return Ok(Reply::Nil) };
                self.list(count, budget, depth + 1).await
            }
            _ => Err(self.0.not_understood("a reply of a kind that is not known")),
        }
    }

    async fn list(&mut self, count: usize, budget: &mut Budget, depth: usize) -> Result<Reply, Failure> {
        if depth > MOST_DEPTH {
            return Err(self.0.not_understood("lists that are nested too deep"));
        }
        let (mut replies, mut refusal) = (Vec::new(), None);
        for _ in 0..count {
            budget.row(0)?;
            match Box::pin(self.reply(budget, depth)).await {
                Ok(reply) => replies.push(reply),
                // The rest of the list is on its way and has to be read all the same.
                Err(Failure::Refused(said)) => refusal = Some(said),
                Err(other) => return Err(other),
            }
        }
        refusal.map_or(Ok(Reply::List(replies)), |said| Err(Failure::Refused(said)))
    }
}

/// `WRONGTYPE Operation against …`: a word for programs, then one for people.
fn refused(text: &str) -> Failure {
    let (code, message) = text.split_once(' ').unwrap_or(("ERR", text));
    Failure::Refused(Box::new(Refused { code: code.to_owned(), message: message.to_owned(), detail: None }))
}
