//! Digests for `require('crypto')` in code. Bytes travel as strings of Latin-1, one character for each.

use hmac::digest::block_api::BlockSizeUser;
use hmac::{KeyInit, Mac, SimpleHmac};
use md5::{Digest, Md5};
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};
use sha3::{Sha3_256, Sha3_384, Sha3_512};

/// The digest of `bytes`, under `key` where there is one; `None` for an algorithm that is not known.
pub fn digest(algorithm: &str, key: Option<&[u8]>, bytes: &[u8]) -> Option<Vec<u8>> {
    Some(match algorithm.to_ascii_lowercase().replace('-', "").as_str() {
        "md5" => of::<Md5>(key, bytes),
        "sha1" => of::<Sha1>(key, bytes),
        "sha224" => of::<Sha224>(key, bytes),
        "sha256" => of::<Sha256>(key, bytes),
        "sha384" => of::<Sha384>(key, bytes),
        "sha512" => of::<Sha512>(key, bytes),
        "sha3256" => of::<Sha3_256>(key, bytes),
        "sha3384" => of::<Sha3_384>(key, bytes),
        "sha3512" => of::<Sha3_512>(key, bytes),
        _ => return None,
    })
}

fn of<D: Digest + BlockSizeUser>(key: Option<&[u8]>, bytes: &[u8]) -> Vec<u8> {
    // RFC 2104 takes keys of any length, so that making one never fails.
    let Some(Ok(mut mac)) = key.map(SimpleHmac::<D>::new_from_slice) else { return D::digest(bytes).to_vec() };
    mac.update(bytes);
    mac.finalize().into_bytes().to_vec()
}

/// So many bytes of the machine's randomness.
pub fn random(count: usize) -> Vec<u8> {
    /// As many as one call gives.
    const PIECE: usize = 256;
    let mut bytes = vec![0; count];
    for piece in bytes.chunks_mut(PIECE) {
        #[expect(unsafe_code, reason = "libc fills the piece, whose length it is given, or says that it did not")]
        let failed = unsafe { libc::getentropy(piece.as_mut_ptr().cast(), piece.len()) } != 0;
        if failed {
            // Without randomness there is nothing that could be given in its place.
            std::process::exit(71);
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: Option<Vec<u8>>) -> String {
        bytes.unwrap_or_default().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
    }

    /// RFC 1321, FIPS 180-4 and RFC 2202.
    #[test]
    fn the_examples_of_the_standards_are_what_is_given() {
        assert_eq!(hex(digest("md5", None, b"abc")), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(hex(digest("SHA-1", None, b"abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert!(hex(digest("sha256", None, b"abc")).starts_with("ba7816bf8f01cfea"));
        assert_eq!(
            hex(digest("md5", Some(b"Jefe"), b"what do ya want for nothing?")),
            "750c783e6ab0b503eaa86e310a5db738"
        );
        assert_eq!(digest("whirlpool", None, b"abc"), None);
    }

    #[test]
    fn no_two_draws_are_the_same() {
        assert_eq!([0, 1, 256, 1000].map(|count| random(count).len()), [0, 1, 256, 1000]);
        assert_ne!(random(16), random(16));
    }
}
