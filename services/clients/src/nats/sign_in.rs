//! Who signs in, and how.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use nkeys::KeyPair;
use tokio::time::timeout;
use weft_connectors::{Dialer, Encryption, Tls};
use weft_value::{Object, Value, from_json_bytes};
use zeroize::{Zeroize, Zeroizing};

use super::NAME;
use super::wire::{Event, MOST_LINE, next, refused};
use crate::wire::Wire;
use crate::{Failure, Refused, Socket};

/// Where a server is and who signs in. What is empty is not used.
pub struct Server {
    /// The host.
    pub host: String,
    /// The port; 4222 where nobody said another.
    pub port: u16,
    /// The user.
    pub user: String,
    /// The password.
    pub password: Zeroizing<String>,
    /// A token.
    pub token: Zeroizing<String>,
    /// What is in a `.creds` file (a JWT and a seed), or a seed alone.
    pub keys: Zeroizing<String>,
    /// Whether the connection is encrypted.
    pub tls: Tls,
}

/// What a server says of itself.
pub(super) struct About {
    /// The largest message that it takes, with its headers.
    pub(super) most_payload: usize,
    /// Whether it knows headers.
    pub(super) has_headers: bool,
}

/// Connects and signs in. `limit` is for all of it.
pub(super) async fn open(dialer: &Dialer, server: &Server, limit: Duration) -> Result<(Wire, About), Failure> {
    let late = |_| Failure::Timeout { server: NAME, limit };
    let connected = async {
        let stream = dialer.dial(&server.host, server.port, limit).await?;
        greet(Box::new(stream), server).await
    };
    timeout(limit, connected).await.map_err(late)?
}

async fn greet(socket: Box<dyn Socket>, server: &Server) -> Result<(Wire, About), Failure> {
    let mut wire = Wire::new(socket, NAME);
    let line = wire.line(MOST_LINE).await?;
    let info = line.strip_prefix(b"INFO ").and_then(|json| from_json_bytes(json).ok());
    let info = info.ok_or_else(|| wire.not_understood("something else than a welcome"))?;
    let says = |name: &str| info.get(name).as_bool() == Some(true);
    let is_encrypted = server.tls.encryption != Encryption::Off;
    if is_encrypted {
        if !says("tls_required") && !says("tls_available") {
            return Err(Failure::NotEncrypted { server: NAME });
        }
        // What it said so far, it said in clear; nothing of it is believed that would weaken anything.
        let socket = wire.into_socket()?;
        wire = Wire::new(Box::new(server.tls.secure(socket, &server.host).await?), NAME);
    } else if says("tls_required") {
        let message = "NATS takes encrypted connections only. Turn encryption on in the credential.".to_owned();
        return Err(Failure::Refused(Box::new(Refused { message, ..Refused::default() })));
    }
    let hello = hello(server, &info, is_encrypted)?;
    wire.send(hello.as_bytes()).await?;
    loop {
        match next(&mut wire, None).await? {
            Event::Pong => break,
            Event::Refused(said) => {
                let reason = said.trim_end_matches('.').to_owned();
                return Err(if said.contains("uthorization") || said.contains("uthentication") {
                    Failure::SignIn { server: NAME, reason }
                } else {
                    refused(&said)
                });
            }
            Event::Ping => wire.send(b"PONG\r\n").await?,
            Event::Said | Event::Message(_) => {}
        }
    }
    let most_payload = match info.get("max_payload") {
        Value::Number(number) if *number > 0.0 => *number as usize,
        _ => 1024 * 1024,
    };
    Ok((wire, About { most_payload, has_headers: says("headers") }))
}

/// `CONNECT` and the question behind it, whose answer says that it was taken.
fn hello(server: &Server, info: &Value, is_encrypted: bool) -> Result<Zeroizing<String>, Failure> {
    let mut says: Object = [
        ("verbose", Value::from(false)),
        ("pedantic", false.into()),
        ("tls_required", is_encrypted.into()),
        ("name", "Weft".into()),
        ("lang", "rust".into()),
        ("version", env!("CARGO_PKG_VERSION").into()),
        ("protocol", Value::Number(1.0)),
        ("headers", true.into()),
        ("no_responders", true.into()),
    ]
    .into_iter()
    .collect();
    let secrets =
        [("user", server.user.as_str()), ("pass", server.password.as_str()), ("auth_token", server.token.as_str())];
    for (name, text) in secrets {
        if !text.is_empty() {
            says.insert(name, text);
        }
    }
    if !server.keys.trim().is_empty() {
        let nonce = info.get("nonce").as_str().unwrap_or_default().to_owned();
        let keys = Keys::read(&server.keys)?;
        let signature = keys.pair.sign(nonce.as_bytes()).map_err(|_| unreadable())?;
        says.insert("sig", URL_SAFE_NO_PAD.encode(signature));
        match keys.jwt {
            Some(jwt) => says.insert("jwt", jwt),
            None => says.insert("nkey", keys.pair.public_key()),
        }
    }
    let mut json = Value::from(says).to_json();
    let hello = Zeroizing::new(format!("CONNECT {json}\r\nPING\r\n"));
    json.zeroize();
    Ok(hello)
}

/// A key pair that proves who signs in, and the token that says who that is.
struct Keys<'a> {
    jwt: Option<&'a str>,
    pair: KeyPair,
}

impl<'a> Keys<'a> {
    /// Reads what is in a `.creds` file, where both stand between lines of hyphens, or a seed alone.
    fn read(text: &'a str) -> Result<Self, Failure> {
        let (mut found, mut is_inside) = (Vec::new(), false);
        for line in text.lines().map(str::trim) {
            if line.starts_with("---") {
                is_inside = line.contains("BEGIN");
            } else if is_inside && !line.is_empty() {
                found.push(line);
            }
        }
        let (jwt, seed) = match found[..] {
            [] => (None, text.trim()),
            [jwt, seed] => (Some(jwt), seed),
            _ => return Err(unreadable()),
        };
        let pair = KeyPair::from_seed(seed).map_err(|_| unreadable())?;
        Ok(Self { jwt, pair })
    }
}

fn unreadable() -> Failure {
    let reason = "the keys of the credential are neither what a .creds file holds nor a seed (SU…)".to_owned();
    Failure::SignIn { server: NAME, reason }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_from_a_file_or_alone() {
        let pair = KeyPair::new_user();
        let seed = pair.seed().unwrap();
        let file = format!(
            "-----BEGIN NATS USER JWT-----\neyJ0.a.b\n------END NATS USER JWT------\n\n*** IMPORTANT ***\n\n\
             -----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n"
        );
        let keys = Keys::read(&file).unwrap();
        assert_eq!((keys.jwt, keys.pair.public_key()), (Some("eyJ0.a.b"), pair.public_key()));
        let lone = format!("  {seed}\n");
        let keys = Keys::read(&lone).unwrap();
        assert_eq!((keys.jwt, keys.pair.public_key()), (None, pair.public_key()));
        for wrong in ["SUhunter2", "-----BEGIN X-----\nhunter2\n-----END X-----"] {
            let failure = Keys::read(wrong).err().unwrap().to_string();
            assert!(!failure.contains("hunter2"), "{failure}");
        }
    }
}
