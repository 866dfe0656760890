//! What seldom occurs in a half, and stands apart from it, so that an ordinary connection is small.

use super::gaps::Gaps;
use super::syn::Scale;
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
    /// What lies before this number was captured twice, as far as it was.
    pub(in crate::track) copied_to: i64,
    /// The pieces in which its latest segment that was captured in others is captured again.
    pub(in crate::track) pieces: Option<Pieces>,
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
