//! FTP (RFC 959, RFC 3659), in clear or encrypted (RFC 4217).
//!
//! Every connection is dialled here, those for data too. They lead to the address that the first one led to: what a server says
//! about another host is not believed.

mod list;

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use suppaftp::tokio::{AsyncRustlsConnector, AsyncRustlsStream, ImplAsyncFtpStream, TransferStream};
use suppaftp::types::FileType;
use suppaftp::{FtpError, FtpResult, Mode, Status};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use weft_connectors::{DialError, Dialer, Encryption, Tls};
use zeroize::Zeroizing;

use crate::{Failure, Refused};

pub use list::{Entry, Rights};

/// Its name in messages.
const NAME: &str = "The FTP server";
/// How long a connection for data may take to be there.
const CONNECT: Duration = Duration::from_secs(30);
/// How long a server may say nothing while data is on its way.
const SILENCE: Duration = Duration::from_mins(2);
/// The bytes that are read at once.
const PIECE: usize = 64 * 1024;

/// Where a server is and who signs in.
pub struct Server {
    /// The host.
    pub host: String,
    /// The port; 21 where nobody said another.
    pub port: u16,
    /// The user; empty for `anonymous`.
    pub user: String,
    /// The password.
    pub password: Zeroizing<String>,
    /// Whether the connections are encrypted.
    pub tls: Tls,
}

/// A connection that is signed in.
pub struct Session {
    stream: ImplAsyncFtpStream<AsyncRustlsStream>,
}

impl Session {
    /// Connects and signs in. `limit` is for all of it.
    pub async fn open(dialer: &Dialer, server: &Server, limit: Duration) -> Result<Self, Failure> {
        let late = |_| Failure::Timeout { server: NAME, limit };
        timeout(limit, Self::connect(dialer, server, limit)).await.map_err(late)?
    }

    async fn connect(dialer: &Dialer, server: &Server, limit: Duration) -> Result<Self, Failure> {
        let socket = dialer.dial(&server.host, server.port, limit).await?;
        let address = socket.peer_addr().map_err(broken)?;
        let (again, host) = (dialer.clone(), server.host.clone());
        let stream = ImplAsyncFtpStream::<AsyncRustlsStream>::connect_with_stream(socket).await.map_err(failed)?;
        let mut stream = stream.passive_stream_builder(move |said| {
            let (again, host) = (again.clone(), host.clone());
            dialled(async move { again.dial_again(&host, address.ip(), said.port(), CONNECT).await })
        });
        // Version 6 of the internet protocol knows no other way; the older one is known to more servers.
        stream.set_mode(if address.is_ipv6() { Mode::ExtendedPassive } else { Mode::Passive });
        if server.tls.encryption != Encryption::Off {
            stream = secured(stream, server).await?;
        }
        let user = if server.user.is_empty() { "anonymous" } else { server.user.as_str() };
        if !is_one_line(user) || !is_one_line(&server.password) {
            return Err(Failure::SignIn { server: NAME, reason: "user and password are one line each".to_owned() });
        }
        stream.login(user, server.password.as_str()).await.map_err(|error| match failed(error) {
            Failure::Refused(refused) => {
                Failure::SignIn { server: NAME, reason: refused.message.trim_end_matches('.').to_owned() }
            }
            other => other,
        })?;
        // Bytes arrive as they are.
        stream.transfer_type(FileType::Binary).await.map_err(failed)?;
        Ok(Self { stream })
    }

    /// A file from its beginning. Nothing else can be asked until it is finished.
    pub async fn read(&mut self, path: &str) -> Result<Reading, Failure> {
        let opened = in_time(self.stream.retr_as_stream(checked(path)?)).await?;
        Ok(Reading(opened))
    }

    /// A file that is written anew. Nothing else can be asked until it is finished.
    pub async fn write(&mut self, path: &str) -> Result<Writing, Failure> {
        let opened = in_time(self.stream.put_with_stream(checked(path)?)).await?;
        Ok(Writing(opened))
    }

    /// Deletes a file.
    pub async fn delete(&mut self, path: &str) -> Result<(), Failure> {
        in_time(self.stream.rm(checked(path)?)).await
    }

    /// Deletes a folder, which must be empty.
    pub async fn delete_folder(&mut self, path: &str) -> Result<(), Failure> {
        in_time(self.stream.rmdir(checked(path)?)).await
    }

    /// Makes a folder.
    pub async fn create_folder(&mut self, path: &str) -> Result<(), Failure> {
        in_time(self.stream.mkdir(checked(path)?)).await
    }

    /// Calls a file or a folder otherwise, or moves it.
    pub async fn rename(&mut self, from: &str, to: &str) -> Result<(), Failure> {
        in_time(self.stream.rename(checked(from)?, checked(to)?)).await
    }

