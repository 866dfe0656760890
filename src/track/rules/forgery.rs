//! Whether a RST was sent by the end that it names. Anybody on the way can send one, and a device that does so knows little
//! of the end in whose name it speaks.
//!
//! Signs, each with its weight; together [`ENOUGH`] make it `forged`, which is never more than likely:
//!   1. its TTL differs by three or more from that of this end's other segments (3). A bare SYN, where nothing came after it, is a sample for a RST
//!      with ACK alone: whoever makes SYNs by hand leaves the RST to the system. So may an application that chose the TTL
//!      of its socket: an answer that is made where no socket is (no ACK, window and identification 0, the number that was
//!      acknowledged) has the system's (2). A smaller difference may be another way through the network (1, where two
//!      samples agree),
//!   2. its IP identification lies far from those that this end counts up (2; without ACK 1: some systems answer from
//!      another counter where no socket is), or is 0 in a RST with ACK (1). 0 without ACK is usual,
//!   3. it has ACK and no timestamps, though both ends offered them (1): Linux puts them there, others do not, and need not
//!      (RFC 7323, section 3.2),
//!   4. it acknowledges octets that were captured less than half a round trip before, where a round trip is the shortest
//!      from here to this end (3 where handshake and octets agree on it; else 2: a first packet may take longer, and so may
//!      an acknowledgement that waits for octets; 1 where only the handshake shows it),
//!   5. it acknowledges less than this end did before (2),
//!   6. beside an earlier RST of this end, after which it sent nothing, where both have ACK: another TTL (2), another
//!      window, neither of them 0 (3), another number (2). An end aborts once, and what answers later segments has no
//!      ACK and a window of 0,
//!   7. beside an earlier RST, a number beyond that one and all that this end has sent (3).

use super::Evidence;
use super::reset::ResetCase;
use crate::track::compact::opt_seq::OptSeq;
use crate::track::compact::opt_time::OptTime;
use crate::track::direction::half::Half;
use crate::track::direction::syn::Offer;
use crate::track::direction::unacked::Unacked;
use crate::track::vocabulary::finding::{Sign, Signs};
use crate::track::vocabulary::flow::Side;
use crate::wire::frame::FrameInfo;
use crate::wire::segment::Segment;
use crate::wire::seq::SeqNumber;

/// What makes a RST likely to be forged.
const ENOUGH: u8 = 3;
/// A TTL that differs by less may be another way through the same network.
const FAR: u8 = 3;
/// A round trip that is shorter says nothing: clocks of captures are not finer, in nanoseconds.
const SHORTEST: i64 = 1_000_000;

/// The RST that ended the connection.
#[derive(Clone, Copy, Debug)]
pub(in crate::track) struct SeenReset {
    pub(in crate::track) frame: u64,
    pub(in crate::track) time: OptTime,
    /// SND.NXT of the other end when it came.
    pub(in crate::track) peer_nxt: OptSeq,
    pub(in crate::track) seq: SeqNumber,
    window: u16,
    ttl: u8,
    has_ack: bool,
    pub(in crate::track) from: Side,
    /// Something speaks against its being genuine, or against that of those after it.
    pub(in crate::track) suspect: bool,
}

impl SeenReset {
    /// Of a RST of the end on a side; `peer` is the other half.
    pub(in crate::track) fn new(
        frame: FrameInfo,
        segment: &Segment<'_>,
        (from, peer): (Side, &Half),
    ) -> Self {
        Self {
            frame: frame.number,
            time: frame.time.into(),
            peer_nxt: peer.circle(peer.snd_nxt.max(peer.snd_una)).into(),
            seq: segment.seq,
            window: segment.window.0,
            ttl: segment.ip.ttl,
            has_ack: segment.flags.ack(),
            from,
            suspect: false,
        }
    }

    /// Whether its TTL is not that of a later segment in the name of its end.
    pub(in crate::track) fn has_another_ttl(&self, segment: &Segment<'_>) -> bool {
        self.ttl.abs_diff(segment.ip.ttl) >= FAR
    }
}

/// What the signs come to so far.
#[derive(Clone, Copy, Debug, Default)]
struct Weighed {
    signs: Signs,
    weight: u8,
}

impl Weighed {
    fn add(&mut self, sign: Sign, weight: u8) {
        self.signs.insert(sign);
        self.weight = self.weight.saturating_add(weight);
    }
}

/// What the rules need to know of what the RST acknowledges.
#[derive(Clone, Copy)]
pub(in crate::track) struct Acknowledged<'e> {
    /// Segments of the other end that are under way.
    pub(in crate::track) unacked: &'e Unacked,
    /// The shortest round trip of octets, the handshake left out, from here to the end that the RST names, and back.
    pub(in crate::track) round_trip: Option<i64>,
    /// The shortest of all, which may be that of the handshake.
    pub(in crate::track) shortest: Option<i64>,
}

