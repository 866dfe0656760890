//! How two programs speak with each other: answers that took time, small pieces that were held back, a sender that paces itself.
//!
//! Rules:
//!   1. an answer is noted where it took [`NOTABLE`] long: the thinking of `time_spent`, which the network has no part in,
//!   2. a small piece was held back where one that is no full segment began a turn, alone, was acknowledged by a segment
//!      without octets [`DELAYED`] late (RFC 9293, section 3.8.6.3), and its sender went on [`AT_ONCE`] behind that,
//!      round trips not counted (RFC 9293, section 3.7.4: Nagle's algorithm),
//!   3. a sender paces itself where it goes on [`PACED`] after a segment that emptied its queue (PSH, and not full), with
//!      room in the window and next to nothing under way, and before [`EVENT`]: what comes seldom is news, not the rest.

use super::time_spent::Progress;
use crate::track::vocabulary::flow::Side;

/// Nanoseconds from which on an answer is noted: people notice a tenth of a second.
pub(super) const NOTABLE: i64 = 100_000_000;

/// Nanoseconds by which an acknowledgement is delayed, least and most: Linux waits 40 ms at least, others up to 200 ms, and
/// RFC 9293, section 3.8.6.3, allows less than half a second.
pub(super) const DELAYED: (i64, i64) = (25_000_000, 500_000_000);

/// Nanoseconds behind an acknowledgement within which a kernel sends what it had held back.
pub(super) const AT_ONCE: i64 = 2_000_000;

/// Nanoseconds between two pieces from which on the sender may have paced itself.
pub(super) const PACED: i64 = 5_000_000;

/// Nanoseconds between two pieces that are separate news.
pub(super) const EVENT: i64 = 500_000_000;

/// Octets under way with which a sender is held back by no congestion window: two full segments of Ethernet, less than
/// any initial window (RFC 5681, section 3.1).
const FEW: i64 = 2 * 1460;

/// What a connection shows of its programs.
#[derive(Clone, Debug, Default)]
pub(in crate::track) struct Dialogue {
    /// The answers of the client that took time, and those of the server.
    pub(in crate::track) answers: [Answers; 2],
    /// Small pieces of the client that were held back, and those of the server.
    pub(in crate::track) stalls: [Stalls; 2],
    /// How the client paced itself, and how the server did.
    pub(in crate::track) paced: [Paced; 2],
    /// Nanoseconds for which the server owed an answer when the connection was closed, the frame of the question, and the
    /// frame that closed it.
    pub(in crate::track) unanswered: (i64, u64, u64),
    /// The latest delayed acknowledgement of a lone piece: by how many nanoseconds, the frame of the piece, its own.
    pub(super) delayed: (i64, u64, u64),
}

/// Answers of an end that took time.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::track) struct Answers {
    pub(in crate::track) count: u32,
    /// Nanoseconds, of all of them, and of the longest.
    pub(in crate::track) total: i64,
    pub(in crate::track) longest: i64,
    /// Nanoseconds of all of them in which the question had been acknowledged already.
    pub(in crate::track) acknowledged: i64,
    /// The frames of the question and of the longest answer.
    pub(in crate::track) frames: (u64, u64),
}

/// Small pieces of an end that were held back.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::track) struct Stalls {
    pub(in crate::track) count: u32,
    /// Nanoseconds by which the acknowledgements were late.
    pub(in crate::track) total: i64,
    /// The frames of the first: the piece, its acknowledgement, what had been held back.
    pub(in crate::track) frames: [u64; 3],
}

/// Times that a sender took before it went on.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::track) struct Paced {
    pub(in crate::track) count: u32,
    /// Times that it told news.
    pub(in crate::track) news: u32,
    /// Nanoseconds, of all of them, and of the longest.
    pub(in crate::track) total: i64,
    pub(in crate::track) longest: i64,
    /// Octets that it then sent with one segment each.
    pub(in crate::track) octets: u64,
    /// The frames before and behind the longest.
    pub(in crate::track) frames: (u64, u64),
}

impl Dialogue {
    /// Rule 1: an answer by `side` in the second of these frames, after so many nanoseconds, and in how many of those the
    /// question had been acknowledged.
    pub(super) fn answers(&mut self, side: Side, (nanos, acknowledged): (i64, i64), frames: (u64, u64)) {
        let answers = &mut self.answers[side as usize];
        answers.count = answers.count.saturating_add(1);
        answers.total += nanos;
        answers.acknowledged += acknowledged;
        if nanos > answers.longest {
            (answers.longest, answers.frames) = (nanos, frames);
        }
    }

    /// Rule 2: what `side` had held back went out in this frame.
    pub(super) fn holds(&mut self, side: Side, frame: u64) {
        let (delay, piece, ack) = self.delayed;
        let stalls = &mut self.stalls[side as usize];
        if stalls.count == 0 {
            stalls.frames = [piece, ack, frame];
        }
        stalls.count = stalls.count.saturating_add(1);
        stalls.total += delay;
    }

    /// `side` tells news behind an answer of the other end that asked nothing.
    pub(super) fn tells(&mut self, side: Side) {
        let paced = &mut self.paced[side as usize];
        paced.news = paced.news.saturating_add(1);
    }

    /// Rule 3: `side` goes on so many nanoseconds after the octets in the frame `before`.
    pub(super) fn paces(&mut self, side: Side, nanos: i64, progress: &Progress<'_>, before: u64) {
        let paced = &mut self.paced[side as usize];
        if nanos >= EVENT {
            paced.news = paced.news.saturating_add(1);
            return;
        }
        if progress.flight > FEW {
            return;
        }
        paced.count = paced.count.saturating_add(1);
        paced.total += nanos;
        paced.octets += u64::from(progress.len);
        if nanos > paced.longest {
            (paced.longest, paced.frames) = (nanos, (before, progress.frame));
        }
    }
}
