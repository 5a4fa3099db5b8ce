//! One connection to a mail server: greeted, encrypted, signed in, handed letters.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::time::timeout;
use weft_connectors::{Dialer, Tls};
use zeroize::Zeroizing;

use super::{Composed, NAME};
use crate::wire::Wire;
use crate::{Failure, Refused, Socket};

/// The longest line of an answer (RFC 5321, section 4.5.3.1.5, says 512) and the most lines of one.
const MOST_LINE: usize = 4096;
const MOST_LINES: usize = 100;

/// How a connection begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Begin {
    /// In clear, and encrypted before anything is said (RFC 3207).
    #[default]
    StartTls,
    /// Encrypted (RFC 8314).
    Tls,
    /// In clear, for ever.
    Clear,
}

/// Where a mail server is and who signs in.
pub struct Server {
    /// The host.
    pub host: String,
    /// The port: mostly 587 with STARTTLS, 465 with TLS.
    pub port: u16,
    /// The user; empty where nobody signs in.
    pub user: String,
    /// The password.
    pub password: Zeroizing<String>,
    /// How the connection begins.
    pub begin: Begin,
    /// Whom an encrypted connection trusts.
    pub tls: Tls,
    /// What this side calls itself.
    pub hello: String,
}

/// A connection that letters can be handed to.
pub struct Session {
    wire: Wire,
    utf8: bool,
}

/// What became of a letter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handed {
    /// The addresses that the server takes it for.
    pub accepted: Vec<String>,
    /// Those that it does not.
    pub rejected: Vec<String>,
    /// What it said when it took it.
    pub response: String,
}

/// An answer: its code and its lines.
struct Answer {
    code: u16,
    lines: Vec<String>,
}

impl Answer {
    fn text(&self) -> String {
        self.lines.join(" ")
    }

    fn is_good(&self) -> bool {
        (200..400).contains(&self.code)
    }

    fn refused(&self) -> Failure {
        let message = format!("The mail server answered {}: {}", self.code, self.text());
        Failure::Refused(Box::new(Refused { code: self.code.to_string(), message, detail: None }))
    }
}

impl Session {
    /// Connects, encrypts, signs in. `limit` is for all of it.
    pub async fn open(dialer: &Dialer, server: &Server, limit: Duration) -> Result<Self, Failure> {
        let late = |_| Failure::Timeout { server: NAME, limit };
        timeout(limit, Self::connect(dialer, server, limit)).await.map_err(late)?
    }

    async fn connect(dialer: &Dialer, server: &Server, limit: Duration) -> Result<Self, Failure> {
        let stream = dialer.dial(&server.host, server.port, limit).await?;
        let socket: Box<dyn Socket> = match server.begin {
            Begin::Tls => Box::new(server.tls.secure(stream, &server.host).await?),
            Begin::StartTls | Begin::Clear => Box::new(stream),
        };
        let mut session = Self { wire: Wire::new(socket, NAME), utf8: false };
        let greeting = session.answer().await?;
        if !greeting.is_good() {
            return Err(greeting.refused());
        }
        let mut offers = session.hello(server).await?;
        if server.begin == Begin::StartTls {
            if !offers.iter().any(|offer| offer == "STARTTLS") {
                return Err(Failure::NotEncrypted { server: NAME });
            }
            session.ask("STARTTLS").await?;
            let socket = session.wire.into_socket()?;
            let socket = Box::new(server.tls.secure(socket, &server.host).await?);
            session = Self { wire: Wire::new(socket, NAME), utf8: false };
            // What was offered in clear may have been somebody else's.
            offers = session.hello(server).await?;
        }
        session.utf8 = offers.iter().any(|offer| offer == "SMTPUTF8");
        if !server.user.is_empty() {
            session.sign_in(server, &offers).await?;
        }
        Ok(session)
    }

    /// Says hello and hears what the server can do, in capital letters.
    async fn hello(&mut self, server: &Server) -> Result<Vec<String>, Failure> {
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b".-[]:".contains(&byte);
        let name = server.hello.trim();
        let name = if !name.is_empty() && name.bytes().all(is_name) { name } else { "localhost" };
        let answer = self.ask(&format!("EHLO {name}")).await?;
        Ok(answer.lines.iter().skip(1).map(|line| line.to_ascii_uppercase()).collect())
    }

