//! Where a connection's time went.
//!
//! The time from one segment to the next goes to one part, or is split between two; so the parts add up to the
//! duration, whatever happens. Time that goes backwards is none, and comes back as none: only what lies behind the
//! latest time seen counts. Rules, in the order in which they are tried, by what was so when the time began:
//!   1. an end of which a segment was captured has not got its SYN acknowledged: handshake,
//!   2. the connection had ended: teardown,
//!   3. the segment that ends the time repeats octets that were not acknowledged, or what was sent up to such a segment
//!      still is not: recovery (the recovery point of RFC 6582, section 3.2),
//!   4. octets before those that were captured are missing: recovery, if they come no sooner than a round trip to their
//!      sender takes; else they were overtaken, and if they never come, the capture missed them: transfer,
//!   5. an end waits with its window closed: closed window,
//!   6. octets are under way: transfer. Where those of one end only are, and the other answers with octets of its own
//!      that acknowledge them, the time by which the answer took longer than the shortest round trip goes by rule 9,
//!   7. a FIN was sent: what goes by until the other end sends octets goes by rule 9; else it is teardown,
//!   8. else everything is answered, and the silence lasts until an end sends new octets. Where it is the one that had
//!      spoken last, it pauses in the middle of what it says: transfer for a millisecond, or as long as a round trip to it takes, then
//!      the sender's thinking where the capture was taken near it, its queue had been empty, a segment fitted the window, and it
//!      went on within [`EVENT`](super::dialogue::EVENT), else waiting,
//!   9. where the other end speaks, it was asked, and has been thinking: if what was said before is complete, as PSH or
//!      FIN shows, or a second of silence ([`COMPLETE`]), it had completed what it said itself, and nothing is missing
//!      before what it says now. Else: waiting. A FIN
//!      or a RST is no speech: the silence before it, or before the end of the capture, goes to the end that did
//!      not speak last, at first to the client. But where the end that spoke last closes within a second, it had
//!      asked nothing, and has paused as in rule 8; and a client that has gone on without answers awaits none: waiting,
//!  10. a server speaks unasked once it tells news, behind words of its own and [`EVENT`](super::dialogue::EVENT) of
//!      silence, or speaks first where the capture begins later than the connection. What the client says at once behind
//!      that is an answer: the server owes nothing, and the time until it speaks is waiting. That ends where the client
//!      takes [`NOTABLE`] before it speaks, behind the server or behind itself: it asks again.

mod progress;
mod speech;

pub(in crate::track) use progress::Progress;

use super::dialogue::{Dialogue, NOTABLE};
use super::vantage;
use crate::track::compact::prefetch::Prefetcher;
use crate::track::direction::half::Half;
use crate::track::direction::step::Case;
use crate::track::direction::syn::Syn;
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::measures::{TimeSpent, Vantage};

/// Nanoseconds of silence that show that what was said without PSH is complete: what was lost of it would have been sent
/// again (RFC 6298, rule 2.4).
const COMPLETE: i64 = 1_000_000_000;

/// Where the time went until now.
#[derive(Clone, Debug, Default)]
pub(in crate::track) struct Spent {
    handshake: i64,
    /// The client's, and the server's.
    thinking: [i64; 2],
    teardown: i64,
    /// Nanoseconds of silence with nothing under way, not yet given to an end.
    silence: i64,
    /// Nanoseconds since new octets were sent.
    since_speech: i64,
    /// The frame that brought them.
    speech: u64,
    /// How often an end spoke after the other one; stops at the largest number.
    turns: u32,
    /// Who spoke last.
    spoke: Option<Side>,
    marks: Marks,
    rare: Option<Box<Rare>>,
}

/// Facts about what was said last, a bit each.
#[derive(Clone, Copy, Debug, Default)]
struct Marks(u16);

