//! Where this installation may go.

use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

use thiserror::Error;
use url::{Host, Url};

use crate::{
    address::{Network, contains_v4, contains_v6, network_of},
    error::{EgressRefusal, RefusalReason},
};

/// What leaves is judged by this: the internet is open, everything else needs a rule.
#[derive(Clone, Debug, Default)]
pub struct Egress {
    rules: Vec<AllowRule>,
}

/// One exception of an installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowRule {
    /// A host name, wherever it leads; `*.` in front means every name below it. With a port, that port alone.
    Name {
        /// The name in lower case, without a leading `*.`.
        name: String,
        /// Whether the names below it are meant.
        below: bool,
        /// The only port, where there is one.
        port: Option<u16>,
    },
    /// A network, reached by address or by name.
    Network {
        /// Its first address.
        network: IpAddr,
        /// Its prefix length.
        prefix: u8,
    },
    /// One address and port, as they stand in a URL.
    Address(SocketAddr),
}

/// A rule that cannot be read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error(
    "\"{0}\" is no rule for outgoing requests. Write a name (intranet.example.com, *.example.com), a name or address with a port (localhost:8080) or a network (10.1.0.0/16), separated by commas."
)]
pub struct AllowRuleError(String);

impl FromStr for AllowRule {
    type Err = AllowRuleError;

    fn from_str(text: &str) -> Result<Self, AllowRuleError> {
        let text = text.trim();
        let wrong = || AllowRuleError(text.to_owned());
        if let Ok(address) = text.parse::<SocketAddr>() {
            return Ok(Self::Address(address));
        }
        if let Ok(network) = text.trim_matches(['[', ']']).parse::<IpAddr>() {
            return Ok(Self::Network { network, prefix: if network.is_ipv4() { 32 } else { 128 } });
        }
        if let Some((network, prefix)) = text.split_once('/') {
            let network: IpAddr = network.parse().map_err(|_| wrong())?;
            let most = if network.is_ipv4() { 32 } else { 128 };
            let prefix = prefix.parse().ok().filter(|prefix| *prefix <= most).ok_or_else(wrong)?;
            return Ok(Self::Network { network, prefix });
        }
        let (name, port) = match text.rsplit_once(':') {
            Some((name, port)) => (name, Some(port.parse().map_err(|_| wrong())?)),
            None => (text, None),
        };
        let (name, below) = name.strip_prefix("*.").map_or((name, false), |name| (name, true));
        match Host::parse(name) {
            Ok(Host::Domain(name)) if !name.is_empty() && !name.contains('*') => Ok(Self::Name { name, below, port }),
            _ => Err(wrong()),
        }
    }
}

impl FromStr for Egress {
    type Err = AllowRuleError;

    /// Rules separated by commas.
    fn from_str(text: &str) -> Result<Self, AllowRuleError> {
        let rules = text.split(',').filter(|rule| !rule.trim().is_empty()).map(str::parse).collect::<Result<_, _>>()?;
        Ok(Self { rules })
    }
}

/// How a URL may be dialled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// The addresses of its name are judged when they are known.
    Judged,
    /// The installation permits it wherever it leads.
    Permitted,
}

impl Egress {
    /// Rules given one by one.
    pub fn new(rules: Vec<AllowRule>) -> Self {
        Self { rules }
    }

    /// Judges a URL as far as it can be judged before its name is looked up.
    pub(crate) fn judge_url(&self, url: &Url) -> Result<Way, EgressRefusal> {
        let host = url.host().filter(|_| matches!(url.scheme(), "http" | "https"));
        let Some((host, port)) = host.zip(url.port_or_known_default()) else {
            return Err(EgressRefusal::of_url(url, None, RefusalReason::Scheme));
        };
        self.judge_host(&host, port)
    }

    /// Judges a host and a port as far as they can be judged before a name is looked up.
    pub(crate) fn judge_host<S: AsRef<str>>(&self, host: &Host<S>, port: u16) -> Result<Way, EgressRefusal> {
        let address = match host {
            Host::Domain(name) => {
                return Ok(if self.permits_name(name.as_ref(), port) { Way::Permitted } else { Way::Judged });
            }
            Host::Ipv4(address) => IpAddr::V4(*address),
            Host::Ipv6(address) => IpAddr::V6(*address),
        };
        let exact = AllowRule::Address(SocketAddr::new(address, port));
        if self.rules.contains(&exact) {
            return Ok(Way::Permitted);
        }
        match self.judge_address(address) {
            None => Ok(Way::Judged),
            Some(reason) => {
                Err(EgressRefusal { host: spelled(address), port: Some(port), address: Some(address), reason })
            }
        }
    }

    /// Why `address` may not be dialled, if so.
    pub(crate) fn judge_address(&self, address: IpAddr) -> Option<RefusalReason> {
        match network_of(address) {
            Network::Public => None,
            _ if self.permits_address(address) => None,
            network => Some(RefusalReason::Network(network)),
        }
    }

    /// The first of the addresses of a name that may not be dialled. One spoils the name: whoever mixes it in wants the dialler
    /// to come upon it.
    pub(crate) fn judge_addresses(&self, addresses: &[IpAddr]) -> Option<(IpAddr, RefusalReason)> {
        addresses.iter().find_map(|address| Some((*address, self.judge_address(*address)?)))
    }

