//! What checksums and the payload's sum prove of octets that come again.
//!
//! Rules, against the latest transmission of the same numbers:
//!   1. its checksum is wrong, this one's is right, and a wrong one is damage (`direction/checksums`): the receiver dropped
//!      it, whatever asked for the repetition. Where nothing that was captured asked for it, that is no more than likely,
//!   2. not where it holds more than a segment may: a card that joins segments or cuts them up leaves a sum of neither,
//!   3. both are segments of the same octets, and their payload has different sums: the content is not the same. Payload
//!      of the repetition that was captured is summed as the earlier segments lay,
//!   4. where a checksum is wrong, damage explains it as well; where segments were cut, the sum is what the field says, which
//!      is believed where all fields of that end that could be tested are right, but not of what was joined (2.),
//!   5. other content is no repetition: nothing shows that its sender did not need to send it, and what asked for a
//!      repetition is no more than likely its cause.

use super::Sender;
use crate::track::compact::sent::Sent;
use crate::track::direction::step::Case;
use crate::track::vocabulary::finding::{Certainty, Finding, RetransmissionCause as Cause};
use crate::wire::checksum::{self, Outcome};

/// Octets that a segment holds at most where its receiver's MSS is not known, as on Ethernet.
pub(in crate::track) const USUAL_MSS: u16 = 1460;

/// How sure it is that the transmission of `octets` before was damaged, and that this is why they come again; `cause` asked
/// for them.
pub(super) fn damage(
    case: &Case<'_>,
    own: &Sender<'_>,
    octets: (i64, i64),
    cause: Cause,
) -> Option<Certainty> {
    // 1.
    let before = own.unacked.overlapping(octets.0, octets.1).next()?;
    let needless = matches!(cause, Cause::Spurious(_) | Cause::WindowProbe | Cause::PathMtu);
    if needless || !before.wrong || case.tested.outcome != Outcome::Right || is_joined(case, &before) {
        return None;
    }
    let asked = if cause == Cause::Unknown { Certainty::Likely } else { Certainty::Certain };
    Some(own.checksums(case.own).damage()?.max(asked))
}

/// Rule 2.
fn is_joined(case: &Case<'_>, before: &Sent) -> bool {
    let mss = case.peer.offer.mss().unwrap_or(USUAL_MSS);
    before.end - before.start > i64::from(mss) + 1
}

/// The first octets of the segment that came before with other content.
pub(super) fn conflict(case: &Case<'_>, own: &Sender<'_>) -> Option<Finding> {
    let outcome = case.tested.outcome;
    let differs = |sent: &Sent| {
        let here = sum_here(case, sent);
        here != 0 && sent.sum != 0 && here != sent.sum && !sent.merged
    };
    let before = own.unacked.overlapping(case.octets.0, case.octets.1).find(differs)?;
    let checksums = own.checksums(case.own);
    // 1.
    if before.wrong && outcome == Outcome::Right && checksums.damage().is_some() {
        return None;
    }
    // 3. and 4.
    let certainty = match (checksums.untested, before.wrong || outcome == Outcome::Wrong) {
        (0, false) => Certainty::Certain,
        (0, true) => Certainty::Likely,
        _ if checksums.is_believed() && !is_joined(case, &before) => Certainty::Likely,
        _ => return None,
    };
    let of = case.earlier(before.frame, before.time);
    Some(Finding::Conflict { octets: (before.start, before.end), of, certainty })
}

/// Rule 5: what remains of `finding` beside a conflict that is so sure.
pub(super) fn beside_conflict(finding: Finding, conflict: Certainty) -> Option<Finding> {
    let Finding::Retransmission { octets, of, partly, overtaken_by, cause, certainty } = finding else {
        return Some(finding);
    };
    let needless = matches!(cause, Cause::Spurious(_));
    let sure = conflict == Certainty::Certain;
    if needless && sure {
        return None;
    }
    let certainty = if needless || sure { certainty.max(Certainty::Likely) } else { certainty };
    Some(Finding::Retransmission { octets, of, partly, overtaken_by, cause, certainty })
}

/// The sum of what the segment brings of the octets of `sent`; 0 where that is not known.
fn sum_here(case: &Case<'_>, sent: &Sent) -> u16 {
    let (segment, (start, end)) = (case.segment, case.octets);
    if (sent.start, sent.end) == (start, end) {
        return case.tested.payload;
    }
    // SYN and FIN are no payload.
    let first = start + i64::from(segment.flags.syn());
    let syn = sent.start == 0 && case.own.syn_seen();
    let fin = case.own.fin.at() == Some(sent.end - 1);
    let (from, to) = (sent.start + i64::from(syn) - first, sent.end - i64::from(fin) - first);
    if (from, to) == (0, i64::from(segment.payload_len)) {
        return case.tested.payload;
    }
    let (Ok(from), Ok(to)) = (usize::try_from(from), usize::try_from(to)) else { return 0 };
    segment.payload.get(from..to).map_or(0, checksum::of_payload)
}
