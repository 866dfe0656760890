//! What seldom occurs in a half, and stands apart from it, so that an ordinary connection is small.

use super::gaps::Gaps;
use super::half::{Half, Scale};
use crate::wire::seq::SeqNumber;

/// State that most halves never need; made when there is something to remember.
#[derive(Clone, Debug, Default)]
pub(in crate::track) struct Rare {
    /// Octets below `snd_nxt` that were never seen.
    pub(in crate::track) gaps: Gaps,
    /// A SYN inside the open connection, with its number: its sender has lost the connection, or the
    /// SYN is stray (RFC 9293, section 3.5.1).
    pub(in crate::track) stray_syn: Option<StraySyn>,
    /// The peer owes a challenge ACK (RFC 5961, sections 3 and 4): the first number not sent yet when it
    /// came to owe one.
    pub(in crate::track) challenged: Option<i64>,
    /// Where octets ended that lay too far ahead to be believed.
    pub(in crate::track) claimed: Option<i64>,
    /// What the peer acknowledged, too far ahead to be believed.
    pub(in crate::track) peer_claimed: Option<i64>,
    /// Segments whose octets were all sent before.
    pub(in crate::track) repeated_segments: u64,
    /// Segments that were captured twice.
    pub(in crate::track) capture_duplicates: u64,
    /// Octets of payload that brought nothing new: repeated, captured twice, or dropped by the receiver.
    pub(in crate::track) vain_bytes: u64,
}

/// A SYN that opens nothing unless the peer agrees to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::track) struct StraySyn {
    pub(in crate::track) isn: SeqNumber,
    /// The stray SYN came without ACK.
    pub(in crate::track) bare: bool,
    /// The shift it offers.
    pub(in crate::track) scale: Scale,
}

impl Half {
    /// The place for what seldom occurs.
    pub(in crate::track) fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    /// The stray SYN that waits for the peer's answer.
    pub(in crate::track) fn stray_syn(&self) -> Option<StraySyn> {
        self.rare.as_ref()?.stray_syn
    }

    /// Forgets the stray SYN, since it is not stray any more or no answer to it is awaited. Returns whether there was
    /// one.
    pub(in crate::track) fn forget_stray_syn(&mut self) -> bool {
        self.rare.as_mut().is_some_and(|rare| rare.stray_syn.take().is_some())
    }

    /// The number from which on the peer owes a challenge ACK.
    pub(in crate::track) fn challenged(&self) -> Option<i64> {
        self.rare.as_ref()?.challenged
    }

    /// Whether no answer to a stray SYN and no challenge ACK is awaited.
    pub(in crate::track) fn waits_for_nothing(&self) -> bool {
        self.rare.as_ref().is_none_or(|rare| rare.stray_syn.is_none() && rare.challenged.is_none())
    }

    /// The peer owes none.
    pub(in crate::track) fn forget_challenge(&mut self) {
        if let Some(rare) = &mut self.rare {
            rare.challenged = None;
        }
    }

    /// Octets of the stream that were captured, each counted once.
    pub(in crate::track) fn unique_bytes(&self) -> u64 {
        self.payload_bytes - self.rare.as_ref().map_or(0, |rare| rare.vain_bytes)
    }

    /// Segments whose octets were all sent before, and those that were captured twice.
    pub(in crate::track) fn came_again(&self) -> (u64, u64) {
        self.rare.as_ref().map_or((0, 0), |rare| (rare.repeated_segments, rare.capture_duplicates))
    }
}
