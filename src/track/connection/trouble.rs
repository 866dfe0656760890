//! What goes wrong with the opening, and acknowledgements that are refused without end: evidence for the judgement.
//!
//! Rules:
//!   1. a SYN, or a SYN,ACK, is sent again,
//!   2. a SYN,ACK acknowledges what the SYN does not ask for: neither its number nor one of its octets (RFC 9293, section
//!      3.10.7.3),
//!   3. a segment without octets is refused for its numbers, or refuses what the other end acknowledges,
//!   4. an ICMP error says that a segment was not delivered which is under way: anybody can send such a message (RFC 5927,
//!      section 4.1), and few know the numbers.

use super::{Arrival, Connection};
use crate::track::direction::handshake_trouble::WrongAnswer;
use crate::track::direction::icmp_about::IcmpAbout;
use crate::track::direction::syn::Syn;
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::label::{Label, Labels};
use crate::track::vocabulary::verdict::IcmpError;
use crate::wire::frame::FrameInfo;
use crate::wire::skip::{Icmp, Quote};

/// How far the opening had come when a segment came.
#[derive(Clone, Copy, Debug)]
pub(super) struct SynBefore {
    /// The other end had answered the SYN of its sender.
    answered: bool,
    /// Each end's SYN was acknowledged.
    open: bool,
}

impl Connection {
    /// Rules 1 to 3, for a segment that was taken with these labels.
    pub(super) fn note_trouble(&mut self, arrival: &Arrival<'_>, labels: Labels, opening: SynBefore) {
        let Arrival { segment, frame, from, .. } = *arrival;
        // 1.
        if labels.contains(Label::SynRetransmission) || labels.contains(Label::SynAckRetransmission) {
            let (own, _) = self.halves(from);
            let again = &mut own.rare().syn_again;
            again.times = again.times.saturating_add(1);
            again.answered |= opening.answered;
            if !opening.open {
                again.latest = frame.time.into();
            }
        }
        if labels.contains(Label::Syn) || labels.contains(Label::SynAck) {
            self.first_windows[from as usize] = segment.window.0.to_ne_bytes();
        }
        // 3.
        let refused = [Label::AckUnacceptable, Label::OutOfWindow, Label::ChallengeAck];
        if segment.payload_len == 0
            && segment.is_plain_ack()
            && refused.iter().any(|label| labels.contains(*label))
        {
            let data_segments = u64::from(self.client.data_segments) + u64::from(self.server.data_segments);
            let (own, peer) = self.halves(from);
            own.rare().refused_acks.again(frame.number, (data_segments, peer.segments));
            own.rare().syn_again.ack_refused |= !opening.open;
        }
    }

    /// Rule 2, before the segment is taken.
    pub(super) fn note_wrong_answer(&mut self, arrival: &Arrival<'_>) {
        let Arrival { segment, frame, from, .. } = *arrival;
        let (own, peer) = self.halves(from);
        let Some(ack) = segment.ack().filter(|_| peer.sent_bare_syn && !own.sent_bare_syn) else { return };
        let number = peer.unwrap(ack);
        if peer.data_segments > 0 && peer.snd_nxt > 1 || (1..=peer.snd_nxt).contains(&number) {
            return;
        }
        let answer = &mut own.rare().wrong_answer;
        match answer {
            Some(answer) => answer.times = answer.times.saturating_add(1),
            None => {
                *answer = Some(Box::new(WrongAnswer { frame: frame.number, times: 1, off_by: number - 1 }))
            }
        }
    }

    /// The window field of an end's SYN, which is never scaled (RFC 7323, section 2.2); 0 where that was not captured.
    pub(super) fn first_window(&self, of: Side) -> u16 {
        u16::from_ne_bytes(self.first_windows[of as usize])
    }

    /// How far the opening has come, before a segment of this end is taken.
    pub(super) fn syn_before(&self, of: Side) -> SynBefore {
        let (own, peer) = (self.half(of), self.half(of.peer()));
        let acked = own.syn == Syn::Acked;
        SynBefore { answered: acked || peer.sent_syn_ack, open: acked && peer.syn == Syn::Acked }
    }

    /// Rule 4.
    pub(super) fn note_undelivered(&mut self, frame: FrameInfo, icmp: &Icmp, quote: &Quote) {
        let from = if quote.src == self.ends.endpoints().client { Side::Client } else { Side::Server };
        let (own, _) = self.halves(from);
        let Some(at) = quote.seq.filter(|_| own.is_known()).map(|seq| own.unwrap(seq)) else { return };
        if at < own.snd_una || at >= own.snd_nxt {
            return;
        }
        let known = &mut own.rare().icmp;
        match known {
            Some(about) if about.at == at => about.times = about.times.saturating_add(1),
            _ => {
                let error = IcmpError::new(icmp.src, icmp.kind, icmp.code);
                *known = Some(Box::new(IcmpAbout { error, frame: frame.number, at, times: 1 }));
            }
        }
    }
}
