//! The causes that a kind of finding can have, and how often each was found.

use super::{Finding, Kind};

/// Every kind that has causes, with each of them.
const CAUSES: [(Kind, &str); 28] = [
    (Kind::Retransmission, "timeout"),
    (Kind::Retransmission, "after_timeout"),
    (Kind::Retransmission, "fast"),
    (Kind::Retransmission, "sack"),
    (Kind::Retransmission, "rack"),
    (Kind::Retransmission, "partial_ack"),
    (Kind::Retransmission, "tail_loss_probe"),
    (Kind::Retransmission, "syn"),
    (Kind::Retransmission, "fin"),
    (Kind::Retransmission, "window_probe"),
    (Kind::Retransmission, "path_mtu"),
    (Kind::Retransmission, "spurious"),
    (Kind::Retransmission, "unknown"),
    (Kind::ProvedSpurious, "duplicate_sack"),
    (Kind::ProvedSpurious, "timestamp"),
    (Kind::Reordering, "identification"),
    (Kind::Reordering, "timestamp"),
    (Kind::Reordering, "too_soon"),
    (Kind::Reset, "refused"),
    (Kind::Reset, "attempt_abandoned"),
    (Kind::Reset, "unread_data"),
    (Kind::Reset, "after_fin"),
    (Kind::Reset, "aborted"),
    (Kind::Reset, "idle"),
    (Kind::Reset, "gave_up"),
    (Kind::Reset, "half_open"),
    (Kind::Reset, "ignored"),
    (Kind::Reset, "forged"),
];

impl Kind {
    /// The names of its causes; none for a kind that has but one.
    pub fn causes(self) -> impl Iterator<Item = &'static str> {
        CAUSES.iter().filter(move |(kind, _)| *kind == self).map(|(_, cause)| *cause)
    }
}

/// How often each cause was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Tally([u32; CAUSES.len()]);

impl Tally {
    /// Counts a finding's cause, where its kind has several.
    pub(super) fn insert(&mut self, finding: &Finding) {
        let place = finding.cause().and_then(|cause| place(finding.kind(), cause));
        if let Some(count) = place.and_then(|place| self.0.get_mut(place)) {
            *count = count.saturating_add(1);
        }
    }

    pub(super) fn count(&self, kind: Kind, cause: &str) -> u32 {
        place(kind, cause).map_or(0, |place| self.0[place])
    }
}

fn place(kind: Kind, cause: &str) -> Option<usize> {
    CAUSES.iter().position(|known| *known == (kind, cause))
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use super::*;

    #[test]
    fn every_cause_is_listed_and_counted_under_its_name() {
        let mut findings = Findings::default();
        sample::every().into_iter().for_each(|finding| findings.insert(1, finding));
        for finding in sample::every() {
            let causes: Vec<_> = finding.kind().causes().collect();
            match finding.cause() {
                Some(cause) => assert_eq!(findings.of_cause(finding.kind(), cause), 1, "{finding:?}"),
                None => assert!(causes.is_empty(), "{finding:?}"),
            }
        }
        let counted: u32 = CAUSES.iter().map(|(kind, cause)| findings.of_cause(*kind, cause)).sum();
        assert_eq!(counted as usize, CAUSES.len());
        assert_eq!(findings.of_cause(Kind::PathMtu, "timeout"), 0);
    }

    #[test]
    fn a_kind_is_not_forgotten_for_many_of_another() {
        let mut findings = Findings::default();
        let duplicate = Finding::CaptureDuplicate { of: Earlier { frame: 1, ago: None }, routed: false };
        (1..=20).for_each(|frame| findings.insert(frame, duplicate));
        let reset = Finding::Reset { cause: ResetCause::Aborted, certainty: Certainty::Certain };
        (21..=22).for_each(|frame| findings.insert(frame, reset));
        let kept: Vec<_> = findings.first().iter().map(|(frame, _)| *frame).collect();
        assert_eq!(kept, [1, 2, 3, 4, 5, 6, 7, 21]);
    }

    #[test]
    fn of_closed_windows_the_longest_are_kept() {
        let since = Earlier { frame: 1, ago: None };
        let receiver = crate::track::vocabulary::flow::Side::Server;
        let closed =
            |lasted| Finding::ZeroWindow { receiver, since, lasted: Some(lasted), opened: true, probes: 0 };
        let mut findings = Findings::default();
        (1..=30).for_each(|n: u64| findings.insert(n, closed((n * 7 % 31) as i64)));
        let mut kept: Vec<_> = findings.first().iter().map(|(frame, _)| frame * 7 % 31).collect();
        kept.sort_unstable();
        assert_eq!(kept, [23, 24, 25, 26, 27, 28, 29, 30]);
        assert_eq!(findings.count(Kind::ZeroWindow), 30);
    }
}
