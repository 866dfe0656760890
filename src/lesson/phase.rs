//! Phases of congestion control, named from the reports of the sender's kernel (RFC 5681; RFC 6582; RFC 6298).
//!
//! A capture alone does not show the phases: the window that matters is not on the wire.

use crate::wire::call::Role;
use crate::wire::frame::Timestamp;
use crate::wire::tcp_info::{CongestionState, Sample, TcpInfo};

use super::seen::Seen;

/// A phase of a sender whose congestion control goes by losses.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Phase {
    /// The window is below the threshold and grows by one segment for each that is acknowledged (RFC 5681, section
    /// 3.1): it doubles in a round trip.
    SlowStart,
    /// The window has reached the threshold and grows slowly (RFC 5681, section 3.1).
    CongestionAvoidance,
    /// Some acknowledgements are duplicates, too few to say that anything is lost.
    Disorder,
    /// Segments are known to be lost by what was acknowledged, and are sent again without waiting for the timer (RFC
    /// 5681, section 3.2; RFC 6675).
    FastRecovery,
    /// The window is being reduced though nothing was lost.
    WindowReduction,
    /// The retransmission timer ran out: the window begins at one segment again (RFC 5681, section 3.1; RFC 6298,
    /// section 5).
    Timeout,
}

impl Phase {
    /// Every phase.
    pub const ALL: [Self; 6] = [
        Self::SlowStart,
        Self::CongestionAvoidance,
        Self::Disorder,
        Self::FastRecovery,
        Self::WindowReduction,
        Self::Timeout,
    ];

    /// The phase that the kernel's report shows.
    pub fn of(info: &TcpInfo) -> Self {
        match info.congestion {
            CongestionState::Open if info.in_slow_start() => Self::SlowStart,
            CongestionState::Open => Self::CongestionAvoidance,
            CongestionState::Disorder => Self::Disorder,
            CongestionState::Recovery => Self::FastRecovery,
            CongestionState::Reduced => Self::WindowReduction,
            CongestionState::Loss => Self::Timeout,
        }
    }

    /// The phase's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SlowStart => "slow start",
            Self::CongestionAvoidance => "congestion avoidance",
            Self::Disorder => "disorder",
            Self::FastRecovery => "fast recovery",
            Self::WindowReduction => "window reduction",
            Self::Timeout => "timeout",
        }
    }

    /// One letter for the phase, where there is no room.
    pub const fn letter(self) -> char {
        match self {
            Self::SlowStart => 'S',
            Self::CongestionAvoidance => 'A',
            Self::Disorder => 'D',
            Self::FastRecovery => 'R',
            Self::WindowReduction => 'W',
            Self::Timeout => 'T',
        }
    }
}

/// A time in which a sender was in one phase.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    /// Which.
    pub phase: Phase,
    /// When the phase was first reported, and last.
    pub times: (Timestamp, Timestamp),
    /// The first frame and the last that were captured in it; `None` where there was none.
    pub frames: Option<(u64, u64)>,
    /// Segments with payload that the sender sent in it, and those of them that were sent again.
    pub segments: (u64, u64),
    /// The congestion window at the phase's beginning, and at its end.
    pub cwnd: (u32, u32),
    /// The threshold at the phase's end.
    pub ssthresh: Option<u32>,
}

impl Span {
    /// Whether this frame was captured in the phase.
    pub fn has(&self, frame: u64) -> bool {
        self.frames.is_some_and(|(first, last)| (first..=last).contains(&frame))
    }
}

/// The phases of `sender`, one after the other, from its samples. The phases begin with the sample that shows the first
/// data under way and end with the last.
///
/// A phase begins somewhere between the last sample that reported another and the first that reported it: the frames in
/// between are counted to it.
pub fn phases(seen: &Seen, sender: Role) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for sample in samples(seen, sender) {
        let (phase, info) = (Phase::of(&sample.info), &sample.info);
        match spans.last_mut() {
            Some(last) if last.phase == phase => {
                last.times.1 = sample.at;
                last.cwnd.1 = info.cwnd;
                last.ssthresh = info.ssthresh;
            }
            _ => spans.push(Span {
                phase,
                times: (sample.at, sample.at),
                frames: None,
                segments: (0, 0),
                cwnd: (info.cwnd, info.cwnd),
                ssthresh: info.ssthresh,
            }),
        }
    }
    count_segments(seen, sender, &mut spans);
    spans
}

