//! Why a RST was sent. Rules, in the order in which they are tried, for a RST of an end ("it"):
//!   1. it cannot be believed where it lies: ignored (what `connection::reset` says of it); or half open, where its own end
//!      has closed and forgotten the connection,
//!   2. more speaks against its being of this end than for it (`forgery`): perhaps forged,
//!   3. it answers a SYN, which was not answered before: refused, most likely. Who answers, the capture does not show: an
//!      end that agrees after all has not refused,
//!   4. half open: it is opening a connection itself, and answers an acknowledgement of another one with the number of
//!      that; or it answers a SYN inside the connection; or it had believed a RST that the other end did not send. In
//!      SYN-RECEIVED it may answer an acknowledgement of this connection that is wrong,
//!   5. its own handshake is not complete: the attempt is abandoned,
//!   6. octets came after its FIN. Without ACK, and with the number that they acknowledge: they came after it had closed,
//!      for sure if they acknowledge the FIN, too. With an ACK of them: closed with octets unread, most likely, after
//!      only one direction was closed; with another ACK: after the FIN, most likely,
//!   7. it has the number of its own FIN, which arrived: Linux believes that in CLOSE-WAIT, CLOSING and LAST-ACK, RFC 9293
//!      does not. Without ACK, where octets crossed that FIN: it answers them, most likely. Else nothing says why it was
//!      sent,
//!   8. it had sent two keep-alives or more, and heard nothing since: idle,
//!   9. no ACK, and the number that the peer's segment just before acknowledges, or an ACK and the number 0 where that had
//!      no ACK, as an end answers that knows of no connection (RFC 9293, section 3.5.2, group 1): half open,
//!  10. it had sent the same octets again after two timeouts or more, and nothing was acknowledged since: gave up,
//!  11. no segment for a minute: idle,
//!  12. it has sent no FIN, octets came, it acknowledges them and has sent none since: closed with octets unread, most
//!      likely, or SO_LINGER 0,
//!  13. none of these: aborted, unless both ends had closed and all had arrived: then the RST needs no cause.

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
use crate::wire::seq::SeqNumber;

/// A silence this long is one that timers end, in nanoseconds.
const LONG: i64 = 60 * 1_000_000_000;

/// A RST that was taken, what was known before, and what it did.
pub(in crate::track) struct ResetCase<'e> {
    pub(in crate::track) frame: FrameInfo,
    pub(in crate::track) segment: &'e Segment<'e>,
    pub(in crate::track) from: Side,
    pub(in crate::track) labels: Labels,
    pub(in crate::track) before: States,
    /// It ended an attempt to open that is not this connection's.
    pub(in crate::track) ends_other: bool,
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
        before.answers = peer.heard.get() >= own.heard.get();
        before.timeouts = own.rare.as_ref().map_or(0, |rare| rare.losses.timeouts);
        before.probes = own.rare.as_mut().map_or(0, |rare| std::mem::take(&mut rare.keep_alives));
        if before.probes >= 2 && has(Label::Reset) {
            // Its own keep-alives do not break the silence.
            before.silent = peer.heard.until(time);
        }
    }
    let (cause, certainty) = cause(ending, &before, forged);
    if cause != Cause::Aborted || !all_has_come(ending) {
        found.push(Finding::Reset { cause, certainty });
    }
    forged.is_some()
}

/// Whether both ends had closed, and all that they had sent was acknowledged: the RST cuts nothing off.
fn all_has_come(ending: &ResetCase<'_>) -> bool {
    let has_come = |half: &Half| half.fin.at().is_some_and(|fin| half.snd_una >= fin);
    has_come(ending.own) && has_come(ending.peer)
}

/// What went before a RST.
#[derive(Clone, Copy, Debug, Default)]
struct Before {
    /// The other end sent octets, and its sender neither octets nor a FIN since.
    spoke: bool,
    /// The latest segment that was taken is the other end's.
    answers: bool,
    /// Keep-alives of the sender since the other end's latest segment.
    probes: u32,
    /// Timeouts of the sender in a row.
    timeouts: u32,
    /// Nanoseconds.
    silent: Option<i64>,
}

