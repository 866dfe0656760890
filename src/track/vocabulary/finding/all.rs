//! The findings of a connection together.

use super::tally::Tally;
use super::{Cause, Finding, Kind, RetransmissionCause};

/// The findings of a whole connection: how many of each kind and cause, and the first few themselves. Most connections
/// have none.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Findings(Option<Box<Several>>);

/// One at least.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Several {
    counts: [u32; Kind::ALL.len()],
    causes: Tally,
    octets: Octets,
    first: Vec<(u64, Finding)>,
}

/// Octets of payload in the segments of two kinds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Octets {
    retransmitted: u64,
    copied: u64,
}

impl Findings {
    /// The number of findings that are kept, for the sentence about them; the others are counted.
    pub const KEPT: usize = 8;

    /// Takes one that was made at `frame`.
    pub fn insert(&mut self, frame: u64, finding: Finding) {
        self.0.get_or_insert_default().insert(frame, finding);
    }

    /// Takes the findings that were made at the end, in which `frame` is the last frame: they are about the whole, and
    /// come first.
    pub fn insert_first(&mut self, frame: u64, findings: &[Finding]) {
        if !findings.is_empty() {
            self.0.get_or_insert_default().insert_first(frame, findings);
        }
    }

    /// Counts the octets of a finding that was taken, about a segment with so much payload. SYN and FIN are none.
    pub(crate) fn count_octets(&mut self, finding: &Finding, payload_len: u32) {
        if let Some(several) = &mut self.0 {
            several.count_octets(finding, payload_len);
        }
    }

    /// Enters how many segments of the client, and of the server, had SACK blocks outside of what was sent.
    pub(crate) fn count_sack_outside(&mut self, counts: [u32; 2]) {
        for (_, finding) in self.0.iter_mut().flat_map(|several| &mut several.first) {
            if let Finding::SackOutside { by, segments, .. } = finding {
                *segments = counts[*by as usize].max(1);
            }
        }
    }

    /// Octets that the acknowledgement in `frame` had shown as missed by the capture came after it; `missing` of what
    /// it covers did not.
    pub(crate) fn take_back_missed(&mut self, frame: u64, octets: u64, missing: u64) {
        if let Some(several) = &mut self.0 {
            several.take_back_missed(frame, octets, missing);
        }
    }

    /// The RST in `frame`, which seemed to refuse a SYN, was somebody else's.
    pub(crate) fn take_back_refusal(&mut self, frame: u64) {
        if let Some(several) = &mut self.0 {
            several.take_back_refusal(frame);
        }
    }

    /// The number of findings of a kind.
    pub fn count(&self, kind: Kind) -> u32 {
        self.0.as_ref().map_or(0, |several| several.counts[kind as usize])
    }

    /// The number of findings of all kinds.
    pub(crate) fn total(&self) -> u64 {
        self.0.as_ref().map_or(0, |several| several.counts.iter().map(|count| u64::from(*count)).sum())
    }

    /// Every kind that occurred, with its count.
    pub fn counts(&self) -> impl Iterator<Item = (Kind, u32)> {
        let counts: &[u32] = self.0.as_ref().map_or(&[], |several| &several.counts);
        Kind::ALL.iter().copied().zip(counts.iter().copied()).filter(|(_, count)| *count > 0)
    }

    /// The number of findings that have this cause.
    pub fn of_cause(&self, cause: Cause) -> u32 {
        self.0.as_ref().map_or(0, |several| several.causes.count(cause))
    }

    /// Retransmissions but window probes, which ask, and octets that a SYN,ACK did not take with the SYN: they repeat
    /// nothing that is lost.
    pub fn sent_again(&self) -> u64 {
        let all = self.count(Kind::Retransmission);
        let kept = self.of_cause(Cause::WindowProbe).saturating_add(self.of_cause(Cause::FastOpen));
        all.saturating_sub(kept).into()
    }

    /// Octets of payload in the segments that were [sent again](Self::sent_again).
    pub fn bytes_sent_again(&self) -> u64 {
        self.0.as_ref().map_or(0, |several| several.octets.retransmitted)
    }

