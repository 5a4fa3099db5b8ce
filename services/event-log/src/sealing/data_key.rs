//! A tenant's data key: sealing one append's blobs, opening any of them.

use aes_gcm::aead::AeadInOut;
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::format::{pack, unpack};
use super::{Context, Encoding, Opened, SealFault};

pub(super) const SALT: usize = 16;
const COUNTER: usize = 4;
pub(super) const TAG: usize = 16;
const HEADER: usize = 1 + SALT + COUNTER;
/// Says what the derived key is for (RFC 5869, section 3.2).
const PURPOSE: &[u8] = b"weft log seal v1";

/// A tenant's data key and its number.
pub(crate) struct DataKey {
    pub(crate) id: i32,
    key: Zeroizing<[u8; 32]>,
}

impl DataKey {
    pub(crate) fn new(id: i32, key: Zeroizing<[u8; 32]>) -> Self {
        Self { id, key }
    }

    /// A sealer for one append. Its salt is fresh, so its key seals this append alone and a counter is nonce enough.
    pub(crate) fn sealer(&self) -> Result<Sealer, SealFault> {
        let salt: [u8; SALT] = rand::random();
        Ok(Sealer { cipher: self.cipher(&salt, PURPOSE)?, salt, counter: 0 })
    }

    /// The cipher for what `purpose` says, under a key that is derived with this salt.
    pub(super) fn cipher(&self, salt: &[u8; SALT], purpose: &[u8]) -> Result<Aes256Gcm, SealFault> {
        let mut derived = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(Some(salt), &*self.key).expand(purpose, &mut *derived).map_err(|_| SealFault::Sealing)?;
        Aes256Gcm::new_from_slice(&*derived).map_err(|_| SealFault::Sealing)
    }
}

/// Seals the blobs of one append.
pub(crate) struct Sealer {
    cipher: Aes256Gcm,
    salt: [u8; SALT],
    counter: u32,
}

impl Sealer {
    pub(crate) fn seal(
        &mut self,
        context: Context<'_>,
        encoding: Encoding,
        plain: &[u8],
    ) -> Result<Vec<u8>, SealFault> {
        let (format, packed) = pack(encoding, plain);
        let counter = self.counter;
        self.counter = counter.checked_add(1).ok_or(SealFault::Sealing)?;
        let mut sealed = Vec::with_capacity(HEADER + packed.len() + TAG);
        sealed.push(format);
        sealed.extend_from_slice(&self.salt);
        sealed.extend_from_slice(&counter.to_be_bytes());
        sealed.extend_from_slice(&packed);
        let tag = self
            .cipher
            .encrypt_inout_detached(&nonce(counter), &context.associated_data(format), (&mut sealed[HEADER..]).into())
            .map_err(|_| SealFault::Sealing)?;
        sealed.extend_from_slice(&tag);
        Ok(sealed)
    }
}

/// Opens blobs that one data key sealed. It remembers the last salt: neighbours usually come from one append.
#[derive(Default)]
pub(crate) struct Opener {
    last: Option<(i32, [u8; SALT], Aes256Gcm)>,
}

impl Opener {
    pub(crate) fn open(&mut self, key: &DataKey, context: Context<'_>, sealed: &[u8]) -> Result<Opened, SealFault> {
        let (header, rest) = sealed.split_at_checked(HEADER).ok_or(SealFault::Truncated)?;
        let split = rest.len().checked_sub(TAG).ok_or(SealFault::Truncated)?;
        let (ciphertext, tag) = rest.split_at(split);
        let salt = header[1..=SALT].try_into().map_err(|_| SealFault::Truncated)?;
        let counter = header[1 + SALT..].try_into().map_err(|_| SealFault::Truncated)?;
        let tag = tag.try_into().map_err(|_| SealFault::Truncated)?;
        let format = header[0];
        let mut packed = ciphertext.to_vec();
        self.cipher(key, salt)?
            .decrypt_inout_detached(
                &nonce(u32::from_be_bytes(counter)),
                &context.associated_data(format),
                packed.as_mut_slice().into(),
                tag,
            )
            .map_err(|_| SealFault::Forged)?;
        unpack(format, packed)
    }

    fn cipher(&mut self, key: &DataKey, salt: [u8; SALT]) -> Result<&Aes256Gcm, SealFault> {
        let is_last = matches!(&self.last, Some((id, known, _)) if *id == key.id && *known == salt);
        if !is_last {
            self.last = None;
        }
        match &mut self.last {
            Some((_, _, cipher)) => Ok(cipher),
            slot => Ok(&slot.insert((key.id, salt, key.cipher(&salt, PURPOSE)?)).2),
        }
    }
}

pub(super) fn nonce(counter: u32) -> Nonce<aes_gcm::aead::consts::U12> {
    let mut nonce = [0; 12];
    nonce[8..].copy_from_slice(&counter.to_be_bytes());
    nonce.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use weft_model::{PayloadId, TenantId};

    fn key(byte: u8) -> DataKey {
        DataKey::new(1, Zeroizing::new([byte; 32]))
    }

    fn context(tenant: u128) -> Context<'static> {
        Context::Payload { tenant: TenantId(uuid::Uuid::from_u128(tenant)), payload: PayloadId(uuid::Uuid::nil()) }
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_again(contents in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..5000), 1..5)) {
            let key = key(7);
            let mut sealer = key.sealer().unwrap();
            let mut opener = Opener::default();
            for content in contents {
                let sealed = sealer.seal(context(1), Encoding::Parts, &content).unwrap();
                let opened = opener.open(&key, context(1), &sealed).unwrap();
                prop_assert_eq!(opened, Opened { encoding: Encoding::Parts, content });
            }
        }

        #[test]
        fn any_changed_bit_is_noticed(content in prop::collection::vec(any::<u8>(), 0..200), place in any::<prop::sample::Index>(), bit in 0..8u8) {
            let key = key(7);
            let mut sealed = key.sealer().unwrap().seal(context(1), Encoding::Json, &content).unwrap();
            let place = place.index(sealed.len());
            sealed[place] ^= 1 << bit;
            prop_assert!(Opener::default().open(&key, context(1), &sealed).is_err());
        }
    }

    #[test]
    fn a_blob_opens_only_where_it_belongs_and_under_its_key() {
        let sealed = key(7).sealer().unwrap().seal(context(1), Encoding::Json, b"{}").unwrap();
        assert_eq!(Opener::default().open(&key(7), context(2), &sealed), Err(SealFault::Forged));
        assert_eq!(Opener::default().open(&key(8), context(1), &sealed), Err(SealFault::Forged));
        assert_eq!(Opener::default().open(&key(7), context(1), &sealed[..20]), Err(SealFault::Truncated));
    }

    #[test]
    fn the_content_is_not_readable_and_repetition_is_compressed() {
        let content = b"{\"name\":\"ada\"}".repeat(200);
        let sealed = key(7).sealer().unwrap().seal(context(1), Encoding::Parts, &content).unwrap();
        assert_eq!(sealed[0], 0x21);
        assert!(sealed.len() < content.len() / 10, "{} bytes", sealed.len());
        let short = key(7).sealer().unwrap().seal(context(1), Encoding::Json, b"{\"name\":\"ada\"}").unwrap();
        assert_eq!(short[0], 0x10);
        assert!(!short.windows(3).any(|window| window == b"ada"));
    }
}
