//! One connection: encrypted, signed in, asked.

use std::time::Duration;

use bytes::BytesMut;
use postgres_protocol::authentication::{md5_hash, sasl};
use postgres_protocol::message::{backend::Message, frontend};
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::time::timeout;
use weft_connectors::{Dialer, Encryption, Tls};
use zeroize::Zeroizing;

use super::NAME;
use super::reader::{Answer, Reader};
use super::values::LargeNumbers;
use crate::{Budget, Failure, Socket};

/// The largest message before somebody is signed in.
const MOST_AT_SIGN_IN: usize = 64 * 1024;

/// Where a database is and who signs in.
pub struct Server {
    /// The host.
    pub host: String,
    /// The port; 5432 where nobody said another.
    pub port: u16,
    /// The database.
    pub database: String,
    /// The user.
    pub user: String,
    /// The password.
    pub password: Zeroizing<String>,
    /// Whether the connection is encrypted.
    pub tls: Tls,
}

/// A connection that is signed in. Dropped, it is closed, and what it had begun is taken back.
pub struct Session {
    reader: Reader<ReadHalf<Box<dyn Socket>>>,
    writer: WriteHalf<Box<dyn Socket>>,
    key: Option<(i32, i32)>,
}

impl Session {
    /// Connects and signs in. `limit` is for all of it.
    pub async fn open(dialer: &Dialer, server: &Server, limit: Duration) -> Result<Self, Failure> {
        let late = |_| Failure::Timeout { server: NAME, limit };
        timeout(limit, Self::connect(dialer, server, limit)).await.map_err(late)?
    }

    async fn connect(dialer: &Dialer, server: &Server, limit: Duration) -> Result<Self, Failure> {
        let (reader, writer) = tokio::io::split(socket(dialer, server, limit).await?);
        let mut session = Self { reader: Reader::new(reader), writer, key: None };
        let mut hello = BytesMut::new();
        let parameters = [
            ("user", server.user.as_str()),
            ("database", server.database.as_str()),
            ("client_encoding", "UTF8"),
            ("DateStyle", "ISO"),
            // A backslash in a literal is a backslash.
            ("standard_conforming_strings", "on"),
        ];
        frontend::startup_message(parameters, &mut hello).map_err(unsendable)?;
        session.send(&hello).await?;
        session.sign_in(server).await?;
        session.settle().await?;
        Ok(session)
    }

    async fn sign_in(&mut self, server: &Server) -> Result<(), Failure> {
        let password = server.password.as_bytes();
        loop {
            let mut answer = Zeroizing::new(Vec::new());
            match self.next_at_sign_in().await? {
                Message::AuthenticationOk => return Ok(()),
                Message::AuthenticationCleartextPassword if server.tls.encryption == Encryption::Off => {
                    return Err(refused("it asks for the password in clear over a connection that is not encrypted"));
                }
                Message::AuthenticationCleartextPassword => answer.extend_from_slice(password),
                Message::AuthenticationMd5Password(asked) => {
                    let hash = Zeroizing::new(md5_hash(server.user.as_bytes(), password, asked.salt()));
                    answer.extend_from_slice(hash.as_bytes());
                }
                Message::AuthenticationSasl(_) => {
                    self.scram(password).await?;
                    continue;
                }
                _ => return Err(refused("it asks for a way to sign in that is not known here")),
            }
            let mut message = BytesMut::new();
            frontend::password_message(&answer, &mut message).map_err(unsendable)?;
            self.send(&message).await?;
        }
    }

    /// SCRAM-SHA-256 (RFC 7677). Both sides prove that they know the password.
    async fn scram(&mut self, password: &[u8]) -> Result<(), Failure> {
        let mut scram = sasl::ScramSha256::new(password, sasl::ChannelBinding::unsupported());
        let mut message = BytesMut::new();
        frontend::sasl_initial_response(sasl::SCRAM_SHA_256, scram.message(), &mut message).map_err(unsendable)?;
        self.send(&message).await?;
        let Message::AuthenticationSaslContinue(asked) = self.next_at_sign_in().await? else {
            return Err(refused("it did not go on with SCRAM"));
        };
        scram.update(asked.data()).map_err(|_| refused("its SCRAM is not understood"))?;
        message.clear();
        frontend::sasl_response(scram.message(), &mut message).map_err(unsendable)?;
        self.send(&message).await?;
        let Message::AuthenticationSaslFinal(proved) = self.next_at_sign_in().await? else {
            return Err(refused("it did not finish SCRAM"));
        };
        scram.finish(proved.data()).map_err(|_| refused("it does not know the password itself"))
    }

    /// The next message; what the server refuses with before somebody is signed in is a refusal to sign in.
    async fn next_at_sign_in(&mut self) -> Result<Message, Failure> {
        match self.reader.message(MOST_AT_SIGN_IN).await? {
            Message::ErrorResponse(body) => {
                let said = super::reader::refused(&body);
                Err(Failure::SignIn { server: NAME, reason: said.message.trim_end_matches('.').to_owned() })
            }
            message => Ok(message),
        }
    }