    /// Says goodbye.
    pub async fn close(mut self) {
        // What was to be done is done, whatever the server says to this.
        let _gone = timeout(CONNECT, self.stream.quit()).await;
    }
}

/// Encrypts what is said from now on. The sessions of the connections for data continue the one of the first: servers want that.
async fn secured(
    stream: ImplAsyncFtpStream<AsyncRustlsStream>,
    server: &Server,
) -> Result<ImplAsyncFtpStream<AsyncRustlsStream>, Failure> {
    let connector = AsyncRustlsConnector::from(server.tls.connector(&server.host)?);
    let host = server.host.trim().trim_matches(['[', ']']).to_owned();
    stream.into_secure(connector, &host).await.map_err(|error| match error {
        FtpError::UnexpectedResponse(_) => Failure::NotEncrypted { server: NAME },
        error => match failed(error) {
            Failure::Dial(DialError::Tls { source, .. }) => Failure::Dial(DialError::Tls { host, source }),
            other => other,
        },
    })
}

/// What dials, as the library wants it: a future that several threads may look at.
fn dialled(
    dialling: impl Future<Output = Result<TcpStream, DialError>> + Send + 'static,
) -> Pin<Box<dyn Future<Output = FtpResult<TcpStream>> + Send + Sync>> {
    let dialling = tokio::spawn(dialling);
    Box::pin(async move {
        let dialled = dialling.await.map_err(io::Error::other).map_err(FtpError::ConnectionError)?;
        dialled.map_err(|error| FtpError::ConnectionError(io::Error::other(error)))
    })
}

fn is_one_line(text: &str) -> bool {
    !text.bytes().any(|byte| matches!(byte, b'\r' | b'\n' | 0))
}

/// A path, which is a part of a command of one line.
fn checked(path: &str) -> Result<&str, Failure> {
    if path.is_empty() || !is_one_line(path) {
        return Err(refused("path", "A path is not empty and has no line ends."));
    }
    Ok(path)
}

async fn in_time<T>(asked: impl Future<Output = FtpResult<T>>) -> Result<T, Failure> {
    let late = |_| Failure::Timeout { server: NAME, limit: SILENCE };
    timeout(SILENCE, asked).await.map_err(late)?.map_err(failed)
}

/// A file that is being read.
pub struct Reading(TransferStream<AsyncRustlsStream>);

impl Reading {
    /// The next bytes; `None` at the end, or where the server broke off: [`Reading::finish`] says which.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        let mut piece = BytesMut::with_capacity(PIECE);
        let late = |_| Failure::Timeout { server: NAME, limit: SILENCE };
        let length = timeout(SILENCE, self.0.read_buf(&mut piece)).await.map_err(late)?.map_err(broken)?;
        Ok((length > 0).then(|| piece.freeze()))
    }

    /// Ends it: the server says whether that was all.
    pub async fn finish(self) -> Result<(), Failure> {
        in_time(self.0.finish()).await
    }
}

/// A file that is being written.
pub struct Writing(TransferStream<AsyncRustlsStream>);

impl Writing {
    /// Adds bytes to its end.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let late = |_| Failure::Timeout { server: NAME, limit: SILENCE };
        timeout(SILENCE, self.0.write_all(bytes)).await.map_err(late)?.map_err(broken)
    }

    /// Ends it: the server has all of it from now on.
    pub async fn finish(self) -> Result<(), Failure> {
        in_time(self.0.finish()).await
    }
}

fn broken(source: io::Error) -> Failure {
    Failure::Broken { server: NAME, source }
}

fn refused(code: &str, message: &str) -> Failure {
    Failure::Refused(Box::new(Refused { code: code.to_owned(), message: message.to_owned(), detail: None }))
}

fn failed(error: FtpError) -> Failure {
    match error {
        FtpError::ConnectionError(source) => match source.downcast::<DialError>() {
            Ok(dial) => Failure::Dial(dial),
            Err(source) => broken(source),
        },
        FtpError::SecureError(what) => {
            Failure::Dial(DialError::Tls { host: "the server".to_owned(), source: io::Error::other(what) })
        }
        FtpError::UnexpectedResponse(said) if said.status == Status::NotAvailable => {
            broken(io::Error::other("it closed the connection"))
        }
        FtpError::UnexpectedResponse(said) => {
            let body = String::from_utf8_lossy(&said.body);
            let code = said.status.code().to_string();
            // Each line begins with the code.
            let lines = body.lines().map(|line| line.trim_start_matches(&code).trim_start_matches(['-', ' ']).trim());
            let message = lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
            refused(&code, if message.is_empty() { "It says nothing more." } else { &message })
        }
        error @ (FtpError::BadResponse | FtpError::InvalidAddress(_) | FtpError::DataConnectionAlreadyOpen) => {
            Failure::Protocol { server: NAME, what: error.to_string() }
        }
    }
}
