//! What kind of network an address belongs to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The kind of network of an address. Only [`Network::Public`] may be dialled without a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Network {
    /// The internet.
    Public,
    /// This machine.
    Loopback,
    /// A private network (RFC 1918, RFC 4193).
    Private,
    /// This link (RFC 3927, RFC 4291).
    LinkLocal,
    /// The metadata service of a cloud, which hands out credentials to whoever asks.
    Metadata,
    /// Behind a carrier's address translation (RFC 6598).
    Shared,
    /// "This network", `0.0.0.0/8` and `::`, which reaches this machine on many systems.
    Unspecified,
    /// Many receivers at once.
    Multicast,
    /// Not to be used on the internet: documentation, benchmarks, the future, transition mechanisms.
    Reserved,
}

/// Metadata services that stand at addresses of their own; most others are link-local, and so refused anyway.
const METADATA: &[IpAddr] = &[
    // AWS, Google Cloud, Azure, DigitalOcean and others; AWS over IPv6.
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    // Containers of AWS ECS; Azure's WireServer, which is a public address; Alibaba; Oracle.
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2)),
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
];

/// The IANA registry of special-purpose IPv4 addresses (RFC 6890 and its successors): network, prefix length, kind.
const SPECIAL_V4: &[(Ipv4Addr, u8, Network)] = &[
    (Ipv4Addr::UNSPECIFIED, 8, Network::Unspecified),
    (Ipv4Addr::new(10, 0, 0, 0), 8, Network::Private),
    (Ipv4Addr::new(100, 64, 0, 0), 10, Network::Shared),
    (Ipv4Addr::new(127, 0, 0, 0), 8, Network::Loopback),
    (Ipv4Addr::new(169, 254, 0, 0), 16, Network::LinkLocal),
    (Ipv4Addr::new(172, 16, 0, 0), 12, Network::Private),
    (Ipv4Addr::new(192, 0, 0, 0), 24, Network::Reserved),
    (Ipv4Addr::new(192, 0, 2, 0), 24, Network::Reserved),
    (Ipv4Addr::new(192, 88, 99, 0), 24, Network::Reserved),
    (Ipv4Addr::new(192, 168, 0, 0), 16, Network::Private),
    (Ipv4Addr::new(198, 18, 0, 0), 15, Network::Reserved),
    (Ipv4Addr::new(198, 51, 100, 0), 24, Network::Reserved),
    (Ipv4Addr::new(203, 0, 113, 0), 24, Network::Reserved),
    (Ipv4Addr::new(224, 0, 0, 0), 4, Network::Multicast),
    (Ipv4Addr::new(240, 0, 0, 0), 4, Network::Reserved),
];

/// The same for IPv6. What is in no row and outside of `2000::/3` is reserved too.
const SPECIAL_V6: &[(Ipv6Addr, u8, Network)] = &[
    (Ipv6Addr::UNSPECIFIED, 128, Network::Unspecified),
    (Ipv6Addr::LOCALHOST, 128, Network::Loopback),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, Network::Private),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, Network::LinkLocal),
    (Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0), 10, Network::Private),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8, Network::Multicast),
    // Teredo, ORCHID and other protocol assignments.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, Network::Reserved),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, Network::Reserved),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, Network::Reserved),
];

/// The kind of network that `address` belongs to. An IPv4 address inside of an IPv6 one is judged as itself.
pub fn network_of(address: IpAddr) -> Network {
    if METADATA.contains(&address) {
        return Network::Metadata;
    }
    match address {
        IpAddr::V4(v4) => SPECIAL_V4
            .iter()
            .find(|(network, prefix, _)| contains_v4(*network, *prefix, v4))
            .map_or(Network::Public, |(_, _, kind)| *kind),
        IpAddr::V6(v6) => embedded(v6).map_or_else(|| network_of_v6(v6), |v4| network_of(IpAddr::V4(v4))),
    }
}

fn network_of_v6(address: Ipv6Addr) -> Network {
    let special = SPECIAL_V6.iter().find(|(network, prefix, _)| contains_v6(*network, *prefix, address));
    let global = contains_v6(Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3, address);
    special.map_or(if global { Network::Public } else { Network::Reserved }, |(_, _, kind)| *kind)
}

/// The IPv4 address that an IPv6 address leads to: mapped (RFC 4291), the well-known prefix of NAT64 (RFC 6052) and 6to4
/// (RFC 3056).
///
/// Not so the local prefix of NAT64, `64:ff9b:1::/48` (RFC 8215): an operator may divide it, and where in an address the
/// IPv4 address stands depends on the length of the prefix (RFC 6052, section 2.2), which cannot be seen from here. It is
/// reserved as a whole, as are Teredo, IPv4-compatible and IPv4-translated addresses; an installation that uses it has a
/// rule for it.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let of = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            Some(of(high, low))
        }
        _ => None,
    }
}

