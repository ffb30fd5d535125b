//! The address ranges that are not the public internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Ranges of IPv4 that no stranger's callback is in: network and length. IANA's registry of special-purpose addresses
/// (RFC 6890 and its updates), multicast, and what is reserved.
const IPV4: [([u8; 4], u32); 15] = [
    ([0, 0, 0, 0], 8),       // this network
    ([10, 0, 0, 0], 8),      // private
    ([100, 64, 0, 0], 10),   // between a carrier and its customers
    ([127, 0, 0, 0], 8),     // loopback
    ([169, 254, 0, 0], 16),  // link-local, and the metadata of most clouds
    ([172, 16, 0, 0], 12),   // private
    ([192, 0, 0, 0], 24),    // IETF protocols
    ([192, 0, 2, 0], 24),    // documentation
    ([192, 88, 99, 0], 24),  // relays from IPv6, deprecated
    ([192, 168, 0, 0], 16),  // private
    ([198, 18, 0, 0], 15),   // benchmarks
    ([198, 51, 100, 0], 24), // documentation
    ([203, 0, 113, 0], 24),  // documentation
    ([224, 0, 0, 0], 4),     // multicast
    ([240, 0, 0, 0], 4),     // reserved, and broadcast
];

/// Ranges inside the global unicast space of IPv6 (2000::/3) that are not the internet. All that is outside that space
/// is no place for a callback anyway: loopback, unique local, link-local, multicast.
const IPV6: [(u128, u32); 4] = [
    (0x2001_0000 << 96, 23), // IETF protocols: Teredo, benchmarks, ORCHID
    (0x2001_0db8 << 96, 32), // documentation
    (0x2002_0000 << 96, 16), // 6to4, which leads into IPv4
    (0x3fff_0000 << 96, 20), // documentation
];

/// Whether an address is one of the public internet. What carries an IPv4 address inside is judged by that.
#[must_use]
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => match ip.to_ipv4_mapped().or_else(|| translated(ip)) {
            Some(inner) => is_public_v4(inner),
            None => {
                let bits = ip.to_bits();
                within(bits, 0x2000 << 112, 3) && !IPV6.iter().any(|(network, len)| within(bits, *network, *len))
            }
        },
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let bits = ip.to_bits();
    !IPV4.iter().any(|(network, len)| (bits ^ u32::from_be_bytes(*network)) >> (32 - len) == 0)
}

fn within(bits: u128, network: u128, len: u32) -> bool {
    (bits ^ network) >> (128 - len) == 0
}

/// The IPv4 address that a network without IPv4 translates to (64:ff9b::/96, RFC 6052).
fn translated(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let [0x64, 0xff9b, 0, 0, 0, 0, high, low] = ip.segments() else { return None };
    Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
}
