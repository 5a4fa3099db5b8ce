//! Encryption of texts.
//!
//! With a secret: 1 (the version), a salt of 16 bytes, a nonce of 12, the tag of 16, and the encrypted text; in base64. The key is made of
//! secret and salt by scrypt (RFC 7914) with N = 65,536, r = 8 and p = 1. With a key pair: RSA-OAEP with SHA-256 (RFC 8017, section
//! 7.1), in base64. n8n reads and writes the same.

use aws_lc_rs::aead::{
    AES_128_GCM, AES_192_GCM, AES_256_GCM, Aad, Algorithm, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey,
};
use aws_lc_rs::rsa::{
    OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, OaepPublicEncryptingKey, PrivateDecryptingKey,
    PublicEncryptingKey,
};
use base64::Engine as _;
use serde::Deserialize;
use weft_nodes::NodeError;
use zeroize::Zeroizing;

use super::keys::{private_rsa, public_rsa, unusable};
use crate::credentials::Opened;
use crate::files::{BASE64, from_base64};

const VERSION: u8 = 1;
const SALT: usize = 16;
const NONCE: usize = 12;
const TAG: usize = 16;
/// What scrypt costs: 64 MiB and some tenths of a second.
const COST: (u8, u32, u32) = (16, 8, 1);

/// With what a text is encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) enum Cipher {
    #[default]
    #[serde(rename = "aes-256-gcm")]
    Aes256,
    #[serde(rename = "aes-192-gcm")]
    Aes192,
    #[serde(rename = "aes-128-gcm")]
    Aes128,
    #[serde(rename = "chacha20-poly1305")]
    ChaCha20,
}

impl Cipher {
    fn algorithm(self) -> &'static Algorithm {
        match self {
            Self::Aes256 => &AES_256_GCM,
            Self::Aes192 => &AES_192_GCM,
            Self::Aes128 => &AES_128_GCM,
            Self::ChaCha20 => &CHACHA20_POLY1305,
        }
    }
}

/// A secret that encrypts and decrypts. The key of one salt is kept, since each costs much.
pub(super) struct Symmetric {
    cipher: Cipher,
    secret: Zeroizing<String>,
    last: Option<([u8; SALT], LessSafeKey)>,
}

impl Symmetric {
    pub(super) fn new(opened: &Opened, cipher: Cipher) -> Self {
        Self { cipher, secret: Zeroizing::new(opened.field("secret").to_owned()), last: None }
    }

    fn key(&mut self, salt: [u8; SALT]) -> Result<&LessSafeKey, NodeError> {
        let fault = || NodeError::new("crypto", "No key could be made of the secret: this is a fault of the server.");
        if self.last.as_ref().is_none_or(|(of, _)| *of != salt) {
            let algorithm = self.cipher.algorithm();
            let mut bytes = Zeroizing::new(vec![0; algorithm.key_len()]);
            let (log_n, r, p) = COST;
            let params = scrypt::Params::new(log_n, r, p).map_err(|_| fault())?;
            scrypt::scrypt(self.secret.as_bytes(), &salt, &params, &mut bytes).map_err(|_| fault())?;
            let key = UnboundKey::new(algorithm, &bytes).map_err(|_| fault())?;
            self.last = Some((salt, LessSafeKey::new(key)));
        }
        self.last.as_ref().map(|(_, key)| key).ok_or_else(fault)
    }

    /// Encrypts a text. All texts of a step share a salt, and each has its own nonce.
    pub(super) fn encrypt(&mut self, text: &str) -> Result<String, NodeError> {
        let salt = self.last.as_ref().map_or_else(rand::random, |(salt, _)| *salt);
        let nonce: [u8; NONCE] = rand::random();
        let mut bytes = text.as_bytes().to_vec();
        let sealed = self.key(salt)?.seal_in_place_separate_tag(Nonce::from(&nonce), Aad::empty(), &mut bytes);
        let tag = sealed.map_err(|_| NodeError::new("crypto", "The text is too long to be encrypted.").finally())?;
        Ok(BASE64.encode([&[VERSION][..], &salt[..], &nonce[..], tag.as_ref(), bytes.as_slice()].concat()))
    }