pub(crate) fn contains_v4(network: Ipv4Addr, prefix: u8, address: Ipv4Addr) -> bool {
    let mask = u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0);
    (u32::from(network) ^ u32::from(address)) & mask == 0
}

pub(crate) fn contains_v6(network: Ipv6Addr, prefix: u8, address: Ipv6Addr) -> bool {
    let mask = u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or(0);
    (u128::from(network) ^ u128::from(address)) & mask == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_special_network_is_known_at_both_ends() {
        for (address, expected) in [
            ("0.0.0.0", Network::Unspecified),
            ("0.255.255.255", Network::Unspecified),
            ("1.1.1.1", Network::Public),
            ("9.255.255.255", Network::Public),
            ("10.0.0.0", Network::Private),
            ("10.255.255.255", Network::Private),
            ("100.63.255.255", Network::Public),
            ("100.64.0.1", Network::Shared),
            ("100.127.255.255", Network::Shared),
            ("100.128.0.0", Network::Public),
            ("100.100.100.200", Network::Metadata),
            ("127.0.0.1", Network::Loopback),
            ("127.255.255.254", Network::Loopback),
            ("168.63.129.16", Network::Metadata),
            ("169.254.169.254", Network::Metadata),
            ("169.254.170.2", Network::Metadata),
            ("169.254.0.1", Network::LinkLocal),
            ("172.15.255.255", Network::Public),
            ("172.16.0.1", Network::Private),
            ("172.31.255.255", Network::Private),
            ("172.32.0.0", Network::Public),
            ("192.0.0.8", Network::Reserved),
            ("192.0.2.1", Network::Reserved),
            ("192.168.0.1", Network::Private),
            ("198.18.0.1", Network::Reserved),
            ("198.19.255.255", Network::Reserved),
            ("224.0.0.1", Network::Multicast),
            ("255.255.255.255", Network::Reserved),
            ("::", Network::Unspecified),
            ("::1", Network::Loopback),
            ("::ffff:127.0.0.1", Network::Loopback),
            ("::ffff:a9fe:a9fe", Network::Metadata),
            ("::ffff:8.8.8.8", Network::Public),
            ("::7f00:1", Network::Reserved),
            ("64:ff9b::7f00:1", Network::Loopback),
            ("64:ff9b::a00:1", Network::Private),
            ("64:ff9b::808:808", Network::Public),
            // RFC 6052 puts an IPv4 address into the middle of a /48: here 127.0.0.1, with a public one at the end.
            ("64:ff9b:1:7f00:0:100::", Network::Reserved),
            ("64:ff9b:1:7f00:0:100:808:808", Network::Reserved),
            ("64:ff9b:1::a9fe:a9fe", Network::Reserved),
            ("64:ff9b:1::808:808", Network::Reserved),
            ("64:ff9b:1:ffff:ffff:ffff:808:808", Network::Reserved),
            ("64:ff9b:2::808:808", Network::Reserved),
            // 6to4.
            ("2002:7f00:1::", Network::Loopback),
            ("2002:c0a8:101::1", Network::Private),
            ("2002:a9fe:a9fe::808:808", Network::Metadata),
            ("2002:808:808::7f00:1", Network::Public),
            // Teredo, whose server and client are two embedded addresses.
            ("2001::1", Network::Reserved),
            ("2001:0:808:808::f7f7:f7f7", Network::Reserved),
            ("2001:0:ffff:ffff:ffff:ffff:ffff:ffff", Network::Reserved),
            // IPv4-compatible and IPv4-translated addresses.
            ("::808:808", Network::Reserved),
            ("::10.0.0.1", Network::Reserved),
            ("::ffff:0:127.0.0.1", Network::Reserved),
            ("::ffff:0:808:808", Network::Reserved),
            ("2001:db8::1", Network::Reserved),
            ("2606:4700:4700::1111", Network::Public),
            ("3fff::1", Network::Reserved),
            ("4000::1", Network::Reserved),
            ("fc00::1", Network::Private),
            ("fd00:ec2::254", Network::Metadata),
            ("fe80::1", Network::LinkLocal),
            ("fec0::1", Network::Private),
            ("ff02::1", Network::Multicast),
        ] {
            assert_eq!(network_of(address.parse().unwrap()), expected, "{address}");
        }
    }
}
