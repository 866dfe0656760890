//! How often each cause was found.

use super::{Cause, Finding};

/// How often each cause was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Tally([u32; Cause::ALL.len()]);

impl Tally {
    /// Counts a finding's cause, where its kind has several.
    pub(super) fn insert(&mut self, finding: &Finding) {
        if let Some(cause) = finding.cause() {
            let count = &mut self.0[cause as usize];
            *count = count.saturating_add(1);
        }
    }

    /// Takes one of a cause back.
    pub(super) fn remove(&mut self, cause: Cause) {
        let count = &mut self.0[cause as usize];
        *count = count.saturating_sub(1);
    }

    pub(super) fn count(&self, cause: Cause) -> u32 {
        self.0[cause as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::super::*;

    #[test]
    fn every_cause_is_listed_and_counted_under_its_name() {
        let mut findings = Findings::default();
        sample::every().into_iter().for_each(|finding| findings.insert(1, finding));
        for finding in sample::every() {
            let causes: Vec<_> = finding.kind().causes().collect();
            match finding.cause() {
                Some(cause) => {
                    assert_eq!(cause.kind(), finding.kind(), "{finding:?}");
                    assert_eq!(findings.of_cause(cause), 1, "{finding:?}");
                }
                None => assert!(causes.is_empty(), "{finding:?}"),
            }
        }
        let counted: u32 = Cause::ALL.iter().map(|cause| findings.of_cause(*cause)).sum();
        assert_eq!(counted as usize, Cause::ALL.len());
        for kind in Kind::ALL {
            let names: std::collections::BTreeSet<_> = kind.causes().map(Cause::name).collect();
            assert_eq!(names.len(), kind.causes().count(), "{kind:?}");
        }
    }

    #[test]
    fn a_kind_is_not_forgotten_for_many_of_another() {
        let mut findings = Findings::default();
        let duplicate =
            Finding::CaptureDuplicate { of: Earlier { frame: 1, ago: None }, routed: false, recut: false };
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
