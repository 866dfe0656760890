//! What was known when the RST came that ended a connection: what a verdict about it needs.

use super::Evidence;
use super::reset::ResetCase;
use crate::track::direction::half::Half;
use crate::track::direction::ip_profile::IpProfile;
use crate::track::direction::syn::Offer;
use crate::track::vocabulary::finding::{Certainty, Finding, ResetCause};
use crate::track::vocabulary::flow::Side;

/// The RST that ended a connection, and what went before it.
#[derive(Clone, Copy, Debug)]
pub(in crate::track) struct ResetCourse {
    /// The end that it names.
    pub(in crate::track) from: Side,
    pub(in crate::track) frame: u64,
    /// The connection's frame before it.
    pub(in crate::track) previous: u64,
    /// Why it was sent; `None` where it needs no cause.
    pub(in crate::track) cause: Option<(ResetCause, Certainty)>,
    /// Nanoseconds from the latest segment of its end to the latest of the other end, 0 where that came before, or nothing
    /// is known of either.
    pub(in crate::track) idle: i64,
    /// Nanoseconds from the connection's segment before it.
    pub(in crate::track) since: i64,
    /// Octets of its sender, and of the other end, that were not acknowledged.
    pub(in crate::track) own_under_way: u64,
    pub(in crate::track) peer_under_way: u64,
    /// Octets of the other end that came behind it.
    pub(in crate::track) late: u64,
    /// The window of its sender's SYN, in octets; 0 where that was not captured.
    pub(in crate::track) first_window: u16,
    /// By how many octets the window of its sender is smaller than that of its SYN was.
    pub(in crate::track) window_closed_by: u64,
    /// Its sender has closed before.
    pub(in crate::track) closed: bool,
    /// The segment that it answers acknowledged that close, or did not; `None` where nothing shows it. The RST's number is what
    /// that segment acknowledges, where it has no ACK (RFC 9293, section 3.5.2); some systems take the next number in its
    /// place, so that the other end must have acknowledged the close itself, too.
    pub(in crate::track) knew: Option<bool>,
    /// The other end has closed.
    pub(in crate::track) peer_closed: bool,
    /// Octets of the other end, or of its sender, were the last that were spoken.
    pub(in crate::track) peer_spoke: bool,
    pub(in crate::track) own_spoke: bool,
    /// Its end had sent a RST before, which did not count.
    pub(in crate::track) again: bool,
    /// It has what only its end is likely to have: its TTL, and its timestamps or the next of its IP identifications.
    pub(in crate::track) fits: bool,
}

impl ResetCourse {
    /// Of a RST of which `found` was found; `previous`: the connection's frame before it; `again`: its end had sent one before; `first_window`:
    /// the window of its end's SYN.
    pub(in crate::track) fn new(
        case: &ResetCase<'_>,
        evidence: Option<(&Evidence, &Evidence)>,
        (previous, again, first_window): (u64, bool, u16),
        found: &[Finding],
    ) -> Self {
        let ResetCase { own, peer, .. } = *case;
        let cause = found.iter().find_map(|finding| match *finding {
            Finding::Reset { cause, certainty } => Some((cause, certainty)),
            _ => None,
        });
        Self {
            from: case.from,
            frame: case.frame.number,
            previous,
            cause,
            idle: evidence
                .and_then(|(own, peer)| own.heard.until(peer.heard.get()))
                .unwrap_or_default()
                .max(0),
            since: case.since_previous.unwrap_or_default().max(0),
            own_under_way: under_way(own),
            peer_under_way: under_way(peer),
            late: 0,
            first_window,
            window_closed_by: window_closed_by((own, peer), first_window),
            closed: own.fin.is_sent(),
            knew: knew(case),
            peer_closed: peer.fin.is_sent(),
            peer_spoke: evidence.is_some_and(|(_, peer)| peer.spoke),
            own_spoke: evidence.is_some_and(|(own, _)| own.spoke),
            again,
            fits: fits(case),
        }
    }
}

/// Whether the segment that the RST answers acknowledged the close of the RST's sender.
fn knew(case: &ResetCase<'_>) -> Option<bool> {
    let ResetCase { segment, own, peer, .. } = *case;
    let fin = own.fin.at().filter(|_| !segment.flags.ack())?;
    if own.unwrap(segment.seq) <= fin {
        return Some(false);
    }
    let acknowledged = peer.rcv_nxt.get().is_some_and(|ack| own.unwrap(ack) > fin);
    let crossed = under_way(peer) > 0 && !acknowledged;
    if acknowledged { Some(true) } else { crossed.then_some(false) }
}

/// Octets of a half that were sent and not acknowledged, SYN and FIN left out.
fn under_way(half: &Half) -> u64 {
    let end = half.fin.at().map_or(half.snd_nxt, |fin| half.snd_nxt.min(fin));
    let start = half.snd_una.max(half.syn_seen().into());
    u64::try_from(end - start).unwrap_or(0)
}

/// By how many octets the latest window of `own` is smaller than that of its SYN, which is never scaled (RFC 7323,
/// section 2.2).
fn window_closed_by((own, peer): (&Half, &Half), first_window: u16) -> u64 {
    let now = own.shift(peer).map(|scale| own.window.scaled(scale).0);
    now.map_or(0, |now| u64::from(u32::from(first_window).saturating_sub(now)))
}

/// Whether the RST has the TTL of its end, and either the timestamps that were agreed on or an identification that its
/// end may have counted to.
fn fits(case: &ResetCase<'_>) -> bool {
    let ResetCase { segment, own, peer, ip_profile, .. } = *case;
    let agreed = own.offer.has(Offer::TIMESTAMPS) && peer.offer.has(Offer::TIMESTAMPS);
    let stamped = agreed && segment.options.said().stamps.is_some();
    ip_profile.latest_ttl() == Some(segment.ip.ttl)
        && (stamped || counts_on(ip_profile, segment.ip.identification))
}

fn counts_on(ip_profile: &IpProfile, identification: Option<u16>) -> bool {
    identification.is_some_and(|id| id != 0 && ip_profile.counts_up() && !ip_profile.is_foreign(id))
}
