//! The options of a SYN.

use std::fmt::{self, Formatter, Write};

use crate::explain::statement::{Offer, Offers};

/// No further option is listed where those before take more octets.
const ENOUGH: usize = 300;

/// Writes what is offered, and hands back the offers that were written: a hostile SYN may hold the same option twenty
/// times.
pub(super) fn words<'e>(offers: Offers<'e>, f: &mut Formatter<'_>) -> Result<Offers<'e>, fmt::Error> {
    f.write_str("Its options: ")?;
    let mut list = Counted { out: f, octets: 0 };
    let mut written = 0;
    for offer in offers.iter() {
        if list.octets > ENOUGH {
            break;
        }
        list.write_str(if written == 0 { "" } else { ", " })?;
        one(offer, &mut list)?;
        written += 1;
    }
    Ok(offers.first(written))
}

fn one(offer: Offer, out: &mut impl Write) -> fmt::Result {
    match offer {
        Offer::Mss(octets) => write!(out, "segments to it may carry up to {octets} octets (MSS)"),
        Offer::ScalingOfPeer => out.write_str("the other's windows may be scaled, its own stay as they are"),
        Offer::Scaling { shift } => write!(
            out,
            "if both ends scale, its later windows count units of {} octets (shift {shift})",
            1_u32 << shift
        ),
        Offer::Sack => out.write_str("gaps may be reported (SACK)"),
        Offer::Timestamps => out.write_str("segments carry timestamps"),
        Offer::FastOpenRequest => out.write_str("it would like a Fast Open cookie"),
        Offer::FastOpenCookie => out.write_str("it shows or gives a Fast Open cookie"),
        Offer::Multipath => out.write_str("it speaks Multipath TCP"),
    }
}

/// Counts the octets that are written.
struct Counted<'p, 'f> {
    out: &'p mut Formatter<'f>,
    octets: usize,
}

impl Write for Counted<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.octets += text.len();
        self.out.write_str(text)
    }
}
