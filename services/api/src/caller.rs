//! Whose request it is, by address, where proxies stand in between.

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::http::header::X_FORWARDED_FOR;
use ipnet::IpNet;
use thiserror::Error;

/// The most proxies that are looked past: a header of thousands of addresses is nobody's.
const MOST_HOPS: usize = 32;

/// The addresses of the proxies whose word is taken on who they speak for. By default nobody's is: anybody can write
/// `X-Forwarded-For`, and attempts are counted by address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

/// What is neither an address nor a network.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error(
    "\"{0}\" is no address of a proxy. Write an address (10.0.0.7) or a network (10.1.0.0/16, fd00::/8), separated by commas."
)]
pub struct NoProxy(String);

impl TrustedProxies {
    /// Addresses (`10.0.0.7`) and networks (`10.1.0.0/16`); empty texts are passed over.
    pub fn read(texts: &[String]) -> Result<Self, NoProxy> {
        let named = texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
        named.map(|text| network(text).ok_or_else(|| NoProxy(text.to_owned()))).collect::<Result<_, _>>().map(Self)
    }

    /// The address that a request comes from: the one at the other end of the connection, or, where that is a trusted proxy, the
    /// last one in `X-Forwarded-For` that is not. Each proxy adds whom it heard from at the end, so that what stands further to
    /// the front than the first stranger may be made up. Attempts are counted by this address.
    pub(crate) fn caller(&self, request: &HttpRequest) -> IpAddr {
        let peer = request.peer_addr().map_or(IpAddr::from([127, 0, 0, 1]), |address| address.ip());
        let headers: Vec<_> = request.headers().get_all(X_FORWARDED_FOR).collect();
        let hops = headers.iter().rev().flat_map(|header| header.to_str().unwrap_or_default().rsplit(','));
        let mut caller = peer.to_canonical();
        for hop in hops.take(MOST_HOPS) {
            match address(hop.trim()) {
                Some(before) if self.trusts(caller) => caller = before,
                _ => break,
            }
        }
        caller
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

fn network(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(|address| address.to_canonical().into()))
}

/// The address in a header, where some proxies write the port as well.
fn address(text: &str) -> Option<IpAddr> {
    let address = text.parse().ok().or_else(|| text.parse().ok().map(|with_port: std::net::SocketAddr| with_port.ip()));
    let bare = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    address.or_else(bare).map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn proxies(texts: &[&str]) -> TrustedProxies {
        TrustedProxies::read(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>()).unwrap()
    }

    fn caller(trusted: &[&str], peer: &str, forwarded: &[&str]) -> String {
        let mut request = TestRequest::default().peer_addr(std::net::SocketAddr::new(peer.parse().unwrap(), 4711));
        for value in forwarded {
            request = request.append_header((X_FORWARDED_FOR, *value));
        }
        proxies(trusted).caller(&request.to_http_request()).to_string()
    }

    #[test]
    fn nobody_is_believed_who_is_not_trusted() {
        assert_eq!(caller(&[], "198.51.100.9", &["203.0.113.5"]), "198.51.100.9");
        assert_eq!(caller(&[], "127.0.0.1", &["203.0.113.5"]), "127.0.0.1");
        assert_eq!(caller(&["10.0.0.0/8"], "198.51.100.9", &["203.0.113.5"]), "198.51.100.9");
        assert_eq!(caller(&["10.0.0.7"], "10.0.0.8", &["203.0.113.5"]), "10.0.0.8");
    }

    #[test]
    fn behind_trusted_proxies_the_caller_is_the_last_stranger() {
        let inside = ["10.0.0.0/8", "fd00::/8", "192.0.2.1"];
        for (peer, forwarded, expected) in [
            ("10.0.0.7", vec!["203.0.113.5"], "203.0.113.5"),
            // What the caller itself has written stands in front.
            ("10.0.0.7", vec!["1.2.3.4, 203.0.113.5"], "203.0.113.5"),
            ("10.0.0.7", vec!["1.2.3.4, 10.9.9.9, 203.0.113.5 , 192.0.2.1"], "203.0.113.5"),
            ("10.0.0.7", vec!["1.2.3.4", "203.0.113.5,10.0.0.8"], "203.0.113.5"),
            ("::ffff:10.0.0.7", vec!["203.0.113.5:5123"], "203.0.113.5"),
            ("fd00::1", vec!["[2001:db8::1]:443"], "2001:db8::1"),
            ("fd00::1", vec!["2001:db8::1"], "2001:db8::1"),
            ("10.0.0.7", vec!["::ffff:203.0.113.5"], "203.0.113.5"),
            // A request of the proxy itself, or of something within.
            ("10.0.0.7", vec![], "10.0.0.7"),
            ("10.0.0.7", vec!["10.0.0.9"], "10.0.0.9"),
            // Nothing that cannot be read is looked past.
            ("10.0.0.7", vec!["203.0.113.5, unknown"], "10.0.0.7"),
            ("10.0.0.7", vec!["203.0.113.5, , 10.0.0.8"], "10.0.0.8"),
            ("10.0.0.7", vec![""], "10.0.0.7"),
        ] {
            assert_eq!(caller(&inside, peer, &forwarded), expected, "{peer} {forwarded:?}");
        }
    }

    #[test]
    fn proxies_are_addresses_and_networks() {
        assert_eq!(proxies(&["", " 10.0.0.7 ", "10.1.0.0/16"]), proxies(&["10.0.0.7/32", "10.1.0.0/16"]));
        for wrong in ["proxy.internal", "10.0.0.0/33", "10.0.0.7:80"] {
            let error = TrustedProxies::read(&[wrong.to_owned()]).unwrap_err().to_string();
            assert!(error.contains(wrong) && error.contains("10.1.0.0/16"), "{error}");
        }
    }
}
