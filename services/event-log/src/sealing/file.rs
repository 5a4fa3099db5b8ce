//! Files are sealed chunk by chunk, so that they are written and read with a small buffer.
//!
//! A sealed file is `format ‖ key id (4, big-endian) ‖ salt (16)`, then chunks of 64 KiB, each with its tag (16); the last one
//! is shorter, and empty where the file ends with a full one. Every file has a key of its own, derived with its salt, so that
//! the chunk's number is nonce enough. Its number and whether it is the last are authenticated with each chunk: none can be
//! left out, moved, repeated or cut off (the construction STREAM of Hoang, Reyhanitabar, Rogaway and Vizár, CRYPTO 2015).

use aes_gcm::Aes256Gcm;
use aes_gcm::aead::AeadInOut;
use weft_model::TenantId;

use super::SealFault;
use super::data_key::{DataKey, SALT, TAG, nonce};

/// How many bytes of a file are sealed together.
pub(crate) const CHUNK: usize = 64 * 1024;
/// The same with what sealing adds.
pub(crate) const SEALED_CHUNK: usize = CHUNK + TAG;
/// What a sealed file begins with.
pub(crate) const FILE_HEADER: usize = 1 + 4 + SALT;

const FORMAT: u8 = 0x41;
const PURPOSE: &[u8] = b"weft file seal v1";

/// Where a sealed file belongs; it opens nowhere else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FilePlace {
    pub(crate) tenant: TenantId,
    pub(crate) key: [u8; 32],
}

/// Which chunk it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chunk {
    /// Others follow.
    Inner,
    /// None follows.
    Last,
}

/// Seals or opens the chunks of one file, in order.
pub(crate) struct FileCipher {
    cipher: Aes256Gcm,
    place: FilePlace,
    key_id: i32,
    index: u32,
}

impl FileCipher {
    /// For a new file, with what it begins with.
    pub(crate) fn sealing(key: &DataKey, place: FilePlace) -> Result<(Self, [u8; FILE_HEADER]), SealFault> {
        let salt: [u8; SALT] = rand::random();
        let mut header = [0; FILE_HEADER];
        header[0] = FORMAT;
        header[1..5].copy_from_slice(&key.id.to_be_bytes());
        header[5..].copy_from_slice(&salt);
        Ok((Self { cipher: key.cipher(&salt, PURPOSE)?, place, key_id: key.id, index: 0 }, header))
    }

    /// The number of the data key that sealed a file which begins so.
    pub(crate) fn key_id(header: &[u8; FILE_HEADER]) -> Result<i32, SealFault> {
        if header[0] != FORMAT {
            return Err(SealFault::UnknownFormat);
        }
        let id = header[1..5].try_into().map_err(|_| SealFault::Truncated)?;
        Ok(i32::from_be_bytes(id))
    }

    /// For a file that begins so.
    pub(crate) fn opening(key: &DataKey, place: FilePlace, header: &[u8; FILE_HEADER]) -> Result<Self, SealFault> {
        let salt = header[5..].try_into().map_err(|_| SealFault::Truncated)?;
        Ok(Self { cipher: key.cipher(&salt, PURPOSE)?, place, key_id: key.id, index: 0 })
    }

    /// Adds the next chunk, sealed, to `out`.
    pub(crate) fn seal(&mut self, plain: &[u8], which: Chunk, out: &mut Vec<u8>) -> Result<(), SealFault> {
        let (nonce, data) = (nonce(self.index), self.associated_data(which));
        let start = out.len();
        out.extend_from_slice(plain);
        let tag = self
            .cipher
            .encrypt_inout_detached(&nonce, &data, (&mut out[start..]).into())
            .map_err(|_| SealFault::Sealing)?;
        out.extend_from_slice(&tag);
        self.advance()
    }