    fn permits_name(&self, host: &str, wanted: u16) -> bool {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        self.rules.iter().any(|rule| match rule {
            AllowRule::Name { name, below, port } => {
                let matches = match host.strip_suffix(name.as_str()) {
                    Some(rest) if *below => rest.ends_with('.'),
                    Some(rest) => rest.is_empty(),
                    None => false,
                };
                matches && port.is_none_or(|port| port == wanted)
            }
            AllowRule::Network { .. } | AllowRule::Address(_) => false,
        })
    }

    fn permits_address(&self, address: IpAddr) -> bool {
        self.rules.iter().any(|rule| match (rule, address) {
            (AllowRule::Network { network: IpAddr::V4(network), prefix }, IpAddr::V4(address)) => {
                contains_v4(*network, *prefix, address)
            }
            (AllowRule::Network { network: IpAddr::V6(network), prefix }, IpAddr::V6(address)) => {
                contains_v6(*network, *prefix, address)
            }
            _ => false,
        })
    }
}

/// An address as it stands in a URL.
fn spelled(address: IpAddr) -> String {
    if address.is_ipv6() { format!("[{address}]") } else { address.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(rules: &str, url: &str) -> Result<Way, RefusalReason> {
        let egress: Egress = rules.parse().unwrap();
        egress.judge_url(&Url::parse(url).unwrap()).map_err(|refusal| refusal.reason)
    }

    #[test]
    fn addresses_in_every_spelling_are_judged() {
        for (url, network) in [
            ("http://127.0.0.1/", Network::Loopback),
            ("http://2130706433/", Network::Loopback),
            ("http://0x7f.1/", Network::Loopback),
            ("http://0177.0.0.1/", Network::Loopback),
            ("http://127.1/", Network::Loopback),
            ("http://①②⑦.⓪.⓪.①/", Network::Loopback),
            ("http://[::1]/", Network::Loopback),
            ("http://[::ffff:127.0.0.1]/", Network::Loopback),
            ("http://[::ffff:7f00:1]/", Network::Loopback),
            ("http://[64:ff9b::10.0.0.1]/", Network::Private),
            ("http://0/", Network::Unspecified),
            ("http://169.254.169.254/latest/meta-data/", Network::Metadata),
            ("http://user:secret@10.0.0.1:8080/", Network::Private),
        ] {
            assert_eq!(judge("", url), Err(RefusalReason::Network(network)), "{url}");
        }
        assert_eq!(judge("", "http://93.184.215.14/"), Ok(Way::Judged));
        assert_eq!(judge("", "https://example.com/"), Ok(Way::Judged));
    }

    #[test]
    fn only_http_and_https_leave() {
        for url in
            ["file:///etc/passwd", "ftp://example.com/", "gopher://example.com/", "data:text/plain,x", "unix:/run/x"]
        {
            assert_eq!(judge("", url), Err(RefusalReason::Scheme), "{url}");
        }
    }

    #[test]
    fn rules_permit_exactly_what_they_name() {
        for (rules, url, permitted) in [
            ("localhost:8080", "http://localhost:8080/", true),
            ("localhost:8080", "http://LOCALHOST:8080/", true),
            ("localhost:8080", "http://localhost.:8080/", true),
            ("localhost:8080", "http://localhost:8081/", false),
            ("intranet.example.com", "https://intranet.example.com/", true),
            ("intranet.example.com", "https://notintranet.example.com/", false),
            ("intranet.example.com", "https://x.intranet.example.com/", false),
            ("*.example.com", "https://a.b.example.com/", true),
            ("*.example.com", "https://example.com/", false),
            ("*.example.com", "https://badexample.com/", false),
            ("127.0.0.1:9000", "http://127.0.0.1:9000/", true),
            (" a.example , 127.0.0.1:9000 ,", "http://127.0.0.1:9000/", true),
        ] {
            assert_eq!(judge(rules, url) == Ok(Way::Permitted), permitted, "{rules} {url}");
        }
        assert_eq!(judge("10.0.0.0/8", "http://10.9.8.7/"), Ok(Way::Judged));
        assert!(judge("10.0.0.0/8", "http://192.168.0.1/").is_err());
        assert!(judge("127.0.0.1:9000", "http://127.0.0.1:9001/").is_err());
        assert_eq!(judge("fd12::/16", "http://[fd12::1]/"), Ok(Way::Judged));
        assert_eq!(judge("[::1]:80", "http://[::1]/"), Ok(Way::Permitted));
        assert!(judge("", "http://[64:ff9b:1:808:8:800::]/").is_err());
        assert_eq!(judge("64:ff9b:1::/48", "http://[64:ff9b:1:808:8:800::]/"), Ok(Way::Judged));
    }

    #[test]
    fn a_rule_that_says_nothing_is_refused() {
        for rule in ["10.0.0.0/33", "a b", "*", "*.", "host:port", "http://example.com", "10.0.0.0/x", "a.*.com"] {
            assert!(rule.parse::<AllowRule>().is_err(), "{rule}");
        }
    }
}
