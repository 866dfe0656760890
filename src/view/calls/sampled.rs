//! Samples of a kernel about its end of a connection, where they bring news.

use std::fmt::Write as _;

use crate::lesson::phase::Phase;
use crate::wire::tcp_info::{CongestionState, Sample, TcpInfo};

use super::super::duration::Span;
use super::super::paint::Meaning;
use super::scene::Samples;

/// The values that were reported last.
#[derive(Debug)]
pub(super) struct Sampled {
    shown: Samples,
    ascii: bool,
    begun: bool,
    last: Option<(Phase, CongestionState)>,
}

/// A sentence, and what it is about.
#[derive(Debug)]
pub(super) struct News {
    pub(super) sentence: String,
    pub(super) meaning: Meaning,
}

impl Sampled {
    pub(super) fn new(shown: Samples, ascii: bool) -> Self {
        Self { shown, ascii, begun: false, last: None }
    }

    /// A sentence where another phase has begun; without phases, where the state of congestion control is another.
    pub(super) fn news(&mut self, sample: &Sample) -> Option<News> {
        let info = &sample.info;
        // Before there is data under way, there is nothing to control.
        self.begun |= info.unacked > 0;
        let now = (Phase::of(info), info.congestion);
        let same = match (self.shown, self.last) {
            (Samples::None, _) => true,
            (_, None) => false,
            (Samples::States, Some((_, state))) => state == now.1,
            (Samples::Phases, Some((phase, _))) => phase == now.0,
        };
        if same || !self.begun {
            return None;
        }
        self.last = Some(now);
        let meaning = match info.congestion {
            CongestionState::Open => Meaning::Handshake,
            CongestionState::Disorder | CongestionState::Reduced => Meaning::Teardown,
            CongestionState::Recovery | CongestionState::Loss => Meaning::Trouble,
        };
        Some(News { sentence: self.sentence(info, now.0), meaning })
    }

    fn sentence(&self, info: &TcpInfo, phase: Phase) -> String {
        let phases = self.shown == Samples::Phases;
        let mut words = if phases {
            phase.name().to_owned()
        } else {
            format!("TCP_INFO state {}", info.congestion.name())
        };
        let _ = write!(words, ": cwnd {}", info.cwnd);
        if phases {
            let _ = match info.ssthresh {
                Some(ssthresh) => write!(words, ", ssthresh {ssthresh}"),
                None => write!(words, ", ssthresh infinite"),
            };
        }
        let _ = write!(words, ", {} unacknowledged", info.unacked);
        if info.lost > 0 {
            let _ = write!(words, ", {} lost", info.lost);
        }
        let _ = match info.backoff {
            0 => Ok(()),
            1 => write!(words, ", timer doubled once"),
            many => write!(words, ", timer doubled {many} times"),
        };
        let span = |micros: u32| Span { nanos: i64::from(micros) * 1_000, ascii: self.ascii };
        let _ = write!(words, ", RTT {}", span(info.rtt));
        if info.congestion == CongestionState::Loss {
            let _ = write!(words, ", timer {}", span(info.rto));
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::seen::sample::{info, sample};
    use CongestionState::{Loss, Open, Recovery};

    /// The lines about `infos`, one after the other.
    fn said(shown: Samples, infos: &[TcpInfo]) -> Vec<String> {
        let mut sampled = Sampled::new(shown, true);
        let news = infos.iter().filter_map(|info| sampled.news(&sample(0, *info)));
        news.map(|news| news.sentence).collect()
    }

    #[test]
    fn another_phase_is_told_of_once_and_not_before_there_is_data() {
        let idle = TcpInfo { unacked: 0, ..info(Open, 10, None) };
        let grown = info(Open, 20, None);
        let infos = [idle, grown, grown, info(Open, 20, Some(20)), info(Recovery, 15, Some(10))];
        let told = said(Samples::Phases, &infos);
        let expected = [
            "slow start: cwnd 20, ssthresh infinite, 20 unacknowledged, RTT 10 ms",
            "congestion avoidance: cwnd 20, ssthresh 20, 20 unacknowledged, RTT 10 ms",
            "fast recovery: cwnd 15, ssthresh 10, 15 unacknowledged, RTT 10 ms",
        ];
        assert_eq!(told, expected);
        assert_eq!(said(Samples::None, &infos), [""; 0]);
    }

    #[test]
    fn where_phases_have_no_names_the_kernels_state_is_told() {
        let lost = TcpInfo { lost: 3, backoff: 1, ..info(Loss, 1, Some(10)) };
        let told = said(Samples::States, &[info(Open, 5, None), info(Open, 12, Some(10)), lost]);
        let expected = [
            "TCP_INFO state Open: cwnd 5, 5 unacknowledged, RTT 10 ms",
            "TCP_INFO state Loss: cwnd 1, 1 unacknowledged, 3 lost, timer doubled once, RTT 10 ms, timer 200 ms",
        ];
        assert_eq!(told, expected);
    }
}
