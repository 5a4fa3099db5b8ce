//! From a name to addresses.

use std::{io, net::IpAddr, sync::Arc, time::Duration};

use async_trait::async_trait;
use tokio::{
    sync::Semaphore,
    time::{error::Elapsed, timeout},
};

use crate::error::HttpError;

/// Looks names up. A port of its own, so that a test can answer as an attacker's name server would.
#[async_trait]
pub trait Resolver: Send + Sync + 'static {
    /// All addresses of `host`.
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>>;
}

/// The system's resolver (`/etc/hosts`, DNS).
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemResolver;

#[async_trait]
impl Resolver for SystemResolver {
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        Ok(tokio::net::lookup_host((host, 0)).await?.map(|address| address.ip()).collect())
    }
}

/// The lookups of one client: so many at once, and each for so long.
///
/// The system's resolver occupies a thread of the pool that all blocking work shares, and goes on when nobody waits for it
/// any more: a few hundred names whose servers never answer would stop everything else. So a lookup has a turn, and keeps it
/// until it has really ended, not only until whoever asked has given up.
pub(crate) struct Lookups {
    resolver: Arc<dyn Resolver>,
    turns: Arc<Semaphore>,
    limit: Duration,
}

impl Lookups {
    pub(crate) fn new(resolver: Arc<dyn Resolver>, most: usize, limit: Duration) -> Self {
        Self { resolver, turns: Arc::new(Semaphore::new(most)), limit }
    }

    /// All addresses of `host`. Waiting for a turn is part of the time.
    pub(crate) async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, HttpError> {
        let late = |_: Elapsed| HttpError::Timeout { host: host.to_owned(), limit: self.limit };
        let found = timeout(self.limit, self.look_up(host.to_owned())).await.map_err(late)?;
        found.ok_or_else(|| HttpError::UnknownHost { host: host.to_owned() })
    }

    async fn look_up(&self, host: String) -> Option<Vec<IpAddr>> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.ok()?;
        let resolver = Arc::clone(&self.resolver);
        // A task of its own, which is not dropped together with the request.
        let lookup = tokio::spawn(async move {
            let found = resolver.resolve(&host).await;
            drop(turn);
            found
        });
        lookup.await.ok()?.ok().filter(|addresses| !addresses.is_empty())
    }
}
