//! What went wrong with the SYN of one half, as far as its opening is judged by it.

use crate::track::compact::opt_time::OptTime;

/// How often the SYN, or the SYN,ACK, of a half was sent again.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::track) struct SynAgain {
    /// Times; stops at the largest number.
    pub(in crate::track) times: u16,
    /// Some of them after the other end had answered.
    pub(in crate::track) answered: bool,
    /// Its sender's acknowledgement of the handshake was refused.
    pub(in crate::track) ack_refused: bool,
    /// When it was sent again last before the connection was open.
    pub(in crate::track) latest: OptTime,
}

/// SYN,ACKs of a half that acknowledge what the other end never sent.
#[derive(Clone, Copy, Debug)]
pub(in crate::track) struct WrongAnswer {
    /// Frame of the first.
    pub(in crate::track) frame: u64,
    /// How many; stops at the largest number.
    pub(in crate::track) times: u16,
    /// How far the number of the first lies from the one that the SYN asks for.
    pub(in crate::track) off_by: i64,
}
