//! The severity of findings and verdicts, so that the worst can be shown where there is room for one.

use crate::track::finding::{Cause, Finding, Findings, Kind, ResetCause};
use crate::track::report::Report;
use crate::track::verdict::VerdictKind;

/// Findings from this on are problems; below it are those of the capture, and those that do no harm.
const PROBLEM: u8 = 20;

/// Nanoseconds that a connection which never opened, or was cut off, counts as having lost besides.
const CUT_OFF: i64 = 10_000_000_000;

/// How severe a finding is: what ends a connection comes first, then what stops it, what slows it down, what is only odd,
/// and what the capture did.
pub fn of(finding: &Finding) -> u8 {
    match finding {
        Finding::Reset { cause: ResetCause::Idle { probes: 1.., .. }, .. } => of_kind(Kind::KeepAliveDeath),
        _ => finding.cause().map_or_else(|| of_kind(finding.kind()), of_cause),
    }
}

/// How severe a finding of a kind is whose cause is not known, or which has none.
fn of_kind(kind: Kind) -> u8 {
    match kind {
        Kind::KeepAliveDeath => 90,
        Kind::ProvedForged => 89,
        Kind::PathMtu => 86,
        Kind::MtuIgnored => 79,
        Kind::SynUnanswered => 78,
        Kind::Conflict => 68,
        Kind::ScalingStripped => 66,
        Kind::Reneged => 65,
        Kind::ZeroWindow => 64,
        Kind::BeyondWindow => 62,
        Kind::SackOutside => 62,
        Kind::SecondAnswer => 57,
        Kind::OldTimestamp => 56,
        Kind::Reset | Kind::Retransmission => 44,
        Kind::ProvedSpurious => 33,
        Kind::LateOrLost => 32,
        Kind::Reordering => 30,
        Kind::NetworkDuplicate => 29,
        Kind::MssExceeded => 18,
        Kind::WindowShrunk => 16,
        Kind::WindowFull => 12,
        Kind::Silence => 10,
        Kind::ClockForwards => 9,
        Kind::OneSided => 8,
        Kind::MissedByCapture => 7,
        Kind::ClockBackwards => 6,
        Kind::CaptureDuplicate => 5,
        Kind::Truncated => 4,
        Kind::SuperSegment => 3,
        Kind::AckedBeforeSeen => 2,
    }
}

/// How severe a finding with a cause is.
fn of_cause(cause: Cause) -> u8 {
    match cause {
        Cause::Forged => 88,
        Cause::GaveUp => 85,
        Cause::Aborted => 84,
        Cause::UnreadData => 82,
        Cause::HalfOpen => 80,
        Cause::Refused => 76,
        Cause::Idle => 70,
        Cause::Damaged => 61,
        Cause::Timeout => 60,
        Cause::Syn => 58,
        Cause::AfterTimeout => 52,
        Cause::PathMtu | Cause::Fin => 50,
        Cause::Fast | Cause::Sack | Cause::Rack | Cause::PartialAck => 48,
        Cause::TailLossProbe => 46,
        Cause::Unknown => 44,
        Cause::AttemptAbandoned => 40,
        Cause::Spurious => 34,
        Cause::DuplicateSack | Cause::EchoedTimestamp => of_kind(Kind::ProvedSpurious),
        Cause::OlderIdentification | Cause::OlderTimestamp | Cause::TooSoon => of_kind(Kind::Reordering),
        Cause::AfterFin => 24,
        Cause::Ignored => 14,
        Cause::FastOpen => 15,
        Cause::WindowProbe => 13,
    }
}

/// Whether the finding is a problem of TCP, and not of the capture.
pub fn is_problem(finding: &Finding) -> bool {
    of(finding) >= PROBLEM
}

/// Whether a finding of this kind is a problem, unless its cause is harmless.
pub fn is_problem_kind(kind: Kind) -> bool {
    of_kind(kind) >= PROBLEM
}

/// The number of findings that are problems.
pub fn problems(findings: &Findings) -> u64 {
    let of_kind = |(kind, count): (Kind, u32)| {
        let harmless = kind.causes().filter(|cause| of_cause(*cause) < PROBLEM);
        let harmless: u32 = harmless.map(|cause| findings.of_cause(cause)).sum();
        u64::from(if is_problem_kind(kind) { count.saturating_sub(harmless) } else { 0 })
    };
    findings.counts().map(of_kind).sum()
}

/// The most severe finding that is kept, the first of its like, or the closed window that lasted longest, with its frame.
pub fn most_severe(report: &Report) -> Option<(u64, &Finding)> {
    // Where more time went into losses, these are what it suffered from.
    let lossy = report.time_spent.is_some_and(|spent| spent.recovery > spent.closed_window);
    let rank = |finding: &Finding| match *finding {
        Finding::ZeroWindow { lasted, .. } => {
            (if lossy { 45 } else { of_kind(Kind::ZeroWindow) }, lasted.unwrap_or_default())
        }
        _ => (of(finding), 0),
    };
    let kept = report.findings.first().iter().rev();
    let most_severe = kept.max_by_key(|(_, finding)| rank(finding))?;
    Some((most_severe.0, &most_severe.1))
}

/// Nanoseconds for which the connection made no progress: waiting for lost octets to be repeated and for a closed
/// window, and all its life where nothing answered it.
pub fn stalled(report: &Report) -> i64 {
    if report.findings.count(Kind::SynUnanswered) > 0 {
        let lasted = report.start.zip(report.end).map(|(start, end)| end.nanos_since(start));
        return lasted.unwrap_or_default().max(0);
    }
    report.time_spent.map_or(0, |spent| spent.closed_window.max(0).saturating_add(spent.recovery.max(0)))
}

