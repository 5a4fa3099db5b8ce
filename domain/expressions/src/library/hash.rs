//! Digests, in hexadecimal.

use md5::{Digest, Md5};
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};
use sha3::Sha3_512;

/// The digest of `text` under `algorithm`; `None` where that is not known.
pub(super) fn digest(algorithm: &str, text: &str) -> Option<String> {
    Some(match algorithm.to_lowercase().as_str() {
        "md5" => hex(&Md5::digest(text)),
        "sha1" => hex(&Sha1::digest(text)),
        "sha224" => hex(&Sha224::digest(text)),
        "sha256" => hex(&Sha256::digest(text)),
        "sha384" => hex(&Sha384::digest(text)),
        "sha512" => hex(&Sha512::digest(text)),
        "sha3" => hex(&Sha3_512::digest(text)),
        "base64" => {
            use base64::Engine;
            base64::engine::general_purpose::STANDARD.encode(text)
        }
        _ => return None,
    })
}

fn hex(bytes: &[u8]) -> String {
    let digits = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|half| char::from(digits[usize::from(half)])).collect()
}
