//! The loss: what was sent again, as a share of what was sent.

use std::fmt;

use crate::track::finding::{Cause, Kind};
use crate::track::report::Report;

/// Segments sent again, of those that can be lost and be missed: all but pure acknowledgements, which no end repeats.
///
/// The findings say which came again since they were sent again. What the capture holds twice, or the network copied, was
/// sent once; what was overtaken came late.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Loss {
    /// Segments sent again.
    pub again: u64,
    /// Segments sent, those sent again included.
    pub sent: u64,
    /// Octets of payload sent again.
    pub again_bytes: u64,
    /// Octets of payload sent, those sent again included.
    pub sent_bytes: u64,
    /// Segments that look like those sent again and are left out.
    pub left_out: LeftOut,
}

/// Segments whose octets came once more, or late, and that are not counted as sent again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct LeftOut {
    /// Segments overtaken on their way.
    pub overtaken: u64,
    /// Copies that the network made.
    pub copied: u64,
    /// Window probes.
    pub probes: u64,
    /// Octets that were sent with the SYN, and that the SYN,ACK did not take: nothing was lost.
    pub not_taken: u64,
    /// Segments that were late, or lost and sent again: the capture does not show which.
    pub undecided: u64,
}

/// The loss of a connection.
pub fn of(report: &Report) -> Loss {
    let findings = &report.findings;
    let count = |kind| u64::from(findings.count(kind));
    let left_out = LeftOut {
        overtaken: count(Kind::Reordering),
        copied: count(Kind::NetworkDuplicate),
        probes: findings.of_cause(Cause::WindowProbe).into(),
        not_taken: findings.of_cause(Cause::FastOpen).into(),
        undecided: count(Kind::LateOrLost),
    };
    let mut loss = Loss {
        again: findings.sent_again(),
        again_bytes: findings.bytes_sent_again(),
        left_out,
        ..Loss::default()
    };
    for half in [&report.client, &report.server] {
        loss.sent += half.segments.saturating_sub(half.capture_duplicates).saturating_sub(half.pure_acks);
        let sent_bytes = half.unique_bytes.saturating_add(half.retransmitted_bytes);
        loss.sent_bytes = loss.sent_bytes.saturating_add(sent_bytes);
    }
    loss.sent = loss.sent.saturating_sub(left_out.copied);
    loss.sent_bytes = loss.sent_bytes.saturating_sub(findings.bytes_copied());
    loss
}

impl LeftOut {
    /// Whether nothing was left out.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

impl Loss {
    /// Adds the numbers of `other`.
    pub fn add(&mut self, other: Self) {
        let add = |mine: &mut u64, other: u64| *mine = mine.saturating_add(other);
        add(&mut self.again, other.again);
        add(&mut self.sent, other.sent);
        add(&mut self.again_bytes, other.again_bytes);
        add(&mut self.sent_bytes, other.sent_bytes);
        add(&mut self.left_out.overtaken, other.left_out.overtaken);
        add(&mut self.left_out.copied, other.left_out.copied);
        add(&mut self.left_out.probes, other.left_out.probes);
        add(&mut self.left_out.not_taken, other.left_out.not_taken);
        add(&mut self.left_out.undecided, other.left_out.undecided);
    }

    /// Whether the share of the segments is larger than `permyriad` hundredths of a percent.
    pub fn exceeds(self, permyriad: u64) -> bool {
        u128::from(self.again) * 10_000 > u128::from(permyriad) * u128::from(self.sent)
    }

    /// The share of the segments, in hundredths of a percent; 0 where nothing was sent.
    pub fn permyriad(self) -> u64 {
        share(self.again, self.sent)
    }

    /// The percentage of the segments, for readers.
    pub fn percent(self) -> Part {
        Part(self.again, self.sent)
    }
}

/// A part of a whole as a percentage: never `0%` for something.
#[derive(Clone, Copy, Debug)]
pub struct Part(pub u64, pub u64);

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match share(self.0, self.1) {
            0 if self.0 > 0 => f.write_str("less than 0.01%"),
            permyriad => Percent(permyriad).fmt(f),
        }
    }
}

