//! A connection to PostgreSQL that loses what a test wants lost.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use sqlx::postgres::PgConnectOptions;
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixListener, UnixStream};

/// An append of an event with this type is what goes wrong, once.
pub const MARKED: &str = "test.marked";

/// What happens to the marked append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// It never reaches the server.
    Request,
    /// It is committed, and its answer never reaches the caller.
    Answer,
    /// It reaches the server, and the caller loses the connection while the server is at it.
    Connection,
}

#[derive(Default)]
struct State {
    loss: Mutex<Option<Loss>>,
    refusing: AtomicBool,
    refuse_after_loss: AtomicBool,
}

pub struct Proxy {
    folder: TempDir,
    state: Arc<State>,
}

impl Proxy {
    /// Stands before the server of that address.
    pub fn before(url: &str) -> Self {
        let options = PgConnectOptions::from_str(url).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join(".s.PGSQL.5432")).unwrap();
        let state = Arc::<State>::default();
        let shared = state.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if !shared.refusing.load(Ordering::SeqCst) {
                    tokio::spawn(forward(client, options.clone(), shared.clone()));
                }
            }
        });
        Self { folder, state }
    }

    /// The address that leads through the proxy.
    pub fn url(&self, direct: &str) -> String {
        format!("{direct}&host={}&port=5432", self.folder.path().display())
    }

    /// Loses the next marked append.
    pub fn lose(&self, loss: Loss) {
        *self.state.loss.lock().unwrap() = Some(loss);
    }

    /// As [`Proxy::lose`]; from then on nobody gets through.
    pub fn lose_and_refuse(&self, loss: Loss) {
        self.state.refuse_after_loss.store(true, Ordering::SeqCst);
        self.lose(loss);
    }

    /// Lets everybody through again.
    pub fn recover(&self) {
        self.state.refuse_after_loss.store(false, Ordering::SeqCst);
        self.state.refusing.store(false, Ordering::SeqCst);
    }
}

async fn forward(client: UnixStream, options: PgConnectOptions, state: Arc<State>) {
    let host = options.get_host().to_owned();
    let folder = options.get_socket().cloned().or_else(|| host.starts_with('/').then(|| PathBuf::from(&host)));
    if let Some(folder) = folder {
        let server = UnixStream::connect(folder.join(format!(".s.PGSQL.{}", options.get_port()))).await.unwrap();
        relay(client, server, state).await;
    } else {
        relay(client, TcpStream::connect((host, options.get_port())).await.unwrap(), state).await;
    }
}

/// Ends when either side does, or when the marked append is lost.
async fn relay(client: UnixStream, server: impl AsyncRead + AsyncWrite, state: Arc<State>) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = tokio::io::split(server);
    let (mut request, mut answer) = (vec![0; 1 << 20], vec![0; 1 << 20]);
    let mut swallows = false;
    loop {
        tokio::select! {
            read = from_client.read(&mut request) => {
                let Ok(length @ 1..) = read else { return };
                if state.refusing.load(Ordering::SeqCst) {
                    return;
                }
                let is_marked = request[..length].windows(MARKED.len()).any(|window| window == MARKED.as_bytes());
                let loss = is_marked.then(|| state.loss.lock().unwrap().take()).flatten();
                if loss.is_some() && state.refuse_after_loss.load(Ordering::SeqCst) {
                    state.refusing.store(true, Ordering::SeqCst);
                }
                if loss == Some(Loss::Request) {
                    return;
                }
                swallows |= loss == Some(Loss::Answer);
                to_server.write_all(&request[..length]).await.unwrap();
                if loss == Some(Loss::Connection) {
                    return;
                }
            }
            read = from_server.read(&mut answer) => {
                let Ok(length @ 1..) = read else { return };
                // The first thing that the server says about a call is its outcome.
                if swallows || to_client.write_all(&answer[..length]).await.is_err() {
                    return;
                }
            }
        }
    }
}
