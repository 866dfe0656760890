//! What the receiver holds beyond the acknowledgement number, or got twice (RFC 2018, RFC 2883).

use std::iter;

use crate::explain::number::{Count, Octets};
use crate::wire::options::SackBlocks;
use crate::wire::seq::SeqNumber;

/// The content of a SACK option, its octets as they are to be shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sack<'e> {
    first: (SeqNumber, SeqNumber),
    /// The first block reports octets that came twice.
    twice: bool,
    blocks: SackBlocks<'e>,
    /// The acknowledgement number on the wire, and as it is counted.
    ack: (SeqNumber, i64),
    count: Count,
}

impl<'e> Sack<'e> {
    /// Reads the blocks of a segment that acknowledges with `ack`; `None` where there is no block.
    ///
    /// The first block reports octets that came twice where it lies below the acknowledgement number, or within the
    /// second block (RFC 2883, section 4).
    pub(in crate::explain) fn new(
        blocks: SackBlocks<'e>,
        ack: (SeqNumber, i64),
        count: Count,
    ) -> Option<Self> {
        let mut each = blocks.iter();
        let first = each.next()?;
        let within = |outer: (SeqNumber, SeqNumber)| !first.0.before(outer.0) && !first.1.after(outer.1);
        let twice = !first.1.after(ack.0) || each.next().is_some_and(within);
        Some(Self { first, twice, blocks, ack, count })
    }

    /// The octets that came twice (D-SACK).
    pub fn twice(self) -> Option<Octets> {
        self.twice.then(|| self.octets(self.first))
    }

    /// The octets that have arrived behind the gap, newest first; none only where octets came twice.
    pub fn held(self) -> impl Iterator<Item = Octets> + use<'e> {
        let mut blocks = self.blocks.iter().skip(usize::from(self.twice));
        iter::from_fn(move || blocks.next().map(|block| self.octets(block)))
    }

    fn octets(self, (left, right): (SeqNumber, SeqNumber)) -> Octets {
        let first = self.ack.1.saturating_add(i64::from(left.distance(self.ack.0)));
        self.count.octets(first, u64::try_from(right.distance(left)).unwrap_or_default())
    }

    pub(super) const fn section(self) -> &'static str {
        if self.twice { "RFC 2883 4" } else { "RFC 2018 3" }
    }
}
