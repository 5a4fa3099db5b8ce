//! Passwords: argon2id (RFC 9106) on a bounded number of threads.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::fault::Fault;

/// 19 MiB, two passes, one lane: the first choice of the OWASP Password Storage Cheat Sheet for argon2id.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

const SHORTEST: usize = 10;
const LONGEST: usize = 256;

/// A password as a person typed it. It is neither printed nor serialised, and wiped from memory when it goes.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

/// The password cannot be used for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Too easily guessed.
    #[error("The password is too short. Use at least {SHORTEST} characters.")]
    TooShort,
    /// Longer than anybody types.
    #[error("The password is too long. Use at most {LONGEST} bytes.")]
    TooLong,
}

impl Password {
    /// Takes what was typed, whatever it is; for signing in.
    pub fn new(typed: impl Into<String>) -> Self {
        Self(Zeroizing::new(typed.into()))
    }

    /// Whether it may become somebody's password.
    pub fn check(&self) -> Result<(), WeakPassword> {
        if self.0.chars().count() < SHORTEST {
            return Err(WeakPassword::TooShort);
        }
        if self.0.len() > LONGEST {
            return Err(WeakPassword::TooLong);
        }
        Ok(())
    }
}

/// Hashes and verifies. At most `at_once` of them run, each with 19 MiB; the rest wait in order.
#[derive(Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    /// The hash of a password that nobody has.
    nobody: Arc<str>,
}

impl Passwords {
    /// One at a time per processor is plenty: a verification takes some tens of milliseconds of one.
    pub fn new(at_once: usize) -> Result<Self, Fault> {
        let nobody = hash_now(&Password::new(crate::random::fresh_token()))?;
        Ok(Self { turns: Arc::new(Semaphore::new(at_once.max(1))), nobody: nobody.into() })
    }

    /// The PHC string to store.
    pub async fn hash(&self, password: &Password) -> Result<String, Fault> {
        let password = password.clone();
        self.in_turn(move || hash_now(&password)).await?
    }

    /// Whether it is the password behind `stored`. Without one (no such person) the same work is done in vain, so that the
    /// time taken does not tell who exists.
    pub async fn verify(&self, password: &Password, stored: Option<&str>) -> Result<bool, Fault> {
        let (password, exists) = (password.clone(), stored.is_some());
        let hash = stored.map_or_else(|| self.nobody.to_string(), str::to_owned);
        let matches = self.in_turn(move || verify_now(&password, &hash)).await??;
        Ok(matches && exists)
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(internal)?;
        let work = move || {
            let _turn = turn;
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(internal)
    }
}

fn hasher() -> Result<Argon2<'static>, Fault> {
    let parameters = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| internal(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters))
}

fn hash_now(password: &Password) -> Result<String, Fault> {
    let hash = hasher()?.hash_password(password.0.as_bytes()).map_err(|error| internal(error.to_string()))?;
    Ok(hash.to_string())
}

/// The parameters are those of the stored hash, so that old ones verify after ours have grown.
fn verify_now(password: &Password, stored: &str) -> Result<bool, Fault> {
    let stored = PasswordHash::new(stored).map_err(|error| internal(error.to_string()))?;
    // No one can have set a longer one; hashing it would only take our time.
    Ok(password.0.len() <= LONGEST && hasher()?.verify_password(password.0.as_bytes(), &stored).is_ok())
}

fn internal(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Fault {
    Fault::Internal(error.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_verifies_its_password_alone_and_names_its_parameters() {
        let passwords = Passwords::new(2).unwrap();
        let typed = Password::new("correct horse battery");
        let hash = passwords.hash(&typed).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify(&typed, Some(&hash)).await.unwrap());
        assert!(!passwords.verify(&Password::new("correct horse batterY"), Some(&hash)).await.unwrap());
        assert!(!passwords.verify(&typed, None).await.unwrap());
        assert_ne!(hash, passwords.hash(&typed).await.unwrap(), "a salt of its own");
    }

    #[test]
    fn short_and_endless_passwords_are_refused() {
        assert_eq!(Password::new("nine char").check(), Err(WeakPassword::TooShort));
        assert_eq!(Password::new("ten chars!").check(), Ok(()));
        assert_eq!(Password::new("x".repeat(257)).check(), Err(WeakPassword::TooLong));
    }
}
