//! What the options of a segment say that TCP goes by.

use super::walk::{self, MSS, NOP, SACK_PERMITTED, TIMESTAMPS, WINDOW_SCALE};
use super::{Options, SackBlocks, Value};

/// What the options say that TCP goes by. Of an option that comes more than once, the last counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Said<'a> {
    /// The largest segment that the sender takes.
    pub(crate) mss: Option<u16>,
    /// By how much its windows are to be shifted, as sent.
    pub(crate) shift: Option<u8>,
    pub(crate) sack_permitted: bool,
    /// The sender's clock, and its echo of the peer's (RFC 7323, section 3.2).
    pub(crate) stamps: Option<(u32, u32)>,
    /// What has arrived beyond the acknowledgement number (RFC 2018).
    pub(crate) sack: Option<SackBlocks<'a>>,
}

impl Said<'_> {
    /// TSval, 0 where there is none.
    pub(crate) fn tsval(&self) -> u32 {
        self.stamps.map_or(0, |(tsval, _)| tsval)
    }

    /// TSecr.
    pub(crate) fn tsecr(&self) -> Option<u32> {
        self.stamps.map(|(_, tsecr)| tsecr)
    }
}

impl<'a> Options<'a> {
    /// The options that TCP goes by.
    #[inline]
    pub(crate) fn said(self) -> Said<'a> {
        if let Some(stamps) = self.padded_stamps() {
            return Said { stamps: Some(stamps), ..Said::default() };
        }
        if self.octets.is_empty() { Said::default() } else { self.walked() }
    }

    /// The timestamps, where two octets of padding and these are all there is: what nearly every segment bears (RFC 7323,
    /// appendix A).
    #[inline]
    pub(crate) fn padded_stamps(self) -> Option<(u32, u32)> {
        let ([NOP, NOP, TIMESTAMPS, 10], stamps) = self.octets.split_first_chunk()? else { return None };
        Some(pair(stamps.try_into().ok()?))
    }

    /// What a SYN says whose options stand as most systems arrange them: MSS, SACK permitted, timestamps, window scale, and
    /// nothing else.
    #[inline]
    fn usual_syn(self) -> Option<Said<'a>> {
        let [MSS, 4, high, low, SACK_PERMITTED, 2, TIMESTAMPS, 10, stamps @ .., NOP, WINDOW_SCALE, 3, shift] =
            <&[u8; 20]>::try_from(self.octets).ok()?
        else {
            return None;
        };
        Some(Said {
            mss: Some(u16::from_be_bytes([*high, *low])),
            shift: Some(*shift),
            sack_permitted: true,
            stamps: Some(pair(*stamps)),
            sack: None,
        })
    }

    /// Like [`said`](Self::said), but by a walk, in which the usual options of a SYN are read where they stand: to walk
    /// by [`walk::read`] alone takes three times as long. A law holds the two to each other.
    fn walked(self) -> Said<'a> {
        if let Some(usual) = self.usual_syn() {
            return usual;
        }
        let mut said = Said::default();
        let mut left = self.octets;
        loop {
            left = match left {
                [NOP, rest @ ..] => rest,
                [MSS, 4, high, low, rest @ ..] => {
                    said.mss = Some(u16::from_be_bytes([*high, *low]));
                    rest
                }
                [WINDOW_SCALE, 3, shift, rest @ ..] => {
                    said.shift = Some(*shift);
                    rest
                }
                [SACK_PERMITTED, 2, rest @ ..] => {
                    said.sack_permitted = true;
                    rest
                }
                [TIMESTAMPS, 10, v0, v1, v2, v3, e0, e1, e2, e3, rest @ ..] => {
                    said.stamps = Some(pair([*v0, *v1, *v2, *v3, *e0, *e1, *e2, *e3]));
                    rest
                }
                _ => {
                    let Some(option) = walk::first(left, self.cut) else { return said };
                    if let Value::Sack(blocks) = option.value {
                        said.sack = Some(blocks);
                    }
                    &left[option.octets.len()..]
                }
            }
        }
    }
}

/// Two numbers of 32 bits.
fn pair(octets: [u8; 8]) -> (u32, u32) {
    let both = u64::from_be_bytes(octets);
    ((both >> 32) as u32, both as u32)
}
