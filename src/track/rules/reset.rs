//! Why a RST was sent. Rules, in the order in which they are tried, for a RST of an end ("it"):
//!   1. it cannot be believed where it lies: ignored (what `track::reset` says of it),
//!   2. more speaks against its being of this end than for it (`forgery`): perhaps forged,
//!   3. it answers a SYN, which was not answered before: refused, most likely. Who answers, the capture does not show: an
//!      end that agrees after all has not refused,
//!   4. it is opening a connection itself, and answers what the other end sent of another one; it answers a SYN inside
//!      the connection; or it had believed a RST that the other end did not send: half open,
//!   5. its own handshake is not complete: the attempt is abandoned,
//!   6. it had sent a FIN: after the FIN, for sure if octets came since,
//!   7. no ACK, and the number that the peer acknowledged last, after octets or keep-alives of the peer: as an end
//!      sends that knows of no connection (RFC 9293, section 3.5.2, group 1): half open,
//!   8. it had sent the same octets again after two timeouts or more, and nothing was acknowledged since: gave up,
//!   9. no segment for a minute, or keep-alives without an answer: idle,
//!  10. octets came and it has sent none since: closed with octets unread, most likely, or SO_LINGER 0,
//!  11. none of these: aborted.

use super::Evidence;
use super::forgery::{self, Acknowledged, SeenReset};
use crate::track::direction::half::Half;
use crate::track::direction::ip_profile::IpProfile;
use crate::track::direction::syn::Syn;
use crate::track::vocabulary::finding::{Certainty, Finding, ResetCause as Cause, Signs};
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::label::{Label, Labels};
use crate::track::vocabulary::state::{State, States};
use crate::wire::frame::FrameInfo;
use crate::wire::segment::Segment;

/// A silence this long is one that timers end, in nanoseconds.
const LONG: i64 = 60 * 1_000_000_000;

/// A RST that was taken, what was known before, and what it did.
pub(in crate::track) struct ResetCase<'e> {
    pub(in crate::track) frame: FrameInfo,
    pub(in crate::track) segment: &'e Segment<'e>,
    pub(in crate::track) from: Side,
    pub(in crate::track) labels: Labels,
    pub(in crate::track) before: States,
    /// The sender's half and the other one.
    pub(in crate::track) own: &'e Half,
    pub(in crate::track) peer: &'e Half,
    pub(in crate::track) ip_profile: &'e IpProfile,
    /// The RST of before, where one ended the connection.
    pub(in crate::track) earlier: Option<SeenReset>,
    /// Nanoseconds since the connection's previous segment.
    pub(in crate::track) since_previous: Option<i64>,
}

/// Applies the rules to the evidence of the sender and of the other end. A RST after the one that ended the connection
/// is told of only if it seems forged. Returns whether it does.
pub(in crate::track) fn reset(
    ending: &ResetCase<'_>,
    evidence: Option<(&mut Evidence, &mut Evidence)>,
    acknowledged: Option<Acknowledged<'_>>,
    found: &mut Vec<Finding>,
) -> bool {
    let has = |label| ending.labels.contains(label);
    let own = evidence.as_ref().map(|(own, _)| &**own);
    let forged = forgery::forged(ending, own, acknowledged);
    if has(Label::AfterEnd) && !has(Label::Reset) {
        if forged.is_some() {
            let (cause, certainty) = cause(ending, &Before::default(), forged);
            found.push(Finding::Reset { cause, certainty });
        }
        return forged.is_some();
    }
    let time = ending.frame.time;
    let mut before = Before { silent: ending.since_previous, ..Before::default() };
    if let Some((own, peer)) = evidence {
        before.spoke = peer.spoke;
        before.asked = peer.rare.as_ref().is_some_and(|rare| rare.keep_alives > 0);
        before.timeouts = own.rare.as_ref().map_or(0, |rare| rare.losses.timeouts);
        let probes = own.rare.as_mut().map_or(0, |rare| std::mem::take(&mut rare.keep_alives));
        if probes >= 2 && has(Label::Reset) {
            // Its own keep-alives do not break the silence.
            before.silent = peer.heard.until(time);
            found.push(Finding::KeepAliveDeath { probes, silent: before.silent });
        }
    }
    let (cause, certainty) = cause(ending, &before, forged);
    found.push(Finding::Reset { cause, certainty });
    forged.is_some()
}

/// What went before a RST.
#[derive(Clone, Copy, Debug, Default)]
struct Before {
    /// The other end sent octets, and its sender none since.
    spoke: bool,
    /// Whether the other end sent keep-alives since the sender's latest segment.
    asked: bool,
    /// Timeouts of the sender in a row.
    timeouts: u32,
    /// Nanoseconds.
    silent: Option<i64>,
}

fn cause(ending: &ResetCase<'_>, before: &Before, forged: Option<(Option<u8>, Signs)>) -> (Cause, Certainty) {
    use Certainty::{Certain, Likely, Undecidable};
    let Before { spoke, asked, timeouts, silent } = *before;
    let ResetCase { segment, own, peer, .. } = *ending;
    let has = |label| ending.labels.contains(label);
    // 1.
    if has(Label::ResetIgnored) || has(Label::ResetInWindow) {
        return (Cause::Ignored, Certain);
    }
    // 2.
    if let Some((usual, signs)) = forged {
        return (Cause::Forged { ttl: segment.ip.ttl, usual, signs }, Likely);
    }
    // 3.
    if has(Label::Refused) {
        return (Cause::Refused, Likely);
    }
    let here = ending.before.on(ending.from);
    // 4.
    let answers_syn =
        peer.stray_syn().is_some_and(|stray| stray.bare && segment.ack() == Some(stray.isn.plus(1)));
    if own.stray_syn().is_some() || answers_syn || (here == State::SynSent && peer.segments > 0) {
        return (Cause::HalfOpen, Certain);
    }
    if here == State::Closed && !segment.flags.ack() && !has(Label::AfterEnd) {
        return (Cause::HalfOpen, Likely);
    }
    // 5.
    if matches!(here, State::SynSent | State::SynReceived) || own.syn == Syn::Sent || peer.syn == Syn::Sent {
        return (Cause::AttemptAbandoned, Likely);
    }
    // 6.
    if own.fin.is_sent() {
        return (Cause::AfterFin, if spoke { Certain } else { Likely });
    }
    // 7.
    if !segment.flags.ack() && peer.rcv_nxt.get() == Some(segment.seq) && (spoke || asked) {
        return (Cause::HalfOpen, Likely);
    }
    // 8.
    if timeouts >= 2 && own.snd_una < own.snd_nxt {
        return (Cause::GaveUp { attempt: timeouts }, Likely);
    }
    // 9.
    if let Some(silent) = silent.filter(|silent| *silent >= LONG) {
        return (Cause::Idle { silent }, Likely);
    }
    // 10.
    if spoke && segment.flags.ack() {
        return (Cause::UnreadData, Likely);
    }
    // 11.
    (Cause::Aborted, Undecidable)
}
