//! Criteria that choose findings: `problems`, a kind such as `zero_window`, or a cause such as
//! `retransmission:timeout`; and those that choose connections by what they came to, `verdict:zero_window`.

use std::fmt;
use std::str::FromStr;

use crate::track::finding::{Cause, Finding, Kind};
use crate::track::report::Report;
use crate::track::verdict::VerdictKind;

use super::severity;

/// What stands in front of the kind of a verdict, with the colon.
const VERDICT: &str = "verdict";

/// A criterion that chooses findings, or connections by their verdict.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Criterion {
    /// Problems of TCP: findings that are neither the capture's doing nor harmless.
    Problems,
    /// Every finding of a kind.
    Kind(Kind),
    /// Findings that have this cause.
    Cause(Cause),
    /// Connections whose verdict is a problem: neither `fine` nor `capture`.
    VerdictProblems,
    /// Connections whose verdict, the weightiest, is of this kind.
    Verdict(VerdictKind),
}

impl Criterion {
    /// Everything that can be meant.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::findings().chain(Self::verdicts())
    }

    /// The criteria that choose findings.
    pub fn findings() -> impl Iterator<Item = Self> {
        let of = |kind: Kind| [Self::Kind(kind)].into_iter().chain(kind.causes().map(Self::Cause));
        [Self::Problems].into_iter().chain(Kind::ALL.iter().flat_map(move |kind| of(*kind)))
    }

    /// The criteria that choose by verdict.
    pub fn verdicts() -> impl Iterator<Item = Self> {
        [Self::VerdictProblems].into_iter().chain(VerdictKind::ALL.iter().copied().map(Self::Verdict))
    }

    /// Whether `finding` matches the criterion; none matches one about verdicts.
    pub fn has(self, finding: &Finding) -> bool {
        match self {
            Self::Problems => severity::is_problem(finding),
            Self::Kind(kind) => finding.kind() == kind,
            Self::Cause(cause) => finding.cause() == Some(cause),
            Self::VerdictProblems | Self::Verdict(_) => false,
        }
    }

    /// The number of a connection's findings that match the criterion; 1 where its verdict does.
    pub fn count(self, report: &Report) -> u64 {
        match self {
            Self::Problems => severity::problems(&report.findings),
            Self::Kind(kind) => report.findings.count(kind).into(),
            Self::Cause(cause) => report.findings.of_cause(cause).into(),
            Self::VerdictProblems => severity::has_problem(report).into(),
            Self::Verdict(kind) => (report.verdicts.verdict().kind() == kind).into(),
        }
    }

    /// The first frame of those that show what the criterion chooses, where it is kept.
    pub(crate) fn first_frame(self, report: &Report) -> Option<u64> {
        match self {
            Self::VerdictProblems | Self::Verdict(_) => {
                let shown = report.verdicts.verdict().frames.as_slice().first().copied();
                (self.count(report) > 0).then(|| shown.unwrap_or(report.first_frame))
            }
            Self::Problems | Self::Kind(_) | Self::Cause(_) => {
                let mut kept = report.findings.first().iter();
                kept.find(|(_, finding)| self.has(finding)).map(|(frame, _)| *frame)
            }
        }
    }
}

/// The error of a name that names no finding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unknown;

impl FromStr for Criterion {
    type Err = Unknown;

    fn from_str(typed: &str) -> Result<Self, Unknown> {
        let name = |typed: &str| typed.trim().replace('-', "_");
        let (kind, cause) = match typed.split_once(':') {
            Some((kind, cause)) => (name(kind), Some(name(cause))),
            None => (name(typed), None),
        };
        if kind == "problems" && cause.is_none() {
            return Ok(Self::Problems);
        }
        if let (VERDICT, Some(kind)) = (kind.as_str(), &cause) {
            if kind == "problems" {
                return Ok(Self::VerdictProblems);
            }
            let known = VerdictKind::ALL.iter().find(|known| known.name() == kind);
            return known.copied().map(Self::Verdict).ok_or(Unknown);
        }
        let kind = *Kind::ALL.iter().find(|known| known.name() == kind).ok_or(Unknown)?;
        match cause {
            None => Ok(Self::Kind(kind)),
            Some(cause) => {
                let cause = kind.causes().find(|known| known.name() == cause).ok_or(Unknown)?;
                Ok(Self::Cause(cause))
            }
        }
    }
}

