//! What the receiver holds beyond the acknowledgement number, or got twice (RFC 2018, RFC 2883).

use std::fmt::{self, Write as _};

use crate::track::event::Event;
use crate::wire::options::Value;
use crate::wire::seq::SeqNumber;

use super::draft::Prose;

/// Selective acknowledgements.
pub(super) fn sack(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    let (Some(relative), Some(ack)) = (event.relative_ack, event.segment.ack()) else { return Ok(()) };
    for option in event.segment.options.iter() {
        let Value::Sack(blocks) = option.value else { continue };
        let octets = |(left, right): (SeqNumber, SeqNumber)| {
            let first = relative.saturating_add(i64::from(left.distance(ack)));
            prose.acked.octets(first, u64::try_from(right.distance(left)).unwrap_or_default())
        };
        // The first block may report octets that came twice: below the acknowledgement number, or within the
        // second block.
        let mut rest = blocks.iter().peekable();
        let Some(first) = rest.next() else { continue };
        let within = |outer: (SeqNumber, SeqNumber)| !first.0.before(outer.0) && !first.1.after(outer.1);
        let twice = !first.1.after(ack) || rest.peek().copied().is_some_and(within);
        let mut held = String::new();
        let behind = if twice { None } else { Some(first) };
        for (n, block) in behind.into_iter().chain(rest).enumerate() {
            write!(held, "{}{}", if n == 0 { "" } else { ", " }, octets(block))?;
        }
        let first = octets(first);
        return match (twice, held.is_empty()) {
            (true, true) => prose.say(format_args!("SACK says that {first} came twice"), "RFC 2883 4"),
            (true, false) => prose.say(
                format_args!(
                    "SACK says that {first} came twice, and what has arrived behind the gap: {held}"
                ),
                "RFC 2883 4",
            ),
            (false, _) => {
                prose.say(format_args!("SACK says what has arrived behind the gap: {held}"), "RFC 2018 3")
            }
        };
    }
    Ok(())
}
