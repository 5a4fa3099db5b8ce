//! Keys in PEM (RFC 7468), as people paste them: with line ends, without, or with `\n` for them.

use pkcs8::EncryptedPrivateKeyInfoRef;
use rsa::pkcs1::{DecodeRsaPrivateKey, DecodeRsaPublicKey};
use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey};
use rsa::{RsaPrivateKey, RsaPublicKey};
use weft_nodes::NodeError;
use zeroize::Zeroizing;

use crate::credentials::Opened;
use crate::files::from_base64;

/// A private key.
pub(super) enum Private {
    /// Of RSA.
    Rsa(Box<RsaPrivateKey>),
    /// Something else, which whoever uses it has to read: DER of PKCS #8 or SEC 1.
    Other(Zeroizing<Vec<u8>>),
}

/// A key that cannot be used; nothing of it is repeated.
pub(super) fn unusable(message: impl Into<String>) -> NodeError {
    NodeError::new("crypto_key", message).in_field("credential").finally()
}

/// The private key of a credential.
pub(super) fn private(opened: &Opened) -> Result<Private, NodeError> {
    let unread = || unusable("The private key of the credential is no PEM that can be read.");
    let (label, mut der) = pem(opened.field("privateKey")).ok_or_else(unread)?;
    match label {
        "RSA PRIVATE KEY" => {
            let key = RsaPrivateKey::from_pkcs1_der(&der).map_err(|_| unread())?;
            return Ok(Private::Rsa(Box::new(key)));
        }
        "ENCRYPTED PRIVATE KEY" => der = unlocked(&der, opened.field("passphrase"))?,
        "PRIVATE KEY" | "EC PRIVATE KEY" => {}
        _ => return Err(unread()),
    }
    match RsaPrivateKey::from_pkcs8_der(&der) {
        Ok(key) => Ok(Private::Rsa(Box::new(key))),
        Err(_) => Ok(Private::Other(der)),
    }
}

fn unlocked(der: &[u8], passphrase: &str) -> Result<Zeroizing<Vec<u8>>, NodeError> {
    let locked = || unusable("The private key is locked, and the passphrase of the credential does not open it.");
    let key = EncryptedPrivateKeyInfoRef::try_from(der).map_err(|_| locked())?;
    let opened = key.decrypt(passphrase).map_err(|_| locked())?;
    Ok(Zeroizing::new(opened.as_bytes().to_vec()))
}

/// The private RSA key of a credential as PKCS #8.
pub(super) fn private_rsa(opened: &Opened) -> Result<Zeroizing<Vec<u8>>, NodeError> {
    let no_rsa = || unusable("The private key of the credential is not one of RSA, which alone encrypts.");
    let Private::Rsa(key) = private(opened)? else { return Err(no_rsa()) };
    let der = key.to_pkcs8_der().map_err(|_| no_rsa())?;
    Ok(Zeroizing::new(der.as_bytes().to_vec()))
}

/// The public RSA key of a credential, else that of its private one, as `SubjectPublicKeyInfo`.
pub(super) fn public_rsa(opened: &Opened) -> Result<Vec<u8>, NodeError> {
    let unread = || unusable("The public key of the credential is no RSA key in PEM that can be read.");
    let key = if opened.field("publicKey").trim().is_empty() {
        match private(opened)? {
            Private::Rsa(key) => RsaPublicKey::from(key.as_ref()),
            Private::Other(_) => return Err(unread()),
        }
    } else {
        let (label, der) = pem(opened.field("publicKey")).ok_or_else(unread)?;
        match label {
            "PUBLIC KEY" => return Ok(der.to_vec()),
            "RSA PUBLIC KEY" => RsaPublicKey::from_pkcs1_der(&der).map_err(|_| unread())?,
            _ => return Err(unread()),
        }
    };
    Ok(key.to_public_key_der().map_err(|_| unread())?.into_vec())
}

/// The label and the bytes of the first block.
fn pem(text: &str) -> Option<(&str, Zeroizing<Vec<u8>>)> {
    let (_, rest) = text.split_once("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    let (body, _) = rest.split_once("-----END ")?;
    let body = Zeroizing::new(body.replace("\\r", "").replace("\\n", "\n"));
    Some((label, Zeroizing::new(from_base64(&body)?)))
}
