//! The octets of a frame that are not decoded yet.

use crate::wire::skip::{Layer, Malformed, Skip};

/// The octets that have not been read yet, and how many of them there were on the wire.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rest<'a> {
    /// The octets that were captured, from the next header's first on; never more than `len`.
    pub(super) octets: &'a [u8],
    /// How many octets there were on the wire.
    pub(super) len: usize,
    /// How many octets of the frame have been read.
    pub(super) offset: usize,
}

impl<'a> Rest<'a> {
    /// `octets` of which there were `len` on the wire, `offset` octets into the frame. A length below
    /// what was captured is one that the capture states wrongly.
    #[inline(always)]
    pub(super) fn new(octets: &'a [u8], len: usize, offset: usize) -> Self {
        Self { octets, len: len.max(octets.len()), offset }
    }

    /// The next `N` octets; the rest begins behind them.
    #[inline(always)]
    pub(super) fn take<const N: usize>(&mut self, layer: Layer) -> Result<&'a [u8; N], Skip> {
        let Some((head, tail)) = self.octets.split_first_chunk::<N>() else {
            return Err(self.malformed(layer, N, self.octets.len()));
        };
        self.octets = tail;
        self.len -= N;
        self.offset += N;
        Ok(head)
    }

    /// Reads over `n` octets.
    #[inline(always)]
    pub(super) fn skip(&mut self, n: usize, layer: Layer) -> Result<(), Skip> {
        let Some(tail) = self.octets.get(n..) else {
            return Err(self.malformed(layer, n, self.octets.len()));
        };
        self.octets = tail;
        self.len -= n;
        self.offset += n;
        Ok(())
    }

    /// The rest behind `n` octets, which are skipped without being read.
    pub(super) fn behind(mut self, n: usize) -> Option<Self> {
        self.octets = self.octets.get(n..)?;
        self.len -= n;
        self.offset += n;
        Some(self)
    }

    /// Cuts off what lies beyond `len` octets: padding and trailers.
    #[inline(always)]
    pub(super) fn limit(&mut self, len: usize) {
        self.len = self.len.min(len);
        self.octets = &self.octets[..self.octets.len().min(len)];
    }

    /// The first octet.
    #[inline(always)]
    pub(super) fn first(&self) -> Option<u8> {
        self.octets.first().copied()
    }

    /// The 16 bits at octet `at`.
    pub(super) fn u16(&self, at: usize) -> Option<u16> {
        Some(u16::from_be_bytes([*self.octets.get(at)?, *self.octets.get(at + 1)?]))
    }

    /// A header that begins here does not hold.
    #[cold]
    pub(super) fn malformed(&self, layer: Layer, needed: usize, have: usize) -> Skip {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Skip::Malformed(Malformed {
            layer,
            offset: count(self.offset),
            needed: count(needed),
            have: count(have),
        })
    }
}
