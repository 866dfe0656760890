//! What the capture did, and TCP did not.
//!
//! Rules:
//!   1. the frame's time lies before that of the connection's frame before: the clock went back,
//!   2. less payload was captured than was on the wire: cut by the snap length; once for a connection,
//!   3. more payload than the receiver's MSS: seen before the card cut it up, or after it joined several; once for
//!      each end.

use crate::track::direction::ip_profile::IpProfile;
use crate::track::vocabulary::finding::Finding;
use crate::wire::segment::Segment;

/// Applies the rules; `since_previous` is what has gone by since the connection's frame before, `mss` what the receiver
/// takes, `own` is the sender's IP profile, `cut` is whether rule 2 was applied before.
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
    // 3.
    if let Some(mss) = mss
        && len > u32::from(mss)
        && mss > 0
        && !own.super_segments
    {
        own.super_segments = true;
        found.push(Finding::SuperSegment { payload_len: len, mss });
    }
}

/// Do rules 2 and 3 find nothing that was not said before?
pub(in crate::track) fn of_capture_nothing_new(
    segment: &Segment<'_>,
    (mss, own): (Option<u16>, &IpProfile),
    cut: bool,
) -> bool {
    let len = segment.payload_len;
    let whole = segment.payload.len() >= len as usize;
    (whole || cut) && (own.super_segments || mss.is_none_or(|mss| len <= u32::from(mss)))
}
