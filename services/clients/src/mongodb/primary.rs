//! Which of the servers is asked: the one that takes writes.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use bson::doc;
use tokio::time::timeout;
use weft_connectors::{DialError, Dialer, Encryption};

use super::address::{Reach, Server, host};
use super::answer::Answer;
use super::errors::{NO_SUCH_COMMAND, done};
use super::sign_in::MOST_ANSWER;
use super::wire::Wire;
use super::{NAME, names};
use crate::{Failure, Refused, Socket};

/// How long each of several servers may take to answer.
const EACH: Duration = Duration::from_secs(10);
/// How many servers are asked which of them is the primary.
const MOST_SERVERS: usize = 20;

/// A server that is asked.
pub(super) struct Reached {
    pub(super) wire: Wire,
    /// What it said to the greeting.
    pub(super) hello: Answer,
    /// The server that was meant, with what the DNS says of it.
    pub(super) server: Server,
}

/// Asks one server after the other, and those that they name. `limit` is for the lookup of a name and for each of them.
pub(super) async fn reached(dialer: &Dialer, server: &Server, limit: Duration) -> Result<Reached, Failure> {
    let (places, server) = names::found(server, limit).await?;
    let (mut places, mut seen) = (VecDeque::from(places), HashSet::new());
    let mut last = no_primary();
    while let Some(place) = places.pop_front() {
        if seen.len() == MOST_SERVERS || !seen.insert(place.clone()) {
            continue;
        }
        match greeted(dialer, &server, &place, limit.min(EACH)).await {
            Ok((wire, hello)) => {
                if let Err(failure) = belongs(&hello, &server) {
                    last = failure;
                    continue;
                }
                if server.reach == Reach::Any || takes_writes(&hello) {
                    return Ok(Reached { wire, hello, server });
                }
                places.extend(hello.texts("hosts").into_iter().filter_map(|named| host(named).ok()));
                if let Some(primary) = hello.text("primary").and_then(|named| host(named).ok()) {
                    places.push_front(primary);
                }
            }
            // Where one may not be reached, that is told, and not that another one is gone.
            Err(_) if matches!(last, Failure::Dial(DialError::Refused(_))) => {}
            Err(failure) => last = failure,
        }
    }
    Err(last)
}

/// A connection to a server, and what it said to the greeting.
async fn greeted(
    dialer: &Dialer,
    server: &Server,
    (host, port): &(String, u16),
    limit: Duration,
) -> Result<(Wire, Answer), Failure> {
    let late = |_| Failure::Timeout { server: NAME, limit };
    let greeted = async {
        let stream = dialer.dial(host, *port, limit).await?;
        let socket: Box<dyn Socket> = if server.tls.encryption == Encryption::Off {
            Box::new(stream)
        } else {
            Box::new(server.tls.secure(stream, host).await?)
        };
        let mut wire = Wire::new(socket);
        let hello = match hello(&mut wire, server, "hello").await {
            Err(Failure::Refused(refused)) if is_unknown(&refused) => hello(&mut wire, server, "isMaster").await?,
            other => other?,
        };
        Ok((wire, hello))
    };
    timeout(limit, greeted).await.map_err(late)?
}

/// Servers of old times know it by another word.
async fn hello(wire: &mut Wire, server: &Server, word: &str) -> Result<Answer, Failure> {
    let driver = doc! { "name": "weft", "version": env!("CARGO_PKG_VERSION") };
    let client = doc! { "application": { "name": "weft" }, "driver": driver, "os": { "type": std::env::consts::OS } };
    let mut command = doc! { word: 1, "helloOk": true, "client": client, "$db": "admin" };
    if let Some(who) = &server.sign_in {
        command.insert("saslSupportedMechs", who.asks_about());
    }
    done(wire.ask(&command, MOST_ANSWER).await?, Duration::ZERO)
}

fn is_unknown(refused: &Refused) -> bool {
    refused.code == "CommandNotFound" || refused.code == NO_SUCH_COMMAND.to_string()
}

fn takes_writes(hello: &Answer) -> bool {
    hello.truth("isWritablePrimary") || hello.truth("ismaster")
}

/// Whether the server is one of those that were meant.
fn belongs(hello: &Answer, server: &Server) -> Result<(), Failure> {
    let Some(wanted) = &server.replica_set else { return Ok(()) };
    match hello.text("setName") {
        Some(set) if set == wanted => Ok(()),
        _ => Err(said(format!("This server of MongoDB does not belong to the replica set “{wanted}”."))),
    }
}

fn no_primary() -> Failure {
    said("No server of MongoDB takes writes: its replica set has no primary at the moment. Try again later.".to_owned())
}

fn said(message: String) -> Failure {
    Failure::Refused(Box::new(Refused { code: "NotWritablePrimary".to_owned(), message, detail: None }))
}
