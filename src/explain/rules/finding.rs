//! What went wrong, one finding a statement.

use crate::track::event::Event;
use crate::track::finding::{Finding, ResetCause as Cause};

use super::draft::Draft;
use crate::explain::statement::Statement;

/// The findings of an event, the capture's doing first.
pub(super) fn findings<'e>(event: &'e Event<'e>, draft: &mut Draft<'e>) {
    for finding in event.findings.iter().filter(|finding| !is_told(finding)) {
        let of_peer = matches!(finding, Finding::ProvedSpurious { .. } | Finding::SackOutside { .. });
        let count = if of_peer { draft.acked } else { draft.sent };
        draft.add(Statement::Finding { finding: *finding, count });
        if matches!(finding, Finding::CaptureDuplicate { .. }) {
            return draft.close();
        }
    }
}

/// Whether the statement about every RST says it already, with the states and the port at hand.
fn is_told(finding: &Finding) -> bool {
    match finding {
        Finding::Reset { cause, .. } => !matches!(
            cause,
            Cause::Forged { .. } | Cause::GaveUp { .. } | Cause::Idle { .. } | Cause::UnreadData
        ),
        _ => false,
    }
}
