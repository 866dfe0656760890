//! What the capture did, and TCP did not.
//!
//! Rules:
//!   1. the frame's time lies before that of the connection's frame before: the clock went back,
//!   2. less payload was captured than was on the wire: cut by the snap length; once for a connection,
//!   3. more payload than the receiver's MSS, and more than a packet of Ethernet holds: seen before the card cut it up, or
//!      after it joined several; once for each end,
//!   4. more payload than the receiver's MSS, in a packet that Ethernet carries: so it was, or the sender ignores the MSS;
//!      once for each end, and where it comes again (`loss`).

use crate::track::direction::ip_profile::{IpProfile, OVER_MSS, SUPER_SEGMENT};
use crate::track::vocabulary::finding::Finding;
use crate::wire::segment::Segment;

/// The largest packet that Ethernet carries, in octets.
pub(super) const ETHERNET: u32 = 1500;

/// Applies the rules; `since_previous` is what has gone by since the connection's frame before, `mss` what the receiver
/// takes, `own` is the sender's IP profile, `cut` is whether rule 2 was applied before.
#[inline]
pub(in crate::track) fn of_capture(
    segment: &Segment<'_>,
    since_previous: Option<i64>,
    (mss, own): (Option<u16>, &mut IpProfile),
    cut: &mut bool,
    found: &mut Vec<Finding>,
) {
    // 1.
    if let Some(nanos) = since_previous
        && nanos < 0
    {
        found.push(Finding::ClockBackwards { by: nanos.saturating_neg() });
    }
    let len = segment.payload_len;
    // 2.
    if segment.payload.len() < len as usize && !*cut {
        *cut = true;
        found.push(Finding::Truncated { captured: segment.payload.len() as u32, payload_len: len });
    }
    if let Some(mss) = mss.filter(|mss| *mss > 0 && len > u32::from(*mss)) {
        if fits_a_packet(segment) {
            // 4.
            if !own.say(OVER_MSS) && !own.has_said(SUPER_SEGMENT) {
                found.push(Finding::MssExceeded { payload_len: len, mss });
            }
        } else if !own.say(SUPER_SEGMENT) {
            // 3.
            found.push(Finding::SuperSegment { payload_len: len, mss });
        }
    }
}

/// Rule 4, for octets that come again and were not acknowledged: the finding about a segment that is larger than `mss`.
pub(super) fn over_mss(segment: &Segment<'_>, mss: Option<u16>, own: &IpProfile) -> Option<Finding> {
    let mss = mss.filter(|mss| *mss > 0 && segment.payload_len > u32::from(*mss))?;
    (fits_a_packet(segment) && !own.has_said(SUPER_SEGMENT))
        .then_some(Finding::MssExceeded { payload_len: segment.payload_len, mss })
}

/// Whether Ethernet carries the segment in one packet.
fn fits_a_packet(segment: &Segment<'_>) -> bool {
    let headers = u32::from(segment.header_len) + if segment.src.addr.is_ipv4() { 20 } else { 40 };
    segment.payload_len.saturating_add(headers) <= ETHERNET
}

/// Whether rules 2 to 4 find nothing that was not reported before.
pub(in crate::track) fn of_capture_nothing_new(
    segment: &Segment<'_>,
    (mss, own): (Option<u16>, &IpProfile),
    cut: bool,
) -> bool {
    let len = segment.payload_len;
    let whole = segment.payload.len() >= len as usize;
    (whole || cut)
        && (own.has_said(SUPER_SEGMENT) && own.has_said(OVER_MSS)
            || mss.is_none_or(|mss| len <= u32::from(mss)))
}
