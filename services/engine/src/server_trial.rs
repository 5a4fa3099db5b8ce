//! Tries credentials of servers that are signed in to: storage servers, other machines and file servers.

use std::time::Duration;

use tokio::time::timeout;
use weft_clients::{Failure, ftp, s3, ssh};
use weft_connectors::{DialError, HttpClient, HttpError};
use weft_model::credential::TestOutcome;
use weft_nodes::{NodeError, Retried};

use crate::clock::{Clock, SystemClock};
use crate::credentials::Opened;
use crate::kinds::{self, http_request};
use crate::remote;
use crate::trial::Tried;

/// The types that are tried here.
pub(crate) const TYPES: [&str; 6] = ["aws", "s3", "sshPassword", "sshPrivateKey", "ftp", "sftp"];

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
pub(crate) async fn try_server(client: &HttpClient, opened: &Opened, patience: Duration) -> Tried {
    let tried = match opened.kind.as_str() {
        "aws" | "s3" => storage(client, opened, patience).await,
        "ftp" => files(client, opened, patience).await,
        _ => machine(client, opened, patience).await,
    };
    tried.unwrap_or_else(|said| Tried { outcome: TestOutcome::Refused, said, refused_host: None })
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