impl Marks {
    /// The latest octets of the client had PSH, or a FIN followed; those of the server.
    const COMPLETE: [u16; 2] = [1, 2];
    /// The client has sent octets; the server has.
    const SPOKEN: [u16; 2] = [4, 8];
    /// A FIN was sent.
    const FIN: u16 = 16;
    /// The latest octets emptied their sender's queue: they are no full segment, have PSH, and another would have fitted.
    const EMPTIED: u16 = 32;
    /// The latest segment of all began a turn, is no full one, and is all that its sender has under way.
    const LONE: u16 = 64;
    /// The latest segment of all is a delayed acknowledgement of a lone one.
    const HELD: u16 = 128;
    /// The client went on after a second in which it was not answered: it does not wait for answers.
    const GOES_ON: u16 = 256;
    /// The server spoke first, in a connection that was captured from its SYN,ACK on.
    const GREETED: u16 = 512;
    /// Octets before others were missing when the latest segment of all came.
    const MISSING: u16 = 1024;
    /// There are recovery points.
    const POINTS: u16 = 2048;
    /// The server speaks unasked: what the client says at once behind that is its answer, and no question.
    const LED: u16 = 4096;

    #[inline]
    fn has(self, mark: u16) -> bool {
        self.0 & mark != 0
    }

    #[inline]
    fn set(&mut self, mark: u16, on: bool) {
        self.0 = if on { self.0 | mark } else { self.0 & !mark };
    }
}

/// Times and numbers that only a connection with losses, closed windows, pauses or slow answers needs.
#[derive(Clone, Debug, Default)]
struct Rare {
    recovery: i64,
    closed_window: i64,
    waiting: i64,
    /// What each end paused in the middle of its speech, with room in the window, client, then server.
    pauses: [i64; 2],
    /// Nanoseconds for which octets have been missing that were not captured yet.
    missing: i64,
    /// Up to which number each end is recovering from a loss; client, then server.
    points: [i64; 2],
    dialogue: Option<Box<Dialogue>>,
}

/// How things stood between two segments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::track) enum Phase {
    Opening,
    Ended,
    /// Octets of the ends in `under_way` are in flight, with a loss where `recovering`; octets before others are
    /// `missing`, a window is closed, a FIN was sent.
    Open {
        under_way: [bool; 2],
        recovering: bool,
        missing: bool,
        closed: bool,
        fin: bool,
    },
}

impl Spent {
    /// Prefetches it.
    pub(in crate::track) fn prefetch(&self, prefetcher: &mut impl Prefetcher) {
        prefetcher.field(&self.silence);
        prefetcher.field(&self.turns);
    }

    /// How things stand now. `ended`: nothing more is to come; `closed`: an end's window is.
    pub(in crate::track) fn phase(&self, halves: [&Half; 2], ended: bool, closed: bool) -> Phase {
        if ended {
            return Phase::Ended;
        }
        if halves.iter().any(|half| half.segments > 0 && half.syn != Syn::Acked) {
            return Phase::Opening;
        }
        let under_way = halves.map(|half| {
            let end = half.fin.at().map_or(half.snd_nxt, |fin| half.snd_nxt.min(fin));
            half.segments > 0 && end > half.snd_una
        });
        let fin = halves.iter().any(|half| half.fin.is_sent());
        let recovering = self.recovering(halves, under_way);
        let missing = halves.iter().any(|half| half.awaits_missing());
        Phase::Open { under_way, recovering, missing, closed, fin }
    }

    /// Like [`phase`](Self::phase), but between two ends that are ESTABLISHED, have sent segments that were captured,
    /// and have open windows.
    #[inline]
    pub(in crate::track) fn phase_open(&self, halves: [&Half; 2]) -> Phase {
        let [client, server] = halves;
        let under_way = [client.snd_nxt > client.snd_una, server.snd_nxt > server.snd_una];
        let recovering = self.recovering(halves, under_way);
        let missing = client.awaits_missing() || server.awaits_missing();
        Phase::Open { under_way, recovering, missing, closed: false, fin: false }
    }

    #[inline]
    fn recovering(&self, halves: [&Half; 2], under_way: [bool; 2]) -> bool {
        self.rare.as_ref().is_some_and(|rare| {
            (0..2).any(|side| under_way[side] && halves[side].snd_una < rare.points[side])
        })
    }

