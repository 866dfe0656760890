//! The walk over kind, length and value (RFC 9293, section 3.2).

mod said;
#[cfg(test)]
mod tests;
mod walk;

use super::seq::SeqNumber;
pub(crate) use said::Said;

/// The options of a segment, not yet walked: the octets between the fixed header and the payload.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Options<'a> {
    octets: &'a [u8],
    /// The capture cut the header inside the options.
    cut: bool,
}

impl<'a> Options<'a> {
    /// No options.
    pub const NONE: Self = Self { octets: &[], cut: false };

    /// The octets behind the fixed header, as far as they were captured; `cut` says that there were more.
    pub fn new(octets: &'a [u8], cut: bool) -> Self {
        Self { octets, cut }
    }

    /// Whether the capture cut the header inside the options.
    pub fn cut(self) -> bool {
        self.cut
    }

    /// All captured octets, not walked.
    pub fn octets(self) -> &'a [u8] {
        self.octets
    }

    /// The options in wire order. Every octet belongs to exactly one of them: what stands behind the end
    /// of options goes with it. Behind a length that cannot be followed nothing can be found; the option
    /// that states it takes what is left.
    pub fn iter(self) -> impl Iterator<Item = TcpOption<'a>> {
        let Self { octets: mut left, cut } = self;
        std::iter::from_fn(move || {
            let option = walk::first(left, cut)?;
            left = &left[option.octets.len()..];
            Some(option)
        })
    }
}

/// One option.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TcpOption<'a> {
    /// The kind octet.
    pub kind: u8,
    /// All octets of the option, kind and length with them.
    pub octets: &'a [u8],
    /// The option's meaning.
    pub value: Value<'a>,
}

/// The meaning of an option.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Value<'a> {
    /// Kind 0: no options behind this one.
    EndOfOptions,
    /// Kind 1: padding.
    Nop,
    /// Kind 2: the largest segment the sender is ready to receive, in octets.
    Mss(u16),
    /// Kind 3: by how many bits the sender's windows are to be shifted, as sent (RFC 7323).
    WindowScale(u8),
    /// Kind 4: selective acknowledgements may be sent (RFC 2018).
    SackPermitted,
    /// Kind 5: what has arrived beyond the acknowledgement number (RFC 2018).
    Sack(SackBlocks<'a>),
    /// Kind 8: the sender's clock and the echo of the peer's (RFC 7323).
    Timestamps {
        /// The sender's clock.
        tsval: u32,
        /// The peer's clock, echoed.
        tsecr: u32,
    },
    /// Kind 34, or kind 254 with identifier 0xF989: Fast Open (RFC 7413). An empty cookie asks for one.
    FastOpen {
        /// The cookie.
        cookie: &'a [u8],
        /// Sent in the experimental form.
        experimental: bool,
    },
    /// Kind 30: Multipath TCP (RFC 8684).
    Mptcp {
        /// The subtype: 0 MP_CAPABLE, 1 MP_JOIN, 2 DSS …
        subtype: u8,
        /// The octets behind kind and length.
        data: &'a [u8],
    },
    /// Kind 19: MD5 signature (RFC 2385).
    Md5(&'a [u8]),
    /// Kind 29: authentication option (RFC 5925).
    Authentication {
        /// Which key signed.
        key_id: u8,
        /// Which key the sender would like next.
        next_key_id: u8,
        /// The message authentication code.
        mac: &'a [u8],
    },
    /// Kind 28: how long unacknowledged data may wait (RFC 5482).
    UserTimeout {
        /// The number counts minutes, not seconds.
        minutes: bool,
        /// 15 bits.
        value: u16,
    },
    /// Kind 172 or 174: the receiver's ECN byte counters (RFC 9768), up to three of 24 bits.
    AccEcn {
        /// Kind 174: the ECT(1) counter stands first.
        ect1_first: bool,
        /// The octets behind kind and length.
        counters: &'a [u8],
    },
    /// A kind that is not known here; its octets are kept.
    Unknown(&'a [u8]),
    /// The length does not fit the kind, or points past the header. The octets behind kind (and
    /// length, if there is one).
    Malformed(&'a [u8]),
    /// The capture ends inside this option.
    Cut(&'a [u8]),
}

/// The blocks of a SACK option, newest first as sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SackBlocks<'a>(&'a [u8]);

impl<'a> SackBlocks<'a> {
    /// The blocks: first octet that arrived, first octet that did not.
    pub fn iter(self) -> impl ExactSizeIterator<Item = (SeqNumber, SeqNumber)> + 'a {
        self.0.chunks_exact(8).map(|b| {
            let edge = |i: usize| SeqNumber(u32::from_be_bytes([b[i], b[i + 1], b[i + 2], b[i + 3]]));
            (edge(0), edge(4))
        })
    }
}
