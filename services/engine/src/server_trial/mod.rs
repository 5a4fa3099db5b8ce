//! Tries credentials of servers that are signed in to: databases, directories, brokers, mail servers, storage servers, other machines
//! and file servers.

mod targets;

use std::time::Duration;

use tokio::time::timeout;
use weft_clients::{
    Budget, Failure, ftp, imap, kafka, ldap, mongodb, mqtt, mssql, mysql, nats, postgres, rabbitmq, redis, s3, smtp,
    ssh,
};
use weft_connectors::{DialError, Dialer, HttpClient, HttpError};
use weft_model::credential::TestOutcome;
use weft_nodes::{NodeError, Retried};

use crate::clock::{Clock, SystemClock, derived_id};
use crate::credentials::Opened;
use crate::kinds::{self, http_request};
use crate::remote;
use crate::trial::Tried;
use targets::{PROOFS, Protocol};
pub(crate) use targets::{Target, target};

/// What a server may send while it lets somebody in, or of itself, in bytes.
const MOST_SAID: usize = 1 << 20;

/// What servers say of a key that they do not take. `AccessDenied` is none of them: a key may be good for one bucket alone.
const KEY_REFUSED: [&str; 6] = [
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "InvalidToken",
    "ExpiredToken",
    "TokenRefreshRequired",
    "InvalidSecurity",
];

/// Signs in, and says how that ended.
pub(crate) async fn try_server(client: &HttpClient, target: Target, opened: &Opened, patience: Duration) -> Tried {
    let tried = match target {
        Target::Storage => storage(client, opened, patience).await,
        Target::Machine => machine(client, opened, patience).await,
        Target::Files => files(client, opened, patience).await,
        Target::Server(protocol) => server(client, protocol, opened, patience).await,
    };
    tried.unwrap_or_else(|said| Tried { outcome: TestOutcome::Refused, said, refused_host: None })
}

/// Signs in as the kind of this type does. A server that lets the same one in without a proof says nothing about it.
async fn server(
    client: &HttpClient,
    protocol: Protocol,
    opened: &Opened,
    patience: Duration,
) -> Result<Tried, NodeError> {
    let dialer = client.dialer();
    match enter(&dialer, protocol, opened, patience).await? {
        Ok(()) => {}
        // What it says itself is not repeated.
        Err(Failure::SignIn { .. }) => return Ok(refused()),
        Err(failure) => return Ok(not_asked(&failure)),
    }
    match without_proof(opened) {
        Some(unproved) if enter(&dialer, protocol, &unproved, patience).await?.is_ok() => Ok(lets_anybody_in()),
        Some(_) | None => Ok(accepted()),
    }
}

/// The same credential without what it proves; nothing where it proves nothing, or where the server always asks for it.
fn without_proof(opened: &Opened) -> Option<Opened> {
    let (_, proofs) = PROOFS.iter().find(|(kind, _)| *kind == opened.kind)?;
    if proofs.iter().all(|proof| opened.field(proof).is_empty()) {
        return None;
    }
    let others = opened.fields.iter().filter(|(name, _)| !proofs.contains(&name.as_str()));
    let fields = others.map(|(name, value)| (name.clone(), value.clone())).collect();
    Some(Opened { kind: opened.kind.clone(), fields })
}

