//! Snapshots of an end: the facts at the time when a segment comes that show why it was sent, and what the end can do.

use super::label::Labels;

/// An end before a segment, as far as the capture shows. Numbers count as in [`Event`](super::event::Event):
/// from the end's own ISN.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Snapshot {
    /// The first number of this end that is not acknowledged (SND.UNA; RFC 9293, section 3.3.1).
    pub snd_una: i64,
    /// The first number of this end that was not sent (SND.NXT); below `snd_una` where the capture missed octets.
    pub snd_nxt: i64,
    /// The number that this end expects from the other (RCV.NXT): that of its latest acknowledgement.
    pub rcv_nxt: Option<i64>,
    /// Whether the window that this end gave last was 0.
    pub closed: bool,
    /// Whether a segment of this end was captured on this connection.
    pub heard: bool,
    /// Octets below `snd_nxt` are not in the capture.
    pub missing: bool,
    /// The labels of this end's latest segment but RSTs.
    pub latest: Labels,
    /// Whether this end's latest segment brought only what had been acknowledged before.
    pub stale: bool,
    /// Whether this end's SYN offered accurate ECN, in which AE, CWR and ECE are a counter if the other's did, too.
    pub accurate_ecn: bool,
}

impl Snapshot {
    /// Whether this end has sent octets that are not acknowledged; `None` where the capture does not show it.
    pub fn outstanding(&self) -> Option<bool> {
        (self.heard && self.snd_nxt >= self.snd_una).then_some(self.snd_nxt > self.snd_una)
    }
}