    /// The bytes of the next chunk.
    pub(crate) fn open(&mut self, mut sealed: Vec<u8>, which: Chunk) -> Result<Vec<u8>, SealFault> {
        let split = sealed.len().checked_sub(TAG).ok_or(SealFault::Truncated)?;
        let tag: [u8; TAG] = sealed[split..].try_into().map_err(|_| SealFault::Truncated)?;
        sealed.truncate(split);
        let (nonce, data) = (nonce(self.index), self.associated_data(which));
        self.cipher
            .decrypt_inout_detached(&nonce, &data, sealed.as_mut_slice().into(), &tag.into())
            .map_err(|_| SealFault::Forged)?;
        self.advance()?;
        Ok(sealed)
    }

    fn advance(&mut self) -> Result<(), SealFault> {
        self.index = self.index.checked_add(1).ok_or(SealFault::Sealing)?;
        Ok(())
    }

    fn associated_data(&self, which: Chunk) -> Vec<u8> {
        let mut data = Vec::with_capacity(64);
        data.push(FORMAT);
        data.extend_from_slice(&self.key_id.to_be_bytes());
        data.extend_from_slice(self.place.tenant.0.as_bytes());
        data.extend_from_slice(&self.place.key);
        data.extend_from_slice(&self.index.to_be_bytes());
        data.push(match which {
            Chunk::Inner => 0,
            Chunk::Last => 1,
        });
        data
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zeroize::Zeroizing;

    fn key() -> DataKey {
        DataKey::new(3, Zeroizing::new([7; 32]))
    }

    fn place(tenant: u128) -> FilePlace {
        FilePlace { tenant: TenantId(uuid::Uuid::from_u128(tenant)), key: [9; 32] }
    }

    /// What a file begins with, and two chunks and the last one.
    fn sealed() -> ([u8; FILE_HEADER], Vec<Vec<u8>>) {
        let (mut cipher, header) = FileCipher::sealing(&key(), place(1)).unwrap();
        let mut seal = |plain: &[u8], which| {
            let mut out = Vec::new();
            cipher.seal(plain, which, &mut out).unwrap();
            out
        };
        let chunks = vec![seal(b"one", Chunk::Inner), seal(b"two", Chunk::Inner), seal(b"", Chunk::Last)];
        (header, chunks)
    }

    fn open(header: &[u8; FILE_HEADER], place: FilePlace, chunks: &[(&[u8], Chunk)]) -> Result<Vec<u8>, SealFault> {
        let mut cipher = FileCipher::opening(&key(), place, header)?;
        let opened: Result<Vec<_>, _> =
            chunks.iter().map(|(sealed, which)| cipher.open(sealed.to_vec(), *which)).collect();
        Ok(opened?.concat())
    }

    #[test]
    fn what_was_sealed_opens_in_its_place_and_order_and_in_no_other() {
        use Chunk::{Inner, Last};
        let (header, chunks) = sealed();
        let [one, two, end] = [&chunks[0][..], &chunks[1][..], &chunks[2][..]];
        assert_eq!(FileCipher::key_id(&header), Ok(3));
        assert_eq!(open(&header, place(1), &[(one, Inner), (two, Inner), (end, Last)]).unwrap(), b"onetwo");
        for (what, place, chunks) in [
            ("another tenant", place(2), vec![(one, Inner)]),
            ("another file", FilePlace { key: [8; 32], ..place(1) }, vec![(one, Inner)]),
            ("swapped", place(1), vec![(two, Inner), (one, Inner)]),
            ("left out", place(1), vec![(one, Inner), (end, Last)]),
            ("repeated", place(1), vec![(one, Inner), (one, Inner)]),
            ("cut off", place(1), vec![(one, Inner), (two, Last)]),
            ("made longer", place(1), vec![(one, Inner), (two, Inner), (end, Inner)]),
        ] {
            assert_eq!(open(&header, place, &chunks), Err(SealFault::Forged), "{what}");
        }
        assert_eq!(open(&header, place(1), &[(&one[..3], Inner)]), Err(SealFault::Truncated));
    }

    #[test]
    fn a_changed_header_opens_nothing() {
        let (mut header, chunks) = sealed();
        header[8] ^= 1;
        assert_eq!(open(&header, place(1), &[(&chunks[0], Chunk::Inner)]), Err(SealFault::Forged));
        header[0] = 0x10;
        assert_eq!(FileCipher::key_id(&header), Err(SealFault::UnknownFormat));
    }
}
