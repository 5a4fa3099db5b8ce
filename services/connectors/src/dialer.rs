//! The connectors of the HTTP library: what they dial is exactly what was judged.
//!
//! The library asks [`Judge`] for the addresses of a name when it opens a connection, and dials what it is given: there is no
//! second lookup in which a name could change its mind (DNS rebinding). A kept connection leads to an address that was judged.

use std::{error::Error, net::SocketAddr, sync::Arc, time::Duration};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::{
    egress::Egress,
    error::{EgressRefusal, HttpError, RefusalReason},
    resolver::Lookups,
};

/// Resolves a name and judges every address of it.
struct Judge {
    lookups: Arc<Lookups>,
    /// Without it, the name is permitted wherever it leads.
    egress: Option<Arc<Egress>>,
}

impl Resolve for Judge {
    fn resolve(&self, name: Name) -> Resolving {
        let (lookups, egress) = (Arc::clone(&self.lookups), self.egress.clone());
        Box::pin(async move {
            let host = name.as_str();
            let addresses = lookups.addresses(host).await?;
            match egress.and_then(|egress| egress.judge_addresses(&addresses)) {
                Some((address, reason)) => Err(refusal(host, address, reason)),
                None => Ok(Box::new(addresses.into_iter().map(|address| SocketAddr::new(address, 0))) as Addrs),
            }
        })
    }
}

type BoxError = Box<dyn Error + Send + Sync>;

fn refusal(host: &str, address: std::net::IpAddr, reason: RefusalReason) -> BoxError {
    EgressRefusal { host: host.to_owned(), port: None, address: Some(address), reason }.into()
}

/// Two clients with one set of limits: one judges the addresses of names, the other is for what the installation permits by
/// name. They never share a connection.
pub(crate) struct Dialers {
    pub(crate) judged: reqwest::Client,
    pub(crate) permitted: reqwest::Client,
}

impl Dialers {
    pub(crate) fn new(egress: &Arc<Egress>, lookups: &Arc<Lookups>, agent: &str) -> Result<Self, HttpError> {
        let client = |egress: Option<Arc<Egress>>| build(Judge { lookups: Arc::clone(lookups), egress }, agent);
        Ok(Self { judged: client(Some(Arc::clone(egress)))?, permitted: client(None)? })
    }
}

/// The one place of the house that makes a raw client.
fn build(judge: Judge, agent: &str) -> Result<reqwest::Client, HttpError> {
    reqwest::Client::builder()
        .dns_resolver(Arc::new(judge))
        // A proxy from the environment would dial for us, unjudged.
        .no_proxy()
        // Each hop is judged by our own hand.
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .user_agent(agent.to_owned())
        .connect_timeout(Duration::from_secs(10))
        .pool_idle_timeout(Duration::from_secs(30))
        .pool_max_idle_per_host(16)
        .build()
        .map_err(|error| HttpError::Invalid(format!("the HTTP client could not be built ({error})")))
}
