//! What was sent again, and what told the sender to.

use crate::track::finding::RetransmissionCause as Cause;
use crate::wire::call::Role;

use super::seen::Seen;
use super::words::{count, frames, span};

/// What one end sent again.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Loss {
    /// Frames that were sent again because acknowledgements showed a loss, and the frames that were lost.
    pub by_acknowledgements: Vec<(u64, Option<u64>)>,
    /// Probes for a loss at the tail (RFC 8985, section 7).
    pub probes: Vec<u64>,
    /// Timeouts in the order in which they came.
    pub timeouts: Vec<Timeout>,
    /// Frames that went again behind a timeout, without one of their own.
    pub after_timeout: Vec<u64>,
    /// What was sent again for another reason, or for one that was not found.
    pub others: Vec<u64>,
}

/// The retransmission timer ran out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Timeout {
    /// The frame that was sent because of it.
    pub frame: u64,
    /// Nanoseconds from the sender's frame before it.
    pub waited: i64,
    /// The first in a row is 1.
    pub attempt: u32,
}

impl Loss {
    /// What `sender` sent again.
    pub fn of(seen: &Seen, sender: Role) -> Self {
        let mut loss = Self::default();
        let mut before = None;
        for segment in &seen.from(sender).segments {
            let waited = before.map_or(0, |before| segment.at.nanos_since(before));
            before = Some(segment.at);
            let Some((cause, of)) = segment.again else { continue };
            match cause {
                Cause::Fast { .. } | Cause::Sack { .. } | Cause::Rack | Cause::PartialAck => {
                    loss.by_acknowledgements.push((segment.frame, of));
                }
                Cause::TailLossProbe => loss.probes.push(segment.frame),
                Cause::Timeout { attempt } => {
                    loss.timeouts.push(Timeout { frame: segment.frame, waited, attempt });
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

    /// What there was to see of losses that acknowledgements showed. `None` where there was none.
    pub fn about_acknowledgements(&self) -> Option<String> {
        let (again, of) = self.by_acknowledgements.first()?;
        let lost: Vec<_> = self.by_acknowledgements.iter().filter_map(|(_, of)| *of).collect();
        let (segments, lost) = (count(self.by_acknowledgements.len(), "segment"), frames(&lost));
        let first = of.map_or_else(String::new, |of| {
            format!(" The first of them is frame {again}, which brings what was lost with frame {of}.")
        });
        Some(format!(
            "Fast retransmission: the router's queue was full and dropped {lost}. What came behind the gap made the \
             receiver repeat its acknowledgement; by that the sender knew, and sent {segments} again without waiting \
             for a timer.{first}"
        ))
    }

    /// What there was to see of timeouts. `None` where there was none.
    pub fn about_timeouts(&self) -> Option<String> {
        let row: Vec<_> = self.row_of_timeouts();
        let first = row.first()?;
        let mut words = format!(
            "Timeout: nothing came back, so no acknowledgement could tell of a loss. After {} the retransmission timer \
             ran out, and frame {} went again",
            span(first.waited),
            first.frame
        );
        for next in &row[1..] {
            words.push_str(&format!(", after {} more frame {}", span(next.waited), next.frame));
        }
        words.push_str(if row.len() > 1 { ": each time the timer waits twice as long." } else { "." });
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
