//! What became of the SYN of one half, and what it offers.

use crate::wire::window::WindowScale;

/// How far the opening of one half has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(in crate::track) enum Syn {
    /// No SYN yet.
    #[default]
    NotSent,
    /// SYN sent, not acknowledged.
    Sent,
    /// The peer has acknowledged the SYN, or must have, since the connection goes on.
    Acked,
}

/// The shift of one end's windows (RFC 7323, section 2.2).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(in crate::track) enum Scale {
    /// The handshake was not seen.
    #[default]
    Unknown,
    /// Offered in its SYN; counts if the other end offers one too.
    Offered(WindowScale),
    /// Its SYN offered none, so neither end scales.
    NotOffered,
}

/// What a SYN offers beside a shift.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(in crate::track) struct Offer {
    mss: u16,
    /// Which of these it has.
    has: u8,
}

impl Offer {
    const MSS: u8 = 1;
    /// Selective acknowledgements (RFC 2018).
    pub(in crate::track) const SACK_PERMITTED: u8 = 2;
    /// Timestamps (RFC 7323).
    pub(in crate::track) const TIMESTAMPS: u8 = 4;
    /// Accurate ECN: the SYN asks with AE, CWR and ECE, a SYN,ACK agrees with CWR, or AE alone.
    pub(in crate::track) const ACCURATE_ECN: u8 = 8;

    /// The largest segment that its sender takes (RFC 9293, section 3.7.1).
    pub(in crate::track) fn mss(self) -> Option<u16> {
        self.has(Self::MSS).then_some(self.mss)
    }

    /// Does it hold this one?
    pub(in crate::track) const fn has(self, offer: u8) -> bool {
        self.has & offer != 0
    }

    pub(in crate::track) fn add(&mut self, offer: u8) {
        self.has |= offer;
    }

    pub(in crate::track) fn add_mss(&mut self, mss: u16) {
        self.mss = mss;
        self.add(Self::MSS);
    }
}
