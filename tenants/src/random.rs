//! Ids and secrets from the machine's randomness.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::ports::Clock;

/// A fresh version 7 UUID (RFC 9562, section 5.7).
pub(crate) fn fresh_id(clock: &dyn Clock) -> Uuid {
    let milliseconds = u64::try_from(clock.now().as_millisecond()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(milliseconds, &rand::random()).into_uuid()
}

/// 256 random bits as text (unpadded URL-safe Base64).
pub fn fresh_token() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// What is stored of a token. It has 256 random bits, so a fast digest is enough.
pub(crate) fn digest(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}
