//! Signatures: RSA with PKCS #1 v1.5 (RFC 8017, section 8.2) and ECDSA in DER, as Node.js signs with the key that it is given.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, ECDSA_P521_SHA224_ASN1_SIGNING,
    ECDSA_P521_SHA256_ASN1_SIGNING, ECDSA_P521_SHA384_ASN1_SIGNING, ECDSA_P521_SHA512_ASN1_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm,
};
use rsa::Pkcs1v15Sign;
use rsa::rand_core::OsRng;
use weft_nodes::NodeError;

use super::keys::{Private, private, unusable};
use crate::credentials::Opened;
use crate::digest::Algorithm;

/// A key that signs.
pub(super) enum Signer {
    Rsa(Box<rsa::RsaPrivateKey>, Algorithm),
    Ec(Box<EcdsaKeyPair>),
}

impl Signer {
    /// The key of a credential, with which the hash of `algorithm` is signed.
    pub(super) fn new(opened: &Opened, algorithm: Algorithm) -> Result<Self, NodeError> {
        match private(opened)? {
            Private::Rsa(key) => Ok(Self::Rsa(key, algorithm)),
            Private::Other(der) => Ok(Self::Ec(Box::new(elliptic(&der, algorithm)?))),
        }
    }

    /// The signature of these bytes.
    pub(super) fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, NodeError> {
        match self {
            Self::Rsa(key, algorithm) => {
                let hash = algorithm.of(None, bytes);
                let padding = padding(*algorithm, hash.len());
                // Chance hides from whoever takes the time what the key is; the signature is the same each time.
                key.sign_with_rng(&mut OsRng, padding, &hash)
                    .map_err(|_| unusable("The RSA key of the credential is too short for this signature."))
            }
            Self::Ec(key) => {
                let signed = key.sign(&SystemRandom::new(), bytes);
                signed.map(|signature| signature.as_ref().to_vec()).map_err(|_| unfit())
            }
        }
    }
}

/// `DigestInfo` up to the hash (RFC 8017, section 9.2).
fn padding(algorithm: Algorithm, hash: usize) -> Pkcs1v15Sign {
    let identifier = algorithm.identifier();
    let (named, hash_len) = (identifier.len() as u8, hash as u8);
    let mut prefix = vec![0x30, named + hash_len + 8, 0x30, named + 4, 0x06, named];
    prefix.extend(identifier);
    prefix.extend([0x05, 0x00, 0x04, hash_len]);
    Pkcs1v15Sign { hash_len: Some(hash), prefix: prefix.into() }
}

fn elliptic(der: &[u8], algorithm: Algorithm) -> Result<EcdsaKeyPair, NodeError> {
    let ways: &[&'static EcdsaSigningAlgorithm] = match algorithm {
        Algorithm::Sha224 => &[&ECDSA_P521_SHA224_ASN1_SIGNING],
        Algorithm::Sha256 => &[&ECDSA_P256_SHA256_ASN1_SIGNING, &ECDSA_P521_SHA256_ASN1_SIGNING],
        Algorithm::Sha384 => &[&ECDSA_P384_SHA384_ASN1_SIGNING, &ECDSA_P521_SHA384_ASN1_SIGNING],
        Algorithm::Sha512 => &[&ECDSA_P521_SHA512_ASN1_SIGNING],
        Algorithm::Md5
        | Algorithm::Sha1
        | Algorithm::Sha512x224
        | Algorithm::Sha512x256
        | Algorithm::Sha3x224
        | Algorithm::Sha3x256
        | Algorithm::Sha3x384
        | Algorithm::Sha3x512 => &[],
    };
    ways.iter().copied().find_map(|way| EcdsaKeyPair::from_private_key_der(way, der).ok()).ok_or_else(unfit)
}

fn unfit() -> NodeError {
    let message = "The private key of the credential cannot sign with this algorithm.";
    unusable(message).describe(
        "RSA keys sign with all of them, keys on the curve P-256 with SHA256, on P-384 with SHA384, on P-521 with SHA224 to SHA512.",
    )
}
