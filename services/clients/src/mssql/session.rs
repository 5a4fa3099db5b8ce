//! One connection: signed in, asked.

use std::io;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use tiberius::error::Error;
use tiberius::{AuthMethod, Client, Config, EncryptionLevel, Query, QueryItem};
use tokio::time::timeout;
use weft_connectors::{Dialer, Tls};
use weft_value::{Object, Text};
use zeroize::Zeroizing;

use super::NAME;
use super::greeting::{Greeted, greet};
use super::statement::Statement;
use super::values::{sent, size_of, value_of};
use crate::bounded::{Bounded, Over};
use crate::{Budget, Failure, Refused, Socket};

/// How much more than rows a server says; texts have two bytes for each letter.
const MOST_OTHER: usize = 4 * 1024 * 1024;
/// What the server says to whom it does not let in: a wrong password, another database, a locked user and their like.
const AT_THE_DOOR: [u32; 9] = [4060, 18401, 18450, 18451, 18452, 18456, 18486, 18487, 18488];

/// Where a database is and who signs in.
pub struct Server {
    /// The host.
    pub host: String,
    /// The port; 1433 where nobody said another.
    pub port: u16,
    /// The database; empty for that of the user.
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
    client: Client<Greeted<Bounded<Box<dyn Socket>>>>,
    over: Over,
    limit: usize,
}

impl Session {
    /// Connects and signs in. `limit` is for all of it, `most` is how many bytes may come in all.
    pub async fn open(dialer: &Dialer, server: &Server, limit: Duration, most: usize) -> Result<Self, Failure> {
        let late = |_| Failure::Timeout { server: NAME, limit };
        let opened = async {
            match Self::connect(dialer, server, (&server.host, server.port), limit, most).await? {
                Ok(session) => Ok(session),
                // Azure leads to where a database is; once is enough.
                Err((host, port)) => {
                    let again = Self::connect(dialer, server, (&host, port), limit, most).await?;
                    again.map_err(|_| not_understood("another place for the second time"))
                }
            }
        };
        timeout(limit, opened).await.map_err(late)?
    }

    /// A session, or the place where the server says that the database is.
    async fn connect(
        dialer: &Dialer,
        server: &Server,
        (host, port): (&str, u16),
        limit: Duration,
        most: usize,
    ) -> Result<Result<Self, (String, u16)>, Failure> {
        let stream = dialer.dial(host, port, limit).await?;
        let socket = greet(Box::new(stream), &server.tls, host).await?;
        let (bounded, over) = Bounded::new(socket, most.saturating_mul(2).saturating_add(MOST_OTHER));
        let mut config = Config::new();
        config.host(host);
        config.port(port);
        config.application_name("Weft");
        config.authentication(AuthMethod::sql_server(&server.user, server.password.as_str()));
        // It is encrypted already where it shall be.
        config.encryption(EncryptionLevel::NotSupported);
        config.handshake_timeout(None);
        if !server.database.is_empty() {
            config.database(&server.database);
        }
        match Client::connect(config, Greeted::new(bounded)).await {
            Ok(client) => Ok(Ok(Self { client, over, limit: most })),
            Err(Error::Routing { host, port }) => Ok(Err((host, port))),
            Err(error) => Err(not_let_in(&error)),
        }
    }

    /// Executes one statement; without values it may be several. Gives their rows, or nothing where none gives rows by its nature.
    /// What the server refuses leaves the session as it was; any other failure leaves it of no use.
    pub async fn execute(
        &mut self,
        statement: &Statement,
        budget: &mut Budget,
    ) -> Result<Option<Vec<Object>>, Failure> {
        let outcome = self.ask(statement, budget).await;
        outcome.map_err(|failed| match failed {
            Failed::Library(_) if self.over.is_over() => Failure::TooLarge { limit: self.limit },
            Failed::Library(error) => failure_of(&error),
            Failed::Here(failure) => failure,
        })
    }

    async fn ask(&mut self, statement: &Statement, budget: &mut Budget) -> Result<Option<Vec<Object>>, Failed> {
        let mut stream = if statement.values.is_empty() {
            self.client.simple_query(statement.sql.as_str()).await?
        } else {
            let mut query = Query::new(statement.sql.as_str());
            statement.values.iter().for_each(|value| query.bind(sent(value)));
            query.query(&mut self.client).await?
        };
        let mut rows: Option<Vec<Object>> = None;
        let mut names: Vec<Text> = Vec::new();
        while let Some(item) = stream.try_next().await? {
            match item {
                QueryItem::Metadata(about) => {
                    names = about.columns().iter().map(|column| Text::from(column.name())).collect();
                    rows.get_or_insert_default();
                }
                QueryItem::Row(row) => {
                    let row: Object = names.iter().cloned().zip(row.into_iter().map(value_of)).collect();
                    let size: usize = row.iter().map(|(name, value)| name.as_str().len() + size_of(value)).sum();
                    budget.row(size)?;
                    rows.get_or_insert_default().push(row);
                }
            }
        }
        Ok(rows)
    }

    /// Says goodbye.
    pub async fn close(self) {
        // Whoever does not hear it sees the socket closed.
        let _ = self.client.close().await;
    }
}

enum Failed {
    Library(Error),
    Here(Failure),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Library(error)
    }
}

impl From<Failure> for Failed {
    fn from(failure: Failure) -> Self {
        Self::Here(failure)
    }
}

fn not_let_in(error: &Error) -> Failure {
    match error {
        Error::Server(said) if AT_THE_DOOR.contains(&said.code()) => {
            Failure::SignIn { server: NAME, reason: said.message().trim_end_matches('.').to_owned() }
        }
        other => failure_of(other),
    }
}

fn failure_of(error: &Error) -> Failure {
    match error {
        Error::Server(said) => {
            let place = if said.procedure().is_empty() { String::new() } else { format!(" of {}", said.procedure()) };
            Failure::Refused(Box::new(Refused {
                code: said.code().to_string(),
                message: said.message().to_owned(),
                detail: Some(format!("Error {}, line {}{place}", said.code(), said.line())),
            }))
        }
        Error::Io { kind, message } => Failure::Broken { server: NAME, source: io::Error::new(*kind, message.clone()) },
        other => not_understood(&other.to_string()),
    }
}

fn not_understood(what: &str) -> Failure {
    Failure::Protocol { server: NAME, what: what.trim_end_matches('.').to_owned() }
}
