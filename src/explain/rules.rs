//! The statements about an event: rules that look at labels, marks, findings and states, and know no language.

mod acknowledgement;
mod closing;
mod data;
mod draft;
mod finding;
mod opening;
mod reset;
mod window;

use crate::track::event::Event;

use self::draft::Draft;
use super::statement::Statement;

/// Statements that an event may have.
const MOST: usize = 2;

/// A rule, or several on one topic.
type Topic = for<'e> fn(&'e Event<'e>, &mut Draft<'e>);

/// All topics, the weightiest first. The first statements that they find are those that count.
const TOPICS: [Topic; 13] = [
    finding::findings,
    data::damaged,
    reset::reset,
    opening::doubtful,
    opening::handshake,
    closing::teardown,
    window::probes,
    data::phase,
    data::missing,
    data::data,
    acknowledgement::acknowledgement,
    data::urgent,
    data::congestion,
];

/// The statements about an event: one or two. Sequence numbers are those on the wire where `absolute` asks for them,
/// else they count from the ISN.
pub fn statements<'e>(event: &'e Event<'e>, absolute: bool) -> Statements<'e> {
    let mut draft = Draft::new(event, absolute);
    for topic in TOPICS {
        topic(event, &mut draft);
        if draft.is_full() {
            return draft.finish();
        }
    }
    if draft.is_empty() {
        acknowledgement::nothing_new(event, &mut draft);
    }
    draft.finish()
}

/// The statements about an event, the weightiest first: one or two.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Statements<'e> {
    said: [Option<Statement<'e>>; MOST],
    /// Places that are taken, or may not be taken any more.
    len: usize,
}

impl<'e> Statements<'e> {
    /// Each statement.
    pub fn iter(&self) -> impl Iterator<Item = &Statement<'e>> {
        self.said.iter().flatten()
    }
}
