//! What seldom occurs in a half, and stands apart from it, so that an ordinary connection is small.

use super::gaps::Gaps;
use super::handshake_trouble::{SynAgain, WrongAnswer};
use super::icmp_about::IcmpAbout;
use super::refused_acks::RefusedAcks;
use super::syn::{Offer, Scale};
use crate::track::compact::opt_time::OptTime;
use crate::wire::seq::SeqNumber;

/// State that most halves never need; made when there is something to remember.
#[derive(Clone, Debug, Default)]
pub(in crate::track) struct Rare {
    /// Octets below `snd_nxt` that were never seen.
    pub(in crate::track) gaps: Gaps,
    /// A SYN inside the open connection, with its number: its sender has lost the connection, or the
    /// SYN is stray (RFC 9293, section 3.5.1).
    pub(in crate::track) stray_syn: Option<StraySyn>,
    /// The peer has repeated its SYN since this end answered it: the SYN of this end has not arrived.
    pub(in crate::track) syn_missed: bool,
    /// This end has repeated its SYN,ACK since it was acknowledged: the acknowledgement has not arrived.
    pub(in crate::track) syn_ack_missed: bool,
    /// The peer owes a challenge ACK (RFC 5961, sections 3 and 4): the first number not sent yet when it
    /// came to owe one.
    pub(in crate::track) challenged: Option<i64>,
    /// Where octets ended that lay too far ahead to be believed.
    pub(in crate::track) claimed: Option<i64>,
    /// What the peer acknowledged, too far ahead to be believed.
    pub(in crate::track) peer_claimed: Option<i64>,
    /// What is to be restored where an acknowledgement of numbers that were not captured proves to be of what was never
    /// sent.
    pub(in crate::track) believed: Option<Believed>,
    /// Segments whose octets were all sent before.
    pub(in crate::track) repeated_segments: u64,
    /// Segments that were captured twice.
    pub(in crate::track) capture_duplicates: u64,
    /// Octets of payload that brought nothing new: repeated, captured twice, or dropped by the receiver.
    pub(in crate::track) vain_bytes: u64,
    /// What lies before this number was captured twice, as far as it was.
    pub(in crate::track) copied_to: i64,
    /// The initial round trip as it was measured before this end's SYN came, with that of the epoch as 0.
    pub(in crate::track) measured_before: OptTime,
    /// The pieces in which its latest segment that was captured in others is captured again.
    pub(in crate::track) pieces: Option<Pieces>,
    /// How often its SYN was sent again.
    pub(in crate::track) syn_again: SynAgain,
    /// SYN,ACKs of this half that acknowledge what the other end never sent.
    pub(in crate::track) wrong_answer: Option<Box<WrongAnswer>>,
    /// ICMP errors about what this half has sent.
    pub(in crate::track) icmp: Option<Box<IcmpAbout>>,
    /// Acknowledgements of this half that are refused, or that refuse.
    pub(in crate::track) refused_acks: RefusedAcks,
    /// It has brought octets since the other end's FIN was acknowledged.
    pub(in crate::track) spoke_after_fin: bool,
}

/// A half before the peer acknowledged what was not captured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::track) struct Believed {
    pub(in crate::track) snd_una: i64,
    pub(in crate::track) window_edge: i64,
}

/// A SYN that opens nothing unless the peer agrees to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::track) struct StraySyn {
    pub(in crate::track) isn: SeqNumber,
    /// The number behind the segment, which a RST acknowledges, octets and FIN and all.
    pub(in crate::track) end: SeqNumber,
    /// The stray SYN came without ACK.
    pub(in crate::track) bare: bool,
    /// The shift it offers.
    pub(in crate::track) scale: Scale,
    /// Its other options.
    pub(in crate::track) offer: Offer,
}

impl StraySyn {
    /// Whether an acknowledgement with this number answers the SYN, if it came without ACK.
    pub(in crate::track) fn is_acknowledged_by(self, ack: SeqNumber) -> bool {
        self.bare && (ack == self.isn.plus(1) || ack == self.end)
    }
}

/// The pieces in which a segment was captured again, so far.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::track) struct Pieces {
    /// Frame of the segment.
    pub(in crate::track) frame: u64,
    /// Where the latest piece ended.
    pub(in crate::track) to: i64,
    /// The sum of all of them, 0 where it is not known.
    pub(in crate::track) sum: u16,
}