    /// The segment of `case`, by `from`, ends a time of `nanos` in which things stood so. `round_trip`: the shortest to
    /// an end and back.
    pub(in crate::track) fn pass(
        &mut self,
        phase: Phase,
        nanos: i64,
        case: &Case<'_>,
        from: Side,
        round_trip: impl Fn(Side) -> Option<i64>,
    ) {
        let progress = Progress::of(case);
        self.go_by(phase, nanos, from, progress, round_trip);
        if progress.lost {
            let point = &mut self.rare().points[from as usize];
            *point = (*point).max(case.step.snd_nxt);
            self.marks.set(Marks::POINTS, true);
        }
    }

    /// Time goes by until `from` sends a segment; all times together are never more than the largest number.
    #[inline(never)]
    pub(in crate::track) fn go_by(
        &mut self,
        phase: Phase,
        nanos: i64,
        from: Side,
        progress: Progress<'_>,
        round_trip: impl Fn(Side) -> Option<i64>,
    ) {
        self.since_speech += nanos;
        let (mut answers, mut missing) = (false, false);
        match phase {
            // 1.
            Phase::Opening => self.handshake += nanos,
            // 2.
            Phase::Ended => self.teardown += nanos,
            // 3.
            Phase::Open { recovering, .. } if recovering || progress.lost => self.rare().recovery += nanos,
            // 4.
            Phase::Open { missing: true, .. } => {
                self.misses(nanos, progress.fills, || round_trip(from));
                missing = true;
            }
            // 5.
            Phase::Open { closed: true, .. } => self.rare().closed_window += nanos,
            // 6.
            Phase::Open { under_way, .. } if under_way != [false; 2] => {
                answers = progress.acks_all && !under_way[from as usize];
            }
            // 7. and 8.
            Phase::Open { .. } => self.silence += nanos,
        }
        self.marks.set(Marks::MISSING, missing);
        self.then(from, progress, (nanos, answers), round_trip);
    }

    /// Like [`go_by`](Self::go_by), where the phase is that of [`phase_open`](Self::phase_open) before the segment, of the
    /// fast path.
    #[inline(always)]
    pub(in crate::track) fn go_on(
        &mut self,
        halves: [&Half; 2],
        nanos: i64,
        from: Side,
        progress: Progress<'_>,
        round_trip: impl Fn(Side) -> Option<i64>,
    ) {
        let (own, peer) = progress.halves;
        // Nothing is recovered from or missing, where there is no place to note it.
        if self.marks.has(Marks::POINTS | Marks::MISSING) || own.has_rare() || peer.has_rare() {
            let phase = self.phase_open(halves);
            return self.go_by(phase, nanos, from, progress, round_trip);
        }
        self.since_speech += nanos;
        let own_under_way = own.snd_nxt > own.snd_una;
        let any = own_under_way || peer.snd_nxt > peer.snd_una;
        // 6.
        let answers = any && progress.acks_all && !own_under_way;
        // 7. and 8.
        self.silence += if any { 0 } else { nanos };
        self.then(from, progress, (nanos, answers), round_trip);
    }

    /// `from` sends its segment, so many nanoseconds after the one before; it `answers` the octets under way.
    #[inline(always)]
    fn then(
        &mut self,
        from: Side,
        progress: Progress<'_>,
        (nanos, answers): (i64, bool),
        round_trip: impl Fn(Side) -> Option<i64>,
    ) {
        if progress.len > 0 {
            self.speak(from, progress, (nanos, answers), || round_trip(from));
        } else if self.marks.has(Marks::LONE | Marks::HELD) {
            self.hear((nanos, answers), progress.frame, || round_trip(from));
        }
        if progress.ends {
            // What is referred to is a copy, so that the progress itself stays in registers.
            let copy = progress;
            self.end(from, &copy);
        }
    }

    /// Rule 4.
    #[cold]
    fn misses(&mut self, nanos: i64, fills: bool, round_trip: impl FnOnce() -> Option<i64>) {
        let fresh = !self.marks.has(Marks::MISSING);
        let rare = self.rare();
        rare.missing = nanos + if fresh { 0 } else { rare.missing };
        if fills {
            let missing = std::mem::take(&mut rare.missing);
            if round_trip().is_none_or(|trip| missing >= trip) {
                rare.recovery += missing;
            }
        }
    }

