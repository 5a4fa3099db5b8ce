//! One connection to one server of a cluster.

use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;
use weft_connectors::{Dialer, Encryption};

use super::NAME;
use super::session::Server;
use super::sign_in::sign_in;
use super::wire::{Answer, Api, Request, not_understood};
use crate::{Failure, Socket};

/// The largest answer: what a cluster says of itself and of one topic.
const MOST_ANSWER: usize = 4 * 1024 * 1024;

/// A connection that is signed in.
pub(super) struct Connection {
    socket: Box<dyn Socket>,
    client: String,
    next: i32,
    /// How long an answer may take.
    patience: Duration,
}

impl Connection {
    /// Connects to a server of the cluster and signs in. `limit` is for all of it.
    pub(super) async fn open(
        dialer: &Dialer,
        server: &Server,
        (host, port): (&str, u16),
        limit: Duration,
        patience: Duration,
    ) -> Result<Self, Failure> {
        let late = |_| Failure::Timeout { server: NAME, limit };
        let opened = async {
            let stream = dialer.dial(host, port, limit).await?;
            let socket: Box<dyn Socket> = if server.tls.encryption == Encryption::Off {
                Box::new(stream)
            } else {
                Box::new(server.tls.secure(stream, host).await?)
            };
            let mut connection = Self { socket, client: server.client.clone(), next: 0, patience };
            if let Some(who) = &server.sign_in {
                sign_in(&mut connection, who).await?;
            }
            Ok(connection)
        };
        timeout(limit, opened).await.map_err(late)?
    }

    /// Asks, and waits for the answer.
    pub(super) async fn ask(&mut self, api: Api, write: impl FnOnce(&mut Request)) -> Result<Answer, Failure> {
        let limit = self.patience;
        let late = |_| Failure::Timeout { server: NAME, limit };
        timeout(limit, self.answered(api, write)).await.map_err(late)?
    }

    async fn answered(&mut self, api: Api, write: impl FnOnce(&mut Request)) -> Result<Answer, Failure> {
        let number = self.say(api, write).await?;
        let length = self.socket.read_i32().await.map_err(broken)?;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if !(4..=MOST_ANSWER).contains(&length) {
            // So begins the answer of a server that expects TLS.
            return Err(not_understood(
                "something of another length than it may have; is the connection encrypted as the server wants it",
            ));
        }
        let mut bytes = vec![0; length];
        self.socket.read_exact(&mut bytes).await.map_err(broken)?;
        let mut answer = Answer::new(Bytes::from(bytes));
        if answer.int()? == number { Ok(answer) } else { Err(not_understood("the answer to another question")) }
    }

    /// Tells something that nobody answers, and tells its number.
    pub(super) async fn say(&mut self, api: Api, write: impl FnOnce(&mut Request)) -> Result<i32, Failure> {
        self.next = self.next.wrapping_add(1);
        let mut request = Request::new(api, self.next, &self.client);
        write(&mut request);
        self.socket.write_all(&request.finish()).await.map_err(broken)?;
        self.socket.flush().await.map_err(broken)?;
        Ok(self.next)
    }

    pub(super) async fn close(mut self) {
        // Whoever does not hear it sees the socket closed.
        let _ = timeout(Duration::from_secs(5), self.socket.shutdown()).await;
    }
}

fn broken(source: std::io::Error) -> Failure {
    Failure::Broken { server: NAME, source }
}
