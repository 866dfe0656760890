//! The books of a connection: when they are opened, and what is entered.

use super::Connection;
use crate::track::books::{Books, Opener};
use crate::track::evidence::{self, Case, Prior};
use crate::track::finding::Finding;
use crate::track::flow::Side;
use crate::track::label::Labels;
use crate::track::measured::Answered;
use crate::track::step::{Step, Taken};
use crate::track::time_spent::Standing;
use crate::wire::frame::{FrameInfo, Timestamp};
use crate::wire::options::Said;
use crate::wire::segment::Segment;

impl Connection {
    /// Opens the books where the segment about to be taken is worth it, and enters the one that went before.
    pub(super) fn open_books(&mut self, segment: &Segment<'_>, said: &Said<'_>, first: bool) {
        if self.books.is_some() {
            return;
        }
        let lone = segment.payload_len == 0 && (segment.flags.syn() || segment.flags.rst());
        if first && lone {
            self.opener = Opener { flags: segment.flags, tsval: said.tsval() };
            return;
        }
        let halves = [&self.client, &self.server];
        // In their place: books are large.
        let books = self.books.insert(Books::default());
        if self.detailed {
            books.take_details();
        }
        books.enter_first(halves, self.opener, self.first_frame, self.start.get());
    }

    /// The books of a connection that has none: only its first segment stands in them.
    pub(super) fn first_books(&self) -> Books {
        let mut books = Books::default();
        if self.detailed {
            books.take_details();
        }
        let halves = [&self.client, &self.server];
        books.enter_first(halves, self.opener, self.first_frame, self.start.get());
        books
    }

    /// How things stand before the next segment.
    pub(super) fn standing(&self) -> Option<Standing> {
        let books = self.books.as_ref()?;
        Some(books.spent.standing([&self.client, &self.server], self.has_ended(), books.closed()))
    }

    /// Nanoseconds from the latest time seen to `now`, none where that lies before it. With those of the life until then
    /// they are not more than the largest number.
    #[inline]
    pub(super) fn gone_by(&self, now: Option<Timestamp>) -> Option<i64> {
        let (now, latest) = now.zip(self.latest.get())?;
        Some(now.nanos_since(latest).clamp(0, i64::MAX - self.life()))
    }

    /// Enters a segment that was taken, and the time before it. What its acknowledgement told.
    pub(super) fn follow(
        &mut self,
        segment: &Segment<'_>,
        from: Side,
        frame: FrameInfo,
        (labels, said, taken): (Labels, Said<'_>, Taken),
        (standing, duplicate): (Option<Standing>, bool),
        (prior, found): (Prior, &mut Vec<Finding>),
    ) -> Answered {
        let (own, peer) = match from {
            Side::Client => (&self.client, &self.server),
            Side::Server => (&self.server, &self.client),
        };
        let initial_rtt = self.initial_rtt();
        let gone_by = self.gone_by(frame.time);
        let Some(books) = &mut self.books else { return Answered::default() };
        let probed = books.on(from).trouble.as_ref().and_then(|trouble| trouble.probe_at);
        let step = Step { segment, frame, labels, said, taken, probed, own, peer };
        if let Some(standing) = standing
            && let Some(nanos) = gone_by
        {
            let (spent, trips) = books.spent(from.peer());
            spent.pass(standing, nanos, &step, from, || trips.min());
        }
        for (anew, side) in [(taken.anew.0, from), (taken.anew.1, from.peer())] {
            if anew {
                books.of(side).0.begin_anew();
                books.spent(side).0.begin_anew(side);
            }
        }
        if duplicate {
            return Answered::default();
        }
        let (own_book, peer_book) = books.of(from);
        if let Some(octets) = taken.octets {
            let habits = &self.habits[from as usize];
            let case = Case { step: &step, from, prior, habits, octets, initial_rtt };
            evidence::judge(&case, own_book, peer_book, found);
        }
        let answered = own_book.acknowledges(peer_book, &step);
        own_book.sends(&step);
        answered
    }
}

#[cfg(test)]
mod tests;
