//! Access tokens: JSON Web Tokens (RFC 7519) signed with HMAC-SHA256, valid for a few minutes, with keys that rotate.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use hkdf::Hkdf;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;
use weft_model::{IdentityId, MemberId, TenantId};
use weft_scope::SystemPool;
use zeroize::Zeroizing;

use crate::context::SessionId;
use crate::fault::Fault;
use crate::ports::Clock;
use crate::random::fresh_token;

/// How long an access token is valid.
pub const ACCESS_LIFETIME: Duration = Duration::from_mins(10);
/// A key signs for this long.
const KEY_LIFETIME: Duration = Duration::from_hours(24 * 30);
/// A retired key still verifies for this long: longer than any token that it signed.
const KEY_OVERLAP: Duration = Duration::from_mins(30);
/// An unknown key may be another process's new one; it is looked for at most this often.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// 256 secret bits that the installation keeps apart from the database (derived from its master key).
#[derive(Clone)]
pub struct TokenSecret(Zeroizing<[u8; 32]>);

impl TokenSecret {
    /// Takes the bits.
    pub fn new(bits: [u8; 32]) -> Self {
        Self(Zeroizing::new(bits))
    }

    /// HKDF-SHA256 (RFC 5869): a key per purpose.
    pub(crate) fn derive(&self, salt: &[u8], purpose: &[u8]) -> Result<Zeroizing<[u8; 32]>, Fault> {
        let mut key = Zeroizing::new([0_u8; 32]);
        let derivation = Hkdf::<Sha256>::new(Some(salt), &*self.0).expand(purpose, &mut *key);
        derivation.map_err(|error| Fault::Internal(error.to_string().into()))?;
        Ok(key)
    }
}

/// What a token says. Not the role: that is what it is now, not what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The tenant that it was made for.
    pub tenant: TenantId,
    /// The session.
    pub session: SessionId,
    /// The member.
    pub member: MemberId,
    /// The person.
    pub identity: IdentityId,
}

/// Why a token is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefused {
    /// It was not signed by us, or it was changed, or it is no token at all.
    #[error("This access token is not valid. Sign in again.")]
    Forged,
    /// Its time is over.
    #[error("This access token has expired. Refresh the session or sign in again.")]
    Expired,
}

#[derive(Serialize, Deserialize)]
struct WireClaims {
    iss: String,
    tid: Uuid,
    sid: Uuid,
    sub: Uuid,
    idn: Uuid,
    iat: i64,
    exp: i64,
}

const ISSUER: &str = "weft";

struct Key {
    id: String,
    secret: Zeroizing<[u8; 32]>,
    age: Duration,
    retired: bool,
}

struct KeySet {
    /// Newest first.
    keys: Vec<Key>,
    read_at: Timestamp,
}

/// Makes and checks access tokens.
#[derive(Clone)]
pub struct AccessTokens {
    system: SystemPool,
    secret: TokenSecret,
    clock: Arc<dyn Clock>,
    keys: Arc<RwLock<KeySet>>,
}

impl AccessTokens {
    /// Reads the keys; makes one if there is none, or the newest is old.
    pub async fn load(system: SystemPool, secret: TokenSecret, clock: Arc<dyn Clock>) -> Result<Self, Fault> {
        let keys = KeySet { keys: Vec::new(), read_at: clock.now() };
        let tokens = Self { system, secret, clock, keys: Arc::new(RwLock::new(keys)) };
        tokens.keep_fresh().await?;
        Ok(tokens)
    }

    /// Reads the keys again and rotates an old one. To be called every hour or so.
    pub async fn keep_fresh(&self) -> Result<(), Fault> {
        self.read().await?;
        let signs = |key: &Key| !key.retired && key.age < KEY_LIFETIME;
        let has_current = self.keys.read().unwrap_or_else(PoisonError::into_inner).keys.iter().any(signs);
        if has_current { Ok(()) } else { self.rotate().await }
    }

