//! When the latest segment of each end was captured, and keep-alives into silence.
//!
//! Rules:
//!   1. a segment of the other end answers whatever was asked,
//!   2. a keep-alive, where no window is closed, asks,
//!   3. the SYN,ACK, and the acknowledgement that ends the handshake, answer at once: what they take is the round trip
//!      from here to their sender. What was sent more than once is not measured (Karn's rule),
//!   4. octets of an end are answered by octets, or by the FIN, of the other.

use super::Evidence;
use crate::track::direction::step::Case;
use crate::track::vocabulary::label::Label;
use crate::wire::frame::Timestamp;

impl Evidence {
    /// Rule 4: the other end sends its FIN.
    pub(in crate::track) fn meets_fin(&mut self) {
        self.spoke = false;
    }

    /// Rule 3: this end answers `peer`'s part of the handshake, unless it did before.
    pub(in crate::track) fn answers(&mut self, peer: &Self, now: Option<Timestamp>) {
        if self.answers_after().is_none() {
            let micros = peer.heard.until(now).map(|nanos| u32::try_from(nanos / 1_000));
            self.answers_after = micros.map_or(0, |micros| micros.unwrap_or(u32::MAX).max(1));
        }
    }
}

/// Applies the rules.
pub(super) fn take(case: &Case<'_>, own: &mut Evidence, peer: &mut Evidence) {
    // 1.
    if let Some(rare) = &mut peer.rare {
        rare.keep_alives = 0;
    }
    // 2.
    if case.segment.payload_len <= 1 && case.is_keep_alive() && peer.closed().is_none() {
        let keep_alives = &mut own.rare().keep_alives;
        *keep_alives = keep_alives.saturating_add(1);
    }
    // 3.
    let answers = case.labels.contains(Label::SynAck) || case.labels.contains(Label::HandshakeAck);
    if answers && case.step.newly_acked > 0 && case.peer.segments == 1 {
        own.answers(peer, case.frame.time);
    }
    if case.step.delivery.new > 0 && case.segment.payload_len > 0 {
        own.spoke = true;
        peer.spoke = false;
    }
    // 4.
    if case.labels.contains(Label::Fin) {
        peer.meets_fin();
    }
    own.heard = case.frame.time.into();
}