/// The samples of `sender` from the first data under way on.
pub fn samples(seen: &Seen, sender: Role) -> impl Iterator<Item = &Sample> {
    let mine = seen.samples.iter().filter(move |sample| sample.who == sender);
    mine.skip_while(|sample| sample.info.unacked == 0)
}

fn count_segments(seen: &Seen, sender: Role, spans: &mut [Span]) {
    let mut at = 0;
    for (role, segment) in seen.segments() {
        // The last sample of a phase ends it: what comes after belongs to the next.
        while at + 1 < spans.len() && segment.at > spans[at].times.1 {
            at += 1;
        }
        let Some(span) = spans.get_mut(at).filter(|_| !segment.flags.syn()) else { continue };
        let first = span.frames.map_or(segment.frame, |(first, _)| first);
        span.frames = Some((first, segment.frame));
        if role == sender && !segment.is_empty() {
            span.segments.0 += 1;
            span.segments.1 += u64::from(segment.again.is_some());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::seen::Direction;
    use super::super::seen::sample::{conversation, info, sample, segments};
    use super::*;

    /// One segment every millisecond from 0 on, in frames from 1 on, and these samples of their sender.
    fn seen(count: usize, samples: Vec<Sample>) -> Seen {
        let segments = segments(&vec![1_000; count]);
        let mut seen = conversation(Direction { segments, ..Direction::default() }, Direction::default());
        seen.samples = samples;
        seen
    }

    #[test]
    fn each_state_of_the_kernel_is_a_phase() {
        use CongestionState::{Disorder, Loss, Open, Recovery, Reduced};
        for (congestion, cwnd, ssthresh, phase) in [
            (Open, 10, None, Phase::SlowStart),
            (Open, 10, Some(11), Phase::SlowStart),
            (Open, 10, Some(10), Phase::CongestionAvoidance),
            (Disorder, 10, None, Phase::Disorder),
            (Recovery, 10, Some(5), Phase::FastRecovery),
            (Reduced, 10, Some(5), Phase::WindowReduction),
            (Loss, 1, Some(5), Phase::Timeout),
        ] {
            assert_eq!(Phase::of(&info(congestion, cwnd, ssthresh)), phase);
        }
    }

    #[test]
    fn phases_follow_each_other_with_their_frames_segments_and_windows() {
        use CongestionState::{Open, Recovery};
        let idle = TcpInfo { unacked: 0, ..info(Open, 10, None) };
        let samples = vec![
            sample(0, idle),
            sample(1, info(Open, 10, None)),
            sample(3, info(Open, 20, None)),
            sample(5, info(Recovery, 19, Some(10))),
            sample(6, info(Recovery, 10, Some(10))),
            sample(8, info(Open, 10, Some(10))),
        ];
        let spans = phases(&seen(10, samples), Role::Client);
        let told: Vec<_> =
            spans.iter().map(|span| (span.phase, span.frames, span.segments.0, span.cwnd)).collect();
        // The frames at 0 to 3 ms are 1 to 4; that at 4 ms comes behind the last sample of slow start.
        let expected = [
            (Phase::SlowStart, Some((1, 4)), 4, (10, 20)),
            (Phase::FastRecovery, Some((5, 7)), 3, (19, 10)),
            (Phase::CongestionAvoidance, Some((8, 10)), 3, (10, 10)),
        ];
        assert_eq!(told, expected);
        assert_eq!(phases(&seen(10, Vec::new()), Role::Client), []);
    }

    proptest! {
        #[test]
        fn phases_lie_in_a_row_and_hold_each_segment_once(
            states in prop::collection::vec((0..5_u8, 1..60_u32, prop::option::of(1..60_u32), 0..4_i64), 1..40),
            count in 0..80_usize,
        ) {
            let mut millis = 0;
            let samples = states.into_iter().map(|(state, cwnd, ssthresh, later)| {
                millis += later;
                let mut octets = vec![1, state];
                octets.resize(crate::wire::tcp_info::OCTETS, 0);
                let congestion = TcpInfo::from_octets(&octets).unwrap().congestion;
                sample(millis, info(congestion, cwnd, ssthresh))
            });
            let spans = phases(&seen(count, samples.collect()), Role::Client);
            prop_assert!(spans.windows(2).all(|two| two[0].phase != two[1].phase && two[0].times.1 <= two[1].times.0));
            prop_assert_eq!(spans.iter().map(|span| span.segments.0).sum::<u64>(), count as u64);
            let frames: Vec<_> = spans.iter().filter_map(|span| span.frames).collect();
            prop_assert!(frames.windows(2).all(|two| two[0].1 < two[1].0));
        }
    }
}
