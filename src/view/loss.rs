//! What had to be sent again, as a share of what was sent.

use std::fmt;

use crate::track::report::Report;

/// Segments sent again, of those that can be lost and be missed: all but pure acknowledgements, which nobody repeats.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Loss {
    /// Segments sent again.
    pub again: u64,
    /// Segments sent, those included.
    pub sent: u64,
    /// Octets of payload sent again.
    pub again_bytes: u64,
    /// Octets of payload sent, those included.
    pub sent_bytes: u64,
}

/// That of a connection.
pub fn of(report: &Report) -> Loss {
    let mut loss = Loss::default();
    for half in [&report.client, &report.server] {
        loss.again += half.measures.retransmitted_segments;
        loss.sent += half.segments.saturating_sub(half.measures.pure_acks);
        loss.again_bytes += half.measures.retransmitted_bytes;
        loss.sent_bytes += half.payload_bytes;
    }
    loss
}

impl Loss {
    /// This and that together.
    pub fn add(&mut self, other: Self) {
        self.again = self.again.saturating_add(other.again);
        self.sent = self.sent.saturating_add(other.sent);
        self.again_bytes = self.again_bytes.saturating_add(other.again_bytes);
        self.sent_bytes = self.sent_bytes.saturating_add(other.sent_bytes);
    }

    /// Is the share of the segments larger than this, in hundredths of a percent?
    pub fn exceeds(self, permyriad: u64) -> bool {
        u128::from(self.again) * 10_000 > u128::from(permyriad) * u128::from(self.sent)
    }

    /// The share of the segments, in hundredths of a percent; 0 where nothing was sent.
    pub fn permyriad(self) -> u64 {
        share(self.again, self.sent)
    }
}

/// In hundredths of a percent.
pub(super) fn share(part: u64, whole: u64) -> u64 {
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

    #[test]
    fn pure_acknowledgements_are_not_among_what_can_be_lost() {
        let mut report = sample::report();
        report.client.measures.pure_acks = 3;
        report.server.measures.retransmitted_segments = 1;
        let loss = of(&report);
        assert_eq!((loss.again, loss.sent, loss.sent_bytes), (1, 7, 39));
        assert_eq!(Percent(loss.permyriad()).to_string(), "14%");
        assert_eq!(Loss::default().permyriad(), 0);
    }

    #[test]
    fn a_share_is_cut_and_never_rounded_up() {
        let cases = [(0, "0%"), (5, "0.05%"), (99, "0.99%"), (100, "1%"), (199, "1.9%"), (1299, "12%")];
        for (permyriad, text) in cases {
            assert_eq!(Percent(permyriad).to_string(), text);
        }
        assert_eq!(share(u64::MAX, u64::MAX), 10_000);
    }
}
