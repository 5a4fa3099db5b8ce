//! Who signs in (<https://github.com/mongodb/specifications/blob/master/source/auth/auth.md>).

use std::fmt::Write as _;
use std::time::Duration;

use bson::spec::BinarySubtype;
use bson::{Binary, Document, doc};
use md5::{Digest as _, Md5};
use zeroize::Zeroizing;

use super::answer::Answer;
use super::errors::{done, signed_in};
use super::wire::{Wire, not_understood};
use super::{NAME, Server};
use crate::Failure;
use crate::scram::{Hash, Scram};

/// The largest answer of a server to somebody who signs in.
pub(super) const MOST_ANSWER: usize = 1 << 20;
/// Where users are that are kept elsewhere than in MongoDB.
const EXTERNAL: &str = "$external";
/// Where users are of whom nobody said where they are.
const ADMIN: &str = "admin";

/// How a password is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mechanism {
    /// It is not told (RFC 5802). The one that every server and every user has.
    ScramSha1,
    /// The same with a better hash (RFC 7677).
    ScramSha256,
    /// It is told, for servers that ask a directory (RFC 4616). Only over encrypted connections.
    Plain,
}

/// A user and its password.
#[derive(Clone)]
pub struct SignIn {
    /// How the password is proven; as the server likes it best where nobody said.
    pub mechanism: Option<Mechanism>,
    /// The database that knows the user, where somebody said so.
    pub source: Option<String>,
    /// The database of a connection string, which is taken for it where nobody did.
    pub path: Option<String>,
    /// The user.
    pub user: String,
    /// The password.
    pub password: Zeroizing<String>,
}

impl SignIn {
    pub(super) fn source(&self) -> &str {
        let otherwise = if self.mechanism == Some(Mechanism::Plain) { EXTERNAL } else { ADMIN };
        self.source.as_deref().or(self.path.as_deref()).unwrap_or(otherwise)
    }

    /// What is asked about while saying hello: how the user may prove its password.
    pub(super) fn asks_about(&self) -> String {
        format!("{}.{}", self.source(), self.user)
    }
}

/// Signs in at a server that said `hello`.
pub(super) async fn sign_in(wire: &mut Wire, server: &Server, who: &SignIn, hello: &Answer) -> Result<(), Failure> {
    let takes_256 = || hello.texts("saslSupportedMechs").contains(&"SCRAM-SHA-256");
    let best = || if takes_256() { Mechanism::ScramSha256 } else { Mechanism::ScramSha1 };
    let mut talk = Talk { wire, source: who.source(), conversation: None };
    let signed = match who.mechanism.unwrap_or_else(best) {
        Mechanism::Plain if server.is_encrypted() => {
            let said = Zeroizing::new(format!("\0{}\0{}", who.user, who.password.as_str()));
            talk.say("PLAIN", said.as_bytes()).await.map(|_| ())
        }
        Mechanism::Plain => return Err(Failure::NotEncrypted { server: NAME }),
        Mechanism::ScramSha1 => {
            let password = digest(&who.user, &who.password);
            talk.prove("SCRAM-SHA-1", Scram::new(Hash::Sha1, &who.user, NAME), &password).await
        }
        Mechanism::ScramSha256 => {
            let password = prepared(&who.password)?;
            talk.prove("SCRAM-SHA-256", Scram::new(Hash::Sha256, &who.user, NAME), &password).await
        }
    };
    signed.map_err(signed_in)
}

/// What is hashed instead of the password where the hash is SHA-1.
fn digest(user: &str, password: &str) -> Zeroizing<String> {
    let bytes = Md5::digest(Zeroizing::new(format!("{user}:mongo:{password}")).as_bytes());
    let mut hex = Zeroizing::new(String::with_capacity(32));
    for byte in bytes {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// The password in the one spelling of those that look alike (RFC 4013).
fn prepared(password: &str) -> Result<Zeroizing<String>, Failure> {
    let no_password = |_| Failure::SignIn {
        server: NAME,
        reason: "the password has characters that no password may have".to_owned(),
    };
    stringprep::saslprep(password).map(|prepared| Zeroizing::new(prepared.into_owned())).map_err(no_password)
}

struct Talk<'a> {
    wire: &'a mut Wire,
    source: &'a str,
    /// Its number once the server gave it one.
    conversation: Option<bson::Bson>,
}

impl Talk<'_> {
    async fn prove(&mut self, mechanism: &str, scram: Scram, password: &str) -> Result<(), Failure> {
        let (challenge, _) = self.say(mechanism, scram.first().as_bytes()).await?;
        let proof = scram.prove(&challenge, password).await?;
        let (last, is_done) = self.say(mechanism, proof.message.as_bytes()).await?;
        proof.check(&last)?;
        if is_done {
            return Ok(());
        }
        // Older servers wait for a last word that says nothing.
        let (_, is_done) = self.say(mechanism, b"").await?;
        if is_done { Ok(()) } else { Err(not_understood("a conversation without an end")) }
    }

    /// Says something, and gives what is answered and whether it was the last of it.
    async fn say(&mut self, mechanism: &str, payload: &[u8]) -> Result<(Vec<u8>, bool), Failure> {
        let payload = Binary { subtype: BinarySubtype::Generic, bytes: payload.to_vec() };
        let command: Document = match &self.conversation {
            None => doc! {
                "saslStart": 1, "mechanism": mechanism, "payload": payload, "autoAuthorize": 1,
                "options": { "skipEmptyExchange": true }, "$db": self.source,
            },
            Some(number) => {
                doc! { "saslContinue": 1, "conversationId": number.clone(), "payload": payload, "$db": self.source }
            }
        };
        let answer = done(self.wire.ask(&command, MOST_ANSWER).await?, Duration::ZERO)?;
        let number = answer.number("conversationId").map_or(bson::Bson::Int32(1), |number| (number as i32).into());
        self.conversation.get_or_insert(number);
        Ok((answer.bytes("payload"), answer.truth("done")))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_looked_for_where_it_is() {
        let user = |mechanism, source: Option<&str>| SignIn {
            mechanism,
            source: source.map(str::to_owned),
            path: None,
            user: "zoë".into(),
            password: Zeroizing::new(String::new()),
        };
        assert_eq!(user(None, None).asks_about(), "admin.zoë");
        assert_eq!(user(Some(Mechanism::Plain), None).source(), "$external");
        assert_eq!(user(Some(Mechanism::ScramSha256), Some("shop")).source(), "shop");
    }

    #[test]
    fn passwords_are_prepared_as_the_mechanism_wants_them() {
        assert_eq!(digest("user", "pencil").as_str(), "1c33006ec1ffd90f9cadcbcc0e118200");
        // The example of RFC 4013, section 3: a soft hyphen is nothing, and a Roman nine is two letters.
        assert_eq!(prepared("I\u{ad}X").unwrap().as_str(), "IX");
        assert_eq!(prepared("\u{2168}").unwrap().as_str(), "IX");
        assert!(matches!(prepared("\u{7}"), Err(Failure::SignIn { .. })));
    }
}
