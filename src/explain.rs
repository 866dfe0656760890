//! An event in one plain sentence, with its RFC section.
//!
//! The sentence says why a segment was sent and what it did to whom, from the numbers at hand. What matters most
//! comes first, and nothing is said that the labels and numbers do not show.

pub mod duration;
mod number;
mod rules;
#[cfg(test)]
pub(crate) mod sample;
mod words;

use std::fmt::{self, Write as _};

use crate::track::event::Event;

use self::rules::draft::Prose;
use self::rules::{acknowledgement, closing, data, opening, reset, window};
use self::words::en::finding;
pub use self::words::en::finding::finding;

/// What there is to say, the weightiest first. The first two that have something to say about a segment say it.
const TOPICS: [fn(&Event<'_>, &mut Prose<'_, '_>) -> fmt::Result; 11] = [
    finding::findings,
    reset::reset,
    opening::doubtful,
    opening::handshake,
    closing::teardown,
    window::probes,
    data::missing,
    data::data,
    acknowledgement::acknowledgement,
    data::urgent,
    data::congestion,
];

/// Explains an event: one sentence or two, each with the section that justifies it. Sequence numbers are those
/// on the wire where `absolute` asks for them, else they count from the ISN.
pub fn explain<'e>(event: &'e Event<'e>, absolute: bool) -> Explanation<'e> {
    Explanation { event, absolute, ascii: true }
}

/// An event in words, made when it is shown: `Acknowledges all before 13: … [RFC 9293 3.4].`
#[derive(Clone, Copy, Debug)]
pub struct Explanation<'e> {
    event: &'e Event<'e>,
    absolute: bool,
    ascii: bool,
}

impl Explanation<'_> {
    /// Writes `us` where the unit is `µs`, as it does unless told otherwise.
    #[must_use]
    pub fn ascii(self, ascii: bool) -> Self {
        Self { ascii, ..self }
    }
}

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ascii {
            return write!(Ascii(f), "{}", self.ascii(false));
        }
        let mut prose = Prose::new(f, self.event, self.absolute);
        for topic in TOPICS {
            topic(self.event, &mut prose)?;
        }
        prose.or_else(self.event)
    }
}

/// Writes `u` for `µ`, all that sentences hold beyond ASCII.
struct Ascii<'p, 'f>(&'p mut fmt::Formatter<'f>);

impl fmt::Write for Ascii<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for (before, part) in text.split('µ').enumerate() {
            if before > 0 {
                self.0.write_str("u")?;
            }
            self.0.write_str(part)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
