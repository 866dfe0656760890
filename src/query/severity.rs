//! What is worse than what, so that the worst can be shown where there is room for one.

use crate::track::finding::{Finding, Findings, Kind};
use crate::track::report::Report;

/// Findings from this on are problems; below it are those of the capture, and those that do no harm.
const PROBLEM: u8 = 20;

/// Nanoseconds that a connection which was cut off counts as having lost.
const CUT_OFF: i64 = 10_000_000_000;

/// How grave a finding is: what ends a connection, then what stops it, what slows it down, what is only odd, and what
/// the capture did.
pub(crate) fn of(kind: Kind, cause: Option<&str>) -> u8 {
    match (kind, cause) {
        (Kind::KeepAliveDeath, _) => 90,
        (Kind::Reset, Some("forged")) => 88,
        (Kind::PathMtu, _) => 86,
        (Kind::Reset, Some("gave_up")) => 85,
        (Kind::Reset, Some("aborted")) => 84,
        (Kind::Reset, Some("unread_data")) => 82,
        (Kind::Reset, Some("half_open")) => 80,
        (Kind::SynUnanswered, _) => 78,
        (Kind::Reset, Some("refused")) => 76,
        (Kind::Reset, Some("idle")) => 70,
        (Kind::ScalingStripped, _) => 66,
        (Kind::ZeroWindow, _) => 64,
        (Kind::Retransmission, Some("timeout")) => 60,
        (Kind::Retransmission, Some("after_timeout")) => 52,
        (Kind::Retransmission, Some("path_mtu")) => 50,
        (Kind::Retransmission, Some("syn")) => 58,
        (Kind::Retransmission, Some("fin")) => 50,
        (Kind::Retransmission, Some("fast" | "sack" | "rack" | "partial_ack")) => 48,
        (Kind::Retransmission, Some("tail_loss_probe")) => 46,
        (Kind::Retransmission, Some("unknown")) => 44,
        (Kind::Reset, Some("attempt_abandoned")) => 40,
        (Kind::Retransmission, Some("spurious")) => 34,
        (Kind::ProvedSpurious, _) => 33,
        (Kind::LateOrLost, _) => 32,
        (Kind::Reordering, _) => 30,
        (Kind::NetworkDuplicate, _) => 29,
        (Kind::Reset, Some("after_fin")) => 24,
        (Kind::Reset, Some("ignored")) => 14,
        (Kind::Retransmission, Some("window_probe")) => 13,
        (Kind::WindowFull, _) => 12,
        // A cause that has no rank of its own counts like one that is not known.
        (Kind::Reset | Kind::Retransmission, _) => 44,
        (Kind::OneSided, _) => 8,
        (Kind::MissedByCapture, _) => 7,
        (Kind::ClockBackwards, _) => 6,
        (Kind::CaptureDuplicate, _) => 5,
        (Kind::Truncated, _) => 4,
        (Kind::SuperSegment, _) => 3,
    }
}

/// Did something go wrong in TCP, and not in the capture?
pub(crate) fn is_problem(kind: Kind, cause: Option<&str>) -> bool {
    of(kind, cause) >= PROBLEM
}

/// How many findings are problems.
pub(crate) fn problems(findings: &Findings) -> u64 {
    let of_kind = |(kind, count): (Kind, u32)| {
        let harmless = kind.causes().filter(|cause| !is_problem(kind, Some(cause)));
        let harmless: u32 = harmless.map(|cause| findings.of_cause(kind, cause)).sum();
        u64::from(if is_problem(kind, None) { count.saturating_sub(harmless) } else { 0 })
    };
    findings.counts().map(of_kind).sum()
}

/// The gravest finding that is kept, the first of its like, or the closed window that lasted longest, with its frame.
pub(crate) fn gravest(report: &Report) -> Option<(u64, &Finding)> {
    // Where more time went into losses, these are what it suffered from.
    let lossy = report.time_spent.is_some_and(|spent| spent.recovery > spent.closed_window);
    let rank = |finding: &Finding| match *finding {
        Finding::ZeroWindow { lasted, .. } => {
            (if lossy { 45 } else { of(Kind::ZeroWindow, None) }, lasted.unwrap_or_default())
        }
        _ => (of(finding.kind(), finding.cause()), 0),
    };
    let kept = report.findings.first().iter().rev();
    let gravest = kept.max_by_key(|(_, finding)| rank(finding))?;
    Some((gravest.0, &gravest.1))
}