/// Rules 6 and 7, for an end that has sent its FIN: a cause, where it is another than that octets came after the FIN.
fn after_fin(ending: &ResetCase<'_>, before: &Before, exact: bool) -> Option<(Option<Cause>, Certainty)> {
    use Certainty::{Certain, Likely};
    let ResetCase { segment, own, peer, .. } = *ending;
    let number = own.unwrap(segment.seq);
    let fin = own.fin.at()?;
    // 6.
    if before.spoke {
        return Some(if exact {
            (None, if number > fin && own.snd_una > fin { Certain } else { Likely })
        } else {
            (has_come(segment, peer).then_some(Cause::UnreadData), Likely)
        });
    }
    // 7.
    let crossed = !segment.flags.ack() && peer.snd_una < peer.fin.at().unwrap_or(peer.snd_nxt);
    let cause = (!crossed).then_some(Cause::Aborted);
    (number == fin && number < own.snd_una).then_some((cause, Likely))
}

fn cause(ending: &ResetCase<'_>, before: &Before, forged: Option<(Option<u8>, Signs)>) -> (Cause, Certainty) {
    use Certainty::{Certain, Likely, Undecidable};
    let ResetCase { segment, own, peer, .. } = *ending;
    let has = |label| ending.labels.contains(label);
    let here = ending.before.on(ending.from);
    // 1.
    if has(Label::ResetIgnored) || has(Label::ResetInWindow) {
        let forgot = here == State::Closed && own.fin.is_sent();
        return if !forgot { (Cause::Ignored, Certain) } else { (Cause::HalfOpen, Likely) };
    }
    // 2.
    if let Some((usual, signs)) = forged {
        return (Cause::Forged { ttl: segment.ip.ttl, usual, signs }, Likely);
    }
    // 3.
    if has(Label::Refused) {
        return (Cause::Refused, Likely);
    }
    // 4.
    let exact = !segment.flags.ack() && peer.rcv_nxt.get() == Some(segment.seq);
    let answers_syn =
        peer.stray_syn().zip(segment.ack()).is_some_and(|(stray, ack)| stray.is_acknowledged_by(ack));
    let asks_anew = own.stray_syn().is_some_and(|stray| stray.bare) && exact;
    if asks_anew || answers_syn || ending.ends_other {
        let certain = here == State::SynSent || !ending.ends_other;
        return (Cause::HalfOpen, if certain { Certain } else { Likely });
    }
    if here == State::Closed && !segment.flags.ack() && !has(Label::AfterEnd) {
        return (Cause::HalfOpen, Likely);
    }
    // 5.
    if matches!(here, State::SynSent | State::SynReceived) || own.syn == Syn::Sent || peer.syn == Syn::Sent {
        return (Cause::AttemptAbandoned, Likely);
    }
    // 6. and 7.
    if own.fin.is_sent()
        && let Some((other, certainty)) = after_fin(ending, before, exact)
    {
        return (other.unwrap_or(Cause::AfterFin), certainty);
    }
    // 8.
    let silent = before.silent.unwrap_or_default();
    if before.probes >= 2 {
        return (Cause::Idle { silent, probes: before.probes }, Likely);
    }
    // 9.
    let answers_without_ack =
        segment.flags.ack() && segment.seq == SeqNumber(0) && peer.latest.contains(Label::AckMissing);
    if (exact && before.answers) || answers_without_ack {
        return (Cause::HalfOpen, Likely);
    }
    // 10.
    if before.timeouts >= 2 && own.snd_una < own.snd_nxt {
        return (Cause::GaveUp { attempt: before.timeouts }, Likely);
    }
    // 11.
    if silent >= LONG {
        return (Cause::Idle { silent, probes: 0 }, Likely);
    }
    // 12.
    if before.spoke && !own.fin.is_sent() && has_come(segment, peer) {
        return (Cause::UnreadData, Likely);
    }
    // 13.
    (Cause::Aborted, Undecidable)
}

/// Whether the RST says that octets of `peer` have come which nothing acknowledged before, or all of them.
fn has_come(segment: &Segment<'_>, peer: &Half) -> bool {
    let ack = segment.ack().map(|ack| peer.unwrap(ack));
    ack.is_some_and(|ack| ack >= peer.snd_nxt || ack > peer.snd_una)
}
