//! Proving a password without telling it (SCRAM: RFC 5802, RFC 7677), and that the server knows it too.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use pbkdf2::pbkdf2_hmac_array;
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha512};
use zeroize::Zeroizing;

use crate::Failure;

/// How often a password is hashed: what the standard demands at least, and what a server may demand at most.
const ROUNDS: std::ops::RangeInclusive<u32> = 4096..=200_000;

/// Which hash is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    /// What MongoDB's users of old have (RFC 5802).
    Sha1,
    Sha256,
    Sha512,
}

impl Hash {
    fn hash(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => Sha1::digest(bytes).to_vec(),
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }

    fn sign(self, key: &[u8], said: &[u8]) -> Vec<u8> {
        // A key may have any length.
        match self {
            Self::Sha1 => {
                Hmac::<Sha1>::new_from_slice(key).map(|mac| mac.chain_update(said).finalize().into_bytes().to_vec())
            }
            Self::Sha256 => {
                Hmac::<Sha256>::new_from_slice(key).map(|mac| mac.chain_update(said).finalize().into_bytes().to_vec())
            }
            Self::Sha512 => {
                Hmac::<Sha512>::new_from_slice(key).map(|mac| mac.chain_update(said).finalize().into_bytes().to_vec())
            }
        }
        .unwrap_or_default()
    }

    /// `Hi` of RFC 5802.
    fn salted(self, password: &[u8], salt: &[u8], rounds: u32) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(match self {
            Self::Sha1 => pbkdf2_hmac_array::<Sha1, 20>(password, salt, rounds).to_vec(),
            Self::Sha256 => pbkdf2_hmac_array::<Sha256, 32>(password, salt, rounds).to_vec(),
            Self::Sha512 => pbkdf2_hmac_array::<Sha512, 64>(password, salt, rounds).to_vec(),
        })
    }
}

/// The beginning of a proof.
pub(crate) struct Scram {
    hash: Hash,
    server: &'static str,
    /// What is said first, without its header.
    bare: String,
    nonce: String,
}

/// A proof, and what the server has to answer.
pub(crate) struct Proof {
    /// What is said.
    pub(crate) message: String,
    expected: Vec<u8>,
    server: &'static str,
}

/// No channel is bound: who wants to know who answers, verifies the certificate.
const HEADER: &str = "n,,";

impl Scram {
    pub(crate) fn new(hash: Hash, user: &str, server: &'static str) -> Self {
        Self::with_nonce(hash, user, server, &STANDARD.encode(rand::random::<[u8; 24]>()))
    }

    fn with_nonce(hash: Hash, user: &str, server: &'static str, nonce: &str) -> Self {
        let user = user.replace('=', "=3D").replace(',', "=2C");
        Self { hash, server, bare: format!("n={user},r={nonce}"), nonce: nonce.to_owned() }
    }

    /// What is said first.
    pub(crate) fn first(&self) -> String {
        format!("{HEADER}{}", self.bare)
    }

    /// What is said when the server has answered `heard`.
    pub(crate) async fn prove(self, heard: &[u8], password: &str) -> Result<Proof, Failure> {
        let (heard, password) = (heard.to_vec(), Zeroizing::new(password.to_owned()));
        let server = self.server;
        // Hashing so often takes a while.
        let proven = tokio::task::spawn_blocking(move || self.proof(&heard, &password)).await;
        proven.unwrap_or_else(|_| Err(not_understood(server, "a challenge that cannot be met")))
    }

    fn proof(&self, heard: &[u8], password: &str) -> Result<Proof, Failure> {
        let heard = std::str::from_utf8(heard).unwrap_or_default();
        let (nonce, salt, rounds) = self.challenge(heard)?;
        let hash = self.hash;
        let salted = hash.salted(password.as_bytes(), &salt, rounds);
        let client_key = Zeroizing::new(hash.sign(&salted, b"Client Key"));
        let without_proof = format!("c={},r={nonce}", STANDARD.encode(HEADER));
        let all = format!("{},{heard},{without_proof}", self.bare);
        let signature = hash.sign(&hash.hash(&client_key), all.as_bytes());
        let proof: Vec<u8> = client_key.iter().zip(&signature).map(|(key, sign)| key ^ sign).collect();
        let expected = hash.sign(&hash.sign(&salted, b"Server Key"), all.as_bytes());
        let message = format!("{without_proof},p={}", STANDARD.encode(proof));
        Ok(Proof { message, expected, server: self.server })
    }

