//! Congestion control as a whole: what each phase of a transfer was about.

use crate::wire::call::Role;

use super::loss::Loss;
use super::phase::{Phase, Span, phases, samples};
use super::seen::Seen;
use super::words::{count, span};

/// The congestion control of a transfer's sender, as far as it was seen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Congestion {
    /// The phases, one after the other.
    pub phases: Vec<Span>,
    /// The octets that were sent again.
    pub loss: Loss,
    /// Segments that the sender's kernel counts as sent again, in its last sample.
    pub counted: Option<u32>,
    /// The most segments that were not acknowledged at one time, and the largest congestion window.
    pub most: (u32, u32),
}

impl Congestion {
    /// The congestion control of `sender`.
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

    /// The sentences, where congestion control goes by losses: slow start, fast recovery, congestion avoidance, a
    /// timeout. `dropped`: frames that a router reports it dropped. The error names a phase that was not seen.
    pub fn sentences(&self, dropped: Option<u64>) -> Result<Vec<String>, &'static str> {
        let need = |span: Option<&Span>, phase: Phase| span.copied().ok_or(phase.name());
        let start = need(self.first(Phase::SlowStart), Phase::SlowStart)?;
        let recovery = need(self.first(Phase::FastRecovery), Phase::FastRecovery)?;
        let avoidance = need(self.longest(Phase::CongestionAvoidance), Phase::CongestionAvoidance)?;
        let timeout = need(self.first(Phase::Timeout), Phase::Timeout)?;
        let again = self.loss.by_acknowledgements.iter().find(|(again, _)| recovery.has(*again));
        let first = again.map_or_else(String::new, |(again, of)| match of {
            Some(of) => format!(", first frame {of}, which goes again as frame {again}"),
            None => format!(", first with frame {again}"),
        });
        let threshold = |span: &Span| span.ssthresh.map_or_else(String::new, |to| format!(" to {to}"));
        Ok(vec![
            format!(
                "Slow start ({}): the congestion window, by which the sender limits how much is under way, grows by one segment \
                 for each that is acknowledged, from {} to {} segments within {}.{}",
                during(&start),
                start.cwnd.0,
                start.cwnd.1,
                took(&start),
                self.early_end().map_or_else(String::new, |threshold| format!(
                    " It ends before anything is sent again: the sender's kernel sets the threshold to {threshold} by \
                     itself, as cubic does where it takes the queue to be filling (HyStart)."
                ))
            ),
            format!(
                "Fast recovery ({}): {}acknowledgements show that segments are missing, and the sender sends {} \
                 again{first}. It lowers its threshold{}, and does not go back to one segment.",
                during(&recovery),
                if dropped > Some(0) { "the router's queue is full and drops; " } else { "" },
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

    /// The threshold that ended the first slow start, where nothing had been sent again until then.
    fn early_end(&self) -> Option<u32> {
        let at = self.phases.iter().position(|span| span.phase == Phase::SlowStart)?;
        let (start, next) = (self.phases.get(at)?, self.phases.get(at + 1)?);
        let early = start.segments.1 == 0 && next.phase == Phase::CongestionAvoidance;
        next.ssthresh.filter(|_| early)
    }

    fn about_the_timeout(&self, phase: &Span) -> String {
        let first = self.loss.timeouts.iter().find(|timeout| phase.has(timeout.frame));
        let why = first.map_or_else(String::new, |first| {
            let silence = if first.silent { "nothing comes back, and " } else { "" };
            let (waited, since) = (span(first.waited), first.since);
            format!("{silence}{waited} after frame {since} the timer runs out: {}; ", first.repeats())
        });
        format!(
            "Timeout ({}): {why}the window begins at {} again{}. In this phase {} sent, {} of them {}.",
            during(phase),
            count(phase.cwnd.0 as usize, "segment"),
            match (phase.cwnd, phase.ssthresh) {
                ((from, to), Some(threshold)) if from < to && from < threshold && to >= threshold => {
                    format!(" and grows as in slow start, until it has reached the threshold of {threshold}")
                }
                ((from, to), Some(threshold)) if from < to && from < threshold => {
                    format!(" and grows as in slow start, to {to}")
                }
                _ => String::new(),
            },
            match phase.segments.0 {
                1 => "1 segment is".to_owned(),
                many => format!("{many} segments are"),
            },
            phase.segments.1,
            if phase.segments.1 == 1 { "a repetition" } else { "repetitions" }
        )
    }

    /// The sentences, where congestion control does not go by losses.
    pub fn without_phases(&self, algorithm: &str) -> Vec<String> {
        let (flight, cwnd) = self.most;
        vec![
            format!(
                "{algorithm} does not go by losses: it measures how much the way carries and how long it is, and sends at \
                 that pace. The phases of RFC 5681 are not its own, so none is named here."
            ),
            format!(
                "At most {flight} segments were unacknowledged at one time, those among them that had arrived behind a gap or \
                 were lost; the congestion window was {cwnd} at most; {} again.",
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

#[cfg(test)]
mod tests {
    use super::super::seen::Direction;
    use super::super::seen::sample::{conversation, info, sample, segments};
    use super::*;
    use crate::track::finding::RetransmissionCause as Cause;
    use crate::wire::tcp_info::{CongestionState, TcpInfo};

    /// A transfer of one segment a millisecond, in which each phase comes once: frames from 1 on.
    fn transfer() -> Seen {
        use CongestionState::{Loss, Open, Recovery};
        let mut segments = segments(&[1_000; 60]);
        segments[21].again = Some((Cause::Sack { sacked: 1_000 }, Some(9)));
        segments[41].again = Some((Cause::Timeout { attempt: 1 }, Some(30)));
        let mut seen = conversation(Direction { segments, ..Direction::default() }, Direction::default());
        let counted = TcpInfo { total_retransmitted: 2, ..info(Open, 12, Some(5)) };
        seen.samples = vec![
            sample(1, info(Open, 10, None)),
            sample(19, info(Open, 40, None)),
            sample(21, info(Recovery, 30, Some(20))),
            sample(25, info(Open, 20, Some(20))),
            sample(39, info(Open, 24, Some(20))),
            sample(41, info(Loss, 1, Some(12))),
            sample(45, counted),
        ];
        seen
    }

    #[test]
    fn each_phase_has_a_sentence_with_its_frames_and_its_windows() {
        let congestion = Congestion::of(&transfer(), Role::Client);
        let sentences = congestion.sentences(Some(2)).unwrap();
        let starts = [
            "Slow start (frames 1 to 20): the congestion window, by which the sender limits how much is under way, grows by one \
             segment for each that is acknowledged, from 10 to 40 segments within 18 ms.",
            "Fast recovery (frames 21 to 22): the router's queue is full and drops; acknowledgements show that segments are \
             missing, and the sender sends 1 segment again, first frame 9, which goes again as frame 22. It lowers its \
             threshold to 20, ",
            "Congestion avoidance (frames 23 to 40): above the threshold the window grows slowly, here from 20 to 24 \
             segments in 14 ms.",
            "Timeout (frames 41 to 42): nothing comes back, and 1 ms after frame 41 the timer runs out: frame 42 repeats \
             frame 30; the window begins at 1 segment again. In this phase 2 segments are sent, 1 of them a repetition.",
        ];
        for (sentence, start) in sentences.iter().zip(starts) {
            assert!(sentence.starts_with(start), "{sentence}");
        }
        let counts = "2 segments sent again in this capture; the sender's kernel counted 2; the router dropped 3 frames.";
        assert_eq!(congestion.counts(Some(3)), counts);
        // A router is named only where it reports its drops.
        assert!(!congestion.sentences(None).unwrap()[1].contains("router"));
    }

    #[test]
    fn a_window_that_grows_below_its_threshold_after_a_timeout_is_said_to_do_so_as_in_slow_start() {
        let mut seen = transfer();
        let grown = sample(44, info(CongestionState::Loss, 8, Some(12)));
        seen.samples.insert(6, grown);
        let sentences = Congestion::of(&seen, Role::Client).sentences(None).unwrap();
        assert!(
            sentences[3].contains("at 1 segment again and grows as in slow start, to 8. In"),
            "{}",
            sentences[3]
        );
        seen.samples[6] = sample(44, info(CongestionState::Loss, 13, Some(12)));
        let sentences = Congestion::of(&seen, Role::Client).sentences(None).unwrap();
        let words =
            "at 1 segment again and grows as in slow start, until it has reached the threshold of 12. In";
        assert!(sentences[3].contains(words), "{}", sentences[3]);
    }

    #[test]
    fn a_slow_start_that_ends_before_a_loss_is_told_from_one_that_a_loss_ends() {
        use CongestionState::Open;
        let mut seen = transfer();
        assert!(!Congestion::of(&seen, Role::Client).sentences(None).unwrap()[0].contains("HyStart"));
        seen.samples.insert(2, sample(20, info(Open, 40, Some(40))));
        let sentences = Congestion::of(&seen, Role::Client).sentences(None).unwrap();
        assert!(sentences[0].contains("sets the threshold to 40 by itself"), "{}", sentences[0]);
    }

    #[test]
    fn what_was_sent_again_before_a_phase_is_not_told_of_that_phase() {
        let Seen { samples, .. } = transfer();
        let mut direction = transfer().from(Role::Client).clone();
        direction.segments[3].again = Some((Cause::Sack { sacked: 1_000 }, Some(1)));
        direction.segments[5].again = Some((Cause::Timeout { attempt: 1 }, Some(1)));
        let mut seen = conversation(direction, Direction::default());
        seen.samples = samples;
        let sentences = Congestion::of(&seen, Role::Client).sentences(None).unwrap();
        assert!(sentences[1].contains("first frame 9, which goes again as frame 22"), "{}", sentences[1]);
        assert!(sentences[3].contains("frame 42 repeats frame 30"), "{}", sentences[3]);
    }

    #[test]
    fn a_phase_that_was_not_seen_is_not_told_of() {
        for (phase, name) in [(3, "fast recovery"), (5, "timeout")] {
            let mut seen = transfer();
            seen.samples.remove(phase - usize::from(phase == 3));
            assert_eq!(Congestion::of(&seen, Role::Client).sentences(None), Err(name));
        }
        assert_eq!(Congestion::of(&Seen::default(), Role::Client).sentences(None), Err("slow start"));
    }

    #[test]
    fn what_does_not_go_by_losses_has_no_phases() {
        let words = Congestion::of(&transfer(), Role::Client).without_phases("BBR").join(" ");
        assert!(words.contains("none is named here. At most 40 segments were unacknowledged"), "{words}");
        assert!(Phase::ALL.iter().all(|phase| !words.contains(phase.name())), "{words}");
    }
}
