//! Where a connection's time went.
//!
//! The time from one segment to the next goes to one part, or is split between two; so the parts add up to the
//! duration, whatever happens. Time that goes backwards is none, and comes back as none: only what lies behind the
//! latest time seen counts. Rules, in the order in which they are tried, by what was so when the time began:
//!   1. an end of which a segment was captured has not got its SYN acknowledged: handshake,
//!   2. the connection had ended: teardown,
//!   3. the segment that ends the time repeats octets that were not acknowledged, or what was sent up to such a segment
//!      still is not: recovery (the recovery point of RFC 6582, section 3.2),
//!   4. an end waits with its window closed: closed window,
//!   5. octets are under way: transfer. Where those of one end only are, and the other answers with octets of its own
//!      that acknowledge them, it has been thinking for as long as the answer took longer than the shortest round trip
//!      to it,
//!   6. a FIN was sent: teardown,
//!   7. else everything is answered, and whoever sends octets, FIN or RST next has been thinking until then. Where the
//!      capture ends before that, it is the one who did not speak last; at first the client.

use crate::track::compact::prefetch::Prefetcher;
use crate::track::direction::half::Half;
use crate::track::direction::step::Case;
use crate::track::direction::syn::Syn;
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::measures::TimeSpent;
use crate::wire::segment::Segment;

/// Where the time went until now.
#[derive(Clone, Debug, Default)]
pub(in crate::track) struct Spent {
    handshake: i64,
    /// The client's, and the server's.
    thinking: [i64; 2],
    teardown: i64,
    /// Nanoseconds of silence with nothing under way, not yet given to the end that sends next.
    silence: i64,
    spoke: Option<Side>,
    rare: Option<Box<Rare>>,
}

/// Times and numbers that only a connection with losses or closed windows needs.
#[derive(Clone, Copy, Debug, Default)]
struct Rare {
    recovery: i64,
    closed_window: i64,
    /// Up to which number each end is recovering from a loss; client, then server.
    points: [i64; 2],
}

/// How things stood between two segments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::track) enum Phase {
    Opening,
    Ended,
    /// Octets of the ends in `under_way` are in flight, with a loss where `recovering`; a window is closed, a FIN was
    /// sent.
    Open {
        under_way: [bool; 2],
        recovering: bool,
        closed: bool,
        fin: bool,
    },
}

/// What a segment means for the time that an end waits.
#[derive(Clone, Copy, Debug)]
pub(in crate::track) struct Progress {
    /// The segment repeats octets that were not acknowledged.
    pub(in crate::track) lost: bool,
    /// The segment brings octets, and acknowledges all of the other end's, some for the first time.
    pub(in crate::track) answers: bool,
    /// The segment brings octets, a FIN or a RST.
    pub(in crate::track) speaks: bool,
}

impl Progress {
    /// The progress of a segment of the fast path, which begins at SND.NXT and acknowledges `newly_acked` numbers,
    /// `all` there are or not.
    #[inline]
    pub(in crate::track) fn in_order(segment: &Segment<'_>, newly_acked: u64, all: bool) -> Self {
        let answers = segment.payload_len > 0 && newly_acked > 0 && all;
        Self { lost: false, answers, speaks: segment.seq_len() > 0 }
    }
}

impl Spent {
    /// Prefetches it.
    pub(in crate::track) fn prefetch(&self, prefetcher: &mut impl Prefetcher) {
        prefetcher.field(&self.silence);
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
        Phase::Open { under_way, recovering: self.recovering(halves, under_way), closed, fin }
    }

    /// Like [`phase`](Self::phase), but between two ends that are ESTABLISHED, have sent segments that were captured,
    /// and have open windows.
    #[inline]
    pub(in crate::track) fn phase_open(&self, halves: [&Half; 2]) -> Phase {
        let [client, server] = halves;
        let under_way = [client.snd_nxt > client.snd_una, server.snd_nxt > server.snd_una];
        let recovering = self.recovering(halves, under_way);
        Phase::Open { under_way, recovering, closed: false, fin: false }
    }

