//! Hashes, and HMAC (RFC 2104), of what comes piece by piece: for the nodes that hash, sign and make one-time passwords.

use hmac::digest::block_api::BlockSizeUser;
use hmac::{KeyInit, Mac, SimpleHmac};
use md5::{Digest, Md5};
use serde::Deserialize;
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512, Sha512_224, Sha512_256};
use sha3::{Sha3_224, Sha3_256, Sha3_384, Sha3_512};

/// How bytes are hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Algorithm {
    #[serde(rename = "MD5")]
    Md5,
    #[serde(rename = "SHA1")]
    Sha1,
    #[serde(rename = "SHA224")]
    Sha224,
    #[serde(rename = "SHA256")]
    Sha256,
    #[serde(rename = "SHA384")]
    Sha384,
    #[serde(rename = "SHA512")]
    Sha512,
    #[serde(rename = "SHA512/224")]
    Sha512x224,
    #[serde(rename = "SHA512/256")]
    Sha512x256,
    #[serde(rename = "SHA3-224")]
    Sha3x224,
    #[serde(rename = "SHA3-256")]
    Sha3x256,
    #[serde(rename = "SHA3-384")]
    Sha3x384,
    #[serde(rename = "SHA3-512")]
    Sha3x512,
}

/// The names of those that hash alone; signatures know all of them.
pub(crate) const HASHES: [&str; 8] = ["MD5", "SHA1", "SHA256", "SHA384", "SHA512", "SHA3-256", "SHA3-384", "SHA3-512"];

/// What is being hashed.
pub(crate) trait Running: Send {
    /// Takes more bytes.
    fn add(&mut self, bytes: &[u8]);
    /// The digest of all of them.
    fn end(self: Box<Self>) -> Vec<u8>;
}

struct Plain<D>(D);
struct Keyed<D: Digest + BlockSizeUser>(SimpleHmac<D>);

impl<D: Digest + Send> Running for Plain<D> {
    fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn end(self: Box<Self>) -> Vec<u8> {
        self.0.finalize().to_vec()
    }
}

impl<D: Digest + BlockSizeUser + Send> Running for Keyed<D> {
    fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn end(self: Box<Self>) -> Vec<u8> {
        self.0.finalize().into_bytes().to_vec()
    }
}

impl Algorithm {
    /// Begins a hash, or an HMAC under `secret` where there is one.
    pub(crate) fn begin(self, secret: Option<&[u8]>) -> Box<dyn Running> {
        match self {
            Self::Md5 => begun::<Md5>(secret),
            Self::Sha1 => begun::<Sha1>(secret),
            Self::Sha224 => begun::<Sha224>(secret),
            Self::Sha256 => begun::<Sha256>(secret),
            Self::Sha384 => begun::<Sha384>(secret),
            Self::Sha512 => begun::<Sha512>(secret),
            Self::Sha512x224 => begun::<Sha512_224>(secret),
            Self::Sha512x256 => begun::<Sha512_256>(secret),
            Self::Sha3x224 => begun::<Sha3_224>(secret),
            Self::Sha3x256 => begun::<Sha3_256>(secret),
            Self::Sha3x384 => begun::<Sha3_384>(secret),
            Self::Sha3x512 => begun::<Sha3_512>(secret),
        }
    }

    /// The hash of these bytes, or their HMAC under `secret`.
    pub(crate) fn of(self, secret: Option<&[u8]>, bytes: &[u8]) -> Vec<u8> {
        let mut running = self.begin(secret);
        running.add(bytes);
        running.end()
    }

    /// Its object identifier in DER, without tag and length (RFC 8017, appendix B.1; the last ones are NIST's).
    pub(crate) fn identifier(self) -> Vec<u8> {
        const RSA_DSI: [u8; 7] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02];
        const NIST: [u8; 8] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02];
        let nist = |last: u8| [&NIST[..], &[last]].concat();
        match self {
            Self::Md5 => [&RSA_DSI[..], &[5]].concat(),
            Self::Sha1 => vec![0x2b, 0x0e, 0x03, 0x02, 0x1a],
            Self::Sha256 => nist(1),
            Self::Sha384 => nist(2),
            Self::Sha512 => nist(3),
            Self::Sha224 => nist(4),
            Self::Sha512x224 => nist(5),
            Self::Sha512x256 => nist(6),
            Self::Sha3x224 => nist(7),
            Self::Sha3x256 => nist(8),
            Self::Sha3x384 => nist(9),
            Self::Sha3x512 => nist(10),
        }
    }
}

fn begun<D: Digest + BlockSizeUser + Send + 'static>(secret: Option<&[u8]>) -> Box<dyn Running> {
    // RFC 2104 takes secrets of any length, so that a secret always makes an HMAC.
    match secret.map(SimpleHmac::<D>::new_from_slice) {
        Some(Ok(mac)) => Box::new(Keyed(mac)),
        Some(Err(_)) | None => Box::new(Plain(D::new())),
    }
}
