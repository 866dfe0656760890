//! Criteria that choose findings: `problems`, a kind such as `zero_window`, or a cause such as
//! `retransmission:timeout`.

use std::fmt;
use std::str::FromStr;

use crate::track::finding::{Cause, Finding, Findings, Kind};

use super::severity;

/// A criterion that chooses findings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Criterion {
    /// Problems of TCP: findings that are neither the capture's doing nor harmless.
    Problems,
    /// Every finding of a kind.
    Kind(Kind),
    /// Findings that have this cause.
    Cause(Cause),
}

impl Criterion {
    /// Everything that can be meant.
    pub fn all() -> impl Iterator<Item = Self> {
        let of = |kind: Kind| [Self::Kind(kind)].into_iter().chain(kind.causes().map(Self::Cause));
        [Self::Problems].into_iter().chain(Kind::ALL.iter().flat_map(move |kind| of(*kind)))
    }

    /// Whether `finding` matches the criterion.
    pub fn has(self, finding: &Finding) -> bool {
        match self {
            Self::Problems => severity::is_problem(finding),
            Self::Kind(kind) => finding.kind() == kind,
            Self::Cause(cause) => finding.cause() == Some(cause),
        }
    }

    /// The number of a connection's findings that match the criterion.
    pub fn count(self, findings: &Findings) -> u64 {
        match self {
            Self::Problems => severity::problems(findings),
            Self::Kind(kind) => findings.count(kind).into(),
            Self::Cause(cause) => findings.of_cause(cause).into(),
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
        }
    }
}

/// Lists everything that can be meant: `problems, capture_duplicate, …, retransmission[:timeout|fast|…], …`.
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
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::track::finding::{Certainty, ResetCause};

    #[test]
    fn what_is_shown_can_be_typed() {
        let causes: usize = Kind::ALL.iter().map(|kind| kind.causes().count()).sum();
        assert_eq!(Criterion::all().count(), 1 + Kind::ALL.len() + causes);
        for criterion in Criterion::all() {
            assert_eq!(criterion.to_string().parse(), Ok(criterion));
            assert_eq!(criterion.to_string().replace('_', "-").parse(), Ok(criterion));
        }
    }

    #[test]
    fn what_names_nothing_is_answered_with_all_that_does() {
        for typed in ["", "problem", "retransmission:refused", "reset:", "problems:all", "zero_window:x", ":"]
        {
            assert_eq!(typed.parse::<Criterion>(), Err(Unknown), "{typed}");
        }
        let list = Unknown.to_string();
        assert!(Kind::ALL.iter().all(|kind| list.contains(kind.name())));
        assert!(list.contains("reset[:refused|") && list.contains("|forged]"), "{list}");
    }

    #[test]
    fn a_cause_is_part_of_its_kind_and_perhaps_a_problem() {
        let mut findings = Findings::default();
        let reset = |cause| Finding::Reset { cause, certainty: Certainty::Certain };
        let all = [reset(ResetCause::Ignored), reset(ResetCause::Aborted), Finding::PathMtu { mtu: None }];
        (1..).zip(all).for_each(|(frame, finding)| findings.insert(frame, finding));
        for (typed, count) in
            [("reset", 2), ("reset:aborted", 1), ("reset:idle", 0), ("problems", 2), ("path_mtu", 1)]
        {
            let criterion: Criterion = typed.parse().unwrap();
            assert_eq!(criterion.count(&findings), count, "{typed}");
            assert_eq!(all.iter().filter(|one| criterion.has(one)).count() as u64, count, "{typed}");
        }
    }
}
