//! ARP (RFC 826), as far as it names IPv4 addresses.

use std::net::IpAddr;

use super::rest::Rest;
use crate::wire::skip::{Layer, Skip};

pub(super) const ETHERTYPE: u16 = 0x0806;

/// Decodes an ARP packet: its sender, and the address that it is about.
pub(super) fn packet(mut rest: Rest<'_>) -> Skip {
    read(&mut rest).unwrap_or_else(|skip| skip)
}

/// The octets of a packet, by the lengths of the addresses in it; 0 where it does not hold them.
pub(super) fn len(rest: Rest<'_>) -> usize {
    match rest.octets {
        [_, _, _, _, hardware_len, protocol_len, ..] => {
            8 + 2 * (usize::from(*hardware_len) + usize::from(*protocol_len))
        }
        _ => 0,
    }
}

fn read(rest: &mut Rest<'_>) -> Result<Skip, Skip> {
    let [_, _, protocol @ .., hardware_len, protocol_len, o0, o1] = *rest.take::<8>(Layer::Arp)?;
    if protocol != [0x08, 0x00] || protocol_len != 4 {
        return Ok(Skip::NotIp { ethertype: Some(ETHERTYPE) });
    }
    rest.skip(usize::from(hardware_len), Layer::Arp)?;
    let sender = *rest.take::<4>(Layer::Arp)?;
    rest.skip(usize::from(hardware_len), Layer::Arp)?;
    let target = *rest.take::<4>(Layer::Arp)?;
    Ok(Skip::Arp {
        operation: u16::from_be_bytes([o0, o1]),
        sender: IpAddr::from(sender),
        target: IpAddr::from(target),
    })
}