    /// Octets of payload in copies that the network made.
    pub fn bytes_copied(&self) -> u64 {
        self.0.as_ref().map_or(0, |several| several.octets.copied)
    }

    /// The first few, each with its frame, in the order in which they were found, those about the whole connection
    /// in front; the first of a kind and cause is among them as far as there is room, and of closed windows those that
    /// lasted longest.
    pub fn first(&self) -> &[(u64, Finding)] {
        self.0.as_ref().map_or(&[], |several| &several.first)
    }

    /// Whether there are no findings.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

impl Several {
    fn insert(&mut self, frame: u64, finding: Finding) {
        self.count_in(&finding);
        let is_new = |(_, kept): &(u64, Finding)| !alike(kept, &finding);
        if self.first.len() >= Findings::KEPT && self.forget_shorter(&finding) {
            self.first.push((frame, finding));
            return;
        }
        let room = self.first.len() < Findings::KEPT || (self.first.iter().all(is_new) && self.forget_one());
        if room {
            self.first.push((frame, finding));
        }
    }

    fn insert_first(&mut self, frame: u64, findings: &[Finding]) {
        for (place, finding) in findings.iter().enumerate() {
            self.count_in(finding);
            self.first.insert(place.min(self.first.len()), (frame, *finding));
        }
        while self.first.len() > Findings::KEPT && self.forget_one() {}
        self.first.truncate(Findings::KEPT);
    }

    fn take_back_missed(&mut self, frame: u64, came: u64, missing: u64) {
        if missing == 0 {
            let count = &mut self.counts[Kind::MissedByCapture as usize];
            *count = count.saturating_sub(1);
        }
        self.first.retain_mut(|(at, finding)| match finding {
            Finding::MissedByCapture { octets } if *at == frame => {
                *octets = octets.saturating_sub(came);
                missing > 0
            }
            _ => true,
        });
    }

    fn take_back_refusal(&mut self, frame: u64) {
        let count = &mut self.counts[Kind::Reset as usize];
        *count = count.saturating_sub(1);
        self.causes.remove(Cause::Refused);
        let refuses = |finding: &Finding| finding.cause() == Some(Cause::Refused);
        self.first.retain(|(at, finding)| *at != frame || !refuses(finding));
    }

    fn count_octets(&mut self, finding: &Finding, payload_len: u32) {
        let (range, sum) = match *finding {
            Finding::Retransmission {
                cause: RetransmissionCause::WindowProbe | RetransmissionCause::FastOpen,
                ..
            } => return,
            Finding::Retransmission { octets, .. } => (octets, &mut self.octets.retransmitted),
            Finding::NetworkDuplicate { octets, .. } => (octets, &mut self.octets.copied),
            _ => return,
        };
        *sum = sum.saturating_add(range.1.abs_diff(range.0).min(payload_len.into()));
    }

    fn count_in(&mut self, finding: &Finding) {
        let count = &mut self.counts[finding.kind() as usize];
        *count = count.saturating_add(1);
        self.causes.insert(finding);
    }

    /// Lets the window go that was closed for the shortest time, for one that was closed for longer.
    fn forget_shorter(&mut self, finding: &Finding) -> bool {
        let lasted = |finding: &Finding| match finding {
            Finding::ZeroWindow { lasted, .. } => *lasted,
            _ => None,
        };
        let Some(longer) = lasted(finding) else { return false };
        let kept = self.first.iter().enumerate();
        let shortest = kept.filter_map(|(n, (_, kept))| Some((lasted(kept)?, n))).min();
        let gone = shortest.filter(|(kept, _)| *kept < longer);
        gone.map(|(_, n)| self.first.remove(n)).is_some()
    }

    /// Lets the last one go that is like an earlier one, so that no kind or cause is forgotten for many of another.
    fn forget_one(&mut self) -> bool {
        let again = |n: &usize| self.first[..*n].iter().any(|(_, earlier)| alike(earlier, &self.first[*n].1));
        let gone = (0..self.first.len()).rev().find(again);
        gone.map(|n| self.first.remove(n)).is_some()
    }
}

/// Of the same kind and cause.
fn alike(one: &Finding, other: &Finding) -> bool {
    one.kind() == other.kind() && one.cause() == other.cause()
}
