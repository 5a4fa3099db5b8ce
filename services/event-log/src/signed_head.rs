//! Heads that are kept elsewhere. A log's head covers every event before it. Signed, it can be shown to others, who can check alone
//! that this installation vouched for it; and `weft log verify` tells later whether anything before it was written anew.
//!
//! The signature is Ed25519 (RFC 8032) over this text, each line ended by a line feed:
//!
//! ```text
//! weft log head v1
//! <the tenant's id, as a hyphenated lower-case UUID>
//! <the position, in decimal>
//! <the hash, in lower-case hexadecimal>
//! ```

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use weft_model::{Position, TenantId};

use crate::{LogHead, MasterKey};

const PURPOSE: &str = "log heads";

/// A head with the installation's signature; bytes are lower-case hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignedHead {
    /// Whose log.
    pub tenant_id: TenantId,
    /// The last position.
    pub position: Position,
    /// The last event's hash.
    pub hash: String,
    /// The key that signed: the same for every head of an installation.
    pub public_key: String,
    /// The signature.
    pub signature: String,
}

/// Why a signed head proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeadRefused {
    /// A field is not what it should be.
    #[error("the signed head is damaged: {0} is not hexadecimal of the right length")]
    Malformed(&'static str),
    /// Another installation signed it, or this one had another master key then.
    #[error("the head was signed with another key than this installation's")]
    OtherKey,
    /// It was changed after it was signed.
    #[error("the signature does not belong to this head: it was changed after it was signed")]
    Forged,
}

/// Signs heads. It is derived from the master key, so that every process of an installation signs alike.
pub struct HeadKey(SigningKey);

impl HeadKey {
    /// The installation's key.
    pub fn of(master_key: &MasterKey) -> Self {
        Self(SigningKey::from_bytes(&master_key.secret(PURPOSE)))
    }

    /// Signs a head.
    pub fn sign(&self, tenant_id: TenantId, head: LogHead) -> SignedHead {
        let signature = self.0.sign(&message(tenant_id, head)).to_bytes();
        SignedHead {
            tenant_id,
            position: head.position,
            hash: hex::encode(head.hash),
            public_key: hex::encode(self.0.verifying_key().as_bytes()),
            signature: hex::encode(signature),
        }
    }

    /// What a signed head says, when this key signed it.
    ///
    /// # Errors
    ///
    /// [`HeadRefused`] when it was changed, or signed with another key.
    pub fn check(&self, signed: &SignedHead) -> Result<LogHead, HeadRefused> {
        let public_key = VerifyingKey::from_bytes(&decode("publicKey", &signed.public_key)?)
            .map_err(|_| HeadRefused::Malformed("publicKey"))?;
        if public_key != self.0.verifying_key() {
            return Err(HeadRefused::OtherKey);
        }
        let head = LogHead { position: signed.position, hash: decode("hash", &signed.hash)? };
        let signature = Signature::from_bytes(&decode("signature", &signed.signature)?);
        public_key
            .verify_strict(&message(signed.tenant_id, head), &signature)
            .map(|()| head)
            .map_err(|_| HeadRefused::Forged)
    }
}

fn message(tenant: TenantId, head: LogHead) -> Vec<u8> {
    format!("weft log head v1\n{}\n{}\n{}\n", tenant.0.hyphenated(), head.position.0, hex::encode(head.hash))
        .into_bytes()
}

fn decode<const N: usize>(field: &'static str, text: &str) -> Result<[u8; N], HeadRefused> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).map_err(|_| HeadRefused::Malformed(field))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const TENANT: TenantId = TenantId(Uuid::from_u128(7));
    const HEAD: LogHead = LogHead { position: Position(12), hash: [0xab; 32] };

    #[test]
    fn a_signed_head_is_believed_by_its_installation_alone() {
        let master_key = MasterKey::generate();
        let signed = HeadKey::of(&master_key).sign(TENANT, HEAD);
        assert_eq!(HeadKey::of(&master_key).check(&signed), Ok(HEAD));
        assert_eq!(HeadKey::of(&MasterKey::generate()).check(&signed), Err(HeadRefused::OtherKey));
    }

    #[test]
    fn a_changed_head_is_refused() {
        let key = HeadKey::of(&MasterKey::generate());
        let signed = key.sign(TENANT, HEAD);
        let other = SignedHead { position: Position(11), ..signed.clone() };
        assert_eq!(key.check(&other), Err(HeadRefused::Forged));
        let other = SignedHead { tenant_id: TenantId(Uuid::from_u128(8)), ..signed.clone() };
        assert_eq!(key.check(&other), Err(HeadRefused::Forged));
        let other = SignedHead { hash: signed.hash.replacen("ab", "ac", 1), ..signed.clone() };
        assert_eq!(key.check(&other), Err(HeadRefused::Forged));
        let other = SignedHead { signature: "00".into(), ..signed };
        assert_eq!(key.check(&other), Err(HeadRefused::Malformed("signature")));
    }

    #[test]
    fn what_is_signed_is_what_the_documentation_says() {
        let text = String::from_utf8(message(TENANT, HEAD)).unwrap();
        let hash = "ab".repeat(32);
        assert_eq!(text, format!("weft log head v1\n00000000-0000-0000-0000-000000000007\n12\n{hash}\n"));
    }
}
