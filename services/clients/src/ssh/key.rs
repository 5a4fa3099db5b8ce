//! Private keys as people paste them.

use russh::keys::ssh_key::Kdf;
use russh::keys::{PrivateKey, decode_secret_key};
use tokio::task::spawn_blocking;
use zeroize::Zeroizing;

use super::NAME;
use crate::Failure;

/// How often a passphrase is worked on before it opens a key; `ssh-keygen` does it 24 times.
const MOST_ROUNDS: u32 = 256;

const UNREADABLE: &str =
    "the private key of the credential cannot be read. It begins with -----BEGIN OPENSSH PRIVATE KEY-----";
const PASSPHRASE: &str = "the passphrase of the credential does not open its private key";
const OTHER_WRITING: &str = "the private key of the credential is encrypted in a way that is not read here. Write it anew with “ssh-keygen -p -f KEY”";

/// The key that a text stands for. What opens it costs time, so that it is done apart.
pub(super) async fn read(key: &Zeroizing<String>, passphrase: &Zeroizing<String>) -> Result<PrivateKey, Failure> {
    let (key, passphrase) = (key.clone(), passphrase.clone());
    let read = spawn_blocking(move || decode(&key, &passphrase)).await;
    let reason = match read {
        Ok(Ok(key)) => return Ok(key),
        Ok(Err(reason)) => reason,
        Err(_) => UNREADABLE,
    };
    Err(Failure::SignIn { server: NAME, reason: reason.to_owned() })
}

fn decode(text: &str, passphrase: &str) -> Result<PrivateKey, &'static str> {
    let text = Zeroizing::new(text.trim().replace('\r', ""));
    // What opens these may be made to cost any time and memory.
    if text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.starts_with("PuTTY-User-Key-File-") {
        return Err(OTHER_WRITING);
    }
    let mut is_encrypted = text.contains("Proc-Type: 4,ENCRYPTED");
    if text.contains("BEGIN OPENSSH PRIVATE KEY") {
        let key = PrivateKey::from_openssh(text.as_bytes()).map_err(|_| UNREADABLE)?;
        if matches!(key.kdf(), Kdf::Bcrypt { rounds, .. } if *rounds > MOST_ROUNDS) {
            return Err(OTHER_WRITING);
        }
        is_encrypted = key.is_encrypted();
    }
    let passphrase = Some(passphrase).filter(|passphrase| !passphrase.is_empty());
    decode_secret_key(&text, passphrase).map_err(|_| if is_encrypted { PASSPHRASE } else { UNREADABLE })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_key_says_so() {
        let own = "-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2\n-----END OPENSSH PRIVATE KEY-----";
        let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nhunter2\n-----END ENCRYPTED PRIVATE KEY-----";
        for (text, expected) in [
            ("", UNREADABLE),
            ("hunter2", UNREADABLE),
            (own, UNREADABLE),
            (encrypted, OTHER_WRITING),
            ("PuTTY-User-Key-File-3: ssh-ed25519", OTHER_WRITING),
        ] {
            assert_eq!(decode(text, "").err(), Some(expected), "{text}");
        }
    }
}
