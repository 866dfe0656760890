//! A stack of MPLS labels (RFC 3032). Labels differ by direction, so they are no part of the path.

use crate::wire::decode::walk::{Next, Walk};
use crate::wire::skip::{Layer, Skip};

/// Reads over the labels. Nothing in the stack names what is below it: the first four bits have to tell.
pub(in crate::wire::decode) fn stack(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    loop {
        let [_, _, bottom, _] = *walk.take::<4>(Layer::Mpls)?;
        if bottom & 1 != 0 {
            break;
        }
    }
    match walk.rest.first().map(|octet| octet >> 4) {
        Some(4 | 6) if walk.ip_fits(0) => Ok(Next::Ip),
        // An Ethernet pseudowire, with its control word (RFC 4448) or without.
        Some(0) if walk.ethernet_fits(4) => {
            walk.rest.skip(4, Layer::Mpls)?;
            Ok(Next::Ethernet)
        }
        _ if walk.ethernet_fits(0) => Ok(Next::Ethernet),
        Some(4 | 6) | None => Ok(Next::Ip),
        Some(_) => Err(Skip::NotIp { ethertype: None }),
    }
}
