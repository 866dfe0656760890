//! Findings that can only be made when a connection is over.
//!
//! Rules:
//!   1. no segment of one end was captured, and the other acknowledged what it sent: one direction was captured,
//!   2. no segment of one end was captured, there is nothing but the other's SYNs, and no ICMP error quotes them: unanswered,
//!   3. a window that closed has not opened,
//!   4. two keep-alives or more, and no answer: the peer is gone. A RST that says so was idle (`reset`).

use super::Evidence;
use crate::track::direction::half::Half;
use crate::track::direction::syn::Syn;
use crate::track::vocabulary::finding::Finding;
use crate::track::vocabulary::flow::Side;
use crate::wire::frame::Timestamp;

/// A connection as it ends.
pub(in crate::track) struct ConnectionEnd<'l> {
    pub(in crate::track) client: &'l Half,
    pub(in crate::track) server: &'l Half,
    /// The client's, and the server's.
    pub(in crate::track) evidence: Option<[&'l Evidence; 2]>,
    /// The capture times of the connection's first segment, and of the latest.
    pub(in crate::track) start: Option<Timestamp>,
    pub(in crate::track) end: Option<Timestamp>,
    /// A RST ended it.
    pub(in crate::track) was_reset: bool,
}

/// Applies the rules.
pub(in crate::track) fn at_the_end(last: &ConnectionEnd<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (heard, own, peer) in
        [(Side::Client, last.client, last.server), (Side::Server, last.server, last.client)]
    {
        if peer.segments > 0 {
            continue;
        }
        // 1.
        if peer.is_known() && (peer.snd_una > 0 || peer.syn == Syn::Acked && own.syn_seen()) {
            found.push(Finding::OneSided { heard });
        } else if own.sent_bare_syn && own.syn == Syn::Sent && !last.was_reset && !is_rejected(own) {
            // 2.
            let waited = last.end.zip(last.start).map(|(end, start)| end.nanos_since(start));
            let tries = own.segments;
            found.push(Finding::SynUnanswered { tries, waited });
        }
    }
    let Some(evidence) = last.evidence else { return found };
    for side in [Side::Client, Side::Server] {
        let (own, peer) = (evidence[side as usize], evidence[side.peer() as usize]);
        // 3.
        if let Some(closed) = own.closed() {
            found.push(closed.finding(side, last.end, false));
        }
        // 4.
        let probes = own.rare.as_ref().map_or(0, |rare| rare.keep_alives);
        if probes >= 2 {
            let silent = peer.heard.until(last.end);
            found.push(Finding::KeepAliveDeath { probes, silent });
        }
    }
    found
}

/// Whether an ICMP error says that the SYN of this half was not delivered.
fn is_rejected(half: &Half) -> bool {
    half.seen_rare().and_then(|rare| rare.icmp.as_deref()).is_some_and(|about| about.at == 0)
}
