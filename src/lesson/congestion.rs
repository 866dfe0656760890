//! Congestion control as a whole: what each phase of a transfer was about.

use crate::wire::call::Role;

use super::loss::Loss;
use super::phase::{Phase, Span, phases, samples};
use super::seen::Seen;
use super::words::{count, span};

/// What a transfer showed of its sender's congestion control.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Congestion {
    /// The phases, one after the other.
    pub phases: Vec<Span>,
    /// What was sent again.
    pub loss: Loss,
    /// What the sender's kernel counts as sent again, in its last sample.
    pub counted: Option<u32>,
    /// The most segments in flight, and the largest congestion window.
    pub most: (u32, u32),
}

impl Congestion {
    /// Of what `sender` sent.
    pub fn of(seen: &Seen, sender: Role) -> Self {
        let most = samples(seen, sender).fold((0, 0), |(flight, cwnd), sample| {
            (flight.max(sample.info.unacked), cwnd.max(sample.info.cwnd))
        });
        Self {
            phases: phases(seen, sender),
            loss: Loss::of(seen, sender),
            counted: samples(seen, sender).last().map(|sample| sample.info.total_retransmitted),
            most,
        }
    }

    /// The first of a phase.
    pub fn first(&self, phase: Phase) -> Option<&Span> {
        self.phases.iter().find(|span| span.phase == phase)
    }

    /// The longest of a phase before the first timeout.
    pub fn longest(&self, phase: Phase) -> Option<&Span> {
        let before = self.phases.iter().take_while(|span| span.phase != Phase::Timeout);
        let of = before.filter(|span| span.phase == phase);
        of.max_by_key(|span| span.times.1.nanos_since(span.times.0))
    }

    /// What there was to see, where congestion control goes by losses: slow start, fast recovery, congestion avoidance,
    /// a timeout. The error names a phase that was not seen.
    pub fn sentences(&self) -> Result<Vec<String>, &'static str> {
        let need = |span: Option<&Span>, phase: Phase| span.copied().ok_or(phase.name());
        let start = need(self.first(Phase::SlowStart), Phase::SlowStart)?;
        let recovery = need(self.first(Phase::FastRecovery), Phase::FastRecovery)?;
        let avoidance = need(self.longest(Phase::CongestionAvoidance), Phase::CongestionAvoidance)?;
        let timeout = need(self.first(Phase::Timeout), Phase::Timeout)?;
        let first = self.loss.by_acknowledgements.first().map_or_else(String::new, |(again, of)| match of {
            Some(of) => format!(", first frame {of}, which goes again as frame {again}"),
            None => format!(", first with frame {again}"),
        });
        let threshold = |span: &Span| span.ssthresh.map_or_else(String::new, |to| format!(" to {to}"));
        Ok(vec![
            format!(
                "Slow start ({}): the congestion window grows by one segment for each that is acknowledged, from {} to {} \
                 segments within {}.",
                during(&start),
                start.cwnd.0,
                start.cwnd.1,
                took(&start)
            ),
            format!(
                "Fast recovery ({}): the router's queue is full and drops. Acknowledgements show what is missing, and the \
                 sender sends {} again{first}. It lowers its threshold{}, and does not go back to one segment.",
                during(&recovery),
                count(recovery.segments.1 as usize, "segment"),
                threshold(&recovery)
            ),
            format!(
                "Congestion avoidance ({}): above the threshold the window grows slowly, here from {} to {} segments in \
                 {}.",
                during(&avoidance),
                avoidance.cwnd.0,
                avoidance.cwnd.1,
                took(&avoidance)
            ),
            self.about_the_timeout(&timeout),
        ])
    }

    fn about_the_timeout(&self, timeout: &Span) -> String {
        let again = self.loss.timeouts.first().map_or_else(String::new, |first| {
            format!(" After {} frame {} goes again,", span(first.waited), first.frame)
        });
        format!(
            "Timeout ({}): the router dropped everything, and nothing came back that could show a loss.{again} and the \
             window begins at {} again: {} segments were sent in this phase, {} of them for the second time.",
            during(timeout),
            count(timeout.cwnd.0 as usize, "segment"),
            timeout.segments.0,
            timeout.segments.1
        )
    }

    /// What there was to see, where congestion control does not go by losses.
    pub fn without_phases(&self, algorithm: &str) -> Vec<String> {
        let (flight, cwnd) = self.most;
        vec![
            format!(
                "{algorithm} does not go by losses: it measures how much the way carries and how long it is, and sends at \
                 that pace. The phases of RFC 5681 are not its own, so none is named here."
            ),
            format!(
                "At most {flight} segments were in flight, with a congestion window of {cwnd}; {} again.",
                match self.loss.total() {
                    1 => "1 was sent".to_owned(),
                    many => format!("{many} were sent"),
                }
            ),
        ]
    }

    /// How the frames that were sent again compare with what the kernel, and the router, counted.
    pub fn counts(&self, dropped: Option<u64>) -> String {
        let mut words = format!("{} sent again in this capture", count(self.loss.total(), "segment"));
        if let Some(counted) = self.counted {
            words.push_str(&format!("; the sender's kernel counted {counted}"));
        }
        if let Some(dropped) = dropped {
            words.push_str(&format!("; the router dropped {}", count(dropped as usize, "frame")));
        }
        words.push('.');
        words
    }
}

fn during(phase: &Span) -> String {
    match phase.frames {
        Some((first, last)) => format!("frames {first} to {last}"),
        None => "between two frames".to_owned(),
    }
}

fn took(phase: &Span) -> String {
    span(phase.times.1.nanos_since(phase.times.0)).to_string()
}
