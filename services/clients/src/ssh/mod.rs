//! SSH (RFC 4251 to 4254): commands on another machine, and its files over SFTP.
//!
//! The library is given a socket that was dialled. Who answers is known by the fingerprint of its key, where somebody said which
//! one that is; else whoever answers is believed, as people do who say “yes” at the first connection.

mod files;
mod key;

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use russh::client::{AuthResult, Config, Handle, Handler, KeyboardInteractiveAuthResponse, Msg, connect_stream};
use russh::keys::{HashAlg, PrivateKeyWithHashAlg, PublicKeyOrCertificate};
use russh::{Channel, ChannelMsg, Disconnect, MethodKind, Sig, SshId};
use tokio::time::timeout;
use weft_connectors::Dialer;
use zeroize::Zeroizing;

use crate::{Budget, Failure, Refused};

pub use files::{Entry, Files, Kind, Reading, Writing};

/// Its name in messages.
const NAME: &str = "The SSH server";
/// How often a server that asks questions one by one is answered.
const MOST_QUESTIONS: usize = 5;

/// Where a server is and who signs in.
pub struct Server {
    /// The host.
    pub host: String,
    /// The port; 22 where nobody said another.
    pub port: u16,
    /// The user.
    pub user: String,
    /// What the user proves to be the user with.
    pub sign_in: SignIn,
    /// The fingerprint of the server's key, `SHA256:…`; empty where anyone is believed.
    pub host_key: String,
}

/// What a user proves to be the user with.
pub enum SignIn {
    /// A password.
    Password(Zeroizing<String>),
    /// A private key.
    Key {
        /// The key, as `ssh-keygen` writes it.
        key: Zeroizing<String>,
        /// What it is encrypted with; empty where it is not.
        passphrase: Zeroizing<String>,
    },
}

/// A connection that is signed in.
pub struct Session {
    handle: Handle<Watch>,
}

/// What became of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ran {
    /// What it ended with; nothing where a signal ended it.
    pub code: Option<u32>,
    /// The signal that ended it: `SIGTERM`, …
    pub signal: Option<String>,
    /// What it wrote.
    pub stdout: Vec<u8>,
    /// What it wrote as errors.
    pub stderr: Vec<u8>,
}

/// Looks at the key of the server.
struct Watch {
    expected: String,
    seen: Arc<Mutex<String>>,
}

impl Handler for Watch {
    type Error = russh::Error;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> Result<bool, russh::Error> {
        let fingerprint = match shown {
            PublicKeyOrCertificate::PublicKey { key, .. } => key.fingerprint(HashAlg::Sha256),
            PublicKeyOrCertificate::Certificate(certificate) => certificate.public_key().fingerprint(HashAlg::Sha256),
        };
        let seen = fingerprint.to_string();
        let is_known = self.expected.is_empty() || plain(&seen) == plain(&self.expected);
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = seen;
        Ok(is_known)
    }
}

/// A fingerprint as it is compared: some write what it is made with before it, and some fill it up at its end.
fn plain(fingerprint: &str) -> &str {
    let fingerprint = fingerprint.trim();
    fingerprint.strip_prefix("SHA256:").unwrap_or(fingerprint).trim_end_matches('=')
}

impl Session {
    /// Connects and signs in. `limit` is for all of it.
    pub async fn open(dialer: &Dialer, server: &Server, limit: Duration) -> Result<Self, Failure> {
        let late = |_| Failure::Timeout { server: NAME, limit };
        timeout(limit, Self::connect(dialer, server, limit)).await.map_err(late)?
    }

    async fn connect(dialer: &Dialer, server: &Server, limit: Duration) -> Result<Self, Failure> {
        // A key that cannot be read is said before anybody is bothered.
        let key = match &server.sign_in {
            SignIn::Password(_) => None,
            SignIn::Key { key, passphrase } => Some(key::read(key, passphrase).await?),
        };
        let stream = dialer.dial(&server.host, server.port, limit).await?;
        let seen = Arc::new(Mutex::new(String::new()));
        let watch = Watch { expected: server.host_key.clone(), seen: Arc::clone(&seen) };
        let config = Config {
            client_id: SshId::Standard("SSH-2.0-weft".into()),
            keepalive_interval: Some(Duration::from_secs(30)),
            ..Config::default()
        };
        let mut handle = connect_stream(Arc::new(config), stream, watch).await.map_err(|error| match error {
            russh::Error::UnknownKey => {
                Failure::HostKey { shown: seen.lock().unwrap_or_else(PoisonError::into_inner).clone() }
            }
            error => failed(error),
        })?;
        let user = server.user.as_str();
        let answered = match (&server.sign_in, key) {
            (_, Some(key)) => {
                let hash = handle.best_supported_rsa_hash().await.map_err(failed)?.flatten();
                let key = PrivateKeyWithHashAlg::new(Arc::new(key), hash);
                handle.authenticate_publickey(user, key).await.map_err(failed)?
            }
            (SignIn::Password(password), None) => with_password(&mut handle, user, password).await?,
            (SignIn::Key { .. }, None) => return Err(refused_user(&[])),
        };
        match answered {
            AuthResult::Success => Ok(Self { handle }),
            AuthResult::Failure { remaining_methods, .. } => Err(refused_user(&remaining_methods)),
        }
    }

