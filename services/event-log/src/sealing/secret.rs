//! One secret, sealed under a key of its own: master key → tenant's data key → this secret's key.
//!
//! A sealed secret is `format ‖ salt (16) ‖ ciphertext ‖ tag (16)`. The salt is fresh each time, so that the derived key seals one
//! content only and a nonce of zeros is nonce enough. Secrets are never compressed: the length would tell what they hold, and
//! the compressor keeps copies that nobody wipes.

use aes_gcm::Nonce;
use aes_gcm::aead::AeadInOut;
use weft_model::{CredentialId, TenantId};
use zeroize::Zeroizing;

use super::{DataKey, SealFault};

const FORMAT: u8 = 0x40;
const SALT: usize = 16;
const HEADER: usize = 1 + SALT;
const TAG: usize = 16;
/// Says what the derived key is for (RFC 5869, section 3.2).
const PURPOSE: &[u8] = b"weft secret seal v1";

/// Where a sealed secret belongs; it opens nowhere else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SecretPlace {
    pub(crate) tenant: TenantId,
    pub(crate) credential: CredentialId,
    /// A row that was put back after a rotation is not this version.
    pub(crate) version: u32,
    pub(crate) part: SecretPart,
}

/// Which of a secret's two halves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecretPart {
    /// What nobody is shown.
    Hidden,
    /// What people may read again.
    Shown,
}

impl SecretPlace {
    /// Every field has a fixed length, so that no two places have the same bytes.
    fn associated_data(self) -> [u8; 39] {
        let mut data = [0; 39];
        data[0] = FORMAT;
        data[1] = 4;
        data[2] = match self.part {
            SecretPart::Hidden => 1,
            SecretPart::Shown => 2,
        };
        data[3..19].copy_from_slice(self.tenant.0.as_bytes());
        data[19..35].copy_from_slice(self.credential.0.as_bytes());
        data[35..].copy_from_slice(&self.version.to_be_bytes());
        data
    }
}

impl DataKey {
    pub(crate) fn seal_secret(&self, place: SecretPlace, plain: &[u8]) -> Result<Vec<u8>, SealFault> {
        let salt: [u8; SALT] = rand::random();
        let mut sealed = Vec::with_capacity(HEADER + plain.len() + TAG);
        sealed.push(FORMAT);
        sealed.extend_from_slice(&salt);
        // The only copy of the plain text, which becomes the ciphertext where it lies.
        sealed.extend_from_slice(plain);
        let cipher = self.cipher(&salt, PURPOSE)?;
        let tag = cipher
            .encrypt_inout_detached(&Nonce::default(), &place.associated_data(), (&mut sealed[HEADER..]).into())
            .map_err(|_| SealFault::Sealing)?;
        sealed.extend_from_slice(&tag);
        Ok(sealed)
    }

    pub(crate) fn open_secret(&self, place: SecretPlace, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealFault> {
        let (header, rest) = sealed.split_at_checked(HEADER).ok_or(SealFault::Truncated)?;
        let split = rest.len().checked_sub(TAG).ok_or(SealFault::Truncated)?;
        let (ciphertext, tag) = rest.split_at(split);
        if header[0] != FORMAT {
            return Err(SealFault::UnknownFormat);
        }
        let salt = header[1..].try_into().map_err(|_| SealFault::Truncated)?;
        let tag = tag.try_into().map_err(|_| SealFault::Truncated)?;
        let mut content = Zeroizing::new(ciphertext.to_vec());
        self.cipher(&salt, PURPOSE)?
            .decrypt_inout_detached(&Nonce::default(), &place.associated_data(), content.as_mut_slice().into(), tag)
            .map_err(|_| SealFault::Forged)?;
        Ok(content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    const PLACE: SecretPlace = SecretPlace {
        tenant: TenantId(Uuid::from_u128(1)),
        credential: CredentialId(Uuid::from_u128(2)),
        version: 3,
        part: SecretPart::Hidden,
    };

    fn key(byte: u8) -> DataKey {
        DataKey::new(1, Zeroizing::new([byte; 32]))
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_again_and_any_changed_bit_is_noticed(
            content in prop::collection::vec(any::<u8>(), 0..3000), place in any::<prop::sample::Index>(), bit in 0..8u8,
        ) {
            let mut sealed = key(7).seal_secret(PLACE, &content).unwrap();
            prop_assert_eq!(&*key(7).open_secret(PLACE, &sealed).unwrap(), &content);
            let place = place.index(sealed.len());
            sealed[place] ^= 1 << bit;
            prop_assert!(key(7).open_secret(PLACE, &sealed).is_err());
        }
    }

    #[test]
    fn a_secret_opens_only_where_it_belongs_and_under_its_key() {
        let sealed = key(7).seal_secret(PLACE, b"{}").unwrap();
        let elsewhere = [
            SecretPlace { tenant: TenantId(Uuid::from_u128(9)), ..PLACE },
            SecretPlace { credential: CredentialId(Uuid::from_u128(9)), ..PLACE },
            SecretPlace { version: 2, ..PLACE },
            SecretPlace { part: SecretPart::Shown, ..PLACE },
        ];
        for place in elsewhere {
            assert_eq!(key(7).open_secret(place, &sealed).unwrap_err(), SealFault::Forged, "{place:?}");
        }
        assert_eq!(key(8).open_secret(PLACE, &sealed).unwrap_err(), SealFault::Forged);
        assert_eq!(key(7).open_secret(PLACE, &sealed[..20]).unwrap_err(), SealFault::Truncated);
        assert_eq!(key(7).open_secret(PLACE, &[]).unwrap_err(), SealFault::Truncated);
    }

    #[test]
    fn the_same_secret_is_never_sealed_to_the_same_bytes() {
        let [one, other] = [0, 1].map(|_| key(7).seal_secret(PLACE, b"hunter2 hunter2 hunter2").unwrap());
        assert_ne!(one, other);
        assert!(!one.windows(6).any(|window| window == b"hunter"));
    }
}