    #[inline]
    fn recovering(&self, halves: [&Half; 2], under_way: [bool; 2]) -> bool {
        self.rare.as_ref().is_some_and(|rare| {
            (0..2).any(|side| under_way[side] && halves[side].snd_una < rare.points[side])
        })
    }

    /// The segment of `case`, by `from`, ends a time of `nanos` in which things stood so. `round_trip`: the shortest
    /// from the other end to this one and back.
    pub(in crate::track) fn pass(
        &mut self,
        phase: Phase,
        nanos: i64,
        case: &Case<'_>,
        from: Side,
        round_trip: impl FnOnce() -> Option<i64>,
    ) {
        let len = case.segment.payload_len;
        let repeated = if len > 0 { case.repeated_payload() } else { 0 };
        // What arrived is repeated in vain, and nothing is waited for; nor is what a closed window turned away.
        let lost = repeated > 0
            && !case.meets_closed_window()
            && case.step.octets.is_some_and(|(start, end)| {
                let (again, until) = (start.max(case.own.snd_una), end.min(case.step.snd_nxt));
                again < until && (case.probed != Some(start) || repeated > 1)
            });
        let answers = len > repeated && case.step.newly_acked > 0 && case.peer.snd_una >= case.peer.snd_nxt;
        let speaks = len > 0 || case.segment.flags.fin() || case.segment.flags.rst();
        self.go_by(phase, nanos, from, Progress { lost, answers, speaks }, round_trip);
        if lost {
            let point = &mut self.rare().points[from as usize];
            *point = (*point).max(case.step.snd_nxt);
        }
    }

    /// Time goes by until `from` says something; all times together are never more than the largest number.
    #[inline]
    pub(in crate::track) fn go_by(
        &mut self,
        phase: Phase,
        nanos: i64,
        from: Side,
        progress: Progress,
        round_trip: impl FnOnce() -> Option<i64>,
    ) {
        match phase {
            // 1.
            Phase::Opening => self.handshake += nanos,
            // 2.
            Phase::Ended => self.teardown += nanos,
            // 3.
            Phase::Open { recovering, .. } if recovering || progress.lost => self.rare().recovery += nanos,
            // 4.
            Phase::Open { closed: true, .. } => self.rare().closed_window += nanos,
            // 5.
            Phase::Open { under_way, .. } if under_way != [false; 2] => {
                let answers = progress.answers && !under_way[from as usize];
                let on_its_way = if answers { round_trip().unwrap_or(0).min(nanos) } else { nanos };
                self.thinking[from as usize] += nanos - on_its_way;
            }
            // 6.
            Phase::Open { fin: true, .. } => self.teardown += nanos,
            // 7.
            Phase::Open { .. } => self.silence += nanos,
        }
        if progress.speaks {
            self.thinking[from as usize] += std::mem::take(&mut self.silence);
            self.spoke = Some(from);
        }
    }

    /// The numbers of an end begin anew.
    pub(in crate::track) fn begin_anew(&mut self, side: Side) {
        if let Some(rare) = &mut self.rare {
            rare.points[side as usize] = 0;
        }
    }

    /// All of it, in a connection that lived so many nanoseconds. What was spent otherwise is not counted: it is transfer.
    pub(in crate::track) fn report(&self, life: i64) -> TimeSpent {
        let mut thinking = self.thinking;
        thinking[self.spoke.map_or(Side::Client, Side::peer) as usize] += self.silence;
        let Rare { recovery, closed_window, .. } = self.rare.as_deref().copied().unwrap_or_default();
        let [client, server] = thinking;
        let others = self.handshake + recovery + closed_window + client + server + self.teardown;
        TimeSpent {
            handshake: self.handshake,
            transfer: life - others,
            recovery,
            closed_window,
            client_thinking: client,
            server_thinking: server,
            teardown: self.teardown,
        }
    }

    fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }
}
