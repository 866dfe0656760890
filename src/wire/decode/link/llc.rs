//! IEEE 802.2 LLC and its Subnetwork Access Protocol (RFC 1042).

use crate::wire::decode::walk::{Next, Walk};
use crate::wire::skip::{Layer, Skip};

/// An unnumbered information frame.
const UNNUMBERED: u8 = 0x03;
const SNAP: u8 = 0xaa;
/// The service access point of IP.
const IP: u8 = 0x06;
/// The service access point of the ISO network protocols, which an NLPID distinguishes.
const ISO: u8 = 0xfe;

/// Organisations in whose SNAP headers an EtherType follows: none, Cisco, and bridges to networks
/// without EtherTypes (IEEE 802.1H).
const ETHERTYPE_FOLLOWS: [[u8; 3]; 3] = [[0, 0, 0], [0, 0, 0x0c], [0, 0, 0xf8]];
/// IEEE 802.1, whose numbers say which frame was bridged (RFC 2684, RFC 2427).
const BRIDGED: [u8; 3] = [0, 0x80, 0xc2];

/// Whether these octets begin a header that can lead to IP.
pub(super) fn is_header(octets: &[u8]) -> bool {
    matches!(octets, [SNAP, SNAP, UNNUMBERED, ..] | [IP, IP, UNNUMBERED, ..] | [ISO, ISO, UNNUMBERED, ..])
}

/// The header, whose first octet is the destination's service access point.
pub(in crate::wire::decode) fn header(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    match *walk.take::<3>(Layer::Link)? {
        // The low bit of the source's access point tells a response from a command.
        [SNAP, SNAP | 0xab, UNNUMBERED] => snap(walk),
        [IP, IP | 0x07, UNNUMBERED] => Ok(Next::Ip),
        [ISO, ISO | 0xff, UNNUMBERED] => nlpid(walk),
        _ => Err(Skip::NotIp { ethertype: None }),
    }
}

/// Three octets of organisation and two of protocol.
fn snap(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    let [o0, o1, o2, high, low] = *walk.take::<5>(Layer::Link)?;
    let number = u16::from_be_bytes([high, low]);
    match [o0, o1, o2] {
        oui if ETHERTYPE_FOLLOWS.contains(&oui) => Ok(Next::EtherType(number)),
        // 1 with the check sequence of the bridged frame, 7 without.
        BRIDGED if matches!(number, 0x0001 | 0x0007) => {
            // On ATM two octets align the frame.
            if !walk.ethernet_fits(0) && walk.ethernet_fits(2) {
                walk.rest.skip(2, Layer::Link)?;
            }
            Ok(Next::Ethernet)
        }
        _ => Err(Skip::NotIp { ethertype: None }),
    }
}

/// A network layer protocol identifier (ISO/IEC TR 9577).
pub(super) fn nlpid(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    match *walk.take::<1>(Layer::Link)? {
        [0xcc | 0x8e] => Ok(Next::Ip),
        [0x80] => snap(walk),
        [0xcf] => Ok(Next::Ppp),
        _ => Err(Skip::NotIp { ethertype: None }),
    }
}
