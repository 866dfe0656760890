//! Programs that write in a way that costs time: small exchanges one by one, small pieces, slowly.

use super::Course;
use crate::track::measure::dialogue::{Dialogue, Paced, Stalls};
use crate::track::vocabulary::finding::Certainty;
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::verdict::{Party, Reason, Verdict};

/// Exchanges that are many, and nanoseconds of a round trip that is long: below, a program that asks one by one loses
/// little.
const MANY: u32 = 10;
const LONG: i64 = 10_000_000;

/// Nanoseconds in all that somebody feels.
const FELT: i64 = 500_000_000;

/// Octets that an initial window of ten segments takes at most (RFC 6928, section 2): what is sent at once.
const AT_ONCE: u64 = 14_600;

/// Pieces that were held back, from which on it is a habit, and nanoseconds that they cost in all.
const HABIT: u32 = 3;
const HELD: i64 = 100_000_000;

/// Pieces between which a sender took its time.
const PIECES: u32 = 10;

/// Nanoseconds from one piece to the next, on average, that are told from the time that the pieces take on a slow link
/// where the capture was not taken near the sender: a piece smaller than 1,400 octets takes less at 560 kbit/s.
const APART: i64 = 20_000_000;

/// Judges how both programs write.
pub(super) fn judge(course: &Course<'_>, verdicts: &mut Vec<Verdict>) {
    verdicts.extend(round_trips(course));
    let Some(dialogue) = course.spent.dialogue() else { return };
    for side in [Side::Client, Side::Server] {
        verdicts.extend(held_back(course, dialogue, side));
        verdicts.extend(slow_sender(course, dialogue, side));
    }
}

/// Many small exchanges on a long path:
///   1. [`MANY`] at least, each of no more octets than are sent at once, on average,
///   2. with a round trip of [`LONG`] at least,
///   3. whose round trips come to [`FELT`], and to half of the duration,
///   4. where the handshake shows what a round trip takes: what an end takes before it answers is none of it,
///   5. and the client took no quarter of that time before it asked again: else a timer sets the pace.
fn round_trips(course: &Course<'_>) -> Option<Verdict> {
    // 4.
    let round_trip = course.round_trip()?.min(course.report.initial_rtt?);
    let exchanges = course.spent.exchanges();
    let octets = course.report.client.stream_bytes.saturating_add(course.report.server.stream_bytes);
    if exchanges < MANY || round_trip < LONG || octets / u64::from(exchanges) > AT_ONCE {
        return None;
    }
    let nanos = round_trip.saturating_mul(exchanges.into());
    if nanos < FELT || !course.is_share(nanos, 50) {
        return None;
    }
    // 5.
    let thinking = course.report.time_spent.map_or(0, |spent| spent.client_thinking);
    if thinking > nanos / 4 {
        return None;
    }
    // Whoever asks one by one does that: the client, as far as is known.
    let verdict =
        Verdict::new(Reason::RoundTrips { exchanges, round_trip }, Party::Client, Certainty::Likely);
    Some(verdict.lasted(Some(nanos.min(course.duration()))))
}

/// Small writes of `side` were held back until a delayed acknowledgement, as the numbers of [`Dialogue`] show:
///   1. [`HABIT`] times at least,
///   2. for [`HELD`] and a fifth of the duration in all.
fn held_back(course: &Course<'_>, dialogue: &Dialogue, side: Side) -> Option<Verdict> {
    let Stalls { count, total, frames } = dialogue.stalls[side as usize];
    if count < HABIT || total < HELD || !course.is_share(total, 20) {
        return None;
    }
    let reason = Reason::NagleDelayedAck { by: side, stalls: count };
    let verdict = Verdict::new(reason, side.into(), Certainty::Likely).lasted(Some(total));
    Some(frames.into_iter().fold(verdict, Verdict::shown_by))
}

/// The program of `side` writes slowly:
///   1. [`PIECES`] times at least it took its time behind a segment that emptied its queue, with room in the window and
///      next to nothing under way,
///   2. which is [`FELT`] in all, and half of the duration,
///   3. it had more to say than is sent at once,
///   4. the capture was taken near it, or the pieces are [`APART`], and recovery cost no tenth of that time.
///
/// Whether it could write faster is undecidable: what is made as time goes by, as measurements and pictures are, looks the
/// same.
fn slow_sender(course: &Course<'_>, dialogue: &Dialogue, side: Side) -> Option<Verdict> {
    let Paced { count, total, octets, frames: (before, behind), .. } = dialogue.paced[side as usize];
    // 1. to 3.
    if count < PIECES || total < FELT || !course.is_share(total, 50) || octets < AT_ONCE {
        return None;
    }
    // 4.
    let interval = total / i64::from(count);
    let recovery = course.report.time_spent.map_or(0, |spent| spent.recovery);
    let near = course.is_near(side);
    if !near && interval < APART || recovery >= total / 10 {
        return None;
    }
    let reason = Reason::SlowSender { by: side, pieces: count, interval, octets };
    let verdict = Verdict::new(reason, Party::from(side), Certainty::Undecidable).lasted(Some(total));
    Some(verdict.shown_by(before).shown_by(behind))
}
