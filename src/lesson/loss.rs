//! The octets that were sent again, and the reasons for which the sender repeated them.

use crate::track::finding::RetransmissionCause as Cause;
use crate::wire::call::Role;

use super::seen::{Seen, Segment};
use super::words::{count, frames, span};

/// The octets that one end sent again.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Loss {
    /// Frames that were sent again because acknowledgements showed a loss, and the frames that were lost.
    pub by_acknowledgements: Vec<(u64, Option<u64>)>,
    /// One of these acknowledgements named octets behind the gap (SACK, RFC 2018).
    pub sacked: bool,
    /// Probes for a loss at the tail (RFC 8985, section 7).
    pub probes: Vec<u64>,
    /// Timeouts in the order in which they came.
    pub timeouts: Vec<Timeout>,
    /// Frames that went again behind a timeout, without one of their own.
    pub after_timeout: Vec<u64>,
    /// Frames with octets sent again for another reason, or for one that was not found.
    pub others: Vec<u64>,
}

/// The retransmission timer ran out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Timeout {
    /// The frame that was sent because of it.
    pub frame: u64,
    /// The frame whose octets the retransmission repeats, where that was captured.
    pub of: Option<u64>,
    /// The sender's frame before the retransmission.
    pub since: u64,
    /// Nanoseconds from that frame to this one.
    pub waited: i64,
    /// Nothing of the other end was captured in between.
    pub silent: bool,
    /// The first in a row is 1.
    pub attempt: u32,
}

impl Timeout {
    /// `frame 49 repeats frame 45`.
    pub(super) fn repeats(&self) -> String {
        match self.of {
            Some(of) => format!("frame {} repeats frame {of}", self.frame),
            None => format!("frame {} sends octets again", self.frame),
        }
    }
}

/// The sentence about a probe for a loss at the tail (RFC 8985, section 7).
pub fn about_probe(frame: u64) -> String {
    format!(
        "Frame {frame} is a probe: for a while nothing was acknowledged, so the sender's kernel sent the last segment once \
         more, in case it was lost."
    )
}

impl Loss {
    /// The octets that `sender` sent again.
    pub fn of(seen: &Seen, sender: Role) -> Self {
        let mut loss = Self::default();
        let heard = &seen.from(sender.peer()).segments;
        let mut before: Option<&Segment> = None;
        for segment in &seen.from(sender).segments {
            let waited = before.map_or(0, |before| segment.at.nanos_since(before.at));
            let since = before.map_or(0, |before| before.frame);
            let between = since..segment.frame;
            let silent = !heard.iter().any(|heard| between.contains(&heard.frame));
            before = Some(segment);
            let Some((cause, of)) = segment.again else { continue };
            match cause {
                Cause::Fast { .. } | Cause::Sack { .. } | Cause::Rack | Cause::PartialAck => {
                    loss.by_acknowledgements.push((segment.frame, of));
                    loss.sacked |= matches!(cause, Cause::Sack { .. });
                }
                Cause::TailLossProbe => loss.probes.push(segment.frame),
                Cause::Timeout { attempt } => {
                    let frame = segment.frame;
                    loss.timeouts.push(Timeout { frame, of, since, waited, silent, attempt });
                }
                Cause::AfterTimeout => loss.after_timeout.push(segment.frame),
                _ => loss.others.push(segment.frame),
            }
        }
        loss
    }

    /// All that was sent again.
    pub fn total(&self) -> usize {
        self.by_acknowledgements.len()
            + self.probes.len()
            + self.timeouts.len()
            + self.after_timeout.len()
            + self.others.len()
    }

    /// The sentence about losses that acknowledgements showed. `dropped`: frames that a router reports it dropped.
    /// `None` where there was none.
    pub fn about_acknowledgements(&self, dropped: Option<u64>) -> Option<String> {
        let (again, of) = self.by_acknowledgements.first()?;
        let lost: Vec<_> = self.by_acknowledgements.iter().filter_map(|(_, of)| *of).collect();
        let why = match dropped {
            Some(1..) => ", since the router's queue was full",
            _ => "",
        };
        let first = of.map_or_else(
            || format!("the first in frame {again}"),
            |of| format!("the octets of frame {of} first, in frame {again}"),
        );
        let named = if self.sacked { " and name what it has (SACK)" } else { "" };
        Some(format!(
            "Fast retransmission: {} did not arrive{why}. Those behind them did, and made the receiver repeat its last \
             acknowledgement{named}. So the sender knew what was missing, and did not wait for a \
             timer: it sent {} again, {first}.",
            frames(&lost),
            count(self.by_acknowledgements.len(), "segment")
        ))
    }

    /// The sentence about timeouts. `None` where there was none.
    pub fn about_timeouts(&self) -> Option<String> {
        let row = self.row_of_timeouts();
        let first = row.first()?;
        let silence =
            if first.silent { "nothing came back, so no acknowledgement could tell of a loss. " } else { "" };
        let mut words = format!("Timeout: {silence}");
        if self.probes.contains(&first.since) {
            words.push_str(&format!("{} ", about_probe(first.since)));
        }
        words.push_str(&format!(
            "{} after frame {} the retransmission timer ran out: {}",
            span(first.waited),
            first.since,
            first.repeats()
        ));
        for next in &row[1..] {
            words.push_str(&format!("; after {} more, {}", span(next.waited), next.repeats()));
        }
        let doubles = row.len() > 1 && row.windows(2).all(|two| two[1].waited >= two[0].waited * 3 / 2);
        words.push_str(if doubles { ". Each time the timer waits about twice as long." } else { "." });
        Some(words)
    }

