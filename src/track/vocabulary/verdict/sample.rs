//! Verdicts for tests of what is made of them.

use super::super::finding::Certainty;
use super::super::flow::Side;
use super::{Lack, Party, Reason, Verdict};

/// What slowed a connection down for `nanos`.
pub(crate) fn slow(nanos: i64) -> Verdict {
    let reason = Reason::ZeroWindow { receiver: Side::Server, times: 2, probes: 3, opened: true };
    Verdict::new(reason, Party::Server, Certainty::Certain).lasted(Some(nanos))
}

/// What cut a connection off.
pub(crate) fn cut_off() -> Verdict {
    let reason = Reason::PathMtuBlackHole {
        sender: Side::Client,
        lost: Some(1448),
        arrived: 17,
        octets: 14_480,
        times: 5,
    };
    Verdict::new(reason, Party::Path, Certainty::Likely)
}

/// What the capture lacks.
pub(crate) fn lacking() -> Verdict {
    let reason = Reason::Capture { lacks: Lack::Direction { heard: Side::Client } };
    Verdict::new(reason, Party::Capture, Certainty::Certain)
}
