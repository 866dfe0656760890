//! Who says what when: turns, pauses in the middle of a turn, and what is held back. Rules 8 and 9 of
//! [`time_spent`](super), and the evidence of [`dialogue`](super::super::dialogue).

use super::progress::Progress;
use super::{COMPLETE, Marks, Spent};
use crate::track::measure::dialogue::{AT_ONCE, DELAYED, EVENT, NOTABLE, PACED};
use crate::track::vocabulary::flow::Side;

/// Nanoseconds of a pause that is none: shorter ones are transfer, and cost nothing to tell.
const SHORT: i64 = 1_000_000;

impl Spent {
    /// `from` sends new octets, so many nanoseconds after the segment before; `answers`: they acknowledge all octets under
    /// way.
    #[inline(always)]
    pub(super) fn speak(
        &mut self,
        from: Side,
        progress: Progress<'_>,
        (nanos, answers): (i64, bool),
        round_trip: impl FnOnce() -> Option<i64>,
    ) {
        let turns = self.spoke != Some(from);
        let Marks(before) = self.marks;
        if turns || before & Marks::HELD != 0 || self.silence >= SHORT || self.since_speech >= PACED {
            // What is referred to is a copy, so that the progress itself stays in registers.
            let copy = progress;
            self.speak_late(from, &copy, (nanos, answers), round_trip);
        }
        (self.silence, self.since_speech) = (0, 0);
        let own = from as usize;
        let mut marks = self.marks.0 | Marks::SPOKEN[own];
        marks &= !(Marks::EMPTIED | Marks::LONE | Marks::HELD | Marks::COMPLETE[own]);
        if progress.pushes {
            marks |= Marks::COMPLETE[own];
            if progress.empties() {
                marks |= Marks::EMPTIED;
                if turns && progress.flight == 0 {
                    marks |= Marks::LONE;
                }
            }
        }
        self.marks = Marks(marks);
        self.spoke = Some(from);
        self.speech = progress.frame;
    }

    /// Like [`speak`](Self::speak), where something is to be said of the time before.
    #[inline(never)]
    fn speak_late(
        &mut self,
        from: Side,
        progress: &Progress<'_>,
        (nanos, answers): (i64, bool),
        round_trip: impl FnOnce() -> Option<i64>,
    ) {
        let trip = round_trip().unwrap_or(0);
        let (silence, since) = (self.silence, self.since_speech);
        if self.spoke != Some(from) {
            let late = if answers { (nanos - trip).max(0) } else { 0 };
            self.turn(from, (silence, late), progress);
            return;
        }
        if self.marks.has(Marks::HELD) && nanos <= trip + trip / 8 + AT_ONCE {
            self.notes().holds(from, progress.frame);
        }
        self.goes_on(from, (silence, since), progress, trip);
    }

    /// Rules 9 and 10: an end speaks that did not speak last, after so many nanoseconds in which all had been acknowledged,
    /// and so many until its octets acknowledge it.
    fn turn(&mut self, from: Side, (silence, late): (i64, i64), progress: &Progress<'_>) {
        let nanos = silence + late;
        match self.spoke {
            Some(peer) => {
                self.turns = self.turns.saturating_add(1);
                if self.marks.has(Marks::LED) {
                    if from == Side::Server {
                        return self.tells(nanos);
                    }
                    self.marks.set(Marks::LED, nanos < NOTABLE);
                }
                let own = self.marks.has(Marks::COMPLETE[from as usize])
                    || !self.marks.has(Marks::SPOKEN[from as usize]);
                if own && !progress.gap && self.is_complete(peer, nanos) {
                    self.thinking[from as usize] += nanos;
                    if nanos >= NOTABLE {
                        let question = self.speech;
                        self.notes().answers(from, (nanos, silence), (question, progress.frame));
                    }
                } else if nanos > 0 {
                    self.rare().waiting += nanos;
                }
            }
            None => {
                let whole = progress.begins();
                if (progress.gap || !whole) && nanos > 0 {
                    self.rare().waiting += nanos;
                } else {
                    self.thinking[from as usize] += nanos;
                }
                let server = from == Side::Server;
                self.marks.set(Marks::GREETED, server && whole);
                self.marks.set(Marks::LED, server && !whole);
            }
        }
    }

    /// Rule 10: the server speaks unasked, so many nanoseconds behind an answer of the client.
    #[cold]
    fn tells(&mut self, nanos: i64) {
        if nanos > 0 {
            self.rare().waiting += nanos;
        }
        if nanos >= NOTABLE {
            self.notes().tells(Side::Server);
        }
    }

    /// Whether what `side` said is complete, after so many nanoseconds of silence.
    pub(super) fn is_complete(&self, side: Side, silence: i64) -> bool {
        self.marks.has(Marks::COMPLETE[side as usize]) || silence >= COMPLETE
    }

    /// Rule 8: the end that spoke last goes on after so many nanoseconds, with nothing under way for `silence` of them.
    fn goes_on(&mut self, from: Side, (silence, since): (i64, i64), progress: &Progress<'_>, trip: i64) {
        let pause = silence - trip;
        if pause > 0 {
            let emptied = self.marks.has(Marks::EMPTIED);
            let rare = self.rare();
            if emptied && progress.fits() && !progress.gap && since < EVENT {
                rare.pauses[from as usize] += pause;
            } else {
                rare.waiting += pause;
            }
        }
        // An acknowledgement that was waited for would have brought more sooner.
        if since >= PACED && since > trip + trip / 4 + AT_ONCE {
            self.takes_time(from, since, progress);
        }
    }

    /// The end that spoke last goes on later than any acknowledgement would have let it.
    #[cold]
    fn takes_time(&mut self, from: Side, since: i64, progress: &Progress<'_>) {
        if from == Side::Client && since >= NOTABLE {
            // Rule 10.
            self.marks.set(Marks::LED, false);
            if since >= COMPLETE {
                self.marks.set(Marks::GOES_ON, true);
            }
        }
        if self.marks.has(Marks::EMPTIED) && progress.fits() && !progress.gap {
            let before = self.speech;
            self.notes().paces(from, since, progress, before);
            if since >= EVENT && from == Side::Server {
                self.marks.set(Marks::LED, true);
            }
        }
    }

    /// A segment without octets comes behind a lone one, or behind the delayed acknowledgement of that.
    #[cold]
    pub(super) fn hear(
        &mut self,
        (nanos, answers): (i64, bool),
        frame: u64,
        round_trip: impl FnOnce() -> Option<i64>,
    ) {
        let lone = self.marks.has(Marks::LONE);
        self.marks.set(Marks::LONE | Marks::HELD, false);
        let delay = nanos - round_trip().unwrap_or(0);
        if lone && answers && (DELAYED.0..DELAYED.1).contains(&delay) {
            let delayed = (delay, self.speech, frame);
            self.notes().delayed = delayed;
            self.marks.set(Marks::HELD, true);
        }
    }
}