    /// Rules 7 and 9: `from` sends a FIN or a RST.
    fn end(&mut self, from: Side, progress: &Progress<'_>) {
        let silence = std::mem::take(&mut self.silence);
        if self.marks.has(Marks::FIN) {
            self.teardown += silence;
        } else if silence > 0 && self.spoke == Some(from) && silence < COMPLETE {
            self.rare().pauses[from as usize] += silence;
        } else {
            match self.expected(silence) {
                Some(by) => {
                    self.thinking[by as usize] += silence;
                    if silence >= NOTABLE && from != by && self.owes(by) {
                        let question = self.speech;
                        self.notes().unanswered = (silence, question, progress.frame);
                    }
                }
                None => self.rare().waiting += silence,
            }
        }
        if progress.fin {
            self.marks.set(Marks::FIN, true);
            self.marks.set(Marks::COMPLETE[from as usize], true);
        }
    }

    /// Applies rules 9 and 10: who is expected to speak after so many nanoseconds of silence.
    fn expected(&self, silence: i64) -> Option<Side> {
        match self.spoke {
            Some(side) if silence > 0 && !self.is_complete(side, silence) => None,
            // It awaits nothing.
            Some(Side::Client) if silence > 0 && self.marks.has(Marks::GOES_ON | Marks::LED) => None,
            Some(side) => Some(side.peer()),
            None => Some(Side::Client),
        }
    }

    /// Whether the end on `side` owes an answer: it is the server, and the client has asked, and goes on with nothing else.
    fn owes(&self, side: Side) -> bool {
        let awaits = !self.marks.has(Marks::GOES_ON | Marks::LED);
        side == Side::Server && self.spoke == Some(Side::Client) && awaits
    }

    /// The numbers of an end begin anew.
    pub(in crate::track) fn begin_anew(&mut self, side: Side) {
        if let Some(rare) = &mut self.rare {
            rare.points[side as usize] = 0;
        }
    }

    /// All of it, in a connection that lived so many nanoseconds, captured there. What was spent otherwise is not
    /// counted: it is transfer.
    pub(in crate::track) fn report(&self, life: i64, vantage: Vantage) -> TimeSpent {
        let (mut thinking, mut teardown) = (self.thinking, self.teardown);
        let calm = Rare::default();
        let rare = self.rare.as_deref().unwrap_or(&calm);
        let Rare { recovery, closed_window, .. } = *rare;
        let missing = if self.marks.has(Marks::MISSING) { rare.missing } else { 0 };
        let mut waiting = rare.waiting + missing;
        // 7. to 9.
        match self.expected(self.silence) {
            _ if self.marks.has(Marks::FIN) => teardown += self.silence,
            Some(by) => thinking[by as usize] += self.silence,
            None => waiting += self.silence,
        }
        // 8.
        for side in [Side::Client, Side::Server] {
            let pauses = rare.pauses[side as usize];
            if vantage::is_near(vantage, side) {
                thinking[side as usize] += pauses;
            } else {
                waiting += pauses;
            }
        }
        let [client, server] = thinking;
        let others = self.handshake + recovery + closed_window + waiting + client + server + teardown;
        TimeSpent {
            handshake: self.handshake,
            transfer: life - others,
            recovery,
            closed_window,
            client_thinking: client,
            server_thinking: server,
            teardown,
            waiting,
        }
    }

    /// Nanoseconds for which the server has owed an answer when the latest segment came, and the frame of the question.
    pub(in crate::track) fn owed(&self) -> Option<(i64, u64)> {
        let complete = self.is_complete(Side::Client, self.silence);
        let owed = self.owes(Side::Server) && complete && !self.marks.has(Marks::FIN);
        owed.then_some((self.silence, self.speech))
    }

    /// How often an end answered the other one, and the other one that.
    pub(in crate::track) fn exchanges(&self) -> u32 {
        self.turns.div_ceil(2)
    }

    /// Whether the server spoke first.
    pub(in crate::track) fn is_greeted(&self) -> bool {
        self.marks.has(Marks::GREETED)
    }

    /// What the connection shows of its programs, where any of it took time.
    pub(in crate::track) fn dialogue(&self) -> Option<&Dialogue> {
        self.rare.as_ref()?.dialogue.as_deref()
    }

    /// The place for what the connection shows of its programs.
    fn notes(&mut self) -> &mut Dialogue {
        self.rare().dialogue.get_or_insert_default()
    }

    fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }
}
