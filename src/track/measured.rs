//! What one segment measured of its connection, for its event.
//!
//! Rules:
//!   1. the round trip is the sample that counts in the connection's (`rtt`, rules 1 to 4),
//!   2. the frame acknowledged is the one that carried the last octet acknowledged for the first time: its latest
//!      transmission; none of several segments that are remembered as one,
//!   3. in flight is what was sent and not acknowledged, SYN and FIN not counted (RFC 9293, section 3.3.1: SND.NXT less
//!      SND.UNA). It is not known where the peer acknowledged octets that the capture missed. Before an acknowledgement
//!      of the peer was seen, it is known only where the SYN was seen, and the peer sent nothing with ACK, or nothing that
//!      this end acknowledges,
//!   4. of that, what the peer acknowledged selectively has arrived (RFC 2018, section 3).

use super::flight::Sent;
use super::half::Half;
use super::pace::under_way;
use super::trouble::Trouble;

/// What one segment measured of its connection; `None` is what the capture cannot tell.
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
}

/// What an acknowledgement told of the segments that it covers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Answered {
    pub(super) rtt: Option<i64>,
    pub(super) acks_frame: Option<u64>,
}

impl Answered {
    /// Rules 1 and 2, for the segment that holds the last octet covered.
    #[inline]
    pub(super) fn of(last: Option<&Sent>, rtt: Option<i64>) -> Self {
        Self { rtt, acks_frame: last.filter(|sent| !sent.merged).map(|sent| sent.frame) }
    }
}

impl Measured {
    /// Rules 3 and 4, for a segment of `own`, whose seldom things are in `trouble`, after it was taken.
    pub(super) fn of(answered: Answered, (own, peer): (&Half, &Half), trouble: Option<&Trouble>) -> Self {
        let Answered { rtt, acks_frame } = answered;
        let (start, end) = under_way(own);
        let flight = is_known(own, peer).then_some((start, end.max(start)));
        let octets = |(start, end): (i64, i64)| (end - start) as u64;
        let sacked =
            flight.and_then(|flight| trouble.map_or(Some(0), |trouble| trouble.sacked.within(flight)));
        let in_flight = flight.map(octets);
        let in_flight_less_sacked = in_flight.zip(sacked).map(|(all, sacked)| all - sacked);
        Self { rtt, acks_frame, in_flight, in_flight_less_sacked }
    }
}

/// Rule 3: is it known what of `own` is acknowledged?
fn is_known(own: &Half, peer: &Half) -> bool {
    let acknowledged = peer.told.get().is_some();
    let nothing_yet = own.syn_seen() && (peer.segments > 0 || own.told.get().is_none());
    own.next >= own.acked && (acknowledged || nothing_yet)
}
