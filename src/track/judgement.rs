//! What a connection came to: verdicts, from its report and what was measured for them.
//!
//! Each file judges one concern, and proposes verdicts; `rank` orders them. A verdict is proposed only where all of its
//! conditions were tested; conditions stand as a numbered list above their rule. The verdicts of one connection use what
//! this connection shows; what others show is added by the room `diagnosis`.

mod opening;
mod rank;
mod rate;

use crate::track::measure::congestion::Senders;
use crate::track::vocabulary::report::Report;
use crate::track::vocabulary::verdict::{Verdict, Verdicts};
use crate::wire::frame::Timestamp;

/// What a connection is judged by.
#[derive(Clone, Copy, Debug)]
pub(in crate::track) struct Course<'c> {
    /// The report, in which nothing of the verdicts stands yet.
    pub(in crate::track) report: &'c Report,
    /// The time up to which the capture shows that nothing more came: that of its last frame, or the time now, in a live
    /// capture. Not before the connection's latest segment; `None` where the capture gives no time.
    pub(in crate::track) until: Option<Timestamp>,
    /// What held back an end that sent more than an initial window.
    pub(in crate::track) senders: Option<&'c Senders>,
}

impl Course<'_> {
    /// Nanoseconds without a segment, from the latest one to where the capture ends.
    pub(in crate::track) fn silence(&self) -> i64 {
        self.until.zip(self.report.end).map_or(0, |(until, end)| until.nanos_since(end).max(0))
    }

    /// Nanoseconds from the first segment to the latest.
    pub(in crate::track) fn duration(&self) -> i64 {
        self.report.end.zip(self.report.start).map_or(0, |(end, start)| end.nanos_since(start).max(0))
    }
}

/// Judges a connection.
pub(in crate::track) fn judge(course: &Course<'_>) -> Verdicts {
    let mut verdicts: Vec<Verdict> = Vec::new();
    opening::judge(course, &mut verdicts);
    rate::judge(course, &mut verdicts);
    rank::rank(&mut verdicts);
    Verdicts::new(verdicts)
}