    /// The first timeouts that came one after the other.
    fn row_of_timeouts(&self) -> Vec<Timeout> {
        let mut row: Vec<Timeout> = Vec::new();
        for timeout in &self.timeouts {
            if row.last().is_some_and(|last| timeout.attempt != last.attempt + 1) {
                break;
            }
            row.push(*timeout);
        }
        row
    }
}

#[cfg(test)]
mod tests {
    use super::super::seen::Direction;
    use super::super::seen::sample::{conversation, segment};
    use super::*;

    /// A segment in a frame, at so many milliseconds, that is sent again for this cause.
    fn again(frame: u64, millis: i64, cause: Cause, of: u64) -> Segment {
        Segment { again: Some((cause, Some(of))), ..segment(frame, millis * 1_000_000, 0, 1_448) }
    }

    fn loss(segments: Vec<Segment>) -> Loss {
        let seen = conversation(Direction { segments, ..Direction::default() }, Direction::default());
        Loss::of(&seen, Role::Client)
    }

    #[test]
    fn sack_is_named_only_where_an_acknowledgement_had_blocks() {
        let loss = loss(vec![segment(1, 0, 0, 1_448), again(4, 10, Cause::Fast { duplicate_acks: 3 }, 1)]);
        let told = loss.about_acknowledgements(None).unwrap();
        assert!(told.contains("repeat its last acknowledgement. So"), "{told}");
    }

    #[test]
    fn what_tells_of_a_loss_is_told_apart() {
        let first = segment(1, 0, 0, 1_448);
        let loss = loss(vec![
            first,
            again(4, 10, Cause::Sack { sacked: 1_448 }, 1),
            again(5, 11, Cause::Rack, 2),
            again(7, 30, Cause::TailLossProbe, 3),
            again(8, 230, Cause::Timeout { attempt: 1 }, 3),
            again(9, 630, Cause::Timeout { attempt: 2 }, 8),
            again(11, 640, Cause::AfterTimeout, 6),
        ]);
        assert_eq!(loss.by_acknowledgements, [(4, Some(1)), (5, Some(2))]);
        assert_eq!(
            (loss.probes.as_slice(), loss.after_timeout.as_slice(), loss.total()),
            (&[7][..], &[11][..], 6)
        );
        let waits: Vec<_> = loss.timeouts.iter().map(|timeout| timeout.waited / 1_000_000).collect();
        assert_eq!(waits, [200, 400]);
        let fast = loss.about_acknowledgements(Some(2)).unwrap();
        assert!(fast.contains("frames 1 and 2 did not arrive, since the router's queue was full"), "{fast}");
        assert!(fast.ends_with("sent 2 segments again, the octets of frame 1 first, in frame 4."), "{fast}");
        assert!(fast.contains("acknowledgement and name what it has (SACK). So"), "{fast}");
        let timeouts = loss.about_timeouts().unwrap();
        let words = "acknowledgement could tell of a loss. Frame 7 is a probe: for a while nothing was acknowledged, so the \
                     sender's kernel sent the last segment once more, in case it was lost. 200 ms after frame 7 the \
                     retransmission timer ran out: frame 8 repeats frame 3; after 400 ms more, frame 9 repeats frame \
                     8. Each time the timer waits about twice as long.";
        assert!(timeouts.ends_with(words), "{timeouts}");
        assert!(timeouts.starts_with("Timeout: nothing came back, "), "{timeouts}");
    }

    #[test]
    fn an_acknowledgement_in_between_is_no_silence() {
        let sent = vec![segment(1, 0, 0, 1_448), again(3, 200, Cause::Timeout { attempt: 1 }, 1)];
        let seen = conversation(
            Direction { segments: sent, ..Direction::default() },
            Direction { segments: vec![segment(2, 10_000_000, 0, 0)], ..Direction::default() },
        );
        let timeouts = Loss::of(&seen, Role::Client).about_timeouts().unwrap();
        assert_eq!(
            timeouts,
            "Timeout: 200 ms after frame 1 the retransmission timer ran out: frame 3 repeats frame 1."
        );
    }

    #[test]
    fn nobody_is_blamed_for_a_loss_without_a_witness_and_no_timer_is_said_to_double_that_did_not() {
        let loss = loss(vec![
            segment(1, 0, 0, 1_448),
            again(2, 10, Cause::Fast { duplicate_acks: 3 }, 1),
            again(8, 210, Cause::Timeout { attempt: 1 }, 3),
            again(9, 420, Cause::Timeout { attempt: 2 }, 8),
        ]);
        let fast = loss.about_acknowledgements(None).unwrap();
        assert!(!fast.contains("router") && fast.contains("frame 1 did not arrive. "), "{fast}");
        let timeouts = loss.about_timeouts().unwrap();
        assert!(timeouts.ends_with("; after 210 ms more, frame 9 repeats frame 8."), "{timeouts}");
    }

    #[test]
    fn where_nothing_was_sent_again_there_is_nothing_to_say() {
        let loss = loss(vec![segment(1, 0, 0, 10)]);
        assert_eq!(
            (loss.about_acknowledgements(Some(3)), loss.about_timeouts(), loss.total()),
            (None, None, 0)
        );
    }
}