    async fn settle(&mut self) -> Result<(), Failure> {
        loop {
            match self.next_at_sign_in().await? {
                Message::BackendKeyData(key) => self.key = Some((key.process_id(), key.secret_key())),
                Message::ReadyForQuery(_) => return Ok(()),
                _ => {}
            }
        }
    }

    /// Executes statements one after the other and gives what came of each. All are sent before the first answer is there: where
    /// one fails, those behind it have been executed too, unless a transaction keeps them from it, and the session is of no use
    /// any more. One alone that the server refuses leaves the session as it was.
    pub async fn execute(
        &mut self,
        statements: &[String],
        numbers: LargeNumbers,
        budget: &mut Budget,
    ) -> Result<Vec<Answer>, (usize, Failure)> {
        let mut sent = BytesMut::with_capacity(statements.iter().map(|text| text.len() + 6).sum());
        for (index, statement) in statements.iter().enumerate() {
            frontend::query(statement, &mut sent).map_err(|error| (index, unsendable(error)))?;
        }
        let (reader, writer) = (&mut self.reader, &mut self.writer);
        let writing = async {
            let written = writer.write_all(&sent).await;
            let flushed = writer.flush().await;
            written.and(flushed).map_err(|source| (0, Failure::Broken { server: NAME, source }))
        };
        let reading = async {
            let mut answers = Vec::with_capacity(statements.len());
            for index in 0..statements.len() {
                answers.push(reader.answer(numbers, budget).await.map_err(|error| (index, error))?);
            }
            Ok(answers)
        };
        // Together: a server that waits for its answers to be read reads nothing.
        tokio::try_join!(writing, reading).map(|((), answers)| answers)
    }

    /// Says goodbye.
    pub async fn close(mut self) {
        let mut message = BytesMut::new();
        frontend::terminate(&mut message);
        // Whoever does not hear it sees the socket closed.
        let _ = self.writer.write_all(&message).await;
        let _ = self.writer.shutdown().await;
    }

    /// What stops a statement that nobody waits for any more.
    pub fn stopper(&self) -> Stopper {
        Stopper(self.key)
    }

    async fn send(&mut self, message: &[u8]) -> Result<(), Failure> {
        let sent = async {
            self.writer.write_all(message).await?;
            self.writer.flush().await
        };
        sent.await.map_err(|source| Failure::Broken { server: NAME, source })
    }
}

/// Names a session to its server.
#[derive(Clone, Copy)]
pub struct Stopper(Option<(i32, i32)>);

impl Stopper {
    /// Asks the server to stop what the session executes. It may do so or not, and does not say.
    pub async fn stop(self, dialer: &Dialer, server: &Server) {
        let Some((process, secret)) = self.0 else { return };
        let limit = Duration::from_secs(5);
        let asked = async {
            let mut socket = socket(dialer, server, limit).await.ok()?;
            let mut message = BytesMut::new();
            frontend::cancel_request(process, secret, &mut message);
            socket.write_all(&message).await.ok()?;
            socket.flush().await.ok()
        };
        let _ = timeout(limit, asked).await;
    }
}

/// A socket to the server, encrypted where the credential says so.
async fn socket(dialer: &Dialer, server: &Server, limit: Duration) -> Result<Box<dyn Socket>, Failure> {
    let mut stream = dialer.dial(&server.host, server.port, limit).await?;
    if server.tls.encryption == Encryption::Off {
        return Ok(Box::new(stream));
    }
    let broken = |source| Failure::Broken { server: NAME, source };
    let mut asked = BytesMut::new();
    frontend::ssl_request(&mut asked);
    stream.write_all(&asked).await.map_err(broken)?;
    let mut answer = [0];
    stream.read_exact(&mut answer).await.map_err(broken)?;
    // Nothing may follow the answer in clear: it would be taken for something that was encrypted (CVE-2021-23222). One byte is
    // read, so that whatever follows is the handshake's and breaks it.
    match answer[0] {
        b'S' => Ok(Box::new(server.tls.secure(stream, &server.host).await?)),
        b'N' => Err(Failure::NotEncrypted { server: NAME }),
        other => Err(Failure::Protocol { server: NAME, what: format!("{other:#x} when it was asked to encrypt") }),
    }
}

fn refused(reason: &str) -> Failure {
    Failure::SignIn { server: NAME, reason: reason.to_owned() }
}

/// A text with a zero byte in it, which this protocol cannot carry.
#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn unsendable(error: std::io::Error) -> Failure {
    Failure::Refused(Box::new(crate::Refused {
        code: "22021".into(),
        message: format!("PostgreSQL takes no text with a zero byte in it ({error})."),
        detail: None,
    }))
}
