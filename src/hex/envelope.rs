//! The headers around TCP, opened one by one: each is the envelope of what stands behind it.

use std::net::IpAddr;
use std::ops::Range;

use crate::wire::frame::LinkType;

use self::opener::{Next, Opener};
use super::start::Start;

mod names;
mod opener;

/// So many headers may stand in front of TCP.
const MAX_ENVELOPES: usize = 32;

/// One header around TCP.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Envelope {
    /// Whose header it is.
    pub name: &'static str,
    /// Its octets.
    pub at: Range<usize>,
    /// What it says that matters here.
    pub says: String,
}

/// Some octets with their envelopes opened.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Opened {
    /// From the outermost inwards, TCP not among them.
    pub envelopes: Vec<Envelope>,
    /// The octets of the segment, as far as they are there; `None` where there is none.
    pub tcp: Option<Range<usize>>,
    /// Octets of the segment by the IP length, which may be more than there are.
    pub tcp_len: usize,
    /// Source and destination.
    pub addresses: Option<(IpAddr, IpAddr)>,
    /// Only the beginning of a datagram is here: the segment's checksum cannot be summed.
    pub fragment: bool,
    /// Why there is no segment: one sentence without a full stop.
    pub stopped: Option<String>,
}

/// An EtherType as people write it, where it is one that has a name.
pub(super) fn ethertype_name(ethertype: u16) -> Option<String> {
    let ethertype = names::EtherType(ethertype);
    ethertype.name().map(|_| ethertype.to_string())
}

/// Opens the envelopes of octets that begin at `start`.
pub fn open(octets: &[u8], start: Start) -> Opened {
    let link = match start {
        Start::Ethernet => LinkType::ETHERNET,
        Start::Ip => LinkType::RAW,
        Start::Tcp => {
            let tcp = Some(0..octets.len());
            return Opened { tcp, tcp_len: octets.len(), ..Opened::default() };
        }
    };
    open_frame(octets, link, octets.len())
}

/// Opens the envelopes of a captured frame, which had `original_len` octets on the wire.
pub fn open_frame(octets: &[u8], link: LinkType, original_len: usize) -> Opened {
    let mut opener = Opener::new(octets, original_len);
    let mut next = match link {
        LinkType::ETHERNET => Ok(Next::Ethernet),
        LinkType::RAW | LinkType::RAW_12 | LinkType::RAW_14 | LinkType::IPV4 | LinkType::IPV6 => Ok(Next::Ip),
        LinkType::NULL | LinkType::LOOP => opener.link("Loopback", 4),
        LinkType::LINUX_SLL => opener.link("Linux cooked capture", 16),
        LinkType::LINUX_SLL2 => opener.link("Linux cooked capture, version 2", 20),
        _ => Err("the link type of this frame is not opened step by step".to_owned()),
    };
    for _ in 0..MAX_ENVELOPES {
        next = match next {
            Ok(Next::Ethernet) => opener.ethernet(),
            Ok(Next::EtherType(ethertype)) => opener.ethertype(ethertype),
            Ok(Next::Ip) => opener.ip(),
            Ok(Next::Protocol(protocol)) => opener.protocol(protocol),
            Ok(Next::Tcp) | Err(_) => break,
        };
    }
    match next {
        Ok(Next::Tcp) => opener.segment(),
        Ok(_) => opener.stop("more headers stand in front of TCP than any frame has".to_owned()),
        Err(why) => opener.otherwise(link, why),
    }
    opener.opened()
}
