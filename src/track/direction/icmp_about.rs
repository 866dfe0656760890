//! What ICMP says of what one half has sent.

use crate::track::vocabulary::verdict::IcmpError;

/// ICMP errors about a segment of a half that was not acknowledged.
#[derive(Clone, Copy, Debug)]
pub(in crate::track) struct IcmpAbout {
    /// The first.
    pub(in crate::track) error: IcmpError,
    /// Its frame.
    pub(in crate::track) frame: u64,
    /// The number of the segment that it quotes, counted from the ISN.
    pub(in crate::track) at: i64,
    /// How many came; stops at the largest number.
    pub(in crate::track) times: u16,
}