impl fmt::Display for Criterion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problems => f.write_str("problems"),
            Self::Kind(kind) => f.write_str(kind.name()),
            Self::Cause(cause) => write!(f, "{}:{}", cause.kind().name(), cause.name()),
            Self::VerdictProblems => write!(f, "{VERDICT}:problems"),
            Self::Verdict(kind) => write!(f, "{VERDICT}:{}", kind.name()),
        }
    }
}

/// Lists everything that can be meant: `problems, capture_duplicate, …, retransmission[:timeout|fast|…], …,
/// verdict:problems|fine|…`.
impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("problems")?;
        for kind in Kind::ALL {
            write!(f, ", {}", kind.name())?;
            for (n, cause) in kind.causes().enumerate() {
                write!(f, "{}{}", if n == 0 { "[:" } else { "|" }, cause.name())?;
            }
            f.write_str(if kind.causes().next().is_some() { "]" } else { "" })?;
        }
        write!(f, ", {VERDICT}:problems")?;
        VerdictKind::ALL.iter().try_for_each(|kind| write!(f, "|{}", kind.name()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::sample;
    use crate::track::finding::{Certainty, ResetCause};
    use crate::track::verdict::{Verdicts, sample as verdict};

    #[test]
    fn what_is_shown_can_be_typed() {
        let causes: usize = Kind::ALL.iter().map(|kind| kind.causes().count()).sum();
        let verdicts = 1 + VerdictKind::ALL.len();
        assert_eq!(Criterion::all().count(), 1 + Kind::ALL.len() + causes + verdicts);
        for criterion in Criterion::all() {
            assert_eq!(criterion.to_string().parse(), Ok(criterion));
            assert_eq!(criterion.to_string().replace('_', "-").parse(), Ok(criterion));
        }
    }

    #[test]
    fn what_names_nothing_is_answered_with_all_that_does() {
        for typed in [
            "",
            "problem",
            "retransmission:refused",
            "reset:",
            "problems:all",
            "zero_window:x",
            ":",
            "verdict",
            "verdict:",
            "verdict:timeout",
            "slow_server",
        ] {
            assert_eq!(typed.parse::<Criterion>(), Err(Unknown), "{typed}");
        }
        let list = Unknown.to_string();
        assert!(Kind::ALL.iter().all(|kind| list.contains(kind.name())));
        assert!(list.contains("reset[:refused|") && list.contains("|forged]"), "{list}");
        assert!(VerdictKind::ALL.iter().all(|kind| list.contains(&format!("|{}", kind.name()))), "{list}");
    }

    #[test]
    fn a_cause_is_part_of_its_kind_and_perhaps_a_problem() {
        let mut report = sample::report();
        let reset = |cause| Finding::Reset { cause, certainty: Certainty::Certain };
        let all = [reset(ResetCause::Ignored), reset(ResetCause::Aborted), Finding::PathMtu { mtu: None }];
        (1..).zip(all).for_each(|(frame, finding)| report.findings.insert(frame, finding));
        for (typed, count) in
            [("reset", 2), ("reset:aborted", 1), ("reset:idle", 0), ("problems", 2), ("path_mtu", 1)]
        {
            let criterion: Criterion = typed.parse().unwrap();
            assert_eq!(criterion.count(&report), count, "{typed}");
            assert_eq!(all.iter().filter(|one| criterion.has(one)).count() as u64, count, "{typed}");
        }
    }

    #[test]
    fn a_connection_is_chosen_by_its_weightiest_verdict_alone() {
        let mut report = sample::report();
        let counted = |report: &Report, typed: &str| {
            let criterion: Criterion = typed.parse().unwrap();
            (criterion.count(report), criterion.first_frame(report))
        };
        assert_eq!(counted(&report, "verdict:fine"), (1, Some(report.first_frame)));
        assert_eq!(counted(&report, "verdict:problems"), (0, None));
        report.verdicts = Verdicts::new(vec![verdict::slow(5).shown_by(17), verdict::cut_off()]);
        for typed in ["verdict:zero_window", "verdict:problems", "verdict: zero_window"] {
            assert_eq!(counted(&report, typed), (1, Some(17)), "{typed}");
        }
        assert_eq!(counted(&report, "verdict:path_mtu_black_hole"), (0, None));
        assert_eq!(counted(&report, "verdict:fine"), (0, None));
        assert_eq!(counted(&report, "problems"), (0, None));
    }
}