    /// Makes a new key. What older ones signed stays valid until it expires.
    pub async fn rotate(&self) -> Result<(), Fault> {
        let id = fresh_token();
        let salt: [u8; 32] = rand::random();
        let mut transaction = self.system.begin().await?;
        let made = sqlx::query("select add_signing_key($1, $2)").bind(&id).bind(&salt[..]);
        made.execute(&mut *transaction).await?;
        sqlx::query("select retire_signing_keys($1)").bind(&id).execute(&mut *transaction).await?;
        transaction.commit().await?;
        self.read().await
    }

    /// A token for these claims, and when it expires.
    pub fn issue(&self, claims: &Claims) -> Result<(String, Timestamp), Fault> {
        let now = self.clock.now();
        let expires = now.checked_add(ACCESS_LIFETIME).map_err(|error| Fault::Internal(error.into()))?;
        let wire = WireClaims {
            iss: ISSUER.to_owned(),
            tid: claims.tenant.0,
            sid: claims.session.0,
            sub: claims.member.0,
            idn: claims.identity.0,
            iat: now.as_second(),
            exp: expires.as_second(),
        };
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let key = keys.keys.iter().find(|key| !key.retired).ok_or_else(|| Fault::Internal("no key signs".into()))?;
        let header = Header { kid: Some(key.id.clone()), ..Header::new(Algorithm::HS256) };
        let token = jsonwebtoken::encode(&header, &wire, &EncodingKey::from_secret(&*key.secret));
        Ok((token.map_err(|error| Fault::Internal(error.into()))?, expires))
    }

    /// What the token says, if we made it and its time is not over.
    pub async fn verify(&self, token: &str) -> Result<Result<Claims, TokenRefused>, Fault> {
        let Some(key) = key_id(token) else { return Ok(Err(TokenRefused::Forged)) };
        if !self.knows(&key) && self.may_look_again() {
            self.read().await?;
        }
        Ok(self.verify_with(token, &key))
    }

    fn verify_with(&self, token: &str, key: &str) -> Result<Claims, TokenRefused> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let key = keys.keys.iter().find(|known| known.id == key).ok_or(TokenRefused::Forged)?;
        let secret = DecodingKey::from_secret(&*key.secret);
        let decoded = jsonwebtoken::decode::<WireClaims>(token, &secret, &validation());
        let wire = decoded.map_err(|_| TokenRefused::Forged)?.claims;
        if wire.exp <= self.clock.now().as_second() {
            return Err(TokenRefused::Expired);
        }
        Ok(Claims {
            tenant: TenantId(wire.tid),
            session: SessionId(wire.sid),
            member: MemberId(wire.sub),
            identity: IdentityId(wire.idn),
        })
    }

    fn knows(&self, key: &str) -> bool {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).keys.iter().any(|known| known.id == key)
    }

    fn may_look_again(&self) -> bool {
        let read_at = self.keys.read().unwrap_or_else(PoisonError::into_inner).read_at;
        Duration::try_from(self.clock.now().duration_since(read_at)).is_ok_and(|since| since >= LOOK_AGAIN)
    }

    async fn read(&self) -> Result<(), Fault> {
        let statement = "select key_id, salt, extract(epoch from now() - created_at)::float8, retired
             from signing_keys_in_use(make_interval(secs => $1))";
        let mut connection = self.system.acquire().await?;
        let query = sqlx::query_as(statement).bind(KEY_OVERLAP.as_secs_f64());
        let rows: Vec<(String, Vec<u8>, f64, bool)> = query.fetch_all(&mut *connection).await?;
        let mut keys = Vec::with_capacity(rows.len());
        for (id, salt, age, retired) in rows {
            let secret = self.secret.derive(&salt, id.as_bytes())?;
            keys.push(Key { id, secret, age: Duration::from_secs_f64(age.max(0.0)), retired });
        }
        let read_at = self.clock.now();
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = KeySet { keys, read_at };
        Ok(())
    }
}

fn key_id(token: &str) -> Option<String> {
    let header = jsonwebtoken::decode_header(token).ok()?;
    (header.alg == Algorithm::HS256).then_some(header.kid)?
}

/// The one algorithm, our own issuer; times are compared with our own clock.
fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_required_spec_claims(&["iss", "exp"]);
    validation.set_issuer(&[ISSUER]);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation
}
