//! Findings that no segment's line could hold: they were settled only when the connection was over.

use crate::track::finding::Finding;
use crate::track::report::Report;

/// The findings of a connection that no segment's line holds. They stand in front of those that were made on the way.
pub(super) fn settled(report: &Report) -> impl Iterator<Item = &Finding> {
    let first = report.findings.first();
    let at_the_end = move |(frame, finding): &&(u64, Finding)| {
        *frame == report.last_frame
            && match finding {
                Finding::OneSided { .. } | Finding::SynUnanswered { .. } | Finding::KeepAliveDeath { .. } => {
                    true
                }
                Finding::ZeroWindow { opened, .. } => !opened,
                _ => false,
            }
    };
    first.iter().take_while(at_the_end).map(|(_, finding)| finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::sample;
    use crate::track::finding::Earlier;
    use crate::track::flow::Side;

    fn window(opened: bool) -> Finding {
        let since = Earlier { frame: 5, ago: None };
        Finding::ZeroWindow { receiver: Side::Server, since, lasted: None, opened, probes: 0 }
    }

    fn of(report: &Report) -> Vec<Finding> {
        settled(report).copied().collect()
    }

    #[test]
    fn what_a_segment_was_marked_with_is_not_told_again_at_the_end() {
        let mut report = sample::report();
        report.findings.insert(report.last_frame, window(true));
        assert_eq!(of(&report), []);
        let death = Finding::KeepAliveDeath { probes: 5, silent: None };
        let found = [Finding::OneSided { heard: Side::Client }, window(false), death];
        report.findings.insert_first(report.last_frame, &found);
        assert_eq!(of(&report), found);
    }
}
