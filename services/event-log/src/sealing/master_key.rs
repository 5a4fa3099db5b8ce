//! The master key: it wraps every tenant's data key and nothing else.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit};
use hkdf::Hkdf;
use sha2::Sha256;
use weft_model::TenantId;
use zeroize::Zeroizing;

use super::{DataKey, SealFault};

const NONCE: usize = 12;
const WRAP: &[u8] = b"weft master key wraps data keys v1";
const FINGERPRINT: &[u8] = b"weft master key fingerprint v1";

/// 32 random bytes, kept in a file of 64 hexadecimal digits that only its owner may read. Whoever loses it loses every
/// event: keep a copy apart from the database's back-ups.
#[derive(Clone)]
pub struct MasterKey {
    key: Zeroizing<[u8; 32]>,
}

/// Where [`MasterKey::load_or_create`] got it from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MasterKeyOrigin {
    /// The file was there.
    Found,
    /// The file was made just now; say so to the operator, who must keep a copy.
    Created,
}

/// Why there is no master key.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// The file cannot be read or made.
    #[error("the master key file {} cannot be used", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Others may read it.
    #[error("the master key file {} can be read by others (mode {mode:03o}); run: chmod 600 {}", path.display(), path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// It holds something else.
    #[error("the master key file {} must hold 64 hexadecimal digits", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
    },
}

impl MasterKey {
    /// A fresh key, for tests and for a log that need not be read again.
    pub fn generate() -> Self {
        Self { key: Zeroizing::new(rand::random()) }
    }

    /// Reads the file.
    pub fn from_file(path: &Path) -> Result<Self, MasterKeyError> {
        let failed = |source| MasterKeyError::Io { path: path.to_owned(), source };
        let mut file = File::open(path).map_err(failed)?;
        let mode = file.metadata().map_err(failed)?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(MasterKeyError::Exposed { path: path.to_owned(), mode });
        }
        let mut text = Zeroizing::new(String::new());
        file.read_to_string(&mut text).map_err(failed)?;
        let mut key = Zeroizing::new([0; 32]);
        hex::decode_to_slice(text.trim(), &mut *key)
            .map_err(|_| MasterKeyError::Malformed { path: path.to_owned() })?;
        Ok(Self { key })
    }

    /// Reads the file, or makes it with a fresh key and mode 0600.
    pub fn load_or_create(path: &Path) -> Result<(Self, MasterKeyOrigin), MasterKeyError> {
        let failed = |source| MasterKeyError::Io { path: path.to_owned(), source };
        let mut file = match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Ok((Self::from_file(path)?, MasterKeyOrigin::Found));
            }
            Err(error) => return Err(failed(error)),
        };
        let key = Self::generate();
        file.write_all(key.to_hex().as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
        // The file's name is durable only with its folder; without it a crash could lose the key of recorded events.
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
        Ok((key, MasterKeyOrigin::Created))
    }

    fn to_hex(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(hex::encode(*self.key));
        text.push('\n');
        text
    }

    /// Tells two master keys apart without giving anything of them away.
    pub fn fingerprint(&self) -> [u8; 16] {
        let mut fingerprint = [0; 16];
        self.derive(FINGERPRINT, &mut fingerprint);
        fingerprint
    }

    /// A secret for another purpose (signing sessions for instance), the same after every start and unrelated to any other.
    pub fn secret(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        let mut secret = Zeroizing::new([0; 32]);
        self.derive(format!("weft secret: {purpose}").as_bytes(), &mut *secret);
        secret
    }

    /// A fresh data key for a tenant, and its wrapped form for the database.
    pub(crate) fn new_data_key(&self, tenant: TenantId, id: i32) -> Result<Vec<u8>, SealFault> {
        let key: Zeroizing<[u8; 32]> = Zeroizing::new(rand::random());
        let nonce: [u8; NONCE] = rand::random();
        let message = Payload { msg: &*key, aad: &belonging(tenant, id) };
        let wrapped = self.wrapper()?.encrypt(&nonce.into(), message).map_err(|_| SealFault::Sealing)?;
        Ok([&nonce[..], &wrapped].concat())
    }

    /// The data key of a wrapped form.
    pub(crate) fn unwrap_data_key(&self, tenant: TenantId, id: i32, wrapped: &[u8]) -> Result<DataKey, SealFault> {
        let (nonce, ciphertext) = wrapped.split_at_checked(NONCE).ok_or(SealFault::Truncated)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| SealFault::Truncated)?;
        let message = Payload { msg: ciphertext, aad: &belonging(tenant, id) };
        let key = self.wrapper()?.decrypt(&nonce.into(), message).map_err(|_| SealFault::Forged)?;
        let key = Zeroizing::new(key);
        let key: [u8; 32] = key.as_slice().try_into().map_err(|_| SealFault::Truncated)?;
        Ok(DataKey::new(id, Zeroizing::new(key)))
    }

    fn wrapper(&self) -> Result<Aes256Gcm, SealFault> {
        let mut derived = Zeroizing::new([0; 32]);
        self.derive(WRAP, &mut *derived);
        Aes256Gcm::new_from_slice(&*derived).map_err(|_| SealFault::Sealing)
    }

    fn derive(&self, purpose: &[u8], into: &mut [u8]) {
        // HKDF-SHA256 gives up to 8160 bytes (RFC 5869, section 2.3), far more than any caller here asks for.
        let _ = Hkdf::<Sha256>::new(None, &*self.key).expand(purpose, into);
    }
}

/// A wrapped key opens for its own tenant and number only.
fn belonging(tenant: TenantId, id: i32) -> [u8; 20] {
    let mut belonging = [0; 20];
    belonging[..16].copy_from_slice(tenant.0.as_bytes());
    belonging[16..].copy_from_slice(&id.to_be_bytes());
    belonging
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn tenant(number: u128) -> TenantId {
        TenantId(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn a_key_file_is_made_once_and_only_its_owner_may_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let (made, origin) = MasterKey::load_or_create(&path).unwrap();
        assert_eq!(origin, MasterKeyOrigin::Created);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let (found, origin) = MasterKey::load_or_create(&path).unwrap();
        assert_eq!(origin, MasterKeyOrigin::Found);
        assert_eq!(made.fingerprint(), found.fingerprint());
        assert_ne!(made.fingerprint(), MasterKey::generate().fingerprint());
    }

    #[test]
    fn an_exposed_or_spoilt_file_is_refused_with_a_sentence_that_helps() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        fs::write(&path, "not a key").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(matches!(MasterKey::from_file(&path), Err(MasterKeyError::Malformed { .. })));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let Err(error) = MasterKey::from_file(&path) else { panic!("an exposed key was accepted") };
        assert!(error.to_string().contains("chmod 600"), "{error}");
        assert!(matches!(MasterKey::from_file(&folder.path().join("none")), Err(MasterKeyError::Io { .. })));
    }

    #[test]
    fn a_data_key_unwraps_for_its_tenant_under_its_master_key_only() {
        let master = MasterKey::generate();
        let wrapped = master.new_data_key(tenant(1), 1).unwrap();
        assert!(master.unwrap_data_key(tenant(1), 1, &wrapped).is_ok());
        assert!(master.unwrap_data_key(tenant(2), 1, &wrapped).is_err());
        assert!(master.unwrap_data_key(tenant(1), 2, &wrapped).is_err());
        assert!(MasterKey::generate().unwrap_data_key(tenant(1), 1, &wrapped).is_err());
    }
}