    /// The nonce of both, the salt and how often it is hashed.
    fn challenge<'a>(&self, heard: &'a str) -> Result<(&'a str, Vec<u8>, u32), Failure> {
        let field = |name: &str| heard.split(',').find_map(|field| field.strip_prefix(name)?.strip_prefix('='));
        let wrong = |what: &str| not_understood(self.server, what);
        let nonce = field("r").filter(|nonce| nonce.len() > self.nonce.len() && nonce.starts_with(&self.nonce));
        let nonce = nonce.ok_or_else(|| wrong("a challenge to somebody else"))?;
        let salt = field("s").and_then(|salt| STANDARD.decode(salt).ok()).filter(|salt| !salt.is_empty());
        let salt = salt.ok_or_else(|| wrong("a challenge without salt"))?;
        let rounds = field("i").and_then(|rounds| rounds.parse().ok()).filter(|rounds| ROUNDS.contains(rounds));
        let rounds = rounds.ok_or_else(|| wrong("a challenge that is hashed too often, or too seldom"))?;
        Ok((nonce, salt, rounds))
    }
}

impl Proof {
    /// Whether the server knows the password, too.
    pub(crate) fn check(&self, heard: &[u8]) -> Result<(), Failure> {
        let heard = std::str::from_utf8(heard).unwrap_or_default();
        let field = |name: &str| heard.split(',').find_map(|field| field.strip_prefix(name));
        let reason = |reason: &str| Failure::SignIn { server: self.server, reason: reason.chars().take(200).collect() };
        if let Some(error) = field("e=") {
            return Err(reason(error));
        }
        let knows = field("v=").and_then(|sign| STANDARD.decode(sign).ok()).is_some_and(|sign| sign == self.expected);
        if knows { Ok(()) } else { Err(reason("the server does not know the password itself")) }
    }
}

fn not_understood(server: &'static str, what: &str) -> Failure {
    Failure::Protocol { server, what: what.to_owned() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    const CHALLENGE: &str = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

    fn scram(hash: Hash) -> Scram {
        Scram::with_nonce(hash, "user", "Test", "rOprNGfwEbeRWgbNEkqO")
    }

    /// The example of RFC 7677, section 3.
    #[tokio::test]
    async fn a_password_is_proven_as_the_standard_shows() {
        assert_eq!(scram(Hash::Sha256).first(), "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        let proof = scram(Hash::Sha256).prove(CHALLENGE.as_bytes(), "pencil").await.unwrap();
        let expected = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
                        p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
        assert_eq!(proof.message, expected);
        assert!(proof.check(b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=").is_ok());
        for wrong in ["v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", "", "e=invalid-proof", "v=?"] {
            assert!(matches!(proof.check(wrong.as_bytes()), Err(Failure::SignIn { .. })), "{wrong}");
        }
    }

    /// The example of RFC 5802, section 5.
    #[tokio::test]
    async fn the_hash_of_old_is_proven_as_its_standard_shows() {
        let scram = Scram::with_nonce(Hash::Sha1, "user", "Test", "fyko+d2lbbFgONRv9qkxdawL");
        let challenge = b"r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096";
        let proof = scram.prove(challenge, "pencil").await.unwrap();
        let expected = "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=";
        assert_eq!(proof.message, expected);
        assert!(proof.check(b"v=rmF9pqV8S7suAoZWja4dJRkFsKQ=").is_ok());
    }

    #[tokio::test]
    async fn the_longer_hash_gives_longer_proofs() {
        let proof = scram(Hash::Sha512).prove(CHALLENGE.as_bytes(), "pencil").await.unwrap();
        let (_, sign) = proof.message.split_once(",p=").unwrap();
        assert_eq!((STANDARD.decode(sign).unwrap().len(), proof.expected.len()), (64, 64));
    }

    #[tokio::test]
    async fn challenges_that_make_no_sense_are_not_met() {
        for wrong in [
            "",
            "r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
            "r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
            "r=rOprNGfwEbeRWgbNEkqO1,s=,i=4096",
            "r=rOprNGfwEbeRWgbNEkqO1,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1",
            "r=rOprNGfwEbeRWgbNEkqO1,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=2000000000",
        ] {
            let failed = scram(Hash::Sha256).prove(wrong.as_bytes(), "pencil").await.err();
            assert!(matches!(failed, Some(Failure::Protocol { .. })), "{wrong}");
        }
        assert!(Scram::with_nonce(Hash::Sha256, "a=b,c", "Test", "n").first().contains("n=a=3Db=2Cc,"));
    }
}
