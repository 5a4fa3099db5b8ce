//! The dialer: the one way to a socket that leads to an address that a tenant chose.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use tokio::{net::TcpStream, time::timeout};
use url::Host;

use crate::{
    egress::{Egress, Way},
    error::{DialError, EgressRefusal, HttpError},
    resolver::Lookups,
};

/// Dials what the installation permits. A name is looked up once, all of its addresses are judged, and one of exactly those is
/// dialled: there is no second lookup in which a name could change its mind. Clones share their lookups.
#[derive(Clone)]
pub struct Dialer {
    egress: Arc<Egress>,
    lookups: Arc<Lookups>,
}

impl Dialer {
    pub(crate) fn new(egress: Arc<Egress>, lookups: Arc<Lookups>) -> Self {
        Self { egress, lookups }
    }

    /// A connection to `port` of `host`, which is a name or an address in any spelling. `limit` is for all of it: the lookup
    /// and every address that is tried.
    pub async fn dial(&self, host: &str, port: u16, limit: Duration) -> Result<TcpStream, DialError> {
        let host = host.trim();
        let late = |_| DialError::Timeout { host: host.to_owned(), limit };
        timeout(limit, self.connect(host, port)).await.map_err(late)?
    }

    /// One more connection to `host`, and to the very address that an earlier one led to: some protocols have several. The address
    /// is judged again, since another port of it may be forbidden.
    pub async fn dial_again(
        &self,
        host: &str,
        address: IpAddr,
        port: u16,
        limit: Duration,
    ) -> Result<TcpStream, DialError> {
        let host = host.trim();
        let parsed = parse(host).ok_or_else(|| DialError::Invalid { host: host.to_owned() })?;
        let way = self.egress.judge_host(&parsed, port)?;
        if way == Way::Judged
            && let Some((address, reason)) = self.egress.judge_addresses(&[address])
        {
            return Err(
                EgressRefusal { host: host.to_owned(), port: Some(port), address: Some(address), reason }.into()
            );
        }
        let late = |_| DialError::Timeout { host: host.to_owned(), limit };
        timeout(limit, reached(vec![address], host, port)).await.map_err(late)?
    }

    async fn connect(&self, host: &str, port: u16) -> Result<TcpStream, DialError> {
        reached(self.judged(host, port).await?, host, port).await
    }

    /// The addresses of `host`, each of which may be dialled.
    async fn judged(&self, host: &str, port: u16) -> Result<Vec<IpAddr>, DialError> {
        let parsed = parse(host).ok_or_else(|| DialError::Invalid { host: host.to_owned() })?;
        let way = self.egress.judge_host(&parsed, port)?;
        let name = match parsed {
            Host::Domain(name) => name,
            Host::Ipv4(address) => return Ok(vec![address.into()]),
            Host::Ipv6(address) => return Ok(vec![address.into()]),
        };
        let addresses = self.lookups.addresses(&name).await.map_err(|error| not_found(error, &name))?;
        if way == Way::Judged
            && let Some((address, reason)) = self.egress.judge_addresses(&addresses)
        {
            return Err(EgressRefusal { host: name, port: Some(port), address: Some(address), reason }.into());
        }
        Ok(addresses)
    }
}

/// The first connection that can be made to one of these addresses.
async fn reached(addresses: Vec<IpAddr>, host: &str, port: u16) -> Result<TcpStream, DialError> {
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in addresses {
        match TcpStream::connect(SocketAddr::new(address, port)).await {
            Ok(stream) => {
                // Questions are small and wait for their answers.
                stream.set_nodelay(true).ok();
                return Ok(stream);
            }
            Err(error) => last = error,
        }
    }
    Err(DialError::Unreachable { host: host.to_owned(), port, source: last })
}

/// A name or an address in any spelling that a URL may have; an IPv6 address needs no brackets.
fn parse(host: &str) -> Option<Host<String>> {
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => Some(Host::Ipv4(address)),
        Ok(IpAddr::V6(address)) => Some(Host::Ipv6(address)),
        Err(_) => Host::parse(host).ok(),
    }
}

fn not_found(error: HttpError, host: &str) -> DialError {
    match error {
        HttpError::Timeout { host, limit } => DialError::Timeout { host, limit },
        _ => DialError::UnknownHost { host: host.to_owned() },
    }
}
