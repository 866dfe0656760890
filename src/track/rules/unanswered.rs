//! What an end sends again and again, while nothing at all comes back.
//!
//! Rules:
//!   1. whatever the other end sends ends it, also what is not acceptable: that end is there,
//!   2. what is sent again begins it: octets, a SYN, a FIN, or a keep-alive that asks once more. It began with the first
//!      transmission, if the other end was not heard since.

use super::{Evidence, Sender};
use crate::track::compact::opt_time::OptTime;
use crate::track::direction::step::Case;
use crate::wire::frame::Timestamp;

/// What an end has sent again since the other end was heard.
#[derive(Clone, Copy, Debug)]
pub(in crate::track) struct Unanswered {
    /// Frame of the first transmission that nothing answered.
    pub(in crate::track) frame: u64,
    /// When that was.
    pub(in crate::track) time: OptTime,
    /// Frame of the latest.
    pub(in crate::track) latest: u64,
    /// How often something was sent again since; stops at the largest number.
    pub(in crate::track) tries: u32,
}

/// Applies the rules to a segment of `own`, which was taken.
pub(super) fn take(case: &Case<'_>, own: &mut Sender<'_>, peer: &mut Evidence) {
    // 1.
    peer.is_answered();
    // 2.
    let asks = case.segment.payload_len <= 1 && case.is_keep_alive();
    if !asks && case.step.delivery.repeated == 0 {
        return;
    }
    let (frame, now) = (case.frame.number, case.frame.time.into());
    let heard = peer.heard.get();
    let (start, end) = case.octets;
    let first = own.unacked.overlapping(start, end).next().filter(|sent| {
        sent.times == 1 && !asks && sent.time.zip(heard).is_none_or(|(sent, heard)| sent > heard)
    });
    let unanswered = &mut own.evidence.rare().unanswered;
    match unanswered {
        Some(before) => {
            before.tries = before.tries.saturating_add(1);
            before.latest = frame;
        }
        None => {
            *unanswered = Some(match first {
                Some(first) => {
                    Unanswered { frame: first.frame, time: first.time.into(), latest: frame, tries: 1 }
                }
                None => Unanswered { frame, time: now, latest: frame, tries: 0 },
            });
        }
    }
}

impl Evidence {
    /// Rule 1: the other end sends something.
    pub(in crate::track) fn is_answered(&mut self) {
        if let Some(rare) = &mut self.rare {
            rare.unanswered = None;
        }
    }

    /// What this end has sent again since the other end was heard.
    pub(in crate::track) fn unanswered(&self) -> Option<Unanswered> {
        self.rare.as_ref()?.unanswered
    }

    /// When the latest segment of this end was captured, RSTs and what was not taken left out.
    pub(in crate::track) fn heard(&self) -> Option<Timestamp> {
        self.heard.get()
    }

    /// Whether this end sent octets, and the other end neither octets nor its FIN since.
    pub(in crate::track) fn spoke(&self) -> bool {
        self.spoke
    }

    /// Keep-alives of this end since the other end was heard.
    pub(in crate::track) fn keep_alives(&self) -> u32 {
        self.rare.as_ref().map_or(0, |rare| rare.keep_alives)
    }
}