/// In hundredths of a percent.
pub(crate) fn share(part: u64, whole: u64) -> u64 {
    if whole == 0 { 0 } else { (u128::from(part) * 10_000 / u128::from(whole)) as u64 }
}

/// Hundredths of a percent as `12%`, `1.9%`, `0.05%`: cut, never rounded up.
#[derive(Clone, Copy, Debug)]
pub struct Percent(pub u64);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, tenth) = (self.0 / 100, self.0 / 10 % 10);
        match (whole, tenth) {
            (0, _) if self.0 == 0 => f.write_str("0%"),
            (0, _) => write!(f, "0.{:02}%", self.0),
            (1..=9, 1..) => write!(f, "{whole}.{tenth}%"),
            _ => write!(f, "{whole}%"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::sample;
    use crate::track::finding::{Certainty, Earlier, Finding, ReorderingProof, RetransmissionCause};

    /// Twelve segments of 39 octets together.
    fn transfer() -> Report {
        let mut report = sample::report();
        (report.client.segments, report.server.segments) = (7, 5);
        report.client.unique_bytes = 30;
        report.server.unique_bytes = 9;
        report
    }

    fn found(report: &mut Report, finding: Finding, payload_len: u32) {
        report.findings.insert(9, finding);
        report.findings.count_octets(&finding, payload_len);
    }

    fn again(cause: RetransmissionCause) -> Finding {
        let (octets, certainty) = ((5, 9), Certainty::Likely);
        Finding::Retransmission { octets, of: None, overtaken_by: None, partly: false, cause, certainty }
    }

    #[test]
    fn pure_acknowledgements_are_not_among_what_can_be_lost() {
        let mut report = transfer();
        report.client.pure_acks = 3;
        found(&mut report, again(RetransmissionCause::Unknown), 3);
        let loss = of(&report);
        assert_eq!((loss.again, loss.sent, loss.again_bytes, loss.sent_bytes), (1, 9, 3, 39));
        assert_eq!(Percent(loss.permyriad()).to_string(), "11%");
        assert_eq!(Loss::default().permyriad(), 0);
    }

    #[test]
    fn what_was_sent_once_is_not_counted_as_sent_again() {
        let mut report = transfer();
        let overtaken_by = Earlier { frame: 7, ago: None };
        let octets = (5, 9);
        found(&mut report, again(RetransmissionCause::WindowProbe), 4);
        found(&mut report, again(RetransmissionCause::FastOpen), 4);
        found(&mut report, Finding::NetworkDuplicate { octets, of: None }, 4);
        found(&mut report, Finding::LateOrLost { octets, overtaken_by: None }, 4);
        found(&mut report, Finding::Reordering { octets, overtaken_by, proof: ReorderingProof::TooSoon }, 4);
        report.client.retransmitted_bytes = 8;
        report.server.capture_duplicates = 4;
        let loss = of(&report);
        assert_eq!((loss.again, loss.sent, loss.again_bytes, loss.sent_bytes), (0, 7, 0, 43));
        assert_eq!(loss.left_out, LeftOut { overtaken: 1, copied: 1, probes: 1, not_taken: 1, undecided: 1 });
    }

    #[test]
    fn a_share_is_cut_and_never_rounded_up() {
        let cases = [(0, "0%"), (5, "0.05%"), (99, "0.99%"), (100, "1%"), (199, "1.9%"), (1299, "12%")];
        for (permyriad, text) in cases {
            assert_eq!(Percent(permyriad).to_string(), text);
        }
        assert_eq!(share(u64::MAX, u64::MAX), 10_000);
        assert_eq!(Part(6, 160_020).to_string(), "less than 0.01%");
        assert_eq!((Part(0, 9).to_string(), Part(1, 8).to_string()), ("0%".to_owned(), "12%".to_owned()));
    }
}