/// Applies the rules; `own` is the evidence of the end that the RST names. Where it seems forged, the TTL of that end's
/// other segments, and all the signs.
pub(super) fn forged(
    case: &ResetCase<'_>,
    own: Option<&Evidence>,
    acknowledged: Option<Acknowledged<'_>>,
) -> Option<(Option<u8>, Signs)> {
    let mut weighed = Weighed::default();
    let segment = case.segment;
    // 1.
    by_ttl(case, &mut weighed);
    // 2.
    if let Some(id) = segment.ip.identification
        && case.ip_profile.is_foreign(id)
    {
        match (segment.flags.ack(), id) {
            (true, 1..) => weighed.add(Sign::Identification, 2),
            (true, 0) | (false, 1..) => weighed.add(Sign::Identification, 1),
            (false, 0) => {}
        }
    }
    if segment.flags.ack() {
        // 3.
        let agreed = case.own.offer.has(Offer::TIMESTAMPS) && case.peer.offer.has(Offer::TIMESTAMPS);
        if agreed && segment.options.said().stamps.is_none() && !segment.options.cut() {
            weighed.add(Sign::NoTimestamps, 1);
        }
        // 4.
        if let Some(weight) = too_soon(case, own, acknowledged) {
            weighed.add(Sign::TooSoon, weight);
        }
        // 5.
        let before = case.own.rcv_nxt.get();
        if segment.ack_field != SeqNumber(0) && before.is_some_and(|before| segment.ack_field.before(before))
        {
            weighed.add(Sign::OlderAck, 2);
        }
    }
    beside_another(case, &mut weighed);
    let Weighed { signs, weight } = weighed;
    (weight >= ENOUGH).then(|| (case.ip_profile.latest_ttl(), signs))
}

/// Rule 1.
fn by_ttl(case: &ResetCase<'_>, weighed: &mut Weighed) {
    let ResetCase { segment, own, ip_profile, .. } = case;
    let (usual, latest) = (ip_profile.usual_ttl(), ip_profile.latest_ttl());
    let Some(other) = usual.or(latest) else { return };
    let apart = other.abs_diff(segment.ip.ttl);
    let by_hand = usual.is_none() && own.sent_bare_syn && own.rcv_nxt.get().is_none() && !segment.flags.ack();
    if apart >= FAR && !by_hand {
        weighed.add(Sign::Ttl, if answers_without_socket(case) { 2 } else { 3 });
    } else if apart > 0 && usual.is_some() {
        weighed.add(Sign::Ttl, 1);
    }
}

/// Whether it looks as Linux answers where there is no socket.
fn answers_without_socket(case: &ResetCase<'_>) -> bool {
    let Segment { flags, window, ip, seq, .. } = *case.segment;
    let plain = !flags.ack() && window.0 == 0 && ip.identification.unwrap_or(0) == 0;
    plain && case.peer.rcv_nxt.get() == Some(seq)
}

/// Rule 4: its weight.
fn too_soon(
    case: &ResetCase<'_>,
    own: Option<&Evidence>,
    acknowledged: Option<Acknowledged<'_>>,
) -> Option<u8> {
    let Acknowledged { unacked, round_trip, shortest } = acknowledged?;
    if case.peer.segments == 0 {
        return None;
    }
    let ack = case.peer.unwrap(case.segment.ack_field);
    let sent = unacked.overlapping(ack - 1, ack).next().filter(|sent| sent.times == 1 && !sent.merged)?;
    let since = case.frame.time?.nanos_since(sent.time?);
    let handshake = own.and_then(Evidence::answers_after).or(shortest);
    let (least, weight) = match (round_trip, handshake) {
        (Some(trip), Some(handshake)) => {
            let agree = trip < handshake.saturating_mul(2);
            (trip.min(handshake), if agree { 3 } else { 2 })
        }
        (Some(trip), None) => (trip, 2),
        (None, handshake) => (handshake?, 1),
    };
    (least >= SHORTEST && since >= 0 && since < least / 2).then_some(weight)
}

/// Rules 6 and 7.
fn beside_another(case: &ResetCase<'_>, weighed: &mut Weighed) {
    let Some(earlier) = case.earlier.filter(|earlier| earlier.from == case.from) else { return };
    let Segment { seq, window, ip, flags, .. } = *case.segment;
    if flags.ack() && earlier.has_ack {
        // 6.
        if ip.ttl != earlier.ttl {
            weighed.add(Sign::RivalTtl, 2);
        }
        if window.0 != earlier.window && window.0 != 0 && earlier.window != 0 {
            weighed.add(Sign::RivalWindow, 3);
        }
        if seq != earlier.seq {
            weighed.add(Sign::RivalNumber, 2);
        }
    }
    // 7.
    let own = case.own;
    let beyond = own.is_known() && own.unwrap(seq) > own.snd_nxt.max(own.snd_una) && seq.after(earlier.seq);
    if beyond {
        weighed.add(Sign::RivalNumber, 3);
    }
}