/// Connects and signs in, and says goodbye.
async fn enter(
    dialer: &Dialer,
    protocol: Protocol,
    opened: &Opened,
    patience: Duration,
) -> Result<Result<(), Failure>, NodeError> {
    Ok(match protocol {
        Protocol::Postgres => {
            let server = kinds::postgres::server(opened)?;
            let entered = postgres::Session::open(dialer, &server, patience).await;
            left(entered, postgres::Session::close).await
        }
        Protocol::MySql => {
            let server = kinds::mysql::server(opened)?;
            left(mysql::Session::open(dialer, &server, patience).await, mysql::Session::close).await
        }
        Protocol::MsSql => {
            let server = kinds::mssql::server(opened)?;
            let entered = mssql::Session::open(dialer, &server, patience, MOST_SAID).await;
            left(entered, mssql::Session::close).await
        }
        Protocol::MongoDb => documents(dialer, &kinds::mongodb::server(opened)?, patience).await,
        Protocol::Kafka => cluster(dialer, kinds::kafka::server(opened)?, patience).await,
        Protocol::RabbitMq => {
            let server = kinds::rabbitmq::server(opened)?;
            left(rabbitmq::Session::open(dialer, &server, patience).await, rabbitmq::Session::close).await
        }
        Protocol::Mqtt => {
            let server = kinds::mqtt::server(opened, trial_name)?;
            left(mqtt::Session::open(dialer, &server, patience).await, mqtt::Session::close).await
        }
        Protocol::Nats => {
            let server = kinds::nats::server(opened)?;
            nats::Session::open(dialer, &server, patience).await.map(drop)
        }
        Protocol::Smtp => {
            let server = kinds::send_email::server(opened)?;
            left(smtp::Session::open(dialer, &server, patience).await, smtp::Session::close).await
        }
        Protocol::Imap => {
            let server = kinds::email_trigger::server(opened)?;
            left(imap::Session::open(dialer, &server, patience, MOST_SAID).await, imap::Session::close).await
        }
        Protocol::Ldap => directory(dialer, &kinds::ldap::server(opened)?, patience).await,
        Protocol::Redis => cache(dialer, &kinds::redis::server(opened)?, patience).await,
    })
}

/// Ends a session that there is.
async fn left<S, E: Future<Output = ()>>(
    entered: Result<S, Failure>,
    close: impl FnOnce(S) -> E,
) -> Result<(), Failure> {
    close(entered?).await;
    Ok(())
}

/// A name that no other client of a broker has: of two clients of one name it keeps the newer one.
fn trial_name() -> String {
    let now = SystemClock.now().as_nanosecond().to_be_bytes();
    let id = derived_id("mqtt trial", &[&now]).simple().to_string();
    format!("weft{}", &id[..19])
}

/// A directory hears nothing from a client that signs nobody in: it is asked about itself (RFC 4512, section 5.1).
async fn directory(dialer: &Dialer, server: &ldap::Server, patience: Duration) -> Result<(), Failure> {
    let session = ldap::Session::open(dialer, server, MOST_SAID, patience).await?;
    if server.user.is_empty() {
        let itself = ldap::Search {
            base: String::new(),
            scope: ldap::Scope::Base,
            filter: "(objectClass=*)".to_owned(),
            attributes: Vec::new(),
            page: 0,
            most: Some(1),
        };
        let late = |_| Failure::Timeout { server: "The directory", limit: patience };
        let mut budget = Budget::new(1, MOST_SAID);
        timeout(patience, session.search(itself, &mut budget)).await.map_err(late)??;
    }
    session.close().await;
    Ok(())
}

/// MongoDB greets whoever comes: one who signs nobody in has to see something that only those see who are let in.
async fn documents(dialer: &Dialer, server: &mongodb::Server, patience: Duration) -> Result<(), Failure> {
    let mut session = mongodb::Session::open(dialer, server, patience, patience).await?;
    session.is_let_in().await?;
    session.close().await;
    Ok(())
}

/// Kafka hears nothing from a client that signs nobody in: it is asked about itself.
async fn cluster(dialer: &Dialer, server: kafka::Server, patience: Duration) -> Result<(), Failure> {
    let delivery = kafka::Delivery { acks: kafka::Acks::All, compression: kafka::Compression::None, patience, turn: 0 };
    let mut session = kafka::Session::open(dialer, server, delivery, patience).await?;
    session.greet().await?;
    session.close().await;
    Ok(())
}