    /// RFC 4954 with PLAIN (RFC 4616), or LOGIN where that is all there is.
    async fn sign_in(&mut self, server: &Server, offers: &[String]) -> Result<(), Failure> {
        let offered = |way: &str| {
            let lists = offers.iter().filter_map(|offer| offer.strip_prefix("AUTH").map(|rest| rest.replace('=', " ")));
            lists.flat_map(|list| list.split(' ').map(str::to_owned).collect::<Vec<_>>()).any(|known| known == way)
        };
        let refused = |answer: Answer| Failure::SignIn {
            server: NAME,
            reason: format!("{} {}", answer.code, answer.text()).trim_end_matches('.').to_owned(),
        };
        let encoded = |text: &str| Zeroizing::new(STANDARD.encode(text));
        let answer = if offered("PLAIN") {
            let pair = Zeroizing::new(format!("\0{}\0{}", server.user, server.password.as_str()));
            let command = Zeroizing::new(format!("AUTH PLAIN {}", encoded(&pair).as_str()));
            self.say(&command).await?
        } else if offered("LOGIN") {
            for words in ["AUTH LOGIN", encoded(&server.user).as_str()] {
                let answer = self.say(words).await?;
                if answer.code != 334 {
                    return Err(refused(answer));
                }
            }
            self.say(&encoded(&server.password)).await?
        } else {
            let reason = "it offers no way to sign in that is known here".to_owned();
            return Err(Failure::SignIn { server: NAME, reason });
        };
        if answer.code == 235 { Ok(()) } else { Err(refused(answer)) }
    }

    /// Hands a letter over. Where the server takes it for nobody, it is refused.
    pub async fn hand_over(&mut self, letter: &Composed) -> Result<Handed, Failure> {
        let mut begin = format!("MAIL FROM:<{}>", letter.from);
        if !letter.from.is_ascii() || letter.to.iter().any(|address| !address.is_ascii()) {
            if !self.utf8 {
                let message = "The mail server takes no addresses with letters beyond A to Z.".to_owned();
                return Err(Failure::Refused(Box::new(Refused { message, ..Refused::default() })));
            }
            begin.push_str(" SMTPUTF8");
        }
        self.ask(&begin).await?;
        let (mut handed, mut refusal) = (Handed::default(), None);
        for address in &letter.to {
            let answer = self.say(&format!("RCPT TO:<{address}>")).await?;
            if answer.is_good() {
                handed.accepted.push(address.clone());
            } else {
                handed.rejected.push(address.clone());
                refusal = Some(answer);
            }
        }
        if let (true, Some(refusal)) = (handed.accepted.is_empty(), refusal) {
            self.ask("RSET").await?;
            return Err(refusal.refused());
        }
        self.ask("DATA").await?;
        self.wire.send(&stuffed(&letter.bytes)).await?;
        let answer = self.answer().await?;
        if !answer.is_good() {
            return Err(answer.refused());
        }
        handed.response = format!("{} {}", answer.code, answer.text());
        Ok(handed)
    }

    /// Takes back what was begun, after a refusal.
    pub async fn reset(&mut self) -> Result<(), Failure> {
        self.ask("RSET").await.map(|_| ())
    }

    /// Says goodbye.
    pub async fn close(mut self) {
        // Whoever does not hear it sees the socket closed.
        let _ = self.say("QUIT").await;
    }

    /// Says something that has to be understood.
    async fn ask(&mut self, command: &str) -> Result<Answer, Failure> {
        let answer = self.say(command).await?;
        if answer.is_good() { Ok(answer) } else { Err(answer.refused()) }
    }

    async fn say(&mut self, command: &str) -> Result<Answer, Failure> {
        let line = Zeroizing::new(format!("{command}\r\n"));
        self.wire.send(line.as_bytes()).await?;
        self.answer().await
    }

    /// One answer: lines with a code in front, of which the last has a space behind it (RFC 5321, section 4.2.1).
    async fn answer(&mut self) -> Result<Answer, Failure> {
        let mut lines = Vec::new();
        while lines.len() < MOST_LINES {
            let line = self.wire.line(MOST_LINE).await?;
            let line = String::from_utf8_lossy(&line).into_owned();
            let code = line.get(..3).and_then(|code| code.parse().ok());
            let code: u16 = code.ok_or_else(|| self.wire.not_understood("an answer without a code"))?;
            lines.push(line.get(4..).unwrap_or_default().trim().to_owned());
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok(Answer { code, lines });
            }
        }
        Err(self.wire.not_understood("an answer without an end"))
    }
}

/// A message as it is sent: a dot in front of every line that begins with one, and one alone at the end (RFC 5321, section
/// 4.5.2).
fn stuffed(message: &[u8]) -> Vec<u8> {
    let mut sent = Vec::with_capacity(message.len() + 16);
    let mut begins = true;
    for byte in message {
        if begins && *byte == b'.' {
            sent.push(b'.');
        }
        begins = *byte == b'\n';
        sent.push(*byte);
    }
    if !sent.ends_with(b"\r\n") {
        sent.extend_from_slice(b"\r\n");
    }
    sent.extend_from_slice(b".\r\n");
    sent
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_alone_ends_a_message_and_no_other_does() {
        for (message, sent) in [
            ("a\r\n.\r\nb", "a\r\n..\r\nb\r\n.\r\n"),
            (".a\r\n", "..a\r\n.\r\n"),
            ("", "\r\n.\r\n"),
            ("é.\r\n..", "é.\r\n...\r\n.\r\n"),
        ] {
            assert_eq!(String::from_utf8(stuffed(message.as_bytes())).unwrap(), sent, "{message}");
        }
    }
}
