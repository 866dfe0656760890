//! The worst connections, as many as are shown.

use std::collections::BTreeMap;

use crate::query::severity::{self, Badness};
use crate::track::report::Report;
use crate::track::verdict::VerdictKind;

/// So many are kept.
pub(in crate::view) const KEPT: usize = 10;

/// What comes first: more time lost, more severe, more often; then the earlier source and connection.
type Rank = (std::cmp::Reverse<Badness>, u64, u64);

/// The worst connections with something wrong, the worst first.
#[derive(Clone, Debug, Default)]
pub(in crate::view) struct Worst {
    kept: BTreeMap<Rank, Report>,
    /// Connections with something wrong, or that cannot be judged.
    pub(in crate::view) troubled: u64,
    /// Those of them that cannot be judged.
    pub(in crate::view) unjudged: u64,
}

impl Worst {
    /// Considers a connection of the how-manieth source.
    pub(in crate::view) fn insert(&mut self, source: u64, report: &Report) {
        let kind = report.verdicts.verdict().kind();
        if kind == VerdictKind::Fine {
            return;
        }
        self.troubled += 1;
        self.unjudged += u64::from(kind == VerdictKind::Capture);
        self.keep((std::cmp::Reverse(severity::badness(report)), source, report.id), report);
    }

    /// Takes those of another source.
    pub(in crate::view) fn merge(&mut self, other: &Self) {
        self.troubled += other.troubled;
        self.unjudged += other.unjudged;
        other.kept.iter().for_each(|(rank, report)| self.keep(*rank, report));
    }

    /// The worst first, each with the number of its source.
    pub(in crate::view) fn iter(&self) -> impl Iterator<Item = (u64, &Report)> {
        self.kept.iter().map(|(rank, report)| (rank.1, report))
    }

    fn keep(&mut self, rank: Rank, report: &Report) {
        if self.kept.len() >= KEPT {
            if self.kept.last_key_value().is_none_or(|(last, _)| *last < rank) {
                return;
            }
            self.kept.pop_last();
        }
        self.kept.insert(rank, report.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::sample;
    use crate::track::finding::{Certainty, Finding};
    use crate::track::measures::TimeSpent;
    use crate::track::verdict::{Party, Reason, Verdict, Verdicts};

    fn stalled(id: u64, nanos: i64) -> Report {
        let time_spent = Some(TimeSpent { recovery: nanos, ..TimeSpent::default() });
        let mut report = Report { id, time_spent, ..sample::report() };
        let verdict =
            Verdict::new(Reason::Loss { segments: 9, of: 100, timeouts: 1 }, Party::Path, Certainty::Certain);
        report.verdicts = Verdicts::new(vec![verdict]);
        report.findings.insert(7, Finding::LateOrLost { octets: (1, 9), overtaken_by: None });
        report
    }

    fn kept(worst: &Worst) -> Vec<u64> {
        worst.iter().map(|(_, report)| report.id).collect()
    }

    #[test]
    fn ten_are_kept_the_worst_first() {
        let mut worst = Worst::default();
        // 37 and 101 have no common divisor: every number from 0 to 100 comes once, in disorder.
        (0..101).for_each(|n| worst.insert(0, &stalled(n * 37 % 101, (n * 37 % 101) as i64)));
        assert_eq!(kept(&worst), [100, 99, 98, 97, 96, 95, 94, 93, 92, 91]);
        assert_eq!(worst.troubled, 101);
    }

    #[test]
    fn a_connection_without_a_problem_is_not_among_the_worst() {
        let mut worst = Worst::default();
        let mut report = sample::report();
        report.findings.insert(1, Finding::WindowFull { in_flight: 1, window: 1 });
        report.time_spent = Some(TimeSpent { closed_window: 5, ..TimeSpent::default() });
        worst.insert(0, &report);
        assert_eq!((kept(&worst), worst.troubled), (vec![], 0));
    }

    #[test]
    fn the_worst_of_two_sources_are_those_of_both() {
        let [mut one, mut other] = [Worst::default(), Worst::default()];
        (1..=10).for_each(|n| one.insert(0, &stalled(n, n as i64)));
        (1..=10).for_each(|n| other.insert(1, &stalled(n, n as i64)));
        one.merge(&other);
        assert_eq!(kept(&one), [10, 10, 9, 9, 8, 8, 7, 7, 6, 6]);
        assert_eq!(one.iter().map(|(source, _)| source).take(2).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(one.troubled, 20);
    }
}