/// Redis hears nothing from a client without a password: it is greeted. One that may not greet has been let in.
async fn cache(dialer: &Dialer, server: &redis::Server, patience: Duration) -> Result<(), Failure> {
    let mut session = redis::Session::open(dialer, server, patience).await?;
    let late = |_| Failure::Timeout { server: "Redis", limit: patience };
    match timeout(patience, session.ask(&["PING"], &mut Budget::new(1, 1024))).await.map_err(late)? {
        Err(Failure::Refused(said)) if said.code == "NOAUTH" => {
            Err(Failure::SignIn { server: "Redis", reason: said.message })
        }
        Ok(_) | Err(Failure::Refused(_)) => Ok(()),
        Err(failure) => Err(failure),
    }
}

async fn storage(client: &HttpClient, opened: &Opened, patience: Duration) -> Result<Tried, NodeError> {
    let server = kinds::s3::server(opened)?;
    let mut store = s3::Store::new(client.clone(), server, || SystemClock.now());
    let Ok(asked) = timeout(patience, store.buckets()).await else { return Ok(unclear()) };
    Ok(match asked {
        Ok(_) => accepted(),
        Err(s3::Failure::Refused { code, .. }) if KEY_REFUSED.contains(&code.as_str()) => refused(),
        Err(s3::Failure::Http(error)) => {
            let refused_host = if let HttpError::Refused(refusal) = &error { Some(refusal.host.clone()) } else { None };
            Tried { outcome: TestOutcome::Unreachable, said: http_request::failed(&error), refused_host }
        }
        Err(_) => unclear(),
    })
}

async fn files(client: &HttpClient, opened: &Opened, patience: Duration) -> Result<Tried, NodeError> {
    let server = kinds::ftp::server(opened)?;
    Ok(match ftp::Session::open(&client.dialer(), &server, patience).await {
        Ok(session) => {
            session.close().await;
            accepted()
        }
        // What it says itself is not repeated.
        Err(Failure::SignIn { .. }) => refused(),
        Err(failure) => not_asked(&failure),
    })
}

async fn machine(client: &HttpClient, opened: &Opened, patience: Duration) -> Result<Tried, NodeError> {
    let server = kinds::ssh::server(opened)?;
    Ok(match ssh::Session::open(&client.dialer(), &server, patience).await {
        Ok(session) => {
            session.close().await;
            accepted()
        }
        // What can be wrong with a key, or how the server would let somebody in: nothing of it was written by the server.
        Err(failure @ Failure::SignIn { .. }) => {
            let said = remote::error_of(&failure, Retried::Idempotent);
            Tried { outcome: TestOutcome::Refused, said, refused_host: None }
        }
        Err(failure) => not_asked(&failure),
    })
}

fn accepted() -> Tried {
    let said = NodeError::new("trial_signed_in", "The server took the credential.");
    Tried { outcome: TestOutcome::Accepted, said, refused_host: None }
}

fn refused() -> Tried {
    let said = NodeError::new("trial_refused", "The server does not take the credential.");
    Tried { outcome: TestOutcome::Refused, said, refused_host: None }
}

fn lets_anybody_in() -> Tried {
    let message = "This server lets anybody in, with the credential or without it, so that it says nothing about it.";
    let said = NodeError::new("trial_lets_anybody_in", message);
    Tried { outcome: TestOutcome::Unreachable, said, refused_host: None }
}

fn unclear() -> Tried {
    let said = NodeError::new("trial_unclear", "The server answered something that says nothing about the credential.");
    Tried { outcome: TestOutcome::Unreachable, said, refused_host: None }
}

fn not_asked(failure: &Failure) -> Tried {
    match failure {
        Failure::Refused(_) | Failure::Protocol { .. } => unclear(),
        Failure::Dial(DialError::Refused(refusal)) => {
            let said = remote::error_of(failure, Retried::Idempotent);
            Tried { outcome: TestOutcome::Unreachable, said, refused_host: Some(refusal.host.clone()) }
        }
        failure => {
            let said = remote::error_of(failure, Retried::Idempotent);
            Tried { outcome: TestOutcome::Unreachable, said, refused_host: None }
        }
    }
}
