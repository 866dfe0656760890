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

use super::in_flight::under_way;
use super::rare_counts::RareCounts;
use crate::track::compact::sent::Sent;
use crate::track::direction::half::Half;
use crate::track::vocabulary::measured::Measured;

/// What an acknowledgement shows of the segments that it covers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(in crate::track) struct Answered {
    pub(in crate::track) rtt: Option<i64>,
    pub(in crate::track) acks_frame: Option<u64>,
}

impl Answered {
    /// Rules 1 and 2, for the segment that holds the last octet covered.
    #[inline]
    pub(in crate::track) fn of(last: Option<&Sent>, rtt: Option<i64>) -> Self {
        Self { rtt, acks_frame: last.filter(|sent| !sent.merged).map(|sent| sent.frame) }
    }
}

impl Measured {
    /// Rules 3 and 4, for a segment of `own`, whose rare counts are in `rare`, after it was taken.
    pub(in crate::track) fn of(
        answered: Answered,
        (own, peer): (&Half, &Half),
        rare: Option<&RareCounts>,
    ) -> Self {
        let Answered { rtt, acks_frame } = answered;
        let (start, end) = under_way(own);
        let flight = is_known(own, peer).then_some((start, end.max(start)));
        let octets = |(start, end): (i64, i64)| (end - start) as u64;
        let sacked = flight.and_then(|flight| rare.map_or(Some(0), |rare| rare.sacked.within(flight)));
        let in_flight = flight.map(octets);
        let in_flight_less_sacked = in_flight.zip(sacked).map(|(all, sacked)| all - sacked);
        Self { rtt, acks_frame, in_flight, in_flight_less_sacked, phase: None, cwnd: None }
    }
}

/// Rule 3: whether it is known what of `own` is acknowledged.
fn is_known(own: &Half, peer: &Half) -> bool {
    let acknowledged = peer.rcv_nxt.get().is_some();
    let nothing_yet = own.syn_seen() && (peer.segments > 0 || own.rcv_nxt.get().is_none());
    own.snd_nxt >= own.snd_una && (acknowledged || nothing_yet)
}
