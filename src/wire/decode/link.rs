//! The first header of a frame, by the link type of the capture.

pub(super) mod ethernet;
pub(super) mod llc;
pub(super) mod mpls;
pub(super) mod ppp;
pub(super) mod switch;
pub(super) mod wifi;

mod legacy;
pub(super) mod meta;

use super::walk::{Next, Walk};
use crate::wire::frame::LinkType;
use crate::wire::skip::{Layer, Skip};

/// Reads what a link type puts in front of the first header that has a name of its own.
pub(super) fn first(walk: &mut Walk<'_>, link: LinkType) -> Result<Next, Skip> {
    Ok(match link {
        LinkType::ETHERNET => Next::Ethernet,
        LinkType::RAW | LinkType::RAW_12 | LinkType::RAW_14 | LinkType::IPV4 | LinkType::IPV6 => Next::Ip,
        LinkType::LINUX_SLL => meta::sll(walk)?,
        LinkType::LINUX_SLL2 => meta::sll2(walk)?,
        LinkType::NULL | LinkType::LOOP => meta::loopback(walk)?,
        LinkType::IEEE802_11 => Next::Wifi,
        LinkType::IEEE802_11_RADIOTAP => wifi::radiotap(walk)?,
        LinkType::IEEE802_11_PRISM | LinkType::IEEE802_11_AVS => wifi::prism_or_avs(walk)?,
        LinkType::PPI => meta::ppi(walk)?,
        LinkType::PKTAP => meta::pktap(walk)?,
        LinkType::USER2 => meta::old_pktap(walk)?,
        LinkType::NFLOG => meta::nflog(walk)?,
        LinkType::NETLINK => meta::netlink(walk)?,
        LinkType::PFLOG => meta::pflog(walk)?,
        LinkType::PPP | LinkType::PPP_HDLC | LinkType::PPP_PPPD => Next::Ppp,
        LinkType::PPP_ETHER => Next::Pppoe,
        LinkType::C_HDLC => ppp::cisco_hdlc(walk)?,
        LinkType::FRELAY => ppp::frame_relay(walk)?,
        // One octet in front says whether the host sent or received.
        LinkType::PPP_WITH_DIR => behind(walk, 1, Next::Ppp)?,
        LinkType::C_HDLC_WITH_DIR => behind(walk, 1, Next::Link(LinkType::C_HDLC))?,
        LinkType::FRELAY_WITH_DIR => behind(walk, 1, Next::Link(LinkType::FRELAY))?,
        LinkType::IEEE802_5 => legacy::token_ring(walk)?,
        LinkType::FDDI => legacy::fddi(walk)?,
        LinkType::ARCNET_BSD => legacy::arcnet(walk, 2)?,
        LinkType::ARCNET_LINUX => legacy::arcnet(walk, 4)?,
        LinkType::IPOIB => legacy::infiniband(walk)?,
        LinkType::APPLE_IP_OVER_IEEE1394 => legacy::firewire(walk)?,
        LinkType::SLIP => legacy::slip(walk)?,
        LinkType::SUNATM => legacy::sun_atm(walk)?,
        LinkType::ATM_RFC1483 => Next::Llc,
        LinkType::IP_OVER_FC => behind(walk, 16, Next::Llc)?,
        LinkType::MPLS => Next::Mpls,
        // Address family, security parameter index, flags.
        LinkType::ENC => behind(walk, 12, Next::Ip)?,
        LinkType::NETANALYZER => behind(walk, 4, Next::Ethernet)?,
        // The preamble.
        LinkType::ETHERNET_MPACKET => behind(walk, 8, Next::Ethernet)?,
        LinkType::DSA_TAG_BRCM | LinkType::DSA_TAG_DSA => switch::tag_in_ethernet(walk, 4)?,
        LinkType::DSA_TAG_EDSA => switch::tag_in_ethernet(walk, 8)?,
        LinkType::DSA_TAG_BRCM_PREPEND => behind(walk, 4, Next::Ethernet)?,
        unknown => return Err(Skip::UnknownLink(unknown)),
    })
}

/// What stands behind `n` octets that do not matter here.
fn behind(walk: &mut Walk<'_>, n: usize, next: Next) -> Result<Next, Skip> {
    walk.rest.skip(n, Layer::Link)?;
    Ok(next)
}