    /// Decrypts what was encrypted so.
    pub(super) fn decrypt(&mut self, text: &str) -> Result<String, NodeError> {
        let bytes = from_base64(text.trim()).ok_or_else(not_encrypted)?;
        let (Some(&VERSION), Some(rest)) = (bytes.first(), bytes.get(1..)) else { return Err(not_encrypted()) };
        let (salt, rest) = rest.split_first_chunk::<SALT>().ok_or_else(not_encrypted)?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE>().ok_or_else(not_encrypted)?;
        let (tag, sealed) = rest.split_first_chunk::<TAG>().ok_or_else(not_encrypted)?;
        let mut bytes = [sealed, &tag[..]].concat();
        let opened = self.key(*salt)?.open_in_place(Nonce::from(nonce), Aad::empty(), &mut bytes);
        let opened = opened.map_err(|_| not_decrypted())?;
        readable(opened)
    }
}

/// A public key that encrypts.
pub(super) struct Encrypting(OaepPublicEncryptingKey);

impl Encrypting {
    pub(super) fn new(opened: &Opened) -> Result<Self, NodeError> {
        let key = PublicEncryptingKey::from_der(&public_rsa(opened)?).map_err(|_| unsized_key())?;
        OaepPublicEncryptingKey::new(key).map(Self).map_err(|_| unsized_key())
    }

    pub(super) fn encrypt(&self, text: &str) -> Result<String, NodeError> {
        let most = self.0.max_plaintext_size(&OAEP_SHA256_MGF1SHA256);
        if text.len() > most {
            let message = format!("This key encrypts up to {most} bytes, but the text has {}.", text.len());
            let error = NodeError::new("crypto", message).in_field("value").finally();
            return Err(error.describe("Longer texts are encrypted with a secret."));
        }
        let mut bytes = vec![0; self.0.ciphertext_size()];
        let sealed = self.0.encrypt(&OAEP_SHA256_MGF1SHA256, text.as_bytes(), &mut bytes, None);
        sealed.map(|bytes| BASE64.encode(bytes)).map_err(|_| unsized_key())
    }
}

/// A private key that decrypts.
pub(super) struct Decrypting(OaepPrivateDecryptingKey);

impl Decrypting {
    pub(super) fn new(opened: &Opened) -> Result<Self, NodeError> {
        let key = PrivateDecryptingKey::from_pkcs8(&private_rsa(opened)?).map_err(|_| unsized_key())?;
        OaepPrivateDecryptingKey::new(key).map(Self).map_err(|_| unsized_key())
    }

    pub(super) fn decrypt(&self, text: &str) -> Result<String, NodeError> {
        let sealed = from_base64(text.trim()).ok_or_else(not_encrypted)?;
        let mut bytes = Zeroizing::new(vec![0; self.0.min_output_size()]);
        let opened = self.0.decrypt(&OAEP_SHA256_MGF1SHA256, &sealed, &mut bytes, None);
        readable(opened.map_err(|_| not_decrypted())?)
    }
}

fn unsized_key() -> NodeError {
    unusable("Texts are encrypted with RSA keys of 2,048 to 8,192 bits; the credential has another one.")
}

fn not_encrypted() -> NodeError {
    NodeError::new("crypto", "This is nothing that was encrypted: it is no base64, or too short.").in_field("value")
}

/// Which of these it is nobody is told.
fn not_decrypted() -> NodeError {
    let message = "It cannot be decrypted: another key, secret or cipher encrypted it, or it was changed.";
    NodeError::new("crypto", message).in_field("value")
}

fn readable(bytes: &[u8]) -> Result<String, NodeError> {
    let text = std::str::from_utf8(bytes);
    text.map(str::to_owned).map_err(|_| NodeError::new("crypto", "What was decrypted is no text in UTF-8."))
}
