//! Who signs in: SASL inside of Kafka's own questions.

use zeroize::Zeroizing;

use super::NAME;
use super::connection::Connection;
use super::wire::{Answer, Api};
use crate::Failure;
use crate::scram::{Hash, Scram};

/// How a password is proven.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mechanism {
    /// It is told (RFC 4616).
    #[default]
    Plain,
    /// It is not told (RFC 7677).
    ScramSha256,
    /// The same with a longer hash.
    ScramSha512,
}

impl Mechanism {
    fn name(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
            Self::ScramSha256 => "SCRAM-SHA-256",
            Self::ScramSha512 => "SCRAM-SHA-512",
        }
    }
}

/// A user and its password.
pub struct SignIn {
    /// How the password is proven.
    pub mechanism: Mechanism,
    /// The user.
    pub user: String,
    /// The password.
    pub password: Zeroizing<String>,
}

pub(super) async fn sign_in(connection: &mut Connection, who: &SignIn) -> Result<(), Failure> {
    let name = who.mechanism.name();
    let mut answer = connection.ask(Api::SaslHandshake, |request| _ = request.text(name)).await?;
    let code = answer.short()?;
    if code != 0 {
        let known = answer.list(|answer| Ok(answer.text()?.unwrap_or_default()))?;
        let known: Vec<_> = known.into_iter().map(|name| name.chars().take(40).collect::<String>()).take(8).collect();
        return Err(refused(format!("it does not take {name}, but {}", list(&known))));
    }
    match who.mechanism {
        Mechanism::Plain => {
            let said = Zeroizing::new(format!("\0{}\0{}", who.user, who.password.as_str()));
            step(connection, said.as_bytes()).await.map(|_| ())
        }
        Mechanism::ScramSha256 => scram(connection, who, Hash::Sha256).await,
        Mechanism::ScramSha512 => scram(connection, who, Hash::Sha512).await,
    }
}

async fn scram(connection: &mut Connection, who: &SignIn, hash: Hash) -> Result<(), Failure> {
    let scram = Scram::new(hash, &who.user, NAME);
    let first = step(connection, scram.first().as_bytes()).await?;
    let proof = scram.prove(&first, &who.password).await?;
    let last = step(connection, proof.message.as_bytes()).await?;
    proof.check(&last)
}

async fn step(connection: &mut Connection, said: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut answer = connection.ask(Api::SaslAuthenticate, |request| _ = request.bytes(said)).await?;
    let code = answer.short()?;
    let words = answer.text()?;
    if code == 0 {
        return taken(&mut answer);
    }
    let words = words.unwrap_or_else(|| format!("error {code}"));
    Err(refused(words.trim_end_matches('.').chars().take(500).collect()))
}

fn taken(answer: &mut Answer) -> Result<Vec<u8>, Failure> {
    answer.bytes().map(|bytes| bytes.to_vec())
}

fn list(known: &[String]) -> String {
    if known.is_empty() { "nobody signs in there".to_owned() } else { known.join(", ") }
}

fn refused(reason: String) -> Failure {
    Failure::SignIn { server: NAME, reason }
}
