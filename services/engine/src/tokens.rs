//! Tokens of OAuth 2.0 that were fetched, kept until they end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use moka::Expiry;
use moka::future::Cache;
use sha2::{Digest, Sha256};
use weft_connectors::{ClientCredentials, HttpClient, SentIn, Token, TokenError};
use weft_model::{CredentialId, TenantId};

use crate::credentials::Opened;

/// How many tokens are kept in this process; a forgotten one is fetched again.
const MOST: u64 = 10_000;
/// How long a token is kept whose server tells no lifetime.
const UNTOLD: Duration = Duration::from_mins(5);
/// How long before its end a token is not used any more.
const SPARE: Duration = Duration::from_mins(1);

/// Tokens by tenant and credential. Clones share them.
///
/// The key is a digest of the credential with all its fields, so that another secret has another token from its first use on. Who
/// asks while a token is being fetched waits for that one.
#[derive(Clone)]
pub struct Tokens(Cache<[u8; 32], Arc<Token>>);

impl Default for Tokens {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(MOST).expire_after(UntilItEnds).build())
    }
}

struct UntilItEnds;

impl Expiry<[u8; 32], Arc<Token>> for UntilItEnds {
    fn expire_after_create(&self, _: &[u8; 32], token: &Arc<Token>, _: Instant) -> Option<Duration> {
        Some(kept_for(token.lifetime))
    }
}

/// A token is fetched anew a minute before it ends; one of less than two minutes after half of its time.
fn kept_for(lifetime: Option<Duration>) -> Duration {
    let lifetime = lifetime.unwrap_or(UNTOLD);
    lifetime.saturating_sub(SPARE).max(lifetime / 2)
}

/// A token, and whether this call fetched it.
pub(crate) struct Held {
    pub token: Arc<Token>,
    pub is_fresh: bool,
    key: [u8; 32],
}

impl Tokens {
    /// The token of a credential, fetched where none is kept.
    pub(crate) async fn of(
        &self,
        client: &HttpClient,
        owner: (TenantId, CredentialId),
        opened: &Opened,
    ) -> Result<Held, Arc<TokenError>> {
        let key = key(owner, opened);
        let entry = self.0.entry(key).or_try_insert_with(async { fetch(client, opened).await.map(Arc::new) }).await?;
        Ok(Held { is_fresh: entry.is_fresh(), token: entry.into_value(), key })
    }

    /// Forgets a token that was refused, unless another one stands in its place already.
    pub(crate) async fn refused(&self, held: &Held) {
        if self.0.get(&held.key).await.is_some_and(|kept| Arc::ptr_eq(&kept, &held.token)) {
            self.0.invalidate(&held.key).await;
        }
    }
}

/// Asks the token server of a credential.
pub(crate) async fn fetch(client: &HttpClient, opened: &Opened) -> Result<Token, TokenError> {
    let asked = ClientCredentials {
        token_url: opened.field("tokenUrl"),
        client_id: opened.field("clientId"),
        client_secret: opened.field("clientSecret"),
        scope: opened.field("scope"),
        sent_in: if opened.field("authentication") == "body" { SentIn::Body } else { SentIn::Header },
    };
    client.client_token(&asked).await
}

fn key((tenant, credential): (TenantId, CredentialId), opened: &Opened) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(tenant.0.as_bytes());
    digest.update(credential.0.as_bytes());
    for (name, value) in &opened.fields {
        for part in [name.as_str(), value.as_str()] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part.as_bytes());
        }
    }
    digest.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use zeroize::Zeroizing;

    #[test]
    fn a_token_is_not_used_until_its_very_end() {
        for (lifetime, kept) in [(None, 240), (Some(3600), 3540), (Some(90), 45), (Some(0), 0)] {
            let lifetime = lifetime.map(Duration::from_secs);
            assert_eq!(kept_for(lifetime), Duration::from_secs(kept), "{lifetime:?}");
        }
    }

    #[test]
    fn no_two_credentials_share_a_token() {
        let id = |number: u128| uuid::Uuid::from_u128(number);
        let opened = |fields: &[(&str, &str)]| {
            let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), Zeroizing::new((*value).to_owned())));
            Opened { kind: "oauth2ClientCredentials".into(), fields: fields.collect() }
        };
        let of =
            |tenant, credential, fields| key((TenantId(id(tenant)), CredentialId(id(credential))), &opened(fields));
        let first = of(1, 1, &[("clientId", "a"), ("clientSecret", "b")]);
        assert_eq!(first, of(1, 1, &[("clientId", "a"), ("clientSecret", "b")]));
        for other in [
            of(2, 1, &[("clientId", "a"), ("clientSecret", "b")]),
            of(1, 2, &[("clientId", "a"), ("clientSecret", "b")]),
            of(1, 1, &[("clientId", "a"), ("clientSecret", "c")]),
            of(1, 1, &[("clientId", "ab"), ("clientSecret", "")]),
        ] {
            assert_ne!(first, other);
        }
    }
}
