//! Measurements of one segment, as its event holds them.

use super::congestion::Phase;

/// Measurements of the connection that one segment gave; `None` where the capture does not show the value.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Measured {
    /// Nanoseconds from the segment that the last octet acknowledged came in to this one, where that is a round trip: the
    /// sample counts in [`Measures::rtt`](super::measures::Measures::rtt) of the receiver of this segment (RFC 6298,
    /// section 3).
    pub rtt: Option<i64>,
    /// The frame with the latest transmission of the last octet that this segment acknowledges for the first time.
    pub acks_frame: Option<u64>,
    /// Octets that the sender of this segment has sent, this segment included, and that are not acknowledged (RFC 9293,
    /// section 3.3.1).
    pub in_flight: Option<u64>,
    /// Like `in_flight`, but without the octets that the peer acknowledged selectively (RFC 2018).
    pub in_flight_less_sacked: Option<u64>,
    /// The phase of congestion control of which this is the first segment, where the capture shows it (RFC 5681,
    /// section 3).
    pub phase: Option<Phase>,
    /// The estimated congestion window of the sender of this segment, in octets, behind a segment with payload.
    pub cwnd: Option<u64>,
}