/// How bad a connection is: by the time that its verdict says was [lost], where nothing is wrong none; then by
/// the time without progress, then by its most severe finding, then by the number of problems.
pub fn badness(report: &Report) -> Badness {
    let most_severe = most_severe(report).map_or(0, |(_, finding)| of(finding));
    Badness(lost(report).unwrap_or_default(), stalled(report), most_severe, problems(&report.findings))
}

/// How bad a connection is; the worst is the largest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Badness(pub i64, pub i64, pub u8, pub u64);

/// Nanoseconds that a connection lost, as its verdict says, and ten seconds more where it never opened or was cut off;
/// `None` where its verdict is no problem.
pub fn lost(report: &Report) -> Option<i64> {
    let verdict = report.verdicts.verdict();
    let cut_off = match harm(verdict.kind()) {
        Harm::None => return None,
        Harm::Slow => 0,
        Harm::CutOff => CUT_OFF,
    };
    Some(verdict.lasted.unwrap_or_default().max(0).saturating_add(cut_off))
}

/// Whether a connection's verdict is a problem: something harmed it.
pub fn has_problem(report: &Report) -> bool {
    is_problem_verdict(report.verdicts.verdict().kind())
}

/// Whether a verdict of this kind is a problem: neither that nothing is wrong, nor what the capture lacks.
pub fn is_problem_verdict(kind: VerdictKind) -> bool {
    harm(kind) != Harm::None
}

/// What harm was done to a connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Harm {
    /// None that the capture shows.
    None,
    /// It took longer.
    Slow,
    /// It never opened, or did not end as it should.
    CutOff,
}

/// What harm verdicts of a kind tell of.
fn harm(kind: VerdictKind) -> Harm {
    use VerdictKind as Kind;
    match kind {
        Kind::Fine | Kind::Capture => Harm::None,
        Kind::HandshakeLost
        | Kind::SlowServer
        | Kind::SlowClient
        | Kind::ZeroWindow
        | Kind::ReceiverWindow
        | Kind::Loss
        | Kind::Policer
        | Kind::Bottleneck
        | Kind::PathMtu
        | Kind::CongestionWindow
        | Kind::RoundTrips
        | Kind::NagleDelayedAck
        | Kind::SlowSender
        | Kind::ScalingStripped
        | Kind::Damaged
        | Kind::CloseWaitLeak
        | Kind::FinUnanswered => Harm::Slow,
        Kind::Refused
        | Kind::Rejected
        | Kind::Unanswered
        | Kind::AcceptQueueFull
        | Kind::HandshakeBroken
        | Kind::NoAnswer
        | Kind::PeerVanished
        | Kind::KeepAliveDeath
        | Kind::PathMtuBlackHole
        | Kind::UnreadData
        | Kind::Aborted
        | Kind::OctetsAfterClose
        | Kind::HalfOpen
        | Kind::MiddleboxReset
        | Kind::Desynchronised => Harm::CutOff,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::sample;
    use crate::track::finding::{Certainty, Earlier, ResetCause, RetransmissionCause};
    use crate::track::measures::TimeSpent;
    use crate::track::verdict::{Verdicts, sample as verdict};

    #[test]
    fn what_the_capture_did_is_no_problem_and_never_the_most_severe_beside_one() {
        let problem = of_cause(Cause::TooSoon);
        for kind in Kind::ALL {
            assert!(!kind.is_artefact() || (!is_problem_kind(*kind) && of_kind(*kind) < problem));
        }
    }

    #[test]
    fn the_most_severe_is_the_first_of_its_like() {
        let mut report = sample::report();
        let window = Finding::WindowFull { in_flight: 1, window: 1 };
        let twice =
            Finding::CaptureDuplicate { of: Earlier { frame: 1, ago: None }, routed: false, recut: false };
        assert_eq!(most_severe(&report), None);
        (1..)
            .zip([twice, window, window])
            .for_each(|(frame, finding)| report.findings.insert(frame, finding));
        assert_eq!(most_severe(&report), Some((2, &window)));
        assert_eq!(problems(&report.findings), 0);
    }

    #[test]
    fn the_most_severe_is_what_took_the_time() {
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
        assert_eq!(most_severe(&report), Some((3, &closed(2_000_000))));
        report.time_spent = Some(TimeSpent { recovery: 688_000_000, ..spent });
        assert_eq!(most_severe(&report), Some((2, &timeout)));
    }

    #[test]
    fn a_stall_outranks_a_cut_and_a_cut_a_short_stall() {
        let with = |verdict| Report { verdicts: Verdicts::new(vec![verdict]), ..sample::report() };
        let cut = with(verdict::cut_off());
        let [short, long] = [4, 40].map(|seconds| with(verdict::slow(seconds * 1_000_000_000)));
        assert!(badness(&long) > badness(&cut) && badness(&cut) > badness(&short));
        assert!(badness(&short) > badness(&sample::report()));
    }

    #[test]
    fn what_did_no_harm_lost_nothing_whatever_was_found() {
        let mut report = sample::report();
        report
            .findings
            .insert(7, Finding::Reset { cause: ResetCause::Aborted, certainty: Certainty::Likely });
        report.time_spent = Some(TimeSpent { recovery: 4_000_000_000, ..TimeSpent::default() });
        assert_eq!((lost(&report), has_problem(&report), badness(&report).0), (None, false, 0));
        report.verdicts = Verdicts::new(vec![verdict::lacking()]);
        assert_eq!((lost(&report), has_problem(&report)), (None, false));
    }
}