    /// Executes a command and waits for its end.
    pub async fn execute(&self, command: &str, budget: &mut Budget) -> Result<Ran, Failure> {
        let mut channel = self.handle.channel_open_session().await.map_err(failed)?;
        channel.exec(true, command).await.map_err(failed)?;
        // It has nobody who types.
        channel.eof().await.map_err(failed)?;
        let ran = ran(&mut channel, budget).await;
        // It may be closed by the other side already.
        let _closed = channel.close().await;
        ran
    }

    /// Says goodbye.
    pub async fn close(self) {
        // What was to be done is done, whatever the server says to this.
        let _gone = self.handle.disconnect(Disconnect::ByApplication, "", "").await;
    }
}

/// Many servers take passwords as answers to questions alone.
async fn with_password(handle: &mut Handle<Watch>, user: &str, password: &str) -> Result<AuthResult, Failure> {
    let first = handle.authenticate_password(user, password).await.map_err(failed)?;
    let AuthResult::Failure { remaining_methods, .. } = &first else { return Ok(first) };
    if !remaining_methods.contains(&MethodKind::KeyboardInteractive) {
        return Ok(first);
    }
    let mut asked = handle.authenticate_keyboard_interactive_start(user, None::<String>).await.map_err(failed)?;
    for _ in 0..MOST_QUESTIONS {
        let prompts = match asked {
            KeyboardInteractiveAuthResponse::Success => return Ok(AuthResult::Success),
            KeyboardInteractiveAuthResponse::Failure { .. } => return Ok(first),
            KeyboardInteractiveAuthResponse::InfoRequest { prompts, .. } => prompts,
        };
        // What may be seen while it is typed is no password.
        let answers = prompts.iter().map(|prompt| if prompt.echo { String::new() } else { password.to_owned() });
        let answers = answers.collect();
        asked = handle.authenticate_keyboard_interactive_respond(answers).await.map_err(failed)?;
    }
    Ok(first)
}

async fn ran(channel: &mut Channel<Msg>, budget: &mut Budget) -> Result<Ran, Failure> {
    let (mut ran, mut is_over) = (Ran::default(), false);
    while let Some(message) = channel.wait().await {
        match message {
            ChannelMsg::Data { data } => {
                budget.row(data.len())?;
                ran.stdout.extend_from_slice(&data);
            }
            ChannelMsg::ExtendedData { data, ext: 1 } => {
                budget.row(data.len())?;
                ran.stderr.extend_from_slice(&data);
            }
            ChannelMsg::ExitStatus { exit_status } => ran.code = Some(exit_status),
            ChannelMsg::ExitSignal { signal_name, .. } => ran.signal = Some(name_of(&signal_name)),
            ChannelMsg::Failure => return Err(refused("no_exec", "It executes no commands for this user.")),
            ChannelMsg::Close => {
                is_over = true;
                break;
            }
            _ => {}
        }
    }
    if is_over || ran.code.is_some() || ran.signal.is_some() {
        return Ok(ran);
    }
    Err(Failure::Broken { server: NAME, source: io::ErrorKind::UnexpectedEof.into() })
}

fn name_of(signal: &Sig) -> String {
    match signal {
        Sig::Custom(name) => name.clone(),
        known => format!("SIG{known:?}"),
    }
}

fn refused_user(methods: &[MethodKind]) -> Failure {
    let methods: Vec<&str> = methods.iter().map(Into::into).collect();
    let reason = if methods.is_empty() {
        "it takes neither this user nor another try".to_owned()
    } else {
        format!("it would take {}", methods.join(", "))
    };
    Failure::SignIn { server: NAME, reason }
}

fn refused(code: &str, message: &str) -> Failure {
    Failure::Refused(Box::new(Refused { code: code.to_owned(), message: message.to_owned(), detail: None }))
}

fn failed(error: russh::Error) -> Failure {
    use russh::Error::{Disconnect, HUP, IO, KeepaliveTimeout, RecvError, SendError};
    match error {
        IO(source) => Failure::Broken { server: NAME, source },
        error @ (HUP | Disconnect | SendError | RecvError | KeepaliveTimeout) => {
            Failure::Broken { server: NAME, source: io::Error::other(error) }
        }
        russh::Error::ChannelOpenFailure(_) => refused("no_channel", "It opens no session for this user."),
        error => Failure::Protocol { server: NAME, what: error.to_string() },
    }
}
