//! The findings beside a segment; in place of Wireshark's words where they say more.

use std::fmt::Write as _;

use crate::query::severity;
use crate::track::event::Event;
use crate::track::finding::{Finding, Kind, ResetCause, RetransmissionCause as Cause};
use crate::track::label::{Label, Mark};
use crate::view::found::Short;
use crate::view::paint::Meaning;

use super::Note;

/// Marks that findings say better.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Told {
    /// Octets that came again, late, or twice.
    pub(super) delivery: bool,
    window_opened: bool,
    window_full: bool,
    probe: bool,
    missed: bool,
    /// SACK blocks that lie where nothing was sent.
    pub(super) sack_outside: bool,
}

impl Told {
    pub(super) fn of(event: &Event<'_>) -> Self {
        let mut told = Self::default();
        for finding in event.findings {
            match finding {
                Finding::Retransmission { cause: Cause::WindowProbe, .. } => told.probe = true,
                Finding::CaptureDuplicate { .. }
                | Finding::Retransmission { .. }
                | Finding::Reordering { .. }
                | Finding::NetworkDuplicate { .. }
                | Finding::Conflict { .. }
                | Finding::LateOrLost { .. } => told.delivery = true,
                Finding::ZeroWindow { .. } => told.window_opened = true,
                Finding::WindowFull { .. } => told.window_full = true,
                Finding::MissedByCapture { .. } => told.missed = true,
                Finding::SackOutside { .. } => told.sack_outside = true,
                _ => {}
            }
        }
        told.delivery |= told.probe;
        told
    }

    /// Whether a finding says what `mark` does.
    pub(super) const fn says(self, mark: Mark) -> bool {
        match mark {
            Mark::WindowUpdate => self.window_opened,
            Mark::WindowFull => self.window_full,
            Mark::ZeroWindowProbe | Mark::KeepAlive => self.probe,
            Mark::AckLostSegment => self.missed,
            _ => false,
        }
    }
}

impl Note {
    /// Notes the findings of an event.
    pub(super) fn findings(&mut self, event: &Event<'_>) {
        let labels = event.labels;
        for finding in event.findings {
            let words = Short { finding, ascii: self.ascii };
            match finding {
                // The labels have said what it is.
                Finding::Reset { cause: ResetCause::Refused | ResetCause::Ignored, .. } => {}
                Finding::Retransmission { of, cause: Cause::Syn { .. } | Cause::Fin { .. }, .. }
                    if labels.contains(Label::SynRetransmission)
                        || labels.contains(Label::SynAckRetransmission)
                        || labels.contains(Label::FinRetransmission) =>
                {
                    if let Some(of) = of {
                        self.say(Meaning::Trouble, "repeats frame ");
                        self.text.push_str(itoa::Buffer::new().format(of.frame));
                    }
                }
                _ => {
                    self.say(meaning(finding), "");
                    let _ = write!(self.text, "{words}");
                }
            }
        }
    }
}

/// The meaning of a finding: what the capture did is no problem of TCP, and what does no harm is no problem at all.
fn meaning(finding: &Finding) -> Meaning {
    match finding.kind() {
        Kind::SuperSegment | Kind::ProvedSpurious => Meaning::Plain,
        kind if kind.is_artefact() => Meaning::Capture,
        Kind::WindowFull => Meaning::Trouble,
        _ if severity::is_problem(finding) => Meaning::Trouble,
        _ => Meaning::Plain,
    }
}

#[cfg(test)]
mod tests;
