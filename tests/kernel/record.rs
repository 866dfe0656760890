//! What came of a conversation: its frames, and what the kernel said after them.

use crate::frame;
use crate::host::Moved;

/// A frame as it went through the host's interface.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    pub(crate) time: i64,
    pub(crate) octets: Vec<u8>,
    pub(crate) from_host: bool,
}

/// What the kernel said after some frames, mostly one: between them it could not be asked.
#[derive(Clone, Debug)]
pub(crate) struct Moment {
    /// The number of frames by then.
    pub(crate) frames: usize,
    pub(crate) state: &'static str,
    /// The counts that moved since the moment before.
    pub(crate) moved: Moved,
}

/// What came of a conversation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record {
    pub(crate) frames: Vec<Recorded>,
    pub(crate) moments: Vec<Moment>,
}

impl Record {
    /// As a capture would have it that begins behind the handshake; `None` where there is none, or nothing more.
    pub(crate) fn without_handshake(&self) -> Option<Self> {
        let is_syn = |frame: &Recorded| frame::seen(&frame.octets).is_some_and(|seen| seen.tcp.syn);
        let skipped = self.frames.iter().take_while(|frame| is_syn(frame)).count() + 1;
        let later = self.frames.get(skipped..).filter(|later| skipped == 3 && later.len() > 4)?;
        if later.iter().any(is_syn) {
            return None;
        }
        let moments = self.moments.iter().filter(|moment| moment.frames > skipped);
        let moved = |moment: &Moment| Moment { frames: moment.frames - skipped, ..moment.clone() };
        Some(Self { frames: later.to_vec(), moments: moments.map(moved).collect() })
    }
}