/// Nanoseconds for which the connection made no progress: waiting for lost octets to be repeated and for a closed
/// window, and all its life where nothing answered it.
pub(crate) fn stalled(report: &Report) -> i64 {
    if report.findings.count(Kind::SynUnanswered) > 0 {
        let lasted = report.start.zip(report.end).map(|(start, end)| end.nanos_since(start));
        return lasted.unwrap_or_default().max(0);
    }
    report.time_spent.map_or(0, |spent| spent.closed_window.max(0).saturating_add(spent.recovery.max(0)))
}

/// How bad a connection is: by the time lost, where one that was cut off has lost ten seconds; then by its gravest
/// finding, then by the number of problems.
pub(crate) fn badness(report: &Report) -> (i64, u8, u64) {
    let problems = problems(&report.findings);
    let gravest = gravest(report).map_or(0, |(_, finding)| of(finding.kind(), finding.cause()));
    let cut_off = ["aborted", "forged", "unread_data", "half_open"]
        .iter()
        .map(|cause| report.findings.of_cause(Kind::Reset, cause))
        .sum::<u32>()
        + report.findings.count(Kind::KeepAliveDeath);
    let penalty = if cut_off > 0 { CUT_OFF } else { 0 };
    (stalled(report).saturating_add(penalty), gravest, problems)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::sample;
    use crate::track::finding::{Certainty, Earlier, ResetCause, RetransmissionCause};
    use crate::track::measures::TimeSpent;

    #[test]
    fn what_the_capture_did_is_no_problem_and_never_the_gravest_beside_one() {
        let problem = of(Kind::Reordering, Some("too_soon"));
        for kind in Kind::ALL {
            assert!(!kind.is_artefact() || (!is_problem(*kind, None) && of(*kind, None) < problem));
        }
    }

    #[test]
    fn the_gravest_is_the_first_of_its_like() {
        let mut report = sample::report();
        let window = Finding::WindowFull { in_flight: 1, window: 1 };
        let twice = Finding::CaptureDuplicate { of: Earlier { frame: 1, ago: None }, routed: false };
        assert_eq!(gravest(&report), None);
        (1..)
            .zip([twice, window, window])
            .for_each(|(frame, finding)| report.findings.insert(frame, finding));
        assert_eq!(gravest(&report), Some((2, &window)));
        assert_eq!(problems(&report.findings), 0);
    }

    #[test]
    fn the_gravest_is_what_took_the_time() {
        let mut report = sample::report();
        let since = Earlier { frame: 1, ago: None };
        let closed = |nanos| Finding::ZeroWindow {
            receiver: crate::track::flow::Side::Server,
            since,
            lasted: Some(nanos),
            opened: true,
            probes: 0,
        };
        let (octets, cause) = ((1, 9), RetransmissionCause::Timeout { attempt: 1 });
        let certainty = Certainty::Certain;
        let timeout =
            Finding::Retransmission { octets, of: None, overtaken_by: None, partly: false, cause, certainty };
        (1..)
            .zip([closed(14_000), timeout, closed(2_000_000)])
            .for_each(|(frame, finding)| report.findings.insert(frame, finding));
        let spent = TimeSpent { closed_window: 2_014_000, ..TimeSpent::default() };
        report.time_spent = Some(spent);
        assert_eq!(gravest(&report), Some((3, &closed(2_000_000))));
        report.time_spent = Some(TimeSpent { recovery: 688_000_000, ..spent });
        assert_eq!(gravest(&report), Some((2, &timeout)));
    }

    #[test]
    fn a_stall_outranks_many_small_things_and_a_cut_a_short_stall() {
        let mut cut = sample::report();
        cut.findings.insert(7, Finding::Reset { cause: ResetCause::Aborted, certainty: Certainty::Likely });
        let mut short = sample::report();
        short.time_spent = Some(TimeSpent { recovery: 4_000_000_000, ..TimeSpent::default() });
        let mut long = short.clone();
        long.time_spent = Some(TimeSpent { closed_window: 40_000_000_000, ..TimeSpent::default() });
        assert!(badness(&long) > badness(&cut) && badness(&cut) > badness(&short));
        assert!(badness(&short) > badness(&sample::report()));
    }
}
